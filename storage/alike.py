"""Open drafts that may be about the same thing, and the stacks of those that are."""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, exists, func, select, update
from sqlmodel import Session, col

from storage import queue, stacks
from storage.tables import (
    ALIKE,
    CardState,
    Conversation,
    Direction,
    Message,
    OrderLine,
    Shipment,
    Stack,
    StackedDraft,
    Suggestion,
)

#: More open drafts of one letter than this are not looked through for others like a new one.
MOST_SEEN = 500


@dataclass(frozen=True, slots=True)
class Waiting:
    """One draft that waits to be sent in a case that nobody has taken, with what can tell what it is about."""

    suggestion: Suggestion
    conversation: Conversation
    message: Message
    #: How every message of the case was understood, the oldest first.
    readings: list[dict[str, Any]] = field(default_factory=list)
    #: Of the order that the case is about.
    carriers: tuple[str, ...] = ()
    products: tuple[str, ...] = ()
    answered_before: bool = False


def hold(session: Session, template: str) -> None:
    """Until the transaction ends, drafts of that letter are written down one after the other: the last sees them all.

    To be held before anything else is.
    """
    if session.get_bind().dialect.name == "postgresql":
        digest = hashlib.sha256(f"alike:{template}".encode()).digest()
        number = int.from_bytes(digest[:8], "big", signed=True)
        session.execute(select(func.pg_advisory_xact_lock(number)))


def waiting(
    session: Session,
    *,
    only: int | None = None,
    like: Suggestion | None = None,
    since: datetime | None = None,
) -> list[Waiting]:
    """The draft of that case; or the younger ones with the letter of `like` in no stack, the oldest first."""
    statement = (
        select(Suggestion, Conversation, Message)
        .join(Conversation, col(Conversation.id) == col(Suggestion.conversation_id))
        .join(Message, col(Message.id) == col(Suggestion.message_row_id))
        # At most one version of a case is new, and it is the newest that can be pressed.
        .where(
            col(Suggestion.state) == CardState.NEW,
            col(Message.automatic).is_(None),
            queue.waits_for_anybody(),
        )
        .order_by(col(Conversation.id))
        .limit(MOST_SEEN)
    )
    if only is not None:
        statement = statement.where(col(Conversation.id) == only)
    if like is not None:
        stacked = exists().where(col(StackedDraft.conversation_id) == col(Conversation.id))
        statement = statement.where(
            col(Suggestion.intent) == like.intent,
            col(Suggestion.situation) == like.situation,
            col(Suggestion.template) == like.template,
            ~stacked,
        )
    if since is not None:
        statement = statement.where(col(Suggestion.created_at) >= since)
    rows = [(row[0], row[1], row[2]) for row in session.execute(statement)]
    return _with_facts(session, rows)


def _with_facts(session: Session, rows: Sequence[tuple[Suggestion, Conversation, Message]]) -> list[Waiting]:
    cases = [case.id or 0 for _, case, _ in rows]
    ordered = [case.order_id for _, case, _ in rows if case.order_id is not None]
    readings: dict[int, list[dict[str, Any]]] = {}
    said = (
        select(col(Suggestion.conversation_id), col(Suggestion.reading))
        .where(col(Suggestion.conversation_id).in_(cases))
        .order_by(col(Suggestion.version))
    )
    for case_id, reading in session.execute(said):
        readings.setdefault(case_id, []).append(reading)
    here = (col(Message.conversation_id).in_(cases), col(Message.direction) == Direction.OUT)
    answered = set(session.execute(select(col(Message.conversation_id)).where(*here)).scalars())
    carriers = _names(session, Shipment.order_id, Shipment.carrier, ordered)
    products = _names(session, OrderLine.order_id, OrderLine.name, ordered, col(OrderLine.kind) == "item")
    return [
        Waiting(
            suggestion,
            case,
            message,
            readings.get(case.id or 0, []),
            carriers.get(case.order_id or 0, ()),
            products.get(case.order_id or 0, ()),
            case.id in answered,
        )
        for suggestion, case, message in rows
    ]


def _names(
    session: Session, order_id: Any, name: Any, ordered: Sequence[int], *more: ColumnElement[bool]
) -> dict[int, tuple[str, ...]]:
    found: dict[int, tuple[str, ...]] = {}
    here = select(col(order_id), col(name)).where(col(order_id).in_(ordered), *more).distinct()
    for order, called in session.execute(here):
        if called:
            found[order] = (*found.get(order, ()), called)
    return found


def current(session: Session, prefix: str, since: datetime) -> int | None:
    """The newest stack whose key begins so, that nobody put aside and that something joined since then."""
    latest = select(func.max(col(StackedDraft.stacked_at))).where(col(StackedDraft.stack_id) == col(Stack.id))
    statement = (
        select(col(Stack.id))
        .where(
            col(Stack.key).startswith(prefix, autoescape=True),
            col(Stack.closed_at).is_(None),
            latest.scalar_subquery() >= since,
        )
        .order_by(col(Stack.id).desc())
        .limit(1)
    )
    return session.execute(statement).scalar()


def make(
    session: Session, key: str, intent: str, tie: str, cause: str, happened_at: datetime, now: datetime
) -> int:
    """The stack of that key, made where there is none; its id."""
    stack_id = stacks.ensure(session, key, ALIKE, happened_at, now)
    named = update(Stack).where(col(Stack.id) == stack_id).values(intent=intent, tie=tie, cause=cause)
    session.execute(named.execution_options(synchronize_session=False))
    return stack_id


def close(session: Session, stack_id: int, now: datetime) -> None:
    """Nothing joins it any more."""
    closing = update(Stack).where(col(Stack.id) == stack_id).values(closed_at=now)
    session.execute(closing.execution_options(synchronize_session="fetch"))


def standing_in(session: Session, conversation_id: int) -> int | None:
    """The stack of alike drafts from which this case's draft can be sent just now."""
    here = (
        select(col(Stack.id))
        .join(StackedDraft, col(StackedDraft.stack_id) == col(Stack.id))
        .where(col(StackedDraft.conversation_id) == conversation_id, col(Stack.kind) == ALIKE)
    )
    found = session.execute(here.order_by(col(Stack.id))).scalars()
    return next(
        (each for each in found if each and stacks.live(session, each, 1, only=[conversation_id])), None
    )


def take_out(session: Session, conversation_id: int, now: datetime) -> bool:
    """Have a case answered on its own card from now on; False where it stands in no such stack."""
    alike = select(col(Stack.id)).where(col(Stack.kind) == ALIKE)
    here = (
        col(StackedDraft.conversation_id) == conversation_id,
        col(StackedDraft.stack_id).in_(alike),
        col(StackedDraft.taken_out_at).is_(None),
    )
    marked = update(StackedDraft).where(*here).values(taken_out_at=now).returning(col(StackedDraft.id))
    return bool(session.execute(marked).scalars().all())
