"""Whether a customer has written about an event already: then the letter answers them, in the case they wrote in."""

from collections.abc import Mapping
from dataclasses import dataclass

from sqlalchemy import select
from sqlmodel import Session, col

from bot import together
from bot.shop_events import Kind
from storage import conversations, stacks
from storage.tables import (
    CardState,
    Conversation,
    ConversationState,
    Direction,
    Message,
    Suggestion,
)

#: What somebody asks who has noticed an event.
ABOUT: Mapping[Kind, frozenset[str]] = {
    Kind.DELAY: frozenset({"late_delivery", "missing_item"}),
    Kind.OUTAGE: frozenset({"technical_fault", "account_access"}),
    Kind.BILL: frozenset({"billing_question", "double_charge", "duplicate_fee"}),
    Kind.PRICE_DROP: frozenset({"price_discount"}),
}
#: Money that the event's own letter gives too.
_OURS = {Kind.DELAY: "shipping_refund", Kind.PRICE_DROP: "price_difference"}


@dataclass(frozen=True, slots=True)
class Asked:
    """The case in which they wrote about it, their latest words, and what else these ask for."""

    case: Conversation
    message: Message
    also: tuple[str, ...] = ()


def where_they_asked(session: Session, customer_id: int, kind: Kind, order_id: int | None) -> Asked | None:
    """Their newest open case about it: of the same order, or with such a question.

    Not one that only a named person answers, whose writer is in doubt, or whose draft gives something else: that
    answer stays, and the event is told in a letter of its own.
    """
    here = (
        col(Conversation.customer_id) == customer_id,
        col(Conversation.state) != ConversationState.RESOLVED,
    )
    newest = (col(Conversation.last_customer_message_at).desc(), col(Conversation.id).desc())
    for case in session.execute(select(Conversation).where(*here).order_by(*newest)).scalars():
        latest = conversations.latest_suggestion(session, case.id or 0)
        message = _latest_words(session, case.id or 0)
        if latest is None or message is None or not _is_about(case, kind, order_id):
            continue
        if not _stands_free(session, case, latest, kind):
            continue
        return Asked(case, message, _also(case, latest, kind))
    return None


def _latest_words(session: Session, conversation_id: int) -> Message | None:
    here = (
        col(Message.conversation_id) == conversation_id,
        col(Message.direction) == Direction.IN,
        col(Message.automatic).is_(None),
    )
    newest = select(Message).where(*here).order_by(col(Message.at).desc(), col(Message.id).desc())
    return session.execute(newest.limit(1)).scalar_one_or_none()


def _is_about(case: Conversation, kind: Kind, order_id: int | None) -> bool:
    if order_id is not None and case.order_id is not None:
        return case.order_id == order_id
    return case.intent in ABOUT[kind]


def _stands_free(session: Session, case: Conversation, latest: Suggestion, kind: Kind) -> bool:
    if latest.owner_only or case.intent in together.ON_ITS_OWN or case.answered_with_id is not None:
        return False
    if not together.is_theirs(session, case, latest):
        return False
    if latest.state is not CardState.NEW:
        return True
    remedy = latest.remedy or {}
    binding = remedy.get("known") and not remedy.get("optional") and remedy.get("kind") != _OURS.get(kind)
    # The letter about another event still waits there.
    return not binding and not stacks.rows_of(session, case.id or 0)


def _also(case: Conversation, latest: Suggestion, kind: Kind) -> tuple[str, ...]:
    """What the draft that gives way would have answered besides."""
    if latest.state is not CardState.NEW:
        return ()
    besides = [str(each) for each in latest.context.get("also") or ()]
    if case.intent not in ABOUT[kind] and case.intent != "other":
        besides.insert(0, case.intent)
    return tuple(dict.fromkeys(besides))[:2]
