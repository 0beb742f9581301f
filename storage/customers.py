"""Customers: one person behind one or more addresses."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import select, update
from sqlmodel import Session, col

from storage import knowledge
from storage.engine import insert_once
from storage.tables import AddressKind, Customer, CustomerAddress, Strike

#: What a channel's words have as their source.
_SPOKEN = {"email": "mail"}
#: How many past languages are remembered.
LANGUAGES_KEPT = 10


@dataclass(frozen=True, slots=True)
class Door:
    """One way a person reaches us."""

    kind: AddressKind
    value: str


def by_address(session: Session, door: Door) -> Customer | None:
    """Who writes from there; nobody where there is no address."""
    if not door.value:
        return None
    here = (col(CustomerAddress.kind) == door.kind, col(CustomerAddress.value) == door.value)
    statement = select(Customer).join(CustomerAddress).where(*here)
    return session.execute(statement).scalar_one_or_none()


def ensure(session: Session, door: Door, *, name: str, source: str, now: datetime) -> Customer:
    """Who writes from there; a new customer when nobody does yet, and always where there is no address.

    `name` is the first name they sign with. Two workers that meet the same stranger at once: the unique address
    makes the second one start over.
    """
    known = by_address(session, door)
    if known is not None:
        if name and not known.preferred_name:
            _signed(session, known, name, source, now)
        return known
    customer = Customer(preferred_name=name, since_at=now, created_at=now)
    session.add(customer)
    session.flush()
    assert customer.id is not None
    if door.value:
        add_address(session, customer.id, door, source=source, now=now)
    if name:
        _signed(session, customer, name, source, now)
    return customer


def _signed(session: Session, customer: Customer, name: str, source: str, now: datetime) -> None:
    customer.preferred_name = name
    knowledge.learn(session, customer, "preferred_name", name, _SPOKEN.get(source, source), now)


def write_in(session: Session, customer: Customer, language: str, source: str, now: datetime) -> None:
    """They write in that language: theirs from now on where none was known, and one more of their past ones."""
    remember_language(customer, language)
    if not customer.language:
        customer.language = language
        knowledge.learn(session, customer, "language", language, _SPOKEN.get(source, source), now)


def kept(session: Session, customer: Customer) -> Customer:
    """The customer, or whoever they were joined to."""
    seen = {customer.id}
    while customer.joined_to_id is not None and customer.joined_to_id not in seen:
        seen.add(customer.joined_to_id)
        customer = session.get(Customer, customer.joined_to_id) or customer
    return customer


def has_mail_address(session: Session, customer_id: int, addresses: Collection[str]) -> bool:
    """Whether one of these leads to that customer."""
    here = (col(CustomerAddress.customer_id) == customer_id, col(CustomerAddress.kind) == AddressKind.EMAIL)
    statement = select(col(CustomerAddress.id)).where(*here, col(CustomerAddress.value).in_(addresses))
    return session.execute(statement.limit(1)).first() is not None


def email_of(session: Session, customer_id: int) -> str:
    """The address they first wrote from; empty where we have none."""
    here = (col(CustomerAddress.customer_id) == customer_id, col(CustomerAddress.kind) == AddressKind.EMAIL)
    first = select(col(CustomerAddress.value)).where(*here).order_by(col(CustomerAddress.id)).limit(1)
    return session.execute(first).scalar() or ""


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
    """Keep what the shop knows of a customer, found by e-mail; what somebody said, or is newer, stays."""
    customer = ensure(session, Door(AddressKind.EMAIL, email.lower()), name="", source="import", now=now)
    for field, value in (("preferred_name", name), ("language", language), ("country", country)):
        knowledge.learn(session, customer, field, value, "orders", now)
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
