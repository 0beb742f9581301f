"""A draft made anew: after a person corrected the intent, a lead said yes, or a refund failed."""

import asyncio
from dataclasses import replace
from datetime import datetime

from sqlmodel import Session

from bot.bursts import said_before
from bot.card_rows import Moved, add_suggestion, refresh_card
from bot.drafting import Draft, compose
from bot.gathering import Snapshot, of_conversation
from bot.parts import Parts
from bot.rules.decisions import Remedy
from bot.stored_messages import as_incoming
from bot.together import group, no_longer
from bot.wordings import keep_up
from storage import audit, conversations, together
from storage.engine import commit, read
from storage.tables import Conversation, Direction, Join, JoinState, Message, Refund

TURNS = 5


async def redraft(
    parts: Parts, conversation_id: int, *, given: Refund | None = None, template: str = ""
) -> None:
    """Draft an answer to the customer's latest words again. The card gets a new version; old buttons are refused."""
    await keep_up(parts)
    for _ in range(TURNS):
        now = parts.clock()
        message, before, snapshot = await read(parts.engine, _latest, conversation_id)
        if message is None:
            return
        incoming = replace(as_incoming(message), said_before=before)
        draft = await asyncio.to_thread(
            compose, parts.house, incoming, snapshot, now, given=_told(given), template=template
        )
        try:
            await commit(parts.engine, _write, conversation_id, message.id or 0, snapshot.version, draft, now)
        except Moved:
            continue
        parts.written.set()
        return


async def redraft_lead(parts: Parts, conversation_id: int) -> None:
    """Have the draft that leads this customer's open cases made anew, where it names one that it does not answer."""
    lead_id = await read(parts.engine, _outdated_lead, conversation_id)
    if lead_id is not None:
        await redraft(parts, lead_id)


def _outdated_lead(session: Session, conversation_id: int) -> int | None:
    conversation = session.get(Conversation, conversation_id)
    lead = next(iter(group(session, conversation.customer_id)), None) if conversation else None
    latest = conversations.latest_suggestion(session, lead.id or 0) if lead else None
    return lead.id if lead and latest and no_longer(session, lead, latest) else None


def outdated_leads(session: Session, join_id: int) -> list[int]:
    """The leading cases of two who were joined or parted whose drafts speak for too few cases, or too many."""
    join = session.get(Join, join_id)
    found = []
    for customer_id in (join.kept_id, join.gone_id) if join else ():
        members = group(session, customer_id)
        latest = conversations.latest_suggestion(session, members[0].id or 0) if members else None
        joined = join is not None and join.state is JoinState.JOINED and len(members) > 1
        if latest is not None and (joined or no_longer(session, members[0], latest)):
            found.append(members[0].id or 0)
    return found


def _told(refund: Refund | None) -> Remedy | None:
    """A refund as the draft tells it. A credit is no money on its way, and is told in a person's own words."""
    if refund is None or refund.kind == "credit":
        return None
    known = refund.order_id is not None
    return Remedy(refund.kind, refund.tier, refund.amount_minor, refund.currency, known=known, given=True)


def _latest(session: Session, conversation_id: int) -> tuple[Message | None, str, Snapshot]:
    """The customer's latest words, what they wrote just before, and what we know."""
    conversation = session.get(Conversation, conversation_id)
    assert conversation is not None
    said = conversations.messages(session, conversation_id)
    human = [each for each in said if each.direction is Direction.IN and each.automatic is None]
    # A case that we began holds what the shop told us.
    human = human or [each for each in said if each.kind == "event"]
    # Nothing new was said: the order is the one the case has, also where a person chose it.
    snapshot = replace(of_conversation(session, conversation), order_settled=True)
    latest = human[-1] if human else None
    before = said_before(said, latest.at, but=latest.id) if latest and latest.ts else ""
    return latest, before, snapshot


def _write(
    session: Session, conversation_id: int, message_row_id: int, version: int, draft: Draft, now: datetime
) -> None:
    if not conversations.claim_version(session, conversation_id, version):
        raise Moved
    conversation = session.get(Conversation, conversation_id)
    assert conversation is not None
    together.hold_person(session, conversation.customer_id)
    add_suggestion(session, conversation_id, message_row_id, draft, now)
    audit.record(session, "draft_made_anew", now, conversation_id=conversation_id, rule=draft.decision.rule)
    refresh_card(session, conversation_id, now)
