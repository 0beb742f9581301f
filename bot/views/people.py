"""Rows -> what a card says of the person behind it."""

from typing import Any

from sqlalchemy import select
from sqlmodel import Session, col

from bot.cards.shapes import Likeness, OtherCase
from bot.rules.composing import format_money
from bot.speech import mark, say
from bot.views.remedies import headline, remedy_of
from bot.views.together import card_link
from bot.writers import doubt
from storage import conversations, customers, joining, refunds
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
_PROMISED = mark(
    "{amount} on order {order} is promised in another case already (case {case}): promise it once."
)
_PROMISED_ASKED = mark(
    "{amount} on order {order} is promised in another case already (case {case}): a lead is asked about it."
)
_OFFERED = mark(
    "{amount} on order {order} is offered in another open case of theirs (case {case}): give it once."
)
#: What storage finds two to share. It knows nothing of us, so its sentences are marked here.
LIKENESSES = (
    mark("They have the same phone number."),
    mark("They have the same name and live in the same town."),
)


def person_of_card(
    session: Session, conversation: Conversation, suggestion: Suggestion, message: Message
) -> dict[str, Any]:
    """Who may be behind it, what is hidden, and where else they write."""
    found = doubt(session, conversation, message, suggestion.reading.get("order_numbers") or ())
    mine = conversation.customer_id
    return {
        "customer_id": mine,
        "doubt": say(found.why) if found else "",
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
            headline=headline(each.intent),
            since=each.opened_at,
            link=card_link(session, each.id or 0),
            case_id=each.id or 0,
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


def likeness(session: Session, join: Join, mine: int) -> Likeness:
    """The other one of two."""
    other = join.gone_id if join.kept_id == mine else join.kept_id
    customer = session.get(Customer, other)
    name = customer.preferred_name if customer else ""
    return Likeness(join.id or 0, name, reached_at(session, other), say(join.because) if join.because else "")


def reached_at(session: Session, customer_id: int) -> str:
    """An address people can read, or what kind of door there is."""
    if address := customers.email_of(session, customer_id):
        return address
    here = select(col(CustomerAddress.kind)).where(col(CustomerAddress.customer_id) == customer_id)
    kinds = set(session.execute(here).scalars())
    if AddressKind.SLACK in kinds:
        return say("in Slack")
    return say("by phone") if kinds else ""


def told_elsewhere(session: Session, conversation: Conversation, language: str) -> tuple[str, ...]:
    """Money on this case's order that is promised, or stands in a draft, in another case, whoever's that is."""
    order = session.get(Order, conversation.order_id) if conversation.order_id is not None else None
    if order is None or order.id is None:
        return ()
    told, promised_in = [], set()
    for each in refunds.live_on(session, (order.id,)):
        if each.conversation_id == conversation.id:
            continue
        amount = format_money(each.amount_minor, each.currency, language or "en")
        promised_in.add(each.conversation_id)
        sentence = _PROMISED_ASKED if each.state is RefundState.REQUESTED else _PROMISED
        told.append(say(sentence, amount=amount, order=order.number, case=each.conversation_id))
    for case in _open(session, conversation.customer_id, conversation.id or 0):
        if case.order_id != order.id or case.id in promised_in:
            continue
        latest = conversations.latest_suggestion(session, case.id or 0)
        remedy = remedy_of(latest) if latest and latest.state is CardState.NEW else None
        if remedy and remedy.amount_minor and remedy.currency and not remedy.given:
            amount = format_money(remedy.amount_minor, remedy.currency, language or "en")
            told.append(say(_OFFERED, amount=amount, order=order.number, case=case.id))
    return tuple(dict.fromkeys(told))
