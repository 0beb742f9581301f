"""Dates that were promised to customers: noted once, told of once, and kept, replaced or found broken."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import case, or_, select, update
from sqlmodel import Session, col

from storage.engine import changed, insert_once
from storage.tables import (
    Conversation,
    ConversationState,
    OutboxItem,
    OutboxState,
    Promise,
    PromiseState,
    Refund,
)
from storage.tables import RefundState as Money

#: A text in one of these states has not reached the customer, and may still.
_HELD_UP = (OutboxState.FAILED, OutboxState.WITHDRAWN)


@dataclass(frozen=True, slots=True)
class NewPromise:
    """One promise as it was made. `key` names it for good."""

    key: str
    sentence: str
    due_at: datetime
    whole_day: bool
    is_money: bool
    warn_at: datetime


def note(
    session: Session, conversation_id: int, agent_id: int | None, new: NewPromise, now: datetime
) -> int | None:
    """Keep a promise; its id, or None where it was noted before."""
    values = {
        "key": new.key,
        "conversation_id": conversation_id,
        "agent_id": agent_id,
        "sentence": new.sentence,
        "state": PromiseState.OPEN,
        "due_at": new.due_at,
        "whole_day": new.whole_day,
        "is_money": new.is_money,
        "warn_at": new.warn_at,
        "created_at": now,
    }
    return insert_once(session, Promise, values, ["key"])


def settle_earlier(
    session: Session, conversation_id: int, now: datetime, *, but: Sequence[str] = (), replaced: bool = False
) -> int:
    """A newer answer went: what was open is kept, or replaced by what it promises; how many were open.

    What stood in a text that never reached the customer is withdrawn.
    """
    failed = select(col(OutboxItem.key)).where(
        col(OutboxItem.conversation_id) == conversation_id, col(OutboxItem.state).in_(_HELD_UP)
    )
    went = PromiseState.REPLACED if replaced else PromiseState.KEPT
    lost = list(session.execute(failed).scalars())
    of_lost = or_(False, *(col(Promise.key).startswith(f"{key}#", autoescape=True) for key in lost))
    statement = (
        update(Promise)
        .where(
            col(Promise.conversation_id) == conversation_id,
            col(Promise.state) == PromiseState.OPEN,
            col(Promise.key).not_in(but),
        )
        .values(state=case((of_lost, PromiseState.WITHDRAWN.value), else_=went.value), settled_at=now)
    )
    return changed(session, statement.execution_options(synchronize_session="fetch"))


def keep(session: Session, promise_id: int, now: datetime, agent_id: int | None = None) -> Promise | None:
    """It has been kept; None where it was settled before."""
    statement = (
        update(Promise)
        .where(col(Promise.id) == promise_id, col(Promise.state) == PromiseState.OPEN)
        .values(state=PromiseState.KEPT, settled_at=now, settled_by=agent_id)
        .returning(Promise)
        .execution_options(synchronize_session=False, populate_existing=True)
    )
    return session.execute(statement).scalar_one_or_none()


def open_of(session: Session, conversation_id: int) -> list[Promise]:
    """What is promised in a conversation and neither kept nor replaced, soonest first."""
    here = (col(Promise.conversation_id) == conversation_id, col(Promise.state) == PromiseState.OPEN)
    soonest = select(Promise).where(*here).order_by(col(Promise.due_at), col(Promise.id))
    return list(session.execute(soonest).scalars())


def due_by(session: Session, until: datetime) -> Sequence[tuple[Promise, Conversation]]:
    """Open promises that are due by then, or were, soonest first, with their conversations."""
    statement = (
        select(Promise, Conversation)
        .join(Conversation, col(Conversation.id) == col(Promise.conversation_id))
        .where(col(Promise.state) == PromiseState.OPEN, col(Promise.due_at) <= until)
        .order_by(col(Promise.due_at), col(Promise.id))
    )
    return [(promise, conversation) for promise, conversation in session.execute(statement)]


def to_tell_of(session: Session, now: datetime, limit: int = 100) -> list[int]:
    """Open promises whose time to speak of has come, before they are due or after, and nobody has; soonest first.

    Not of those in a text that has not reached the customer.
    """
    unspoken = or_(
        (col(Promise.warn_at) <= now) & col(Promise.warned_at).is_(None) & (col(Promise.due_at) > now),
        (col(Promise.due_at) <= now) & col(Promise.broken_at).is_(None),
    )
    statement = (
        select(col(Promise.id), col(Promise.key))
        .where(col(Promise.state) == PromiseState.OPEN, unspoken)
        .order_by(col(Promise.due_at), col(Promise.id))
    )
    found = [(number, key.rpartition("#")[0]) for number, key in session.execute(statement) if number]
    texts = select(col(OutboxItem.key)).where(
        col(OutboxItem.key).in_([key for _, key in found]), col(OutboxItem.state).in_(_HELD_UP)
    )
    lost = set(session.execute(texts).scalars())
    return [number for number, key in found if key not in lost][:limit]


def take_warning(session: Session, promise_id: int, now: datetime) -> Promise | None:
    """Whoever gets it speaks of the promise before it is due; everybody else gets None."""
    return _take(session, promise_id, now, "warned_at")


def take_breaking(session: Session, promise_id: int, now: datetime) -> Promise | None:
    """Whoever gets it tells the leads that it is broken; everybody else gets None."""
    return _take(session, promise_id, now, "broken_at")


def _take(session: Session, promise_id: int, now: datetime, told: str) -> Promise | None:
    column = col(Promise.warned_at) if told == "warned_at" else col(Promise.broken_at)
    statement = (
        update(Promise)
        .where(col(Promise.id) == promise_id, col(Promise.state) == PromiseState.OPEN, column.is_(None))
        .values({told: now})
        .returning(Promise)
        .execution_options(synchronize_session=False, populate_existing=True)
    )
    return session.execute(statement).scalar_one_or_none()


def are_done(session: Session, conversation: Conversation) -> list[int]:
    """Open promises of a conversation that hold without another word.

    All where the case is resolved and no money of it is on its way; those about money where all of it has gone.
    """
    states = set(
        session.execute(
            select(col(Refund.state)).where(col(Refund.conversation_id) == conversation.id)
        ).scalars()
    )
    moving = bool(states & {Money.REQUESTED, Money.APPROVED})
    resolved = conversation.state is ConversationState.RESOLVED and not moving
    paid = not moving and Money.SETTLED in states
    return [
        each.id or 0
        for each in open_of(session, conversation.id or 0)
        if (resolved and _resolved_since(conversation, each)) or (paid and each.is_money)
    ]


def _resolved_since(conversation: Conversation, promise: Promise) -> bool:
    """A follow-up may promise something when the case is long resolved."""
    return conversation.resolved_at is not None and conversation.resolved_at >= promise.created_at
