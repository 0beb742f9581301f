"""An event of the shop as it was told: who is concerned, what happened, and its details, checked."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time
from decimal import Decimal, InvalidOperation
from enum import StrEnum
from typing import Any

from babel.dates import format_date
from babel.numbers import get_currency_precision

from bot.rules.composing import DRAFT_LANGUAGES
from bot.rules.wording import format_money
from bot.speech import mark, say_in, spoken

MOST_MINOR = 10**15
YEARS = range(1970, 2200)
#: Words of the shop's that stand in letters are no letters themselves.
LONGEST_WORDS = 200
LONGEST_KEY = 100


class Kind(StrEnum):
    """What can happen that customers should hear from us first."""

    DELAY = "delay"
    OUTAGE = "outage"
    BILL = "bill"
    PRICE_DROP = "price_drop"


#: For each kind what must be told of it, and what may be.
NEEDED: Mapping[Kind, tuple[str, ...]] = {
    Kind.DELAY: (),
    Kind.OUTAGE: ("what",),
    Kind.BILL: ("amount_minor", "currency"),
    Kind.PRICE_DROP: ("paid_minor", "price_now_minor", "currency"),
}
POSSIBLE: Mapping[Kind, tuple[str, ...]] = {
    Kind.DELAY: ("new_date", "reason"),
    Kind.OUTAGE: ("what", "until", "reason"),
    Kind.BILL: ("amount_minor", "old_amount_minor", "currency", "due_date", "reason"),
    Kind.PRICE_DROP: ("paid_minor", "price_now_minor", "currency"),
}
#: What agents read.
NAMES: Mapping[Kind, str] = {
    Kind.DELAY: mark("delay"),
    Kind.OUTAGE: mark("outage"),
    Kind.BILL: mark("bill that will differ"),
    Kind.PRICE_DROP: mark("price drop"),
}


@dataclass(frozen=True, slots=True)
class Told:
    """One event and one person whom it concerns: an address, an order's number, or both."""

    key: str
    kind: Kind
    happened_at: datetime
    email: str = ""
    order_number: str = ""
    #: When the shop knew it so; None: just now.
    updated_at: datetime | None = None
    #: By the names in POSSIBLE: whole numbers in the smallest unit, days and instants as ISO text, words.
    #: `language` says what the words are written in; without it, the house's.
    details: dict[str, Any] = field(default_factory=dict)


def checked(kind: Kind, given: Mapping[str, Any], happened_at: datetime) -> dict[str, Any]:
    """The details of an event of that kind. Raises ValueError, naming the field (`amount_minor` is `amount`)."""
    details = {name: value for name, value in given.items() if value not in ("", None)}
    for name in details:
        if name not in (*POSSIBLE[kind], "language"):
            raise ValueError(f"{kind.value}: there is no `{_field(name)}` to it")
    for name in NEEDED[kind]:
        if name not in details:
            raise ValueError(f"{kind.value}: `{_field(name)}` is needed")
    for name in ("reason", "what"):
        if name in details:
            details[name] = _words(str(details[name]), name)
    _sound(kind, details, happened_at)
    return details


def _field(name: str) -> str:
    return name.removesuffix("_minor")


def _words(written: str, name: str) -> str:
    """As they stand in a sentence of ours: the full stop is ours too."""
    words = " ".join(written.split()).rstrip(".!?, ")
    if len(words) > LONGEST_WORDS or not words.isprintable() or "://" in words:
        raise ValueError(f"`{name}` must be a few words, at most {LONGEST_WORDS} characters, without a link")
    return words


def _sound(kind: Kind, details: Mapping[str, Any], happened_at: datetime) -> None:
    if details.get("language", "en") not in DRAFT_LANGUAGES:
        raise ValueError(f"`language` must be one of {', '.join(DRAFT_LANGUAGES)}")
    if "currency" in details:
        code = str(details["currency"])
        if not (len(code) == 3 and code.isascii() and code.isalpha() and code.isupper()):
            raise ValueError("`currency` is not a code of three letters, such as DKK")
    if kind is Kind.PRICE_DROP and details["price_now_minor"] >= details["paid_minor"]:
        raise ValueError("`price_now` is not below `paid`: that is no price drop")
    if kind is Kind.BILL and details["amount_minor"] == details.get("old_amount_minor"):
        raise ValueError("`old_amount` is the same as `amount`: that bill does not differ")
    if "new_date" in details and date.fromisoformat(details["new_date"]) < happened_at.date():
        raise ValueError("`new_date` is before `happened_at`")
    if "until" in details and datetime.fromisoformat(details["until"]) <= happened_at:
        raise ValueError("`until` is not after `happened_at`")


# ---- From text --------------------------------------------------------------------------------------------


def amount_minor(written: str, currency: str, column: str) -> int:
    """`1249.50` -> 124950. Raises ValueError, naming the column."""
    try:
        minor = Decimal(written).scaleb(get_currency_precision(currency or "DKK"))
        if not minor.is_finite() or not 0 <= minor <= MOST_MINOR or minor != int(minor):
            raise InvalidOperation
    except InvalidOperation:
        raise ValueError(f"`{column}` is {written[:40]!r}; write it as 1249.50") from None
    return int(minor)


def day(written: str, column: str) -> str:
    """`2026-03-02`, also with a time behind it. Raises ValueError, naming the column."""
    try:
        found = date.fromisoformat(written[:10])
        if found.year not in YEARS:
            raise ValueError
    except ValueError:
        raise ValueError(f"`{column}` is {written[:40]!r}; write it as 2026-03-02") from None
    return found.isoformat()


def instant(written: str, column: str) -> datetime:
    """A moment, in UTC where no zone is named. Raises ValueError, naming the column."""
    try:
        at = datetime.fromisoformat(written)
        if at.year not in YEARS:
            raise ValueError
    except ValueError:
        shown = f"`{column}` is {written[:40]!r}"
        raise ValueError(f"{shown}; write it as 2026-03-02T09:30:00+01:00") from None
    return at.astimezone(UTC) if at.tzinfo else at.replace(tzinfo=UTC)


def promised_for(details: Mapping[str, Any]) -> datetime | None:
    """A delay's new day as a carrier's promise: midnight stands for the whole day."""
    told = details.get("new_date")
    return datetime.combine(date.fromisoformat(str(told)), time(0), UTC) if told else None


# ---- For agents -------------------------------------------------------------------------------------------


_LABELS = {
    "new_date": mark("new date: {value}"),
    "until": mark("until: {value}"),
    "due_date": mark("due: {value}"),
    "what": mark("what: {value}"),
    "reason": mark("reason: {value}"),
}
_AMOUNTS = {
    "paid_minor": mark("paid: {value}"),
    "price_now_minor": mark("now: {value}"),
    "amount_minor": mark("amount: {value}"),
    "old_amount_minor": mark("before: {value}"),
}


def told_by_shop(kind: str, details: Mapping[str, Any], happened_at: datetime) -> str:
    """The same as a sentence, to be said in any language."""
    return mark(
        "The shop told us: {event}.", event=lambda language: in_words(kind, details, happened_at, language)
    )


def in_words(kind: str, details: Mapping[str, Any], happened_at: datetime, language: str = "") -> str:
    """An event in one line, with its details as they were told; in the language of whoever reads, or in that one."""
    language = language or spoken()
    name = say_in(language, NAMES[Kind(kind)]) if kind in NAMES else kind
    lines = [f"{name.capitalize()}, {format_date(happened_at, 'd MMMM', locale=language)}"]
    for field_name, label in _LABELS.items():
        if details.get(field_name):
            value = _shown(str(details[field_name]), field_name, language)
            lines.append(say_in(language, label, value=value))
    for field_name, label in _AMOUNTS.items():
        if field_name in details:
            amount = format_money(int(details[field_name]), str(details["currency"]), language)
            lines.append(say_in(language, label, value=amount))
    return ". ".join(lines)


def _shown(value: str, name: str, language: str) -> str:
    if name in ("new_date", "due_date"):
        return format_date(date.fromisoformat(value), "d MMMM", locale=language)
    if name == "until":
        at = datetime.fromisoformat(value)
        return f"{format_date(at, 'd MMMM', locale=language)} {at:%H:%M} UTC"
    return value
