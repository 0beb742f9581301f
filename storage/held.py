"""Outbox rows that must not go just now: they wait without using up their attempts, and go in their order later."""

from datetime import datetime, timedelta

from sqlalchemy import case, update
from sqlmodel import Session, col

from storage.engine import changed
from storage.outbox import Claimed
from storage.tables import OutboxItem, OutboxState

#: When a held row is looked at again, if nobody says earlier that it may go.
HELD_FOR = timedelta(minutes=5)
#: What a held row's error begins with.
HELD = "held back: "
#: Alerts go to several channels in one lane; those to a channel that must wait do not keep the others waiting.
_ALERTS, _HELD_ALERTS = "alerts", "alerts:held"


def hold(session: Session, claimed: Claimed, now: datetime, reason: str) -> bool:
    """Put a row back as if it had not been tried. False, and no change, after the lease was lost."""
    lane = case((col(OutboxItem.lane) == _ALERTS, _HELD_ALERTS), else_=col(OutboxItem.lane))
    statement = (
        update(OutboxItem)
        .where(
            col(OutboxItem.id) == claimed.id,
            col(OutboxItem.state) == OutboxState.SENDING,
            col(OutboxItem.due_at) == claimed.until,
        )
        .values(
            state=OutboxState.PENDING,
            due_at=now + HELD_FOR,
            attempts=max(claimed.attempts - 1, 0),
            error=f"{HELD}{reason}",
            lane=lane,
        )
        .execution_options(synchronize_session=False)
    )
    return changed(session, statement) == 1


def release(session: Session, now: datetime) -> int:
    """Have every held row looked at now; how many."""
    waiting = (col(OutboxItem.state) == OutboxState.PENDING, col(OutboxItem.error).startswith(HELD))
    statement = update(OutboxItem).where(*waiting).values(due_at=now)
    return changed(session, statement.execution_options(synchronize_session=False))
