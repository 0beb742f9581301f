"""What this sender newly wrote, without the earlier mails below it. Pure; linear in the length of the text.

Never empty where the text is not: where everything looks quoted, everything is given. Only the first 100,000
characters and 4,000 lines are looked at. Own lines between quoted ones stay. A quoted line too many is a
blemish, a lost word of the customer is a fault: where in doubt a line stays.
"""

import re
from functools import cache

from mailparser_reply import EmailReplyParser

from bot.mail import closings, quotes

MAX_REPLY_CHARS = 100_000
MAX_REPLY_LINES = 4_000
#: The library is for languages that `quotes` does not know, and it is not linear.
MAX_LIBRARY_CHARS = 8_000
MAX_SIGNATURE_LINES = 20

_LIBRARY_LANGUAGES = ("fr", "es", "it", "nl", "pl", "cs")
_LIBRARY_CUE = re.compile(
    r"^[> ]*(?:le |el |il |op |dnia |dne |(?:de|van|da|od)\s?:)[^\n]{0,300}$", re.IGNORECASE | re.MULTILINE
)
_BLANK_LINES = re.compile(r"\n{3,}")


def newly_written(text: str) -> str:
    """The reply in `text`; the whole text, stripped, where nothing of it would be left."""
    full = text.strip()
    lines = full[:MAX_REPLY_CHARS].replace("\xa0", " ").split("\n", MAX_REPLY_LINES)[:MAX_REPLY_LINES]
    read = _Lines([line.rstrip("\r") for line in lines])
    read.read()
    if read.answers_are_inside:
        return full
    reply = _tidy(closings.without_disclaimers(read.kept))
    if not read.found_quote and reply and _LIBRARY_CUE.search(reply[:MAX_LIBRARY_CHARS]):
        reply = _by_library(reply) or reply
    return reply or full


class _Lines:
    """The lines of one text, read once from top to bottom."""

    def __init__(self, lines: list[str]) -> None:
        self._lines = lines
        self._sizes: dict[int, int] = {}
        self.kept: list[str] = []
        self.found_quote = False
        #: Answers written into a quote that nothing marks: no line of it can be told from theirs.
        self.answers_are_inside = False

    def read(self) -> None:
        position: int | None = 0
        while position is not None and position < len(self._lines):
            position = self._step(position, self._lines[position])

    def _step(self, position: int, line: str) -> int | None:
        """Where to go on; None where everything from here on is quoted."""
        if size := self._introduction(position):
            self.found_quote = True
            _drop_rules(self.kept)
            # Where nothing marks the quoted lines below, all of them are quoted.
            if _quoted_next(self._lines, position + size):
                return position + size
            self.answers_are_inside = closings.announces_answers_below(self.kept)
            return None
        if _is_quoted(line):
            self.found_quote = True
        elif line.rstrip() == "--" and any(own.strip() for own in self.kept):
            return self._after_signature(position + 1)
        elif not closings.is_sent_from(line):
            self.kept.append(line)
        return position + 1

    def _introduction(self, position: int) -> int:
        """How many lines from here introduce a quote."""
        if position not in self._sizes:
            self._sizes[position] = _introduction(self._lines, position)
        return self._sizes[position]

    def _after_signature(self, position: int) -> int:
        """Where the signature ends: at a quote or at the end. A long one is none, and only its mark goes."""
        end = position
        while end < len(self._lines) and not _is_quoted(self._lines[end]) and not self._introduction(end):
            end += 1
            if end - position > MAX_SIGNATURE_LINES:
                return position
        return end


def _introduction(lines: list[str], position: int) -> int:
    line = lines[position]
    if not line.strip() or _is_quoted(line):
        return 0
    if quotes.is_separator(line):
        return 1
    size = quotes.wrote_lines(lines, position) or quotes.header_block_lines(lines, position)
    if not size and quotes.bare_wrote(line) and _quoted_next(lines, position + 1):
        size = 1
    return size


def _is_quoted(line: str) -> bool:
    return line.lstrip(" \t").startswith(">")


def _quoted_next(lines: list[str], position: int) -> bool:
    """Whether the next line that is not blank carries a quote mark."""
    while position < len(lines) and not lines[position].strip():
        position += 1
    return position < len(lines) and _is_quoted(lines[position])


def _drop_rules(kept: list[str]) -> None:
    """Mail programs draw a line above the header of the quoted mail."""
    while kept and (not kept[-1].strip() or quotes.is_rule(kept[-1])):
        kept.pop()


def _tidy(lines: list[str]) -> str:
    return _BLANK_LINES.sub("\n\n", "\n".join(line.rstrip() for line in lines)).strip()


@cache
def _library() -> EmailReplyParser:
    return EmailReplyParser(languages=list(_LIBRARY_LANGUAGES))


def _by_library(reply: str) -> str:
    """Cut at the first quote header of the other languages; its signatures and disclaimers lose own words."""
    found = _library().read(reply[:MAX_LIBRARY_CHARS]).replies
    first = found[0].content.strip() if len(found) > 1 else ""
    # The library finds its headers again by their text and sometimes cuts inside a line.
    return first if reply.startswith(first + "\n") else ""
