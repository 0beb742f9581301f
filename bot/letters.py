"""A text on its way to a customer: the outbox row, and the message it will be, in one transaction."""

import secrets
from datetime import datetime
from email.utils import parseaddr
from typing import Any

from sqlmodel import Session

from bot.parts import Places
from storage import conversations, outbox
from storage.tables import Agent, Conversation, Direction, Message, WaitingOn

#: How many ids a References header carries: the first and the latest.
REFERENCES = 20


def send_letter(
    session: Session,
    conversation: Conversation,
    places: Places,
    *,
    subject: str,
    text: str,
    agent_id: int,
    key: str,
    now: datetime,
    house_name: str,
    follow_up_id: int | None = None,
) -> bool:
    """Write a letter to the conversation's customer; False when that key was written before.

    The Message-ID is chosen here, before the first attempt, so that every attempt carries the same.
    """
    assert conversation.id is not None
    agent = session.get(Agent, agent_id)
    name = agent.name if agent else ""
    mail = conversation.channel == "email"
    message_id = _message_id(conversation, places) if mail else None
    payload: dict[str, Any] = {"text": text, "agent": name, "house": house_name}
    if follow_up_id is not None:
        payload["follow_up_id"] = follow_up_id
    if mail:
        payload |= _mail(session, conversation, places, subject, name, str(message_id))
    else:
        payload |= {"channel": conversation.slack_channel, "thread_ts": conversation.thread_ts}
    kind = "mail" if mail else "slack_reply"
    lane = f"conversation:{conversation.id}"
    if outbox.put(session, key, kind, payload, now, lane=lane, conversation_id=conversation.id) is None:
        return False
    session.add(
        Message(
            conversation_id=conversation.id,
            direction=Direction.OUT,
            message_id=message_id,
            body_hash="" if mail else None,
            text=text,
            reply=text,
            sender_name=name,
            agent_id=agent_id,
            kind="follow_up" if follow_up_id is not None else "answer",
            at=now,
        )
    )
    conversation.waiting_on = WaitingOn.CUSTOMER
    conversation.first_answer_at = conversation.first_answer_at or now
    session.add(conversation)
    return True


def _message_id(conversation: Conversation, places: Places) -> str:
    """Ours, unguessable, and carrying the token that brings the answer back to this conversation."""
    domain = parseaddr(places.mail_from)[1].rpartition("@")[2] or "localhost"
    return f"t-{conversation.reply_token}.{secrets.token_hex(8)}@{domain}"


def _mail(
    session: Session,
    conversation: Conversation,
    places: Places,
    subject: str,
    name: str,
    message_id: str,
) -> dict[str, Any]:
    said = [each for each in conversations.messages(session, conversation.id or 0) if each.message_id]
    chain = [str(each.message_id) for each in said]
    theirs = [str(each.message_id) for each in said if each.direction is Direction.IN]
    bounded = chain if len(chain) <= REFERENCES else [chain[0], *chain[1 - REFERENCES :]]
    before = conversation.subject.strip()
    return {
        "to": conversation.answer_to,
        "from": places.mail_from,
        "sender_name": name,
        # The customer's own subject keeps the thread together in every client; ours starts one.
        "subject": (before if before.lower().startswith("re:") else f"Re: {before}") if before else subject,
        "message_id": message_id,
        "in_reply_to": theirs[-1] if theirs else "",
        "references": bounded,
        "token": conversation.reply_token,
    }
