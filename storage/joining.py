"""Two customers found to be one person: proposed, joined, refused, and parted again exactly as they were joined."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import and_, or_, select, update
from sqlalchemy.sql.elements import ColumnElement
from sqlmodel import Session, col

from storage import audit, knowledge, together
from storage.engine import changed
from storage.tables import (
    ConfirmedPerson,
    Consent,
    Conversation,
    Customer,
    CustomerAddress,
    CustomerNote,
    Join,
    JoinState,
    KnownField,
    Message,
    Order,
    ShopEvent,
    Strike,
    UnsubscribeLink,
)

#: Whose rows go over to the kept customer; files, drafts, refunds and follow-ups follow their conversation.
MOVED: tuple[Any, ...] = (
    CustomerAddress, Conversation, Message, Order, Strike, CustomerNote, Consent, ConfirmedPerson, UnsubscribeLink,
)  # fmt: skip


class CannotJoin(Exception):
    """The two cannot be joined or parted now; the text says why. Nothing has changed."""


def propose(session: Session, one_id: int, other_id: int, because: str, now: datetime) -> Join | None:
    """Ask a colleague whether two are one; None where that was asked, answered or undone before."""
    if one_id == other_id or session.execute(select(col(Join.id)).where(_between(one_id, other_id))).first():
        return None
    kept_id, gone_id = sorted((one_id, other_id))
    join = Join(kept_id=kept_id, gone_id=gone_id, state=JoinState.PROPOSED, because=because, proposed_at=now)
    session.add(join)
    session.flush()
    return join


def _between(one_id: int, other_id: int) -> ColumnElement[bool]:
    return or_(
        and_(col(Join.kept_id) == one_id, col(Join.gone_id) == other_id),
        and_(col(Join.kept_id) == other_id, col(Join.gone_id) == one_id),
    )


def was_parted(session: Session, one_id: int, other_id: int) -> bool:
    """Whether a colleague said that they are two, or undid their joining."""
    apart = col(Join.state).in_((JoinState.REFUSED, JoinState.UNDONE))
    return session.execute(select(col(Join.id)).where(_between(one_id, other_id), apart)).first() is not None


def proposals_of(session: Session, customer_id: int) -> list[Join]:
    """The open questions about a person, oldest first."""
    here = (
        or_(col(Join.kept_id) == customer_id, col(Join.gone_id) == customer_id),
        col(Join.state) == JoinState.PROPOSED,
    )
    rows = session.execute(select(Join).where(*here).order_by(col(Join.id))).scalars()
    return [each for each in rows if _both_there(session, each)]


def joined_to(session: Session, customer_id: int) -> list[Join]:
    """The joinings behind a person that can be undone, newest first."""
    here = (col(Join.kept_id) == customer_id, col(Join.state) == JoinState.JOINED)
    return list(session.execute(select(Join).where(*here).order_by(col(Join.id).desc())).scalars())


def _both_there(session: Session, join: Join) -> bool:
    pair = [session.get(Customer, each) for each in (join.kept_id, join.gone_id)]
    return all(each is not None and not each.erased_at and each.joined_to_id is None for each in pair)


def refuse(session: Session, join_id: int, agent_id: int, now: datetime) -> bool:
    """They are two persons; False when that was settled before."""
    statement = (
        update(Join)
        .where(col(Join.id) == join_id, col(Join.state) == JoinState.PROPOSED)
        .values(state=JoinState.REFUSED, decided_at=now, decided_by=agent_id)
    )
    if not changed(session, statement):
        return False
    audit.record(session, "joining_refused", now, agent_id=agent_id, subject_id=join_id)
    return True


def join(
    session: Session, kept_id: int, gone_id: int, because: str, now: datetime, *, agent_id: int | None = None
) -> Join:
    """Make two customers one: everything of `gone_id` becomes `kept_id`'s, and its row stays as a sign.

    Raises CannotJoin where one of them is forgotten, is joined to somebody already, or they are the same.
    """
    kept, gone = _held(session, kept_id, gone_id)
    if kept.joined_to_id is not None or gone.joined_to_id is not None:
        raise CannotJoin("One of them is joined to somebody already.")
    asked = session.execute(
        select(Join).where(_between(kept_id, gone_id), col(Join.state) == JoinState.PROPOSED)
    ).scalars()
    row = next(iter(asked), None) or Join(
        kept_id=kept_id, gone_id=gone_id, state=JoinState.JOINED, because=because, proposed_at=now
    )
    row.kept_id, row.gone_id, row.state = kept_id, gone_id, JoinState.JOINED
    row.decided_at, row.decided_by = now, agent_id
    row.moved = {table.__tablename__: _move(session, table, gone_id, kept_id) for table in MOVED}
    row.moved["shop_events"] = _move_events(session, kept_id, gone_id)
    row.moved |= _move_fields(session, kept_id, gone_id) | _take_over(kept, gone)
    settle_columns(session, kept)
    gone.joined_to_id = kept_id
    session.add_all((row, kept, gone))
    session.flush()
    audit.record(
        session, "customers_joined", now, agent_id=agent_id, subject_id=row.id, kept=kept_id, gone=gone_id
    )
    return row


def undo(session: Session, join_id: int, now: datetime, *, agent_id: int | None = None) -> Join:
    """Part them again: what was moved goes back, what came since stays with the kept customer. Raises CannotJoin."""
    row = session.get(Join, join_id, with_for_update=True, populate_existing=True)
    if row is None or row.state is not JoinState.JOINED:
        raise CannotJoin("These two are not joined.")
    kept, gone = _held(session, row.kept_id, row.gone_id)
    if gone.joined_to_id != row.kept_id or kept.joined_to_id is not None:
        raise CannotJoin("They were joined to somebody else since then: undo that first.")
    for table in (*MOVED, ShopEvent, KnownField):
        _put(session, table, row.moved.get(table.__tablename__) or [], row.kept_id, row.gone_id)
    for theirs, ours in row.moved.get("swapped_fields") or []:
        _swap(session, theirs, row.kept_id, ours, row.gone_id)
    _give_back(session, kept, gone, row.moved)
    gone.joined_to_id = None
    row.state, row.decided_at, row.decided_by = JoinState.UNDONE, now, agent_id
    session.add_all((row, kept, gone))
    session.flush()
    together.parted(session, (row.kept_id, row.gone_id), now)
    audit.record(
        session,
        "customers_parted",
        now,
        agent_id=agent_id,
        subject_id=row.id,
        kept=row.kept_id,
        gone=row.gone_id,
    )
    return row


def _held(session: Session, kept_id: int, gone_id: int) -> tuple[Customer, Customer]:
    """Both, held until the transaction ends, in the order of their ids so that two joinings never wait in a ring."""
    if kept_id == gone_id:
        raise CannotJoin("That is one and the same customer.")
    rows = select(Customer).where(col(Customer.id).in_((kept_id, gone_id))).order_by(col(Customer.id))
    locked = session.execute(rows.with_for_update().execution_options(populate_existing=True)).scalars()
    found = {each.id: each for each in locked}
    if len(found) < 2:
        raise CannotJoin("One of them is not here any more.")
    if any(each.erased_at for each in found.values()):
        raise CannotJoin("One of them has been forgotten on request.")
    return found[kept_id], found[gone_id]


def _move(session: Session, table: Any, from_id: int, to_id: int) -> list[int]:
    ids = list(
        session.execute(select(table.id).where(table.customer_id == from_id).order_by(table.id)).scalars()
    )
    _put(session, table, ids, from_id, to_id)
    return ids


def _put(session: Session, table: Any, ids: Sequence[int], from_id: int, to_id: int) -> None:
    values: dict[str, Any] = {"customer_id": to_id}
    if table is Conversation:
        # Whoever has read it decides anew: other facts belong to it now.
        values["version"] = Conversation.version + 1
    here = (table.id.in_(ids), table.customer_id == from_id)
    changed(
        session, update(table).where(*here).values(**values).execution_options(synchronize_session="fetch")
    )


def _move_events(session: Session, kept_id: int, gone_id: int) -> list[int]:
    """An event that both were told of stays where it is."""
    known = select(col(ShopEvent.key)).where(col(ShopEvent.customer_id) == kept_id)
    theirs = (col(ShopEvent.customer_id) == gone_id, col(ShopEvent.key).not_in(known))
    ids = [each for each in session.execute(select(col(ShopEvent.id)).where(*theirs)).scalars() if each]
    _put(session, ShopEvent, ids, gone_id, kept_id)
    return ids


def _move_fields(session: Session, kept_id: int, gone_id: int) -> dict[str, Any]:
    """Fields the kept customer lacks go over; of two of a name the one with the better source is kept's."""
    ours, theirs = knowledge.fields_of(session, kept_id), knowledge.fields_of(session, gone_id)
    moved = [each.id or 0 for name, each in theirs.items() if name not in ours]
    _put(session, KnownField, moved, gone_id, kept_id)
    swapped = []
    for name in ours.keys() & theirs.keys():
        mine, other = ours[name], theirs[name]
        newer = (other.source, other.known_at) != (mine.source, mine.known_at)
        if newer and knowledge.takes_its_place(
            name, (mine.source, mine.known_at), other.source, other.known_at
        ):
            _swap(session, other.id or 0, gone_id, mine.id or 0, kept_id)
            swapped.append([other.id, mine.id])
    return {"known_fields": moved, "swapped_fields": swapped}


def _swap(session: Session, first_id: int, first_owner: int, second_id: int, second_owner: int) -> None:
    """Exchange two fields of one name between two customers; neither may have two of a name even for a moment."""
    first, second = session.get(KnownField, first_id), session.get(KnownField, second_id)
    if first is None or second is None:
        return
    if (first.customer_id, second.customer_id) != (first_owner, second_owner):
        return
    name = first.name
    first.name = "~"
    session.flush()
    second.customer_id = first_owner
    session.flush()
    first.customer_id, first.name = second_owner, name
    session.flush()


def _take_over(kept: Customer, gone: Customer) -> dict[str, Any]:
    """What stands on the customer's own row; what is returned undoes it. No values: they are personal data."""
    filled = []
    for name in knowledge.ON_CUSTOMER:
        if not getattr(kept, name) and getattr(gone, name):
            setattr(kept, name, getattr(gone, name))
            filled.append(name)
    told: dict[str, Any] = {"filled": filled}
    if gone.since_at < kept.since_at:
        told["since_at"] = kept.since_at.isoformat()
        kept.since_at = gone.since_at
    if gone.no_follow_ups and not kept.no_follow_ups:
        # Who asked one of them for silence asked for all.
        told["no_follow_ups"] = True
        kept.no_follow_ups = True
    return told


def _give_back(session: Session, kept: Customer, gone: Customer, moved: dict[str, Any]) -> None:
    for name in moved.get("filled") or ():
        if getattr(kept, name) == getattr(gone, name):
            setattr(kept, name, "")
    if "since_at" in moved and kept.since_at == gone.since_at:
        kept.since_at = datetime.fromisoformat(moved["since_at"])
    if moved.get("no_follow_ups"):
        kept.no_follow_ups = False
    settle_columns(session, kept)
    settle_columns(session, gone)


def settle_columns(session: Session, customer: Customer) -> None:
    """Have the customer's own row say what the fields say, where there is one."""
    fields = knowledge.fields_of(session, customer.id or 0)
    for name in knowledge.ON_CUSTOMER:
        if name in fields:
            setattr(customer, name, fields[name].value)
