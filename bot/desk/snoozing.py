"""A case that is put off: it comes back by itself, or when the customer says something that wants an answer."""

from datetime import datetime

from sqlmodel import Session

from bot.card_rows import note, refresh_card
from bot.desk.press import Press, acting, check_newest, conversation_of, take_up
from bot.errors import Refused
from bot.speech import say, say_to_all
from storage import agents, audit, conversations, handovers
from storage.tables import CardState, Conversation, ConversationState


def snooze(session: Session, press: Press, until: datetime, now: datetime) -> str:
    """Put a case off until then; it is whose it was, or theirs who put it off.

    Raises Refused for solved cases, for a time that has passed, and while a reply is on its way.
    """
    agent = acting(session, press.slack_user_id)
    conversation = conversation_of(session, press.conversation_id)
    check_newest(session, press)
    if until <= now:
        raise Refused(say("Pick a time in the future."))
    if conversation.state is ConversationState.RESOLVED:
        raise Refused(say("This case is solved. Open it again first."))
    latest = conversations.latest_suggestion(session, press.conversation_id)
    if latest is not None and latest.state is CardState.SENDING:
        raise Refused(say("The reply is still on its way. Try again in a moment."))
    conversation.state, conversation.snoozed_until = ConversationState.SNOOZED, until
    take_up(session, conversation, agent)
    audit.record(session, "case_snoozed", now, conversation_id=press.conversation_id, agent_id=agent.id)
    session.flush()
    refresh_card(session, press.conversation_id, now)
    return say("Snoozed.")


def wake(session: Session, conversation_id: int, now: datetime) -> bool:
    """Bring a case back whose time has come; whoever has it hears of it. False where that is done already."""
    if not handovers.wake(session, conversation_id, now):
        return False
    conversation = session.get_one(Conversation, conversation_id)
    agent = agents.in_charge(session, conversation)
    key = f"woken:{conversation_id}:{conversation.version}"
    mention = agent.slack_user_id if agent and agent.active else ""
    text = say_to_all("This case is back: its time has come.")
    note(session, key, conversation_id, text, now, mention=mention)
    audit.record(session, "case_woken", now, conversation_id=conversation_id)
    refresh_card(session, conversation_id, now)
    return True
