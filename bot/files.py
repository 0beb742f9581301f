"""A file from outside, looked at without trusting it: what its bytes say it is, a safe name, a picture drawn anew.

Nothing is ever executed, and nothing but Pillow opens anything. A type is read from the first bytes; what the mail
declared is kept beside it. SVG and HTML are never rendered: they can carry scripts.
"""

import re
import unicodedata
from enum import StrEnum

import filetype

from bot.mail.files import MailFile
from bot.masking import mask
from storage.files import NewFile

MAX_NAME_CHARS = 120
#: A longer "ending" is part of the name.
MAX_ENDING_CHARS = 16
UNKNOWN = "application/octet-stream"
SVG = "image/svg+xml"


class Kind(StrEnum):
    """What a file is to a person."""

    IMAGE = "image"
    PDF = "pdf"
    TEXT = "text"
    DOCUMENT = "document"
    ARCHIVE = "archive"
    PROGRAM = "program"
    #: HTML or SVG: may hold scripts.
    PAGE = "page"
    MAIL = "mail"
    CALENDAR = "calendar"
    MEDIA = "media"
    UNKNOWN = "unknown"


#: What an agent may send along.
SENDABLE = frozenset({Kind.IMAGE, Kind.PDF, Kind.TEXT, Kind.DOCUMENT})

_DEVICE = re.compile(r"(?:con|prn|aux|nul|com[0-9¹²³]|lpt[0-9¹²³])(?=[. ]|$)", re.IGNORECASE)
_RESERVED = re.compile(r'[<>:"|?*]')
_OFFICE = re.compile(r"(?:msword|vnd\.(?:ms-|openxmlformats|oasis)|rtf)")
_PROGRAM_TYPES = frozenset(
    {"application/x-msdownload", "application/x-executable", "application/wasm", "application/x-shellscript",
     "application/x-google-chrome-extension", "application/x-deb", "application/x-rpm", "application/dex",
     "application/dey", "application/x-nintendo-nes-rom", "application/x-java-applet", "application/x-mach-binary"}
)  # fmt: skip
_ARCHIVE_TYPES = frozenset(
    {"application/zip", "application/gzip", "application/x-tar", "application/x-bzip2", "application/x-xz",
     "application/x-7z-compressed", "application/x-rar-compressed", "application/x-lzip", "application/zstd",
     "application/x-compress", "application/vnd.ms-cab-compressed", "application/x-unix-archive",
     "application/x-lzop", "application/x-lz4"}
)  # fmt: skip
#: By ending: these are started by a double click, whatever their bytes say.
_PROGRAM_ENDINGS = frozenset(
    "exe com scr pif bat cmd ps1 psm1 vbs vbe js jse mjs wsf wsh hta msi msp msc jar lnk url reg cpl dll sys inf "
    "sh bash command app apk deb rpm dmg pkg iso img vhd vhdx docm dotm xlsm xltm xlam pptm potm ppam chm scf "
    "application gadget py pl rb php desktop".split()
)
#: What a name claims by its ending.
_CLAIMS: dict[str, Kind] = {
    **dict.fromkeys("jpg jpeg jpe png gif webp bmp tif tiff heic heif avif".split(), Kind.IMAGE),
    **dict.fromkeys("txt csv tsv log md".split(), Kind.TEXT),
    **dict.fromkeys("doc docx xls xlsx ppt pptx odt ods odp rtf".split(), Kind.DOCUMENT),
    **dict.fromkeys("zip rar 7z gz tgz tar bz2 xz cab".split(), Kind.ARCHIVE),
    **dict.fromkeys("mp3 wav ogg m4a flac mp4 mov avi mkv webm".split(), Kind.MEDIA),
    **dict.fromkeys("htm html xhtml svg".split(), Kind.PAGE),
    **dict.fromkeys(_PROGRAM_ENDINGS, Kind.PROGRAM),
    "pdf": Kind.PDF,
    "eml": Kind.MAIL,
    "ics": Kind.CALENDAR,
}
#: The ending a file gets where its name has none.
_ENDINGS = {
    "image/jpeg": ".jpg", "image/png": ".png", "image/gif": ".gif", "image/webp": ".webp", "image/bmp": ".bmp",
    "image/tiff": ".tif", "image/heic": ".heic", "application/pdf": ".pdf", "text/plain": ".txt",
    "message/rfc822": ".eml", "text/calendar": ".ics", "application/zip": ".zip",
}  # fmt: skip
_TEXT_CONTROLS = re.compile(rb"[\x00-\x08\x0e-\x1a\x1c-\x1f\x7f]")


def describe(file: MailFile) -> NewFile:
    """A file of a mail as it is kept; its preview comes later."""
    kind = sniff(file.content, file.type) if file.content else UNKNOWN
    return NewFile(
        name=mask(safe_name(file.name, kind)),
        declared_type=file.type,
        type=kind,
        content=file.content,
        size_bytes=file.size_bytes,
        left_out=file.left_out,
    )


def sniff(content: bytes, declared: str = "") -> str:
    """The type that the bytes themselves show; `application/octet-stream` where they show none.

    What was declared only tells apart kinds of plain text: an enclosed mail, a calendar.
    """
    start = content[:4096]
    if page := _page(start):
        return page
    if start.startswith(b"#!"):
        return "application/x-shellscript"
    if start[:4] in (b"\xca\xfe\xba\xbe", b"\xcf\xfa\xed\xfe", b"\xce\xfa\xed\xfe", b"\xfe\xed\xfa\xcf"):
        return "application/x-mach-binary"
    found = filetype.guess(content[:8192]) if content else None
    if found is None:
        return _plain(content, declared)
    return _pdf(content) if found.mime == "application/pdf" else str(found.mime)


def _page(start: bytes) -> str:
    """HTML and SVG, also behind a byte order mark, white space, comments and a declaration."""
    text = start.replace(b"\0", b"").lstrip(b"\xef\xbb\xbf\xff\xfe \t\r\n").lower()
    if not text.startswith(b"<"):
        return ""
    if b"<svg" in text:
        return SVG
    marks = (
        b"<!doctype html",
        b"<html",
        b"<head",
        b"<body",
        b"<script",
        b"<iframe",
        b"<?xml",
        b"<!--",
        b"<meta",
    )
    return "text/html" if any(mark in text for mark in marks) else ""


def _pdf(content: bytes) -> str:
    """A PDF; not one that is an archive as well, which would open as either."""
    return UNKNOWN if b"PK\x05\x06" in content[-66_000:] else "application/pdf"


def _plain(content: bytes, declared: str) -> str:
    """Text without control characters, in whatever charset; an empty file is nothing."""
    if not content or _TEXT_CONTROLS.search(content):
        return UNKNOWN
    if content.lstrip(b"\xef\xbb\xbf").lstrip()[:15].upper() == b"BEGIN:VCALENDAR":
        return "text/calendar"
    return "message/rfc822" if declared in ("message/rfc822", "message/global") else "text/plain"


def kind_of(name: str, type_: str) -> Kind:
    """What the file is to a person: by its bytes, and by an ending that a double click would start."""
    if type_ in _PROGRAM_TYPES or ending(name) in _PROGRAM_ENDINGS:
        return Kind.PROGRAM
    if type_ in (SVG, "text/html"):
        return Kind.PAGE
    known = {
        "application/pdf": Kind.PDF,
        "text/plain": Kind.TEXT,
        "text/calendar": Kind.CALENDAR,
        "message/rfc822": Kind.MAIL,
    }
    if type_ in known:
        return known[type_]
    if type_ in _ARCHIVE_TYPES:
        return Kind.ARCHIVE
    main, _, rest = type_.partition("/")
    if main == "image":
        return Kind.IMAGE
    if main in ("audio", "video"):
        return Kind.MEDIA
    return Kind.DOCUMENT if _OFFICE.search(rest) else Kind.UNKNOWN


def is_disguised(name: str, type_: str) -> bool:
    """Whether the name says another kind of file than the bytes do, such as a program called .jpg."""
    claimed, found = _CLAIMS.get(ending(name)), kind_of(name, type_)
    if claimed is None or claimed == found or found is Kind.UNKNOWN:
        return False
    # Old Word files, mails and calendars are often plain text; that deceives nobody.
    return not (found is Kind.TEXT and claimed in (Kind.DOCUMENT, Kind.MAIL, Kind.CALENDAR))


def ending(name: str) -> str:
    """`jpg` of kasse.JPG; empty where there is none."""
    stem, dot, last = name.rpartition(".")
    return last.lower() if stem and dot and len(last) < MAX_ENDING_CHARS else ""


def safe_name(name: str, type_: str = "") -> str:
    """A name to show and to store: no path, no invisible or turning characters, no device, its ending kept."""
    name = unicodedata.normalize("NFC", name[-20_000:].encode("utf-8", "replace").decode())
    name = "".join(_shown(each) for each in name).replace("\\", "/").rstrip("/ .").rpartition("/")[2]
    name = _RESERVED.sub("_", " ".join(name.split())).lstrip(". ").rstrip(". ")
    name = name or "file"
    if not ending(name):
        name += _ENDINGS.get(type_, "")
    if _DEVICE.match(name):
        name = f"_{name}"
    if len(name) <= MAX_NAME_CHARS:
        return name
    last = f".{name.rpartition('.')[2]}" if ending(name) else ""
    return name[: MAX_NAME_CHARS - len(last) - 1].rstrip(". ") + "…" + last


def _shown(character: str) -> str:
    """The character, a space for a line or paragraph end, or nothing for what cannot be seen."""
    category = unicodedata.category(character)
    if category in ("Zs", "Zl", "Zp") or character in "\t\n\r":
        return " "
    return "" if category.startswith("C") else character


def posted_name(file_id: int, name: str, type_: str) -> str:
    """The name under which a file goes to Slack: its number tells it from others, its ending is what it is."""
    last = _ENDINGS.get(type_, "")
    stem = name.rpartition(".")[0] if ending(name) else name
    return f"{stem[:80]}-{file_id}{last}"
