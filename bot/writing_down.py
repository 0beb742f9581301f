"""One message written down as rows: conversation, message, card, follow-up changes, alerts. All or nothing."""

import secrets
from collections.abc import Sequence
from dataclasses import asdict
from datetime import datetime

from sqlmodel import Session

from bot.card_rows import Moved, add_suggestion, note, refresh_card
from bot.drafting import Draft
from bot.gathering import Snapshot, door
from bot.house import House
from bot.machine_mail import machine_wrote
from bot.mail.defects import Defect
from bot.masking import mask
from bot.messages import Channel, IncomingMessage
from bot.passing import pass_on
from bot.promising import Wrote, note_promises
from bot.rules.decisions import Action
from bot.rules.names import given_name
from bot.speech import say_to_all
from bot.taken_up import continues, reopened
from bot.withdrawing import customer_wrote
from storage import audit, conversations, customers, feedback, follow_ups, inbox, likenesses, together
from storage import files as stored_files
from storage.files import NewFile
from storage.tables import (
    Agent,
    CardState,
    Conversation,
    ConversationState,
    Customer,
    Direction,
    Message,
    WaitingOn,
)


def finish_quietly(session: Session, inbox_id: int, action: str, now: datetime) -> None:
    """Nothing to do for this item: done, and recorded why."""
    if inbox.finish(session, inbox_id, now):
        audit.record(session, action, now, subject_id=inbox_id)


def write_down(
    session: Session,
    item: inbox.Claimed,
    incoming: IncomingMessage,
    snapshot: Snapshot,
    draft: Draft,
    now: datetime,
    files: Sequence[NewFile] = (),
) -> int | None:
    """Write everything one message leads to; the conversation's id, or None when there was nothing to write.

    Raises Moved when the conversation is not the one that was read.
    """
    if not inbox.finish(session, item.id, now):
        return None
    message = message_row(incoming, now)
    if conversations.is_known(session, message) or inbox.is_copy(session, item.id):
        audit.record(session, "message_repeated", now, subject_id=item.id)
        return None
    conversation, customer = _conversation(session, item, incoming, snapshot, draft, now)
    assert conversation.id is not None
    author = _customer(session, incoming, now) if snapshot.is_other else customer
    message.conversation_id, message.customer_id = conversation.id, author.id
    session.add(message)
    session.flush()
    stored_files.add(session, conversation.id, message.id, files, now)
    if incoming.automatic is None:
        # Who writes from there can be reached there.
        customers.clear_bounced(session, incoming.sender)
        _heard(session, conversation, customer, message, snapshot, draft, now)
        likenesses.look_for(session, author.id or 0, now, draft.reading.order_numbers)
    else:
        machine_wrote(session, conversation, incoming, now)
    _card(session, conversation, message, draft, now)
    if snapshot.continues_id is not None:
        continues(session, conversation, snapshot.continues_id, now)
    audit.record(
        session,
        "message_received",
        now,
        conversation_id=conversation.id,
        subject_id=message.id,
        rule=draft.decision.rule,
        automatic=incoming.automatic,
    )
    return conversation.id


def colleague_wrote(
    session: Session,
    inbox_id: int,
    incoming: IncomingMessage,
    snapshot: Snapshot,
    house: House,
    now: datetime,
) -> Message | None:
    """A colleague answered the customer by hand: that is the answer, and our draft is withdrawn.

    The message, or None where it belongs to no case, or was written down before.
    Raises Moved when the conversation is not the one that was read.
    """
    if not inbox.finish(session, inbox_id, now):
        return None
    message = message_row(incoming, now)
    conversation_id = snapshot.conversation_id
    if conversation_id is None or conversations.is_known(session, message):
        audit.record(session, "colleague_wrote", now, agent_id=snapshot.colleague_id, subject_id=inbox_id)
        return None
    if not conversations.claim_version(session, conversation_id, snapshot.version):
        raise Moved
    message.conversation_id, message.direction = conversation_id, Direction.OUT
    message.agent_id, message.kind = snapshot.colleague_id, "answer"
    session.add(message)
    conversation = session.get(Conversation, conversation_id)
    assert conversation is not None
    conversation.agent_id = conversation.agent_id or snapshot.colleague_id
    conversation.waiting_on, conversation.known_agent_id = WaitingOn.CUSTOMER, None
    conversation.first_answer_at = conversation.first_answer_at or now
    session.add(conversation)
    conversations.withdraw_live(session, conversation_id, now)
    wrote = Wrote(f"by_hand:{inbox_id}", message.reply, agent_id=snapshot.colleague_id)
    note_promises(session, house, conversation, wrote, now)
    refresh_card(session, conversation_id, now)
    audit.record(
        session, "colleague_wrote", now, conversation_id=conversation_id, agent_id=snapshot.colleague_id
    )
    return message


def message_row(incoming: IncomingMessage, now: datetime) -> Message:
    """The message as it is kept, masked; its conversation is still to be named."""
    slack = incoming.channel is Channel.SLACK
    return Message(
        conversation_id=0,
        direction=Direction.IN,
        message_id=None if slack else incoming.message_id or None,
        body_hash=None if slack else incoming.body_hash,
        team=incoming.team if slack else None,
        slack_channel=incoming.slack_channel if slack else None,
        ts=incoming.message_id if slack else None,
        text=mask(incoming.text),
        reply=mask(incoming.reply),
        sender_name=incoming.sender_name,
        automatic=incoming.automatic,
        authentication=incoming.authentication,
        attachments=[asdict(each) for each in incoming.attachments],
        at=now,
    )


def _conversation(
    session: Session,
    item: inbox.Claimed,
    incoming: IncomingMessage,
    snapshot: Snapshot,
    draft: Draft,
    now: datetime,
) -> tuple[Conversation, Customer]:
    if snapshot.conversation_id is not None:
        if not conversations.claim_version(session, snapshot.conversation_id, snapshot.version):
            raise Moved
        conversation = session.get(Conversation, snapshot.conversation_id)
        assert conversation is not None
        customer = session.get(Customer, conversation.customer_id)
        assert customer is not None
        return conversation, customer
    customer = _customer(session, incoming, now)
    assert customer.id is not None
    # An automatic mail or a bare thanks is no work: its conversation is born resolved.
    works = draft.decision.action in (Action.SUGGEST, Action.CALL_OWNER)
    slack = incoming.channel is Channel.SLACK
    conversation = Conversation(
        channel=incoming.channel.value,
        customer_id=customer.id,
        subject=mask(incoming.subject),
        state=ConversationState.OPEN if works else ConversationState.RESOLVED,
        lane=item.lane,
        reply_token=secrets.token_hex(12),
        language=draft.reading.language,
        mailbox=item.source.partition(":")[2] if item.kind in inbox.MAIL else "",
        by_form=Defect.FORM_SENDER in incoming.defects,
        answer_to=_answer_to(incoming),
        agent_id=snapshot.agent_id,
        team=incoming.team if slack else None,
        slack_channel=incoming.slack_channel if slack else None,
        thread_ts=incoming.thread_ts if slack else None,
        opened_at=now,
        last_customer_message_at=now,
    )
    session.add(conversation)
    session.flush()
    return conversation, customer


def _answer_to(incoming: IncomingMessage) -> str:
    """Where answers go: what a machine asks for never becomes the customer's address."""
    if incoming.channel is Channel.SLACK:
        return ""
    return incoming.sender if incoming.automatic else incoming.reply_to or incoming.sender


def _customer(session: Session, incoming: IncomingMessage, now: datetime) -> Customer:
    name = given_name(incoming.sender_name)
    return customers.ensure(session, door(incoming), name=name, source=incoming.channel.value, now=now)


def _heard(
    session: Session,
    conversation: Conversation,
    customer: Customer,
    message: Message,
    snapshot: Snapshot,
    draft: Draft,
    now: datetime,
) -> None:
    """A person wrote: the case opens, a scheduled follow-up is not wanted any more, an answer is an answer."""
    assert conversation.id is not None
    reading, decision = draft.reading, draft.decision
    wants_answer = decision.action in (Action.SUGGEST, Action.CALL_OWNER) or snapshot.follow_up_id is not None
    if wants_answer and conversation.agent_id and snapshot.agent_id != conversation.agent_id:
        # Whoever has the case is away: it is the buddy's now, or nobody's.
        buddy = session.get(Agent, snapshot.agent_id) if snapshot.agent_id else None
        pass_on(session, conversation, buddy, now, follow_up=False)
    their_own = not snapshot.is_other
    if their_own and not (reading.thanks_only or reading.greeting_only):
        customers.write_in(session, customer, reading.language, conversation.channel, now)
    if decision.action in (Action.SUGGEST, Action.CALL_OWNER):
        if conversation.state is ConversationState.RESOLVED and snapshot.follow_up_id is None:
            reopened(session, conversation, message, now)
        conversation.state, conversation.snoozed_until = ConversationState.OPEN, None
        conversation.waiting_on = WaitingOn.US
        conversation.last_customer_message_at = now
        conversation.bala = "reopened" if conversation.bala.startswith("accept") else "need"
        conversation.language = reading.language
        conversation.customer_type = reading.customer_type
        conversation.feeling, conversation.urgent = reading.feeling, reading.urgent
        conversation.order_id = draft.order.id if draft.order else conversation.order_id
        if not conversation.intent_corrected:
            conversation.intent = decision.intent
        _cancel_follow_up(session, conversation.id, now)
        if conversation.answered_with_id is not None:
            # The follow-up of the case that answered this one was for both.
            _cancel_follow_up(session, conversation.answered_with_id, now)
            conversation.answered_with_id = None
    elif conversation.bala == "accept_asked":
        conversation.bala = "accepted_by_customer"
    if decision.is_strike and their_own and customer.id is not None:
        customers.add_strike(session, customer.id, conversation.id, decision.intent, now.date())
    if snapshot.follow_up_id is not None:
        _answered(session, conversation, message, snapshot.follow_up_id, now)
    session.add_all((conversation, customer))


def _cancel_follow_up(session: Session, conversation_id: int, now: datetime) -> None:
    cancelled = follow_ups.cancel(session, conversation_id, say_to_all("the customer wrote first"), now)
    if cancelled is not None:
        audit.record(
            session, "follow_up_cancelled", now, conversation_id=conversation_id, subject_id=cancelled
        )


def _answered(
    session: Session, conversation: Conversation, message: Message, follow_up_id: int, now: datetime
) -> None:
    """The customer answered our follow-up: it goes back to the colleague who signed it."""
    assert conversation.id is not None and message.id is not None
    if not feedback.add(session, conversation.id, follow_up_id, message.id, now):
        return
    agent = session.get(Agent, conversation.agent_id) if conversation.agent_id else None
    text = say_to_all("The customer answered your follow-up.")
    key = f"answered:{message.id}"
    note(session, key, conversation.id, text, now, mention=agent.slack_user_id if agent else "")
    audit.record(session, "follow_up_answered", now, conversation_id=conversation.id, subject_id=follow_up_id)


def _card(
    session: Session, conversation: Conversation, message: Message, draft: Draft, now: datetime
) -> None:
    assert conversation.id is not None and message.id is not None
    decision = draft.decision
    together.hold_person(session, conversation.customer_id)
    before = conversations.latest_suggestion(session, conversation.id)
    if decision.action in (Action.SUGGEST, Action.CALL_OWNER):
        add_suggestion(session, conversation.id, message.id, draft, now)
        if message.customer_id == conversation.customer_id:
            customer_wrote(session, conversation.customer_id, conversation.id, now)
    elif before is None and message.automatic is None:
        return  # a bare thanks or hello out of the blue: no card
    elif before is None:
        add_suggestion(session, conversation.id, message.id, draft, now, state=CardState.SHOWN)
    refresh_card(session, conversation.id, now)
