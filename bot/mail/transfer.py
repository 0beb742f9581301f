"""Content-Transfer-Encoding undone, leniently. Nothing here raises; None means: this is not that encoding."""

import binascii
import re
from collections import deque

_NOT_BASE64 = re.compile(rb"[^A-Za-z0-9+/]+")
_UU_BEGIN = re.compile(r"begin [0-7]{3,4} ([^\n]{1,255})")


def decode(body: bytes, encoding: str) -> bytes | None:
    """The octets of a part; None where the body contradicts its declared encoding.

    Unknown encodings are none.
    """
    match encoding.strip().strip("\"'").lower():
        case "base64":
            return _base64_body(body)
        case "quoted-printable":
            return quoted_printable(body)
        case "x-uuencode" | "uuencode" | "x-uue" | "uue":
            return uu(body.decode("latin-1").split("\n"))
        case _:
            return body


def encoded_size(body: bytes, encoding: str) -> int:
    """How many octets `decode` would give, without decoding a large attachment."""
    if encoding.strip().lower() != "base64":
        octets = decode(body, encoding)
        return len(body if octets is None else octets)
    return len(body.translate(None, b"\r\n\t =")) * 3 // 4


def quoted_printable(body: bytes) -> bytes:
    return binascii.a2b_qp(body)


def base64(body: bytes) -> bytes | None:
    """One run of base64; foreign characters are skipped, a missing end is filled up."""
    clean = _NOT_BASE64.sub(b"", body.partition(b"=")[0])
    clean = clean[:-1] if len(clean) % 4 == 1 else clean
    try:
        return binascii.a2b_base64(clean + b"=" * (-len(clean) % 4))
    except binascii.Error:
        return None


def _base64_body(body: bytes) -> bytes | None:
    """Base64 lines, and whatever plain text a list or a scanner has put behind them."""
    encoded: list[bytes] = []
    lines = body.split(b"\n")
    for number, line in enumerate(lines):
        stripped = line.strip()
        if b" " in stripped or (_NOT_BASE64.search(stripped.rstrip(b"=")) and number):
            break
        encoded.append(stripped)
    else:
        number = len(lines)
    runs = b"".join(encoded)
    if not runs and body.strip():
        return None
    octets = base64(runs) if b"=" not in runs.rstrip(b"=") else _joined(encoded)
    rest = b"\n".join(lines[number:]).strip()
    return octets if octets is None or not rest else octets + b"\n" + rest


def _joined(lines: list[bytes]) -> bytes | None:
    """Some senders encode every line by itself, each with its own padding."""
    octets = [base64(line) for line in lines]
    return b"".join(octet for octet in octets if octet is not None) or None


def uu(lines: list[str]) -> bytes | None:
    """The octets of uuencoded lines, with or without begin and end; None where a line is no uuencode."""
    return _uu(lines, 0, len(lines))[0]


def _uu(lines: list[str], start: int, stop: int) -> tuple[bytes | None, int]:
    """As `uu`, of some of the lines; and the line that ended it."""
    out: list[bytes] = []
    for number in range(start, stop):
        line = lines[number]
        if line == "end" or line == "`":
            return b"".join(out), number
        if not line or _UU_BEGIN.fullmatch(line):
            continue
        try:
            out.append(binascii.a2b_uu(line.encode("latin-1", "replace")))
        except binascii.Error:
            return None, number
    return b"".join(out), stop


def cut_uuencoded(text: str) -> tuple[str, tuple[tuple[str, bytes], ...]]:
    """Text without the files that were uuencoded into it, and each file's name and content."""
    if "begin " not in text or "\nend" not in text:
        return text, ()
    lines, kept, files, position = text.split("\n"), [], [], 0
    ends = deque(number for number, line in enumerate(lines) if line.rstrip() == "end")
    # Up to here no file begins: one that began before has come to nothing, and another would end as that did.
    vain = 0
    while position < len(lines):
        found = _UU_BEGIN.fullmatch(lines[position].rstrip()) if position >= vain else None
        while ends and ends[0] <= position:
            ends.popleft()
        octets, stopped = _uu(lines, position + 1, ends[0]) if found and ends else (None, vain)
        if found and ends and octets:
            files.append((found[1], octets))
            position = ends[0] + 1
        else:
            vain = stopped
            kept.append(lines[position])
            position += 1
    return "\n".join(kept), tuple(files)
