"""Many orders at once: the same result as one after the other, in a tenth of the time."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import insert, select, update
from sqlmodel import Session, col

from storage import customers, orders
from storage.order_copies import Outcome, compare, owners_of
from storage.orders import OrderRecord
from storage.tables import (
    AddressKind,
    Customer,
    CustomerAddress,
    KnownField,
    Order,
    OrderLine,
    Payment,
    PaymentKind,
    Refund,
    Shipment,
)

#: What customers' fields known from orders carry as their source.
SOURCE = "orders"


#: Outcomes after which nothing is written.
UNTOUCHED = frozenset({Outcome.SAME, Outcome.OLDER, Outcome.FORGOTTEN})


def keep_many(session: Session, records: Sequence[OrderRecord], now: datetime) -> list[Outcome]:
    """`orders.keep` for each of them; what happened to each.

    Raises IntegrityError where somebody else stores the same order or customer at this moment: try again.
    """
    outcomes = compare(session, records, now)
    new: list[OrderRecord] = []
    confirmed: dict[str, datetime] = {}
    later: list[OrderRecord] = []
    for record, outcome in zip(records, outcomes, strict=True):
        match outcome:
            case Outcome.NEW:
                new.append(record)
            case Outcome.CONFIRMED:
                confirmed[record.number] = record.updated_at or now
            case Outcome.CHANGED:
                later.append(record)
            case _:
                pass
    _insert(session, new, now)
    for record in later:
        orders.keep(session, record, now)
    _confirm(session, confirmed)
    return outcomes


def _confirm(session: Session, facts_at: Mapping[str, datetime]) -> None:
    """The same facts, read later: they are younger than we thought, and our refunds of the time between are in them."""
    by_instant: dict[datetime, list[str]] = defaultdict(list)
    for number, at in facts_at.items():
        by_instant[at].append(number)
    for at, numbers in by_instant.items():
        here = (col(Order.number).in_(numbers), col(Order.facts_at) < at)
        with_refunds = select(col(Order.id)).join(Refund, col(Refund.order_id) == col(Order.id)).where(*here)
        affected = session.execute(with_refunds.distinct()).scalars().all()
        session.execute(update(Order).where(*here).values(facts_at=at))
        for order_id in affected:
            assert order_id is not None
            orders.recount(session, order_id)


def _insert(session: Session, records: Sequence[OrderRecord], now: datetime) -> None:
    if not records:
        return
    owners = _customers(session, records, now)
    rows = [
        {
            "number": record.number,
            "customer_id": owners[record.email.lower()],
            "currency": record.currency,
            "country": record.country,
            "placed_at": record.placed_at,
            "facts_at": record.updated_at or now,
            **_money(record),
        }
        for record in records
    ]
    made = insert(Order).returning(col(Order.id), sort_by_parameter_order=True)
    ids = session.execute(made, rows).scalars().all()
    lines, payments, shipments = [], [], []
    for order_id, record in zip(ids, records, strict=True):
        lines += [
            {"order_id": order_id, "position": number, "kind": each.kind, "name": each.name,
             "amount_minor": each.amount_minor}
            for number, each in enumerate(record.lines, 1)
        ]  # fmt: skip
        payments += [
            {"order_id": order_id, "kind": each.kind, "reference": each.reference,
             "amount_minor": each.amount_minor, "happened_at": each.happened_at}
            for each in record.movements
        ]  # fmt: skip
        shipments += [
            {"order_id": order_id, "carrier": each.carrier, "tracking": each.tracking, "status": each.status,
             "promised_at": each.promised_at, "delivered_at": each.delivered_at}
            for each in record.parcels
        ]  # fmt: skip
    for table, values in ((OrderLine, lines), (Payment, payments), (Shipment, shipments)):
        if values:
            session.execute(insert(table), values)


def _money(record: OrderRecord) -> dict[str, int]:
    """As `orders.recount` has it for an order on which we have given nothing back yet."""
    captured = sum(each.amount_minor for each in record.movements if each.kind is PaymentKind.CAPTURE)
    given_back = sum(each.amount_minor for each in record.movements if each.kind is PaymentKind.REFUND)
    return {"paid_minor": max(captured, given_back), "given_back_minor": given_back}


def _customers(session: Session, records: Sequence[OrderRecord], now: datetime) -> dict[str, int]:
    """The owner of each order, by address; those we do not know are stored, the others told what is new."""
    by_email: dict[str, list[OrderRecord]] = defaultdict(list)
    for record in records:
        by_email[record.email.lower()].append(record)
    owners = owners_of(session, by_email)
    known = {
        customer.id: customer
        for customer in session.execute(
            select(Customer).where(col(Customer.id).in_(owners.values()))
        ).scalars()
    }
    for email, customer_id in owners.items():
        for record in by_email[email]:
            if _tells_something(known[customer_id], record):
                _import_one(session, record, now)
    strangers = [_stranger(email, theirs) for email, theirs in by_email.items() if email not in owners]
    return owners | _store(session, strangers, now)


def _tells_something(customer: Customer, record: OrderRecord) -> bool:
    return (
        record.name not in ("", customer.preferred_name)
        or record.language not in ("", customer.language)
        or record.country not in ("", customer.country)
        or record.placed_at < customer.since_at
    )


def _import_one(session: Session, record: OrderRecord, now: datetime) -> None:
    customers.import_one(
        session,
        email=record.email,
        name=record.name,
        language=record.language,
        country=record.country,
        since_at=record.placed_at,
        now=record.updated_at or now,
    )


def _stranger(email: str, records: Sequence[OrderRecord]) -> dict[str, Any]:
    """A customer as their orders tell them; the last one that says something counts."""

    def last(name: str) -> str:
        return next((said for each in reversed(records) if (said := getattr(each, name))), "")

    return {
        "email": email,
        "preferred_name": last("name"),
        "language": last("language"),
        "country": last("country"),
        "since_at": min(each.placed_at for each in records),
    }


def _store(session: Session, strangers: Sequence[dict[str, Any]], now: datetime) -> dict[str, int]:
    if not strangers:
        return {}
    made = insert(Customer).returning(col(Customer.id), sort_by_parameter_order=True)
    rows = [
        {name: value for name, value in each.items() if name != "email"} | {"created_at": now}
        for each in strangers
    ]
    ids: Sequence[Any] = session.execute(made, rows).scalars().all()
    owners = {each["email"]: customer_id for each, customer_id in zip(strangers, ids, strict=True)}
    session.execute(
        insert(CustomerAddress),
        [
            {
                "customer_id": customer_id,
                "kind": AddressKind.EMAIL,
                "value": email,
                "source": SOURCE,
                "created_at": now,
            }
            for email, customer_id in owners.items()
        ],
    )
    fields = [
        {
            "customer_id": owners[each["email"]],
            "name": name,
            "value": each[name],
            "source": SOURCE,
            "known_at": now,
        }
        for each in strangers
        for name in ("preferred_name", "language", "country")
        if each[name]
    ]
    if fields:
        session.execute(insert(KnownField), fields)
    return owners
