"""Rows -> what a card says of the person behind it."""

from typing import Any

from sqlalchemy import select
from sqlmodel import Session, col

from bot.cards.shapes import Likeness, OtherCase
from bot.rules.composing import format_money
from bot.views.remedies import HEADLINES, remedy_of
from bot.writers import doubt
from storage import conversations, customers, joining, outbox, refunds
from storage.tables import (
    AddressKind,
    CardState,
    Conversation,
    ConversationState,
    Customer,
    CustomerAddress,
    Join,
    Message,
    Order,
    RefundState,
    Suggestion,
)

MOST_CASES = 10
_PROMISED = (RefundState.REQUESTED, RefundState.APPROVED, RefundState.SETTLED)


def person_of_card(
    session: Session, conversation: Conversation, suggestion: Suggestion, message: Message
) -> dict[str, Any]:
    """Who may be behind it, what is hidden, and where else they write."""
    found = doubt(session, conversation, message, suggestion.reading.get("order_numbers") or ())
    mine = conversation.customer_id
    return {
        "customer_id": mine,
        "doubt": found.why if found else "",
        "doubted_address": found.address if found else "",
        "likenesses": tuple(likeness(session, each, mine) for each in joining.proposals_of(session, mine)),
        "other_cases": other_cases(session, mine, conversation.id or 0),
    }


def other_cases(session: Session, customer_id: int, except_id: int = 0) -> tuple[OtherCase, ...]:
    """The open conversations of a person, oldest first."""
    return tuple(
        OtherCase(
            channel=each.channel,
            slack_channel=each.slack_channel or "",
            headline=HEADLINES.get(each.intent, HEADLINES["other"]),
            since=each.opened_at,
            link=_link(session, each),
        )
        for each in _open(session, customer_id, except_id)
    )


def _open(session: Session, customer_id: int, except_id: int) -> list[Conversation]:
    here = (
        col(Conversation.customer_id) == customer_id,
        col(Conversation.state) != ConversationState.RESOLVED,
        col(Conversation.id) != except_id,
    )
    oldest = select(Conversation).where(*here).order_by(col(Conversation.opened_at), col(Conversation.id))
    return list(session.execute(oldest.limit(MOST_CASES)).scalars())


def _link(session: Session, conversation: Conversation) -> str:
    """To its card among colleagues; empty until it is posted."""
    posted = outbox.receipt(session, f"card:{conversation.id}")
    channel, ts = posted.get("channel"), posted.get("ts")
    return f"https://slack.com/app_redirect?channel={channel}&message_ts={ts}" if channel and ts else ""


def likeness(session: Session, join: Join, mine: int) -> Likeness:
    """The other one of two."""
    other = join.gone_id if join.kept_id == mine else join.kept_id
    customer = session.get(Customer, other)
    name = customer.preferred_name if customer else ""
    return Likeness(join.id or 0, name, reached_at(session, other), join.because)


def reached_at(session: Session, customer_id: int) -> str:
    """An address people can read, or what kind of door there is."""
    if address := customers.email_of(session, customer_id):
        return address
    here = select(col(CustomerAddress.kind)).where(col(CustomerAddress.customer_id) == customer_id)
    kinds = set(session.execute(here).scalars())
    return "in Slack" if AddressKind.SLACK in kinds else "by phone" if kinds else ""


def told_elsewhere(session: Session, conversation: Conversation, language: str) -> tuple[str, ...]:
    """Money on this case's order that is promised, or stands in a draft, in another open case of the same person."""
    if conversation.order_id is None:
        return ()
    order = session.get(Order, conversation.order_id)
    told = []
    for case in _open(session, conversation.customer_id, conversation.id or 0):
        if case.order_id != conversation.order_id or order is None:
            continue
        promised = [
            each for each in refunds.of_conversation(session, case.id or 0) if each.state in _PROMISED
        ]
        for each in promised:
            amount = format_money(each.amount_minor, each.currency, language or "en")
            told.append(
                f"{amount} on order {order.number} is promised in another open case of theirs already."
            )
        latest = conversations.latest_suggestion(session, case.id or 0)
        remedy = remedy_of(latest) if latest and latest.state is CardState.NEW else None
        if remedy and remedy.amount_minor and remedy.currency and not promised:
            amount = format_money(remedy.amount_minor, remedy.currency, language or "en")
            told.append(
                f"{amount} on order {order.number} is offered in another open case of theirs: give it once."
            )
    return tuple(dict.fromkeys(told))
