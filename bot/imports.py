"""Files of the shop -> order records. Pure but for the lines handed in; errors carry their line number."""

import csv
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from decimal import Decimal, InvalidOperation
from itertools import chain
from typing import Any

from babel.numbers import get_currency_precision

from storage.orders import Line, Movement, OrderRecord, Parcel
from storage.tables import PaymentKind, ShipmentStatus

#: One row is one fact about an order; rows of one order stand together or apart, as the shop exports them.
COLUMNS = (
    "order", "email", "name", "language", "currency", "country", "placed_at", "kind",
    "text", "amount", "at", "status", "promised_at",
)  # fmt: skip
KINDS = ("item", "shipping", "capture", "reservation", "refund", "parcel")
LONGEST_FIELD = 10_000
NOT_TEXT = "this is not text in UTF-8; save the file as CSV in UTF-8"


@dataclass(frozen=True, slots=True)
class BadLine:
    """A line that could not be read. Its order is left out whole: half its money would be worse than none of it."""

    number: int
    reason: str


@dataclass
class _Gathered:
    """One order while its rows come in."""

    first: Mapping[str, str]
    number: int
    spoiled: bool = False
    lines: list[Line] = field(default_factory=list)
    movements: list[Movement] = field(default_factory=list)
    parcels: list[Parcel] = field(default_factory=list)


def read_orders(rows: Iterable[str]) -> Iterator[OrderRecord | BadLine]:
    """The orders of a CSV with a header line, in the order of their first row, and the lines that were bad.

    Raises ValueError when the header lacks a column.
    """
    csv.field_size_limit(LONGEST_FIELD)
    lines = iter(rows)
    header = next(lines, "")
    # Spreadsheets in the Nordic countries write semicolons.
    reader = csv.DictReader(chain([header], lines), delimiter=";" if ";" in header else ",")
    missing = [name for name in COLUMNS if name not in (reader.fieldnames or ())]
    if missing:
        raise ValueError(f"the header lacks {', '.join(missing)}; it must have {', '.join(COLUMNS)}")
    gathered: dict[str, _Gathered] = {}
    while True:
        try:
            row = next(reader, None)
            if row is None:
                break
            _take(gathered, row, reader.line_num)
        except (ValueError, csv.Error) as error:
            yield BadLine(reader.reader.line_num, str(error))
    for number, order in gathered.items():
        if order.spoiled:
            continue
        try:
            yield _record(number, order)
        except ValueError as error:
            yield BadLine(order.number, str(error))


def _take(gathered: dict[str, _Gathered], row: Mapping[str | None, Any], line: int) -> None:
    values = {key: (value or "").strip() for key, value in row.items() if key}
    number = values["order"]
    if not number or not _is_text(number):
        raise ValueError("the column `order` is empty" if not number else NOT_TEXT)
    order = gathered.setdefault(number, _Gathered(values, line))
    try:
        if row.get(None):
            raise ValueError("there are more columns than in the header; put a text with commas in quotes")
        _add(order, values)
    except ValueError as error:
        order.spoiled = True
        raise ValueError(f"{error}. Order {number} is left out") from None


def _is_text(written: str) -> bool:
    """False where a byte was no UTF-8 (read with `surrogateescape`)."""
    return not any("\ud800" <= letter <= "\udfff" for letter in written)


def _add(order: _Gathered, row: Mapping[str, str]) -> None:
    if not all(map(_is_text, row.values())):
        raise ValueError(NOT_TEXT)
    kind = row["kind"]
    currency = order.first["currency"].upper()
    if kind in ("item", "shipping"):
        order.lines.append(Line(kind, row["text"], _minor(row["amount"], currency)))
    elif kind in ("capture", "reservation", "refund"):
        reference = row["text"] or f"{kind}-{len(order.movements) + 1}"
        at = _instant(row["at"], "at") or _instant(order.first["placed_at"], "placed_at")
        if at is None:
            raise ValueError("the column `at` is empty")
        order.movements.append(Movement(PaymentKind(kind), reference, _minor(row["amount"], currency), at))
    elif kind == "parcel":
        carrier, _, tracking = row["text"].partition(" ")
        order.parcels.append(
            Parcel(
                carrier,
                tracking,
                _status(row["status"]),
                _instant(row["promised_at"], "promised_at"),
                _instant(row["at"], "at"),
            )
        )
    else:
        raise ValueError(f"`kind` is {kind!r}; it must be one of {', '.join(KINDS)}")


def _record(number: str, order: _Gathered) -> OrderRecord:
    first = order.first
    placed_at = _instant(first["placed_at"], "placed_at")
    if placed_at is None:
        raise ValueError("the column `placed_at` is empty")
    if "@" not in first["email"]:
        raise ValueError("the column `email` is not an address")
    if len(first["currency"]) != 3:
        raise ValueError("the column `currency` is not a code of three letters, such as DKK")
    return OrderRecord(
        number=number,
        email=first["email"].lower(),
        name=first["name"],
        language=first["language"].lower(),
        currency=first["currency"].upper(),
        country=first["country"].upper(),
        placed_at=placed_at,
        lines=tuple(order.lines),
        movements=tuple(order.movements),
        parcels=tuple(order.parcels),
    )


def _minor(written: str, currency: str) -> int:
    """`1249.50` -> 124950. A point is the decimal mark; no thousands mark."""
    try:
        minor = Decimal(written).scaleb(get_currency_precision(currency or "DKK"))
    except InvalidOperation:
        raise ValueError(f"`amount` is {written!r}; write it as 1249.50") from None
    if not minor.is_finite() or minor != int(minor) or minor < 0:
        raise ValueError(f"`amount` is {written!r}; write it as 1249.50")
    return int(minor)


def _instant(written: str, column: str) -> datetime | None:
    if not written:
        return None
    try:
        at = datetime.fromisoformat(written)
    except ValueError:
        raise ValueError(f"`{column}` is {written!r}; write it as 2026-03-02T09:30:00+01:00") from None
    return at.astimezone(UTC) if at.tzinfo else at.replace(tzinfo=UTC)


def _status(written: str) -> ShipmentStatus:
    try:
        return ShipmentStatus(written or "pending")
    except ValueError:
        known = ", ".join(each.value for each in ShipmentStatus)
        raise ValueError(f"`status` is {written!r}; it must be one of {known}") from None
