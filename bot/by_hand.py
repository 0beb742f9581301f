"""A colleague answers a customer in Slack by hand: the answer is written down, and its wording looked at."""

import asyncio
from datetime import datetime

from sqlmodel import Session

from bot.checking import check
from bot.gathering import Snapshot
from bot.house import House
from bot.messages import IncomingMessage
from bot.nudging import MOST_READ, remark_on
from bot.parts import Parts
from bot.rules.linting import Finding
from bot.writing_down import colleague_wrote
from storage.engine import commit, read
from storage.tables import Conversation


async def answered_by_hand(
    parts: Parts, inbox_id: int, incoming: IncomingMessage, snapshot: Snapshot, now: datetime
) -> None:
    """Write it down, and a remark for the colleague alone where the trust check finds something.

    Raises Moved when the conversation is not the one that was read.
    """
    found: tuple[Finding, ...] = ()
    if snapshot.conversation_id is not None:
        about = await read(parts.engine, _about, snapshot.conversation_id)
        found = await asyncio.to_thread(_check, parts.house, incoming.reply[:MOST_READ], *about)
    await commit(parts.engine, _write, inbox_id, incoming, snapshot, parts.house, found, now)


def _about(session: Session, conversation_id: int) -> tuple[str, str]:
    """Its language, and what it is about."""
    conversation = session.get(Conversation, conversation_id)
    return (conversation.language, conversation.intent) if conversation else ("", "")


def _check(house: House, text: str, language: str, intent: str) -> tuple[Finding, ...]:
    return check(house, text, language=language or house.language, intent=intent or None)


def _write(
    session: Session,
    inbox_id: int,
    incoming: IncomingMessage,
    snapshot: Snapshot,
    house: House,
    found: tuple[Finding, ...],
    now: datetime,
) -> None:
    message = colleague_wrote(session, inbox_id, incoming, snapshot, house, now)
    if message is not None and found:
        remark_on(session, house, message, incoming.sent_at or now, found, now)
