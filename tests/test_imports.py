"""The shop's orders from a CSV: bad lines are named, whole orders are taken, twice changes nothing."""

from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path

import pytest
from builders import NOW
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import Engine, select
from sqlmodel import Session, col

from bot.importing import BATCH, import_orders
from bot.imports import COLUMNS, BadLine, read_orders
from storage.engine import connect, reading
from storage.migrate import migrate
from storage.orders import OrderRecord
from storage.tables import Customer, Order, OrderLine, Payment, PaymentKind, Shipment, ShipmentStatus

HEAD = ",".join(COLUMNS)


def row(order: str = "10432", kind: str = "item", **fields: str) -> str:
    """One line of the file; every column can be replaced."""
    values = {
        "order": order,
        "email": "Mette@Example.dk",
        "name": "Mette",
        "language": "da",
        "currency": "dkk",
        "country": "dk",
        "placed_at": "2026-02-27T19:12:00+01:00",
        "kind": kind,
        "text": "Bordlampe",
        "amount": "450.00",
        "at": "2026-02-27T19:13:00+01:00",
        "status": "",
        "promised_at": "",
    } | fields
    return ",".join(values[name] for name in COLUMNS)


def read(*rows: str) -> tuple[list[OrderRecord], list[BadLine]]:
    """The orders and the bad lines of a file with these rows."""
    found = list(read_orders([f"{line}\n" for line in (HEAD, *rows)]))
    orders = [each for each in found if isinstance(each, OrderRecord)]
    return orders, [each for each in found if isinstance(each, BadLine)]


# ---- reading ------------------------------------------------------------------------------------------------


def test_an_order_is_read_with_everything_that_hangs_on_it() -> None:
    (order,), bad = read(
        row(),
        row(kind="shipping", text="Fragt", amount="49"),
        row(kind="capture", text="p1", amount="499.00"),
        row(kind="reservation", text="p2", amount="499.00"),
        row(kind="refund", text="r1", amount="49.50"),
        row(kind="parcel", text="PostNord 0037 07", status="sent", promised_at="2026-03-03"),
    )
    assert bad == []
    assert (order.number, order.email, order.currency, order.country) == (
        "10432",
        "mette@example.dk",
        "DKK",
        "DK",
    )
    assert order.placed_at == datetime(2026, 2, 27, 18, 12, tzinfo=UTC)
    assert [(each.kind, each.name, each.amount_minor) for each in order.lines] == [
        ("item", "Bordlampe", 45_000),
        ("shipping", "Fragt", 4_900),
    ]
    assert [(each.kind, each.reference, each.amount_minor) for each in order.movements] == [
        (PaymentKind.CAPTURE, "p1", 49_900),
        (PaymentKind.RESERVATION, "p2", 49_900),
        (PaymentKind.REFUND, "r1", 4_950),
    ]
    (parcel,) = order.parcels
    assert (parcel.carrier, parcel.tracking, parcel.status) == (
        "PostNord",
        "0037 07",
        ShipmentStatus.SENT,
    )


def test_rows_of_one_order_may_stand_apart() -> None:
    orders, _ = read(row("1"), row("2"), row("1", kind="shipping"))
    assert [(order.number, len(order.lines)) for order in orders] == [("1", 2), ("2", 1)]


@pytest.mark.parametrize(
    ("currency", "written", "minor"),
    [
        ("DKK", "499", 49_900),
        ("DKK", "1249.5", 124_950),
        ("SEK", "0", 0),
        ("ISK", "4990", 4_990),
        ("EUR", "0.01", 1),
    ],
)
def test_an_amount_is_in_the_smallest_unit_of_its_currency(currency: str, written: str, minor: int) -> None:
    (order,), bad = read(row(currency=currency, amount=written))
    assert (order.lines[0].amount_minor, bad) == (minor, [])


def test_a_time_without_a_zone_is_utc() -> None:
    (order,), _ = read(row(placed_at="2026-02-27 19:12"))
    assert order.placed_at == datetime(2026, 2, 27, 19, 12, tzinfo=UTC)


def test_columns_may_stand_in_any_order_and_others_beside_them() -> None:
    columns = [*reversed(COLUMNS), "colour"]
    values = dict(zip(COLUMNS, row().split(","), strict=True)) | {"colour": "brass"}
    found = list(read_orders([",".join(columns), ",".join(values[name] for name in columns)]))
    assert [each.number for each in found if isinstance(each, OrderRecord)] == ["10432"]


# ---- bad lines ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("bad", "named"),
    [
        (row("2", kind="gift"), "`kind` is 'gift'"),
        (row("2", amount="1.249,50"), "more columns"),
        (row("2", amount='"1.249,50"'), "write it as 1249.50"),
        (row("2", amount="499 kr"), "`amount`"),
        (row("2", amount="-1"), "`amount`"),
        (row("2", amount="1.234"), "`amount`"),
        (row("2", amount="NaN"), "`amount`"),
        (row("2", amount="Infinity"), "`amount`"),
        (row("2", amount=""), "`amount`"),
        (row("2", kind="capture", at="yesterday"), "`at`"),
        (row("2", kind="parcel", status="gone"), "`status`"),
        (row("2", kind="parcel", promised_at="soon"), "`promised_at`"),
        (row("2", text="Bl\udce5 lampe"), "UTF-8"),
        (row("\udce5"), "UTF-8"),
        (row(""), "`order` is empty"),
        ("2", "half a row"),
    ],
)
def test_a_bad_line_is_named_by_its_number_and_the_others_are_taken(bad: str, named: str) -> None:
    orders, (found,) = read(row("1"), bad, row("3"))
    assert found.number == 3
    assert named in found.reason
    assert [order.number for order in orders] == ["1", "3"]
    assert found.reason.isprintable()


@pytest.mark.parametrize(
    ("field", "value"),
    [("placed_at", ""), ("placed_at", "x"), ("email", "mette"), ("email", ""), ("currency", "kroner")],
)
def test_an_order_that_cannot_be_an_order_is_named_by_its_first_line(field: str, value: str) -> None:
    orders, (found,) = read(row("1"), row("2", **{field: value}), row("3"))
    assert (found.number, f"`{field}`" in found.reason) == (3, True)
    assert [order.number for order in orders] == ["1", "3"]


def test_an_order_with_a_bad_line_is_left_out_whole_because_half_its_money_is_wrong() -> None:
    orders, (found,) = read(
        row("1", kind="capture", text="p1"),
        row("1", kind="refund", text="r1", amount="1,00 kr"),
        row("1", kind="shipping"),
        row("2"),
    )
    assert [order.number for order in orders] == ["2"]
    assert "Order 1 is left out" in found.reason


def test_a_file_without_the_columns_says_which() -> None:
    with pytest.raises(ValueError, match=r"lacks name, .*must have order, email"):
        list(read_orders(["order,email", "1,2"]))
    with pytest.raises(ValueError, match="lacks order"):
        list(read_orders([]))


def test_a_field_without_end_is_a_bad_line_and_not_the_end() -> None:
    orders, bad = read(row("1", text="x" * 20_000), row("2"))
    assert [order.number for order in orders] == ["2"]
    assert [each.number for each in bad] == [2]


@given(st.lists(st.text(alphabet=st.characters(exclude_categories=["Cs"]), max_size=60), max_size=8))
def test_any_file_is_read_or_told(lines: list[str]) -> None:
    for each in read_orders([HEAD, *lines]):
        assert isinstance(each, (OrderRecord, BadLine))


# ---- taking -------------------------------------------------------------------------------------------------


def everything(engine: Engine) -> list[tuple[object, ...]]:
    """What is in the books, without the ids of rows that are written anew."""

    def all_of(session: Session) -> list[tuple[object, ...]]:
        columns = (
            (Order.number, Order.paid_minor, Order.given_back_minor),
            (Customer.preferred_name, Customer.language),
            (OrderLine.name, OrderLine.amount_minor),
            (Payment.kind, Payment.reference, Payment.amount_minor),
            (Shipment.carrier, Shipment.status),
        )
        return [tuple(each) for names in columns for each in session.execute(select(*map(col, names))).all()]

    with reading(engine) as session:
        return sorted(all_of(session), key=str)


FILE: Sequence[str] = (
    HEAD,
    row("1"),
    row("1", kind="capture", text="p1", amount="499.00"),
    row("1", kind="parcel", text="GLS 1", status="pending"),
    row("2", email="anna@example.se", currency="SEK", country="SE"),
    row("3", amount="x"),
)


def test_importing_twice_changes_nothing(engine: Engine) -> None:
    first = import_orders(engine, FILE, NOW)
    before = everything(engine)
    second = import_orders(engine, FILE, NOW)
    assert everything(engine) == before
    assert (first.taken, len(first.bad)) == (second.taken, len(second.bad)) == (2, 1)
    assert ("1", 49_900, 0) in before


def test_a_newer_file_is_what_counts(engine: Engine) -> None:
    import_orders(engine, FILE, NOW)
    import_orders(engine, [HEAD, row("1", kind="capture", text="p1", amount="100.00")], NOW)
    found = everything(engine)
    assert ("1", 10_000, 0) in found
    assert ("Bordlampe", 45_000) in found  # of the other order
    assert found.count(("Bordlampe", 45_000)) == 1


def test_many_orders_are_taken_in_batches_and_counted(tmp_path: Path) -> None:
    engine = connect(f"sqlite:///{tmp_path / 'test.db'}")
    migrate(engine)
    counted: list[int] = []
    rows = [HEAD, *(row(str(number), email=f"k{number}@example.dk") for number in range(BATCH + 10))]
    done = import_orders(engine, rows, NOW, counted.append)
    assert (done.taken, done.bad) == (BATCH + 10, [])
    assert counted == [BATCH, 10]
    engine.dispose()


def test_a_file_with_a_wrong_header_takes_nothing(engine: Engine) -> None:
    with pytest.raises(ValueError, match="header"):
        import_orders(engine, ["a,b", "1,2"], NOW)
    assert everything(engine) == []
