"""Stacks: what stands in one, what can still be sent from there, and which cases need no card of their own."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, and_, delete, or_, select, update
from sqlmodel import Session, col

from storage import conversations, queue
from storage.engine import insert_once
from storage.tables import (
    ALIKE,
    CardState,
    Conversation,
    ConversationState,
    Direction,
    Message,
    Stack,
    StackedDraft,
    Suggestion,
)

#: Where a card is that nobody can send from a stack any more, though it was never pressed.
GONE = (CardState.DISMISSED, CardState.WITHDRAWN)


@dataclass(frozen=True, slots=True)
class Place:
    """A place in a stack's order: who has written comes first, then whoever was put there first."""

    wrote_first: bool
    id: int


@dataclass(frozen=True, slots=True)
class Live:
    """One draft that can be sent."""

    row: StackedDraft
    suggestion: Suggestion
    conversation: Conversation

    @property
    def place(self) -> Place:
        """Where it stands."""
        return Place(self.row.wrote_first, self.row.id or 0)


@dataclass(frozen=True, slots=True)
class Counts:
    """How a stack stands."""

    #: All that was ever put there.
    drafts: int = 0
    #: To be read and sent, and how many of those of customers who have written.
    waiting: int = 0
    have_written: int = 0
    #: Sent, or on their way.
    sent: int = 0
    #: On a card of their own.
    taken_out: int = 0
    #: Withdrawn or dismissed.
    gone: int = 0


def ensure(session: Session, key: str, kind: str, happened_at: datetime, now: datetime) -> int:
    """The stack of that key, made where there is none; its id."""
    values = {"key": key, "kind": kind, "happened_at": happened_at, "created_at": now}
    made = insert_once(session, Stack, values, ["key"])
    if made is not None:
        return made
    return int(session.execute(select(col(Stack.id)).where(col(Stack.key) == key)).scalar_one() or 0)


def put(
    session: Session, stack_id: int, conversation_id: int, version: int, *, wrote_first: bool, now: datetime
) -> None:
    """Put that version of a case's draft into the stack, instead of an earlier one."""
    values = {
        "stack_id": stack_id,
        "conversation_id": conversation_id,
        "version": version,
        "wrote_first": wrote_first,
        "stacked_at": now,
    }
    if insert_once(session, StackedDraft, values, ["stack_id", "conversation_id"]) is not None:
        return
    here = (col(StackedDraft.stack_id) == stack_id, col(StackedDraft.conversation_id) == conversation_id)
    session.execute(update(StackedDraft).where(*here).values(version=version))


def rows_of(session: Session, conversation_id: int) -> list[StackedDraft]:
    """Where a case stands in stacks."""
    here = select(StackedDraft).where(col(StackedDraft.conversation_id) == conversation_id)
    return list(session.execute(here.order_by(col(StackedDraft.stack_id))).scalars())


def needs_card(session: Session, rows: Sequence[StackedDraft], now: datetime) -> bool:
    """Whether a case with these rows has a card of its own: from now on, where something happened in it."""
    quiet = [each for each in rows if not each.wrote_first]
    if not quiet or any(each.taken_out_at is not None for each in quiet):
        return True
    newest = conversations.latest_suggestion(session, quiet[0].conversation_id)
    highest = max(each.version for each in quiet)
    if newest is not None and newest.version <= highest and newest.state is not CardState.FAILED:
        return False
    take_out(session, quiet[0].conversation_id, now)
    return True


def take_out(session: Session, conversation_id: int, now: datetime) -> bool:
    """Give a case a card of its own; False when it had one already."""
    here = (
        col(StackedDraft.conversation_id) == conversation_id,
        col(StackedDraft.taken_out_at).is_(None),
        col(StackedDraft.wrote_first).is_(False),
    )
    marked = update(StackedDraft).where(*here).values(taken_out_at=now).returning(col(StackedDraft.id))
    return bool(session.execute(marked).scalars().all())


def follow(session: Session, conversation_id: int, version: int, newer: int) -> None:
    """The same draft stands there as a newer version: it is where it was in its stacks."""
    here = (col(StackedDraft.conversation_id) == conversation_id, col(StackedDraft.version) == version)
    moved = update(StackedDraft).where(*here).values(version=newer)
    session.execute(moved.execution_options(synchronize_session="fetch"))


def _joined(*columns: Any) -> Any:
    same = and_(
        col(Suggestion.conversation_id) == col(StackedDraft.conversation_id),
        col(Suggestion.version) == col(StackedDraft.version),
    )
    return select(*columns).join(Suggestion, same)


def live(
    session: Session,
    stack_id: int,
    limit: int,
    *,
    after: Place | None = None,
    only: Sequence[int] = (),
    taken_out: bool = False,
) -> list[Live]:
    """The next drafts that can be sent, behind a place; or those of some cases, also ones that were taken out."""
    statement = (
        _joined(StackedDraft, Suggestion, Conversation)
        .join(Conversation, col(Conversation.id) == col(StackedDraft.conversation_id))
        .join(Stack, col(Stack.id) == col(StackedDraft.stack_id))
        .where(
            col(StackedDraft.stack_id) == stack_id,
            *([] if taken_out else [col(StackedDraft.taken_out_at).is_(None)]),
            col(Suggestion.state) == CardState.NEW,
            _is_for_anybody(),
        )
        .order_by(col(StackedDraft.wrote_first).desc(), col(StackedDraft.id))
        .limit(limit)
    )
    if only:
        statement = statement.where(col(StackedDraft.conversation_id).in_(only))
    if after is not None:
        later = [and_(col(StackedDraft.wrote_first).is_(after.wrote_first), col(StackedDraft.id) > after.id)]
        later += [col(StackedDraft.wrote_first).is_(False)] if after.wrote_first else []
        statement = statement.where(or_(*later))
    return [Live(*row) for row in session.execute(statement)]


def _is_for_anybody() -> ColumnElement[bool]:
    """Answers to customers are sent from a stack while nobody has the case; what we write first always is."""
    return or_(col(Stack.kind) != ALIKE, queue.waits_for_anybody())


def counts(session: Session, stack_id: int) -> Counts:
    """How it stands now."""
    states = (
        _joined(
            col(StackedDraft.taken_out_at),
            col(StackedDraft.wrote_first),
            col(Suggestion.state),
            col(Stack.kind),
            _is_for_anybody(),
        )
        .join(Conversation, col(Conversation.id) == col(StackedDraft.conversation_id))
        .join(Stack, col(Stack.id) == col(StackedDraft.stack_id))
        .where(col(StackedDraft.stack_id) == stack_id)
    )
    found: Counter[str] = Counter()
    for taken_out_at, wrote_first, state, kind, for_anybody in session.execute(states):
        found["drafts"] += 1
        if state in (CardState.SENDING, CardState.SENT):
            found["sent"] += 1
        # A customer who writes again has a newer draft: on their own card, unless that is alike too.
        elif state in (GONE if kind != ALIKE else (CardState.DISMISSED,)):
            found["gone"] += 1
        elif taken_out_at is not None or state is not CardState.NEW or not for_anybody:
            found["taken_out"] += 1
        else:
            found["waiting"] += 1
            found["have_written"] += wrote_first
    return Counts(**found)


def sent_to(session: Session, stack_id: int, customer_id: int) -> bool:
    """Whether this person got a letter of this stack already, in whatever case."""
    statement = (
        _joined(col(StackedDraft.id))
        .join(Conversation, col(Conversation.id) == col(StackedDraft.conversation_id))
        .where(
            col(StackedDraft.stack_id) == stack_id,
            col(Conversation.customer_id) == customer_id,
            col(Suggestion.state).in_((CardState.SENDING, CardState.SENT)),
        )
    )
    return session.execute(statement.limit(1)).first() is not None


def drafts_to(session: Session, customer_id: int) -> list[StackedDraft]:
    """Drafts to a person who has not written: in cases that we began, and that hold no word of theirs."""
    statement = (
        _joined(StackedDraft)
        .join(Conversation, col(Conversation.id) == col(StackedDraft.conversation_id))
        .where(
            col(Conversation.customer_id) == customer_id,
            col(StackedDraft.wrote_first).is_(False),
            col(Suggestion.state) == CardState.NEW,
        )
        .order_by(col(StackedDraft.conversation_id))
    )
    return list(session.execute(statement).scalars())


def close(session: Session, case: Conversation, now: datetime) -> None:
    """Nothing is left to do in a case that we began, until the customer answers."""
    case.state, case.resolved_at = ConversationState.RESOLVED, now
    case.version += 1
    session.add(case)


def has_spoken(session: Session, conversation_id: int) -> bool:
    """Whether a person wrote to us in this case."""
    here = (
        col(Message.conversation_id) == conversation_id,
        col(Message.direction) == Direction.IN,
        col(Message.automatic).is_(None),
    )
    return session.execute(select(col(Message.id)).where(*here).limit(1)).first() is not None


def of_conversations(session: Session, conversation_ids: Sequence[int]) -> list[int]:
    """The stacks in which these cases stand."""
    here = select(col(StackedDraft.stack_id)).where(col(StackedDraft.conversation_id).in_(conversation_ids))
    return sorted(set(session.execute(here).scalars()))


def forget(session: Session, conversation_ids: Sequence[int]) -> None:
    """Take cases out of every stack for good; a stack in which nothing is left goes too."""
    touched = of_conversations(session, conversation_ids)
    quiet = {"synchronize_session": False}
    gone = delete(StackedDraft).where(col(StackedDraft.conversation_id).in_(conversation_ids))
    session.execute(gone.execution_options(**quiet))
    left = select(col(StackedDraft.stack_id)).where(col(StackedDraft.stack_id).in_(touched))
    empty = delete(Stack).where(col(Stack.id).in_(touched), col(Stack.id).not_in(left))
    session.execute(empty.execution_options(**quiet))


def leave_to_cards(session: Session, stack_id: int, now: datetime) -> list[int]:
    """Cases of customers who have written are answered on their own cards from now on; which."""
    here = (
        col(StackedDraft.stack_id) == stack_id,
        col(StackedDraft.wrote_first).is_(True),
        col(StackedDraft.taken_out_at).is_(None),
    )
    left = update(StackedDraft).where(*here).values(taken_out_at=now)
    return sorted(session.execute(left.returning(col(StackedDraft.conversation_id))).scalars())
