"""This week in one sentence, against last week, and by channel. Every figure comes with its count."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlmodel import Session

from bot.speech import say, say_number
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
    return f"{_came(mine, before)} {_until_answered(mine, before)}"


def _came(mine: Figures, before: Figures) -> str:
    if not mine.conversations:
        return say(
            "{number} conversations this week (last week until now: {before}).",
            number=0,
            before=before.conversations,
        )
    return say_number(
        mine.conversations,
        "{number} conversation this week, {waiting} not answered yet (last week until now: {before}).",
        "{number} conversations this week, {waiting} not answered yet (last week until now: {before}).",
        waiting=mine.waiting,
        before=before.conversations,
    )


def _until_answered(mine: Figures, before: Figures) -> str:
    if before.first_answer_median is None:
        return say("Median until the first answer: {median}.", median=_median(mine))
    return say(
        "Median until the first answer: {median}; last week {before}.",
        median=_median(mine),
        before=_median(before),
    )


def _median(counted: Figures) -> str:
    if counted.first_answer_median is None:
        return say(NO_DATA)
    return f"{duration(counted.first_answer_median)} (n = {counted.answered})"
