"""Rows -> what a card shows. Reads only; the cards themselves are pure."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from babel import Locale
from sqlmodel import Session

from bot.cards.shapes import CardView, FindingLine, FollowUpLine, RefundLine
from bot.drafting import YOUR_NAME
from bot.house import House
from bot.rules.composing import format_money
from bot.rules.decisions import Remedy, Situation
from bot.rules.linting import lint
from storage import conversations, follow_ups, orders, outbox, refunds
from storage.tables import (
    Agent,
    Conversation,
    Customer,
    Direction,
    Message,
    Order,
    OutboxState,
    Refund,
    Suggestion,
)

#: What a case is about, as a headline.
HEADLINES = {
    "double_charge": "charged twice",
    "duplicate_fee": "a fee charged twice",
    "damaged_item": "something arrived damaged",
    "missing_item": "something is missing",
    "wrong_item": "the wrong thing came",
    "late_delivery": "a parcel is late",
    "return": "wants to return",
    "refund_status": "waits for a refund",
    "cancellation": "wants to cancel",
    "price_discount": "a price or discount",
    "billing_question": "a question about a bill",
    "account_access": "cannot get in",
    "product_question": "a question about a product",
    "service_complaint": "is unhappy with us",
    "praise": "says thank you",
    "technical_fault": "something does not work",
    "address_change": "a new address",
    "data_request": "asks about their data",
    "other": "wrote to us",
}
#: Remedies that are money leaving by themselves when the draft that states them is sent.
MONEY = frozenset({"refund", "release", "shipping_refund", "price_difference"})
REMEDIES = {
    "refund": "refund {amount}",
    "release": "let go of the reserved {amount}",
    "replacement": "send a new one",
    "choice": "a new one or {amount} back, as the customer likes",
    "credit": "a credit of {amount}",
    "shipping_refund": "give the shipping fee of {amount} back",
    "price_difference": "give the difference of {amount} back",
    "cancel": "cancel it",
}


def remedy_of(suggestion: Suggestion) -> Remedy | None:
    """The remedy of a card, as the rules gave it."""
    if suggestion.remedy is None:
        return None
    values: dict[str, Any] = {**suggestion.remedy, "options": tuple(suggestion.remedy.get("options") or ())}
    return Remedy(**values)


def sends_refund(suggestion: Suggestion) -> bool:
    """Whether the draft states a refund that goes with it: Send then writes both in one transaction."""
    remedy = remedy_of(suggestion)
    return (
        remedy is not None
        and remedy.kind in MONEY
        and remedy.amount_minor is not None
        and remedy.known
        and remedy.within_authority
        and not remedy.optional
        and suggestion.situation == Situation.GRANTED
    )


def card_view(session: Session, conversation_id: int, house: House, now: datetime) -> CardView | None:
    """Everything the card of one conversation shows now; None when there is no card."""
    suggestion = conversations.latest_suggestion(session, conversation_id)
    conversation = session.get(Conversation, conversation_id)
    if suggestion is None or conversation is None:
        return None
    message = session.get(Message, suggestion.message_row_id)
    customer = session.get(Customer, conversation.customer_id)
    assert message is not None
    assert customer is not None
    reading = suggestion.reading
    remedy = remedy_of(suggestion)
    amount = _amount(remedy, suggestion.language)
    language = suggestion.language or conversation.language
    return CardView(
        conversation_id=conversation_id,
        version=suggestion.version,
        state=suggestion.state.value,
        channel=conversation.channel,
        customer_name=message.sender_name or customer.preferred_name or "A customer",
        address=conversation.answer_to,
        subject=conversation.subject,
        headline=HEADLINES.get(suggestion.intent, HEADLINES["other"]),
        customer_text=message.reply or message.text,
        received_at=message.at,
        attachments=tuple(str(each["name"]) for each in message.attachments),
        permalink="",
        language=conversation.language,
        language_name=_language_name(conversation.language or reading.get("language", "")),
        feeling=conversation.feeling,
        urgent=conversation.urgent,
        second_chance=suggestion.second_chance,
        open_cases=conversations.open_cases(session, conversation.customer_id, conversation_id),
        customer_type=conversation.customer_type,
        customer_type_because=tuple(reading.get("customer_type_because") or ()),
        automatic=message.automatic,
        owner_only=suggestion.owner_only,
        owner_id=house.owner,
        draft=_unsigned(suggestion.text),
        subject_line="" if conversation.subject else suggestion.subject,
        findings=_findings(house, suggestion, language),
        hints=tuple(suggestion.hints),
        rule=suggestion.rule,
        passed=tuple(suggestion.passed),
        because=_because(reading, suggestion.intent),
        facts=_facts(session, conversation, language, now),
        intent=suggestion.intent,
        intents=_intents(reading),
        remedy=REMEDIES[remedy.kind].format(amount=amount) if remedy else "",
        remedy_amount=amount,
        remedy_kind=remedy.kind if remedy else "",
        within_authority=remedy.within_authority if remedy else True,
        needs_second_check=remedy.needs_second_check if remedy else False,
        known=remedy.known if remedy else True,
        send_refunds=sends_refund(suggestion),
        follow_up=_follow_up(session, conversation_id, suggestion),
        refunds=tuple(
            _refund_line(session, each, language)
            for each in refunds.of_conversation(session, conversation_id)
        ),
        assigned_to=_slack_id(session, conversation.agent_id),
        answers_follow_up=_answers_follow_up(session, conversation_id, message),
        bala=conversation.bala,
        decided_by=_slack_id(session, suggestion.decided_by),
        decided_at=suggestion.decided_at,
        sent_text=suggestion.final_text or suggestion.text,
        edited=suggestion.final_text is not None,
        problem=_problem(session, conversation_id, suggestion.version),
        waiting_since=conversation.last_customer_message_at,
    )


def _unsigned(text: str) -> str:
    """A free card shows that the name of whoever sends it will stand there."""
    return text.replace(YOUR_NAME, "[your name]")


def _amount(remedy: Remedy | None, language: str) -> str:
    if remedy is None or remedy.amount_minor is None or remedy.currency is None:
        return ""
    return format_money(remedy.amount_minor, remedy.currency, language)


def _language_name(code: str) -> str:
    name = Locale("en").languages.get(code)
    return str(name) if name else code


def _findings(house: House, suggestion: Suggestion, language: str) -> tuple[FindingLine, ...]:
    text = suggestion.final_text or suggestion.text
    found = lint(text, house.lexicon, language=language, intent=suggestion.intent)
    return tuple(
        FindingLine(each.category, each.severity, each.text, each.why, each.rewrite) for each in found
    )


def _because(reading: dict[str, Any], intent: str) -> tuple[str, ...]:
    found = [each for each in reading.get("intents", ()) if each["name"] == intent]
    return tuple(found[0]["because"]) if found else ()


def _intents(reading: dict[str, Any]) -> tuple[tuple[str, int], ...]:
    return tuple((each["name"], round(100 * each["confidence"])) for each in reading.get("intents", ()))


def _facts(session: Session, conversation: Conversation, language: str, now: datetime) -> tuple[str, ...]:
    """What our books say, in lines for the agent, with the age of the facts."""
    book = orders.book(session, conversation.order_id) if conversation.order_id else None
    if book is None:
        return ()

    def money(amount_minor: int) -> str:
        return format_money(amount_minor, book.order.currency, language or "en")

    lines = [
        f"{each.kind.value.capitalize()} of {money(each.amount_minor)} on {each.happened_at:%-d %B}"
        for each in book.payments
    ]
    lines += [
        f"Parcel with {each.carrier or 'a carrier'}: {each.status.value}"
        + (f", promised for {each.promised_at:%-d %B}" if each.promised_at else "")
        for each in book.shipments
    ]
    hours = int((now - book.order.facts_at).total_seconds() // 3600)
    age = "less than an hour" if hours < 1 else f"{hours} h" if hours < 48 else f"{hours // 24} days"
    return (f"Order {book.order.number}", *lines, f"Read from the shop {age} ago")


def _follow_up(session: Session, conversation_id: int, suggestion: Suggestion) -> FollowUpLine | None:
    scheduled = follow_ups.scheduled(session, conversation_id) or follow_ups.last_sent(
        session, conversation_id
    )
    if scheduled is not None:
        return FollowUpLine(scheduled.kind, scheduled.due_at, scheduled.why, scheduled.state.value)
    planned = suggestion.follow_up
    if planned is None:
        return None
    return FollowUpLine(planned["kind"], datetime.fromisoformat(planned["due_at"]), planned["why"], "planned")


def _refund_line(session: Session, refund: Refund, language: str) -> RefundLine:
    return RefundLine(
        refund_id=refund.id or 0,
        amount=format_money(refund.amount_minor, refund.currency, language or "en"),
        kind=refund.kind,
        state=refund.state.value,
        requested_by=_slack_id(session, refund.requested_by),
        decided_by=_slack_id(session, refund.decided_by),
        settled_by=_slack_id(session, refund.settled_by),
        needs_second_check=refund.needs_second_check,
        known=refund.order_id is not None,
    )


def _slack_id(session: Session, agent_id: int | None) -> str:
    agent = session.get(Agent, agent_id) if agent_id else None
    return agent.slack_user_id if agent else ""


def _answers_follow_up(session: Session, conversation_id: int, message: Message) -> bool:
    before = [
        each
        for each in conversations.messages(session, conversation_id)
        if (each.id or 0) < (message.id or 0)
    ]
    ours = [each for each in before if each.direction is Direction.OUT]
    return bool(ours) and ours[-1].kind == "follow_up"


def _problem(session: Session, conversation_id: int, version: int) -> str:
    item = outbox.by_key(session, f"reply:{conversation_id}:{version}")
    if item is None:
        return ""
    if item.state is OutboxState.FAILED or item.uncertain:
        return item.error
    return ""


@dataclass(frozen=True, slots=True)
class RefundView:
    """What the post about one refund shows."""

    line: RefundLine
    customer_name: str
    order_number: str
    why: str
    conversation_id: int


def refund_view(session: Session, refund_id: int, house: House) -> RefundView:
    """One refund with what a person needs to decide on it or to pay it out."""
    del house
    refund = session.get(Refund, refund_id)
    assert refund is not None
    conversation = session.get(Conversation, refund.conversation_id)
    assert conversation is not None
    customer = session.get(Customer, conversation.customer_id)
    order = session.get(Order, refund.order_id) if refund.order_id else None
    suggestion = conversations.latest_suggestion(session, refund.conversation_id)
    intent = suggestion.intent if suggestion else conversation.intent
    return RefundView(
        line=_refund_line(session, refund, conversation.language),
        customer_name=(customer.preferred_name if customer else "") or "the customer",
        order_number=order.number if order else "",
        why=HEADLINES.get(intent, HEADLINES["other"]),
        conversation_id=refund.conversation_id,
    )
