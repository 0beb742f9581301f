"""The rarer forms of text in mail -> plain text: format=flowed, enriched, calendar. Pure;
never raises.
"""

import re

_QUOTE = re.compile(r"(>*)( ?)(.*)", re.DOTALL)
_ENRICHED_PARAMETER = re.compile(r"<param>[^<]{0,1000}</param>", re.IGNORECASE)
_ENRICHED_TAG = re.compile(r"</?[A-Za-z-]{1,60}>")
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
