"""Snoozed cases whose time has come are back on somebody's desk, and colleagues who were away are here again."""

from datetime import datetime

from sqlalchemy.exc import DBAPIError
from sqlmodel import Session

from bot import logs
from bot.desk.snoozing import wake
from bot.parts import Parts
from storage import audit, handovers
from storage.engine import commit, read

log = logs.get(__name__)


async def wake_snoozed(parts: Parts) -> int:
    """Bring every case back that is due; how many. One the database refuses waits, and holds up no other."""
    now = parts.clock()
    woken = 0
    for each in await read(parts.engine, handovers.asleep, now):
        try:
            woken += await commit(parts.engine, wake, each, now)
        except DBAPIError as error:
            log.error("case_left_asleep", conversation=each, error=type(error).__name__)
    if woken:
        parts.written.set()
    return woken


async def end_absences(parts: Parts) -> int:
    """Whoever was away until now is here again; how many."""
    now = parts.clock()
    if not await read(parts.engine, handovers.is_any_absence_over, now):
        return 0
    return await commit(parts.engine, _end_absences, now)


def _end_absences(session: Session, now: datetime) -> int:
    over = handovers.ended_absences(session, now)
    for each in over:
        handovers.return_of(session, each)
        audit.record(session, "came_back", now, agent_id=each.id)
    return len(over)
