"""Many customers at once, as the shop's file tells them; what somebody said or is newer stays."""

from collections import defaultdict
from collections.abc import Mapping, Sequence, Set
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import insert, select, update
from sqlmodel import Session, col

from storage import forgotten, joining, knowledge
from storage.knowledge import FILE, FILE_NAME, MARKETING, SALE, StoredField
from storage.tables import AddressKind, Consent, Customer, CustomerAddress, CustomerNote, KnownField


@dataclass(frozen=True, slots=True)
class CustomerRecord:
    """One person as the shop's file tells it. Several addresses in one row are certainly one person's."""

    emails: tuple[str, ...]
    #: What they asked to be called, and the given name in their whole name.
    preferred_name: str = ""
    given_name: str = ""
    language: str = ""
    country: str = ""
    town: str = ""
    company: str = ""
    #: E.164.
    phone: str = ""
    since_at: datetime | None = None
    #: A yes or no to marketing, and the day it was given; None: the day of the file.
    consent: bool | None = None
    consent_at: datetime | None = None
    #: What was promised at the sale.
    note: str = ""


class Outcome(StrEnum):
    """What became of one record."""

    NEW = "new"
    CHANGED = "changed"
    SAME = "same"
    #: Of somebody who was forgotten: left out.
    FORGOTTEN = "forgotten"


def keep_many(
    session: Session, records: Sequence[CustomerRecord], known_at: datetime, now: datetime
) -> list[Outcome]:
    """Keep what the file says, in its order; no address may stand in two of the records.

    Doing it twice changes nothing. Raises IntegrityError where somebody else stores the same person now: try again.
    """
    emails = [email for each in records for email in each.emails]
    owners = _owners(session, AddressKind.EMAIL, emails)
    gone = forgotten.among(session, set(emails) - owners.keys())
    known: list[tuple[CustomerRecord, int]] = []
    strangers: list[CustomerRecord] = []
    found: list[tuple[CustomerRecord, Outcome]] = []
    for record in records:
        here = list(dict.fromkeys(owners[email] for email in record.emails if email in owners))
        if not here:
            left_out = not gone.keys().isdisjoint(record.emails)
            strangers += [] if left_out else [record]
            found.append((record, Outcome.FORGOTTEN if left_out else Outcome.NEW))
            continue
        joined = [_join(session, here[0], other, now) for other in here[1:]]
        # They came back by another address: those they had forgotten stay so.
        record = _without(record, gone.keys())
        known.append((record, here[0]))
        found.append((record, Outcome.CHANGED if any(joined) else Outcome.SAME))
    keeping = _Keeping(session, known_at, now)
    changed = keeping.told_again(known, owners)
    keeping.first_told(strangers)
    return [
        Outcome.CHANGED if outcome is Outcome.SAME and id(record) in changed else outcome
        for record, outcome in found
    ]


def _without(record: CustomerRecord, addresses: Set[str]) -> CustomerRecord:
    if not addresses or addresses.isdisjoint(record.emails):
        return record
    return replace(record, emails=tuple(each for each in record.emails if each not in addresses))


def _owners(session: Session, kind: AddressKind, values: Sequence[str]) -> dict[str, int]:
    here = select(col(CustomerAddress.value), col(CustomerAddress.customer_id)).where(
        col(CustomerAddress.kind) == kind, col(CustomerAddress.value).in_(values)
    )
    return {row[0]: row[1] for row in session.execute(here)}


def _join(session: Session, kept_id: int, gone_id: int, now: datetime) -> bool:
    """Named in one row of the shop's file: certain. Whom a colleague parted or kept apart stays apart."""
    if joining.was_parted(session, kept_id, gone_id):
        return False
    try:
        joining.join(session, kept_id, gone_id, "named together in the shop's customer file", now)
    except joining.CannotJoin:
        return False
    return True


class _Keeping:
    """One batch on its way into the tables."""

    def __init__(self, session: Session, known_at: datetime, now: datetime) -> None:
        self._session = session
        self._known_at = known_at
        self._now = now
        self._new_fields: list[dict[str, Any]] = []
        self._newer_fields: list[dict[str, Any]] = []

    def first_told(self, records: Sequence[CustomerRecord]) -> None:
        """People we do not know yet."""
        if not records:
            return
        rows = [
            {
                "preferred_name": each.preferred_name or each.given_name,
                "language": each.language,
                "country": each.country,
                "since_at": each.since_at or self._now,
                "created_at": self._now,
            }
            for each in records
        ]
        made = insert(Customer).returning(col(Customer.id), sort_by_parameter_order=True)
        ids: Sequence[Any] = self._session.execute(made, rows).scalars().all()
        pairs = list(zip(records, ids, strict=True))
        doors = [self._door(who, AddressKind.EMAIL, email) for each, who in pairs for email in each.emails]
        self._insert(CustomerAddress, doors)
        self._insert(
            KnownField,
            [
                {
                    "customer_id": who,
                    "name": name,
                    "value": value,
                    "source": source,
                    "known_at": self._known_at,
                }
                for each, who in pairs
                for name, value, source in told(each)
            ],
        )
        self._insert(Consent, [self._consent(each, who) for each, who in pairs if each.consent is not None])
        self._insert(CustomerNote, [self._note(each, who) for each, who in pairs if each.note])
        self._phones(pairs)

    def told_again(
        self, pairs: Sequence[tuple[CustomerRecord, int]], owners: Mapping[str, int]
    ) -> frozenset[int]:
        """People we know; the identities of the records that changed something."""
        ids = [who for _, who in pairs]
        people = {
            person.id: person
            for person in self._session.execute(select(Customer).where(col(Customer.id).in_(ids))).scalars()
        }
        fields = knowledge.fields_of_many(self._session, ids)
        consents: dict[int, list[Consent]] = defaultdict(list)
        for each in knowledge.consents_of_many(self._session, ids):
            consents[each.customer_id] += [each] if each.purpose == MARKETING else []
        notes = self._notes_of(ids)
        touched: set[int] = set()
        for record, who in pairs:
            new = [email for email in record.emails if email not in owners]
            self._insert(CustomerAddress, [self._door(who, AddressKind.EMAIL, email) for email in new])
            told_new = [
                bool(new),
                self._fields(people[who], fields, record),
                self._consented(consents[who], record, who),
                self._noted(notes.get(who), record, who),
            ]
            if any(told_new):
                touched.add(id(record))
        self._insert(KnownField, self._new_fields)
        if self._newer_fields:
            self._session.execute(update(KnownField), self._newer_fields)
        self._session.flush()
        self._phones(pairs)
        return frozenset(touched)

    def _fields(
        self, customer: Customer, known: Mapping[tuple[int, str], StoredField], record: CustomerRecord
    ) -> bool:
        changed, who = False, customer.id or 0
        for name, value, source in told(record):
            row = known.get((who, name))
            before = (row.source, row.known_at) if row else None
            if not knowledge.takes_its_place(name, before, source, self._known_at):
                continue
            now = {"value": value, "source": source, "known_at": self._known_at}
            if row is None:
                self._new_fields.append({"customer_id": who, "name": name, **now})
            elif (row.value, row.source, row.known_at) != (value, source, self._known_at):
                self._newer_fields.append({"id": row.id, **now})
            changed = changed or row is None or (row.value, row.source) != (value, source)
            if name in knowledge.ON_CUSTOMER:
                setattr(customer, name, value)
        if record.since_at is not None and record.since_at < customer.since_at:
            customer.since_at, changed = record.since_at, True
        return changed

    def _consented(self, before: Sequence[Consent], record: CustomerRecord, who: int) -> bool:
        if record.consent is None:
            return False
        at, dated = record.consent_at or self._known_at, record.consent_at is not None
        if (record.consent, FILE, at) in {(each.given, each.source, each.given_at) for each in before}:
            return False
        latest = before[-1] if before else None
        if not knowledge.consent_counts(latest, record.consent, FILE, at, dated=dated):
            return False
        self._session.add(Consent(**self._consent(record, who)))
        return True

    def _noted(self, known: CustomerNote | None, record: CustomerRecord, who: int) -> bool:
        if not record.note or (known is not None and known.created_at > self._known_at):
            return False
        if known is None:
            self._session.add(CustomerNote(**self._note(record, who)))
            return True
        changed = known.text != record.note
        known.text, known.created_at = record.note, self._known_at
        return changed

    def _notes_of(self, ids: Sequence[int]) -> dict[int, CustomerNote]:
        """The file's own note on each; its newer words stand instead."""
        here = (
            col(CustomerNote.customer_id).in_(ids),
            col(CustomerNote.kind) == SALE,
            col(CustomerNote.source) == FILE,
        )
        rows = self._session.execute(select(CustomerNote).where(*here).order_by(col(CustomerNote.id)))
        return {each.customer_id: each for each in rows.scalars()}

    def _phones(self, pairs: Sequence[tuple[CustomerRecord, int]]) -> None:
        """A number is a door of whoever has it first; of a second one it makes a question to a colleague."""
        wanted = {each.phone: who for each, who in reversed(pairs) if each.phone}
        there = _owners(self._session, AddressKind.PHONE, list(wanted))
        new = {phone: who for phone, who in wanted.items() if phone not in there}
        self._insert(
            CustomerAddress, [self._door(who, AddressKind.PHONE, phone) for phone, who in new.items()]
        )
        owners = there | new
        for record, who in pairs:
            if record.phone and owners[record.phone] != who:
                because = "They have the same phone number."
                joining.propose(self._session, owners[record.phone], who, because, self._now)

    def _door(self, who: int, kind: AddressKind, value: str) -> dict[str, Any]:
        return {"customer_id": who, "kind": kind, "value": value, "source": FILE, "created_at": self._now}

    def _consent(self, record: CustomerRecord, who: int) -> dict[str, Any]:
        return {
            "customer_id": who,
            "purpose": MARKETING,
            "given": record.consent,
            "source": FILE,
            "given_at": record.consent_at or self._known_at,
        }

    def _note(self, record: CustomerRecord, who: int) -> dict[str, Any]:
        return {
            "customer_id": who,
            "kind": SALE,
            "text": record.note,
            "source": FILE,
            "created_at": self._known_at,
        }

    def _insert(self, table: Any, rows: Sequence[dict[str, Any]]) -> None:
        if rows:
            self._session.execute(insert(table), rows)


def told(record: CustomerRecord) -> list[tuple[str, str, str]]:
    """The fields a record fills: name, value, source."""
    name = (record.preferred_name, FILE) if record.preferred_name else (record.given_name, FILE_NAME)
    since = record.since_at.date().isoformat() if record.since_at else ""
    fields = [("preferred_name", *name)]
    fields += [
        (each, value, FILE)
        for each, value in (
            ("language", record.language),
            ("country", record.country),
            ("town", record.town),
            ("company", record.company),
            ("phone", record.phone),
            ("since", since),
        )
    ]
    return [each for each in fields if each[1]]
