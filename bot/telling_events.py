"""Events of the shop -> drafts: one for each person concerned, before they write, all in one stack.

Nothing is sent by this. Whoever has written about it already is answered in the case they wrote in.
"""

import hashlib
import secrets
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any

from sqlmodel import Session

from bot.card_rows import Moved, add_suggestion, refresh_card, refresh_stack
from bot.drafting import Draft
from bot.event_drafting import INTENTS, Event, draft_event
from bot.event_outcomes import Outcome
from bot.event_places import Asked, where_they_asked
from bot.gathering import KnownOrder, Snapshot, of_conversation, of_customer
from bot.house import House
from bot.shop_events import Kind, Told, told_by_shop
from bot.speech import mark, say_to_all
from bot.stored_messages import as_incoming
from storage import audit, conversations, customers, orders, refunds, shop_events, stacks, together
from storage.customers import Door
from storage.tables import (
    AddressKind,
    Conversation,
    Customer,
    Direction,
    Message,
    Order,
    ShopEvent,
    WaitingOn,
)

#: The kind of refund that a letter of each kind may state.
_STATES = {Kind.DELAY: "shipping_refund", Kind.PRICE_DROP: "price_difference"}


@dataclass
class Delivery:
    """What is told together: nobody gets two letters of it."""

    seen: dict[tuple[str, int], tuple[Any, ...]] = field(default_factory=dict)


def tell_all(
    session: Session, house: House, told: Sequence[Told], delivery: Delivery, now: datetime
) -> list[Outcome]:
    """Draft what each person is to hear; what became of each. Raises Moved where a case changed meanwhile."""
    outcomes: list[Outcome] = []
    changed: set[int] = set()
    for each in told:
        outcome, stack_id = _tell(session, house, each, delivery, now)
        outcomes.append(outcome)
        changed |= {stack_id} if stack_id else set()
    for stack_id in sorted(changed):
        refresh_stack(session, stack_id, now)
    return outcomes


def _tell(
    session: Session, house: House, told: Told, delivery: Delivery, now: datetime
) -> tuple[Outcome, int | None]:
    found = _concerned(session, told)
    if isinstance(found, Outcome):
        return found, None
    customer, order = found
    assert customer.id is not None
    said = (told.kind, order.id if order else None, told.details, told.happened_at)
    before = delivery.seen.setdefault((told.key, customer.id), said)
    if before != said:
        return Outcome.TWICE, None
    together.hold_person(session, customer.id)
    known = shop_events.of_person(session, told.key, customer.id)
    if known is not None:
        return _again(session, house, told, known, order, now)
    return _first(session, house, told, customer, order, now)


def _concerned(session: Session, told: Told) -> tuple[Customer, Order | None] | Outcome:
    order = None
    if told.order_number:
        order = orders.by_number(session, told.order_number)
        if order is None or order.customer_id is None:
            return Outcome.UNKNOWN
    owner = session.get(Customer, order.customer_id) if order else None
    if owner is not None and owner.erased_at is not None:
        return Outcome.FORGOTTEN
    writer = customers.by_address(session, Door(AddressKind.EMAIL, told.email)) if told.email else None
    if told.email and writer is None:
        return Outcome.UNKNOWN
    known = [customers.kept(session, each) for each in (owner, writer) if each is not None]
    if len({each.id for each in known}) > 1:
        return Outcome.NOT_THEIRS
    if known[0].erased_at is not None:
        return Outcome.FORGOTTEN
    return known[0], order


# ---- For the first time -----------------------------------------------------------------------------------


def _first(
    session: Session, house: House, told: Told, customer: Customer, order: Order | None, now: datetime
) -> tuple[Outcome, int | None]:
    assert customer.id is not None
    asked = where_they_asked(session, customer.id, told.kind, order.id if order else None)
    address = "" if asked else told.email or customers.email_of(session, customer.id)
    if asked is None and (not address or customers.has_bounced(session, address)):
        return Outcome.UNREACHABLE, None
    draft = _draft(session, house, told, customer, order, asked, now)
    if draft is None:
        return Outcome.NOT_NEEDED, None
    if asked is None:
        case, message = _begin(session, told, customer, order, address, draft, now)
    else:
        case, message = asked.case, asked.message
        if not conversations.claim_version(session, case.id or 0, case.version):
            raise Moved
        case.order_id = case.order_id or (order.id if order else None)
        session.add(case)
    assert case.id is not None and message.id is not None
    event = ShopEvent(key=told.key, kind=told.kind.value, customer_id=customer.id, conversation_id=case.id,
                      happened_at=told.happened_at, told_at=now)  # fmt: skip
    _keep(session, event, told, order, now)
    stack_id = stacks.ensure(session, _stack_key(told.key), told.kind.value, told.happened_at, now)
    _stack(session, stack_id, case, message, draft, event, now, wrote_first=asked is not None)
    return Outcome.NEW, stack_id


def _stack_key(key: str) -> str:
    """The shop's own words for an event may name somebody."""
    return f"event:{hashlib.sha256(key.encode('utf-8', 'surrogateescape')).hexdigest()[:32]}"


def _keep(session: Session, event: ShopEvent, told: Told, order: Order | None, now: datetime) -> None:
    event.kind, event.order_id = told.kind.value, order.id if order else None
    event.details, event.happened_at = dict(told.details), told.happened_at
    event.told_at = told.updated_at or now
    session.add(event)
    session.flush()


def _begin(
    session: Session,
    told: Told,
    customer: Customer,
    order: Order | None,
    address: str,
    draft: Draft,
    now: datetime,
) -> tuple[Conversation, Message]:
    """A case of ours: nobody waits in it, and what the shop told us stands where a customer's words would."""
    assert customer.id is not None
    token = secrets.token_hex(12)
    case = Conversation(
        channel="email",
        customer_id=customer.id,
        waiting_on=WaitingOn.CUSTOMER,
        lane=f"{shop_events.LANE}{token}",
        reply_token=token,
        language=draft.decision.language,
        intent=INTENTS[told.kind],
        order_id=order.id if order else None,
        answer_to=address,
        opened_at=now,
        last_customer_message_at=now,
    )
    session.add(case)
    session.flush()
    assert case.id is not None
    words = say_to_all(told_by_shop(told.kind, told.details, told.happened_at))
    message = Message(
        conversation_id=case.id,
        direction=Direction.IN,
        text=words,
        reply=words,
        sender_name=customer.preferred_name,
        automatic="event",
        kind="event",
        at=now,
    )
    session.add(message)
    session.flush()
    return case, message


def _stack(
    session: Session,
    stack_id: int,
    case: Conversation,
    message: Message,
    draft: Draft,
    event: ShopEvent,
    now: datetime,
    *,
    wrote_first: bool,
) -> None:
    assert case.id is not None and message.id is not None
    suggestion = add_suggestion(session, case.id, message.id, draft, now)
    stacks.put(session, stack_id, case.id, suggestion.version, wrote_first=wrote_first, now=now)
    audit.record(
        session, "event_drafted", now, conversation_id=case.id, subject_id=event.id, wrote_first=wrote_first
    )
    if stacks.needs_card(session, stacks.rows_of(session, case.id), now):
        refresh_card(session, case.id, now)


# ---- Told again -------------------------------------------------------------------------------------------


def _again(
    session: Session, house: House, told: Told, known: ShopEvent, order: Order | None, now: datetime
) -> tuple[Outcome, int | None]:
    order_id = order.id if order else None
    if (known.kind, known.order_id, known.details, known.happened_at) == (
        told.kind.value, order_id, told.details, told.happened_at,
    ):  # fmt: skip
        return Outcome.SAME, None
    if known.told_at > (told.updated_at or now):
        return Outcome.OLDER, None
    case = session.get(Conversation, known.conversation_id or 0)
    stack_id = stacks.ensure(session, _stack_key(told.key), told.kind.value, told.happened_at, now)
    found = stacks.live(session, stack_id, 1, only=[case.id or 0], taken_out=True) if case else []
    if case is None or not found:
        return Outcome.TOO_LATE, None
    here = found[0]
    message = session.get_one(Message, here.suggestion.message_row_id)
    also = tuple(here.suggestion.context.get("also") or ())
    asked = Asked(case, message, also) if here.row.wrote_first else None
    customer = session.get_one(Customer, known.customer_id)
    draft = _draft(session, house, told, customer, order, asked, now)
    if not conversations.claim_version(session, case.id or 0, case.version):
        raise Moved
    _keep(session, known, told, order, now)
    if draft is None:
        conversations.withdraw_live(session, case.id or 0, now)
        refresh_card(session, case.id or 0, now)
        return Outcome.NOT_NEEDED, stack_id
    if asked is None:
        words = say_to_all(told_by_shop(told.kind, told.details, told.happened_at))
        message.text = message.reply = words
        case.order_id = order.id if order else None
        session.add_all((message, case))
    _stack(session, stack_id, case, message, draft, known, now, wrote_first=asked is not None)
    return Outcome.CHANGED, stack_id


# ---- The draft --------------------------------------------------------------------------------------------


def _draft(
    session: Session,
    house: House,
    told: Told,
    customer: Customer,
    order: Order | None,
    asked: Asked | None,
    now: datetime,
) -> Draft | None:
    snapshot = of_conversation(session, asked.case) if asked else of_customer(session, customer)
    known = _known(snapshot, order)
    event = Event(
        told.kind,
        told.happened_at,
        told.details,
        given_minor=_given(session, told.kind, order),
        also=asked.also if asked else (),
    )
    incoming = as_incoming(asked.message) if asked else None
    draft = draft_event(house, event, snapshot, known, now, incoming)
    if draft is not None and customer.no_follow_ups:
        quiet = mark("This customer asked for no follow-ups; this letter is about something of their own.")
        draft = replace(draft, hints=(quiet, *draft.hints))
    return draft


def _known(snapshot: Snapshot, order: Order | None) -> KnownOrder | None:
    return next((each for each in snapshot.orders if order is not None and each.id == order.id), None)


def _given(session: Session, kind: Kind, order: Order | None) -> int:
    """What was given back or promised on the order before, of the kind that this letter would state."""
    if order is None or order.id is None or kind not in _STATES:
        return 0
    live = refunds.live_on(session, [order.id])
    return sum(each.amount_minor for each in live if each.kind == _STATES[kind])
