"""The way through a tree of parts: which text is the sender's own, which is spare, and what is a file.

Order of trust for text: the plain part; the HTML where the plain part is blank or only says that the mail is in
HTML. Caps: 4 MB of one part are decoded as text, 200 files are named.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass, field

from bot.mail import charsets, transfer
from bot.mail.content_types import UNNAMED, file_name, read_content_type
from bot.mail.defects import Defect, Defects
from bot.mail.fields import Fields
from bot.mail.parts import Part
from bot.mail.texts import MAX_PART_BYTES, part_text, plain_lines
from bot.mail.tnef import read_tnef

MAX_FILES_NAMED = 200
#: Only for machines to read; shown where nothing else can be.
MACHINE_TEXT = frozenset(
    {"message/delivery-status", "message/disposition-notification", "message/feedback-report"}
)

_STUB = re.compile(r"\bhtml\b", re.IGNORECASE)
_STUB_CHARS = 300
_READABLE = frozenset({"text/plain", "text/html", "text/enriched", "text/richtext", "text/rtf"})
_ENCRYPTED = frozenset({"multipart/encrypted", "application/pkcs7-mime", "application/x-pkcs7-mime"})
_TNEF = frozenset({"application/ms-tnef", "application/vnd.ms-tnef"})
_TNEF_NAME = "winmail.dat"
_BYTES = "application/octet-stream"
#: Files that may be the text itself, sent under a type that does not say so.
_TEXT_ENDINGS = {".txt": "text/plain", ".rtf": "text/rtf", ".htm": "text/html", ".html": "text/html"}
_TEXT_TYPES = {
    "application/rtf": "text/rtf",
    "application/xhtml+xml": "text/html",
    "application/ics": "text/calendar",
}
_IGNORED = frozenset({"text/x-amp-html", "text/watch-html"})
_PREFERENCE = {"text/plain": 0, "text/html": 2, "text/enriched": 3, "text/calendar": 5}
_SHOWN_FIELDS = (("From", "from"), ("To", "to"), ("Date", "date"), ("Subject", "subject"))


@dataclass(frozen=True, slots=True)
class FoundFile:
    """A file as the mail names it. `size_bytes` is an estimate where it is a part that is not decoded yet."""

    name: str
    type: str
    size_bytes: int
    source: Part | bytes = field(repr=False)

    def content(self) -> bytes:
        """What is in it, decoded anew each time."""
        return self.source.octets(Defects()) if isinstance(self.source, Part) else self.source


@dataclass(slots=True)
class Body:
    """What was read. `own` is the sender's text, `enclosed` what stood in nested mails and inline files."""

    own: list[str] = field(default_factory=list)
    enclosed: list[str] = field(default_factory=list)
    #: Parts whose text is used only where nothing else can be read.
    spare: list[Part] = field(default_factory=list)
    preamble: str = ""

    @property
    def own_text(self) -> str:
        return _joined(self.own)

    @property
    def text(self) -> str:
        return _joined([*self.own, *self.enclosed])


def _joined(texts: list[str]) -> str:
    return "\n\n".join(text for text in texts if text.strip())


class Walk:
    """Goes through a tree once; it is no deeper than `parts.MAX_DEPTH`, so plain recursion is safe."""

    def __init__(self, defects: Defects) -> None:
        self._defects = defects
        #: In the order in which they stand in the mail.
        self.files: list[FoundFile] = []

    def read(self, part: Part, body: Body, want_text: bool = True) -> None:
        """Put the part's words into `body`, and its files behind those that were found before."""
        kind = part.content.type
        if kind in _ENCRYPTED:
            self._defects.add(Defect.ENCRYPTED)
        if part.is_message and part.children:
            self._enclosed(part, body, want_text)
        elif kind == "multipart/alternative":
            self._alternative(part, body, want_text)
        elif part.children:
            for child in part.children:
                self.read(child, body, want_text)
        else:
            self._leaf(part, body, want_text)
        self._around(part, body)

    def _around(self, part: Part, body: Body) -> None:
        """Text outside the boundaries: the end is read, the beginning is kept in case nothing else is
        there.
        """
        if part.epilogue.strip():
            self._defects.add(Defect.TEXT_AFTER_END)
            body.enclosed.append(plain_lines(charsets.decode(part.epilogue[:MAX_PART_BYTES])[0]).strip())
        if not body.preamble and part.preamble.strip():
            body.preamble = plain_lines(charsets.decode(part.preamble[:MAX_PART_BYTES])[0]).strip()

    def _enclosed(self, part: Part, body: Body, want_text: bool) -> None:
        if part.content.disposition == "attachment" or part.content.name:
            self._attach(part, body)
        mail = part.children[0]
        inner = Body()
        self.read(mail, inner, want_text)
        head = "\n".join(
            f"{label}: {mail.fields.text(name)}" for label, name in _SHOWN_FIELDS if name in mail.fields
        )
        if want_text:
            body.enclosed.append(_joined([head, inner.text]))
        body.spare.extend(inner.spare)

    def _alternative(self, part: Part, body: Body, want_text: bool) -> None:
        """One of the texts, all of the files."""
        chosen: Body | None = None
        for child in sorted(part.children, key=lambda child: _PREFERENCE.get(child.content.type, 1)):
            version = Body()
            self.read(child, version, want_text and (chosen is None or _is_stub(chosen.own_text)))
            body.spare.extend(version.spare)
            body.preamble = body.preamble or version.preamble
            if not version.text.strip():
                if child.content.type == "text/plain" and want_text:
                    self._defects.add(Defect.PLAIN_PART_EMPTY)
            elif chosen is None or len(version.own_text) > len(chosen.own_text):
                chosen = version
        if chosen is not None:
            body.own.extend(chosen.own)
            body.enclosed.extend(chosen.enclosed)

    def _leaf(self, part: Part, body: Body, want_text: bool) -> None:
        content = part.content
        if content.type in _IGNORED:
            return
        if content.type in MACHINE_TEXT:
            body.spare.append(part)
        elif content.type == "text/rfc822-headers":
            if want_text:
                body.enclosed.append(part_text(part, self._defects))
        elif content.type not in _READABLE and content.main != "text":
            self._attach(part, body)
            if kind := _text_type(part):
                body.spare.append(_as_text(kind, part.fields, part.body))
        elif _is_file(part, body):
            self._attach(part, body)
            if content.disposition == "inline" and content.type == "text/plain" and want_text:
                body.enclosed.append(part_text(part, self._defects))
            elif content.main == "text":
                body.spare.append(part)
        elif want_text:
            text, files = transfer.cut_uuencoded(part_text(part, self._defects))
            body.own.append(text)
            self._unpacked((file_name(name), octets) for name, octets in files)

    def _attach(self, part: Part, body: Body) -> None:
        content = part.content
        is_tnef = content.type in _TNEF
        if is_tnef or content.name.lower() == _TNEF_NAME:
            self._defects.add(Defect.TNEF)
            if self._unwrapped(part, body):
                return
        unnamed = f"{UNNAMED}.eml" if content.main == "message" else UNNAMED
        size = transfer.encoded_size(part.body, part.fields.raw("content-transfer-encoding"))
        self._name(FoundFile(content.name or (_TNEF_NAME if is_tnef else unnamed), content.type, size, part))

    def _unwrapped(self, part: Part, body: Body) -> bool:
        """Whether the files inside could be named in the place of winmail.dat; its text is kept in case of need."""
        wrapped = read_tnef(part.octets(self._defects))
        if wrapped.text:
            body.spare.append(_as_text(wrapped.kind, Fields(), wrapped.text.encode("utf-8", "replace")))
        self._unpacked(wrapped.files)
        return bool(wrapped.files)

    def _unpacked(self, files: Iterable[tuple[str, bytes]]) -> None:
        for name, octets in files:
            self._name(FoundFile(name or UNNAMED, _BYTES, len(octets), octets))

    def _name(self, file: FoundFile) -> None:
        if len(self.files) < MAX_FILES_NAMED:
            self.files.append(file)


def _is_stub(text: str) -> bool:
    """A plain part that only says that the mail is in HTML."""
    return len(text) <= _STUB_CHARS and _STUB.search(text) is not None


def _is_file(part: Part, body: Body) -> bool:
    content = part.content
    if content.disposition == "attachment" or content.type == "text/calendar":
        return True
    return bool(content.name) and (bool(body.own_text) or content.type not in _READABLE)


def _text_type(part: Part) -> str:
    """What a file would be as text, judged by its type and its name; empty where it is no text."""
    kind, name = part.content.type, part.content.name.lower()
    if kind in (_BYTES, "application/download", "application/x-unknown"):
        return next((text for ending, text in _TEXT_ENDINGS.items() if name.endswith(ending)), "")
    if part.content.main == "message" and not name:
        return "text/plain"
    return _TEXT_TYPES.get(kind, "")


def _as_text(kind: str, fields: Fields, octets: bytes) -> Part:
    """These octets as a part of a textual type, with the transfer encoding that they have."""
    kept = [item for item in fields.items if item[0] != "content-type"]
    charset = "" if kept or kind == "text/rtf" else "; charset=utf-8"
    told = Fields((("content-type", f"{kind}{charset}".encode()), *kept))
    return Part(told, read_content_type(told, kind), octets)
