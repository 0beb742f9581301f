"""Numbers that are money though no currency stands beside them: "for 599", "i stedet for 695", "279 + 279"."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from enum import IntEnum
from functools import lru_cache

from bot.rules import money_words as words
from bot.rules.words import bare, fold

_YEAR = re.compile(r"(?:19|20)\d\d")
_TIMES_BEFORE = re.compile(r"(?:^|[^\d])[2-9] ?[x×*] ?$", re.IGNORECASE)
_TIMES_AFTER = re.compile(r" ?[x×*] ?[2-9](?!\d)|, ?(?:og )?[x×*]2", re.IGNORECASE)
_CENTS = re.compile(r"[\d. \u00a0\u202f]*\d,\d\d")
_GROUPED = re.compile(r"[1-9]\d{0,2}(?:[ .\u00a0\u202f]\d{3})+")
_DIGITS_BEFORE = re.compile(r"[\d+/][ \u00a0()/-]{0,2}$")
_DIGITS_AFTER = re.compile(r"[ \u00a0/-]\d|[/'’-]\w|:\w")
_JOINED_BEFORE = re.compile(r"[^\W\d_]$|\w[-_]$|[/#]$")
_CLOCK = re.compile(r"(?:kl|kl\.|klo|klockan|klokka|klokken|um|at|ab|uhr) ?$", re.IGNORECASE)
_DECIMALS = re.compile(r"[.,]\d{1,2}$")
_PLUS = re.compile(r"[ \u00a0]?\+[ \u00a0]?\d{2}")
_PLUS_BEFORE = re.compile(r"\d[ \u00a0]?\+[ \u00a0]?$")
_BLANKS = str.maketrans("", "", " .,\u00a0\u202f")
_WINDOW = 90
_LOOK_BACK = 32
_SMALLEST = 20
_LARGEST_DAY = 31
_MOST_DIGITS = 6


class Sign(IntEnum):
    """How surely a number is money.

    PAIRED counts where the message names another amount; WEAK where the words around it speak of money as well.
    """

    NONE = 0
    WEAK = 1
    PAIRED = 2
    STRONG = 3


@dataclass(frozen=True, slots=True)
class _Place:
    """A number in its text, with what stands around it, folded."""

    text: str
    start: int
    end: int
    before: str
    after: str

    @property
    def number(self) -> str:
        return self.text[self.start : self.end]


def sign_of_money(text: str, start: int, end: int, lists: Mapping[str, frozenset[str]]) -> Sign:
    """What the words around a number say. `lists`: the word lists of the message's language."""
    number = text[start:end]
    if _YEAR.fullmatch(number) or len(number) < 2:
        return Sign.NONE
    before = fold(text[max(0, start - _LOOK_BACK) : start]).rstrip()
    place = _Place(text, start, end, before, fold(text[end : end + _LOOK_BACK]).lstrip())
    if _JOINED_BEFORE.search(text[max(0, start - 2) : start]):
        return Sign.STRONG if _is_multiplied(place) else Sign.NONE
    if _is_multiplied(place) or _is_counted_as_money(place, lists):
        return Sign.STRONG
    if number.startswith("0") or len(number.translate(_BLANKS)) > _MOST_DIGITS + 2:
        return Sign.NONE
    if _DIGITS_BEFORE.search(text[max(0, start - 4) : start]) or _DIGITS_AFTER.match(text, end):
        return Sign.STRONG if _is_sum(place) else Sign.NONE
    return _sign_by_neighbours(place, lists)


def _is_multiplied(place: _Place) -> bool:
    """ "2x249", "249 x 2"."""
    before = _TIMES_BEFORE.search(place.text[max(0, place.start - 6) : place.start])
    return before is not None or _TIMES_AFTER.match(place.text, place.end) is not None


def _is_counted_as_money(place: _Place, lists: Mapping[str, frozenset[str]]) -> bool:
    """ "to gange 249", "trukket 249"."""
    twice = lists.get("twice", frozenset())
    if any(_ends_with(place.before, phrase) or _begins_with(place.after, phrase) for phrase in twice):
        return True
    return any(_ends_with(place.before, phrase) for phrase in lists.get("money_before", frozenset()))


def _sign_by_neighbours(place: _Place, lists: Mapping[str, frozenset[str]]) -> Sign:
    if words.OTHERWISE_BEFORE.search(place.before) and not words.STRONG_BEFORE.search(place.before):
        return Sign.NONE
    whole = int(_DECIMALS.sub("", place.number).translate(_BLANKS))
    beyond_days = whole > _LARGEST_DAY
    if _is_sum(place) or (beyond_days and words.STRONG_AFTER.match(place.after)):
        return Sign.STRONG
    named = words.STRONG_BEFORE.search(place.before) is not None
    if whole >= _SMALLEST and named and not words.COUNTED.match(place.after):
        return Sign.STRONG
    if whole < 10 or not words.ends_as_a_price(place.text, place.end, place.after, ordinal=not beyond_days):
        return Sign.NONE
    if _CENTS.fullmatch(place.number) or _GROUPED.fullmatch(place.number):
        another = _CLOCK.search(place.before) or words.MEASURED.search(place.before)
        return Sign.NONE if another else Sign.STRONG
    if named:
        return Sign.STRONG
    return Sign.NONE if whole < _SMALLEST else _sign_of_a_whole_number(place, lists)


def _sign_of_a_whole_number(place: _Place, lists: Mapping[str, frozenset[str]]) -> Sign:
    if _is_taken(place, lists) or _is_price_of_a_purchase(place):
        return Sign.STRONG
    if len(place.number) >= _MOST_DIGITS:
        return Sign.NONE
    between_commas = place.before.endswith(",") and place.after.startswith(",")
    if between_commas and words.FEE_BEFORE.search(place.before):
        return Sign.STRONG
    if words.INSTEAD_BEFORE.search(place.before) or words.INSTEAD_AFTER.match(place.after):
        return Sign.NONE if words.MEASURED.search(place.before) or int(place.number) < 50 else Sign.PAIRED
    opens = place.start == 0 or place.text[place.start - 2 : place.start] in (". ", "! ", "? ")
    weak = opens or between_commas or words.WEAK_BEFORE.search(place.before)
    return Sign.WEAK if weak else Sign.NONE


def _is_price_of_a_purchase(place: _Place) -> bool:
    """ "köpte jackan för 899", "ligger ute för 599"."""
    return bool(words.BOUGHT_FOR.search(place.before) and words.BOUGHT.search(place.before))


def _is_sum(place: _Place) -> bool:
    """ "279 + 279"."""
    return _PLUS.match(place.text, place.end) is not None or (
        _PLUS_BEFORE.search(place.text[max(0, place.start - 4) : place.start]) is not None
    )


def _is_taken(place: _Place, lists: Mapping[str, frozenset[str]]) -> bool:
    """ "drogs 399", "399 skulle dras", "de 299 som gymmet tog"."""
    took = _unaccented(lists.get("took", frozenset()))
    clause = re.split(r"[.!?\n,;]", place.after, maxsplit=1)[0]
    following = [bare(word) for word in words.ANOTHER_CLAUSE.split(clause, maxsplit=1)[0].split()[:3]]
    # The look-ahead may cut a word in two; a cut word is in no list.
    before = bare(place.before)
    return any(_ends_with(before, phrase) for phrase in took) or not took.isdisjoint(following)


@lru_cache(maxsize=32)
def _unaccented(phrases: frozenset[str]) -> frozenset[str]:
    return frozenset(bare(phrase) for phrase in phrases)


def speaks_of_money(text: str, start: int, end: int) -> bool:
    """Whether a word for money, a price or a bill stands near."""
    return words.OF_MONEY.search(fold(text[max(0, start - _WINDOW) : end + _WINDOW])) is not None


def _ends_with(text: str, phrase: str) -> bool:
    return text.endswith(phrase) and not text[: -len(phrase)][-1:].isalnum()


def _begins_with(text: str, phrase: str) -> bool:
    return text.startswith(phrase) and not text[len(phrase) : len(phrase) + 1].isalnum()
