"""What the outside handed over: stored once, processed in order within its lane, kept for 30 days."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import Select, and_, delete, or_, select, update
from sqlalchemy.orm import aliased
from sqlmodel import Session, col

from storage.engine import changed, insert_once
from storage.tables import Conversation, InboxItem, InboxState, Message, Quarantine

#: How long a worker may hold an item; a killed worker's items come back after it.
LEASE = timedelta(seconds=30)
#: Kinds of mail: new, there before our first contact, fetched by its headers only, sent by a colleague's own program.
NEW_MAIL, OLD_MAIL, TOO_LARGE_MAIL, SENT_ELSEWHERE = "mail", "mail_old", "mail_big", "mail_out"
MAIL = (NEW_MAIL, OLD_MAIL, TOO_LARGE_MAIL, SENT_ELSEWHERE)


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
    known = [each for each in (*arrived.refers_to, arrived.message_id) if each]
    channel = "mail" if arrived.kind in MAIL else arrived.kind
    if known and (lane := _spoken_lane(session, known) or _waiting_lane(session, channel, known)):
        return lane
    # Nothing of the thread is here yet: the oldest id it names is where its siblings will meet it.
    root = arrived.refers_to[-1] if arrived.refers_to else arrived.message_id
    return f"{channel}:{root or arrived.external_id}"


def _spoken_lane(session: Session, known: Sequence[str]) -> str | None:
    """The lane of the conversation that holds one of these messages; the earlier in the list wins."""
    spoken = (
        select(col(Message.message_id), col(Conversation.lane))
        .join(Conversation, col(Conversation.id) == col(Message.conversation_id))
        .where(col(Message.message_id).in_(known))
    )
    rows = session.execute(spoken.order_by(col(Message.id))).all()
    return min(rows, key=lambda row: known.index(row[0]))[1] if rows else None


def _waiting_lane(session: Session, kind: str, known: Sequence[str]) -> str | None:
    """The lane in which one of these messages waits, or in which something that names one of them waits."""
    named_after = col(InboxItem.lane).in_([f"{kind}:{each}" for each in known])
    waiting = or_(
        col(InboxItem.message_id).in_(known), and_(named_after, col(InboxItem.state) == InboxState.NEW)
    )
    oldest = select(col(InboxItem.lane)).where(waiting).order_by(col(InboxItem.id)).limit(1)
    return session.execute(oldest).scalar()


def claim(session: Session, now: datetime, limit: int = 20) -> list[Claimed]:
    """Take the oldest waiting item of up to `limit` lanes. Two workers never hold one lane at a time."""
    statement = (
        update(InboxItem)
        .where(col(InboxItem.id).in_(_free(now, limit)))
        .values(claimed_until=now + LEASE, attempts=InboxItem.attempts + 1)
        .returning(InboxItem)
        .execution_options(synchronize_session=False)
    )
    rows = sorted(session.execute(statement).scalars(), key=lambda row: row.id or 0)
    return [
        Claimed(row.id or 0, row.source, row.kind, row.lane, row.raw, row.received_at, row.attempts)
        for row in rows
    ]


def _free(now: datetime, limit: int) -> Select[tuple[int | None]]:
    other = aliased(InboxItem)
    # On PostgreSQL an item with an earlier id may become visible late: a later one may be held already.
    in_front = or_(col(other.id) < col(InboxItem.id), col(other.claimed_until) > now)
    blocked = (
        select(col(other.id))
        .where(
            col(other.lane) == col(InboxItem.lane),
            col(other.id) != col(InboxItem.id),
            col(other.state) == InboxState.NEW,
            in_front,
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
        # Not a plain subquery: PostgreSQL may run that once per row, and lock more than `limit`.
        .cte("chosen")
    )
    return select(chosen.c.id)


def is_copy(session: Session, inbox_id: int) -> bool:
    """Whether this mail, which has no Message-ID to know it by, came in before from another of our mailboxes."""
    copy = aliased(InboxItem)
    statement = (
        select(col(copy.id))
        .join(InboxItem, col(InboxItem.external_id) == col(copy.external_id))
        .where(
            col(InboxItem.id) == inbox_id,
            col(InboxItem.message_id).is_(None),
            # The index on message ids holds those few that have none.
            col(copy.message_id).is_(None),
            col(copy.kind) == NEW_MAIL,
            col(copy.id) < inbox_id,
        )
        .limit(1)
    )
    return session.execute(statement).first() is not None


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


def quarantine(session: Session, inbox_id: int, error: str, traceback: str, now: datetime) -> int | None:
    """Put it aside with its error; the number `replay` knows it by, when this call did it and should report it.

    None when it was done or put aside meanwhile. One that fails again after a replay keeps its number.
    """
    statement = (
        update(InboxItem)
        .where(col(InboxItem.id) == inbox_id, col(InboxItem.state) == InboxState.NEW)
        .values(state=InboxState.QUARANTINED)
    )
    if changed(session, statement) == 0:
        return None
    values = {"inbox_id": inbox_id, "error": error, "traceback": traceback, "happened_at": now}
    number = insert_once(session, Quarantine, values, ["inbox_id"])
    if number is not None:
        return number
    again = update(Quarantine).where(col(Quarantine.inbox_id) == inbox_id).returning(col(Quarantine.id))
    replaced = again.values(error=error, traceback=traceback, happened_at=now, replayed_at=None)
    return int(session.execute(replaced).scalar_one())


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


def unread_since(session: Session, lane: str, since: datetime) -> bool:
    """Whether something of that lane came in after `since` that nobody has understood yet."""
    unread = col(InboxItem.state).in_((InboxState.NEW, InboxState.QUARANTINED))
    here = (col(InboxItem.lane) == lane, unread, col(InboxItem.received_at) > since)
    return session.execute(select(col(InboxItem.id)).where(*here).limit(1)).scalar() is not None


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
