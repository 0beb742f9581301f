"""Dates that were promised to customers: noted once, told of once, and kept, moved to another day or found broken."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, and_, case, false, func, or_, select, update
from sqlmodel import Session, col

from storage.engine import changed, insert_once
from storage.tables import (
    Conversation,
    ConversationState,
    KeptBy,
    OutboxItem,
    OutboxState,
    Promise,
    PromiseState,
    Refund,
)
from storage.tables import RefundState as Money

#: A text in one of these states has not reached the customer, and may still.
_HELD_UP = (OutboxState.FAILED, OutboxState.WITHDRAWN)
_ON_ITS_WAY = {Money.REQUESTED, Money.APPROVED}


@dataclass(frozen=True, slots=True)
class NewPromise:
    """One promise as it was made. `key` names it for good."""

    key: str
    sentence: str
    due_at: datetime
    whole_day: bool
    is_money: bool
    warn_at: datetime


@dataclass(frozen=True, slots=True)
class Settled:
    """What a newer answer has led to."""

    #: So many promises that were open are not any more.
    promises: int
    #: Until when the first of those was promised, at first, for which another day stands now.
    first_due_at: datetime | None = None


def note(
    session: Session,
    conversation_id: int,
    agent_id: int | None,
    new: NewPromise,
    now: datetime,
    first_due_at: datetime | None = None,
) -> int | None:
    """Keep a promise; its id, or None where it was noted before. `first_due_at` where it has been put off."""
    values = {
        "key": new.key,
        "conversation_id": conversation_id,
        "agent_id": agent_id,
        "sentence": new.sentence,
        "state": PromiseState.OPEN,
        "due_at": new.due_at,
        "whole_day": new.whole_day,
        "first_due_at": first_due_at,
        "is_money": new.is_money,
        "warn_at": new.warn_at,
        "created_at": now,
    }
    return insert_once(session, Promise, values, ["key"])


def settle_earlier(
    session: Session,
    conversation_id: int,
    now: datetime,
    *,
    but: Sequence[str] = (),
    moved: bool = False,
    about_money: bool = False,
) -> Settled:
    """A newer answer went: what was open is kept by it, or moved where it promises another day.

    Money that is on its way is kept by no words, and moved only where the newer promise is `about_money` too. What
    stood in a text that never reached the customer is withdrawn.
    """
    lost = _in_texts(_held_up(session, conversation_id))
    here = and_(
        col(Promise.conversation_id) == conversation_id,
        col(Promise.state) == PromiseState.OPEN,
        col(Promise.key).not_in(but),
    )
    if not about_money and money(session, conversation_id) & _ON_ITS_WAY:
        here = and_(here, or_(col(Promise.is_money).is_(False), lost))
    first = func.min(func.coalesce(col(Promise.first_due_at), col(Promise.due_at)))
    first_due_at = session.execute(select(first).where(here, ~lost)).scalar() if moved else None
    answered = PromiseState.REPLACED if moved else PromiseState.KEPT
    statement = (
        update(Promise)
        .where(here)
        .values(
            state=case((lost, PromiseState.WITHDRAWN.value), else_=answered.value),
            kept_by=None if moved else case((lost, None), else_=KeptBy.ANSWER.value),
            settled_at=now,
        )
    )
    settled = changed(session, statement.execution_options(synchronize_session="fetch"))
    return Settled(settled, first_due_at)


def _held_up(session: Session, conversation_id: int) -> list[str]:
    failed = select(col(OutboxItem.key)).where(
        col(OutboxItem.conversation_id) == conversation_id, col(OutboxItem.state).in_(_HELD_UP)
    )
    return list(session.execute(failed).scalars())


def _in_texts(keys: Sequence[str]) -> ColumnElement[bool]:
    return or_(false(), *(col(Promise.key).startswith(f"{key}#", autoescape=True) for key in keys))


def keep(
    session: Session, promise_id: int, now: datetime, by: KeptBy, agent_id: int | None = None
) -> Promise | None:
    """It has been kept; None where it was settled before. `agent_id` is who says so."""
    statement = (
        update(Promise)
        .where(col(Promise.id) == promise_id, col(Promise.state) == PromiseState.OPEN)
        .values(state=PromiseState.KEPT, settled_at=now, settled_by=agent_id, kept_by=by)
        .returning(Promise)
        .execution_options(synchronize_session=False, populate_existing=True)
    )
    return session.execute(statement).scalar_one_or_none()


def bring_back(session: Session, conversation_id: int, since: datetime) -> list[int]:
    """Open what only the end of the case has kept, since then: it is not over after all. Which those are."""
    statement = (
        update(Promise)
        .where(
            col(Promise.conversation_id) == conversation_id,
            col(Promise.state) == PromiseState.KEPT,
            col(Promise.kept_by) == KeptBy.CASE,
            col(Promise.settled_at) >= since,
        )
        .values(state=PromiseState.OPEN, settled_at=None, kept_by=None)
        .returning(col(Promise.id))
        .execution_options(synchronize_session="fetch")
    )
    return sorted(each for each in session.execute(statement).scalars() if each is not None)


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


def to_tell_of(
    session: Session, now: datetime, opens_at: datetime | None = None, limit: int = 100
) -> list[int]:
    """Open promises whose time to speak of has come, before they are due or after, and nobody has; soonest first.

    Not of those in a text that has not reached the customer. Nobody is there before `opens_at`: until then only of
    those that fall due before it.
    """
    near = (col(Promise.warn_at) <= now) & col(Promise.warned_at).is_(None) & (col(Promise.due_at) > now)
    broken = (col(Promise.due_at) <= now) & col(Promise.broken_at).is_(None)
    is_closed = opens_at is not None and opens_at > now
    unspoken = near & (col(Promise.due_at) <= opens_at) if is_closed else or_(near, broken)
    statement = (
        select(col(Promise.id), col(Promise.key))
        .where(col(Promise.state) == PromiseState.OPEN, unspoken)
        .order_by(col(Promise.due_at), col(Promise.id))
    )
    found = [(number, key) for number, key in session.execute(statement) if number]
    lost = _not_delivered(session, [key for _, key in found])
    return [number for number, key in found if key not in lost][:limit]


def of_agent(session: Session, agent_id: int, until: datetime) -> Sequence[tuple[Promise, Conversation]]:
    """Open promises due by then that a colleague gave, or whose case they have, soonest first.

    Not those in a text that has not reached the customer.
    """
    theirs = or_(col(Promise.agent_id) == agent_id, col(Conversation.agent_id) == agent_id)
    statement = (
        select(Promise, Conversation)
        .join(Conversation, col(Conversation.id) == col(Promise.conversation_id))
        .where(col(Promise.state) == PromiseState.OPEN, col(Promise.due_at) <= until, theirs)
        .order_by(col(Promise.due_at), col(Promise.id))
    )
    found = [(promise, conversation) for promise, conversation in session.execute(statement)]
    lost = _not_delivered(session, [promise.key for promise, _ in found])
    return [(promise, conversation) for promise, conversation in found if promise.key not in lost]


def _not_delivered(session: Session, keys: Sequence[str]) -> set[str]:
    """Of these promises the keys of those whose text has not reached the customer."""
    texts = {key: key.rpartition("#")[0] for key in keys}
    held_up = select(col(OutboxItem.key)).where(
        col(OutboxItem.key).in_(set(texts.values())), col(OutboxItem.state).in_(_HELD_UP)
    )
    lost = set(session.execute(held_up).scalars())
    return {key for key, text in texts.items() if text in lost}


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


def are_done(session: Session, conversation: Conversation) -> dict[int, KeptBy]:
    """Open promises of a conversation that hold without another word, and what keeps them.

    All where the case is resolved and no money of it is on its way; those about money where all of it has gone.
    """
    states = money(session, conversation.id or 0)
    moving = bool(states & _ON_ITS_WAY)
    resolved = conversation.state is ConversationState.RESOLVED and not moving
    paid = not moving and Money.SETTLED in states
    done = {}
    for each in open_of(session, conversation.id or 0):
        if paid and each.is_money:
            done[each.id or 0] = KeptBy.MONEY
        elif resolved and _resolved_since(conversation, each):
            done[each.id or 0] = KeptBy.CASE
    return done


def money(session: Session, conversation_id: int) -> set[Money]:
    """Where the money of a conversation is."""
    states = select(col(Refund.state)).where(col(Refund.conversation_id) == conversation_id)
    return set(session.execute(states).scalars())


def _resolved_since(conversation: Conversation, promise: Promise) -> bool:
    """A follow-up may promise something when the case is long resolved."""
    return conversation.resolved_at is not None and conversation.resolved_at >= promise.created_at
