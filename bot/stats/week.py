"""This week in one sentence, against last week, and by channel. Every figure comes with its count."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlmodel import Session

from bot.stats.answers import NO_DATA, answer, duration
from bot.stats.questions import Period, Question, Topic
from storage.figures import Figures, figures
from storage.figures_by_channel import ChannelFigures, by_channel

WEEK = timedelta(days=7)


@dataclass(frozen=True, slots=True)
class Week:
    """A week that has begun, as far as it has come."""

    sentence: str
    source: str
    channels: tuple[ChannelFigures, ...]


def this_week(session: Session, now: datetime, zone: str) -> Week | None:
    """Since Monday in the house's own time zone; None where neither this week nor the last has a conversation."""
    found = answer(session, Question(Topic.EVERYTHING, Period.WEEK), now, zone)
    mine = found.figures
    before = figures(session, mine.start - WEEK, mine.end - WEEK)
    if not mine.conversations and not before.conversations:
        return None
    return Week(_sentence(mine, before), found.source, tuple(by_channel(session, mine.start, mine.end)))


def _sentence(mine: Figures, before: Figures) -> str:
    waits = f", {mine.waiting} not answered yet" if mine.conversations else ""
    came = f"{_counted(mine.conversations)} this week{waits} (last week until now: {before.conversations})."
    then = _median(before)
    last = f"; last week {then}" if then != NO_DATA else ""
    return f"{came} Median until the first answer: {_median(mine)}{last}."


def _counted(number: int) -> str:
    return "1 conversation" if number == 1 else f"{number} conversations"


def _median(counted: Figures) -> str:
    if counted.first_answer_median is None:
        return NO_DATA
    return f"{duration(counted.first_answer_median)} (n = {counted.answered})"
