"""App Homes: one outbox row each, written anew when there is something new to show, at most every ten seconds.

What a Home shows is built when it goes. What it was built from stands in the row's receipt: `seen`, the newest
entry of the record, and `role`. On PostgreSQL an entry may become visible after a later one, and then shows with the
next change.
"""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import func, or_, select, update
from sqlmodel import Session, col

from storage import outbox
from storage.engine import changed
from storage.tables import Agent, AuditEvent, OutboxItem, OutboxState

KIND = "home"
APART = timedelta(seconds=10)
#: Whoever opened their Home longer ago than this sees it anew when they open it again.
OPEN_FOR = timedelta(hours=8)
#: After these nobody's Home may go on showing what it showed.
FORGOTTEN = ("customer_erased", "data_forgotten")
_RESTING = (OutboxState.SENT, OutboxState.FAILED, OutboxState.WITHDRAWN)


def key_of(slack_user_id: str) -> str:
    """The one outbox row of somebody's Home."""
    return f"home:{slack_user_id}"


def opened(session: Session, slack_user_id: str, now: datetime) -> None:
    """Somebody looks at their Home: have it made, or made anew."""
    key = key_of(slack_user_id)
    payload = {"user": slack_user_id, "opened_at": now.isoformat()}
    if outbox.put(session, key, KIND, payload, now, lane=key) is None:
        session.execute(update(OutboxItem).where(col(OutboxItem.key) == key).values(payload=payload))
        renew(session, [key], now)


def renew(session: Session, keys: Collection[str], now: datetime) -> int:
    """Have these Homes made anew, those left out that went less than ten seconds ago; how many."""
    rested = or_(col(OutboxItem.sent_at).is_(None), col(OutboxItem.sent_at) <= now - APART)
    statement = (
        update(OutboxItem)
        .where(col(OutboxItem.key).in_(keys), col(OutboxItem.state).in_(_RESTING), rested)
        .values(state=OutboxState.PENDING, version=OutboxItem.version + 1, due_at=now, attempts=0)
        .execution_options(synchronize_session=False)
    )
    return changed(session, statement)


def renew_now(session: Session, slack_user_id: str, now: datetime) -> None:
    """Have one person's Home made anew without the wait: they have just changed it themselves, and look at it."""
    key = key_of(slack_user_id)
    payload = {"user": slack_user_id, "opened_at": now.isoformat()}
    outbox.refresh(session, key, KIND, payload, now, conversation_id=None)


def latest_change(session: Session) -> int:
    """The newest entry of the record: everything people are shown changes together with one."""
    return session.execute(select(func.max(col(AuditEvent.id)))).scalar() or 0


def outdated(session: Session, now: datetime) -> list[str]:
    """The keys of Homes that show what is no longer so, and that may go by now."""
    roles = {
        key_of(slack_id): role.value if active else ""
        for slack_id, role, active in session.execute(
            select(col(Agent.slack_user_id), col(Agent.role), col(Agent.active))
        )
    }
    rested = (
        col(OutboxItem.key).in_(roles),
        col(OutboxItem.state) == OutboxState.SENT,
        col(OutboxItem.sent_at) <= now - APART,
    )
    rows = list(session.execute(select(OutboxItem).where(*rested)).scalars())
    if not rows:
        return []
    marks = _Marks(latest_change(session), _last_forgotten(session), now)
    return [row.key for row in rows if _is_outdated(row, roles[row.key], marks)]


@dataclass(frozen=True, slots=True)
class _Marks:
    latest: int
    forgotten: int
    now: datetime


def _last_forgotten(session: Session) -> int:
    here = col(AuditEvent.action).in_(FORGOTTEN)
    return session.execute(select(func.max(col(AuditEvent.id))).where(here)).scalar() or 0


def _is_outdated(row: OutboxItem, role: str, marks: _Marks) -> bool:
    if row.receipt.get("role", "") != role:
        return True
    if not role or row.sent_at is None:
        return False
    seen, opened_at = int(row.receipt.get("seen") or 0), datetime.fromisoformat(row.payload["opened_at"])
    looking = opened_at > marks.now - OPEN_FOR
    return opened_at > row.sent_at or seen < marks.forgotten or (looking and seen < marks.latest)
