"""A text on its way to a customer: the outbox row, and the message it will be, in one transaction."""

import secrets
from dataclasses import dataclass
from datetime import datetime
from email.utils import parseaddr
from typing import Any

from sqlmodel import Session

from bot.parts import Places
from storage import conversations, outbox
from storage.tables import Agent, Conversation, Direction, Message, WaitingOn

#: How many ids a References header carries: the first and the latest.
REFERENCES = 20


@dataclass(frozen=True, slots=True)
class Letter:
    """A text on its way, in one colleague's name."""

    #: Written once, however often it is asked for.
    key: str
    #: Used where the customer's own subject does not keep the thread together.
    subject: str
    text: str
    agent_id: int
    house_name: str
    #: The follow-up it is, if it is one.
    follow_up_id: int | None = None


def send_letter(
    session: Session, conversation: Conversation, places: Places, letter: Letter, now: datetime
) -> bool:
    """Write a letter to the conversation's customer; False when its key was written before.

    The Message-ID is chosen here, before the first attempt, so that every attempt carries the same.
    """
    agent = session.get(Agent, letter.agent_id)
    name = agent.name if agent else ""
    message_id = _message_id(conversation, places) if conversation.channel == "email" else None
    payload: dict[str, Any] = {"text": letter.text, "agent": name, "house": letter.house_name}
    if letter.follow_up_id is not None:
        payload["follow_up_id"] = letter.follow_up_id
    if message_id is not None:
        payload |= _mail(session, conversation, places, letter.subject, name, message_id)
    else:
        payload |= {"channel": conversation.slack_channel, "thread_ts": conversation.thread_ts}
    kind = "slack_reply" if message_id is None else "mail"
    lane = f"conversation:{conversation.id}"
    if (
        outbox.put(session, letter.key, kind, payload, now, lane=lane, conversation_id=conversation.id)
        is None
    ):
        return False
    session.add(_message(conversation, letter, name, message_id, now))
    conversation.waiting_on = WaitingOn.CUSTOMER
    if letter.follow_up_id is None:
        conversation.first_answer_at = conversation.first_answer_at or now
    session.add(conversation)
    return True


def _message(
    conversation: Conversation, letter: Letter, name: str, message_id: str | None, now: datetime
) -> Message:
    assert conversation.id is not None
    return Message(
        conversation_id=conversation.id,
        direction=Direction.OUT,
        message_id=message_id,
        body_hash=None if message_id is None else "",
        text=letter.text,
        reply=letter.text,
        sender_name=name,
        agent_id=letter.agent_id,
        kind="answer" if letter.follow_up_id is None else "follow_up",
        at=now,
    )


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
