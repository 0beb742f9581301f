"""Rows -> what a card says of the person's other open cases that share it."""

from typing import Any

from sqlmodel import Session

from bot import together
from bot.cards.shapes import Leading, OtherCase, SharedCase
from bot.rules.composing import format_money
from bot.views.remedies import remedy_in_words, remedy_of, sends_refund
from storage import conversations, outbox
from storage.tables import CardState, Conversation, ConversationState, Message, Suggestion


def shared_card(
    session: Session, conversation: Conversation, suggestion: Suggestion, elsewhere: tuple[OtherCase, ...]
) -> dict[str, Any]:
    """Which cases stand on this card, or on whose card this one stands. What is shared is not told a second time."""
    lead = together.lead_of(session, conversation)
    if lead is not None:
        return {"leading": _leading(session, conversation, lead)}
    others = together.others(session, conversation)
    if not others:
        return {}
    shared = tuple(_shared(session, conversation, each, suggestion.speaks_for) for each in others)
    here = {each.case_id for each in shared}
    kept = tuple(each for each in elsewhere if each.case_id not in here)
    return {"shared": shared, "other_cases": kept}


def card_link(session: Session, conversation_id: int) -> str:
    """To a card among colleagues; empty until it is posted."""
    posted = outbox.receipt(session, f"card:{conversation_id}")
    channel, ts = posted.get("channel"), posted.get("ts")
    return f"https://slack.com/app_redirect?channel={channel}&message_ts={ts}" if channel and ts else ""


def _leading(session: Session, conversation: Conversation, lead: Conversation) -> Leading:
    latest = conversations.latest_suggestion(session, lead.id or 0)
    return Leading(
        case_id=lead.id or 0,
        link=card_link(session, lead.id or 0),
        answered=conversation.answered_with_id is not None,
        resolved=conversation.state is ConversationState.RESOLVED,
        failed=latest is not None and latest.state is CardState.FAILED,
    )


def _shared(session: Session, lead: Conversation, case: Conversation, speaks_for: list[int]) -> SharedCase:
    assert case.id is not None
    suggestion = conversations.latest_suggestion(session, case.id)
    message = session.get(Message, suggestion.message_row_id) if suggestion else None
    return SharedCase(
        case_id=case.id,
        channel=case.channel,
        slack_channel=case.slack_channel or "",
        by_form=case.by_form,
        opened_at=case.opened_at,
        words=(message.reply or message.text) if message else "",
        link=card_link(session, case.id),
        answered_too=case.id in speaks_for,
        read_by_others=together.read_by_others(together.place_of(lead), together.place_of(case)),
        remedy=_own_money(session, lead, suggestion) if suggestion else "",
    )


def _own_money(session: Session, lead: Conversation, suggestion: Suggestion) -> str:
    """What its own draft would give back, where the leading draft does not state the same."""
    remedy = remedy_of(suggestion)
    if remedy is None or not sends_refund(suggestion) or remedy.amount_minor is None or not remedy.currency:
        return ""
    leading = conversations.latest_suggestion(session, lead.id or 0)
    stated = remedy_of(leading) if leading else None
    if stated is not None and (stated.amount_minor, stated.currency) == (
        remedy.amount_minor,
        remedy.currency,
    ):
        return ""
    amount = format_money(remedy.amount_minor, remedy.currency, suggestion.language or "en")
    return remedy_in_words(remedy.kind, amount)
