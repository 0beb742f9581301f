"""Rows -> what a post about a refund shows."""

from dataclasses import dataclass

from sqlmodel import Session

from bot.cards.shapes import RefundLine
from bot.rules.composing import format_money
from bot.speech import say
from bot.views.remedies import headline
from storage import conversations
from storage.tables import Agent, Conversation, Customer, Order, Refund


def refund_line(session: Session, refund: Refund, language: str) -> RefundLine:
    """One refund as cards show it."""
    return RefundLine(
        refund_id=refund.id or 0,
        amount=format_money(refund.amount_minor, refund.currency, language or "en"),
        kind=refund.kind,
        state=refund.state.value,
        requested_by=slack_id(session, refund.requested_by),
        decided_by=slack_id(session, refund.decided_by),
        settled_by=slack_id(session, refund.settled_by),
        needs_second_check=refund.needs_second_check,
        known=refund.order_id is not None,
    )


def slack_id(session: Session, agent_id: int | None) -> str:
    """The Slack id of a colleague, or empty."""
    agent = session.get(Agent, agent_id) if agent_id else None
    return agent.slack_user_id if agent else ""


@dataclass(frozen=True, slots=True)
class RefundView:
    """What the post about one refund shows."""

    line: RefundLine
    customer_name: str
    order_number: str
    why: str
    conversation_id: int


def refund_view(session: Session, refund_id: int) -> RefundView:
    """One refund with what a person needs to decide on it or to pay it out."""
    refund = session.get(Refund, refund_id)
    assert refund is not None
    conversation = session.get(Conversation, refund.conversation_id)
    assert conversation is not None
    customer = session.get(Customer, conversation.customer_id)
    order = session.get(Order, refund.order_id) if refund.order_id else None
    suggestion = conversations.latest_suggestion(session, refund.conversation_id)
    intent = suggestion.intent if suggestion else conversation.intent
    return RefundView(
        line=refund_line(session, refund, conversation.language),
        customer_name=(customer.preferred_name if customer else "") or say("the customer"),
        order_number=order.number if order else "",
        why=headline(intent),
        conversation_id=refund.conversation_id,
    )
