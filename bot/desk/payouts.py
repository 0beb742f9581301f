"""What becomes of a refund that was asked for: a lead's yes or no, and the word of whoever moved the money."""

from datetime import datetime, timedelta
from typing import Any

from sqlmodel import Session

from bot.card_rows import card_key, refresh_card
from bot.desk.press import Desk, acting, conversation_of
from bot.errors import Refused
from bot.rules.follow_ups import plan_follow_up
from bot.speech import say
from storage import audit, follow_ups, outbox, outdated, refunds
from storage.tables import (
    Conversation,
    ConversationState,
    Customer,
    Order,
    Refund,
    RefundState,
    Role,
    WaitingOn,
)

#: Who may say yes to a colleague's request.
DECIDERS = (Role.LEAD, Role.MANAGER)


def refund_key(refund_id: int) -> str:
    """The one outbox row of the post about a refund."""
    return f"refund:{refund_id}"


def post_refund(session: Session, refund: Refund, now: datetime, wait: timedelta = timedelta()) -> None:
    """The post under the card: asks for approval, or asks to pay out; later tells the outcome in place.

    With `wait` nobody hears of it before that: a reply that states it can still be taken back.
    """
    place: dict[str, Any] = {
        "conversation_id": refund.conversation_id,
        "lane": card_key(refund.conversation_id),
    }
    row = (refund_key(refund.id or 0), "refund", {"refund_id": refund.id}, now)
    if wait and outbox.put(session, *row, **place, wait=wait) is not None:
        return
    outbox.refresh(session, *row, **place)


def decide_refund(
    session: Session, slack_user_id: str, refund_id: int, *, approve: bool, now: datetime
) -> Refund:
    """A lead says yes or no to a colleague's request, once. Raises Refused for everybody else."""
    agent = acting(session, slack_user_id)
    assert agent.id is not None
    if agent.role not in DECIDERS:
        raise Refused(say("Only support leads can decide on this refund."))
    _hold(session, refund_id)
    refund = refunds.decide(session, refund_id, agent.id, approve=approve, now=now)
    if refund is None:
        known = session.get(Refund, refund_id)
        if known is not None and known.requested_by == agent.id and known.state is RefundState.REQUESTED:
            raise Refused(say("You asked for this refund yourself: another lead decides."))
        raise Refused(say("This refund was decided before."))
    outdated.mark(session, conversation_of(session, refund.conversation_id), now)
    post_refund(session, refund, now)
    refresh_card(session, refund.conversation_id, now)
    audit.record(
        session,
        "refund_approved" if approve else "refund_declined",
        now,
        conversation_id=refund.conversation_id,
        agent_id=agent.id,
        subject_id=refund.id,
    )
    return refund


def settle_refund(
    session: Session, desk: Desk, slack_user_id: str, refund_id: int, *, done: bool, now: datetime
) -> Refund:
    """A person moved the money, or could not. A follow-up that waits for it is counted from now."""
    agent = acting(session, slack_user_id)
    assert agent.id is not None
    _hold(session, refund_id)
    refund = refunds.settle(session, refund_id, agent.id, done=done, now=now)
    if refund is None:
        known = session.get(Refund, refund_id)
        if known is not None and known.state is RefundState.APPROVED:
            raise Refused(say("A colleague other than the one who asked checks the typing and presses Done."))
        raise Refused(say("This refund was settled before."))
    conversation = conversation_of(session, refund.conversation_id)
    if done:
        _count_anew(session, desk, conversation, refund, now)
    else:
        # What we told the customer is not true any more: somebody has to write, first of all.
        conversation.state, conversation.waiting_on = ConversationState.OPEN, WaitingOn.US
        outdated.mark(session, conversation, now)
    post_refund(session, refund, now)
    refresh_card(session, refund.conversation_id, now)
    audit.record(
        session,
        "refund_settled" if done else "refund_failed",
        now,
        conversation_id=refund.conversation_id,
        agent_id=agent.id,
        subject_id=refund.id,
    )
    return refund


def _hold(session: Session, refund_id: int) -> None:
    """Take the conversation first, as everybody does, so that two colleagues never wait for each other."""
    refund = session.get(Refund, refund_id)
    if refund is not None:
        conversation_of(session, refund.conversation_id)
        session.refresh(refund)


def _count_anew(
    session: Session, desk: Desk, conversation: Conversation, refund: Refund, now: datetime
) -> None:
    """The money has left only now: a follow-up that asks whether it arrived waits from today on."""
    order = session.get(Order, refund.order_id) if refund.order_id else None
    customer = session.get(Customer, conversation.customer_id)
    country = (order.country if order else "") or (customer.country if customer else "")
    plan = plan_follow_up(
        conversation.intent, now=now, country=country, policy=desk.house.policy, remedy_kind=refund.kind
    )
    if plan is not None:
        follow_ups.move(session, refund.conversation_id, plan.kind, plan.due_at)
