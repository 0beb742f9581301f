"""Orders: our copy says what the shop says, and no import ever loses money that we promised back."""

from functools import partial

import builders
import pytest
from builders import MINUTE, NOW
from sqlalchemy import Engine, func, select
from sqlmodel import Session, col
from storage_races import WORKERS, race, race_apart

from storage import orders, refunds
from storage.engine import transaction
from storage.refunds import NothingLeft
from storage.tables import (
    Agent,
    Conversation,
    Customer,
    Order,
    OrderLine,
    PaymentKind,
    Refund,
    ShipmentStatus,
)

PAID = builders.movement(54_800, reference="pay-1")


def test_an_order_is_read_back_as_the_shop_told_it(engine: Engine) -> None:
    record = builders.order_record()
    with transaction(engine) as session:
        order_id = orders.keep(session, record, NOW)
    with transaction(engine) as session:
        book = orders.book(session, order_id)
        assert book is not None
        order = book.order
        assert (order.number, order.currency, order.country) == ("10432", "DKK", "DK")
        assert (order.paid_minor, order.given_back_minor, order.facts_at) == (54_800, 0, NOW)
        lines = [(line.position, line.kind, line.name, line.amount_minor) for line in book.lines]
        assert lines == [(1, "item", "Lampe Nord", 49_900), (2, "shipping", "Fragt", 4_900)]
        (payment,), (shipment,) = book.payments, book.shipments
        assert (payment.kind, payment.amount_minor) == (PaymentKind.CAPTURE, 54_800)
        assert (shipment.status, shipment.delivered_at) == (
            ShipmentStatus.DELIVERED,
            record.parcels[0].delivered_at,
        )


def test_importing_an_order_twice_changes_nothing(engine: Engine) -> None:
    record = builders.order_record()
    with transaction(engine) as session:
        first = orders.keep(session, record, NOW)
        before = _told(session, first)
    with transaction(engine) as session:
        assert orders.keep(session, record, NOW) == first
        assert _told(session, first) == before
        for table in (Order, Customer):
            assert session.execute(select(func.count()).select_from(table)).scalar_one() == 1


def test_a_later_import_replaces_lines_parcels_currency_and_dates(engine: Engine) -> None:
    with transaction(engine) as session:
        order_id = orders.keep(session, builders.order_record(), NOW)
        placed_at = NOW - MINUTE
        later = builders.order_record(
            currency="SEK", placed_at=placed_at, lines=(orders.Line("item", "Lampe Syd", 100),), parcels=()
        )
        orders.keep(session, later, NOW + MINUTE)
    with transaction(engine) as session:
        book = orders.book(session, order_id)
        assert book is not None
        assert ([line.name for line in book.lines], book.shipments) == (["Lampe Syd"], ())
        assert (book.order.currency, book.order.placed_at) == ("SEK", placed_at)


def test_a_reservation_is_not_paid(engine: Engine) -> None:
    movements = (PAID, builders.movement(54_800, PaymentKind.RESERVATION))
    with transaction(engine) as session:
        order_id = orders.keep(session, builders.order_record(movements=movements), NOW)
        assert _money(session, order_id) == (54_800, 0)


def test_an_order_that_shrinks_below_what_we_promised_keeps_the_promise(engine: Engine) -> None:
    with transaction(engine) as session:
        order_id = orders.keep(session, builders.order_record(movements=(PAID,)), NOW)
        _refund(session, order_id, 50_000)
        shrunk = builders.order_record(movements=(builders.movement(10_000),))
        orders.keep(session, shrunk, NOW)
        assert _money(session, order_id) == (50_000, 50_000)
        with pytest.raises(NothingLeft):
            _refund(session, order_id, 1)


def test_when_the_promise_on_a_shrunken_order_is_declined_only_what_was_captured_is_left(
    engine: Engine,
) -> None:
    with transaction(engine) as session:
        order_id = orders.keep(session, builders.order_record(movements=(PAID,)), NOW)
        refund = _refund(session, order_id, 50_000, approved=False)
        orders.keep(session, builders.order_record(movements=(builders.movement(10_000),)), NOW)
        lead = builders.identity(builders.agent(session))
        assert refunds.decide(session, builders.identity(refund), lead, approve=False, now=NOW)
        assert _money(session, order_id) == (10_000, 0)


def test_what_the_shop_gave_back_itself_is_given_back(engine: Engine) -> None:
    theirs = builders.movement(4_800, PaymentKind.REFUND)
    with transaction(engine) as session:
        order_id = orders.keep(session, builders.order_record(movements=(PAID, theirs)), NOW)
        assert _money(session, order_id) == (54_800, 4_800)


def test_a_refund_that_we_settled_and_the_shop_tells_of_counts_once(engine: Engine) -> None:
    with transaction(engine) as session:
        order_id = orders.keep(session, builders.order_record(movements=(PAID,)), NOW)
        _settled(session, _refund(session, order_id, 4_800))
        theirs = builders.movement(4_800, PaymentKind.REFUND)
        orders.keep(session, builders.order_record(movements=(PAID, theirs)), NOW + 2 * MINUTE)
        assert _money(session, order_id) == (54_800, 4_800)


def test_a_promise_that_has_not_settled_is_on_top_of_what_the_shop_tells(engine: Engine) -> None:
    theirs = builders.movement(4_800, PaymentKind.REFUND)
    with transaction(engine) as session:
        order_id = orders.keep(session, builders.order_record(movements=(PAID,)), NOW)
        _refund(session, order_id, 10_000)
        orders.keep(session, builders.order_record(movements=(PAID, theirs)), NOW)
        assert _money(session, order_id) == (54_800, 14_800)


def test_a_refund_settled_since_the_shop_was_read_is_not_forgotten_in_a_recount(engine: Engine) -> None:
    theirs = builders.movement(4_800, PaymentKind.REFUND)
    with transaction(engine) as session:
        order_id = orders.keep(session, builders.order_record(movements=(PAID, theirs)), NOW)
        _settled(session, _refund(session, order_id, 10_000))
        failed = _refund(session, order_id, 500)
        refunds.settle(session, builders.identity(failed), failed.requested_by, done=False, now=NOW)
        assert _money(session, order_id) == (54_800, 14_800)


def test_a_promise_never_makes_an_order_look_paid_twice(engine: Engine) -> None:
    """The shop has paid it out already, and nobody has said so yet."""
    with transaction(engine) as session:
        order_id = orders.keep(session, builders.order_record(movements=(PAID,)), NOW)
        refund = _refund(session, order_id, 54_800)
        theirs = builders.movement(54_800, PaymentKind.REFUND)
        orders.keep(session, builders.order_record(movements=(PAID, theirs)), NOW)
        assert _money(session, order_id) == (54_800, 54_800)
        refunds.settle(session, builders.identity(refund), refund.requested_by, done=False, now=NOW)
        assert _money(session, order_id) == (54_800, 54_800)


def test_an_import_in_the_middle_of_requests_loses_none_of_them(engine: Engine) -> None:
    record = builders.order_record(movements=(builders.movement(1000, reference="pay-1"),))
    with transaction(engine) as session:
        order_id = orders.keep(session, record, NOW)
        case, agent = builders.conversation(session), builders.agent(session)

    def ask(session: Session) -> None:
        refunds.add(
            session,
            builders.ask(case, order_id, amount_minor=150),
            builders.identity(agent),
            approved=True,
            now=NOW,
        )

    def keep(session: Session) -> None:
        orders.keep(session, record, NOW)

    race_apart(engine, [ask, keep] * (WORKERS // 2))
    with transaction(engine) as session:
        promised = session.execute(select(func.sum(col(Refund.amount_minor)))).scalar_one()
        assert promised == 150 * WORKERS // 2
        assert _money(session, order_id) == (1000, promised)


def test_eight_imports_of_a_known_order_leave_one_copy_of_it(engine: Engine) -> None:
    record = builders.order_record()
    with transaction(engine) as session:
        order_id = orders.keep(session, record, NOW)
        before = _told(session, order_id)
    race(engine, partial(orders.keep, record=record, now=NOW))
    with transaction(engine) as session:
        assert _told(session, order_id) == before
        assert session.execute(select(func.count()).select_from(OrderLine)).scalar_one() == len(record.lines)


def test_a_customer_has_only_their_own_orders_the_newest_first(engine: Engine) -> None:
    with transaction(engine) as session:
        for number, email, days_ago in (("1", "a@x.dk", 3), ("2", "a@x.dk", 1), ("3", "b@x.dk", 2)):
            placed_at = NOW - days_ago * 24 * 60 * MINUTE
            record = builders.order_record(number=number, email=email, placed_at=placed_at)
            orders.keep(session, record, NOW)
        owner = session.execute(select(Order).where(col(Order.number) == "1")).scalar_one().customer_id
        books = orders.books_of(session, owner or 0)
        assert [book.order.number for book in books] == ["2", "1"]
        assert all(len(book.lines) == 2 and len(book.payments) == 1 for book in books)
        assert [book.order.number for book in orders.books_of(session, owner or 0, limit=1)] == ["2"]
        assert orders.books_of(session, 4711) == ()
        assert orders.book(session, 4711) is None


def _told(session: Session, order_id: int) -> list[dict[str, object]]:
    """Everything about an order but the rows' own numbers."""
    book = orders.book(session, order_id)
    assert book is not None
    rows = (book.order, *book.lines, *book.payments, *book.shipments)
    return [row.model_dump(exclude={"id"}) for row in rows]


def _refund(session: Session, order_id: int, amount_minor: int, *, approved: bool = True) -> Refund:
    case: Conversation = builders.conversation(session)
    agent: Agent = builders.agent(session)
    ask = builders.ask(case, order_id, amount_minor=amount_minor)
    refund = refunds.add(session, ask, builders.identity(agent), approved=approved, now=NOW)
    assert refund is not None
    return refund


def _settled(session: Session, refund: Refund) -> None:
    later = NOW + MINUTE
    assert refunds.settle(session, builders.identity(refund), refund.requested_by, done=True, now=later)


def _money(session: Session, order_id: int) -> tuple[int, int]:
    order = session.get_one(Order, order_id, populate_existing=True)
    return order.paid_minor, order.given_back_minor
