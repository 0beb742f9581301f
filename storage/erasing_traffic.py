"""What came in from a person and what went out to them: emptied, withdrawn, taken down."""

import json
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Text, cast, delete, func, literal, or_, select, update
from sqlmodel import Session, col
from sqlmodel.sql.sqltypes import UTCDateTime

from storage import outbox
from storage.customers import email_of
from storage.engine import changed
from storage.persons import WholePerson
from storage.tables import (
    AddressKind,
    AuditEvent,
    Conversation,
    InboxItem,
    InboxState,
    OutboxItem,
    OutboxState,
    Quarantine,
)

#: Kinds of outbox rows that leave something in Slack.
COLLEAGUES_POSTS = ("card", "note", "refund", "alert", "file")
POSTS = (*COLLEAGUES_POSTS, "slack_reply")
#: The kind of outbox row that takes such a post down again.
ERASE_POST = "erase_post"
#: Words in the record that name nobody.
PLAIN_WORDS = ("currency", "operator")


class InHand(Exception):
    """Something to this person, or about them, is being sent at this moment. Nothing has changed."""

    def __init__(self, count: int) -> None:
        super().__init__(f"{count} being sent")
        self.count = count


@dataclass(frozen=True, slots=True)
class Arrival:
    """One thing that came in: whether the person wrote it, or somebody else who names them."""

    id: int
    kind: str
    raw: bytes
    state: InboxState
    is_theirs: bool = True


def naming(session: Session, person: WholePerson) -> Iterator[Arrival]:
    """Whatever came in and still holds one of the person's addresses, or their Slack id; one at a time."""
    doors = [
        each.value.rpartition(":")[2] if each.kind is AddressKind.SLACK else each.value
        for each in person.doors
    ]
    needles = [each.lower().encode() for each in doors if each]
    wanted = (col(InboxItem.id), col(InboxItem.kind), col(InboxItem.raw), col(InboxItem.state))
    statement = select(*wanted).where(col(InboxItem.raw) != b"").order_by(col(InboxItem.id))
    for row in session.execute(statement.execution_options(yield_per=20)):
        raw = bytes(row[2])
        low = raw.lower()
        if any(needle in low for needle in needles):
            yield Arrival(row[0], row[1], raw, row[3])


def empty_arrivals(
    session: Session,
    arrivals: Collection[Arrival],
    lanes: Sequence[str],
    message_ids: Sequence[str],
    now: datetime,
) -> int:
    """Empty everything of theirs that came in; what nobody has read yet will not be read any more."""
    theirs = [each.id for each in arrivals if each.is_theirs]
    mine = or_(
        col(InboxItem.id).in_(theirs),
        col(InboxItem.lane).in_(lanes),
        col(InboxItem.message_id).in_(message_ids),
    )
    quiet = {"synchronize_session": False}
    values: dict[str, Any] = {
        "raw": b"",
        "message_id": None,
        "lane": literal("erased:") + cast(col(InboxItem.id), Text),
        "state": InboxState.DONE,
        "processed_at": func.coalesce(col(InboxItem.processed_at), literal(now, UTCDateTime())),
        "claimed_until": None,
    }
    gone = changed(session, update(InboxItem).where(mine).values(**values).execution_options(**quiet))
    # Of others who name them, the raw text: it is only kept to be run again.
    naming_them = [each.id for each in arrivals if not each.is_theirs and each.state is InboxState.DONE]
    others = update(InboxItem).where(col(InboxItem.id).in_(naming_them)).values(raw=b"")
    return gone + changed(session, others.execution_options(**quiet))


def outbox_rows(
    session: Session, conversation_ids: Sequence[int], person: WholePerson, now: datetime
) -> list[OutboxItem]:
    """What would go out or has gone out to them or about them, held. Raises InHand while one is being sent."""
    here = col(OutboxItem.conversation_id).in_(conversation_ids)
    emails = person.values(AddressKind.EMAIL)
    named = or_(
        here,
        *(_mentions(OutboxItem.payload, each) for each in emails),
        *(_mentions(OutboxItem.error, each) for each in emails),
    )
    statement = select(OutboxItem).where(named).order_by(col(OutboxItem.id)).with_for_update()
    found = list(session.execute(statement.execution_options(populate_existing=True)).scalars())
    rows = [each for each in found if each.conversation_id in conversation_ids or _concerns(each, emails)]
    return _refuse_in_hand(rows, now)


def _refuse_in_hand(rows: list[OutboxItem], now: datetime) -> list[OutboxItem]:
    in_hand = [each for each in rows if each.state is OutboxState.SENDING and each.due_at > now]
    if in_hand:
        raise InHand(len(in_hand))
    return rows


def _mentions(column: Any, address: str) -> ColumnElement[bool]:
    """Whether a text or JSON column holds it, as it is or as JSON writes it."""
    text = func.lower(cast(col(column), Text))
    forms = {address.lower(), json.dumps(address)[1:-1].lower()}
    return or_(*(text.contains(each, autoescape=True) for each in forms))


def _concerns(row: OutboxItem, emails: Collection[str]) -> bool:
    """A letter belongs to whoever it goes to; another's letter that only names the person is the other's."""
    return row.kind != "mail" or str(row.payload.get("to", "")).lower() in emails


def quarantined(session: Session, inbox_ids: Sequence[int]) -> list[int]:
    """The quarantine's numbers of what they wrote, or of what names them."""
    here = select(col(Quarantine.id)).join(InboxItem).where(
        or_(col(InboxItem.id).in_(inbox_ids), col(InboxItem.lane).startswith("erased:", autoescape=True)),
        col(InboxItem.raw) == b"",
    )  # fmt: skip
    return [each for each in session.execute(here).scalars() if each is not None]


def posts_beside(
    session: Session, quarantine_ids: Sequence[int], file_ids: Sequence[int], now: datetime
) -> list[OutboxItem]:
    """The operators' posts about those errors, which may quote what could not be read, and those files' posts; held."""
    about = [
        col(OutboxItem.key).startswith(f"quarantined:{each}:", autoescape=True) for each in quarantine_ids
    ]
    files = col(OutboxItem.key).in_([f"file:{each}" for each in file_ids])
    found = session.execute(select(OutboxItem).where(or_(files, *about)).with_for_update()).scalars().all()
    return _refuse_in_hand(list(found), now)


def take_back(
    session: Session,
    rows: Sequence[OutboxItem],
    quarantine_ids: Sequence[int],
    file_ids: Sequence[int],
    channel: str,
    number: str,
    now: datetime,
) -> dict[str, int]:
    """Those rows and what was posted beside them: down in Slack, and deleted; how many of each kind. Raises InHand."""
    known = {each.id for each in rows}
    beside = posts_beside(session, quarantine_ids, file_ids, now)
    rows = [*rows, *(each for each in beside if each.id not in known)]
    return {
        "posts in Slack": take_down(session, rows, channel, number, now),
        "letters and posts": delete_rows(session, rows),
        "errors": delete_quarantine(session, quarantine_ids),
    }


def delete_quarantine(session: Session, quarantine_ids: Sequence[int]) -> int:
    """Delete them; how many."""
    return changed(session, delete(Quarantine).where(col(Quarantine.id).in_(quarantine_ids)))


def take_down(
    session: Session,
    rows: Sequence[OutboxItem],
    channel: str,
    number: str,
    now: datetime,
    kinds: Collection[str] = POSTS,
) -> int:
    """An outbox row for each post that is in Slack, or may be: cards last, for the others hang below them.

    `number` makes the keys of this occasion its own; posts that do not say where they stand are in `channel`.
    """
    taken = 0
    for row in sorted(rows, key=lambda each: (each.kind == "card", each.id or 0)):
        told = row.receipt
        may_be_there = row.attempts > 0 and row.state is not OutboxState.WITHDRAWN
        where = told.get("channel") or row.payload.get("channel") or channel
        posted = told.get("file") or (where and (told.get("ts") or may_be_there))
        if row.kind not in kinds or not posted:
            continue
        payload = {
            "channel": where,
            "thread_ts": row.payload.get("thread_ts") or "",
            "ts": told.get("ts") or "",
            "file": told.get("file") or "",
            # Where nobody heard of its place, it is looked for by its key.
            "key": "" if told.get("ts") or told.get("file") else row.key,
        }
        key = f"erase:{number}:{row.id}"
        taken += (
            outbox.put(session, key, ERASE_POST, payload, now, lane=f"erase:{number}:{row.id}") is not None
        )
    return taken


def delete_rows(session: Session, rows: Sequence[OutboxItem]) -> int:
    """Delete them: what has not gone never goes, and what has gone leaves no text behind."""
    ids = [each.id for each in rows]
    for row in rows:
        session.expunge(row)
    statement = delete(OutboxItem).where(col(OutboxItem.id).in_(ids))
    return changed(session, statement.execution_options(synchronize_session=False))


def answer_elsewhere(session: Session, person: WholePerson) -> None:
    """Other people's conversations whose answers go to one of these addresses: to their own from now on."""
    there = (
        func.lower(col(Conversation.answer_to)).in_(person.values(AddressKind.EMAIL)),
        col(Conversation.customer_id).not_in(person.ids),
    )
    for case in session.execute(select(Conversation).where(*there)).scalars():
        case.answer_to = email_of(session, case.customer_id)
        session.add(case)
    session.flush()


def clean_audit(
    session: Session, conversation_ids: Sequence[int], person: WholePerson, shells: Collection[int]
) -> None:
    """The record keeps what was done and when; whom it was done for, and every word, goes."""
    named = [_mentions(AuditEvent.details, each) for each in person.values(AddressKind.EMAIL)]
    about = or_(col(AuditEvent.conversation_id).in_(conversation_ids), *named)
    for event in session.execute(select(AuditEvent).where(about)).scalars():
        event.details = {
            key: value
            for key, value in event.details.items()
            if isinstance(value, bool | int | float) or (key in PLAIN_WORDS and isinstance(value, str))
        }
        if event.conversation_id in conversation_ids and event.conversation_id not in shells:
            # A number may be given to somebody else's case later.
            event.conversation_id = event.subject_id = None
        session.add(event)
    session.flush()
