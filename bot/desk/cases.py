"""What becomes of a case: dismissed drafts, corrected intents, resolved conversations."""

from datetime import datetime

from sqlmodel import Session

from bot.card_rows import refresh_card
from bot.desk.follow_ups import Approved, schedule
from bot.desk.press import Press, acting, check_newest, conversation_of, take_up, why_settled
from bot.errors import Refused
from bot.rules.decisions import INTENTS
from storage import audit, conversations
from storage.tables import CardState, ConversationState


def dismiss(session: Session, press: Press, reason: str, now: datetime) -> str:
    """Put a draft aside; a reason may be given and need not. Raises Refused when it was settled before."""
    agent = acting(session, press.slack_user_id)
    before = conversations.latest_suggestion(session, press.conversation_id)
    assert agent.id is not None
    suggestion = conversations.settle_card(
        session, press.conversation_id, press.version, CardState.DISMISSED, agent.id, now
    )
    if suggestion is None:
        raise Refused(why_settled(session, before, press.version))
    suggestion.dismiss_reason = reason.strip()[:500]
    session.add(suggestion)
    take_up(session, conversation_of(session, press.conversation_id), agent)
    audit.record(session, "draft_dismissed", now, conversation_id=press.conversation_id, agent_id=agent.id)
    refresh_card(session, press.conversation_id, now)
    return "Dismissed."


def resolve(session: Session, press: Press, approved: Approved | None, now: datetime) -> str:
    """Call the case solved; its personal follow-up is scheduled with it, unless the agent left it out."""
    agent = acting(session, press.slack_user_id)
    conversation = conversation_of(session, press.conversation_id)
    check_newest(session, press)
    latest = conversations.latest_suggestion(session, press.conversation_id)
    if latest is not None and latest.state is CardState.SENDING:
        raise Refused("The reply is still on its way. Try again in a moment.")
    conversation.state = ConversationState.RESOLVED
    conversation.resolved_at = now
    take_up(session, conversation, agent)
    conversations.withdraw_live(session, press.conversation_id, now)
    if approved is not None:
        schedule(session, conversation, agent, approved, now)
    audit.record(
        session,
        "case_resolved",
        now,
        conversation_id=press.conversation_id,
        agent_id=agent.id,
        follow_up=approved is not None,
    )
    refresh_card(session, press.conversation_id, now)
    return "Resolved." if approved is None else "Resolved, and the follow-up is set."


def correct_intent(session: Session, press: Press, intent: str, now: datetime) -> None:
    """Say what it is really about; kept as training data. The caller has the draft made anew."""
    agent = acting(session, press.slack_user_id)
    if intent not in INTENTS:
        raise Refused("Pick one of the listed intents.")
    conversation = conversation_of(session, press.conversation_id)
    check_newest(session, press)
    before = conversation.intent
    conversation.intent, conversation.intent_corrected = intent, True
    take_up(session, conversation, agent)
    audit.record(
        session,
        "intent_corrected",
        now,
        conversation_id=press.conversation_id,
        agent_id=agent.id,
        before=before,
        after=intent,
    )
