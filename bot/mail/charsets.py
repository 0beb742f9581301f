"""Bytes -> text. Declared charset first, then UTF-8, then what the bytes look like, then Windows-1252.

`decode` never raises and never returns a lone surrogate or a NUL.
"""

import codecs
import re

from charset_normalizer import from_bytes

from bot.mail.defects import Defect

#: Only so much is shown to the detector; it is slow, and a person's mail shows its charset early.
DETECT_BYTES = 4096

#: Python codecs that are not charsets, or that run over escapes; a mail may not choose them.
_NOT_CHARSETS = frozenset(
    {"unicode_escape", "raw_unicode_escape", "idna", "punycode", "undefined", "mbcs", "oem"}
)
_LATIN = frozenset({"ascii", "iso8859-1", "cp1252"})
#: Bytes above 0x7f that Nordic, German and English text in Windows-1252 is made of.
_NORDIC_BYTES = frozenset("æøåÆØÅäöÄÖüÜßéÉèàáíóúñçÇêëôðþÐÞ§°´¨·½«»’‘“”„–—…€£".encode("cp1252"))
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
    high = {byte for byte in raw[:DETECT_BYTES] if byte > 0x7F}
    if high <= _NORDIC_BYTES:
        return _windows(raw)
    best = from_bytes(raw[:DETECT_BYTES]).best()
    if best is not None and (text := _strict(raw, best.encoding)) is not None:
        return text
    return _windows(raw)


def _clean(text: str) -> str:
    return _CONTROLS.sub("", text) if _CONTROLS.search(text) else text
