"""The counts of a period by the door customers came by: each mailbox, each Slack channel."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from statistics import median

from sqlalchemy import select
from sqlmodel import Session, col

from storage.tables import Conversation, ConversationState


@dataclass(frozen=True, slots=True)
class ChannelFigures:
    """What came by one door."""

    #: email or slack.
    channel: str
    #: The mailbox's address or the Slack channel's id; empty where it is not known.
    place: str
    conversations: int
    answered: int
    waiting: int
    first_answer_median: timedelta | None


def by_channel(session: Session, start: datetime, end: datetime) -> list[ChannelFigures]:
    """From `start` up to, not including, `end`; the busiest first."""
    statement = select(
        col(Conversation.channel),
        col(Conversation.mailbox),
        col(Conversation.slack_channel),
        col(Conversation.opened_at),
        col(Conversation.first_answer_at),
        col(Conversation.state),
    ).where(col(Conversation.opened_at) >= start, col(Conversation.opened_at) < end)
    doors: dict[tuple[str, str], list[tuple[timedelta | None, bool]]] = {}
    for channel, mailbox, slack_channel, opened, answered, state in session.execute(statement):
        length = answered - opened if answered is not None else None
        waits = answered is None and state is not ConversationState.RESOLVED
        doors.setdefault((channel, slack_channel or mailbox or ""), []).append((length, waits))
    found = [_figures(channel, place, each) for (channel, place), each in doors.items()]
    return sorted(found, key=lambda each: (-each.conversations, each.channel, each.place))


def _figures(channel: str, place: str, cases: list[tuple[timedelta | None, bool]]) -> ChannelFigures:
    times = [length.total_seconds() for length, _ in cases if length is not None]
    return ChannelFigures(
        channel=channel,
        place=place,
        conversations=len(cases),
        answered=len(times),
        waiting=sum(waits for _, waits in cases),
        first_answer_median=timedelta(seconds=median(times)) if times else None,
    )
