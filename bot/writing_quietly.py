"""Mail that leads to no draft: what was there before us, and what colleagues sent from another program.

Nothing here makes a card, arms or cancels a follow-up, or writes to anybody.
"""

import re
import secrets
from dataclasses import replace
from datetime import datetime

from sqlmodel import Session

from bot.card_rows import Moved, refresh_card
from bot.drafting import Draft
from bot.gathering import Snapshot, door
from bot.house import House
from bot.masking import mask
from bot.messages import IncomingMessage
from bot.promising import Wrote, note_promises
from bot.rules.names import given_name
from bot.speech import say_to_all
from bot.writing_down import finish_quietly, message_row
from storage import audit, conversations, customers, forgotten, inbox
from storage.tables import (
    Conversation,
    ConversationState,
    Customer,
    Direction,
    Message,
    WaitingOn,
)

#: Nobody answers one customer among more than these.
MOST_RECIPIENTS = 50
QUIET = (inbox.OLD_MAIL, inbox.SENT_ELSEWHERE)
_SIZE_LINE = re.compile(rb"X-Tillid-Size: (\d+)\r\n")


def write_quietly(
    session: Session,
    item: inbox.Claimed,
    incoming: IncomingMessage,
    snapshot: Snapshot,
    house: House,
    now: datetime,
) -> None:
    """Write one such mail down. Raises Moved when the conversation is not the one that was read."""
    if item.kind == inbox.SENT_ELSEWHERE:
        _colleague_mailed(session, item, incoming, snapshot, house, now)
    else:
        _remember(session, item, incoming, snapshot, now)


# ---- history ----------------------------------------------------------------------------------------------


def _remember(
    session: Session, item: inbox.Claimed, incoming: IncomingMessage, snapshot: Snapshot, now: datetime
) -> None:
    """A mail from before our first contact, dated when it was written: known, and nobody's work."""
    at = min(incoming.sent_at or now, now)
    message = message_row(incoming, at)
    if (
        incoming.automatic == "own"
        or conversations.is_known(session, message)
        or _was_forgotten_since(session, incoming, at)
    ):
        finish_quietly(session, item.id, "message_kept", now)
        return
    if not inbox.finish(session, item.id, now):
        return
    name = given_name(incoming.sender_name)
    author = customers.ensure(session, door(incoming), name=name, source="email", now=at)
    author.since_at = min(author.since_at, at)
    if snapshot.conversation_id is None:
        conversation_id = _conversation(session, item, incoming, author, at)
    elif conversations.claim_version(session, snapshot.conversation_id, snapshot.version):
        conversation_id = snapshot.conversation_id
    else:
        raise Moved
    message.conversation_id, message.customer_id = conversation_id, author.id
    session.add(message)
    session.flush()
    audit.record(session, "history_loaded", now, conversation_id=conversation_id, subject_id=message.id)


def _was_forgotten_since(session: Session, incoming: IncomingMessage, at: datetime) -> bool:
    """A folder's old mail does not bring back who asked to be forgotten after writing it."""
    left_at = forgotten.among(session, {incoming.sender}).get(incoming.sender)
    return left_at is not None and at <= left_at


def _conversation(
    session: Session, item: inbox.Claimed, incoming: IncomingMessage, author: Customer, at: datetime
) -> int:
    assert author.id is not None
    conversation = Conversation(
        channel=incoming.channel.value,
        customer_id=author.id,
        subject=mask(incoming.subject),
        state=ConversationState.RESOLVED,
        waiting_on=WaitingOn.CUSTOMER,
        lane=item.lane,
        reply_token=secrets.token_hex(12),
        mailbox=item.source.partition(":")[2],
        answer_to=incoming.sender if incoming.automatic else incoming.reply_to or incoming.sender,
        opened_at=at,
        last_customer_message_at=at,
    )
    session.add(conversation)
    session.flush()
    assert conversation.id is not None
    return conversation.id


# ---- the Sent folder --------------------------------------------------------------------------------------


def _colleague_mailed(
    session: Session,
    item: inbox.Claimed,
    incoming: IncomingMessage,
    snapshot: Snapshot,
    house: House,
    now: datetime,
) -> None:
    """A colleague answered from another program: that is the answer, and our draft is withdrawn.

    Only by the ids that a reply names, and only where it goes to the customer: a letter to a supplier about the
    same case is none, nor is our own mail, nor what a machine of ours sent.
    """
    conversation = session.get(Conversation, snapshot.conversation_id or 0)
    if (
        conversation is None
        or incoming.automatic is not None
        or _is_known(session, incoming)
        or not _reaches_customer(session, conversation, incoming)
    ):
        finish_quietly(session, item.id, "message_kept", now)
        return
    if not inbox.finish(session, item.id, now):
        return
    assert conversation.id is not None
    if not conversations.claim_version(session, conversation.id, snapshot.version):
        raise Moved
    settles = _answers_latest(session, conversation.id, incoming)
    message = message_row(incoming, now if settles else min(incoming.sent_at or now, now))
    message.conversation_id, message.direction, message.kind = conversation.id, Direction.OUT, "answer"
    session.add(message)
    conversation.first_answer_at = conversation.first_answer_at or message.at
    if settles:
        conversation.waiting_on = WaitingOn.CUSTOMER
        conversations.withdraw_live(session, conversation.id, now)
        # Nobody knows which colleague: it falls to whoever has the case.
        note_promises(session, house, conversation, Wrote(f"elsewhere:{item.id}", message.reply), now)
    session.add(conversation)
    if conversations.latest_suggestion(session, conversation.id) is not None:
        refresh_card(session, conversation.id, now)
    audit.record(session, "colleague_wrote", now, conversation_id=conversation.id, settled=settles)


def _is_known(session: Session, incoming: IncomingMessage) -> bool:
    """Ours, or seen before: the program that sent it and the folder it lies in give it one and the same id."""
    ids = [incoming.message_id] if incoming.message_id else []
    return conversations.by_message_ids(session, ids) is not None


def _reaches_customer(session: Session, conversation: Conversation, incoming: IncomingMessage) -> bool:
    told = (*incoming.to, *incoming.cc)[:MOST_RECIPIENTS]
    return conversation.answer_to in told or customers.has_mail_address(
        session, conversation.customer_id, told
    )


def _answers_latest(session: Session, conversation_id: int, incoming: IncomingMessage) -> bool:
    """Whether the customer's newest words were there when it was written: it names them, or is younger."""
    theirs = [
        each
        for each in conversations.messages(session, conversation_id)
        if each.direction is Direction.IN and each.automatic is None
    ]
    if not theirs:
        return True
    named = {*incoming.in_reply_to, *incoming.references}
    return theirs[-1].message_id in named or _is_younger(incoming, theirs[-1])


def _is_younger(incoming: IncomingMessage, message: Message) -> bool:
    return incoming.sent_at is not None and incoming.sent_at >= message.at


# ---- mail that is too large -------------------------------------------------------------------------------


def size_line(size_bytes: int) -> bytes:
    """Stands before the headers of a mail of which only they were fetched."""
    return b"X-Tillid-Size: %d\r\n" % size_bytes


def unread(draft: Draft, raw: bytes) -> Draft:
    """No draft, and a word about why: only the headers of this mail are here."""
    found = _SIZE_LINE.match(raw)
    megabytes = int(found.group(1)) / 2**20 if found else 0.0
    hint = say_to_all(
        "This mail ({size} MB) could not be fetched whole: please read it in the mailbox.",
        size=f"{megabytes:.0f}",
    )
    decision = replace(draft.decision, template=None, remedy=None, follow_up=None)
    return replace(draft, decision=decision, rendered=None, findings=(), hints=(hint,))
