"""Rich Text -> its words, and the compression in which Outlook sends it. Pure; never raises.

Cap: as many octets as the caller allows are unpacked.
"""

import re

_TOKEN = re.compile(
    r"\\'([0-9a-fA-F]{2})|\\u(-?\d{1,6}) ?(?:\?|\\'[0-9a-fA-F]{2})?|\\([a-zA-Z]{1,32})(-?\d{1,10})? ?|\\(.)"
    r"|([{}])|([^\\{}]+)",
    re.DOTALL,
)
_SILENT = frozenset(
    "fonttbl colortbl stylesheet info pict header footer object themedata latentstyles datastore generator".split()
)
#: What every compressed text may refer back to before it has said anything.
_DICTIONARY = (
    b"{\\rtf1\\ansi\\mac\\deff0\\deftab720{\\fonttbl;}{\\f0\\fnil \\froman \\fswiss \\fmodern \\fscript \\fdecor "
    b"MS Sans SerifSymbolArialTimes New RomanCourier{\\colortbl\\red0\\green0\\blue0\r\n"
    b"\\par \\pard\\plain\\f0\\fs20\\b\\i\\u\\tab\\tx"
)
_WINDOW = 4096
_COMPRESSED, _STORED = b"LZFu", b"MELA"


def rtf_text(text: str) -> str:
    """The words of a Rich Text document; tables, pictures and fonts are left out."""
    out: list[str] = []
    depth, silent = 0, 0
    for token in _TOKEN.finditer(text):
        octet, unicode, word, _, symbol, brace, words = token.groups()
        if brace:
            depth += 1 if brace == "{" else -1
            silent = 0 if depth < silent else silent
        elif word in _SILENT or symbol == "*":
            silent = silent or depth
        elif silent:
            continue
        elif word in ("par", "line", "row"):
            out.append("\n")
        elif word in ("tab", "cell"):
            out.append(" ")
        elif octet:
            out.append(bytes([int(octet, 16)]).decode("cp1252", "replace"))
        elif unicode:
            out.append(chr(int(unicode) % 0x10000))
        elif symbol in ("~", "\\", "{", "}"):
            out.append(" " if symbol == "~" else symbol)
        elif words:
            out.append(words.replace("\n", "").replace("\r", ""))
    # Characters beyond the first plane come as two halves.
    return "".join(out).encode("utf-16", "surrogatepass").decode("utf-16", "replace").strip()


def decompressed(octets: bytes, limit: int) -> bytes:
    """The Rich Text inside, at most `limit` octets; nothing where it is not compressed the way Outlook does it."""
    kind, packed = octets[8:12], octets[16:]
    if kind == _STORED:
        return packed[:limit]
    return _unpacked(packed, limit) if kind == _COMPRESSED else b""


def _unpacked(packed: bytes, limit: int) -> bytes:
    window = bytearray(_DICTIONARY.ljust(_WINDOW, b"\0"))
    write, position, out = len(_DICTIONARY), 0, bytearray()
    while position < len(packed) and len(out) < limit:
        flags = packed[position]
        position += 1
        for bit in range(8):
            if not flags >> bit & 1:
                run = packed[position : position + 1]
                position += 1
            else:
                pair = packed[position : position + 2]
                position += 2
                run = _run(window, pair, write) if len(pair) == 2 else b""
            if not run:
                return bytes(out)
            for octet in run:
                window[write] = octet
                write = (write + 1) % _WINDOW
            out += run
    return bytes(out[:limit])


def _run(window: bytearray, pair: bytes, write: int) -> bytes:
    """The octets a reference stands for, which may run into what it is just writing; none at the end's mark."""
    start, length = int.from_bytes(pair, "big") >> 4, (pair[1] & 15) + 2
    if start == write:
        return b""
    run = bytearray()
    for number in range(length):
        place = (start + number) % _WINDOW
        ahead = (place - write) % _WINDOW
        run.append(run[ahead] if ahead < number else window[place])
    return bytes(run)
