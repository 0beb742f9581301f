"""Cases that pass from one colleague to another, and those that are put off for a while."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import select, update
from sqlmodel import Session, col

from storage.engine import changed
from storage.tables import (
    Agent,
    Conversation,
    ConversationState,
    Direction,
    FollowUp,
    FollowUpState,
    Message,
    Promise,
    PromiseState,
    WaitingOn,
)


def last_signer(session: Session, conversation_id: int) -> int | None:
    """The colleague who last wrote to the customer here: the one they know."""
    here = (
        col(Message.conversation_id) == conversation_id,
        col(Message.direction) == Direction.OUT,
        col(Message.agent_id).is_not(None),
    )
    newest = select(col(Message.agent_id)).where(*here).order_by(col(Message.id).desc()).limit(1)
    return session.execute(newest).scalar()


def give_promises(session: Session, conversation_id: int, agent_id: int | None) -> None:
    """Whoever has the case now hears of what was promised in it."""
    here = (col(Promise.conversation_id) == conversation_id, col(Promise.state) == PromiseState.OPEN)
    session.execute(
        update(Promise).where(*here).values(agent_id=agent_id).execution_options(synchronize_session="fetch")
    )


def give_follow_up(session: Session, follow_up: FollowUp, agent_id: int, text: str) -> bool:
    """Have another colleague sign one that is scheduled; False when it has gone meanwhile."""
    mine = (col(FollowUp.id) == follow_up.id, col(FollowUp.state) == FollowUpState.SCHEDULED)
    given = update(FollowUp).where(*mine).values(agent_id=agent_id, text=text)
    return changed(session, given.execution_options(synchronize_session="fetch")) == 1


def open_of(session: Session, agent_id: int) -> list[int]:
    """A colleague's cases that are not solved, in the order of their ids."""
    here = (col(Conversation.agent_id) == agent_id, col(Conversation.state) != ConversationState.RESOLVED)
    found = session.execute(select(col(Conversation.id)).where(*here).order_by(col(Conversation.id)))
    return [each for each in found.scalars() if each is not None]


def with_promises(session: Session, agent_id: int) -> list[int]:
    """A colleague's solved cases in which a promise is open."""
    promised = select(col(Promise.conversation_id)).where(col(Promise.state) == PromiseState.OPEN)
    here = (
        col(Conversation.agent_id) == agent_id,
        col(Conversation.state) == ConversationState.RESOLVED,
        col(Conversation.id).in_(promised),
    )
    found = session.execute(select(col(Conversation.id)).where(*here).order_by(col(Conversation.id)))
    return [each for each in found.scalars() if each is not None]


def is_away(agent: Agent) -> bool:
    """Whether somebody is not at work; the clock ends it."""
    return agent.away_until is not None


def stand_in(session: Session, agent: Agent) -> Agent | None:
    """Who has the cases of somebody who is away: the buddy, or theirs where that one is away too; None: nobody."""
    seen = {agent.id}
    current = agent
    while is_away(current):
        buddy = session.get(Agent, current.buddy_id) if current.buddy_id else None
        if buddy is None or not buddy.active or buddy.id in seen:
            return None
        seen.add(buddy.id)
        current = buddy
    return current


def return_of(session: Session, agent: Agent) -> None:
    """They are here again."""
    agent.away_until = agent.buddy_id = None
    session.add(agent)


def is_any_absence_over(session: Session, now: datetime) -> bool:
    """Whether the clock has somebody to bring back."""
    over = select(col(Agent.id)).where(col(Agent.away_until) <= now).limit(1)
    return session.execute(over).first() is not None


def ended_absences(session: Session, now: datetime) -> list[Agent]:
    """Colleagues whose time away is over, held until the transaction ends."""
    over = select(Agent).where(col(Agent.away_until) <= now).order_by(col(Agent.id))
    return list(session.execute(over.with_for_update(key_share=True)).scalars())


def asleep(session: Session, now: datetime, limit: int = 200) -> Sequence[int]:
    """Snoozed cases whose time has come, the longest first."""
    here = (col(Conversation.state) == ConversationState.SNOOZED, col(Conversation.snoozed_until) <= now)
    found = select(col(Conversation.id)).where(*here).order_by(col(Conversation.snoozed_until)).limit(limit)
    return [each for each in session.execute(found).scalars() if each is not None]


def wake(session: Session, conversation_id: int, now: datetime) -> bool:
    """A case is on somebody's desk again; False where somebody else was quicker, or it was put off further."""
    statement = (
        update(Conversation)
        .where(
            col(Conversation.id) == conversation_id,
            col(Conversation.state) == ConversationState.SNOOZED,
            col(Conversation.snoozed_until) <= now,
        )
        .values(state=ConversationState.OPEN, waiting_on=WaitingOn.US, version=Conversation.version + 1)
        .execution_options(synchronize_session="fetch")
    )
    return changed(session, statement) == 1
