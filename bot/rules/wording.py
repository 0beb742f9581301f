"""Money and days as a native speaker writes them."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal

from babel.dates import format_date
from babel.numbers import format_decimal, get_currency_precision

from bot.rules import business_days

_LOCALES = {"da": "da", "nb": "nb", "nn": "nn", "sv": "sv", "en": "en_GB"}
_DAYS = {
    "da": "EEEE 'den' d. MMMM",
    "nb": "EEEE d. MMMM",
    "nn": "EEEE d. MMMM",
    "sv": "EEEE 'den' d MMMM",
    "en": "EEEE d MMMM",
}
#: How a currency is called at home; everywhere else it goes by its code. Euro is euro in all of the North.
_UNITS = {
    ("da", "DKK"): "kr.", ("nb", "NOK"): "kr", ("nn", "NOK"): "kr", ("sv", "SEK"): "kr",
    ("da", "EUR"): "euro", ("nb", "EUR"): "euro", ("nn", "EUR"): "euro", ("sv", "EUR"): "euro",
}  # fmt: skip
#: A weekday and a date without its year is clear for about half a year.
_CLEAR_WITHOUT_YEAR = timedelta(days=180)

_NUMBER = r"(?<![\d.,])(?:\d{1,3}(?:[ .,\u00a0\u202f]\d{3}){1,3}|\d{1,12})(?:[.,]\d{1,2})?(?![\d])"
_UNIT = r"kr(?:oner|onor|one|ona)?\b\.?|DKK|NOK|SEK|ISK|EUR|USD|GBP|euros?\b|dollars?\b|€|\$|£"
_AMOUNT = re.compile(
    rf"(?:(?P<before>{_UNIT})[ \u00a0]?(?P<first>{_NUMBER}))"
    rf"|(?:(?P<last>{_NUMBER})(?:[ \u00a0]?(?P<after>{_UNIT})|(?P<dash>,-|:-)))",
    re.IGNORECASE,
)
_CODES = {
    "€": "EUR",
    "$": "USD",
    "£": "GBP",
    "EURO": "EUR",
    "EUROS": "EUR",
    "DOLLAR": "USD",
    "DOLLARS": "USD",
}


def format_money(amount_minor: int, currency: str, language: str) -> str:
    """An amount as it stands in a letter: "1.249,50 kr.", "499 kr", "DKK 499", "499 NOK" for a foreign one.

    `amount_minor` is in the smallest unit. A language we do not write is written as English.
    """
    language = language if language in _LOCALES else "en"
    value = Decimal(amount_minor).scaleb(-get_currency_precision(currency))
    whole = value == value.to_integral_value()
    number = format_decimal(value, "#,##0" if whole else "#,##0.00", locale=_LOCALES[language])
    # One kind of space: letters are searched, compared and quoted back.
    number = number.replace("\u00a0", " ").replace("\u202f", " ")
    if language == "en":
        return f"{currency} {number}"
    return f"{number} {_UNITS.get((language, currency), currency)}"


def format_day(at: datetime, language: str, now: datetime, country: str = "") -> str:
    """The day of an instant where the customer lives, to stand after "by": "onsdag den 26. november"."""
    language = language if language in _LOCALES else "en"
    pattern = _DAYS[language] if abs(at - now) < _CLEAR_WITHOUT_YEAR else f"{_DAYS[language]} y"
    return format_date(business_days.local_day(at, country), pattern, locale=_LOCALES[language])


@dataclass(frozen=True, slots=True)
class NamedAmount:
    """An amount in a text. `currency` is None for kroner, which are three currencies."""

    value: Decimal
    currency: str | None
    start: int
    end: int


def amounts_in(text: str) -> Iterator[NamedAmount]:
    """Every amount written with its currency, in any of our languages' ways of writing numbers."""
    for match in _AMOUNT.finditer(text):
        unit = (match["before"] or match["after"] or match["dash"]).upper().rstrip(".")
        code = _CODES.get(unit, unit)
        value = _value(match["first"] or match["last"])
        yield NamedAmount(value, code if len(code) == 3 and code.isalpha() else None, *match.span())


def _value(number: str) -> Decimal:
    """A last group of three digits is thousands; one or two digits are decimals."""
    digits = re.sub(r"[ \u00a0\u202f]", "", number)
    decimals = re.search(r"[.,](\d{1,2})$", digits)
    whole = digits[: decimals.start()] if decimals else digits
    return Decimal(re.sub(r"[.,]", "", whole) + (f".{decimals[1]}" if decimals else ""))


def format_moment(at: datetime, language: str, now: datetime, country: str = "") -> str:
    """The day and the hour on the customer's wall: "mandag den 2. marts kl. 9.12", "Monday 2 March at 09:12"."""
    local = at.astimezone(business_days.zone(country))
    day = format_day(at, language, now, country)
    if language == "da":
        return f"{day} kl. {local.hour}.{local:%M}"
    if language in ("nb", "nn", "sv"):
        return f"{day} kl. {local:%H.%M}"
    return f"{day} at {local:%H:%M}"
