"""The rarer forms of text in mail -> plain text: format=flowed, enriched, RTF, calendar. Pure;
never raises.
"""

import re

_QUOTE = re.compile(r"(>*)( ?)(.*)", re.DOTALL)
_ENRICHED_PARAMETER = re.compile(r"<param>[^<]{0,1000}</param>", re.IGNORECASE)
_ENRICHED_TAG = re.compile(r"</?[A-Za-z-]{1,60}>")
_RTF_TOKEN = re.compile(
    r"\\'([0-9a-fA-F]{2})|\\u(-?\d{1,6}) ?\??|\\([a-zA-Z]{1,32})(-?\d{1,10})? ?|\\(.)|([{}])|([^\\{}]+)",
    re.DOTALL,
)
_RTF_SILENT = frozenset(
    [
        "fonttbl",
        "colortbl",
        "stylesheet",
        "info",
        "pict",
        "header",
        "footer",
        "object",
        "themedata",
        "latentstyles",
        "datastore",
        "generator",
    ]
)
_CALENDAR_LABELS = ("SUMMARY", "DTSTART", "DTEND", "LOCATION", "ORGANIZER", "DESCRIPTION")
_CALENDAR_ESCAPE = re.compile(r"\\([nN,;\\])")


def unflow(text: str, delete_space: bool) -> str:
    """RFC 3676: soft line breaks joined, each quote depth by itself, stuffed spaces removed."""
    # A line is kept in pieces: a long one would be copied again for each.
    out: list[list[str]] = []
    joinable, depth = False, -1
    for line in text.split("\n"):
        found = _QUOTE.match(line)
        marks, words = (found[1], found[3]) if found else ("", line)
        soft = words.endswith(" ") and words != "-- "
        if joinable and len(marks) == depth and words != "-- ":
            out[-1].append(words[:-1] if soft and delete_space else words)
        else:
            prefix = marks + " " if marks else ""
            out.append([prefix, words[:-1] if soft and delete_space else words])
        joinable, depth = soft, len(marks)
    return "\n".join(map("".join, out))


def enriched_text(text: str) -> str:
    """text/enriched and text/richtext without their commands."""
    text = _ENRICHED_TAG.sub("", _ENRICHED_PARAMETER.sub("", text)).replace("<<", "<")
    return re.sub(r"\n(\n*)", lambda found: found[1] or " ", text)


def rtf_text(text: str) -> str:
    """The words of a Rich Text document; tables, pictures and fonts are left out."""
    out: list[str] = []
    depth, silent = 0, 0
    for token in _RTF_TOKEN.finditer(text):
        octet, unicode, word, _, symbol, brace, words = token.groups()
        if brace:
            depth += 1 if brace == "{" else -1
            silent = 0 if depth < silent else silent
        elif word in _RTF_SILENT or symbol == "*":
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
            out.append(words.replace("\n", ""))
    return "".join(out).encode("utf-8", "replace").decode().strip()


def calendar_text(text: str) -> str:
    """What an invitation says, a line each, in the words of the file: summary, times, place, organiser,
    description.
    """
    found: dict[str, str] = {}
    for line in re.sub(r"\n[ \t]", "", text).split("\n"):
        name, _, value = line.partition(":")
        key = name.partition(";")[0].strip().upper()
        if key in _CALENDAR_LABELS and value.strip():
            found.setdefault(key, _CALENDAR_ESCAPE.sub(_calendar_character, value.strip()))
    return "\n".join(_calendar_line(key, found[key]) for key in _CALENDAR_LABELS if key in found)


def _calendar_character(escape: re.Match[str]) -> str:
    return "\n" if escape[1] in "nN" else escape[1]


def _calendar_line(key: str, value: str) -> str:
    if key in ("DTSTART", "DTEND") and (stamp := re.match(r"(\d{4})(\d\d)(\d\d)(?:T(\d\d)(\d\d))?", value)):
        year, month, day, hour, minute = stamp.groups()
        return f"{year}-{month}-{day}" + (f" {hour}:{minute}" if hour else "")
    return re.sub(r"^mailto:", "", value, flags=re.IGNORECASE)
