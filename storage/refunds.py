"""The ledger of money that goes back. One key, one refund; never more than was paid."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select, update
from sqlmodel import Session, col

from storage import orders
from storage.engine import insert_once
from storage.tables import Order, Refund, RefundState

#: Money that is set aside or gone.
LIVE = (RefundState.REQUESTED, RefundState.APPROVED, RefundState.SETTLED)


@dataclass(frozen=True, slots=True)
class Ask:
    """One refund somebody wants made."""

    key: str
    conversation_id: int
    order_id: int | None
    kind: str
    tier: str
    amount_minor: int
    currency: str
    needs_second_check: bool = False


class NothingLeft(Exception):
    """Less is left of what was paid than was asked for; nothing has changed."""


def add(session: Session, ask: Ask, agent_id: int, *, approved: bool, now: datetime) -> Refund | None:
    """Write it down and set its money aside; None when this refund is there already.

    Raises NothingLeft when the order has less left than that, or is in another currency.
    """
    values = {
        "key": ask.key,
        "conversation_id": ask.conversation_id,
        "order_id": ask.order_id,
        "kind": ask.kind,
        "tier": ask.tier,
        "amount_minor": ask.amount_minor,
        "currency": ask.currency,
        "state": RefundState.APPROVED if approved else RefundState.REQUESTED,
        "needs_second_check": ask.needs_second_check,
        "requested_by": agent_id,
        "decided_by": agent_id if approved else None,
        "decided_at": now if approved else None,
        "created_at": now,
    }
    # A savepoint: whoever catches NothingLeft and commits has no refund without money behind it.
    with session.begin_nested():
        refund_id = insert_once(session, Refund, values, ["key"])
        if refund_id is None:
            return None
        # A released reservation was never taken: it is not part of what was paid.
        order_id = None if ask.kind == orders.RELEASE else ask.order_id
        if order_id is not None and not orders.reserve(session, order_id, ask.amount_minor, ask.currency):
            raise NothingLeft(ask.key)
    return session.get(Refund, refund_id)


def by_key(session: Session, key: str) -> Refund | None:
    """The refund of that key."""
    return session.execute(select(Refund).where(col(Refund.key) == key)).scalar_one_or_none()


def of_conversation(session: Session, conversation_id: int) -> list[Refund]:
    """Its refunds, oldest first."""
    here = col(Refund.conversation_id) == conversation_id
    return list(session.execute(select(Refund).where(here).order_by(col(Refund.id))).scalars())


def live_on(session: Session, order_ids: Collection[int]) -> list[Refund]:
    """What is asked for, promised or sent on these orders, oldest first, in whatever case."""
    if not order_ids:
        return []
    here = (col(Refund.order_id).in_(order_ids), col(Refund.state).in_(LIVE))
    return list(session.execute(select(Refund).where(*here).order_by(col(Refund.id))).scalars())


def promised_elsewhere(session: Session, ask: Ask) -> Refund | None:
    """The same money of the same order, asked for, promised or sent in another case; the latest of them.

    The order is held until the transaction ends: of two cases that promise it at once the second sees the first.
    """
    if ask.order_id is None:
        return None
    session.get(Order, ask.order_id, with_for_update={"key_share": True}, populate_existing=True)
    same = [
        each
        for each in live_on(session, (ask.order_id,))
        if each.conversation_id != ask.conversation_id
        and (each.amount_minor, each.currency) == (ask.amount_minor, ask.currency)
        # Whether it is called the shipping or a refund, it is that money. A credit is a gift beside it.
        and (each.kind == "credit") == (ask.kind == "credit")
        and (each.kind == orders.RELEASE) == (ask.kind == orders.RELEASE)
    ]
    return same[-1] if same else None


def given_without_asking(session: Session, conversation_id: int, tier: str, currency: str) -> int:
    """What has been given of a tier in this case without a lead's yes, in the smallest unit.

    The caller holds the conversation's row, so that two colleagues at once cannot each use the whole limit.
    """
    own_word = (
        col(Refund.conversation_id) == conversation_id,
        col(Refund.tier) == tier,
        col(Refund.currency) == currency,
        col(Refund.decided_by) == col(Refund.requested_by),
        col(Refund.state).in_((RefundState.APPROVED, RefundState.SETTLED)),
    )
    return int(sum(session.execute(select(col(Refund.amount_minor)).where(*own_word)).scalars()))


def decide(session: Session, refund_id: int, agent_id: int, *, approve: bool, now: datetime) -> Refund | None:
    """A lead says yes or no, once; None when it was decided before. Nobody decides on their own request."""
    state = RefundState.APPROVED if approve else RefundState.DECLINED
    statement = (
        update(Refund)
        .where(
            col(Refund.id) == refund_id,
            col(Refund.state) == RefundState.REQUESTED,
            col(Refund.requested_by) != agent_id,
        )
        .values(state=state, decided_by=agent_id, decided_at=now)
        .returning(Refund)
        .execution_options(synchronize_session=False, populate_existing=True)
    )
    refund = session.execute(statement).scalar_one_or_none()
    if refund is not None and not approve:
        _free(session, refund)
    return refund


def settle(session: Session, refund_id: int, agent_id: int, *, done: bool, now: datetime) -> Refund | None:
    """A person moved the money, or could not; None when that was said before.

    A large restitution is checked by a second pair of eyes: then its requester cannot settle it.
    """
    second_pair = (~col(Refund.needs_second_check)) | (col(Refund.requested_by) != agent_id)
    statement = (
        update(Refund)
        .where(col(Refund.id) == refund_id, col(Refund.state) == RefundState.APPROVED, second_pair)
        .values(
            state=RefundState.SETTLED if done else RefundState.FAILED, settled_by=agent_id, settled_at=now
        )
        .returning(Refund)
        .execution_options(synchronize_session=False, populate_existing=True)
    )
    refund = session.execute(statement).scalar_one_or_none()
    if refund is not None and not done:
        _free(session, refund)
    return refund


def decided_since(session: Session, conversation_id: int, since: datetime) -> Refund | None:
    """The refund of a case on which a person decided last, from that time on: a yes, a no, or that it failed."""
    failed = (col(Refund.state) == RefundState.FAILED) & (col(Refund.settled_at) >= since)
    of_case = select(Refund).where(
        col(Refund.conversation_id) == conversation_id, (col(Refund.decided_at) >= since) | failed
    )
    decided = session.execute(of_case).scalars().all()
    return max(decided, key=lambda each: (each.settled_at or each.decided_at or since, each.id), default=None)


def _free(session: Session, refund: Refund) -> None:
    if refund.order_id is not None and refund.kind != orders.RELEASE:
        orders.recount(session, refund.order_id)
