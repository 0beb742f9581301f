"""Conversations, their messages and their cards."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import func, select, update
from sqlmodel import Session, col

from storage import outdated, provider_ids
from storage.engine import changed
from storage.tables import (
    CardState,
    Conversation,
    ConversationState,
    Direction,
    Message,
    OutboxItem,
    Suggestion,
    WaitingOn,
)

LIVE = (CardState.NEW, CardState.SENDING)
#: The kind of message that stands for a letter of another case.
ANSWERED_WITH = "answered_with"


def by_token(session: Session, reply_token: str) -> Conversation | None:
    """The conversation whose mails carry that token."""
    statement = select(Conversation).where(col(Conversation.reply_token) == reply_token)
    return session.execute(statement).scalar_one_or_none()


def by_message_ids(session: Session, message_ids: Sequence[str]) -> Conversation | None:
    """The conversation that holds one of these mails; the earlier in the list wins. One query, however many."""
    if not message_ids:
        return None
    statement = (
        select(col(Message.message_id), col(Message.conversation_id))
        .where(col(Message.message_id).in_(message_ids))
        .order_by(col(Message.id))
    )
    places = {message_id: place for place, message_id in reversed(list(enumerate(message_ids)))}
    rows = session.execute(statement).all()
    nearest = min(rows, key=lambda row: places[row[0]], default=None)
    conversation_id = (
        nearest[1] if nearest is not None else provider_ids.conversation_of(session, message_ids)
    )
    return session.get(Conversation, conversation_id) if conversation_id is not None else None


def holding(session: Session, message_id: str, customer_id: int) -> Conversation | None:
    """Where a mail of that id stands that this very customer wrote: another copy of it belongs there."""
    statement = (
        select(Conversation)
        .join(Message, col(Message.conversation_id) == col(Conversation.id))
        .where(
            col(Message.message_id) == message_id,
            col(Message.customer_id) == customer_id,
            col(Message.direction) == Direction.IN,
        )
        .order_by(col(Message.id))
        .limit(1)
    )
    return session.execute(statement).scalar_one_or_none()


def latest_of_thread(session: Session, lane: str, customer_id: int) -> Conversation | None:
    """The newest conversation of this customer in that thread: one that rested for long is continued in another."""
    here = (col(Conversation.lane) == lane, col(Conversation.customer_id) == customer_id)
    newest = select(Conversation).where(*here).order_by(col(Conversation.id).desc()).limit(1)
    return session.execute(newest).scalar_one_or_none()


def last_words_at(session: Session, conversation_id: int) -> datetime | None:
    """When a person, of ours or of theirs, last said something here."""
    here = (col(Message.conversation_id) == conversation_id, col(Message.automatic).is_(None))
    newest = select(col(Message.at)).where(*here).order_by(col(Message.at).desc()).limit(1)
    return session.execute(newest).scalar()


def by_thread(session: Session, team: str, channel: str, thread_ts: str) -> Conversation | None:
    """The conversation of a Slack thread."""
    here = (
        col(Conversation.team) == team,
        col(Conversation.slack_channel) == channel,
        col(Conversation.thread_ts) == thread_ts,
    )
    return session.execute(select(Conversation).where(*here)).scalar_one_or_none()


def just_begun(
    session: Session, team: str, channel: str, customer_id: int, since: datetime
) -> Conversation | None:
    """The newest unanswered case of a customer in a Slack channel, where they last wrote after that moment."""
    here = (
        col(Conversation.team) == team,
        col(Conversation.slack_channel) == channel,
        col(Conversation.customer_id) == customer_id,
        col(Conversation.state) == ConversationState.OPEN,
        col(Conversation.waiting_on) == WaitingOn.US,
        col(Conversation.last_customer_message_at) >= since,
    )
    newest = select(Conversation).where(*here).order_by(col(Conversation.id).desc()).limit(1)
    return session.execute(newest).scalar_one_or_none()


def hold(session: Session, conversation_id: int) -> Conversation | None:
    """The conversation as it is now, held until the transaction ends; None where it is gone."""
    # KEY SHARE: others may still write rows that point at it. Populated: it may have been read before it was held.
    held: Conversation | None = session.get(
        Conversation, conversation_id, with_for_update={"key_share": True}, populate_existing=True
    )
    return held


def claim_version(session: Session, conversation_id: int, version: int) -> bool:
    """Raise the version if it is still the one that was read; False: it moved, start over."""
    statement = (
        update(Conversation)
        .where(col(Conversation.id) == conversation_id, col(Conversation.version) == version)
        .values(version=version + 1)
        .execution_options(synchronize_session="fetch")
    )
    return changed(session, statement) == 1


def is_known(session: Session, message: Message) -> bool:
    """Whether this very message is stored: (Message-ID, body hash), or (team, channel, ts)."""
    if message.message_id:
        same = (
            col(Message.message_id) == message.message_id,
            col(Message.body_hash) == message.body_hash,
        )
    elif message.ts:
        same = (
            col(Message.team) == message.team,
            col(Message.slack_channel) == message.slack_channel,
            col(Message.ts) == message.ts,  # type: ignore[assignment]  # three criteria instead of two
        )
    else:
        return False
    return session.execute(select(col(Message.id)).where(*same)).first() is not None


def is_ours(session: Session, conversation_id: int, message_id: str) -> bool:
    """Whether we wrote the mail of that id, in this conversation."""
    here = (
        col(Message.conversation_id) == conversation_id,
        col(Message.message_id) == message_id,
        col(Message.direction) == Direction.OUT,
    )
    return session.execute(select(col(Message.id)).where(*here).limit(1)).first() is not None


def sent_mail(session: Session, conversation_id: int, message_id: str) -> OutboxItem | None:
    """The outbox row of our mail of that id, or else of our newest mail here."""
    here = (col(OutboxItem.conversation_id) == conversation_id, col(OutboxItem.kind) == "mail")
    newest = select(OutboxItem).where(*here).order_by(col(OutboxItem.id).desc())
    rows = list(session.execute(newest).scalars())
    named = [row for row in rows if row.payload.get("message_id") == message_id]
    return next(iter(named or rows), None)


def mails_written_to(session: Session, address: str, since: datetime) -> list[datetime]:
    """When we wrote to that address since then, in whatever conversation: what the breaker counts."""
    statement = (
        select(col(Message.at))
        .join(Conversation, col(Conversation.id) == col(Message.conversation_id))
        .where(
            col(Conversation.answer_to) == address,
            col(Conversation.channel) == "email",
            col(Message.direction) == Direction.OUT,
            col(Message.kind) != ANSWERED_WITH,
            col(Message.at) >= since,
        )
    )
    return list(session.execute(statement).scalars())


def messages(session: Session, conversation_id: int) -> list[Message]:
    """What was said, oldest first."""
    here = col(Message.conversation_id) == conversation_id
    order = (col(Message.at), col(Message.id))
    return list(session.execute(select(Message).where(here).order_by(*order)).scalars())


def latest_suggestion(session: Session, conversation_id: int) -> Suggestion | None:
    """The newest card version, whatever its state."""
    here = col(Suggestion.conversation_id) == conversation_id
    newest = select(Suggestion).where(here).order_by(col(Suggestion.version).desc()).limit(1)
    return session.execute(newest).scalar_one_or_none()


def of_version(session: Session, conversation_id: int, version: int) -> Suggestion | None:
    """That version of the card."""
    here = (col(Suggestion.conversation_id) == conversation_id, col(Suggestion.version) == version)
    return session.execute(select(Suggestion).where(*here)).scalar_one_or_none()


def next_version(session: Session, conversation_id: int) -> int:
    """The version the next card of this conversation gets."""
    here = col(Suggestion.conversation_id) == conversation_id
    highest = session.execute(select(func.max(col(Suggestion.version))).where(here)).scalar()
    return (highest or 0) + 1


def withdraw_live(session: Session, conversation_id: int, now: datetime) -> bool:
    """Take back a card that nobody has pressed; its buttons are refused from now on."""
    statement = (
        update(Suggestion)
        .where(col(Suggestion.conversation_id) == conversation_id, col(Suggestion.state) == CardState.NEW)
        .values(state=CardState.WITHDRAWN, decided_at=now)
    )
    outdated.clear(session, conversation_id)
    return changed(session, statement) == 1


def settle_card(
    session: Session,
    conversation_id: int,
    version: int,
    state: CardState,
    agent_id: int,
    now: datetime,
    *,
    expected: CardState = CardState.NEW,
) -> Suggestion | None:
    """Press a card once: the card if it was still `expected`, else None and nothing has changed."""
    statement = (
        update(Suggestion)
        .where(
            col(Suggestion.conversation_id) == conversation_id,
            col(Suggestion.version) == version,
            col(Suggestion.state) == expected,
        )
        .values(state=state, decided_by=agent_id, decided_at=now)
        .returning(Suggestion)
        .execution_options(synchronize_session=False, populate_existing=True)
    )
    settled = session.execute(statement).scalar_one_or_none()
    if settled is not None:
        outdated.clear(session, conversation_id)
    return settled


def sent_card(session: Session, conversation_id: int, state: CardState) -> None:
    """The reply in hand went out, or failed to: replies go in order, so it is the oldest that is on its way."""
    on_its_way = (
        col(Suggestion.conversation_id) == conversation_id,
        col(Suggestion.state) == CardState.SENDING,
    )
    oldest = select(func.min(col(Suggestion.version))).where(*on_its_way).scalar_subquery()
    statement = (
        update(Suggestion)
        .where(*on_its_way, col(Suggestion.version) == oldest)
        # It is with the customer, or may be in part: nothing takes it back any more.
        .values(state=state, undo={})
        .execution_options(synchronize_session=False)
    )
    session.execute(statement)


def open_cases(session: Session, customer_id: int, except_id: int | None = None) -> int:
    """How many other conversations of this customer are open."""
    here = (
        col(Conversation.customer_id) == customer_id,
        col(Conversation.state) != ConversationState.RESOLVED,
        col(Conversation.id) != (except_id or 0),
    )
    return int(session.execute(select(func.count()).select_from(Conversation).where(*here)).scalar_one())
