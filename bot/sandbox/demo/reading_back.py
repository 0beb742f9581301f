"""What the database says, for the story and for its proof."""

from dataclasses import dataclass

from sqlalchemy import func, select
from sqlmodel import Session, col

from bot.sandbox.demo.letters import reflowed
from bot.sandbox.demo.moments import Letter
from storage import conversations
from storage.tables import Conversation, Direction, FollowUp, FollowUpState, Message, OutboxItem, Refund


@dataclass(frozen=True, slots=True)
class OutboxRow:
    """A mail's row in the outbox."""

    key: str
    state: str
    attempts: int


@dataclass(frozen=True, slots=True)
class Counts:
    """What one conversation has cost and sent."""

    mails: int
    refunds: int


def outbox_row(session: Session, conversation_id: int) -> OutboxRow:
    """The newest mail of a conversation."""
    mine = (col(OutboxItem.conversation_id) == conversation_id, col(OutboxItem.kind) == "mail")
    newest = select(OutboxItem).where(*mine).order_by(col(OutboxItem.id).desc()).limit(1)
    row = session.execute(newest).scalar_one()
    return OutboxRow(row.key, row.state.value, row.attempts)


def counts_for(session: Session, conversation_id: int) -> Counts:
    """How many mails and refunds a conversation has."""
    mails = (col(OutboxItem.conversation_id) == conversation_id, col(OutboxItem.kind) == "mail")
    return Counts(
        mails=session.execute(select(func.count()).select_from(OutboxItem).where(*mails)).scalar_one(),
        refunds=session.execute(
            select(func.count()).select_from(Refund).where(col(Refund.conversation_id) == conversation_id)
        ).scalar_one(),
    )


def follow_ups_in(session: Session, states: tuple[FollowUpState, ...]) -> dict[int, FollowUp]:
    """The follow-ups in these states, by conversation."""
    found = session.execute(select(FollowUp).where(col(FollowUp.state).in_(states))).scalars()
    return {each.conversation_id: each for each in found}


def last_message(session: Session) -> int:
    """The newest message's row; 0 before the first."""
    newest = select(col(Message.id)).order_by(col(Message.id).desc()).limit(1)
    return session.execute(newest).scalar() or 0


def conversation_of_next(session: Session, after: int) -> int:
    """The conversation of the first message that came in after that row."""
    mine = (col(Message.id) > after, col(Message.direction) == Direction.IN)
    found = select(col(Message.conversation_id)).where(*mine).limit(1)
    return int(session.execute(found).scalar_one())


def case_of(session: Session, address: str) -> int:
    """The newest conversation that is answered to this address."""
    mine = select(col(Conversation.id)).where(col(Conversation.answer_to) == address)
    return int(session.execute(mine.order_by(col(Conversation.id).desc()).limit(1)).scalar_one() or 0)


def intent_of(session: Session, conversation_id: int) -> str:
    """What a conversation is about."""
    conversation = session.get(Conversation, conversation_id)
    return conversation.intent if conversation else ""


def latest_words(session: Session, conversation_id: int) -> Letter:
    """What the customer wrote last in a conversation, as it was stored."""
    heard = [
        each for each in conversations.messages(session, conversation_id) if each.direction is Direction.IN
    ]
    last = heard[-1]
    conversation = session.get(Conversation, conversation_id)
    subject = conversation.subject if conversation else ""
    names = tuple(str(each["name"]) for each in last.attachments)
    return Letter(last.sender_name, reflowed(last.reply or last.text), subject, names)
