"""Amounts of money as people write them. Dates, phones, years, percentages and seconds are none."""

import re
from collections.abc import Iterator, Sequence
from decimal import Decimal

from bot.rules.bare_amounts import Sign, sign_of_money, speaks_of_money
from bot.rules.facts import Money
from bot.rules.number_words import is_number_word, value_of
from bot.rules.quoted_history import is_within, quoted_spans
from bot.rules.reading_packs import Pack
from bot.rules.words import Wording

_NUMBER = re.compile(
    r"(?<![\d.,:/])"
    r"(?:\d{1,3}(?:[ .,\u00a0\u202f]\d{3}){1,3}(?:[.,]\d{1,2})?|\d{1,9}(?:[.,]\d{1,2})?)"
    r"(?!\d)(?![.,:/]\d)"
)
_KRONE_FORMS = r"kron(?:er|or|e|a|an|en|erne|orna|orne|ene|ane|ers|ors)"
_EURO_FORMS = r"euro(?:s|a|n|lla|lle|sta|on|ssa|ja|jen|t)?"
_CODES = rf"dkk|nok|sek|eur|usd|gbp|dkr|nkr|skr|{_EURO_FORMS}|{_KRONE_FORMS}|kr|dollars?|pounds?|quid|sp[eä]nn|€|\$|£"
_BEFORE = re.compile(
    rf"(?P<number>\d[ \u00a0]?)?(?:^|(?<=\W)|(?<=\d))(?P<code>{_CODES})[.:]?[ \u00a0]?[-−]?$", re.IGNORECASE
)
_AFTER = re.compile(
    rf"[ \u00a0]?(?:[,:]-[ \u00a0]?)?(?P<kind>dansk[ea] |norsk[ea] |svensk[ea] )?(?P<code>{_CODES})(?![^\W\d_])",
    re.IGNORECASE,
)
_AFTER_WORD = re.compile(rf"(?:{_CODES})(?![^\W\d_])", re.IGNORECASE)
_DASH = re.compile(r"[,.:][-–](?!\w)")
_FINNISH_E = re.compile(r"e(?!\w)")
_UNIT = re.compile(r"[ \u00a0]?(?:%|pct|procent|prosent|percent|prozent|prosentti)", re.IGNORECASE)
_CURRENCIES = {"€": "EUR", "$": "USD", "£": "GBP", "dkr": "DKK", "nkr": "NOK", "skr": "SEK", "quid": "GBP"}
_CURRENCIES |= {"dkk": "DKK", "nok": "NOK", "sek": "SEK", "eur": "EUR", "usd": "USD", "gbp": "GBP"}
_CURRENCIES |= {"dollar": "USD", "dollars": "USD", "pound": "GBP", "pounds": "GBP"}
_KINDS = {"dansk": "DKK", "norsk": "NOK", "svens": "SEK"}
_KRONER = {"da": "DKK", "nb": "NOK", "nn": "NOK", "sv": "SEK"}
_KRONER_DOMAINS = {".dk": "DKK", ".no": "NOK", ".se": "SEK"}
_EURO_LANGUAGES = ("de", "fi")
_ABOUT = frozenset("par several some mange maange many viele einige paar muutama few flere flera".split())
_WORDS_IN_A_NUMBER = 6
_MOST = 30
Row = tuple[int, Money]
Bare = tuple[int, int, Sign]


def read_amounts(
    wording: Wording, pack: Pack, order_spans: Sequence[tuple[int, int]], domain: str, house_language: str
) -> tuple[Money, ...]:
    """In the text's order, none twice, nothing out of quoted history.

    A bare "kr" is the currency of the language, the mail domain, the house. A number without a currency counts
    where the words beside it say that it is money, in the currency of the first amount that has one.
    """
    kroner = _kroner(pack.language, domain, house_language)
    rows, bare = _read_numbers(wording.text, pack, order_spans, kroner)
    history = quoted_spans(wording.text)
    rows = [*rows, *_spelled(wording, kroner)]
    rows = sorted((row for row in rows if not is_within(row[0], history)), key=lambda row: row[0])
    bare = [each for each in bare if not is_within(each[0], history)]
    usual = rows[0][1].currency if rows else _usual_currency(pack.language, kroner, domain, house_language)
    counted = [(start, Money(minor, usual)) for start, minor in _counted(wording.text, rows, bare) if usual]
    found: dict[Money, None] = {}
    for _, money in sorted([*rows, *counted], key=lambda row: row[0]):
        found.setdefault(money)
    return tuple(found)[:_MOST]


def _counted(text: str, rows: Sequence[Row], bare: Sequence[Bare]) -> Iterator[tuple[int, int]]:
    """The bare numbers that are money: the sure ones, and beside a sure one also the likely ones.

    Two that are likely make each other sure: "they said 399, the bill says 489".
    """
    weak = [start for start, _, sign in bare if sign is Sign.WEAK][:_MOST]
    spoken = {start for start in weak if speaks_of_money(text, start, start)}
    sure = bool(rows) or len(spoken) > 1 or any(sign is Sign.STRONG for _, _, sign in bare)
    for start, minor, sign in bare:
        if sign is Sign.STRONG or (sure and (sign is Sign.PAIRED or start in spoken)):
            yield start, minor


def _read_numbers(
    text: str, pack: Pack, order_spans: Sequence[tuple[int, int]], kroner: str
) -> tuple[list[Row], list[Bare]]:
    """The numbers with a currency, and those without that may be money."""
    rows: list[Row] = []
    bare: list[Bare] = []
    orders = sorted(order_spans)
    for match in _NUMBER.finditer(text):
        start, end = match.span()
        if is_within(start, orders) or _UNIT.match(text, end):
            continue
        minor = _minor(match.group())
        currency = _currency(text, start, end, kroner, pack.language) if minor else ""
        if currency:
            rows.append((start, Money(minor, currency)))
        elif minor and (sign := sign_of_money(text, start, end, pack.lists)):
            bare.append((start, minor, sign))
    return rows, bare


def _spelled(wording: Wording, kroner: str) -> Iterator[Row]:
    """ "zehn Euro", "femhundra kronor", "fire hundre kroner". One krone is a saying, and "a few hundred" no sum."""
    for sentence in wording.sentences:
        run: list[str] = []
        start, previous = 0, ""
        for word in sentence.words:
            if is_number_word(word.folded):
                start = word.start if not run else start
                run.append(word.folded)
                continue
            if run and previous not in _ABOUT and len(run) <= _WORDS_IN_A_NUMBER:
                code = _AFTER_WORD.match(wording.text, word.start)
                value = value_of(" ".join(run)) if code else 0
                if code and value > 1:
                    yield start, Money(value * 100, _code(code.group(), kroner))
            run, previous = [], word.folded


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


def _currency(text: str, start: int, end: int, kroner: str, language: str) -> str:
    after = _AFTER.match(text, end)
    if after:
        if after["code"] == "sek" and _are_seconds(text, start, end):
            return ""
        kind = (after["kind"] or "").lower()[:5]
        return _KINDS.get(kind) or _code(after["code"], kroner)
    before = _BEFORE.search(text[max(0, start - 14) : start])
    if before and not before["number"]:
        return _code(before["code"], kroner)
    if language == "fi" and _FINNISH_E.match(text, end):
        return "EUR"
    return kroner if _DASH.match(text, end) else ""


def _code(written: str, kroner: str) -> str:
    small = written.lower()
    return "EUR" if small.startswith("euro") else _CURRENCIES.get(small, kroner)


def _are_seconds(text: str, start: int, end: int) -> bool:
    """ "2 sek efter bilden": a small number, and nobody speaks of money."""
    return end - start <= 2 and not speaks_of_money(text, start, start)


def _minor(number: str) -> int:
    """Øre, öre or cent. A group of three digits at the end is thousands, one or two digits are decimals."""
    plain = re.sub(r"[ \u00a0\u202f]", "", number)
    whole, mark, rest = plain.rpartition("," if plain.rfind(",") > plain.rfind(".") else ".")
    if not mark or len(rest) == 3:
        whole, rest = plain, ""
    digits = re.sub(r"[.,]", "", whole)
    return int(Decimal(f"{digits}.{rest or 0}") * 100)
