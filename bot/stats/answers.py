"""Figures -> lines in words, each with its count. Nothing to count says so: never 0 % of nothing."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from sqlmodel import Session

from bot.cards.texts import day_in_words
from bot.rules.composing import format_money
from bot.speech import mark, say, say_number, spoken
from bot.stats.questions import Period, Question, Topic, bounds
from storage.figures import Figures, figures

#: Say it where it is shown.
NO_DATA = mark("no data yet")
#: What an answer about a period is called.
_TITLES = {
    Period.TODAY: mark("Support today"),
    Period.WEEK: mark("Support this week"),
    Period.MONTH: mark("Support this month"),
}


@dataclass(frozen=True, slots=True)
class Answer:
    """An answer: label and text by line, and the figures behind it."""

    title: str
    lines: tuple[tuple[str, str], ...]
    source: str
    figures: Figures


def answer(session: Session, question: Question, now: datetime, zone: str) -> Answer:
    """Count and say it. `zone` is the house's time zone: its day, week and month."""
    start, end = bounds(question.period, now, zone)
    counted = figures(session, start, end)
    lines = tuple(line for topic, line in _lines(counted) if question.topic in (Topic.EVERYTHING, topic))
    source = say_number(
        counted.conversations,
        "Counted from {day} to now, {number} conversations",
        "Counted from {day} to now, {number} conversations",
        day=day_in_words(start.astimezone(ZoneInfo(zone))),
    )
    return Answer(say(_TITLES[question.period]), lines, source, counted)


def _lines(counted: Figures) -> tuple[tuple[Topic, tuple[str, str]], ...]:
    return (
        (Topic.CONVERSATIONS, (say("Conversations"), _conversations(counted))),
        (Topic.FIRST_ANSWER, (say("Until the first answer"), _first_answer(counted))),
        (Topic.SUGGESTIONS, (say("Suggestions"), _suggestions(counted))),
        (Topic.SUGGESTIONS, (say("Trust check"), _trust(counted))),
        (Topic.REFUNDS, (say("Refunds"), _refunds(counted))),
        (Topic.FOLLOW_UPS, (say("Follow-ups"), _follow_ups(counted))),
    )


def _conversations(counted: Figures) -> str:
    if not counted.conversations:
        return say(NO_DATA)
    return say(
        "{number}, of which {waiting} not answered yet", number=counted.conversations, waiting=counted.waiting
    )


def _first_answer(counted: Figures) -> str:
    if counted.first_answer_median is None or counted.first_answer_longest is None:
        return say(NO_DATA)
    return say(
        "median {middle}, longest {longest} (n = {number})",
        middle=duration(counted.first_answer_median),
        longest=duration(counted.first_answer_longest),
        number=counted.answered,
    )


def _suggestions(counted: Figures) -> str:
    parts = (counted.sent_unchanged, counted.sent_edited, counted.dismissed, counted.no_requests)
    if not sum(parts):
        return say(NO_DATA)
    if counted.no_requests:
        return say(
            "{unchanged} sent as they were, {edited} edited, {dismissed} dismissed, "
            "{nothing} for messages that ask for nothing",
            unchanged=counted.sent_unchanged,
            edited=counted.sent_edited,
            dismissed=counted.dismissed,
            nothing=counted.no_requests,
        )
    return say(
        "{unchanged} sent as they were, {edited} edited, {dismissed} dismissed",
        unchanged=counted.sent_unchanged,
        edited=counted.sent_edited,
        dismissed=counted.dismissed,
    )


def _trust(counted: Figures) -> str:
    if not counted.sent_unchanged + counted.sent_edited:
        return say(NO_DATA)
    return say("{drafted} drafted, {sent} sent", drafted=counted.findings_drafted, sent=counted.findings_sent)


def _refunds(counted: Figures) -> str:
    if not counted.refunds:
        return say(NO_DATA)
    sums = [format_money(minor, currency, spoken()) for currency, minor in counted.refunds_minor.items()]
    return say(
        "{number} ({sums}), {approved} approved by a lead",
        number=counted.refunds,
        sums=", ".join(sums),
        approved=counted.approvals,
    )


def _follow_ups(counted: Figures) -> str:
    parts = (counted.follow_ups_sent, counted.follow_ups_answered, counted.follow_ups_cancelled)
    if not sum(parts):
        return say(NO_DATA)
    return say(
        "{sent} sent, {answered} answered, {cancelled} cancelled",
        sent=counted.follow_ups_sent,
        answered=counted.follow_ups_answered,
        cancelled=counted.follow_ups_cancelled,
    )


def duration(length: timedelta) -> str:
    """ "14 min", "3 h 5 min", "2 days"."""
    minutes = int(length.total_seconds() // 60)
    if minutes < 60:
        return say("{minutes} min", minutes=minutes)
    if minutes < 48 * 60:
        return say("{hours} h {minutes} min", hours=minutes // 60, minutes=minutes % 60)
    return say("{number} days", number=minutes // (24 * 60))
