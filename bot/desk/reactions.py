"""What colleagues say with a reaction: mine, not mine after all, solved.

Each is acknowledged only after it is written down, and comes again if it was not: the event's id, kept in the record,
makes a second delivery nothing, also when the case has gone on since.
"""

from datetime import datetime

from sqlalchemy import select
from sqlmodel import Session, col

from bot.card_rows import note, refresh_card
from bot.desk.cases import resolve
from bot.desk.press import Press, acting, conversation_of
from bot.errors import Refused
from bot.speech import say, say_to_all
from storage import audit, conversations, follow_ups, queue
from storage.tables import (
    Agent,
    AuditEvent,
    Conversation,
    ConversationState,
    FollowUp,
    FollowUpState,
    Suggestion,
)

_BY = "reaction"


def claim(session: Session, slack_user_id: str, conversation_id: int, event_id: str, now: datetime) -> bool:
    """Take a case that is nobody's; False where nothing changed. Raises Refused where a colleague has it."""
    agent = acting(session, slack_user_id)
    conversation = conversation_of(session, conversation_id)
    if _heard_before(session, conversation_id, event_id) or conversation.agent_id == agent.id:
        return False
    assert agent.id is not None
    if not queue.take(session, conversation_id, agent.id):
        owner = session.get(Agent, conversation.agent_id) if conversation.agent_id else None
        if owner is None or not owner.active:
            return False
        raise Refused(say("{name} has this case.", name=owner.name))
    _record(session, "case_taken", agent, conversation_id, event_id, now)
    refresh_card(session, conversation_id, now)
    return True


def give_back(
    session: Session, slack_user_id: str, conversation_id: int, event_id: str, now: datetime
) -> bool:
    """Make a case nobody's again that was taken by a reaction; False where more has been done with it since."""
    agent = acting(session, slack_user_id)
    conversation_of(session, conversation_id)
    assert agent.id is not None
    mine = [each for each in _record_of(session, conversation_id) if each.agent_id == agent.id]
    if not mine or mine[-1].action != "case_taken" or mine[-1].details.get("by") != _BY:
        return False
    if not queue.put_back(session, conversation_id, agent.id):
        return False
    _record(session, "case_put_back", agent, conversation_id, event_id, now)
    refresh_card(session, conversation_id, now)
    return True


def solve(session: Session, slack_user_id: str, conversation_id: int, event_id: str, now: datetime) -> bool:
    """Call a case solved, as Resolve does, without its window; False where it was solved before.

    The follow-up that was planned is not lost: it stays as proposed, and a note below the card asks for it.
    """
    agent = acting(session, slack_user_id)
    conversation = conversation_of(session, conversation_id)
    known = _heard_before(session, conversation_id, event_id)
    if known or conversation.state is ConversationState.RESOLVED:
        return False
    latest = conversations.latest_suggestion(session, conversation_id)
    press = Press(slack_user_id, conversation_id, latest.version if latest else 0)
    resolve(session, press, None, now)
    _record(session, "solved_by_reaction", agent, conversation_id, event_id, now)
    if latest is not None and latest.follow_up and follow_ups.scheduled(session, conversation_id) is None:
        _propose(session, conversation, agent, latest, now)
    return True


def _propose(
    session: Session, conversation: Conversation, agent: Agent, suggestion: Suggestion, now: datetime
) -> None:
    assert conversation.id is not None and agent.id is not None
    planned = suggestion.follow_up or {}
    here = (
        col(FollowUp.conversation_id) == conversation.id,
        col(FollowUp.state).in_((FollowUpState.PROPOSED, FollowUpState.SENT)),
    )
    if session.execute(select(col(FollowUp.id)).where(*here).limit(1)).first() is not None:
        return
    follow_up = FollowUp(
        conversation_id=conversation.id,
        agent_id=agent.id,
        kind=str(planned["kind"]),
        state=FollowUpState.PROPOSED,
        due_at=datetime.fromisoformat(planned["due_at"]),
        why=str(planned.get("why") or ""),
        language=suggestion.language,
        created_at=now,
    )
    session.add(follow_up)
    session.flush()
    told = say_to_all(
        "Solved. The personal follow-up is only proposed so far: press Follow Up on the card to read and set it."
    )
    note(session, f"proposed:{follow_up.id}", conversation.id, told, now, mention=agent.slack_user_id)


def _record(
    session: Session, action: str, agent: Agent, conversation_id: int, event_id: str, now: datetime
) -> None:
    audit.record(
        session, action, now, conversation_id=conversation_id, agent_id=agent.id, by=_BY, event=event_id
    )


def _record_of(session: Session, conversation_id: int) -> list[AuditEvent]:
    here = select(AuditEvent).where(col(AuditEvent.conversation_id) == conversation_id)
    return list(session.execute(here.order_by(col(AuditEvent.id))).scalars())


def _heard_before(session: Session, conversation_id: int, event_id: str) -> bool:
    return any(each.details.get("event") == event_id for each in _record_of(session, conversation_id))
