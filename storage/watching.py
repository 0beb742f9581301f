"""Which Slack threads we listen to: those of a watched channel, unless a colleague decided otherwise for one."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, and_, delete, select, update
from sqlmodel import Session, col

from storage import agents
from storage.engine import changed, insert_once
from storage.tables import (
    Conversation,
    Message,
    OutboxItem,
    OutboxState,
    WatchedThread,
)


@dataclass(frozen=True, slots=True)
class Thread:
    """One thread; `ts` is that of its first message."""

    team: str
    channel: str
    ts: str


def decide(session: Session, thread: Thread, *, watched: bool, now: datetime) -> None:
    """Listen to a thread, or no longer; said again, nothing changes."""
    place = {"team": thread.team, "channel": thread.channel, "thread_ts": thread.ts}
    values = {**place, "watched": watched, "decided_at": now}
    if insert_once(session, WatchedThread, values, list(place)) is None:
        here = (col(getattr(WatchedThread, name)) == value for name, value in place.items())
        changed = update(WatchedThread).where(*here, col(WatchedThread.watched) != watched)
        session.execute(changed.values(watched=watched, decided_at=now))


def listens_to(session: Session, thread: Thread) -> bool:
    """Whether what is said there comes in."""
    here = (
        col(WatchedThread.team) == thread.team,
        col(WatchedThread.channel) == thread.channel,
        col(WatchedThread.thread_ts) == thread.ts,
    )
    decided = session.execute(select(col(WatchedThread.watched)).where(*here)).scalar()
    return thread.channel in agents.watched(session, thread.team) if decided is None else bool(decided)


def channel_moved(session: Session, team: str, old: str, new: str, now: datetime) -> bool:
    """A channel has another id: what we listen to, what was said there and what is on its way there goes along.

    False where we knew nothing of the channel; said again, nothing changes.
    """
    known = False
    if agents.unwatch(session, team, old):
        agents.watch(session, team, new, now)
        known = True
    there = select(col(WatchedThread.thread_ts)).where(_in(WatchedThread, team, new))
    session.execute(
        delete(WatchedThread).where(_in(WatchedThread, team, old), col(WatchedThread.thread_ts).in_(there))
    )
    session.execute(update(WatchedThread).where(_in(WatchedThread, team, old)).values(channel=new))
    for table in (Conversation, Message):
        here = (col(table.team) == team, col(table.slack_channel) == old)
        known = changed(session, update(table).where(*here).values(slack_channel=new)) > 0 or known
    waiting = (col(OutboxItem.kind) == "slack_reply", col(OutboxItem.state) != OutboxState.SENT)
    for row in session.execute(select(OutboxItem).where(*waiting)).scalars():
        if row.payload.get("channel") == old:
            row.payload = {**row.payload, "channel": new}
    return known


def _in(table: type[WatchedThread], team: str, channel: str) -> ColumnElement[bool]:
    return and_(col(table.team) == team, col(table.channel) == channel)


def case_of_ours(session: Session, message: Thread) -> int | None:
    """The case that a message of ours to a customer answers; what we posted is known by what Slack said of it."""
    statement = (
        select(col(OutboxItem.conversation_id))
        .join(Conversation, col(Conversation.id) == col(OutboxItem.conversation_id))
        .where(
            col(Conversation.team) == message.team,
            col(Conversation.slack_channel) == message.channel,
            col(OutboxItem.kind) == "slack_reply",
            col(OutboxItem.receipt)["ts"].as_string() == message.ts,
        )
        .limit(1)
    )
    return session.execute(statement).scalar()
