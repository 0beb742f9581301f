"""What a claimed outbox row becomes when it goes: the newest content, and what follows from its outcome.

Cards, approvals and payouts are built here, from the rows as they are now, so a late attempt never shows old news.
"""

from datetime import datetime
from typing import Any

from sqlmodel import Session

from bot.card_rows import card_key, refresh_card
from bot.cards import notes, refunds, replies, shapes, suggestion
from bot.errors import TemporaryFailure
from bot.messages import Outgoing
from bot.parts import Parts
from bot.views import card_view, refund_view
from storage import audit, conversations, follow_ups, outbox
from storage.tables import CardState


def outgoing(session: Session, row: outbox.Claimed, parts: Parts) -> Outgoing | None:
    """What to send; None when there is nothing to send any more. Reads only."""
    payload: dict[str, Any] = dict(row.payload)
    if row.kind == "card":
        view = card_view(session, row.conversation_id or 0, parts.house, parts.clock())
        if view is None:
            return None
        payload |= _post(suggestion.suggestion_card(view), parts.places.triage_channel)
    elif row.kind == "note":
        payload |= _post(notes.note(payload["text"], payload["mention"]), parts.places.triage_channel)
        payload["thread_ts"] = _thread(session, row)
    elif row.kind == "refund":
        card = _refund_card(session, payload["refund_id"])
        payload |= _post(card, parts.places.triage_channel)
        payload["thread_ts"] = _thread(session, row)
    elif row.kind == "slack_reply":
        card = replies.customer_reply(payload["text"], payload["agent"], payload["house"])
        payload |= _post(card, payload["channel"])
    elif row.kind == "alert":
        payload |= _post(_alert(payload), parts.places.operators_channel)
    return Outgoing(row.key, payload, row.attempts, row.uncertain, row.receipt)


def _post(card: shapes.Card, channel: str) -> dict[str, Any]:
    return {"channel": channel, "text": card.text, "blocks": card.blocks}


def _alert(payload: dict[str, Any]) -> shapes.Card:
    if "quarantine_id" in payload:
        return notes.quarantine_alert(payload["quarantine_id"], payload["error"])
    return notes.note(payload["text"], "")


def _refund_card(session: Session, refund_id: int) -> shapes.Card:
    view = refund_view(session, refund_id)
    if view.line.state in ("requested", "declined"):
        return refunds.approval_card(view.line, view.customer_name, view.why, view.conversation_id)
    return refunds.payout_card(view.line, view.customer_name, view.order_number, view.conversation_id)


def _thread(session: Session, row: outbox.Claimed) -> str:
    """The card's place: notes hang below it."""
    posted = outbox.receipt(session, card_key(row.conversation_id or 0)).get("ts")
    if not posted:
        raise TemporaryFailure("the card itself has not been posted yet")
    return str(posted)


def consequences(session: Session, row: outbox.Claimed, *, sent: bool, now: datetime) -> None:
    """What else changes when a row went out, or will not: the card's state, the follow-up's, the record."""
    if row.kind not in ("mail", "slack_reply") or row.conversation_id is None:
        return
    follow_up_id = row.payload.get("follow_up_id")
    if follow_up_id is not None:
        follow_ups.settle(session, follow_up_id, sent=sent, now=now)
    else:
        conversations.sent_card(session, row.conversation_id, CardState.SENT if sent else CardState.FAILED)
    action = "delivered" if sent else "delivery_failed"
    audit.record(session, action, now, conversation_id=row.conversation_id, subject_id=row.id)
    refresh_card(session, row.conversation_id, now)
