"""Cases for which the law sets a date: asked for their data, or returned something, and not settled."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ScalarSelect, and_, func, or_, select
from sqlmodel import Session, col

from storage.tables import (
    Conversation,
    ConversationState,
    Customer,
    Message,
    Order,
    Refund,
    RefundState,
    Suggestion,
)

DATA_REQUEST, RETURN = "data_request", "return"
PROMISED = (RefundState.REQUESTED, RefundState.APPROVED)


@dataclass(frozen=True, slots=True)
class Running:
    """One such case. `received_at` is when the message came that asked for it."""

    conversation_id: int
    agent_id: int | None
    intent: str
    received_at: datetime
    #: Where the order went, else where the customer lives; empty where neither is known.
    country: str


def running(session: Session) -> list[Running]:
    """Every such case, oldest first."""
    mine = col(Refund.conversation_id) == col(Conversation.id)
    promised = select(col(Refund.id)).where(mine, col(Refund.state).in_(PROMISED)).exists()
    settled = select(col(Refund.id)).where(mine, col(Refund.state) == RefundState.SETTLED).exists()
    unresolved = col(Conversation.state) != ConversationState.RESOLVED
    wanted = or_(
        and_(col(Conversation.intent) == DATA_REQUEST, unresolved),
        and_(col(Conversation.intent) == RETURN, or_(promised, and_(unresolved, ~settled))),
    )
    statement = (
        select(Conversation, col(Order.country), col(Customer.country), _asked_at())
        .join(Customer, col(Customer.id) == col(Conversation.customer_id))
        .outerjoin(Order, col(Order.id) == col(Conversation.order_id))
        .where(wanted, col(Customer.erased_at).is_(None))
        .order_by(col(Conversation.id))
    )
    return [
        Running(
            conversation_id=case.id or 0,
            agent_id=case.agent_id,
            intent=case.intent,
            received_at=asked_at or case.opened_at,
            country=order_country or customer_country,
        )
        for case, order_country, customer_country, asked_at in session.execute(statement)
    ]


def _asked_at() -> ScalarSelect[datetime]:
    """The first message that was understood so, after the case was last resolved."""
    return (
        select(func.min(col(Message.at)))
        .join(Suggestion, col(Suggestion.message_row_id) == col(Message.id))
        .where(
            col(Suggestion.conversation_id) == col(Conversation.id),
            col(Suggestion.intent) == col(Conversation.intent),
            or_(
                col(Conversation.resolved_at).is_(None),
                col(Conversation.state) == ConversationState.RESOLVED,
                col(Message.at) > col(Conversation.resolved_at),
            ),
        )
        .correlate(Conversation)
        .scalar_subquery()
    )
