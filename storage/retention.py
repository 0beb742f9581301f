"""Forgetting by age: each function takes one kind, a moment and a number, and forgets so many older ones at most.

Each is called until it forgets nothing more, a short transaction at a time.
"""

from collections.abc import Callable
from datetime import datetime
from typing import Any

from sqlalchemy import Text, cast, delete, func, or_, select, update
from sqlmodel import Session, SQLModel, col

from storage import erasing_traffic, forgotten, inbox, stacks
from storage.engine import changed
from storage.erasing import NO_DRAFT, UNFINISHED
from storage.tables import (
    AuditEvent,
    CardState,
    Conversation,
    ConversationState,
    CustomerNote,
    FollowUp,
    FollowUpState,
    Message,
    Order,
    OutboxItem,
    OutboxState,
    Promise,
    Refund,
    ShopEvent,
    StoredFile,
    Suggestion,
)

#: Rows for one transaction.
BATCH = 500
#: Conversations for one transaction: each has many rows.
FEW = 50
Forget = Callable[[Session, datetime, datetime], int]
_QUIET = {"synchronize_session": False}


def _delete(session: Session, table: type[SQLModel], ids: Any) -> int:
    key: Any = table.id  # type: ignore[attr-defined]  # every table of ours has one
    return changed(session, delete(table).where(col(key).in_(ids)).execution_options(**_QUIET))


def forget_raw(session: Session, before: datetime, now: datetime) -> int:
    """Raw input that was worked through, and errors of what was run again."""
    del now
    inbox.forget_quarantine(session, before)
    return inbox.forget_raw(session, before, BATCH)


def forget_files(session: Session, before: datetime, now: datetime) -> int:
    """Files that came or went before then, and their copies in Slack."""
    old = select(col(StoredFile.id)).where(col(StoredFile.stored_at) < before)
    ids = list(session.execute(old.order_by(col(StoredFile.stored_at)).limit(FEW)).scalars())
    posts = col(OutboxItem.key).in_([f"file:{each}" for each in ids])
    _forget_posts(session, posts, now, f"files{ids[0]}" if ids else "")
    return _delete(session, StoredFile, ids)


def forget_drafts(session: Session, before: datetime, now: datetime) -> int:
    """The texts and readings of cards whose case is resolved; what the figures count stays."""
    del now
    resolved = select(col(Conversation.id)).where(col(Conversation.state) == ConversationState.RESOLVED)
    full = or_(
        col(Suggestion.text) != "",
        col(Suggestion.subject) != "",
        cast(col(Suggestion.reading), Text) != "{}",
        cast(col(Suggestion.context), Text) != "{}",
    )
    old = (
        select(col(Suggestion.id))
        .where(
            col(Suggestion.created_at) < before,
            col(Suggestion.state).not_in((CardState.NEW, CardState.SENDING)),
            col(Suggestion.conversation_id).in_(resolved),
            full,
        )
        .order_by(col(Suggestion.created_at))
        .limit(BATCH)
    )
    ids = list(session.execute(old).scalars())
    changed_text = update(Suggestion).where(
        col(Suggestion.id).in_(ids), col(Suggestion.final_text).is_not(None)
    )
    session.execute(changed_text.values(final_text="").execution_options(**_QUIET))
    emptied = update(Suggestion).where(col(Suggestion.id).in_(ids)).values(**NO_DRAFT)
    return changed(session, emptied.execution_options(**_QUIET))


def forget_messages(session: Session, before: datetime, now: datetime) -> int:
    """What was said in cases resolved before then, with its drafts, files, letters and posts; how many messages.

    The case stays as a line for the figures. One with money that is not settled, or a follow-up to come, waits.
    """
    ended = func.coalesce(col(Conversation.resolved_at), col(Conversation.last_customer_message_at))
    latest = func.max(col(Message.at))
    open_money = select(col(Refund.conversation_id)).where(col(Refund.state).in_(UNFINISHED))
    coming = select(col(FollowUp.conversation_id)).where(
        col(FollowUp.state).in_((FollowUpState.SCHEDULED, FollowUpState.SENDING))
    )
    leaving = select(col(OutboxItem.conversation_id)).where(
        col(OutboxItem.conversation_id).is_not(None),
        col(OutboxItem.state).in_((OutboxState.PENDING, OutboxState.SENDING)),
    )
    old = (
        select(col(Conversation.id))
        .join(Message, col(Message.conversation_id) == col(Conversation.id))
        .where(
            col(Conversation.state) == ConversationState.RESOLVED,
            ended < before,
            *(col(Conversation.id).not_in(each) for each in (open_money, coming, leaving)),
        )
        .group_by(col(Conversation.id))
        .having(latest < before)
        .order_by(col(Conversation.id))
        .limit(FEW)
    )
    ids = [each for each in session.execute(old).scalars() if each is not None]
    return _forget_said(session, ids, now) if ids else 0


def _forget_said(session: Session, ids: list[int], now: datetime) -> int:
    _forget_posts(session, col(OutboxItem.conversation_id).in_(ids), now, f"case{ids[0]}")
    follow_ups = update(FollowUp).where(col(FollowUp.conversation_id).in_(ids))
    session.execute(follow_ups.values(subject="", text="").execution_options(**_QUIET))
    promised = update(Promise).where(col(Promise.conversation_id).in_(ids))
    session.execute(promised.values(sentence="").execution_options(**_QUIET))
    events = delete(ShopEvent).where(col(ShopEvent.conversation_id).in_(ids))
    session.execute(events.execution_options(**_QUIET))
    stacks.forget(session, ids)
    files = delete(StoredFile).where(col(StoredFile.conversation_id).in_(ids))
    session.execute(files.execution_options(**_QUIET))
    empty = update(Conversation).where(col(Conversation.id).in_(ids))
    session.execute(empty.values(subject="", version=Conversation.version + 1).execution_options(**_QUIET))
    # The drafts answer messages, and go with them.
    said = delete(Message).where(col(Message.conversation_id).in_(ids))
    return changed(session, said.execution_options(**_QUIET))


def _forget_posts(session: Session, which: Any, now: datetime, occasion: str) -> None:
    rows = list(session.execute(select(OutboxItem).where(which)).scalars())
    number = f"age:{occasion}:{now:%Y%m%d%H%M%S}"
    erasing_traffic.take_down(session, rows, "", number, now, erasing_traffic.COLLEAGUES_POSTS)
    erasing_traffic.delete_rows(session, rows)


def forget_notes(session: Session, before: datetime, now: datetime) -> int:
    """Notes about customers whose own end has come."""
    del before
    ended = select(col(CustomerNote.id)).where(col(CustomerNote.expires_at) <= now).limit(BATCH)
    return _delete(session, CustomerNote, list(session.execute(ended).scalars()))


def forget_audit(session: Session, before: datetime, now: datetime) -> int:
    """The record of what was done before then."""
    del now
    old = select(col(AuditEvent.id)).where(col(AuditEvent.at) < before).order_by(col(AuditEvent.at))
    return _delete(session, AuditEvent, list(session.execute(old.limit(BATCH)).scalars()))


def forget_orders(session: Session, before: datetime, now: datetime) -> int:
    """Orders placed before then with their money, unless something newer hangs on them; how many orders and refunds."""
    del now
    newer = or_(col(Refund.created_at) >= before, col(Refund.state).in_(UNFINISHED))
    kept = select(col(Refund.order_id)).where(col(Refund.order_id).is_not(None), newer)
    old = select(col(Order.id)).where(col(Order.placed_at) < before, col(Order.id).not_in(kept))
    ids = list(session.execute(old.order_by(col(Order.id)).limit(BATCH)).scalars())
    alone = (col(Refund.order_id).is_(None), ~newer)
    loose = list(session.execute(select(col(Refund.id)).where(*alone).limit(BATCH)).scalars())
    mine = delete(Refund).where(or_(col(Refund.order_id).in_(ids), col(Refund.id).in_(loose)))
    gone = changed(session, mine.execution_options(**_QUIET))
    unlinked = update(Conversation).where(col(Conversation.order_id).in_(ids)).values(order_id=None)
    session.execute(unlinked.execution_options(**_QUIET))
    return gone + _delete(session, Order, ids)


def forget_fingerprints(session: Session, before: datetime, now: datetime) -> int:
    """Fingerprints of the addresses of people who were forgotten before then."""
    del now
    return forgotten.forget(session, before, BATCH)


#: By the policy's kind; files first, for they are the largest. Notes have their own end.
KINDS: dict[str, Forget] = {
    "raw": forget_raw,
    "attachments": forget_files,
    "drafts": forget_drafts,
    "messages": forget_messages,
    "orders": forget_orders,
    "audit": forget_audit,
    "fingerprints": forget_fingerprints,
}
