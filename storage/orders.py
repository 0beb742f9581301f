"""Orders as the shop's books tell them."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime

from sqlalchemy import delete, select, update
from sqlmodel import Session, col

from storage import customers
from storage.engine import changed
from storage.tables import (
    Customer,
    Order,
    OrderLine,
    Payment,
    PaymentKind,
    Refund,
    RefundState,
    Shipment,
    ShipmentStatus,
)

#: The kind of refund that only lets a reservation go: no money was taken, none is given back.
RELEASE = "release"


@dataclass(frozen=True, slots=True)
class Line:
    """One order line or fee; kind is item or shipping."""

    kind: str
    name: str
    amount_minor: int


@dataclass(frozen=True, slots=True)
class Movement:
    """One movement of money."""

    kind: PaymentKind
    reference: str
    amount_minor: int
    happened_at: datetime


@dataclass(frozen=True, slots=True)
class Parcel:
    """One parcel."""

    carrier: str
    tracking: str
    status: ShipmentStatus
    promised_at: datetime | None = None
    delivered_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class OrderRecord:
    """One order, whole, as an import or the shop hands it over."""

    number: str
    email: str
    name: str
    language: str
    currency: str
    country: str
    placed_at: datetime
    lines: tuple[Line, ...] = ()
    movements: tuple[Movement, ...] = ()
    parcels: tuple[Parcel, ...] = ()
    #: When these facts were true in the shop's books; None: when they are kept.
    updated_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class OrderBook:
    """One order with everything that hangs on it, read at one moment."""

    order: Order
    lines: Sequence[OrderLine] = field(default_factory=tuple)
    payments: Sequence[Payment] = field(default_factory=tuple)
    shipments: Sequence[Shipment] = field(default_factory=tuple)
    #: Those of ours that have left the house.
    refunds: Sequence[Refund] = field(default_factory=tuple)


def keep(session: Session, record: OrderRecord, now: datetime) -> int:
    """Make our copy of the order say what the record says; doing it twice changes nothing.

    What is older than what we have is left, and so is the order of somebody who is forgotten: it would name them again.
    Money that we have promised back is never forgotten: an order that shrinks below it keeps the larger sum.
    """
    facts_at = record.updated_at or now
    order = session.execute(
        select(Order).where(col(Order.number) == record.number).with_for_update(key_share=True)
    ).scalar_one_or_none()
    if order is not None and (order.facts_at > facts_at or _is_forgotten(session, order)):
        return order.id or 0
    customer_id = customers.import_one(
        session,
        email=record.email,
        name=record.name,
        language=record.language,
        country=record.country,
        since_at=record.placed_at,
        now=now,
    )
    order = order or Order(
        number=record.number, currency=record.currency, placed_at=record.placed_at, facts_at=facts_at
    )
    order.customer_id, order.country, order.facts_at = customer_id, record.country, facts_at
    order.currency, order.placed_at = record.currency, record.placed_at
    session.add(order)
    session.flush()
    assert order.id is not None
    _replace_parts(session, order.id, record)
    recount(session, order.id)
    return order.id


def _is_forgotten(session: Session, order: Order) -> bool:
    owner = session.get(Customer, order.customer_id) if order.customer_id else None
    return owner is not None and owner.erased_at is not None


def recount(session: Session, order_id: int) -> None:
    """Work out anew what was paid and what has gone or is promised back, from the books and our ledger."""
    # Refunds refer to this row: FOR NO KEY UPDATE lets new ones in while we wait for the ones in hand.
    order = session.get_one(Order, order_id, with_for_update={"key_share": True}, populate_existing=True)
    captured, theirs = _moved(session, order_id)
    unread, read = _given_back(session, order)
    # The shop's figure holds what we had settled when it was read; what came after is on top of it.
    given_back = min(unread + max(read, theirs), max(captured, unread + read, theirs))
    order.paid_minor, order.given_back_minor = max(captured, given_back), given_back
    session.flush()


def _moved(session: Session, order_id: int) -> tuple[int, int]:
    """What was captured and what was given back, as the shop tells it."""
    here = select(col(Payment.kind), col(Payment.amount_minor)).where(col(Payment.order_id) == order_id)
    rows = session.execute(here).all()
    captured, refunded = (
        sum(amount for kind, amount in rows if kind == wanted)
        for wanted in (PaymentKind.CAPTURE, PaymentKind.REFUND)
    )
    return captured, refunded


def _given_back(session: Session, order: Order) -> tuple[int, int]:
    """Our ledger: what the shop cannot know yet, and what was settled when its books were last read."""
    here = select(Refund).where(
        col(Refund.order_id) == order.id,
        col(Refund.kind) != RELEASE,
        col(Refund.state).in_((RefundState.REQUESTED, RefundState.APPROVED, RefundState.SETTLED)),
    )
    unread = read = 0
    for refund in session.execute(here).scalars():
        if refund.settled_at is not None and refund.settled_at <= order.facts_at:
            read += refund.amount_minor
        else:
            unread += refund.amount_minor
    return unread, read


def _replace_parts(session: Session, order_id: int, record: OrderRecord) -> None:
    for table in (OrderLine, Payment, Shipment):
        session.execute(delete(table).where(col(table.order_id) == order_id))
    session.add_all(
        OrderLine(
            order_id=order_id, position=number, kind=each.kind, name=each.name, amount_minor=each.amount_minor
        )
        for number, each in enumerate(record.lines, start=1)
    )
    session.add_all(
        Payment(
            order_id=order_id,
            kind=each.kind,
            reference=each.reference,
            amount_minor=each.amount_minor,
            happened_at=each.happened_at,
        )
        for each in record.movements
    )
    session.add_all(
        Shipment(
            order_id=order_id,
            carrier=each.carrier,
            tracking=each.tracking,
            status=each.status,
            promised_at=each.promised_at,
            delivered_at=each.delivered_at,
        )
        for each in record.parcels
    )
    session.flush()


def books_of(session: Session, customer_id: int, limit: int = 20) -> tuple[OrderBook, ...]:
    """The customer's newest orders, newest first. Other people's orders are never found here."""
    mine = select(Order).where(col(Order.customer_id) == customer_id)
    newest = mine.order_by(col(Order.placed_at).desc()).limit(limit)
    return _books(session, session.execute(newest).scalars().all())


def by_number(session: Session, number: str) -> Order | None:
    """The order that people call so."""
    return session.execute(select(Order).where(col(Order.number) == number)).scalar_one_or_none()


def known_numbers(session: Session, numbers: Sequence[str]) -> frozenset[str]:
    """Those of the numbers that are orders here, whoever's they are."""
    here = select(col(Order.number)).where(col(Order.number).in_(numbers))
    return frozenset(session.execute(here).scalars())


def book(session: Session, order_id: int) -> OrderBook | None:
    """One order with its lines, payments and parcels."""
    order = session.get(Order, order_id)
    return _books(session, [order])[0] if order is not None else None


def _books(session: Session, found: Sequence[Order]) -> tuple[OrderBook, ...]:
    wanted = [order.id for order in found]
    lines, payments, shipments = (
        session.execute(select(table).where(col(table.order_id).in_(wanted)).order_by(col(table.id)))
        .scalars()
        .all()
        for table in (OrderLine, Payment, Shipment)
    )
    gone = select(Refund).where(
        col(Refund.order_id).in_(wanted),
        col(Refund.state) == RefundState.SETTLED,
        col(Refund.kind) != RELEASE,
    )
    refunds = session.execute(gone.order_by(col(Refund.id))).scalars().all()
    return tuple(
        OrderBook(
            order,
            tuple(each for each in lines if each.order_id == order.id),
            tuple(each for each in payments if each.order_id == order.id),
            tuple(each for each in shipments if each.order_id == order.id),
            tuple(each for each in refunds if each.order_id == order.id),
        )
        for order in found
    )


def reserve(session: Session, order_id: int, amount_minor: int, currency: str) -> bool:
    """Set money aside to be given back; False when less than that is left of what was paid."""
    statement = (
        update(Order)
        .where(
            col(Order.id) == order_id,
            col(Order.currency) == currency,
            col(Order.paid_minor) - col(Order.given_back_minor) >= amount_minor,
        )
        .values(given_back_minor=Order.given_back_minor + amount_minor)
    )
    return changed(session, statement) == 1
