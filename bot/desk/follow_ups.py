"""Setting the personal follow-up: the agent sees its text and approves it when it is set."""

from dataclasses import dataclass
from datetime import datetime

from sqlmodel import Session

from bot.card_rows import refresh_card
from bot.desk.press import Press, acting, check_newest, conversation_of, take_up
from bot.errors import Refused
from bot.speech import say, say_to_all
from storage import audit, conversations, follow_ups
from storage.tables import Agent, Conversation, FollowUp, FollowUpState


@dataclass(frozen=True, slots=True)
class Approved:
    """A follow-up as the agent approved it."""

    kind: str
    subject: str
    text: str
    due_at: datetime
    why: str


def set_follow_up(session: Session, press: Press, approved: Approved, now: datetime) -> str:
    """Schedule it in the agent's name; an earlier one of this conversation gives way."""
    agent = acting(session, press.slack_user_id)
    conversation = conversation_of(session, press.conversation_id)
    check_newest(session, press)
    schedule(session, conversation, agent, approved, now)
    take_up(session, conversation, agent)
    refresh_card(session, press.conversation_id, now)
    return say("The follow-up is set.")


def schedule(
    session: Session, conversation: Conversation, agent: Agent, approved: Approved, now: datetime
) -> FollowUp:
    """Write the follow-up's row. Raises Refused when it has no text or lies in the past."""
    if not approved.text.strip():
        raise Refused(say("Write the follow-up before you set it."))
    if approved.due_at <= now:
        raise Refused(say("Pick a time in the future."))
    assert conversation.id is not None
    if conversation.answered_with_id is not None:
        raise Refused(
            say(
                "This case was answered together with case {case}: one follow-up there is for both.",
                case=conversation.answered_with_id,
            )
        )
    # The colleague whom the customer knows signs it; whoever sets it for a free case is that colleague.
    assert agent.id is not None
    suggestion = conversations.latest_suggestion(session, conversation.id)
    follow_up = FollowUp(
        conversation_id=conversation.id,
        agent_id=agent.id,
        kind=approved.kind,
        state=FollowUpState.SCHEDULED,
        due_at=approved.due_at,
        why=approved.why,
        language=suggestion.language if suggestion else conversation.language,
        subject=approved.subject,
        text=approved.text.strip(),
        approved_at=now,
        created_at=now,
    )
    follow_ups.schedule(session, follow_up, now)
    audit.record(
        session,
        "follow_up_scheduled",
        now,
        conversation_id=conversation.id,
        agent_id=agent.id,
        subject_id=follow_up.id,
        kind=approved.kind,
    )
    return follow_up


def cancel_follow_up(session: Session, press: Press, now: datetime) -> str:
    """Take back the one that is set. Raises Refused when there is none."""
    agent = acting(session, press.slack_user_id)
    cancelled = follow_ups.cancel(session, press.conversation_id, say_to_all("a colleague took it back"), now)
    if cancelled is None:
        raise Refused(say("No follow-up is set here."))
    audit.record(
        session,
        "follow_up_cancelled",
        now,
        conversation_id=press.conversation_id,
        agent_id=agent.id,
        subject_id=cancelled,
    )
    refresh_card(session, press.conversation_id, now)
    return say("The follow-up is cancelled.")
