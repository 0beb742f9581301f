"""A draft made anew: after a person corrected the intent, a lead said yes, or a refund failed."""

import asyncio
from dataclasses import replace
from datetime import datetime

from sqlmodel import Session

from bot.card_rows import Moved, add_suggestion, refresh_card
from bot.drafting import Draft, compose
from bot.gathering import Snapshot, of_conversation
from bot.messages import Channel, IncomingMessage
from bot.parts import Parts
from bot.rules.decisions import Remedy
from storage import audit, conversations
from storage.engine import commit, read
from storage.tables import Conversation, Direction, Message, Refund

TURNS = 5


async def redraft(
    parts: Parts, conversation_id: int, *, given: Refund | None = None, template: str = ""
) -> None:
    """Draft an answer to the customer's latest words again. The card gets a new version; old buttons are refused."""
    for _ in range(TURNS):
        now = parts.clock()
        message, snapshot = await read(parts.engine, _latest, conversation_id)
        if message is None:
            return
        incoming = _as_incoming(message)
        draft = await asyncio.to_thread(
            compose, parts.house, incoming, snapshot, now, given=_told(given), template=template
        )
        try:
            await commit(parts.engine, _write, conversation_id, message.id or 0, snapshot.version, draft, now)
        except Moved:
            continue
        parts.written.set()
        return


def _told(refund: Refund | None) -> Remedy | None:
    """A refund as the draft tells it. A credit is no money on its way, and is told in a person's own words."""
    if refund is None or refund.kind == "credit":
        return None
    known = refund.order_id is not None
    return Remedy(refund.kind, refund.tier, refund.amount_minor, refund.currency, known=known, given=True)


def _latest(session: Session, conversation_id: int) -> tuple[Message | None, Snapshot]:
    conversation = session.get(Conversation, conversation_id)
    assert conversation is not None
    said = conversations.messages(session, conversation_id)
    human = [each for each in said if each.direction is Direction.IN and each.automatic is None]
    # Nothing new was said: the order is the one the case has, also where a person chose it.
    return (human[-1] if human else None), replace(of_conversation(session, conversation), order_settled=True)


def _as_incoming(message: Message) -> IncomingMessage:
    return IncomingMessage(
        channel=Channel.SLACK if message.ts else Channel.EMAIL,
        message_id=message.message_id or message.ts or "",
        sender="",
        sender_name=message.sender_name,
        subject="",
        text=message.text,
        reply=message.reply,
        authentication=message.authentication,
    )


def _write(
    session: Session, conversation_id: int, message_row_id: int, version: int, draft: Draft, now: datetime
) -> None:
    if not conversations.claim_version(session, conversation_id, version):
        raise Moved
    add_suggestion(session, conversation_id, message_row_id, draft, now)
    audit.record(session, "draft_made_anew", now, conversation_id=conversation_id, rule=draft.decision.rule)
    refresh_card(session, conversation_id, now)
