"""Many orders at once: the same result as one by one, quick the second time, and no money lost when orders shrink."""

from dataclasses import replace
from datetime import timedelta

import builders
from builders import MINUTE, NOW
from sqlalchemy import Engine, event, func, select
from sqlmodel import col

from storage import orders, refunds
from storage.engine import reading, transaction
from storage.order_batches import keep_many
from storage.order_copies import Outcome, compare
from storage.orders import OrderRecord
from storage.tables import Customer, Order, OrderLine, Payment, PaymentKind, RefundState, Shipment

MANY = 1000


def many() -> list[OrderRecord]:
    """Orders of some hundred customers, each somewhat different."""
    return [
        builders.order_record(
            number=str(number),
            email=f"k{number % 300}@example.dk",
            placed_at=NOW - timedelta(days=number % 400),
            movements=(builders.movement(1000 + number, reference="c"), *_back(number)),
        )
        for number in range(MANY)
    ]


def _back(number: int) -> tuple[orders.Movement, ...]:
    return (builders.movement(number, PaymentKind.REFUND, "r"),) if number % 7 == 0 else ()


def everything(engine: Engine) -> list[tuple[object, ...]]:
    """Orders with what was worked out, and how many parts there are."""
    with reading(engine) as session:
        found = session.execute(
            select(
                col(Order.number), col(Order.paid_minor), col(Order.given_back_minor), col(Order.facts_at),
                col(Customer.since_at), col(Customer.country),
            ).join(Customer, col(Customer.id) == col(Order.customer_id)).order_by(col(Order.number))
        )  # fmt: skip
        told: list[tuple[object, ...]] = [tuple(row) for row in found]
        counted = [
            select(func.count()).select_from(each) for each in (OrderLine, Payment, Shipment, Customer)
        ]
        return [*told, *((session.execute(each).scalar_one(),) for each in counted)]


def test_many_at_once_are_the_same_as_one_by_one(engine: Engine) -> None:
    records = many()
    with transaction(engine) as session:
        assert set(keep_many(session, records, NOW)) == {Outcome.NEW}
    together = everything(engine)
    with transaction(engine) as session:
        for table in (OrderLine, Payment, Shipment, Order):
            session.execute(table.__table__.delete())  # type: ignore[attr-defined]  # every table has it
        for record in records:
            orders.keep(session, record, NOW)
    assert everything(engine) == together


def test_the_second_time_nothing_is_written(engine: Engine) -> None:
    records = many()
    with transaction(engine) as session:
        keep_many(session, records, NOW)
    written: list[str] = []
    event.listen(engine, "before_cursor_execute", lambda _c, _k, statement, *_: written.append(statement[:6]))
    with transaction(engine) as session:
        assert set(keep_many(session, records, NOW)) == {Outcome.SAME}
    assert {each for each in written if each in ("INSERT", "UPDATE", "DELETE")} == set()
    assert len(written) < 20


def test_what_would_change_is_told_without_changing_it(engine: Engine) -> None:
    records = many()[:10]
    with transaction(engine) as session:
        keep_many(session, records[:8], NOW)
    changed = [replace(records[0], lines=()), replace(records[1], email="new@example.dk"), *records[2:]]
    with reading(engine) as session:
        told = compare(session, changed, NOW + MINUTE)
    assert told == [Outcome.CHANGED] * 2 + [Outcome.CONFIRMED] * 6 + [Outcome.NEW] * 2


def test_the_same_facts_read_later_are_younger_and_hold_what_we_gave_back(engine: Engine) -> None:
    with transaction(engine) as session:
        case, agent = builders.conversation(session), builders.identity(builders.agent(session))
        order_id = builders.order(session, 54_800, number="1")
        given = refunds.add(
            session, builders.ask(case, order_id, amount_minor=10_000), agent, approved=True, now=NOW
        )
        assert given is not None
        given.state, given.settled_at = RefundState.SETTLED, NOW + MINUTE
        session.flush()
    with reading(engine) as session:
        book = orders.book(session, order_id)
        assert book is not None
        same = builders.order_record(
            number="1",
            movements=tuple(
                orders.Movement(each.kind, each.reference, each.amount_minor, each.happened_at)
                for each in book.payments
            ),
        )
    with transaction(engine) as session:
        assert keep_many(session, [same], NOW + 2 * MINUTE) == [Outcome.CONFIRMED]
    with reading(engine) as session:
        order = session.get_one(Order, order_id)
        assert (order.facts_at, order.given_back_minor) == (NOW + 2 * MINUTE, 10_000)


def test_an_order_that_shrinks_says_the_newer_facts_but_never_less_than_was_given_back(
    engine: Engine,
) -> None:
    with transaction(engine) as session:
        case, agent = builders.conversation(session), builders.identity(builders.agent(session))
        order_id = builders.order(session, 54_800, number="1")
        refunds.add(session, builders.ask(case, order_id, amount_minor=30_000), agent, approved=True, now=NOW)
    smaller = builders.order_record(number="1", lines=(), parcels=(), movements=(builders.movement(10_000),))
    with transaction(engine) as session:
        assert keep_many(session, [smaller], NOW + MINUTE) == [Outcome.CHANGED]
    with reading(engine) as session:
        book = orders.book(session, order_id)
        assert book is not None
        assert (book.lines, book.shipments, len(book.payments)) == ((), (), 1)
        assert (book.order.paid_minor, book.order.given_back_minor) == (30_000, 30_000)


def test_an_order_told_twice_at_once_keeps_the_newer_facts(engine: Engine) -> None:
    old = builders.order_record(number="1", updated_at=NOW, movements=())
    new = builders.order_record(number="1", updated_at=NOW + MINUTE)
    for number, both in (("1", (new, old)), ("2", (old, new))):
        records = [replace(each, number=number) for each in both]
        with transaction(engine) as session:
            keep_many(session, records, NOW)
        with reading(engine) as session:
            paid = session.execute(
                select(col(Order.paid_minor)).where(col(Order.number) == number)
            ).scalar_one()
            assert paid == 54_800
