"""Amounts of money and order numbers as people write them. Dates, phones, years and percentages are neither."""

import re
from collections.abc import Sequence
from decimal import Decimal

from bot.rules.facts import Money
from bot.rules.reading_packs import Pack
from bot.rules.words import Wording, fold

_NUMBER = re.compile(
    r"(?<![\d.,:/])"
    r"(?:\d{1,3}(?:[ .,\u00a0\u202f]\d{3}){1,3}(?:[.,]\d{1,2})?|\d{1,9}(?:[.,]\d{1,2})?)"
    r"(?!\d)(?![.,:/]\d)"
)
_CODES = (
    r"dkk|nok|sek|eur|usd|gbp|dkr|nkr|skr|euros?|kroner|kronor|krone|kr|dollars?|pounds?|quid|sp[eä]nn|€|\$|£"
)
_BEFORE = re.compile(rf"(?:^|[^\w])(?P<code>{_CODES})[.:]?[ \u00a0]?[-−]?$", re.IGNORECASE)
_AFTER = re.compile(
    rf"[ \u00a0]?(?:[,:]-[ \u00a0]?)?(?P<kind>dansk[ea] |norsk[ea] |svensk[ea] )?(?P<code>{_CODES})(?![^\W\d_])",
    re.IGNORECASE,
)
_DASH = re.compile(r"[,.:][-–](?!\w)")
_TIMES_BEFORE = re.compile(r"(?:^|[^\d])[2-9] ?[x×*] ?$", re.IGNORECASE)
_TIMES_AFTER = re.compile(r" ?[x×*] ?[2-9](?!\d)|, ?(?:og )?[x×*]2", re.IGNORECASE)
_UNIT = re.compile(r"[ \u00a0]?(?:%|pct|procent|prosent|percent)", re.IGNORECASE)
_CURRENCIES = {"€": "EUR", "$": "USD", "£": "GBP", "dkr": "DKK", "nkr": "NOK", "skr": "SEK", "quid": "GBP"}
_CURRENCIES |= {"dkk": "DKK", "nok": "NOK", "sek": "SEK", "eur": "EUR", "usd": "USD", "gbp": "GBP"}
_CURRENCIES |= {
    "euro": "EUR",
    "euros": "EUR",
    "dollar": "USD",
    "dollars": "USD",
    "pound": "GBP",
    "pounds": "GBP",
}
_KINDS = {"dansk": "DKK", "norsk": "NOK", "svens": "SEK"}
_KRONER = {"da": "DKK", "nb": "NOK", "nn": "NOK", "sv": "SEK"}
_KRONER_DOMAINS = {".dk": "DKK", ".no": "NOK", ".se": "SEK"}
_EURO_LANGUAGES = ("de", "fi")
_LOOK_BACK = 24
_MOST = 30

_ORDER_NUMBER = r"(?:[A-Za-z]{1,6}[-_/]?)?\d{3,12}(?:[-/]\d{1,8}){0,2}(?![\w])"
_LABELLED = re.compile(
    rf"(?P<label>[\s.:#=(]*(?:(?:nr|no|num|nummer|nummeret|numret|number|id|ref|er|is|är|med|with|was|var)\b[\s.:#=]*){{0,3}})"
    rf"(?P<number>{_ORDER_NUMBER})",
    re.IGNORECASE,
)
_NEXT = re.compile(rf"[ ]?(?:,|og|and|och|&|samt|\+|/)[ ]?#?(?P<number>{_ORDER_NUMBER})", re.IGNORECASE)
_HASHED = re.compile(rf"(?<![\w&#/])#[ ]?(?P<number>{_ORDER_NUMBER})")
_DATE = re.compile(r"\d{1,2}[-/]\d{1,2}[-/]\d{2,4}|\d{4}[-/]\d{1,2}[-/]\d{1,2}")
_YEAR = re.compile(r"(?:19|20)\d\d")


def read_amounts(
    wording: Wording, pack: Pack, order_spans: Sequence[tuple[int, int]], domain: str, house_language: str
) -> tuple[Money, ...]:
    """In the text's order, none twice. A bare "kr" is the currency of the language, the mail domain, the house."""
    kroner = _kroner(pack.language, domain, house_language)
    found: dict[Money, None] = {}
    bare: list[tuple[int, int]] = []
    numbered: list[tuple[int, Money]] = []
    for match in _NUMBER.finditer(wording.text):
        start, end = match.span()
        if any(first <= start < last for first, last in order_spans) or _UNIT.match(wording.text, end):
            continue
        currency = _currency(wording.text, start, end, kroner)
        minor = _minor(match.group())
        if currency and minor:
            numbered.append((start, Money(minor, currency)))
        elif minor and _is_spoken_of_as_money(wording.text, start, end, pack):
            bare.append((start, minor))
    usual = (
        numbered[0][1].currency
        if numbered
        else _usual_currency(pack.language, kroner, domain, house_language)
    )
    numbered += [(start, Money(minor, usual)) for start, minor in bare if usual]
    for _, money in sorted(numbered, key=lambda row: row[0]):
        found.setdefault(money)
    return tuple(found)[:_MOST]


def _kroner(language: str, domain: str, house_language: str) -> str:
    by_domain = next(
        (code for ending, code in _KRONER_DOMAINS.items() if domain.lower().endswith(ending)), ""
    )
    return _KRONER.get(language) or by_domain or _KRONER.get(house_language, "DKK")


def _usual_currency(language: str, kroner: str, domain: str, house_language: str) -> str:
    """What a bare number is counted in; empty where nothing says so."""
    if language in _EURO_LANGUAGES:
        return "EUR"
    known = (
        language in _KRONER or house_language in _KRONER or domain.lower().endswith(tuple(_KRONER_DOMAINS))
    )
    return kroner if known else ""


def _currency(text: str, start: int, end: int, kroner: str) -> str:
    after = _AFTER.match(text, end)
    if after:
        kind = (after["kind"] or "").lower()[:5]
        return _KINDS.get(kind) or _CURRENCIES.get(after["code"].lower(), kroner)
    before = _BEFORE.search(text[max(0, start - 10) : start])
    if before:
        return _CURRENCIES.get(before["code"].lower(), kroner)
    return kroner if _DASH.match(text, end) else ""


def _minor(number: str) -> int:
    """Øre, öre or cent. A group of three digits at the end is thousands, one or two digits are decimals."""
    plain = re.sub(r"[ \u00a0\u202f]", "", number)
    whole, mark, rest = plain.rpartition("," if plain.rfind(",") > plain.rfind(".") else ".")
    if not mark or len(rest) == 3:
        whole, rest = plain, ""
    digits = re.sub(r"[.,]", "", whole)
    return int(Decimal(f"{digits}.{rest or 0}") * 100)


def _is_spoken_of_as_money(text: str, start: int, end: int, pack: Pack) -> bool:
    """ "2x249", "to gange 249", "trukket 249": no currency, and yet money."""
    if _YEAR.fullmatch(text[start:end]) or end - start < 2:
        return False
    if _TIMES_BEFORE.search(text[max(0, start - 6) : start]) or _TIMES_AFTER.match(text, end):
        return True
    before = fold(text[max(0, start - _LOOK_BACK) : start]).rstrip()
    after = fold(text[end : end + _LOOK_BACK]).lstrip()
    twice = pack.lists.get("twice", frozenset())
    if any(_ends_with(before, phrase) or _begins_with(after, phrase) for phrase in twice):
        return True
    return any(_ends_with(before, phrase) for phrase in pack.lists.get("money_before", frozenset()))


def _ends_with(text: str, phrase: str) -> bool:
    return text.endswith(phrase) and not text[: -len(phrase)][-1:].isalnum()


def _begins_with(text: str, phrase: str) -> bool:
    return text.startswith(phrase) and not text[len(phrase) : len(phrase) + 1].isalnum()


def read_order_numbers(wording: Wording, order_words: frozenset[str]) -> tuple[tuple[str, int, int], ...]:
    """Number, start and end of each, in the text's order: after a word for order, or after a #."""
    found: dict[str, tuple[str, int, int]] = {}
    text = wording.text
    spans: list[tuple[int, int]] = []
    for sentence in wording.sentences:
        for word in sentence.words:
            if word.folded in order_words:
                spans += _labelled(text, word.end)
    spans += [match.span("number") for match in _HASHED.finditer(text)]
    for start, end in sorted(spans):
        if not (_AFTER.match(text, end) or _UNIT.match(text, end) or _DATE.fullmatch(text[start:end])):
            found.setdefault(text[start:end], (text[start:end], start, end))
    return tuple(found.values())[:_MOST]


def _labelled(text: str, position: int) -> list[tuple[int, int]]:
    match = _LABELLED.match(text, position)
    if match is None or (_YEAR.fullmatch(match["number"]) and not match["label"].strip()):
        return []
    spans = [match.span("number")]
    following = _NEXT.match(text, match.end())
    while following is not None and len(spans) < _MOST:
        spans.append(following.span("number"))
        following = _NEXT.match(text, following.end())
    return spans
