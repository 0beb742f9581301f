"""Rows -> what a card shows. Reads only; the cards themselves are pure."""

from datetime import datetime
from typing import Any

from babel import Locale
from sqlmodel import Session

from bot.bursts import said_before
from bot.cards.shapes import CardView, FindingLine, FollowUpLine
from bot.checking import check
from bot.drafting import YOUR_NAME, signed
from bot.gathering import first_name
from bot.house import House
from bot.rules.composing import format_money
from bot.rules.decisions import Remedy
from bot.speech import say, spoken
from bot.views.facts import facts_of_order
from bot.views.files import enclosed, files_of_card
from bot.views.orders import choices
from bot.views.people import person_of_card, told_elsewhere
from bot.views.promises import promise_of
from bot.views.reasons import rule_in_words
from bot.views.refund import refund_line, slack_id
from bot.views.remedies import OWNER_HEADLINE, headline, remedy_in_words, remedy_of, sends_refund
from bot.views.together import shared_card
from storage import conversations, customers, follow_ups, outbox, refunds, taking_back
from storage.tables import (
    Agent,
    Conversation,
    ConversationState,
    Customer,
    Direction,
    Message,
    OutboxState,
    Suggestion,
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
    return CardView(
        conversation_id=conversation_id,
        version=suggestion.version,
        state=suggestion.state.value,
        **_person(session, conversation, customer, message),
        **_case(session, house, conversation, suggestion, now),
        **_draft(session, house, conversation, suggestion),
        enclosed=enclosed(session, house, conversation, suggestion),
        order_choices=choices(session, conversation, suggestion, message, now),
        **_around(session, conversation, suggestion, message),
        **_outcome(session, conversation_id, suggestion, message),
        promise=promise_of(session, conversation, house, now),
        **_on_its_way(session, conversation_id, now),
    )


def _around(
    session: Session, conversation: Conversation, suggestion: Suggestion, message: Message
) -> dict[str, Any]:
    """Who may be behind it, and their other cases: on this card, or on their own."""
    person = person_of_card(session, conversation, suggestion, message)
    return person | shared_card(session, conversation, suggestion, person["other_cases"])


def _person(
    session: Session, conversation: Conversation, customer: Customer, message: Message
) -> dict[str, Any]:
    """Who wrote, where from, and what."""
    return {
        "channel": conversation.channel,
        "customer_name": message.sender_name or customer.preferred_name or say("A customer"),
        "address": _address(session, conversation, message),
        "subject": conversation.subject,
        "customer_text": _wrote(session, conversation, message),
        "received_at": message.at,
        "attachments": tuple(str(each["name"]) for each in message.attachments),
        **files_of_card(session, conversation, message),
        "permalink": "",
        "open_cases": conversations.open_cases(session, conversation.customer_id, conversation.id),
        "automatic": message.automatic,
        "assigned_to": slack_id(session, conversation.agent_id),
        "waiting_since": conversation.last_customer_message_at,
    }


def _wrote(session: Session, conversation: Conversation, message: Message) -> str:
    """Their words; in Slack with those of the two minutes before, which are one with them."""
    said = message.reply or message.text
    if not message.ts or conversation.id is None:
        return said
    earlier = said_before(conversations.messages(session, conversation.id), message.at, but=message.id)
    return "\n".join(filter(None, (earlier, said)))


def _address(session: Session, conversation: Conversation, message: Message) -> str:
    """Where the message came from: of somebody who has joined, their own address, never the customer's."""
    if message.customer_id in (None, conversation.customer_id):
        return conversation.answer_to
    return customers.email_of(session, message.customer_id or 0) or say("from an unknown address")


def _case(
    session: Session, house: House, conversation: Conversation, suggestion: Suggestion, now: datetime
) -> dict[str, Any]:
    """What it is about, as we understood it, and why."""
    reading = suggestion.reading
    language = suggestion.language or conversation.language
    return {
        "headline": say(OWNER_HEADLINE) if suggestion.owner_only else headline(suggestion.intent),
        "language": conversation.language,
        "language_name": _language_name(conversation.language or reading.get("language", "")),
        "feeling": conversation.feeling,
        "urgent": conversation.urgent,
        "second_chance": suggestion.second_chance,
        "customer_type": conversation.customer_type,
        "customer_type_because": tuple(reading.get("customer_type_because") or ()),
        "owner_only": suggestion.owner_only,
        "owner_id": house.owner,
        "rule": rule_in_words(suggestion.rule),
        "passed": tuple(rule_in_words(each) for each in suggestion.passed),
        "because": _because(reading, suggestion.intent),
        "facts": facts_of_order(session, conversation, language, now),
        "intent": suggestion.intent,
        "intents": _intents(reading),
        "bala": conversation.bala,
        "resolved": conversation.state is ConversationState.RESOLVED,
        "snoozed_until": conversation.snoozed_until
        if conversation.state is ConversationState.SNOOZED
        else None,
        "not_a_request": suggestion.not_a_request,
    }


def _draft(
    session: Session, house: House, conversation: Conversation, suggestion: Suggestion
) -> dict[str, Any]:
    """What we would say and give."""
    remedy = remedy_of(suggestion)
    amount = _amount(remedy, suggestion.language)
    return {
        "draft": _unsigned(suggestion.final_text or suggestion.text),
        "subject_line": "" if conversation.subject or conversation.channel != "email" else suggestion.subject,
        "findings": _findings(house, suggestion, suggestion.language or conversation.language),
        # First, because a card shows only so many: what was promised a moment ago in another case.
        "hints": (
            *told_elsewhere(session, conversation, suggestion.language),
            *(say(each) for each in suggestion.hints if each),
        ),
        "remedy": remedy_in_words(remedy.kind, amount) if remedy else "",
        "remedy_amount": amount,
        "remedy_kind": remedy.kind if remedy else "",
        "within_authority": remedy.within_authority if remedy else True,
        "needs_second_check": remedy.needs_second_check if remedy else False,
        "known": remedy.known if remedy else True,
        "send_refunds": sends_refund(suggestion),
    }


def _outcome(
    session: Session, conversation_id: int, suggestion: Suggestion, message: Message
) -> dict[str, Any]:
    """What became of it so far."""
    language = suggestion.language
    item = outbox.by_key(session, f"reply:{conversation_id}:{suggestion.version}")
    # Money that goes with a reply which can still be taken back is nobody's news yet.
    untold = taking_back.untold_refunds(session, conversation_id)
    return {
        "follow_up": _follow_up(session, conversation_id, suggestion),
        "refunds": tuple(
            refund_line(session, each, language)
            for each in refunds.of_conversation(session, conversation_id)
            if each.id not in untold
        ),
        "answers_follow_up": _answers_follow_up(session, conversation_id, message),
        "decided_by": slack_id(session, suggestion.decided_by),
        "decided_at": suggestion.decided_at,
        "sent_text": suggestion.final_text or signed(suggestion.text, _sender(session, suggestion)),
        "edited": suggestion.final_text is not None,
        "delivered_at": item.sent_at if item is not None and item.state is OutboxState.SENT else None,
        "problem": _problem(session, conversation_id, suggestion.version),
    }


def _on_its_way(session: Session, conversation_id: int, now: datetime) -> dict[str, Any]:
    """The reply that can still be taken back, of whatever version."""
    item = taking_back.waiting_reply(session, conversation_id)
    if item is None or item.due_at <= now or item.due_at == item.created_at:
        return {}
    seconds = round((item.due_at - item.created_at).total_seconds())
    return {"undo_version": int(item.key.rpartition(":")[2]), "undo_seconds": seconds}


def _sender(session: Session, suggestion: Suggestion) -> str:
    agent = session.get(Agent, suggestion.decided_by) if suggestion.decided_by else None
    return first_name(agent.name) if agent else say("[your name]")


def _unsigned(text: str) -> str:
    """A free card shows that the name of whoever sends it will stand there."""
    return text.replace(YOUR_NAME, say("[your name]"))


def _amount(remedy: Remedy | None, language: str) -> str:
    if remedy is None or remedy.amount_minor is None or remedy.currency is None:
        return ""
    return format_money(remedy.amount_minor, remedy.currency, language)


def _language_name(code: str) -> str:
    name = Locale(spoken()).languages.get(code)
    return str(name) if name else code


def _findings(house: House, suggestion: Suggestion, language: str) -> tuple[FindingLine, ...]:
    text = suggestion.final_text or suggestion.text
    found = check(house, text, language=language, intent=suggestion.intent)
    return tuple(
        FindingLine(each.category, each.severity, each.text, each.why, each.rewrite) for each in found
    )


def _because(reading: dict[str, Any], intent: str) -> tuple[str, ...]:
    found = [each for each in reading.get("intents", ()) if each["name"] == intent]
    return tuple(found[0]["because"]) if found else ()


def _intents(reading: dict[str, Any]) -> tuple[tuple[str, int], ...]:
    return tuple((each["name"], round(100 * each["confidence"])) for each in reading.get("intents", ()))


def _follow_up(session: Session, conversation_id: int, suggestion: Suggestion) -> FollowUpLine | None:
    scheduled = follow_ups.scheduled(session, conversation_id) or follow_ups.last_sent(
        session, conversation_id
    )
    if scheduled is not None:
        return FollowUpLine(scheduled.kind, scheduled.due_at, _said(scheduled.why), scheduled.state.value)
    planned = suggestion.follow_up
    if planned is None:
        return None
    return FollowUpLine(
        planned["kind"], datetime.fromisoformat(planned["due_at"]), _said(planned["why"]), "planned"
    )


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
        earlier = outbox.by_keys(session, [f"reply:{conversation_id}:{each}" for each in range(1, version)])
        rows = sorted(earlier.values(), key=lambda each: each.id or 0)
        failed = [each for each in rows if each.state is OutboxState.FAILED]
        if not failed:
            return ""
        return say("Our earlier reply did not go out: {error}", error=_said(failed[-1].error))
    if item.state is OutboxState.SENT and item.uncertain and item.kind == "mail":
        return say(
            "The other side fell silent, so the reply went out once more with the same id. "
            "The customer may have it twice."
        )
    if item.state is OutboxState.SENT and item.error:
        return _said(item.error)  # it went out, and came back
    unsettled = item.state is OutboxState.FAILED or (item.uncertain and item.state is not OutboxState.SENT)
    return _said(item.error) if unsettled else ""


def _said(stored: str) -> str:
    """A sentence that was stored in English, where it is a constant of ours; anything else as it is."""
    return say(stored) if stored else ""
