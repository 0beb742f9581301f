"""Customers: one person behind one or more addresses."""

from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import select, update
from sqlmodel import Session, col

from storage.engine import insert_once
from storage.tables import AddressKind, Customer, CustomerAddress, Strike

#: How many past languages are remembered.
LANGUAGES_KEPT = 10


@dataclass(frozen=True, slots=True)
class Door:
    """One way a person reaches us."""

    kind: AddressKind
    value: str


def by_address(session: Session, door: Door) -> Customer | None:
    """Who writes from there."""
    here = (col(CustomerAddress.kind) == door.kind, col(CustomerAddress.value) == door.value)
    statement = select(Customer).join(CustomerAddress).where(*here)
    return session.execute(statement).scalar_one_or_none()


def ensure(session: Session, door: Door, *, name: str, source: str, now: datetime) -> Customer:
    """Who writes from there; a new customer when nobody does yet.

    `name` is the first name they sign with. Two workers that meet the same stranger at once: the unique address
    makes the second one start over.
    """
    known = by_address(session, door)
    if known is not None:
        if name and not known.preferred_name:
            known.preferred_name = name
        return known
    customer = Customer(preferred_name=name, since_at=now, created_at=now)
    session.add(customer)
    session.flush()
    assert customer.id is not None
    add_address(session, customer.id, door, source=source, now=now)
    return customer


def add_address(session: Session, customer_id: int, door: Door, *, source: str, now: datetime) -> None:
    """Give a customer one more door. Raises IntegrityError when it is somebody else's."""
    session.add(
        CustomerAddress(
            customer_id=customer_id, kind=door.kind, value=door.value, source=source, created_at=now
        )
    )
    session.flush()


def import_one(
    session: Session,
    *,
    email: str,
    name: str,
    language: str,
    country: str,
    since_at: datetime,
    now: datetime,
) -> int:
    """Keep what the shop knows of a customer, found by e-mail; what is known better already stays."""
    customer = ensure(session, Door(AddressKind.EMAIL, email.lower()), name=name, source="import", now=now)
    customer.preferred_name = name or customer.preferred_name
    customer.language = language or customer.language
    customer.country = country or customer.country
    customer.since_at = min(customer.since_at, since_at)
    session.flush()
    assert customer.id is not None
    return customer.id


def remember_language(customer: Customer, language: str) -> None:
    """Add the language of one more message."""
    kept = [*customer.past_languages.split(), language][-LANGUAGES_KEPT:]
    customer.past_languages = " ".join(kept)


def mark_bounced(session: Session, address: str, now: datetime) -> None:
    """Mail to that address comes back for good."""
    here = (col(CustomerAddress.kind) == AddressKind.EMAIL, col(CustomerAddress.value) == address.lower())
    session.execute(update(CustomerAddress).where(*here).values(bounced_at=now))


def clear_bounced(session: Session, address: str) -> None:
    """Mail to that address arrives after all."""
    here = (col(CustomerAddress.kind) == AddressKind.EMAIL, col(CustomerAddress.value) == address.lower())
    session.execute(update(CustomerAddress).where(*here).values(bounced_at=None))


def has_bounced(session: Session, address: str) -> bool:
    """Whether mail to that address comes back for good."""
    here = (col(CustomerAddress.kind) == AddressKind.EMAIL, col(CustomerAddress.value) == address.lower())
    statement = select(col(CustomerAddress.bounced_at)).where(*here)
    return session.execute(statement).scalar() is not None


def strikes(session: Session, customer_id: int, except_conversation: int = 0) -> tuple[date, ...]:
    """The days we let this customer down, oldest first."""
    statement = (
        select(col(Strike.happened_on))
        .where(col(Strike.customer_id) == customer_id, col(Strike.conversation_id) != except_conversation)
        .order_by(col(Strike.happened_on))
    )
    return tuple(session.execute(statement).scalars())


def add_strike(session: Session, customer_id: int, conversation_id: int, kind: str, on: date) -> None:
    """We let a customer down in this conversation; counted once per conversation."""
    values = {"customer_id": customer_id, "conversation_id": conversation_id, "kind": kind, "happened_on": on}
    insert_once(session, Strike, values, ["conversation_id"])
