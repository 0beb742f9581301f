"""What a claimed outbox row becomes when it goes: the newest content, and what follows from its outcome.

Cards, approvals and payouts are built here, from the rows as they are now, so a late attempt never shows old news.
"""

import base64
from datetime import datetime
from typing import Any

from sqlmodel import Session

from bot import nudging
from bot.card_rows import card_key, note, refresh_card, stack_key
from bot.cards import notes, refunds, replies, shapes, stack_cards, suggestion
from bot.errors import PermanentFailure, TemporaryFailure
from bot.messages import Outgoing
from bot.parts import Parts
from bot.speech import mark, say_to_all
from bot.views import card_view, refund_view
from bot.views.files import copy_to_show
from bot.views.stacks import stack_of_case, stack_view
from storage import audit, conversations, customers, files, follow_ups, outbox, stacks
from storage.tables import Agent, CardState, Conversation, Customer, FollowUp, OutboxState

#: What a row of that kind is called towards the operators.
NAMES = {
    "card": mark("The card"),
    "note": mark("A note in the thread"),
    "refund": mark("The refund post"),
    "file": mark("A file"),
    "home": mark("A Home"),
    "digest": mark("A colleague's morning message"),
    "stack": mark("A stack of drafts"),
    "answer": mark("An answer to a colleague's question"),
    "erase_post": mark("The deletion of a post"),
}
_MAY_NOT_HAVE_GONE = mark("Your follow-up may not have gone: {reason}")
_DID_NOT_GO = mark("Your follow-up did not go: {reason}")
_NOT_SENT_ONCE_MORE = mark("Your follow-up was not sent once more: {because}.")
_LEFT_OUT = mark("Your follow-up did not go: {because}.")
CUSTOMER_KINDS = ("mail", "slack_reply")
#: What one mail may enclose in all: a third larger on the way, it still fits where most servers draw the line.
MOST_ENCLOSED_BYTES = 20_000_000


def outgoing(session: Session, row: outbox.Claimed, parts: Parts) -> Outgoing | None:
    """What to send; None when there is nothing to send any more. Reads only."""
    payload: dict[str, Any] = dict(row.payload)
    if _unwanted(session, row) or _erased(session, row):
        return None
    if row.kind == "card":
        view = card_view(session, row.conversation_id or 0, parts.house, parts.clock())
        if view is None:
            return None
        standing = stack_of_case(session, row.conversation_id or 0)
        card = stack_cards.stacked_card(view, standing) if standing else suggestion.suggestion_card(view)
        payload |= _post(card, parts.places.triage_channel)
    elif row.kind == "stack":
        stack = stack_view(session, payload["stack_id"])
        if stack is None:
            return None
        payload |= _post(stack_cards.stack_card(stack), parts.places.triage_channel)
    elif row.kind == "note":
        payload |= _post(notes.note(payload["text"], payload["mention"]), parts.places.triage_channel)
        payload["thread_ts"] = _thread(session, row)
    elif row.kind == "refund":
        card = _refund_card(session, payload["refund_id"])
        payload |= _post(card, parts.places.triage_channel)
        payload["thread_ts"] = _thread(session, row)
    elif row.kind == "file":
        copy = copy_to_show(session, payload["file_id"])
        if copy is None:
            return None
        payload |= copy | {"channel": parts.places.triage_channel, "thread_ts": _thread(session, row)}
    elif row.kind == "mail" and payload.get("files"):
        payload["files"] = _enclosed(session, row)
    elif row.kind == "slack_reply":
        language = _language(session, row, parts)
        card = replies.customer_reply(payload["text"], payload["agent"], payload["house"], language)
        payload |= _post(card, payload["channel"])
    elif row.kind == nudging.KIND:
        post = nudging.nudge_post(session, payload["nudge_id"], parts.house, parts.clock())
        if post is None:
            return None
        payload |= post
    elif row.kind == "alert":
        # A mailbox that cannot be read concerns those who wait for its mail.
        places = parts.places
        for_agents = "mailbox" in payload or payload.get("for") == "agents"
        channel = places.triage_channel if for_agents else places.operators_channel
        channel = payload.get("to") or channel
        payload |= _post(_alert(payload), channel)
    return Outgoing(row.key, payload, row.attempts, row.uncertain, row.receipt)


def _unwanted(session: Session, row: outbox.Claimed) -> str:
    """Why a follow-up that is on its way must not go after all; empty where it may, and for everything else."""
    if row.payload.get("follow_up_id") is None:
        return ""
    follow_up = session.get(FollowUp, row.payload["follow_up_id"])
    conversation = session.get(Conversation, row.conversation_id)
    if follow_up is None or conversation is None:
        return say_to_all("it has been deleted")
    customer = session.get(Customer, conversation.customer_id)
    if customer is not None and customer.no_follow_ups:
        return say_to_all("the customer does not want follow-ups")
    if follow_ups.customer_wrote_since(session, follow_up, conversation):
        return say_to_all("the customer wrote first")
    if customers.has_bounced(session, conversation.answer_to):
        return say_to_all("mail to this address comes back")
    return ""


def _erased(session: Session, row: outbox.Claimed) -> bool:
    """Whether a letter would go to somebody who was erased: it never does, whoever wrote it."""
    if row.kind not in CUSTOMER_KINDS or row.conversation_id is None:
        return False
    conversation = session.get(Conversation, row.conversation_id)
    customer = session.get(Customer, conversation.customer_id) if conversation else None
    return customer is None or customer.erased_at is not None


def _enclosed(session: Session, row: outbox.Claimed) -> list[dict[str, str]]:
    """The files that go along, content and all. Raises PermanentFailure, in words for the agent, for what cannot."""
    found = [files.get(session, file_id) for file_id in row.payload["files"]]
    kept = [each for each in found if each is not None and each.conversation_id == row.conversation_id]
    if len(kept) != len(found) or any(each.left_out for each in kept):
        raise PermanentFailure(
            say_to_all("a file that should go along is not there any more; send the answer without it")
        )
    size_bytes = sum(len(each.content) for each in kept)
    if size_bytes > MOST_ENCLOSED_BYTES:
        given, most = (f"{each / 1_000_000:.1f} MB" for each in (size_bytes, MOST_ENCLOSED_BYTES))
        raise PermanentFailure(
            say_to_all(
                "the files are too large for one mail: {given} of {most} at most", given=given, most=most
            )
        )
    return [
        {"name": each.name, "type": each.type, "content": base64.b64encode(each.content).decode("ascii")}
        for each in kept
    ]


def _language(session: Session, row: outbox.Claimed, parts: Parts) -> str:
    """The customer's, or else the house's."""
    conversation = session.get(Conversation, row.conversation_id) if row.conversation_id else None
    return (conversation.language if conversation else "") or parts.house.language


def _post(card: shapes.Card, channel: str) -> dict[str, Any]:
    return {"channel": channel, "text": card.text, "blocks": card.blocks}


def _alert(payload: dict[str, Any]) -> shapes.Card:
    if "quarantine_id" in payload:
        return notes.quarantine_alert(payload["quarantine_id"], payload["error"])
    if "mailbox" in payload:
        since = datetime.fromisoformat(payload["since"])
        return notes.mailbox_alert(payload["mailbox"], payload["reason"], since)
    return notes.note(payload["text"], "")


def _refund_card(session: Session, refund_id: int) -> shapes.Card:
    view = refund_view(session, refund_id)
    if view.line.state in ("requested", "declined"):
        return refunds.approval_card(view.line, view.customer_name, view.why, view.conversation_id)
    return refunds.payout_card(view.line, view.customer_name, view.order_number, view.conversation_id)


def _thread(session: Session, row: outbox.Claimed) -> str:
    """The card's place: notes hang below it. A case that only stands in a stack has its posts below that one's."""
    posted = outbox.receipt(session, card_key(row.conversation_id or 0)).get("ts")
    for each in stacks.rows_of(session, row.conversation_id or 0):
        if not posted and not each.wrote_first and each.taken_out_at is None:
            posted = outbox.receipt(session, stack_key(each.stack_id)).get("ts")
    if not posted:
        raise TemporaryFailure(say_to_all("the card itself has not been posted yet"))
    return str(posted)


def consequences(
    session: Session, row: outbox.Claimed, *, sent: bool, now: datetime, reason: str = ""
) -> None:
    """What else changes when a row went out, or will not: the card's state, the follow-up's, the record.

    Nothing fails for good without somebody being told; `reason` says why.
    """
    if row.kind not in CUSTOMER_KINDS or row.conversation_id is None:
        if not sent:
            _tell_operators(session, row, reason, now)
        return
    follow_up_id = row.payload.get("follow_up_id")
    if follow_up_id is not None:
        follow_ups.settle(session, follow_up_id, sent=sent, now=now)
        if not sent:
            why = say_to_all(reason) if reason else ""
            told = say_to_all(_MAY_NOT_HAVE_GONE if row.uncertain else _DID_NOT_GO, reason=why)
            _tell_agent(session, f"failed:{row.key}", follow_up_id, told, now)
    else:
        conversations.sent_card(session, row.conversation_id, CardState.SENT if sent else CardState.FAILED)
    action = "delivered" if sent else "delivery_failed"
    audit.record(session, action, now, conversation_id=row.conversation_id, subject_id=row.id)
    refresh_card(session, row.conversation_id, now)


def withdrawn(session: Session, row: outbox.Claimed, now: datetime) -> None:
    """What else changes when there was nothing to send any more: a follow-up is cancelled and its agent told."""
    follow_up_id = row.payload.get("follow_up_id")
    because = _unwanted(session, row) or say_to_all("the customer wrote first")
    if follow_up_id is None or not follow_ups.withdraw(session, follow_up_id, because):
        return
    conversation_id = row.conversation_id
    audit.record(
        session, "follow_up_cancelled", now, conversation_id=conversation_id, subject_id=follow_up_id
    )
    # After an attempt that nobody knows the outcome of, it may be with the customer already.
    told = say_to_all(_NOT_SENT_ONCE_MORE if row.uncertain else _LEFT_OUT, because=because)
    _tell_agent(session, f"left_out:{follow_up_id}", follow_up_id, told, now)
    if conversation_id is not None:
        refresh_card(session, conversation_id, now)


def _tell_agent(session: Session, key: str, follow_up_id: int, text: str, now: datetime) -> None:
    follow_up = session.get(FollowUp, follow_up_id)
    if follow_up is None:
        return
    agent = session.get(Agent, follow_up.agent_id)
    mention = agent.slack_user_id if agent else ""
    note(session, key, follow_up.conversation_id, text, now, mention=mention)


def _tell_operators(session: Session, row: outbox.Claimed, reason: str, now: datetime) -> None:
    if row.kind in ("alert", nudging.KIND):
        return  # there is no other place to tell it; and a remark is nobody else's business
    item = outbox.by_key(session, row.key)
    if item is None or item.state is not OutboxState.FAILED:
        return  # a newer version goes in its stead
    what, number = say_to_all(NAMES.get(row.kind, row.kind)), row.conversation_id
    why = say_to_all(reason) if reason else ""
    text = (
        say_to_all("{what} could not be posted: {reason}", what=what, reason=why)
        if number is None
        else say_to_all(
            "{what} of conversation {number} could not be posted: {reason}",
            what=what,
            number=number,
            reason=why,
        )
    )
    # A Home that cannot be shown fails for everybody who looks, a morning's message for all: once a day is enough.
    daily = row.kind in ("home", "digest")
    occasion = f"{row.kind}:{now:%Y-%m-%d}" if daily else f"{row.key}:{row.version}"
    key = f"undelivered:{occasion}"
    outbox.put(session, key, "alert", {"text": text}, now, lane="alerts", conversation_id=row.conversation_id)
