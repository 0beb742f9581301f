"""Bytes -> text. Declared charset first, then UTF-8, then what the bytes look like, then Windows-1252.

Only the charsets that our customers' languages are written in are guessed: a stray byte makes no Arabic of a mail.

`decode` never raises and never returns a lone surrogate or a NUL.
"""

import codecs
import re

from bot.mail.defects import Defect

#: Only so much is looked at: a person's mail shows its charset early.
DETECT_BYTES = 4096

#: Python codecs that are not charsets, or that run over escapes; a mail may not choose them.
_NOT_CHARSETS = frozenset(
    {"unicode_escape", "raw_unicode_escape", "idna", "punycode", "undefined", "mbcs", "oem"}
)
_LATIN = frozenset({"ascii", "iso8859-1", "cp1252"})
#: The Western and Nordic charsets a text may be guessed to be in, as its bytes do not say.
_GUESSED = ("cp1252", "cp850", "cp865", "mac_roman", "iso8859_10", "iso8859_15")
_LETTERS = frozenset("æøåäöüßéèáíóúÆØÅÄÖÜÉ")
_SIGNS = frozenset("’‘“”„–—…€£§°·«»\xa0\xad")
_STRAY = re.compile("[\udc80-\udcff]")
_CONTROLS = re.compile("[\x00-\x08\x0b\x0e-\x1f\x7f\ufeff\ud800-\udfff]")


def decode(raw: bytes, declared: str = "") -> tuple[str, Defect | None]:
    """The text, and what had to be guessed: nothing, the charset was unknown, wrong, or not declared at
    all.
    """
    codec = _codec(declared)
    defect = Defect.CHARSET_UNKNOWN if declared and codec is None else None
    if raw.isascii() and (codec is None or codec == "utf-8" or _is_western(codec)):
        return _clean(_seven_bit(raw)), defect
    if codec is not None and not _is_western(codec):
        text = _strict(raw, codec)
        if text is not None:
            return _clean(text), None
        defect = Defect.CHARSET_WRONG
    text = _strict(raw, "utf-8")
    if text is not None:
        return _clean(text), defect or (Defect.CHARSET_WRONG if codec and codec != "utf-8" else None)
    if codec is not None and codec not in _LATIN and (text := _strict(raw, codec)) is not None:
        return _clean(text), defect
    if codec in _LATIN:
        return _clean(_windows(raw)), Defect.CHARSET_WRONG if codec == "ascii" else None
    return _clean(_guess(raw)), defect or Defect.CHARSET_GUESSED


def _is_western(codec: str) -> bool:
    """One byte a letter, every byte allowed: text that is valid UTF-8 is hardly ever meant in these."""
    return codec in _LATIN or codec.startswith(
        ("iso8859", "cp125", "cp850", "cp858", "cp865", "cp437", "mac")
    )


def _codec(declared: str) -> str | None:
    """Python's name for a declared charset, or None where there is no such charset."""
    name = declared.strip().strip("\"'<>;,").lower().partition("*")[0]
    for candidate in (name, name.replace("cp-", "cp"), name.replace("_", "-"), name.partition(";")[0]):
        if not candidate or not candidate.isascii() or "\0" in candidate:
            continue
        try:
            found = codecs.lookup(candidate)
        except (LookupError, ValueError):
            continue
        # codecs.CodecInfo tells text encodings from rot13, base64 and the like only by this attribute.
        if getattr(found, "_is_text_encoding", True) and found.name.replace("-", "_") not in _NOT_CHARSETS:
            return found.name
    return None


def _seven_bit(raw: bytes) -> str:
    if b"\x1b$" in raw or b"\x1b(" in raw:
        return _strict(raw, "iso2022_jp_2") or raw.decode("ascii")
    return raw.decode("ascii")


def _strict(raw: bytes, codec: str) -> str | None:
    try:
        return raw.decode(codec)
    except (UnicodeError, ValueError, LookupError):
        return None


def _windows(raw: bytes) -> str:
    """Windows-1252 as browsers read it: its five holes become the control characters of Latin-1."""
    text = _strict(raw, "cp1252")
    return text if text is not None else raw.decode("latin-1")


def _guess(raw: bytes) -> str:
    text = _utf16(raw)
    if text is None:
        text = _mostly_utf8(raw)
    return _by_likeness(raw) if text is None else text


def _mostly_utf8(raw: bytes) -> str | None:
    """UTF-8 with a few stray bytes in it, each read as Windows-1252; None where it is not that."""
    text = raw.decode("utf-8", "surrogateescape")
    strays = len(_STRAY.findall(text[:DETECT_BYTES]))
    letters = sum(character > "\x7f" for character in text[:DETECT_BYTES]) - strays
    if letters * 4 <= strays:
        # By chance a text in another charset has hardly a pair of bytes that is a letter in UTF-8.
        return None
    return _STRAY.sub(lambda stray: bytes([ord(stray[0]) - 0xDC00]).decode("cp1252", "replace"), text)


def _by_likeness(raw: bytes) -> str:
    start = raw[:DETECT_BYTES]
    best = max(_GUESSED, key=lambda codec: _likeness(start.decode(codec, "replace")))
    text = _strict(raw, best) if _likeness(start.decode(best, "replace")) > 0 else None
    return _windows(raw) if text is None else text


def _likeness(text: str) -> int:
    """How much of what is not ASCII are the letters of our customers' languages, standing in words."""
    points = 0
    for before, character, after in zip(" " + text, text, text[1:] + " ", strict=False):
        if character < "\x80":
            continue
        in_word = before.isalpha() or after.isalpha()
        # A capital behind a small letter is hardly a word.
        is_odd = character.isupper() and before.islower()
        points += 2 if character in _LETTERS and in_word and not is_odd else 0 if character in _SIGNS else -2
    return points


def _utf16(raw: bytes) -> str | None:
    codec = utf16_codec(raw[:DETECT_BYTES])
    return _strict(raw[: len(raw) // 2 * 2], codec) if codec else None


def utf16_codec(start: bytes) -> str:
    """Where a byte order mark and many noughts, or every other byte being nought, say so; else empty."""
    # Without noughts these two bytes are only strays: read in pairs, what follows them would be Chinese.
    if start[:2] in (b"\xff\xfe", b"\xfe\xff") and start.count(0) * 4 >= len(start) - 2:
        return "utf-16"
    if len(start) > 8 and start[1::2].count(0) > len(start) * 0.45:
        return "utf-16-le"
    if len(start) > 8 and start[0::2].count(0) > len(start) * 0.45:
        return "utf-16-be"
    return ""


def _clean(text: str) -> str:
    return _CONTROLS.sub("", text) if _CONTROLS.search(text) else text
