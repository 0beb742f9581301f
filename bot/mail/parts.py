"""Raw bytes -> a tree of parts, split here and not by the standard library.

The standard parser recurses without end on nested mail and needs seconds for a few megabytes of it; this one
is bounded: 24 levels, 1,000 parts, 40 MB. What lies deeper is kept as readable raw text, with a defect.
"""

import re
from dataclasses import dataclass

from bot.errors import MalformedMessage
from bot.mail import charsets, transfer
from bot.mail.content_types import ContentType, read_content_type
from bot.mail.defects import Defect, Defects
from bot.mail.fields import Fields, split_fields

MAX_RAW_BYTES = 40 * 1024 * 1024
MAX_DEPTH = 24
MAX_PARTS = 1_000

_MESSAGE_TYPES = frozenset({"message/rfc822", "message/global", "message/news", "message/partial"})
_GUESSED_BOUNDARY = re.compile(rb"(?:^|\n)--([^\s-][^\n]{0,199}|-[^\n]{1,199})\n(?=[A-Za-z-]{1,60}:|\n)")
#: Names of headers are ASCII, so every mail in UTF-16 shows it here.
_HEADER_START_BYTES = 400
_MBOX = re.compile(rb">?From [^\n]*\n")


@dataclass(frozen=True, slots=True)
class Part:
    """A part, or the whole mail. `body` is as it stood, before its transfer encoding is undone.

    A multipart has its parts as `children`, a nested mail has one child: that mail.
    """

    fields: Fields
    content: ContentType
    body: bytes
    children: tuple["Part", ...] = ()
    preamble: bytes = b""
    epilogue: bytes = b""

    def octets(self, defects: Defects) -> bytes:
        """The body with its transfer encoding undone; as it stood where that cannot be done."""
        octets = transfer.decode(self.body, self.fields.raw("content-transfer-encoding"))
        if octets is None:
            defects.add(Defect.TRANSFER_ENCODING_BROKEN)
            return self.body
        return octets

    @property
    def is_message(self) -> bool:
        return self.content.type in _MESSAGE_TYPES


def read_parts(raw: bytes, defects: Defects) -> Part:
    """The mail as a tree. Raises MalformedMessage only where there is nothing but white space."""
    text = _normal_bytes(raw, defects)
    if not text.strip():
        raise MalformedMessage("the mail is empty")
    return _Splitter(defects).part(text, "text/plain", 0)


def _normal_bytes(raw: bytes, defects: Defects) -> bytes:
    """One byte per character, LF line ends, starting at the first header."""
    if len(raw) > MAX_RAW_BYTES:
        defects.add(Defect.RAW_CUT)
        raw = raw[:MAX_RAW_BYTES]
    raw = _from_utf16(raw, defects)
    raw = raw.replace(b"\r\r\n", b"\n").replace(b"\r\n", b"\n")
    if b"\n" not in raw:
        raw = raw.replace(b"\r", b"\n")
    for _ in range(3):
        stripped = raw.lstrip(b"\r\n")
        if len(stripped) < len(raw):
            defects.add(Defect.LEADING_BLANK_LINES)
        mbox = _MBOX.match(stripped)
        if mbox:
            defects.add(Defect.MBOX_LINE)
        raw = stripped[mbox.end() :] if mbox else stripped
    return raw


def _from_utf16(raw: bytes, defects: Defects) -> bytes:
    codec = charsets.utf16_codec(raw[:_HEADER_START_BYTES])
    if not codec:
        # Two stray bytes, or a mark that UTF-8 has no use for: they would hide the first header.
        return raw.removeprefix(b"\xff\xfe").removeprefix(b"\xfe\xff").removeprefix(b"\xef\xbb\xbf")
    defects.add(Defect.UTF16_MAIL)
    return raw.decode(codec, "replace").encode("utf-8", "replace")


class _Splitter:
    """Carries what one mail may still spend."""

    def __init__(self, defects: Defects) -> None:
        self._defects = defects
        self._left = MAX_PARTS

    def part(self, block: bytes, default: str, depth: int) -> Part:
        self._left -= 1
        fields, body = split_fields(block, self._defects)
        content = read_content_type(fields, default)
        multipart = content.main == "multipart"
        if not multipart and content.type not in _MESSAGE_TYPES:
            return Part(fields, content, body)
        if depth >= MAX_DEPTH:
            self._defects.add(Defect.NESTED_TOO_DEEP)
            return Part(fields, read_content_type(Fields(), "text/plain"), body)
        if multipart:
            return self._multipart(fields, content, body, depth)
        octets = transfer.decode(body, fields.raw("content-transfer-encoding"))
        inner = (body if octets is None else octets).replace(b"\r\n", b"\n").lstrip(b"\n")
        return Part(fields, content, body, (self.part(inner, "text/plain", depth + 1),))

    def _multipart(self, fields: Fields, content: ContentType, body: bytes, depth: int) -> Part:
        pieces = _pieces(body, content.boundary.encode("utf-8", "replace")) if content.boundary else []
        if len(pieces) < 2:
            self._defects.add(Defect.BOUNDARY_MISSING)
            guess = _GUESSED_BOUNDARY.search(body)
            pieces = _pieces(body, guess[1].rstrip()) if guess else []
        if len(pieces) < 2:
            return Part(fields, read_content_type(Fields(), "text/plain"), body)
        preamble, *blocks, last = pieces
        closed = last is not None
        if not closed:
            self._defects.add(Defect.BOUNDARY_NOT_CLOSED)
        default = "message/rfc822" if content.type == "multipart/digest" else "text/plain"
        children = []
        for block in blocks:
            if self._left <= 0:
                self._defects.add(Defect.TOO_MANY_PARTS)
                break
            children.append(self.part(block or b"", default, depth + 1))
        return Part(fields, content, b"", tuple(children), preamble or b"", last or b"")


def _pieces(body: bytes, boundary: bytes) -> list[bytes | None]:
    """Preamble, the parts, and what follows the end; the last is None where the end is missing.

    An empty list where the boundary never comes.
    """
    delimiter = b"\n--" + boundary
    subject = b"\n" + body
    pieces: list[bytes | None] = []
    start, position = 0, subject.find(delimiter)
    while position >= 0 and len(pieces) <= MAX_PARTS + 1:
        after = position + len(delimiter)
        end = subject.find(b"\n", after)
        end = len(subject) if end < 0 else end
        tail = subject[after : min(end, after + 80)].strip()
        if tail in (b"", b"--"):
            pieces.append(
                subject[start:position].removeprefix(b"\n") if start == 0 else subject[start:position]
            )
            start = end + 1
            if tail:
                return [*pieces, subject[start:]]
        position = subject.find(delimiter, after if tail else end)
    return [*pieces, subject[start:], None] if pieces else []
