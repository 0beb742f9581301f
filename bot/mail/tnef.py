"""winmail.dat (TNEF, what Outlook wraps a mail in) -> its text and the files inside. Pure; never raises.

The library's own decoding of MAPI properties raises, and counts up to any number that the file names; so only its
objects are read here, and their properties by a bounded walk. Caps: 40 MB, 2,000 objects, 2,000 properties of an
object, 4 MB of text, 500,000 octets of unpacked Rich Text.
"""

import struct
from collections.abc import Iterator
from dataclasses import dataclass

from tnefparse.tnef import TNEF, TNEFObject

from bot.mail import charsets
from bot.mail.content_types import file_name
from bot.mail.rich_text import decompressed

MAX_OBJECTS = 2_000
MAX_PROPERTIES = 2_000
MAX_TEXT_BYTES = 4 * 1024 * 1024
MAX_RICH_TEXT_BYTES = 500_000

_BODY, _BODY_HTML, _RTF_COMPRESSED = 0x1000, 0x1013, 0x1009
_LONG_NAME, _INTERNET_CODEPAGE, _MESSAGE_CODEPAGE = 0x3707, 0x3FDE, 0x3FFD
_STRING, _UNICODE = 0x1E, 0x1F
_COUNTED = frozenset({_STRING, _UNICODE, 0x0D, 0x102})
#: How many bytes a value of each type takes, filled up to four.
_WIDTHS = {0x02: 4, 0x03: 4, 0x04: 4, 0x05: 8, 0x06: 8, 0x07: 8, 0x0A: 4, 0x0B: 4, 0x14: 8, 0x40: 8, 0x48: 16}
_SEVERAL, _NAMED = 0x1000, 0x8000


@dataclass(frozen=True, slots=True)
class Wrapped:
    """What a winmail.dat holds: the first text that it has, of this type, and its files by name and content."""

    kind: str
    text: str
    files: tuple[tuple[str, bytes], ...]


def read_tnef(octets: bytes) -> Wrapped:
    """Empty where it is no TNEF, or broken from the start; what stands before a break is kept."""
    bodies: dict[str, str] = {}
    files: list[tuple[str, bytes]] = []
    name, content, codec = "", None, ""
    for found in _objects(octets):
        data = bytes(found.data)
        if found.name == TNEF.ATTOEMCODEPAGE:
            codec = _codec(data)
        elif found.name == TNEF.ATTBODY:
            bodies.setdefault("plain", _string(data, codec))
        elif found.name == TNEF.ATTMAPIPROPS:
            _read_bodies(data, codec, bodies)
        elif found.name == TNEF.ATTATTACHRENDDATA:
            files += [(name, content)] if content is not None else []
            name, content = "", None
        elif found.name == TNEF.ATTATTACHTITLE:
            name = name or file_name(_string(data, codec))
        elif found.name == TNEF.ATTATTACHDATA:
            content = data
        elif found.name == TNEF.ATTATTACHMENT:
            name = _long_name(data, codec) or name
    files += [(name, content)] if content is not None else []
    kind = next((kind for kind in ("plain", "html", "rtf") if bodies.get(kind, "").strip()), "")
    return Wrapped(kind and f"text/{kind}", bodies.get(kind, ""), tuple(files))


def _objects(octets: bytes) -> Iterator[TNEFObject]:
    """The objects of a TNEF stream, without copying what follows each."""
    if len(octets) < 6 or int.from_bytes(octets[:4], "little") != TNEF.TNEF_SIGNATURE:
        return
    rest = memoryview(octets)[6:]
    for _ in range(MAX_OBJECTS):
        if len(rest) < TNEF.MIN_OBJ_SIZE:
            return
        try:
            found = TNEFObject(rest)
        except (struct.error, ValueError, IndexError, TypeError):
            return
        yield found
        rest = rest[found.length :]


def _read_bodies(data: bytes, codec: str, bodies: dict[str, str]) -> None:
    values = {tag: (kind, value) for tag, kind, value in _properties(data)}
    page = values.get(_INTERNET_CODEPAGE) or values.get(_MESSAGE_CODEPAGE)
    codec = (_codec(page[1]) if page else "") or codec
    if _BODY in values:
        kind, value = values[_BODY]
        bodies["plain"] = _string(value, codec, kind == _UNICODE)
    if _BODY_HTML in values:
        kind, value = values[_BODY_HTML]
        bodies["html"] = _string(value, codec, kind == _UNICODE)
    if _RTF_COMPRESSED in values:
        bodies["rtf"] = decompressed(values[_RTF_COMPRESSED][1], MAX_RICH_TEXT_BYTES).decode("latin-1")


def _properties(data: bytes) -> Iterator[tuple[int, int, bytes]]:
    """Tag, type and first value of each MAPI property, to the first that cannot be read."""
    try:
        count, position = _number(data, 0), 4
        for _ in range(min(count, MAX_PROPERTIES)):
            kind, tag = struct.unpack_from("<HH", data, position)
            position = _after_name(data, position + 4) if tag >= _NAMED else position + 4
            several, kind = bool(kind & _SEVERAL), kind & ~_SEVERAL
            if several or kind in _COUNTED:
                values = _number(data, position)
                position += 4
            else:
                values = 1
            value, position = _values(data, position, kind, values)
            yield tag, kind, value
    except (struct.error, KeyError):
        return


def _after_name(data: bytes, position: int) -> int:
    """Where a named property's value begins: behind its GUID, and its number or its name."""
    is_text = _number(data, position + 16)
    length = _number(data, position + 20) if is_text else 0
    return position + 24 + length + -length % 4


def _number(data: bytes, position: int) -> int:
    """Four bytes. Raises struct.error behind the end."""
    if position + 4 > len(data):
        raise struct.error("the properties end too early")
    return int.from_bytes(data[position : position + 4], "little")


def _values(data: bytes, position: int, kind: int, count: int) -> tuple[bytes, int]:
    """The first of some values, and where they end. Raises KeyError for a type that is not known."""
    first = b""
    for number in range(min(count, MAX_PROPERTIES)):
        if kind in _COUNTED:
            length = _number(data, position)
            position += 4
        else:
            length = _WIDTHS[kind]
        if number == 0:
            first = data[position : position + min(length, MAX_TEXT_BYTES)]
        position += length + -length % 4
    return first, position


def _long_name(data: bytes, codec: str) -> str:
    for tag, kind, value in _properties(data):
        if tag == _LONG_NAME:
            return file_name(_string(value, codec, kind == _UNICODE))
    return ""


def _codec(data: bytes) -> str:
    """The charset behind a Windows code page's number; empty where it is none."""
    number = int.from_bytes(data[:4], "little")
    return {65001: "utf-8", 20127: "us-ascii", 28591: "iso-8859-1", 1200: "utf-16-le", 0: ""}.get(
        number, f"cp{number}"
    )


def _string(data: bytes, codec: str, is_unicode: bool = False) -> str:
    if is_unicode:
        return data[: len(data) // 2 * 2].decode("utf-16-le", "replace").partition("\0")[0]
    return charsets.decode(data[:MAX_TEXT_BYTES].rstrip(b"\0"), codec)[0]
