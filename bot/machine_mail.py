"""What a machine's mail leads to: it is told below the card, and one of ours that came back is marked as such.

It never opens, closes or answers anything. Only a lasting failure stops what would have gone to the same address.
"""

from collections.abc import Sequence
from datetime import datetime

from sqlmodel import Session

from bot.card_rows import note
from bot.cards import labels
from bot.cards.texts import passage
from bot.masking import mask
from bot.messages import Bounce, BouncedRecipient, IncomingMessage
from bot.speech import say_to_all
from storage import agents, audit, conversations, customers, follow_ups
from storage.tables import Conversation, ConversationState, WaitingOn

#: How much of a machine's words a note shows.
MOST_TOLD = 300


def machine_wrote(
    session: Session, conversation: Conversation, incoming: IncomingMessage, now: datetime
) -> None:
    """Tell the colleague who has the case, once for the same words, where the card itself does not show the mail."""
    if incoming.bounce is not None and _is_about_our_mail(session, conversation, incoming):
        _came_back(session, conversation, incoming, incoming.bounce, now)
    elif conversations.latest_suggestion(session, conversation.id or 0) is not None:
        kind = labels.named(labels.AUTOMATIC, incoming.automatic or "")
        who = incoming.sender_name or incoming.sender or say_to_all("somebody who gives no name")
        words = passage(mask(incoming.reply or incoming.text), MOST_TOLD)
        text = say_to_all("{kind} from {who}, not answered: {words}", kind=kind, who=who, words=words)
        note(
            session, f"automatic:{conversation.id}:{incoming.body_hash[:16]}", conversation.id or 0, text, now
        )


def _is_about_our_mail(session: Session, conversation: Conversation, incoming: IncomingMessage) -> bool:
    """Anybody can write a report; only who has seen our mail knows its id or the conversation's token."""
    if incoming.reply_token and incoming.reply_token == conversation.reply_token:
        return True
    named = incoming.bounce.original_message_id if incoming.bounce else ""
    return bool(named) and conversations.is_ours(session, conversation.id or 0, named)


def _came_back(
    session: Session, conversation: Conversation, incoming: IncomingMessage, bounce: Bounce, now: datetime
) -> None:
    assert conversation.id is not None
    mail = conversations.sent_mail(session, conversation.id, bounce.original_message_id)
    address = str(mail.payload["to"]) if mail else conversation.answer_to
    theirs = [each for each in bounce.recipients if each.address == address.lower()]
    # A mail that was forwarded comes back from where it was forwarded to: that says nothing lasting of the address.
    lasting = any(each.permanent for each in theirs)
    delayed = all(each.delayed for each in theirs or bounce.recipients)
    text = _in_words(address, theirs or bounce.recipients, delayed=delayed, lasting=lasting)
    if mail is not None and not (delayed and mail.error):
        mail.error = text
        session.add(mail)
    agent = agents.in_charge(session, conversation)
    key = f"{'delayed' if delayed else 'bounced'}:{conversation.id}:{incoming.body_hash[:16]}"
    note(
        session, key, conversation.id, text, now, mention=agent.slack_user_id if agent and not delayed else ""
    )
    action = "mail_delayed" if delayed else "mail_returned"
    audit.record(session, action, now, conversation_id=conversation.id, subject_id=mail.id if mail else None)
    if not delayed:
        _not_arrived(session, conversation, address, now, lasting=lasting)


def _in_words(address: str, recipients: Sequence[BouncedRecipient], *, delayed: bool, lasting: bool) -> str:
    codes = ", ".join(sorted({each.status for each in recipients if each.status})) or say_to_all(
        "no reason given"
    )
    where = ", ".join(dict.fromkeys(each.address for each in recipients)) or address
    if delayed:
        return say_to_all(
            "Our mail to {where} is delayed ({codes}). The mail servers keep trying: nothing to do yet.",
            where=where,
            codes=codes,
        )
    if lasting:
        return say_to_all(
            "Our mail did not reach the customer at {where} ({codes}). It needs another way.",
            where=where,
            codes=codes,
        )
    return say_to_all(
        "Our mail did not reach {where} ({codes}). Please try again later, or another way.",
        where=where,
        codes=codes,
    )


def _not_arrived(
    session: Session, conversation: Conversation, address: str, now: datetime, *, lasting: bool
) -> None:
    """The customer still waits for us; nothing more goes by itself to an address that is gone for good."""
    if conversation.state is not ConversationState.RESOLVED:
        conversation.waiting_on = WaitingOn.US
        session.add(conversation)
    if not lasting:
        return
    customers.mark_bounced(session, address, now)
    assert conversation.id is not None
    cancelled = follow_ups.cancel(session, conversation.id, "mail to the customer came back", now)
    if cancelled is not None:
        audit.record(
            session, "follow_up_cancelled", now, conversation_id=conversation.id, subject_id=cancelled
        )
