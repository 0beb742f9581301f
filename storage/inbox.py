"""What the outside handed over: stored once, processed in order within its lane, kept for 30 days."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import delete, or_, select, update
from sqlalchemy.orm import aliased
from sqlmodel import Session, col

from storage.engine import changed, insert_once
from storage.tables import Conversation, InboxItem, InboxState, Message, Quarantine

#: How long a worker may hold an item; a killed worker's items come back after it.
LEASE = timedelta(seconds=30)


@dataclass(frozen=True, slots=True)
class Arrived:
    """One thing as it came in, before anybody has looked at what it means."""

    source: str
    external_id: str
    kind: str
    raw: bytes
    message_id: str
    #: Ids of earlier messages it refers to, nearest first.
    refers_to: tuple[str, ...] = ()
    #: The token of the conversation it answers, where it carries one.
    reply_token: str = ""


@dataclass(frozen=True, slots=True)
class Claimed:
    """One inbox item in a worker's hands."""

    id: int
    source: str
    kind: str
    lane: str
    raw: bytes
    received_at: datetime
    attempts: int


def add(session: Session, arrived: Arrived, now: datetime) -> int | None:
    """Store it; its id, or None when it was here before (a second delivery changes nothing)."""
    values = {
        "source": arrived.source,
        "external_id": arrived.external_id,
        "kind": arrived.kind,
        "lane": _lane(session, arrived),
        "message_id": arrived.message_id or None,
        "raw": arrived.raw,
        "state": InboxState.NEW,
        "attempts": 0,
        "received_at": now,
    }
    return insert_once(session, InboxItem, values, ["source", "external_id"])


def _lane(session: Session, arrived: Arrived) -> str:
    """The lane of the thread it belongs to, so that two messages of one thread never race."""
    if arrived.reply_token:
        token = col(Conversation.reply_token) == arrived.reply_token
        lane: str | None = session.execute(select(col(Conversation.lane)).where(token)).scalar()
        if lane:
            return str(lane)
    known = [*arrived.refers_to, arrived.message_id] if arrived.message_id else list(arrived.refers_to)
    if known:
        spoken = (
            select(col(Conversation.lane)).join(Message).where(col(Message.message_id).in_(known)).limit(1)
        )
        waiting = select(col(InboxItem.lane)).where(col(InboxItem.message_id).in_(known)).limit(1)
        lane = session.execute(spoken).scalar() or session.execute(waiting).scalar()
        if lane:
            return str(lane)
    # Nothing of the thread is here yet: the oldest id it names is where its siblings will meet it.
    root = arrived.refers_to[-1] if arrived.refers_to else arrived.message_id
    return f"{arrived.kind}:{root or arrived.external_id}"


def claim(session: Session, now: datetime, limit: int = 20) -> list[Claimed]:
    """Take the oldest waiting item of up to `limit` lanes. Two workers never hold one lane at a time."""
    earlier = aliased(InboxItem)
    blocked = (
        select(col(earlier.id))
        .where(
            col(earlier.lane) == col(InboxItem.lane),
            col(earlier.id) < col(InboxItem.id),
            col(earlier.state) == InboxState.NEW,
        )
        .exists()
    )
    free = or_(col(InboxItem.claimed_until).is_(None), col(InboxItem.claimed_until) <= now)
    chosen = (
        select(col(InboxItem.id))
        .where(col(InboxItem.state) == InboxState.NEW, free, ~blocked)
        .order_by(col(InboxItem.id))
        .limit(limit)
        .with_for_update(skip_locked=True)
    )
    statement = (
        update(InboxItem)
        .where(col(InboxItem.id).in_(chosen))
        .values(claimed_until=now + LEASE, attempts=InboxItem.attempts + 1)
        .returning(InboxItem)
        .execution_options(synchronize_session=False)
    )
    rows = sorted(session.execute(statement).scalars(), key=lambda row: row.id or 0)
    return [
        Claimed(row.id or 0, row.source, row.kind, row.lane, row.raw, row.received_at, row.attempts)
        for row in rows
    ]


def finish(session: Session, inbox_id: int, now: datetime) -> bool:
    """Mark it done; False when another worker was first, and then nothing else may be written."""
    statement = (
        update(InboxItem)
        .where(col(InboxItem.id) == inbox_id, col(InboxItem.state) == InboxState.NEW)
        .values(state=InboxState.DONE, processed_at=now)
    )
    return changed(session, statement) == 1


def release(session: Session, inbox_id: int, free_at: datetime) -> None:
    """Give it back: the next worker may take it from then on."""
    session.execute(update(InboxItem).where(col(InboxItem.id) == inbox_id).values(claimed_until=free_at))


def quarantine(session: Session, inbox_id: int, error: str, traceback: str, now: datetime) -> bool:
    """Put it aside with its error; True the first time, when it should be reported."""
    statement = (
        update(InboxItem)
        .where(col(InboxItem.id) == inbox_id, col(InboxItem.state) == InboxState.NEW)
        .values(state=InboxState.QUARANTINED)
    )
    session.execute(statement)
    values = {"inbox_id": inbox_id, "error": error, "traceback": traceback, "happened_at": now}
    return insert_once(session, Quarantine, values, ["inbox_id"]) is not None


def quarantined(session: Session) -> Sequence[Quarantine]:
    """What waits there, oldest first."""
    waiting = select(Quarantine).join(InboxItem).where(col(InboxItem.state) == InboxState.QUARANTINED)
    return session.execute(waiting.order_by(col(Quarantine.id))).scalars().all()


def replay(session: Session, quarantine_id: int, now: datetime) -> bool:
    """Make a quarantined item new again; False when there is none of that number."""
    entry = session.get(Quarantine, quarantine_id)
    if entry is None:
        return False
    entry.replayed_at = now
    statement = (
        update(InboxItem)
        .where(col(InboxItem.id) == entry.inbox_id, col(InboxItem.state) == InboxState.QUARANTINED)
        .values(state=InboxState.NEW, claimed_until=None, attempts=0)
    )
    return changed(session, statement) == 1


def forget_raw(session: Session, before: datetime, limit: int = 500) -> int:
    """Empty the raw bytes of items processed before then; the keys stay, so nothing comes in twice."""
    old = (
        select(col(InboxItem.id))
        .where(col(InboxItem.processed_at) < before, col(InboxItem.raw) != b"")
        .order_by(col(InboxItem.processed_at))
        .limit(limit)
    )
    statement = update(InboxItem).where(col(InboxItem.id).in_(old)).values(raw=b"")
    return changed(session, statement)


def forget_quarantine(session: Session, before: datetime) -> None:
    """Delete replayed quarantine entries older than that."""
    session.execute(delete(Quarantine).where(col(Quarantine.replayed_at) < before))
