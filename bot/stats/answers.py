"""Figures -> lines in words, each with its count. Nothing to count says so: never 0 % of nothing."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from sqlmodel import Session

from bot.rules.composing import format_money
from bot.stats.questions import Period, Question, Topic, bounds
from storage.figures import Figures, figures

NO_DATA = "no data yet"
#: How a period is called in an answer.
NAMES = {Period.TODAY: "today", Period.WEEK: "this week", Period.MONTH: "this month"}


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
    first = start.astimezone(ZoneInfo(zone)).strftime("%-d %B %Y")
    source = f"Counted from {first} to now, {counted.conversations} conversations"
    return Answer(f"Support {NAMES[question.period]}", lines, source, counted)


def _lines(counted: Figures) -> tuple[tuple[Topic, tuple[str, str]], ...]:
    return (
        (Topic.CONVERSATIONS, ("Conversations", _conversations(counted))),
        (Topic.FIRST_ANSWER, ("Until the first answer", _first_answer(counted))),
        (Topic.SUGGESTIONS, ("Suggestions", _suggestions(counted))),
        (Topic.SUGGESTIONS, ("Trust check", _trust(counted))),
        (Topic.REFUNDS, ("Refunds", _refunds(counted))),
        (Topic.FOLLOW_UPS, ("Follow-ups", _follow_ups(counted))),
    )


def _conversations(counted: Figures) -> str:
    if not counted.conversations:
        return NO_DATA
    return f"{counted.conversations}, of which {counted.waiting} not answered yet"


def _first_answer(counted: Figures) -> str:
    if counted.first_answer_median is None or counted.first_answer_longest is None:
        return NO_DATA
    middle, longest = duration(counted.first_answer_median), duration(counted.first_answer_longest)
    return f"median {middle}, longest {longest} (n = {counted.answered})"


def _suggestions(counted: Figures) -> str:
    parts = (counted.sent_unchanged, counted.sent_edited, counted.dismissed, counted.no_requests)
    if not sum(parts):
        return NO_DATA
    none = f", {parts[3]} for messages that ask for nothing" if parts[3] else ""
    return f"{parts[0]} sent as they were, {parts[1]} edited, {parts[2]} dismissed{none}"


def _trust(counted: Figures) -> str:
    if not counted.sent_unchanged + counted.sent_edited:
        return NO_DATA
    return f"{counted.findings_drafted} drafted, {counted.findings_sent} sent"


def _refunds(counted: Figures) -> str:
    if not counted.refunds:
        return NO_DATA
    sums = ", ".join(format_money(minor, currency, "en") for currency, minor in counted.refunds_minor.items())
    return f"{counted.refunds} ({sums}), {counted.approvals} approved by a lead"


def _follow_ups(counted: Figures) -> str:
    parts = (counted.follow_ups_sent, counted.follow_ups_answered, counted.follow_ups_cancelled)
    if not sum(parts):
        return NO_DATA
    return f"{parts[0]} sent, {parts[1]} answered, {parts[2]} cancelled"


def duration(length: timedelta) -> str:
    """ "14 min", "3 h 5 min", "2 days"."""
    minutes = int(length.total_seconds() // 60)
    if minutes < 60:
        return f"{minutes} min"
    if minutes < 48 * 60:
        return f"{minutes // 60} h {minutes % 60} min"
    return f"{minutes // (24 * 60)} days"
