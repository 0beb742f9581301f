"""How often the team was reminded of its wording: for managers, of a team that is large enough to hide in."""

from collections.abc import Sequence
from datetime import datetime

from sqlmodel import Session

from bot.stats.questions import Question, Topic, bounds
from storage import agents, nudges
from storage.tables import Role

#: Of a smaller team a figure would be a person's.
SMALLEST_TEAM = 5
#: To whom the figure is of use, and in answer to what.
_TOPICS = (Topic.EVERYTHING, Topic.SUGGESTIONS)


def remarks(
    session: Session, role: Role, question: Question, now: datetime, zone: str
) -> Sequence[tuple[str, int]] | None:
    """Remarks made in the question's time, by category; None for whom or for what it is not told."""
    if role is not Role.MANAGER or question.topic not in _TOPICS:
        return None
    if len(agents.everyone(session)) < SMALLEST_TEAM:
        return None
    start, end = bounds(question.period, now, zone)
    return tuple(nudges.by_category(session, start, end).items())
