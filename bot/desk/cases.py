"""What becomes of a case: dismissed drafts, corrected intents, resolved conversations."""

from datetime import datetime
from functools import partial

from sqlmodel import Session

from bot.card_rows import refresh_card
from bot.desk.follow_ups import Approved, schedule
from bot.desk.press import Press, acting, check_newest, conversation_of, take_up, why_settled
from bot.desk.together import answered_with_ids, held, resolve_with
from bot.errors import Refused
from bot.house import ANSWERED
from bot.promising import promise_again, settle_done
from bot.rules.decisions import INTENTS
from bot.speech import say, say_to_all
from storage import audit, conversations, follow_ups, knowledge, outdated
from storage.tables import CardState, ConversationState, Customer, WaitingOn


def dismiss(session: Session, press: Press, reason: str, now: datetime) -> str:
    """Put a draft aside; a reason may be given and need not. Raises Refused when it was settled before."""
    agent = acting(session, press.slack_user_id)
    conversation = conversation_of(session, press.conversation_id)
    before = conversations.latest_suggestion(session, press.conversation_id)
    assert agent.id is not None
    suggestion = conversations.settle_card(
        session, press.conversation_id, press.version, CardState.DISMISSED, agent.id, now
    )
    if suggestion is None:
        raise Refused(why_settled(session, before, press.version))
    suggestion.dismiss_reason = reason.strip()[:500]
    session.add(suggestion)
    take_up(session, conversation, agent)
    audit.record(session, "draft_dismissed", now, conversation_id=press.conversation_id, agent_id=agent.id)
    refresh_card(session, press.conversation_id, now)
    return say("Dismissed.")


def resolve(session: Session, press: Press, approved: Approved | None, now: datetime) -> str:
    """Call the case solved; its personal follow-up is scheduled with it, unless the agent left it out."""
    agent = acting(session, press.slack_user_id)
    conversation = held(session, press.conversation_id, answered_with_ids(session, press.conversation_id))
    check_newest(session, press)
    latest = conversations.latest_suggestion(session, press.conversation_id)
    if latest is not None and latest.state is CardState.SENDING:
        raise Refused(say("The reply is still on its way. Try again in a moment."))
    conversation.state = ConversationState.RESOLVED
    conversation.resolved_at, conversation.stands_alone, conversation.snoozed_until = now, False, None
    take_up(session, conversation, agent)
    conversations.withdraw_live(session, press.conversation_id, now)
    if approved is not None:
        schedule(session, conversation, agent, approved, now)
    resolve_with(session, conversation, agent, now)
    settle_done(session, conversation, now)
    audit.record(
        session,
        "case_resolved",
        now,
        conversation_id=press.conversation_id,
        agent_id=agent.id,
        follow_up=approved is not None,
    )
    refresh_card(session, press.conversation_id, now)
    return say("Resolved.") if approved is None else say("Resolved, and the follow-up is set.")


def reopen(session: Session, press: Press, now: datetime) -> str:
    """A solved case is open again, with what it was to have kept; its follow-up does not go, its draft is made anew.

    Raises Refused where it is open already.
    """
    agent = acting(session, press.slack_user_id)
    conversation = conversation_of(session, press.conversation_id)
    if conversation.state is not ConversationState.RESOLVED:
        raise Refused(say("This case is open already."))
    promise_again(session, conversation, agent, now)
    conversation.state, conversation.resolved_at = ConversationState.OPEN, None
    conversation.waiting_on, conversation.answered_with_id = WaitingOn.US, None
    outdated.mark(session, conversation, now)
    take_up(session, conversation, agent)
    cancelled = follow_ups.cancel(
        session, press.conversation_id, say_to_all("the case was opened again"), now
    )
    audit.record(
        session,
        "case_reopened",
        now,
        conversation_id=press.conversation_id,
        agent_id=agent.id,
        subject_id=cancelled,
    )
    session.flush()
    refresh_card(session, press.conversation_id, now)
    return say("Open again.")


def not_a_request(session: Session, press: Press, now: datetime) -> str:
    """Say that the message asks for nothing: kept as training data; the case ends without a follow-up.

    What they write next is read as always. Raises Refused when the draft was settled before.
    """
    agent = acting(session, press.slack_user_id)
    assert agent.id is not None
    conversation = conversation_of(session, press.conversation_id)
    before = conversations.latest_suggestion(session, press.conversation_id)
    suggestion = conversations.settle_card(
        session, press.conversation_id, press.version, CardState.DISMISSED, agent.id, now
    )
    if suggestion is None:
        raise Refused(why_settled(session, before, press.version))
    suggestion.not_a_request = True
    conversation.state, conversation.resolved_at = ConversationState.RESOLVED, now
    conversation.snoozed_until, conversation.stands_alone = None, False
    conversation.version += 1
    session.add_all((suggestion, conversation))
    follow_ups.cancel(session, press.conversation_id, say_to_all("it was no request"), now)
    audit.record(session, "not_a_request", now, conversation_id=press.conversation_id, agent_id=agent.id)
    session.flush()
    refresh_card(session, press.conversation_id, now)
    return say("Not a request.")


def correct_reading(session: Session, press: Press, intent: str, language: str, now: datetime) -> None:
    """Say what it is really about, and in which language; kept as training data. Its draft is made anew.

    An empty `language` leaves it. Raises Refused where nothing is listed under that name.
    """
    agent = acting(session, press.slack_user_id)
    if intent not in INTENTS:
        raise Refused(say("Pick one of the listed intents."))
    if language not in ("", *ANSWERED):
        raise Refused(say("Pick one of the listed languages."))
    conversation = conversation_of(session, press.conversation_id)
    check_newest(session, press)
    record = partial(audit.record, session, now=now, conversation_id=conversation.id, agent_id=agent.id)
    otherwise = bool(language) and language != conversation.language
    if intent != conversation.intent or not otherwise:
        record("intent_corrected", before=conversation.intent, after=intent)
        conversation.intent, conversation.intent_corrected = intent, True
    if otherwise:
        record("language_corrected", before=conversation.language, after=language)
        conversation.language, conversation.language_corrected = language, True
        customer = session.get(Customer, conversation.customer_id)
        if customer is not None:
            knowledge.learn(session, customer, "language", language, "agent", now)
    outdated.mark(session, conversation, now)
    take_up(session, conversation, agent)
