"""A reply that waits for its seconds to pass, and what Send changed beside it: looked at, and put back exactly.

What Send changed is told as ids and states, from the rows before and after; a value that somebody has changed since
is left as it is.
"""

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import and_, delete, exists, func, select, update
from sqlmodel import Session, SQLModel, col

from storage import orders
from storage.engine import changed
from storage.tables import (
    CardState,
    Conversation,
    FollowUp,
    Message,
    OutboxItem,
    OutboxState,
    Promise,
    Refund,
    RefundState,
    StackedDraft,
    StoredFile,
    Suggestion,
)

#: Rows that are put back, with the columns that Send writes.
_CHANGED: Mapping[str, tuple[type[SQLModel], tuple[str, ...]]] = {
    "conversations": (
        Conversation,
        (
            "agent_id", "known_agent_id", "subject", "bala", "waiting_on", "first_answer_at", "answered_with_id",
            "state", "snoozed_until", "resolved_at",
        ),
    ),
    "suggestions": (Suggestion, ("state", "decided_at", "decided_by")),
    "promises": (Promise, ("state", "settled_at", "settled_by", "kept_by")),
    "follow_ups": (FollowUp, ("state", "cancelled_because")),
}  # fmt: skip
#: Rows that are deleted again.
_MADE: Mapping[str, type[SQLModel]] = {"messages": Message, "promises": Promise, "refunds": Refund}
Seen = dict[str, dict[int, dict[str, Any]]]


def look(session: Session, cases: Collection[int]) -> Seen:
    """The rows of these cases as Send may change them."""
    seen: Seen = {}
    for name, (table, columns) in _CHANGED.items():
        seen[name] = _rows(session, table, columns, cases)
    for name, table in _MADE.items():
        seen.setdefault(name, _rows(session, table, (), cases))
    return seen


def _rows(
    session: Session, table: Any, columns: Sequence[str], cases: Collection[int]
) -> dict[int, dict[str, Any]]:
    of_case: Any = table.id if table is Conversation else table.conversation_id
    chosen = select(table.id, *(getattr(table, each) for each in columns)).where(of_case.in_(cases))
    return {row[0]: dict(zip(columns, map(_told, row[1:]), strict=True)) for row in session.execute(chosen)}


def _told(value: Any) -> Any:
    if isinstance(value, StrEnum):
        return value.value
    return value.isoformat() if isinstance(value, datetime) else value


def difference(before: Seen, after: Seen) -> dict[str, Any]:
    """What has changed from one look to the next, to be stored: `changed` values and `made` rows."""
    values = [
        [name, number, column, before[name][number][column], value]
        for name in _CHANGED
        for number, row in after[name].items()
        if number in before[name]
        for column, value in row.items()
        if before[name][number][column] != value
    ]
    made = {name: sorted(set(after[name]) - set(before[name])) for name in _MADE}
    return {"changed": values, "made": made}


def take_rows(session: Session, keys: Collection[str]) -> bool:
    """Take effects back that nobody has begun to send: all of them, or False. Then the caller rolls back."""
    unsent = (
        col(OutboxItem.key).in_(keys),
        col(OutboxItem.state) == OutboxState.PENDING,
        col(OutboxItem.attempts) == 0,
    )
    gone = delete(OutboxItem).where(*unsent).execution_options(synchronize_session=False)
    return changed(session, gone) == len(keys)


def put_back(session: Session, journal: Mapping[str, Any], but: int) -> bool:
    """All as it was, but the draft `but`; False where money has gone on meanwhile. Then the caller rolls back."""
    made = journal["made"]
    if not _take_money(session, made["refunds"]):
        return False
    files = update(StoredFile).where(col(StoredFile.message_row_id).in_(made["messages"]))
    session.execute(files.values(message_row_id=None).execution_options(synchronize_session=False))
    for name in ("promises", "messages"):
        table: Any = _MADE[name]
        gone = delete(table).where(table.id.in_(made[name]))
        session.execute(gone.execution_options(synchronize_session=False))
    for name, number, column, before, after in journal["changed"]:
        if name == "suggestions" and (number == but or not _is_newest(session, number)):
            continue
        _restore(session, _CHANGED[name][0], number, column, before, after)
    session.expire_all()
    return True


def _take_money(session: Session, ids: Sequence[int]) -> bool:
    here = (col(Refund.id).in_(ids), col(Refund.state) == RefundState.APPROVED)
    found = list(session.execute(select(Refund).where(*here)).scalars())
    if len(found) != len(ids):
        return False
    for each in found:
        order_id = each.order_id if each.kind != orders.RELEASE else None
        session.delete(each)
        session.flush()
        if order_id is not None:
            orders.recount(session, order_id)
    return True


def _is_newest(session: Session, suggestion_id: int) -> bool:
    """A draft that was withdrawn with the reply comes back only where no newer one stands in its place."""
    mine = select(col(Suggestion.conversation_id)).where(col(Suggestion.id) == suggestion_id)
    newest = select(func.max(col(Suggestion.id))).where(
        col(Suggestion.conversation_id) == mine.scalar_subquery()
    )
    return session.execute(newest).scalar() == suggestion_id


def _restore(session: Session, table: Any, number: int, column: str, before: Any, after: Any) -> None:
    place = getattr(table, column)
    statement = (
        update(table)
        .where(table.id == number, place.is_not_distinct_from(_value(place, after)))
        .values({column: _value(place, before)})
        .execution_options(synchronize_session=False)
    )
    session.execute(statement)


def _value(place: Any, told: Any) -> Any:
    if not isinstance(told, str):
        return told
    kind = getattr(place.type, "enum_class", None)
    if kind is not None:
        return kind(told)
    return datetime.fromisoformat(told) if place.key.endswith(("_at", "_until")) else told


def open_drafts_on(session: Session, order_ids: Collection[int], since: datetime) -> list[int]:
    """Cases with a draft made since then that may tell of money on these orders."""
    statement = (
        select(col(Suggestion.conversation_id))
        .join(Conversation, col(Conversation.id) == col(Suggestion.conversation_id))
        .where(
            col(Conversation.order_id).in_(order_ids),
            col(Suggestion.state) == CardState.NEW,
            col(Suggestion.created_at) >= since,
        )
    )
    return sorted(session.execute(statement).scalars())


def waiting_in_stack(session: Session, stack_id: int) -> list[Suggestion]:
    """The drafts of a stack whose letters nobody has begun to send, and that can be taken back."""
    unsent = exists().where(
        col(OutboxItem.conversation_id) == col(Suggestion.conversation_id),
        col(OutboxItem.key).startswith("reply:", autoescape=True),
        col(OutboxItem.state) == OutboxState.PENDING,
        col(OutboxItem.attempts) == 0,
    )
    same = and_(
        col(StackedDraft.conversation_id) == col(Suggestion.conversation_id),
        col(StackedDraft.version) == col(Suggestion.version),
    )
    statement = (
        select(Suggestion)
        .join(StackedDraft, same)
        .where(col(StackedDraft.stack_id) == stack_id, col(Suggestion.state) == CardState.SENDING, unsent)
        .order_by(col(Suggestion.conversation_id))
    )
    # What went at once has nothing noted that could be put back.
    return [each for each in session.execute(statement).scalars() if each.undo]


def waiting_reply(session: Session, conversation_id: int) -> OutboxItem | None:
    """The newest reply of a case that nobody has begun to send."""
    here = (
        col(OutboxItem.conversation_id) == conversation_id,
        col(OutboxItem.key).startswith("reply:", autoescape=True),
        col(OutboxItem.state) == OutboxState.PENDING,
        col(OutboxItem.attempts) == 0,
    )
    newest = select(OutboxItem).where(*here).order_by(col(OutboxItem.id).desc()).limit(1)
    return session.execute(newest).scalar_one_or_none()


def untold_refunds(session: Session, conversation_id: int) -> set[int]:
    """Refunds that go with a reply which nobody has begun to send."""
    if waiting_reply(session, conversation_id) is None:
        return set()
    here = (
        col(OutboxItem.conversation_id) == conversation_id,
        col(OutboxItem.kind) == "refund",
        col(OutboxItem.state) == OutboxState.PENDING,
        col(OutboxItem.attempts) == 0,
        col(OutboxItem.due_at) > col(OutboxItem.created_at),
    )
    rows = session.execute(select(col(OutboxItem.payload)).where(*here)).scalars()
    return {int(each["refund_id"]) for each in rows}
