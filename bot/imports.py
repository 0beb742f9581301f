"""Files of the shop -> order records, by way of a shelf on disk: a file may be larger than memory."""

import json
import sqlite3
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import closing
from datetime import UTC, datetime
from decimal import Decimal, InvalidOperation
from itertools import groupby
from operator import itemgetter
from typing import Any, NamedTuple

from babel.numbers import get_currency_precision

from bot.csv_rows import BrokenRow, Row, read_rows
from storage.orders import Line, Movement, OrderRecord, Parcel
from storage.tables import PaymentKind, ShipmentStatus

#: One row is one fact about an order; rows of one order stand together or apart, as the shop exports them.
COLUMNS = (
    "order", "email", "name", "language", "currency", "country", "placed_at", "kind",
    "text", "amount", "at", "status", "promised_at",
)  # fmt: skip
#: May be there too: when the shop read these facts; without it they are as old as the file.
UPDATED_AT = "updated_at"
KINDS = ("item", "shipping", "capture", "reservation", "refund", "parcel")
MOST_MINOR = 10**15
YEARS = range(1970, 2200)
#: What a column may hold in all, where the database sets a bound.
_LONGEST = {"order": 100, "email": 254, "language": 8, "country": 2}

#: An order's number, a line of the file, and its cells as JSON.
Fact = tuple[str, int, str]
#: How many are laid on the shelf at once.
SHELVED = 1000


class BadLine(NamedTuple):
    """A line that could not be read. Its order is left out whole: half its money would be worse than none of it."""

    number: int
    reason: str


def _nothing(_count: int) -> None:
    pass


def read_orders(
    rows: Iterable[str], on_count: Callable[[int], None] = _nothing
) -> Iterator[OrderRecord | BadLine]:
    """The orders of a CSV with a header line, in the order of their first row, and the lines that were bad.

    The file is read to its end before the first order comes: `on_count` hears then how many there may be. Raises
    ValueError when the header lacks a column.
    """
    # A name of "" is a database of our own in a file that is gone when it is closed, or when we die.
    with closing(sqlite3.connect("", check_same_thread=False, isolation_level=None)) as shelf:
        shelf.execute("PRAGMA journal_mode=OFF")
        shelf.execute("CREATE TABLE facts (number TEXT, line INTEGER, cells TEXT)")
        shelf.execute("BEGIN")
        facts: list[Fact] = []
        for row in read_rows(rows, COLUMNS):
            if (bad := _taken(facts, row)) is not None:
                yield bad
            if len(facts) >= SHELVED:
                _shelve(shelf, facts)
        _shelve(shelf, facts)
        on_count(shelf.execute("SELECT count(DISTINCT number) FROM facts").fetchone()[0])
        for number, of_order in groupby(_by_order(shelf), key=itemgetter(0)):
            yield from _whole(number, [(line, json.loads(cells)) for _, line, cells in of_order])


def _shelve(shelf: sqlite3.Connection, facts: list[Fact]) -> None:
    shelf.executemany("INSERT INTO facts VALUES (?, ?, ?)", facts)
    facts.clear()


def _by_order(shelf: sqlite3.Connection) -> Iterator[Fact]:
    return iter(
        shelf.execute(
            "SELECT number, line, cells FROM"
            " (SELECT *, min(line) OVER (PARTITION BY number) AS first FROM facts) ORDER BY first, line"
        )
    )


def _taken(facts: list[Fact], row: Row | BrokenRow) -> BadLine | None:
    number = row.cells.get("order", "")
    reason = row.reason if isinstance(row, BrokenRow) else ""
    if not number and not reason:
        return BadLine(row.number, "the column `order` is empty")
    kept = number if number.isprintable() else ""
    if kept:
        # What cannot be read counts as well: its order is not whole.
        facts.append((kept, row.number, json.dumps(None if reason else row.cells)))
    if not reason:
        return None if kept else BadLine(row.number, "the column `order` holds what is no letter")
    return BadLine(row.number, f"{reason}. Order {kept} is left out" if kept else reason)


def _whole(number: str, rows: list[tuple[int, Mapping[str, str] | None]]) -> Iterator[OrderRecord | BadLine]:
    """The order, or what is wrong with it."""
    first = next((cells for _, cells in rows if cells is not None), None)
    gathered = _Gathered(first or {})
    spoiled = first is None
    for line, cells in rows:
        if cells is None:
            spoiled = True
            continue
        try:
            gathered.add(cells)
        except ValueError as error:
            spoiled = True
            yield BadLine(line, f"{error}. Order {number} is left out")
    if spoiled:
        return
    try:
        yield gathered.record(number)
    except ValueError as error:
        yield BadLine(rows[0][0], str(error))


class _Gathered:
    """One order while its rows come in."""

    def __init__(self, first: Mapping[str, str]) -> None:
        self._first = first
        self._currency = first.get("currency", "").upper()
        self._lines: list[Line] = []
        self._movements: dict[str, Movement] = {}
        self._parcels: dict[str, Parcel] = {}

    def add(self, row: Mapping[str, str]) -> None:
        """One more row. Raises ValueError, naming the column."""
        kind = row["kind"]
        if kind in ("item", "shipping"):
            self._lines.append(Line(kind, row["text"], _minor(row["amount"], self._currency)))
        elif kind in ("capture", "reservation", "refund"):
            self._move(PaymentKind(kind), row)
        elif kind == "parcel":
            self._send(row)
        else:
            raise ValueError(f"`kind` is {_shown(kind)}; it must be one of {', '.join(KINDS)}")

    def _move(self, kind: PaymentKind, row: Mapping[str, str]) -> None:
        reference = row["text"] or f"{kind}-{len(self._movements) + 1}"
        at = _instant(row["at"], "at") or _instant(self._first["placed_at"], "placed_at")
        if at is None:
            raise ValueError("the column `at` is empty")
        if reference in self._movements:
            raise ValueError(f"`text` is {_shown(reference)}, and a payment of this order has that already")
        self._movements[reference] = Movement(kind, reference, _minor(row["amount"], self._currency), at)

    def _send(self, row: Mapping[str, str]) -> None:
        carrier, _, tracking = row["text"].partition(" ")
        if tracking in self._parcels:
            raise ValueError("`text`: two parcels of this order have the same tracking number, or none")
        promised_at, delivered_at = _instant(row["promised_at"], "promised_at"), _instant(row["at"], "at")
        self._parcels[tracking] = Parcel(carrier, tracking, _status(row["status"]), promised_at, delivered_at)

    def record(self, number: str) -> OrderRecord:
        """The order. Raises ValueError, naming the column."""
        first = self._first
        placed_at = _instant(first["placed_at"], "placed_at")
        if placed_at is None:
            raise ValueError("the column `placed_at` is empty")
        if "@" not in first["email"]:
            raise ValueError("the column `email` is not an address")
        if len(self._currency) != 3:
            raise ValueError("the column `currency` is not a code of three letters, such as DKK")
        for name, most in _LONGEST.items():
            if len(first[name]) > most:
                raise ValueError(f"the column `{name}` holds more than {most} characters")
        return OrderRecord(
            number=number,
            email=first["email"].lower(),
            name=first["name"],
            language=first["language"].lower(),
            currency=self._currency,
            country=first["country"].upper(),
            placed_at=placed_at,
            lines=tuple(self._lines),
            movements=tuple(self._movements.values()),
            parcels=tuple(self._parcels.values()),
            updated_at=_instant(first.get(UPDATED_AT, ""), UPDATED_AT),
        )


def _shown(written: Any) -> str:
    shown = repr(written)
    return shown if len(shown) <= 80 else f"{shown[:80]} …"


def _minor(written: str, currency: str) -> int:
    """`1249.50` -> 124950. A point is the decimal mark; no thousands mark."""
    try:
        minor = Decimal(written).scaleb(get_currency_precision(currency or "DKK"))
    except InvalidOperation:
        raise ValueError(f"`amount` is {_shown(written)}; write it as 1249.50") from None
    if not minor.is_finite() or not 0 <= minor <= MOST_MINOR or minor != int(minor):
        raise ValueError(f"`amount` is {_shown(written)}; write it as 1249.50")
    return int(minor)


def _instant(written: str, column: str) -> datetime | None:
    if not written:
        return None
    try:
        at = datetime.fromisoformat(written)
        if at.year not in YEARS:
            raise ValueError
    except ValueError:
        raise ValueError(f"`{column}` is {_shown(written)}; write it as 2026-03-02T09:30:00+01:00") from None
    return at.astimezone(UTC) if at.tzinfo else at.replace(tzinfo=UTC)


def _status(written: str) -> ShipmentStatus:
    try:
        return ShipmentStatus(written or "pending")
    except ValueError:
        known = ", ".join(each.value for each in ShipmentStatus)
        raise ValueError(f"`status` is {_shown(written)}; it must be one of {known}") from None
