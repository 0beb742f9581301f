"""Effects on the outside: a row with a unique key first, then attempts. The only owner of retries."""

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import case, func, select, update
from sqlalchemy.orm import aliased
from sqlmodel import Session, col

from storage.engine import changed, insert_once
from storage.tables import OutboxItem, OutboxState

#: How long an attempt may take; a killed process's row comes back after it.
LEASE = timedelta(seconds=60)
WAITING = (OutboxState.PENDING, OutboxState.SENDING)


@dataclass(frozen=True, slots=True)
class Claimed:
    """One row in a sender's hands. `uncertain` counts earlier attempts with an unknown outcome."""

    id: int
    key: str
    kind: str
    conversation_id: int | None
    payload: dict[str, Any]
    version: int
    attempts: int
    uncertain: int
    receipt: dict[str, Any] = field(default_factory=dict)


def put(
    session: Session,
    key: str,
    kind: str,
    payload: dict[str, Any],
    now: datetime,
    *,
    lane: str,
    conversation_id: int | None = None,
) -> int | None:
    """Write one effect; its id, or None when the key is there already (then nothing changes)."""
    values = {
        "key": key,
        "kind": kind,
        "lane": lane,
        "conversation_id": conversation_id,
        "payload": payload,
        "version": 1,
        "state": OutboxState.PENDING,
        "due_at": now,
        "attempts": 0,
        "uncertain": 0,
        "receipt": {},
        "error": "",
        "created_at": now,
    }
    return insert_once(session, OutboxItem, values, ["key"])


def refresh(
    session: Session,
    key: str,
    kind: str,
    payload: dict[str, Any],
    now: datetime,
    *,
    conversation_id: int,
    lane: str = "",
) -> None:
    """Write one effect, or raise its version: the row of a card is overwritten by its newest version.

    A row that is being sent just now stays claimed; settling finds the newer version and sends that too.
    """
    if put(session, key, kind, payload, now, lane=lane or key, conversation_id=conversation_id) is not None:
        return
    idle = col(OutboxItem.state) != OutboxState.SENDING
    session.execute(
        update(OutboxItem)
        .where(col(OutboxItem.key) == key)
        .values(
            payload=payload,
            version=OutboxItem.version + 1,
            state=case((idle, OutboxState.PENDING.value), else_=OutboxState.SENDING.value),
            due_at=case((idle, now), else_=OutboxItem.due_at),
            attempts=case((idle, 0), else_=OutboxItem.attempts),
        )
        .execution_options(synchronize_session=False)
    )


def claim(session: Session, now: datetime, limit: int = 20) -> list[Claimed]:
    """Take due rows, the first waiting one of each lane, and push them one lease ahead."""
    earlier = aliased(OutboxItem)
    blocked = (
        select(col(earlier.id))
        .where(
            col(earlier.lane) == col(OutboxItem.lane),
            col(earlier.id) < col(OutboxItem.id),
            col(earlier.state).in_(WAITING),
        )
        .exists()
    )
    chosen = (
        select(col(OutboxItem.id))
        .where(col(OutboxItem.state).in_(WAITING), col(OutboxItem.due_at) <= now, ~blocked)
        .order_by(col(OutboxItem.due_at), col(OutboxItem.id))
        .limit(limit)
        .with_for_update(skip_locked=True)
    )
    statement = (
        update(OutboxItem)
        .where(col(OutboxItem.id).in_(chosen))
        .values(
            # Still `sending` and due again: an earlier attempt never came back.
            uncertain=OutboxItem.uncertain + case((col(OutboxItem.state) == OutboxState.SENDING, 1), else_=0),
            state=OutboxState.SENDING,
            due_at=now + LEASE,
            attempts=OutboxItem.attempts + 1,
        )
        .returning(OutboxItem)
        .execution_options(synchronize_session=False)
    )
    rows = sorted(session.execute(statement).scalars(), key=lambda row: row.id or 0)
    return [
        Claimed(
            row.id or 0,
            row.key,
            row.kind,
            row.conversation_id,
            row.payload,
            row.version,
            row.attempts,
            row.uncertain,
            row.receipt,
        )
        for row in rows
    ]


def settle_sent(session: Session, claimed: Claimed, receipt: dict[str, Any], now: datetime) -> None:
    """It went out. A card that was overwritten meanwhile goes once more, with its newer version."""
    newest = col(OutboxItem.version) == claimed.version
    session.execute(
        update(OutboxItem)
        .where(col(OutboxItem.id) == claimed.id)
        .values(
            state=case((newest, OutboxState.SENT.value), else_=OutboxState.PENDING.value),
            due_at=now,
            sent_at=now,
            attempts=case((newest, OutboxItem.attempts), else_=0),
            uncertain=0,
            receipt=receipt,
            error="",
        )
        .execution_options(synchronize_session=False)
    )


def settle_retry(session: Session, claimed: Claimed, due_at: datetime, error: str) -> None:
    """It did not go out; another attempt at `due_at`."""
    _settle(session, claimed, state=OutboxState.PENDING, due_at=due_at, error=error)


def settle_unknown(session: Session, claimed: Claimed, due_at: datetime, error: str) -> None:
    """Nobody knows. It stays `sending`, so that the next attempt knows that it is a repetition."""
    _settle(session, claimed, state=OutboxState.SENDING, due_at=due_at, error=error)


def settle_failed(session: Session, claimed: Claimed, error: str) -> None:
    """It will not go out by itself any more."""
    _settle(session, claimed, state=OutboxState.FAILED, error=error)


def settle_withdrawn(session: Session, claimed: Claimed) -> None:
    """There is nothing to send any more."""
    _settle(session, claimed, state=OutboxState.WITHDRAWN)


def _settle(session: Session, claimed: Claimed, **values: Any) -> None:
    session.execute(update(OutboxItem).where(col(OutboxItem.id) == claimed.id).values(**values))


def retry(session: Session, key: str, now: datetime) -> bool:
    """A person wants a failed row tried again."""
    statement = (
        update(OutboxItem)
        .where(col(OutboxItem.key) == key, col(OutboxItem.state) == OutboxState.FAILED)
        .values(state=OutboxState.PENDING, due_at=now, attempts=0, uncertain=0, error="")
    )
    return changed(session, statement) == 1


def by_key(session: Session, key: str) -> OutboxItem | None:
    """The row of that key."""
    return session.execute(select(OutboxItem).where(col(OutboxItem.key) == key)).scalar_one_or_none()


def receipt(session: Session, key: str) -> dict[str, Any]:
    """What the other side answered to this effect; empty while it has not gone."""
    return session.execute(select(col(OutboxItem.receipt)).where(col(OutboxItem.key) == key)).scalar() or {}


def sent_to_conversation(session: Session, conversation_id: int, since: datetime) -> list[datetime]:
    """When customer mail of one conversation was written since then: what the breaker counts."""
    statement = select(col(OutboxItem.created_at)).where(
        col(OutboxItem.conversation_id) == conversation_id,
        col(OutboxItem.kind) == "mail",
        col(OutboxItem.created_at) >= since,
    )
    return list(session.execute(statement).scalars())


def backlog(session: Session, now: datetime) -> int:
    """How many rows are due and not sent."""
    statement = select(func.count()).where(col(OutboxItem.state).in_(WAITING), col(OutboxItem.due_at) <= now)
    return int(session.execute(statement).scalar_one())
