"""A text on its way to a customer: the outbox row, and the message it will be, in one transaction."""

import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta
from email.utils import parseaddr
from typing import Any

from sqlmodel import Session

from bot.mail.identities import answering
from bot.parts import Places
from bot.rules.unsubscribe_words import words
from storage import conversations, files, outbox, shop_events, unsubscribing
from storage.tables import Agent, Conversation, ConversationState, Direction, Message, WaitingOn

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
    #: Stored files that go along, by mail only.
    files: tuple[int, ...] = ()
    #: The language it is written in; empty: the conversation's.
    language: str = ""
    #: How long it can be taken back before it goes.
    wait: timedelta = timedelta()


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
    if letter.files:
        payload["files"] = list(letter.files)
    if message_id is not None:
        payload |= _mail(session, conversation, places, letter.subject, name, message_id)
        payload |= _manner(session, conversation, letter, now)
        if not conversation.subject and conversation.lane.startswith(shop_events.LANE):
            # We began it: this subject keeps the thread together from now on.
            conversation.subject = letter.subject
    else:
        payload |= {"channel": conversation.slack_channel, "thread_ts": conversation.thread_ts}
    kind = "slack_reply" if message_id is None else "mail"
    place: dict[str, Any] = {"lane": f"conversation:{conversation.id}", "conversation_id": conversation.id}
    if outbox.put(session, letter.key, kind, payload, now, **place, wait=letter.wait) is None:
        return False
    message = _message(conversation, letter, name, message_id, now)
    session.add(message)
    if letter.files and conversation.id is not None:
        session.flush()
        files.give_to_message(session, conversation.id, letter.files, message.id or 0)
    conversation.waiting_on, conversation.known_agent_id = WaitingOn.CUSTOMER, None
    if letter.follow_up_id is None:
        if conversation.state is ConversationState.SNOOZED:
            conversation.state = ConversationState.OPEN
        conversation.snoozed_until = None
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
    domain = parseaddr(_sender(conversation, places))[1].rpartition("@")[2] or "localhost"
    return f"t-{conversation.reply_token}.{secrets.token_hex(8)}@{domain}"


def _sender(conversation: Conversation, places: Places) -> str:
    """The one of our senders that this conversation is answered from; never the customer's address."""
    return answering(places.mail_from, conversation.mailbox)


def _manner(session: Session, conversation: Conversation, letter: Letter, now: datetime) -> dict[str, Any]:
    """The mail's language; and what one carries that goes without a person's press in that moment.

    That it says so, and how to get no more of them.
    """
    language = letter.language or conversation.language
    if letter.follow_up_id is None:
        return {"language": language}
    return {
        "language": language,
        "automatic": True,
        "unsubscribe_token": unsubscribing.new_link(session, conversation.customer_id, now),
        "stop_words": words(language).line,
    }


def _mail(
    session: Session,
    conversation: Conversation,
    places: Places,
    subject: str,
    name: str,
    message_id: str,
) -> dict[str, Any]:
    said = [each for each in conversations.messages(session, conversation.id or 0) if each.message_id]
    chain = list(dict.fromkeys(str(each.message_id) for each in said))
    heard = [each for each in said if each.direction is Direction.IN and each.automatic is None]
    bounded = chain if len(chain) <= REFERENCES else [chain[0], *chain[1 - REFERENCES :]]
    before = conversation.subject.strip()
    return {
        "to": conversation.answer_to,
        "from": _sender(conversation, places),
        "mailbox": conversation.mailbox,
        "sender_name": name,
        # The customer's own subject keeps the thread together in every client; ours starts one.
        "subject": (before if before.lower().startswith("re:") else f"Re: {before}") if before else subject,
        "message_id": message_id,
        "in_reply_to": str(heard[-1].message_id) if heard else "",
        "references": bounded,
        "token": conversation.reply_token,
        "reply_to": _token_address(conversation, places),
    }


def _token_address(conversation: Conversation, places: Places) -> str:
    """Our own address with the token in it: the way back where a mail program or a provider drops every id."""
    local, at, domain = parseaddr(_sender(conversation, places))[1].rpartition("@")
    return f"{local}+t-{conversation.reply_token}{at}{domain}" if places.plus_address and at else ""
