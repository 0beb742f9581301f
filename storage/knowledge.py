"""What we know of a person, each field with its source and date; consents; notes that expire."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import and_, delete, func, or_, select, update
from sqlalchemy.sql.elements import ColumnElement
from sqlmodel import Session, col

from storage.engine import changed
from storage.tables import ConfirmedPerson, Consent, Customer, CustomerNote, KnownField

#: Fields that `customers` holds again, for the letters.
ON_CUSTOMER = ("preferred_name", "language", "country")
FILE = "customers_file"
#: The given name in a file's column of whole names: what nobody asked to be called.
FILE_NAME = "customers_file.name"
#: What the person or a colleague said wins over a file, whatever their dates.
_STANDING = {"orders": 0, FILE_NAME: 0, FILE: 0, "mail": 1, "slack": 1, "agent": 2}
#: A name somebody writes from is what their program calls them; one in the shop's column is what they asked for.
_STANDING_OF_NAMES = _STANDING | {FILE: 1}

MOST_NOTES = 5
LONGEST_NOTE = 300
NOTE_LASTS = timedelta(days=365)
NOTE, SALE = "note", "sale"
MARKETING = "marketing"


class TooManyNotes(Exception):
    """Five notes are there: one has to go first."""


def takes_its_place(name: str, known: tuple[str, datetime] | None, source: str, at: datetime) -> bool:
    """Whether a new value of that source and date stands instead of one from (source, date)."""
    if known is None:
        return True
    standing = _STANDING_OF_NAMES if name == "preferred_name" else _STANDING
    return (standing[source], at) >= (standing.get(known[0], 0), known[1])


def learn(session: Session, customer: Customer, name: str, value: str, source: str, at: datetime) -> bool:
    """Keep a field, unless what we have comes from somebody who knows better or is newer; whether it changed.

    `source` is orders, customers_file, customers_file.name, mail, slack or agent.
    """
    assert customer.id is not None
    if not value or source not in _STANDING:
        return False
    known = session.execute(
        select(KnownField).where(col(KnownField.customer_id) == customer.id, col(KnownField.name) == name)
    ).scalar_one_or_none()
    if known is None:
        session.add(KnownField(customer_id=customer.id, name=name, value=value, source=source, known_at=at))
    elif not takes_its_place(name, (known.source, known.known_at), source, at):
        return False
    else:
        if (known.value, known.source) == (value, source):
            known.known_at = max(known.known_at, at)
            return False
        known.value, known.source, known.known_at = value, source, at
    if name in ON_CUSTOMER:
        setattr(customer, name, value)
    session.flush()
    return True


def fields_of(session: Session, customer_id: int) -> dict[str, KnownField]:
    """What is known of a person, by name of the field."""
    here = select(KnownField).where(col(KnownField.customer_id) == customer_id)
    return {each.name: each for each in session.execute(here).scalars()}


@dataclass(frozen=True, slots=True)
class StoredField:
    """A field as it stands in its row."""

    id: int
    value: str
    source: str
    known_at: datetime


def fields_of_many(session: Session, ids: Iterable[int]) -> dict[tuple[int, str], StoredField]:
    """The same for many, by customer and name."""
    columns = (KnownField.customer_id, KnownField.name, KnownField.id, KnownField.value, KnownField.source)
    here = select(*map(col, columns), col(KnownField.known_at))
    rows = session.execute(here.where(col(KnownField.customer_id).in_(list(ids))))
    return {(row[0], row[1]): StoredField(*row[2:]) for row in rows}


# ---- Consents -------------------------------------------------------------------------------------------------


def consents_of(session: Session, customer_id: int) -> Sequence[Consent]:
    """The latest of each purpose."""
    return list({each.purpose: each for each in consents_of_many(session, [customer_id])}.values())


def consents_of_many(session: Session, ids: Iterable[int]) -> list[Consent]:
    """Every consent of many customers, oldest first."""
    here = select(Consent).where(col(Consent.customer_id).in_(list(ids)))
    return list(session.execute(here.order_by(col(Consent.given_at), col(Consent.id))).scalars())


def consent_counts(latest: Consent | None, given: bool, source: str, at: datetime, *, dated: bool) -> bool:
    """Whether a yes or no says something that the latest one does not.

    Where a person took a consent back, a file brings it again only with a later date of its own.
    """
    if latest is None:
        return True
    if at < latest.given_at or (latest.given == given and not (dated and at > latest.given_at)):
        return False
    said_by_them = latest.source not in (FILE, "orders")
    return not (given and said_by_them and source in (FILE, "orders") and not dated)


# ---- Notes ----------------------------------------------------------------------------------------------------


def notes_of(session: Session, customer_id: int, now: datetime) -> list[CustomerNote]:
    """What is remembered now: promises of the sale first, then colleagues' notes, oldest first."""
    here = (col(CustomerNote.customer_id) == customer_id, _in_force(now))
    order = (col(CustomerNote.kind).desc(), col(CustomerNote.created_at), col(CustomerNote.id))
    return list(session.execute(select(CustomerNote).where(*here).order_by(*order)).scalars())


def _in_force(now: datetime) -> ColumnElement[bool]:
    return or_(col(CustomerNote.expires_at).is_(None), col(CustomerNote.expires_at) > now)


def add_note(
    session: Session, customer_id: int, text: str, agent_id: int, now: datetime, lasts: timedelta = NOTE_LASTS
) -> CustomerNote:
    """Remember something. Raises TooManyNotes where five are in force; the caller holds the customer's row."""
    mine = (col(CustomerNote.customer_id) == customer_id, col(CustomerNote.kind) == NOTE, _in_force(now))
    count = session.execute(select(func.count()).select_from(CustomerNote).where(*mine)).scalar_one()
    if count >= MOST_NOTES:
        raise TooManyNotes
    note = CustomerNote(
        customer_id=customer_id,
        kind=NOTE,
        text=text[:LONGEST_NOTE],
        agent_id=agent_id,
        created_at=now,
        expires_at=now + lasts,
    )
    session.add(note)
    session.flush()
    return note


def remove_note(session: Session, customer_id: int, note_id: int) -> bool:
    """Forget a colleague's note; False when it was gone. What was promised at the sale stays."""
    here = (
        col(CustomerNote.id) == note_id,
        col(CustomerNote.customer_id) == customer_id,
        col(CustomerNote.kind) == NOTE,
    )
    return changed(session, delete(CustomerNote).where(*here)) == 1


# ---- Who is writing -------------------------------------------------------------------------------------------


def confirm(
    session: Session, conversation_id: int, customer_id: int, address: str, agent_id: int, now: datetime
) -> ConfirmedPerson:
    """A colleague made sure who writes there; said again, the newer word counts."""
    here = and_(
        col(ConfirmedPerson.conversation_id) == conversation_id, col(ConfirmedPerson.address) == address
    )
    values: dict[str, Any] = {"customer_id": customer_id, "agent_id": agent_id, "confirmed_at": now}
    if not changed(session, update(ConfirmedPerson).where(here).values(**values)):
        session.add(ConfirmedPerson(conversation_id=conversation_id, address=address, **values))
    session.flush()
    known = select(ConfirmedPerson).where(here).execution_options(populate_existing=True)
    row: ConfirmedPerson = session.execute(known).scalar_one()
    return row


def confirmed(session: Session, conversation_id: int, address: str) -> ConfirmedPerson | None:
    """Who a colleague says writes from there in this conversation; nobody where no address is known."""
    if not address:
        return None
    here = (col(ConfirmedPerson.conversation_id) == conversation_id, col(ConfirmedPerson.address) == address)
    return session.execute(select(ConfirmedPerson).where(*here)).scalar_one_or_none()
