"""The writer's own sentences of a text, folded for matching, with the way back to the original offsets.

Quoted lines, quotations inside a sentence and everything after a signature separator belong to somebody else
or to nobody, and are left out.
"""

import re
import unicodedata
from bisect import bisect_right
from collections.abc import Iterator
from dataclasses import dataclass

#: Only this many characters are looked at. A support mail has 500 to 2,000.
MAX_CHARACTERS = 20_000

_INVISIBLE = "\u00ad\u200b\u200c\u200d\u2060\ufeff"
_WORD = re.compile(rf"[^\W_][\w\u0300-\u036f{_INVISIBLE}]*(?:[-'’][^\W_][\w\u0300-\u036f{_INVISIBLE}]*)*")
_FOLDS = str.maketrans(
    {
        "å": "aa", "æ": "ae", "ø": "oe", "ä": "ae", "ö": "oe", "é": "e", "è": "e", "ê": "e", "ò": "o",
        "ó": "o", "ü": "u", "’": "'", "_": None, **dict.fromkeys(_INVISIBLE),
    }
)  # fmt: skip

_QUOTED_LINE = re.compile(r"^[ \t]*(?:>|&gt;)[^\n]*", re.MULTILINE)
_SIGNATURE = re.compile(r"^--[ \t]*$", re.MULTILINE)
_FORWARDED = re.compile(
    r"^[ \t]*[-_]{3,}[ \t]*(?:original message|oprindelig (?:meddelelse|besked)|opprinnelig melding"
    r"|opphavleg melding|ursprungligt meddelande)",
    re.MULTILINE | re.IGNORECASE,
)
#: Four words or more between quotation marks are somebody else's; fewer are emphasis.
_QUOTATION = re.compile(r"(?<![^\s(])[\"“”„«»](?=\S)[^\"“”„«»]{4,400}[\"“”„«»]")

_END = re.compile(r"(?<![.!?…])[.!?…]++[\"”“»')\]]*+(?=\s|$)|\n[ \t]*+(?=\n|[-*•·][ \t]|\d{1,2}[.)][ \t])")
_GREETING = re.compile(
    r"\s*+(?:hej|hejsa|hei|heisann|hallo|halla|hi|hello|dear|kære|kjære|käre|kära|bästa|god\s?dag|goddag|god\smorgen"
    r"|god\smorgon|good\s(?:morning|afternoon))\b[^\n,.!?:]{0,40}(?:[,.!:–]|\s-\s|\n|$)",
    re.IGNORECASE,
)
_ABBREVIATION = re.compile(
    r"(?:^|[\s(])(?:kl|ca|nr|evt|ev|inkl|ekskl|exkl|f\.?\s?eks|t\.?\s?ex|bl\.\s?a|dvs|d\.v\.s|pga|mht|ift|tlf|vedr|ang"
    r"|e\.g|i\.e|mr|mrs|ms|dr|st|no|mvh|m\.v\.h|jf|iht|i\.h\.t|fx|o\.l|m\.m|resp|st\.k|min|max|obs|\d{1,2})\.$",
    re.IGNORECASE,
)
#: Right before a quotation: the customer's words, which may be as few as they like.
_CUSTOMER_SAYS = re.compile(
    r"\b(?:du|i|ni|de|dere|you)\s+(?:\w+\s+){0,2}?(?:skriver|skrev|skriv|skreiv|siger|sagde|sier|seier|säger|sade|sa"
    r"|nævner|nevner|nämner|write|wrote|say|said|mention|mentioned|quote|quoted)\b[^.!?\n\"“”„«»]{0,25}$"
    r"|\b(?:skriver|skrev|skriv|skreiv|siger|sier|seier|säger|nævner|nevner|nämner)\s+(?:du|i|ni|de|dere)\b"
    r"[^.!?\n\"“”„«»]{0,25}$",
    re.IGNORECASE,
)


def fold(word: str) -> str:
    """One spelling for all: lower case, ’ as ', å as aa, æ and ä as ae, ø and ö as oe, no invisible marks."""
    return unicodedata.normalize("NFC", word).casefold().translate(_FOLDS)


@dataclass(frozen=True, slots=True)
class Sentence:
    """One sentence. `words` holds its folded words, each with one space before it.

    `start` and `end` are code points into the original text, without the white space around the sentence.
    """

    start: int
    end: int
    words: str
    is_question: bool
    #: For every word: where it begins in `words`, and where it stands in the original text.
    _begins: tuple[int, ...]
    _places: tuple[tuple[int, int], ...]

    def place(self, start: int, end: int) -> tuple[int, int]:
        """Where the words from `start` up to `end` in `words` stand in the original text."""
        first = bisect_right(self._begins, start) - 1
        last = bisect_right(self._begins, end - 1) - 1
        return self._places[max(first, 0)][0], self._places[max(last, 0)][1]


def sentences(text: str) -> tuple[Sentence, ...]:
    """The writer's own sentences in the first `MAX_CHARACTERS` characters of `text`, in their order."""
    own = _own_words(text[:MAX_CHARACTERS])
    found = (_sentence(own, start, end) for start, end in _bounds(own))
    return tuple(sentence for sentence in found if sentence.words)


def _own_words(text: str) -> str:
    """`text` with everything that is not the writer's own blanked out; the length stays the same."""
    for separator in (_SIGNATURE, _FORWARDED):
        if end := separator.search(text):
            text = text[: end.start()] + "\n" * (len(text) - end.start())
    text = _QUOTED_LINE.sub(lambda line: "\n" * len(line.group()), text)
    return _QUOTATION.sub(_blank_long_quotation, text)


def _blank_long_quotation(quotation: re.Match[str]) -> str:
    quoted = quotation.group()
    if _CUSTOMER_SAYS.search(quotation.string[max(0, quotation.start() - 70) : quotation.start()]):
        return " " * len(quoted)
    alone = len(quoted) + 20 > len(quotation.string.strip())
    return quoted if alone or len(_WORD.findall(quoted)) < 4 else " " * len(quoted)


def _bounds(text: str) -> Iterator[tuple[int, int]]:
    start = 0
    if greeting := _GREETING.match(text):
        yield 0, greeting.end()
        start = greeting.end()
    for end in _END.finditer(text, start):
        tail = text[max(start, end.start() - 12) : end.start() + 1]
        if text[end.start()] == "." and _ABBREVIATION.search(tail) and not _new_start(text, end.end()):
            continue
        yield start, end.end()
        start = end.end()
    yield start, len(text)


def _new_start(text: str, position: int) -> bool:
    """Whether what follows begins like a sentence: a capital letter after the white space."""
    return text[position : position + 4].lstrip()[:1].isupper()


def _sentence(text: str, start: int, end: int) -> Sentence:
    words: list[str] = []
    begins: list[int] = []
    places: list[tuple[int, int]] = []
    length = 0
    for match in _WORD.finditer(text, start, end):
        word = fold(match.group())
        if not word:
            continue
        begins.append(length)
        places.append(match.span())
        words.append(" " + word)
        length += len(word) + 1
    body = text[start:end]
    begin = start + len(body) - len(body.lstrip())
    finish = start + len(body.rstrip())
    is_question = body.rstrip(" \t\r\n\"”“»')]").endswith(("?", "?!"))
    return Sentence(begin, max(begin, finish), "".join(words), is_question, tuple(begins), tuple(places))
