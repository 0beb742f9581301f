"""A CSV of the shop's events -> each event and person, and the lines that could not be read."""

from collections.abc import Iterable, Iterator, Mapping
from typing import NamedTuple

from bot.csv_rows import BrokenRow, read_rows
from bot.imports import BadLine
from bot.shop_events import LONGEST_KEY, Kind, Told, amount_minor, checked, day, instant

#: These columns must be there; `email` or `order_number` too, and what the kind needs.
COLUMNS = ("key", "kind", "happened_at")
DETAILS = (
    "new_date", "reason", "what", "until", "amount", "old_amount", "currency", "due_date", "paid",
    "price_now", "language",
)  # fmt: skip
#: May be there too: who is concerned, and when the shop knew it so.
PEOPLE = ("email", "order_number")
UPDATED_AT = "updated_at"
LONGEST_EMAIL = 254
_MONEY = ("amount", "old_amount", "paid", "price_now")


class Line(NamedTuple):
    """One row that could be read, by its line."""

    number: int
    told: Told


def read_events(lines: Iterable[str]) -> Iterator[Line | BadLine]:
    """The rows of a CSV with a header line. Raises ValueError when the header lacks a column."""
    for row in read_rows(lines, COLUMNS):
        if isinstance(row, BrokenRow):
            yield BadLine(row.number, row.reason)
            continue
        try:
            yield Line(row.number, _told(row.cells))
        except ValueError as error:
            yield BadLine(row.number, str(error))


def _told(cells: Mapping[str, str]) -> Told:
    key, email, order = cells["key"], cells.get("email", "").lower(), cells.get("order_number", "")
    if not key or len(key) > LONGEST_KEY or not key.isprintable():
        raise ValueError(f"the column `key` is empty, or is no text of at most {LONGEST_KEY} characters")
    if not email and not order:
        raise ValueError("who is concerned? Give `email`, `order_number`, or both")
    if email and (len(email) > LONGEST_EMAIL or "@" not in email):
        raise ValueError("the column `email` is not an address")
    kind = _kind(cells["kind"])
    happened_at = instant(cells["happened_at"], "happened_at")
    updated = cells.get(UPDATED_AT, "")
    return Told(
        key=key,
        kind=kind,
        happened_at=happened_at,
        email=email,
        order_number=order,
        updated_at=instant(updated, UPDATED_AT) if updated else None,
        details=checked(kind, _details(cells), happened_at),
    )


def _kind(written: str) -> Kind:
    try:
        return Kind(written)
    except ValueError:
        known = ", ".join(each.value for each in Kind)
        raise ValueError(f"`kind` is {written[:40]!r}; it must be one of {known}") from None


def _details(cells: Mapping[str, str]) -> dict[str, object]:
    given = {name: cells[name] for name in DETAILS if cells.get(name)}
    currency = given.get("currency", "").upper()
    found: dict[str, object] = dict(given)
    if currency:
        found["currency"] = currency
    for name in _MONEY:
        if name in given:
            del found[name]
            found[f"{name}_minor"] = amount_minor(given[name], currency, name)
    for name in ("new_date", "due_date"):
        if name in given:
            found[name] = day(given[name], name)
    if "until" in given:
        found["until"] = instant(given["until"], "until").isoformat()
    if "language" in given:
        found["language"] = given["language"].lower()
    return found
