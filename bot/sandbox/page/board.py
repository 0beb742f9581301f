"""The right of the page: the clock, the figures, and what waits."""

from dataclasses import dataclass
from datetime import datetime, time, timedelta
from enum import StrEnum
from zoneinfo import ZoneInfo

from sqlalchemy import func, select
from sqlmodel import Session, col

from bot.queues import due_rows
from bot.rules import business_days
from bot.stats import Answer, answer, parse
from storage import inbox
from storage.tables import InboxItem, InboxState, OutboxItem, OutboxState

#: How far ahead follow-ups are looked for.
AHEAD = timedelta(days=60)


class Step(StrEnum):
    """How far the clock is put forward."""

    HOUR = "hour"
    DAY = "day"
    FIVE_BUSINESS_DAYS = "five"
    NEXT_FOLLOW_UP = "next"


@dataclass(frozen=True, slots=True)
class Ahead:
    """A follow-up that will go out by itself."""

    customer: str
    why: str
    due_at: datetime


@dataclass(frozen=True, slots=True)
class Board:
    """Everything on the right."""

    answer: Answer
    #: Label and count.
    counts: tuple[tuple[str, int], ...]
    quarantined: int
    ahead: tuple[Ahead, ...]


def board(session: Session, question: str, now: datetime, zone: ZoneInfo) -> Board:
    """Reads it. `question` is one that `/tillid stats` takes."""
    by_state = select(col(OutboxItem.state), func.count()).group_by(col(OutboxItem.state))
    states: dict[OutboxState, int] = {row[0]: row[1] for row in session.execute(by_state)}
    new = select(func.count()).select_from(InboxItem).where(col(InboxItem.state) == InboxState.NEW)
    counts = (
        ("Waiting to be read", session.execute(new).scalar_one()),
        ("Waiting to be sent", states.get(OutboxState.PENDING, 0) + states.get(OutboxState.SENDING, 0)),
        ("Sent and posted", states.get(OutboxState.SENT, 0)),
        ("Could not be sent", states.get(OutboxState.FAILED, 0)),
    )
    return Board(
        answer(session, parse(question), now, zone.key),
        counts,
        len(inbox.quarantined(session)),
        upcoming(session, now),
    )


def upcoming(session: Session, now: datetime) -> tuple[Ahead, ...]:
    """The scheduled follow-ups, soonest first."""
    return tuple(Ahead(each.customer_name, each.why, each.due_at) for each in due_rows(session, now, AHEAD))


def reached(step: Step, now: datetime, country: str, ahead: tuple[Ahead, ...]) -> datetime | None:
    """Where a step leads; days keep the time on the wall. None when there is no follow-up to go to."""
    zone = business_days.zone(country)
    local = now.astimezone(zone)

    def same_time(days: int) -> datetime:
        wall = time(local.hour, local.minute, local.second, local.microsecond)
        return datetime.combine(local.date() + timedelta(days=days), wall, zone)

    match step:
        case Step.HOUR:
            return now + timedelta(hours=1)
        case Step.DAY:
            return same_time(1)
        case Step.FIVE_BUSINESS_DAYS:
            return same_time((business_days.add(local.date(), 5, country) - local.date()).days)
        case Step.NEXT_FOLLOW_UP:
            return max(now, ahead[0].due_at) + timedelta(minutes=1) if ahead else None
