"""The header block of a mail or of a part: split, unfolded, still bytes. Never raises.

Caps: a block is read to 256 KiB and 2,000 fields, one value to 64 KiB. What is cut is named as a defect.
"""

import re
from dataclasses import dataclass

from bot.mail import charsets, transfer
from bot.mail.defects import Defect, Defects

MAX_BLOCK_BYTES = 256 * 1024
MAX_FIELDS = 2_000
MAX_VALUE_BYTES = 64 * 1024

_FIELD = re.compile(rb"([!-9;-~\x80-\xff]{1,200})[ \t]*:[ \t]*(.*)", re.DOTALL)
_ENCODED_WORD = re.compile(r"=\?([^?\s]{1,60})\?([bBqQ])\?([^?]{0,4096})\?=")
_BETWEEN_WORDS = re.compile(r"(\?=)\s+(?==\?)")
_SPACES = re.compile(r"[\s\x00-\x1f\x7f]+")
_COMMENT = re.compile(r"\([^()]*\)")
_NESTED_COMMENTS = 3


@dataclass(frozen=True, slots=True)
class Fields:
    """Header fields in their order: lower-case name, unfolded raw value."""

    items: tuple[tuple[str, bytes], ...] = ()

    def every(self, name: str) -> tuple[bytes, ...]:
        return tuple(value for field, value in self.items if field == name)

    def raw(self, name: str) -> str:
        """The first field of that name, 8-bit decoded, encoded words left as they are;
        empty where there is none.
        """
        for field, value in self.items:
            if field == name:
                return charsets.decode(value)[0]
        return ""

    def text(self, name: str) -> str:
        """The first field of that name as a person reads it, on one line."""
        return decode_words(self.raw(name))

    def __contains__(self, name: str) -> bool:
        return any(field == name for field, _ in self.items)


def split_fields(block: bytes, defects: Defects) -> tuple[Fields, bytes]:
    """The fields at the start of `block` (line ends are LF) and the body after them.

    A line that is no header ends the block, as if a blank line stood before it.
    """
    fields: list[list[bytes]] = []
    position, size, kept = 0, len(block), 0
    while position < size:
        end = block.find(b"\n", position)
        end = size if end < 0 else end
        line = block[position : min(end, position + MAX_VALUE_BYTES)]
        if not line:
            position = end + 1
            break
        if line[:1] in b" \t" and fields:
            fields[-1].append(line)
        elif _FIELD.match(line):
            fields.append([line])
        elif fields or not line.isspace():
            defects.add(Defect.HEADER_NOT_ENDED if fields else None)
            break
        if end - position > MAX_VALUE_BYTES:
            defects.add(Defect.HEADERS_CUT)
        position, kept = end + 1, kept + len(line)
        if kept > MAX_BLOCK_BYTES or len(fields) > MAX_FIELDS:
            defects.add(Defect.HEADERS_CUT)
            blank = block.find(b"\n\n", end)
            position = size if blank < 0 else blank + 2
            break
    return Fields(tuple(filter(None, map(_field, fields)))), block[position:]


def _field(lines: list[bytes]) -> tuple[str, bytes] | None:
    found = _FIELD.match(b" ".join(line.strip() for line in lines)[:MAX_VALUE_BYTES])
    return (found[1].decode("latin-1").lower(), found[2].strip()) if found else None


def decode_words(value: str) -> str:
    """RFC 2047 encoded words read, everything on one line. A word that cannot be read stays as it is."""
    if "=?" in value:
        value = _decode_runs(_BETWEEN_WORDS.sub(r"\1", value))
    return _SPACES.sub(" ", value).strip()


def _decode_runs(value: str) -> str:
    """Neighbours of one charset are decoded together: senders split a character over two words."""
    out: list[str] = []
    pending, charset, position = b"", "", 0
    for word in _ENCODED_WORD.finditer(value):
        octets = _word_octets(word[2], word[3])
        if pending and (octets is None or word.start() != position or word[1].lower() != charset):
            out.append(charsets.decode(pending, charset)[0])
            pending = b""
        out.append(value[position : word.start()])
        if octets is None:
            out.append(word[0])
        else:
            pending, charset = pending + octets, word[1].lower()
        position = word.end()
    if pending:
        out.append(charsets.decode(pending, charset)[0])
    return "".join([*out, value[position:]])


def without_comments(value: str) -> str:
    """The value without what stands in brackets, also brackets inside others to a few levels."""
    for _ in range(_NESTED_COMMENTS):
        value = _COMMENT.sub(" ", value)
    return value


def _word_octets(encoding: str, body: str) -> bytes | None:
    raw = body.encode("utf-8", "replace")
    if encoding in "qQ":
        return transfer.quoted_printable(raw.replace(b"_", b" "))
    return transfer.base64(raw)
