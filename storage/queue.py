"""Who waits for an answer, and whose they are; a case is taken once, whoever else reaches for it."""

from datetime import datetime
from typing import NamedTuple

from sqlalchemy import ColumnElement, ScalarSelect, and_, exists, func, or_, select, update
from sqlalchemy.orm import aliased
from sqlmodel import Session, col

from storage.engine import changed
from storage.tables import (
    Agent,
    Conversation,
    ConversationState,
    Customer,
    Direction,
    Message,
    Promise,
    PromiseState,
    Suggestion,
    WaitingOn,
)


class WaitingCase(NamedTuple):
    """One case in which the customer has the last word."""

    conversation_id: int
    #: NULL: nobody's, or of a colleague who has left.
    agent_id: int | None
    since: datetime
    language: str
    urgent: bool
    second_chance: bool
    owner_only: bool
    country: str
    customer_id: int
    #: Until when we promised them something that is still open.
    promised_until: datetime | None
    #: It was put off, and came back then: the wait is counted from there.
    back_since: datetime | None = None


def waiting(session: Session) -> list[WaitingCase]:
    """Every such case that has a card, in no order."""
    newest = (
        select(func.max(col(Suggestion.version)))
        .where(col(Suggestion.conversation_id) == col(Conversation.id))
        .correlate(Conversation)
        .scalar_subquery()
    )
    statement = (
        select(
            col(Conversation.id),
            col(Agent.id),
            func.coalesce(_unanswered_since(), col(Conversation.last_customer_message_at)),
            col(Conversation.language),
            col(Conversation.urgent),
            col(Suggestion.second_chance),
            col(Suggestion.owner_only).is_not(None),
            col(Customer.country),
            col(Customer.id),
            _promised_until(),
            col(Conversation.snoozed_until),
        )
        .join(Customer, col(Customer.id) == col(Conversation.customer_id))
        .join(
            Suggestion,
            and_(col(Suggestion.conversation_id) == col(Conversation.id), col(Suggestion.version) == newest),
        )
        .outerjoin(Agent, and_(col(Agent.id) == col(Conversation.agent_id), col(Agent.active)))
        .where(
            col(Conversation.state) == ConversationState.OPEN, col(Conversation.waiting_on) == WaitingOn.US
        )
    )
    return [_counted(WaitingCase(*row)) for row in session.execute(statement)]


def waits_for_anybody() -> ColumnElement[bool]:
    """Whether a case waits and is nobody's, and the person has no other that waits."""
    other = aliased(Conversation)
    another = exists().where(
        col(other.customer_id) == col(Conversation.customer_id),
        col(other.id) != col(Conversation.id),
        col(other.state) == ConversationState.OPEN,
        col(other.waiting_on) == WaitingOn.US,
    )
    return and_(
        col(Conversation.state) == ConversationState.OPEN,
        col(Conversation.waiting_on) == WaitingOn.US,
        col(Conversation.agent_id).is_(None),
        col(Conversation.answered_with_id).is_(None),
        ~another,
    )


def _counted(case: WaitingCase) -> WaitingCase:
    return case._replace(since=max(case.since, case.back_since)) if case.back_since else case


def _unanswered_since() -> ScalarSelect[datetime]:
    """The customer's first words after our last ones: who writes twice keeps the earlier place."""
    ours = (
        select(func.max(col(Message.at)))
        .where(col(Message.conversation_id) == col(Conversation.id), col(Message.direction) == Direction.OUT)
        .correlate(Conversation)
        .scalar_subquery()
    )
    theirs = (
        col(Message.conversation_id) == col(Conversation.id),
        col(Message.direction) == Direction.IN,
        col(Message.automatic).is_(None),
        or_(ours.is_(None), col(Message.at) > ours),
    )
    return select(func.min(col(Message.at))).where(*theirs).correlate(Conversation).scalar_subquery()


def _promised_until() -> ScalarSelect[datetime]:
    here = (col(Promise.conversation_id) == col(Conversation.id), col(Promise.state) == PromiseState.OPEN)
    return select(func.min(col(Promise.due_at))).where(*here).correlate(Conversation).scalar_subquery()


def take(session: Session, conversation_id: int, agent_id: int) -> bool:
    """Give a case that is nobody's to a colleague; False when somebody else was quicker."""
    at_work = exists().where(col(Agent.id) == col(Conversation.agent_id), col(Agent.active))
    taken = (
        update(Conversation)
        .where(
            col(Conversation.id) == conversation_id,
            or_(col(Conversation.agent_id).is_(None), ~at_work),
            col(Conversation.state) == ConversationState.OPEN,
            col(Conversation.waiting_on) == WaitingOn.US,
        )
        .values(agent_id=agent_id, version=Conversation.version + 1)
    )
    return changed(session, taken) == 1


def put_back(session: Session, conversation_id: int, agent_id: int) -> bool:
    """Make a case nobody's again that still waits.

    False where it is not that colleague's, was put off or solved, or they have answered in it before.
    """
    answered = exists().where(
        col(Message.conversation_id) == conversation_id,
        col(Message.direction) == Direction.OUT,
        col(Message.agent_id) == agent_id,
    )
    back = (
        update(Conversation)
        .where(
            col(Conversation.id) == conversation_id,
            col(Conversation.agent_id) == agent_id,
            col(Conversation.state) == ConversationState.OPEN,
            col(Conversation.waiting_on) == WaitingOn.US,
            ~answered,
        )
        .values(agent_id=None, version=Conversation.version + 1)
    )
    return changed(session, back) == 1
