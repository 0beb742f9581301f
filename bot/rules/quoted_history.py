"""What of a message somebody else wrote before: lines quoted with ">" and the mail below its header. Pure, linear."""

import re
from bisect import bisect_right
from collections.abc import Sequence

_SEPARATOR = re.compile(
    r"-{2,}\s*(?:original|ursprun|ursprün|opprinnelig|oprindelig|alkuperäinen|vidare|forwarded|videre|weiter)",
    re.IGNORECASE,
)
_WROTE = re.compile(
    r".{0,160}\b(?:wrote|skrev|skreiv|schrieb|kirjoitti)\b.{0,80}:\s*$|.{0,200}<[^<>\s]{3,80}>\s*:\s*$",
    re.IGNORECASE,
)
_FIRST_PERSON = re.compile(r"\b(?:jeg|jag|eg|ich|minä|wir|vi|I)\b")
_FROM = re.compile(r"[*_ ]{0,3}(?:fra|frå|från|von|from|lähettäjä)\s?:", re.IGNORECASE)
_FIELD = re.compile(
    r"[*_ ]{0,3}(?:sendt|sent|skickat|gesendet|lähetetty|dato|datum|date|päivä|til|till|to|an|vastaanottaja)\s?:",
    re.IGNORECASE,
)
_LONGEST_HEADER_LINE = 240
Spans = Sequence[tuple[int, int]]


def quoted_spans(text: str) -> tuple[tuple[int, int], ...]:
    """Start and end of what is quoted, in order, none overlapping. An answer below the quoted lines is not."""
    lines = text.split("\n")
    spans: list[tuple[int, int]] = []
    position = 0
    for index, line in enumerate(lines):
        if line.lstrip().startswith(">"):
            spans.append((position, position + len(line)))
        elif _opens_history(lines, index):
            return (*spans, (position, len(text)))
        position += len(line) + 1
    return tuple(spans)


def is_within(position: int, spans: Spans) -> bool:
    """Whether a position lies in one of the spans, which are in order."""
    index = bisect_right(spans, (position, 1 << 60)) - 1
    return index >= 0 and spans[index][0] <= position < spans[index][1]


def _opens_history(lines: Sequence[str], index: int) -> bool:
    """A separator, or a header with the mail below it unmarked. Below a header, ">" marks what is quoted."""
    line = lines[index]
    if len(line) > _LONGEST_HEADER_LINE:
        return False
    if _SEPARATOR.match(line.strip()):
        return True
    following = [each for each in lines[index + 1 : index + 5] if each.strip()]
    if not following or any(each.lstrip().startswith(">") for each in following):
        return False
    if _FROM.match(line):
        return _FIELD.match(following[0]) is not None
    dated = any(character.isdigit() for character in line)
    return dated and _WROTE.match(line) is not None and _FIRST_PERSON.search(line) is None
