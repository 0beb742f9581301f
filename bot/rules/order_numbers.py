"""Order numbers as people write them. A number that is not an order's hides the order it is about: rather none."""

import re

from bot.rules.quoted_history import is_within, quoted_spans
from bot.rules.standing_numbers import standing_numbers
from bot.rules.words import Word, Wording

_ORDER_NUMBER = r"(?:[A-Za-z]{1,6}[-_/]?)?\d{3,12}(?:[-/]\d{1,8}){0,2}(?![\w])"
_DASHED = r"\d{1,6}-\d{2,8}(?![\w-])|\d{3,6}-[A-Za-z](?![\w-])"
_SHORT_DASHED = re.compile(r"\d{1,2}-\d{1,2}")
_LABELLED = re.compile(
    rf"(?P<label>[\s.:#=(]*(?:(?:nr|no|num|nummer|nummeret|numret|number|id|ref|er|is|är|med|with|was|var)\b[\s.:#=]*){{0,3}})"
    rf"(?P<number>{_DASHED}|{_ORDER_NUMBER})",
    re.IGNORECASE,
)
_NEXT = re.compile(
    rf"[ ]?(?:,|og|and|och|und|ja|&|samt|\+|/)[ ]?#?(?P<number>{_ORDER_NUMBER})", re.IGNORECASE
)
_HASHED = re.compile(rf"(?<![\w&#/])#[ ]?(?P<number>{_ORDER_NUMBER})")
_DATE = re.compile(r"\d{1,2}[-/]\d{1,2}[-/]\d{2,4}|\d{4}[-/]\d{1,2}[-/]\d{1,2}")
_YEAR = re.compile(r"(?:19|20)\d\d")
_NO_NUMBER = re.compile(
    r"[ \u00a0]?(?:[,:.]-|%|€|\$|£|(?:kr|kron\w{0,4}|dkk|nok|sek|eur|euro\w{0,3}|usd|gbp|pct|procent|prosent|percent)"
    r"(?![^\W\d_]))",
    re.IGNORECASE,
)
_MOST = 30
Span = tuple[int, int]


def read_order_numbers(wording: Wording, order_words: frozenset[str]) -> tuple[tuple[str, int, int], ...]:
    """Number, start and end of each, in the text's order, none twice.

    After a word for order or after a #, also in quoted history. What stands there without such a word counts in
    the customer's own words only, and where it can hardly be anything else.
    """
    text = wording.text
    spans = _named(wording, order_words)
    history = quoted_spans(text)
    spans += [
        (start, end)
        for start, end in standing_numbers(wording, bare=not spans)
        if _may_be_one(text, start, end) and not is_within(start, history)
    ]
    found: dict[str, tuple[str, int, int]] = {}
    for start, end in sorted(spans):
        found.setdefault(text[start:end], (text[start:end], start, end))
    return tuple(found.values())[:_MOST]


def labelled_numbers(wording: Wording, order_words: frozenset[str]) -> frozenset[str]:
    """Those of them that stand after a word for order or a #: the customer says that they are one."""
    return frozenset(wording.text[start:end] for start, end in _named(wording, order_words))


def _named(wording: Wording, order_words: frozenset[str]) -> list[Span]:
    text = wording.text
    spans: list[Span] = []
    for sentence in wording.sentences:
        for word in sentence.words:
            if _names_an_order(word, order_words):
                spans += _labelled(text, word.end)
    spans += [match.span("number") for match in _HASHED.finditer(text)]
    return [span for span in spans if _may_be_one(text, *span)]


#: "orderbekräftelse", "Bestellbestätigung", "tilausvahvistus": words that begin like one for order. Folded.
_BEGINNINGS = (
    "orderbekr",
    "ordrebekr",
    "ordrebekraef",
    "bestellbest",
    "auftragsbest",
    "tilausvahv",
    "tilausnum",
)


def _names_an_order(word: Word, order_words: frozenset[str]) -> bool:
    return word.folded in order_words or word.folded.startswith(_BEGINNINGS)


def _may_be_one(text: str, start: int, end: int) -> bool:
    return not (_NO_NUMBER.match(text, end) or _DATE.fullmatch(text[start:end]))


def _labelled(text: str, position: int) -> list[Span]:
    match = _LABELLED.match(text, position)
    if match is None or _SHORT_DASHED.fullmatch(match["number"]):
        return []
    if _YEAR.fullmatch(match["number"]) and not match["label"].strip():
        return []
    spans = [match.span("number")]
    following = _NEXT.match(text, match.end())
    while following is not None and len(spans) < _MOST:
        spans.append(following.span("number"))
        following = _NEXT.match(text, following.end())
    return spans
