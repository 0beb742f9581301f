"""Effects on the outside: a row with a unique key first, then attempts. The only owner of retries."""

from collections.abc import Collection
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, case, func, literal, or_, select, update
from sqlalchemy.orm import aliased
from sqlmodel import Session, col
from sqlmodel.sql.sqltypes import UTCDateTime

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
    #: The end of this lease; no other claim of the row has the same.
    until: datetime
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
    wait: timedelta = timedelta(),
) -> int | None:
    """Write one effect, to go after `wait`; its id, or None when the key is there already (nothing changes then)."""
    values = {
        "key": key,
        "kind": kind,
        "lane": lane,
        "conversation_id": conversation_id,
        "payload": payload,
        "version": 1,
        "state": OutboxState.PENDING,
        # In UTC: on the wall of a place an hour may be missing, or come twice.
        "due_at": now.astimezone(UTC) + wait,
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
    conversation_id: int | None,
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
            due_at=case((idle, _instant(now)), else_=OutboxItem.due_at),
            attempts=case((idle, 0), else_=OutboxItem.attempts),
        )
        .execution_options(synchronize_session=False)
    )


def claim(
    session: Session,
    now: datetime,
    limit: int = 20,
    *,
    only: Collection[str] = (),
    but: Collection[str] = (),
) -> list[Claimed]:
    """Take due rows, the first waiting one of each lane, and push them one lease ahead.

    Of every kind, or `only` of some, or of all `but` some.
    """
    statement = (
        update(OutboxItem)
        .where(col(OutboxItem.id).in_(_due(now, limit, only, but)))
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
            row.due_at,
            row.receipt,
        )
        for row in rows
    ]


def _due(now: datetime, limit: int, only: Collection[str], but: Collection[str]) -> Select[tuple[int | None]]:
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
    kinds = [col(OutboxItem.kind).in_(only)] if only else []
    kinds += [col(OutboxItem.kind).not_in(but)] if but else []
    chosen = (
        select(col(OutboxItem.id))
        .where(col(OutboxItem.state).in_(WAITING), col(OutboxItem.due_at) <= now, ~blocked, *kinds)
        .order_by(col(OutboxItem.due_at), col(OutboxItem.id))
        .limit(limit)
        .with_for_update(skip_locked=True)
        # Not a plain subquery: PostgreSQL may run that once per row, and lock more than `limit`.
        .cte("chosen")
    )
    return select(chosen.c.id)


def settle_sent(session: Session, claimed: Claimed, receipt: dict[str, Any], now: datetime) -> bool:
    """It went out. A card that was overwritten meanwhile goes once more, with its newer version.

    Counts even when the lease had run out, as long as nobody else has settled it; else False and no change.
    """
    newest = col(OutboxItem.version) == claimed.version
    statement = (
        update(OutboxItem)
        .where(
            col(OutboxItem.id) == claimed.id,
            col(OutboxItem.state).in_(WAITING),
            or_(newest, _ours(claimed)),
        )
        .values(
            state=case((newest, OutboxState.SENT.value), else_=OutboxState.PENDING.value),
            due_at=now,
            sent_at=now,
            attempts=case((newest, OutboxItem.attempts), else_=0),
            # A card is brought up to date by its next version; a letter may have arrived twice, and stays marked.
            uncertain=case((newest, OutboxItem.uncertain), else_=0),
            receipt=receipt,
            error="",
        )
        .execution_options(synchronize_session=False)
    )
    return changed(session, statement) == 1


def settle_retry(session: Session, claimed: Claimed, due_at: datetime, error: str) -> bool:
    """It did not go out; another attempt at `due_at`. False, and no change, after the lease was lost."""
    values = {"state": OutboxState.PENDING, "due_at": due_at, "error": error}
    return _settle(session, claimed, values)


def settle_unknown(session: Session, claimed: Claimed, due_at: datetime, error: str) -> bool:
    """Nobody knows. It stays `sending`, so that the next attempt knows that it is a repetition.

    False, and no change, after the lease was lost.
    """
    return _settle(session, claimed, {"due_at": due_at, "error": error})


def settle_failed(session: Session, claimed: Claimed, error: str) -> bool:
    """It will not go out by itself any more; a version written meanwhile still does.

    False, and no change, after the lease was lost.
    """
    return _settle(session, claimed, _ending(claimed, OutboxState.FAILED) | {"error": error})


def settle_withdrawn(session: Session, claimed: Claimed) -> bool:
    """There is nothing to send any more; a version written meanwhile still goes out.

    False, and no change, after the lease was lost.
    """
    return _settle(session, claimed, _ending(claimed, OutboxState.WITHDRAWN))


def _ending(claimed: Claimed, state: OutboxState) -> dict[str, Any]:
    newest = col(OutboxItem.version) == claimed.version
    return {
        "state": case((newest, state.value), else_=OutboxState.PENDING.value),
        "due_at": case((newest, OutboxItem.due_at), else_=_instant(claimed.until - LEASE)),
        "attempts": case((newest, OutboxItem.attempts), else_=0),
    }


def _settle(session: Session, claimed: Claimed, values: dict[str, Any]) -> bool:
    """Whoever comes back after the lease ran out must not undo what the next one did."""
    statement = (
        update(OutboxItem)
        .where(col(OutboxItem.id) == claimed.id, _ours(claimed))
        .values(**values)
        .execution_options(synchronize_session=False)
    )
    return changed(session, statement) == 1


def _ours(claimed: Claimed) -> ColumnElement[bool]:
    return and_(col(OutboxItem.state) == OutboxState.SENDING, col(OutboxItem.due_at) == claimed.until)


def _instant(at: datetime) -> ColumnElement[datetime]:
    # Inside CASE a bare value would lose the column's type, and with it the conversion to UTC.
    return literal(at, UTCDateTime())


def retry(session: Session, key: str, now: datetime) -> bool:
    """A person wants a failed row tried again; False when it has not failed.

    If it may have gone out before, the next attempt still knows that.
    """
    uncertain = case((col(OutboxItem.uncertain) > 0, 1), else_=0)
    statement = (
        update(OutboxItem)
        .where(col(OutboxItem.key) == key, col(OutboxItem.state) == OutboxState.FAILED)
        .values(state=OutboxState.PENDING, due_at=now, attempts=0, uncertain=uncertain, error="")
    )
    return changed(session, statement) == 1


def by_key(session: Session, key: str) -> OutboxItem | None:
    """The row of that key."""
    return session.execute(select(OutboxItem).where(col(OutboxItem.key) == key)).scalar_one_or_none()


def by_keys(session: Session, keys: Collection[str]) -> dict[str, OutboxItem]:
    """The rows of those keys that are there, by key."""
    rows = session.execute(select(OutboxItem).where(col(OutboxItem.key).in_(keys))).scalars() if keys else ()
    return {row.key: row for row in rows}


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
