"""Giving money back: within one's own authority at once, above it by asking a lead; never above what was paid.

No payment provider is connected yet: an approved refund is handed to a person, who moves the money and presses Done.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlmodel import Session

from bot.card_rows import refresh_card
from bot.desk.payouts import post_refund
from bot.desk.press import Desk, Press, acting, check_newest, conversation_of, take_up
from bot.desk.together import OutOfDate
from bot.errors import Refused
from bot.rules.authority import allows
from bot.rules.composing import format_money
from bot.rules.decisions import Remedy
from bot.rules.facts import Money
from bot.speech import say
from bot.together import order_number
from bot.views import remedy_of
from storage import audit, conversations, outdated, refunds
from storage.refunds import Ask, NothingLeft
from storage.tables import (
    Agent,
    Conversation,
    Refund,
    RefundState,
    Suggestion,
)


@dataclass(frozen=True, slots=True)
class Wish:
    """A refund typed by hand. `key` is the dialog's own id, so that a second press changes nothing."""

    key: str
    kind: str
    amount_minor: int
    currency: str
    order_id: int | None


def refund_of_card(
    session: Session,
    desk: Desk,
    conversation: Conversation,
    suggestion: Suggestion,
    agent: Agent,
    now: datetime,
    wait: timedelta = timedelta(),
) -> str:
    """The refund that a sent draft states, written beside it and told of after `wait`.

    Raises Refused when it is not this agent's to give.
    """
    remedy = remedy_of(suggestion)
    assert remedy is not None
    assert remedy.amount_minor is not None
    assert remedy.currency is not None
    ask = Ask(
        _card_key(session, conversation, suggestion.intent),
        conversation.id or 0,
        conversation.order_id,
        remedy.kind,
        _tier(remedy),
        remedy.amount_minor,
        remedy.currency,
        remedy.needs_second_check,
    )
    elsewhere = refunds.promised_elsewhere(session, ask)
    if elsewhere is not None:
        raise _promised(session, elsewhere, suggestion.language)
    before = _already(session, conversation, remedy.kind, remedy.amount_minor)
    if before is not None and before.state is RefundState.REQUESTED:
        raise Refused(say("A lead is still being asked about this refund. Send when they have answered."))
    if before is not None:
        return ""  # given by hand, or by a lead's yes: the money is on its way already
    if not _may_give(session, desk, conversation, agent, remedy, second_chance=suggestion.second_chance):
        raise Refused(say("This is above your limit. Press Refund to ask a lead, then send."))
    _add(session, ask, agent, approved=True, now=now, wait=wait)
    return say("{amount} is handed over to be paid out.", amount=_money(ask, suggestion.language))


def _promised(session: Session, refund: Refund, language: str) -> Refused:
    """Why the same money is not promised a second time, and the way to more where more is owed."""
    amount = format_money(refund.amount_minor, refund.currency, language or "en")
    number = order_number(session, refund.order_id or 0)
    where = {"amount": amount, "order": number, "case": refund.conversation_id}
    if refund.state is RefundState.REQUESTED:
        return Refused(
            say(
                "A lead is being asked about {amount} on order {order} in case {case}. Send when they "
                "have answered; if more is owed, press Refund.",
                **where,
            )
        )
    return OutOfDate(
        say(
            "{amount} on order {order} is promised in case {case} already, and is promised once. "
            "The draft is made anew and tells of that. If more is owed, press Refund.",
            **where,
        )
    )


def ask_refund(session: Session, desk: Desk, press: Press, wish: Wish, now: datetime) -> Refund | None:
    """A refund an agent types: given at once within their limit, else a lead is asked.

    None when this very refund was asked for before.
    """
    agent = acting(session, press.slack_user_id)
    conversation = conversation_of(session, press.conversation_id)
    key = f"refund:{conversation.id}:{wish.key}"
    if wish.amount_minor <= 0:
        raise Refused(say("Enter an amount above 0."))
    if desk.places.shadow:
        raise Refused(say("Shadow mode: nothing can be paid."))
    if refunds.by_key(session, key) is not None:
        return None
    check_newest(session, press)
    suggestion = conversations.latest_suggestion(session, conversation.id or 0)
    suggested = _suggested(suggestion, wish)
    intent = suggestion.intent if suggestion else conversation.intent
    if suggested and refunds.by_key(session, _card_key(session, conversation, intent)):
        return None  # the reply that stated it has given it
    wished = suggested or _by_hand(wish)
    second = suggestion is not None and suggestion.second_chance
    allowed = _may_give(session, desk, conversation, agent, wished, second_chance=second)
    ask = Ask(
        key,
        conversation.id or 0,
        wish.order_id,
        wish.kind,
        _tier(wished),
        wish.amount_minor,
        wish.currency,
        wished.needs_second_check,
    )
    refund = _add(session, ask, agent, approved=allowed, now=now)
    if refund is not None and allowed:
        outdated.mark(session, conversation, now)
    take_up(session, conversation, agent)
    refresh_card(session, conversation.id or 0, now)
    return refund


def _by_hand(wish: Wish) -> Remedy:
    """What an agent typed: making right, or goodwill where it is a credit. Without an order it is our word only."""
    tier = "C" if wish.kind == "credit" else "B"
    return Remedy(wish.kind, tier, wish.amount_minor, wish.currency, known=wish.order_id is not None)


def _suggested(suggestion: Suggestion | None, wish: Wish) -> Remedy | None:
    """The remedy of the card, if that is what was typed. What was given already supports no second gift."""
    remedy = remedy_of(suggestion) if suggestion else None
    if remedy is None or remedy.given or (remedy.kind, remedy.amount_minor) != (wish.kind, wish.amount_minor):
        return None
    return remedy


def _already(session: Session, conversation: Conversation, kind: str, amount_minor: int) -> Refund | None:
    """The very refund that a draft states, asked for or given before in this case."""
    live = [
        each
        for each in refunds.of_conversation(session, conversation.id or 0)
        if (each.kind, each.amount_minor, each.order_id) == (kind, amount_minor, conversation.order_id)
        and each.state in refunds.LIVE
    ]
    return live[-1] if live else None


def _card_key(session: Session, conversation: Conversation, intent: str) -> str:
    """One refund per case, order and kind of trouble, however it is pressed; another after one that came to nothing."""
    base = f"refund:{conversation.id}:{conversation.order_id or 0}:{intent}"
    dead = [
        each
        for each in refunds.of_conversation(session, conversation.id or 0)
        if each.key.startswith(base) and each.state in (RefundState.DECLINED, RefundState.FAILED)
    ]
    return f"{base}:{len(dead) + 1}"


def _add(
    session: Session,
    ask: Ask,
    agent: Agent,
    *,
    approved: bool,
    now: datetime,
    wait: timedelta = timedelta(),
) -> Refund | None:
    assert agent.id is not None
    try:
        refund = refunds.add(session, ask, agent.id, approved=approved, now=now)
    except NothingLeft:
        raise Refused(
            say("Less than that is left of what was paid on this order. Enter a smaller amount.")
        ) from None
    if refund is None:
        return None
    post_refund(session, refund, now, wait)
    audit.record(
        session,
        "refund_approved" if approved else "refund_requested",
        now,
        conversation_id=ask.conversation_id,
        agent_id=agent.id,
        subject_id=refund.id,
        amount_minor=ask.amount_minor,
        currency=ask.currency,
        tier=ask.tier,
    )
    return refund


def _may_give(
    session: Session,
    desk: Desk,
    conversation: Conversation,
    agent: Agent,
    remedy: Remedy,
    *,
    second_chance: bool,
) -> bool:
    """Whether this colleague may give it without asking. The limits are for one case: what they gave before counts."""
    assert remedy.amount_minor is not None
    tier, currency = _tier(remedy), remedy.currency or ""
    before = refunds.given_without_asking(session, conversation.id or 0, tier, currency)
    money = Money(before + remedy.amount_minor, currency)
    return allows(desk.house.policy, agent.role.value, tier, money, second_chance)


def _tier(remedy: Remedy) -> str:
    """What no order fact supports is our word, not our books: it counts against the limit."""
    return remedy.tier if remedy.known or remedy.tier == "C" else "B"


def _money(ask: Ask, language: str) -> str:
    return format_money(ask.amount_minor, ask.currency, language or "en")
