"""One valid object of each kind; every field can be replaced by keyword.

A builder that takes a session stores what it builds and flushes it, so that it has an id; the others only build.
"""

from datetime import UTC, datetime, timedelta
from itertools import count
from typing import Any, TypeVar

from sqlmodel import Session

from bot.messages import Channel, IncomingMessage
from storage import customers, inbox, orders, refunds
from storage.tables import (
    AddressKind,
    Agent,
    CardState,
    Conversation,
    Customer,
    Direction,
    FollowUp,
    FollowUpState,
    Message,
    PaymentKind,
    Role,
    ShipmentStatus,
    Suggestion,
)

#: A Monday, 10:00 in Copenhagen.
NOW = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
MINUTE = timedelta(minutes=1)

Row = TypeVar("Row")

_numbers = count(1)


def customer(session: Session, email: str = "", **fields: Any) -> Customer:
    """Mette, who writes from `email`, by default an address of her own."""
    given: dict[str, Any] = {
        "preferred_name": "Mette",
        "language": "da",
        "country": "DK",
        "since_at": NOW - timedelta(days=400),
        "created_at": NOW,
    }
    stored = _store(session, Customer(**(given | fields)))
    door = customers.Door(AddressKind.EMAIL, email or f"mette{next(_numbers)}@example.dk")
    customers.add_address(session, identity(stored), door, source="mail", now=NOW)
    return stored


def agent(session: Session, role: Role = Role.AGENT, **fields: Any) -> Agent:
    """A colleague; give the role of a lead or a manager where it matters."""
    given: dict[str, Any] = {
        "slack_user_id": f"U{next(_numbers):08}",
        "name": "Freja",
        "role": role,
        "created_at": NOW,
    }
    return _store(session, Agent(**(given | fields)))


def conversation(session: Session, **fields: Any) -> Conversation:
    """An open mail case of a customer of its own, unless `customer_id` says whose it is."""
    number = next(_numbers)
    given: dict[str, Any] = {
        "channel": "email",
        "subject": "Betalt to gange",
        "lane": f"mail:root{number}@example.dk",
        "reply_token": f"token{number:08}",
        "language": "da",
        "intent": "double_charge",
        "mailbox": "hej@lampehuset.example",
        "answer_to": "mette@example.dk",
        "opened_at": NOW,
        "last_customer_message_at": NOW,
    }
    if "customer_id" not in fields:
        given["customer_id"] = customer(session).id
    return _store(session, Conversation(**(given | fields)))


def message(session: Session, case: Conversation, **fields: Any) -> Message:
    """A customer's mail in that conversation."""
    number = next(_numbers)
    given: dict[str, Any] = {
        "conversation_id": case.id,
        "direction": Direction.IN,
        "message_id": f"m{number}@example.dk",
        "body_hash": f"{number:064x}",
        "text": "Hej, jeg er blevet trukket to gange for ordre 10432.",
        "reply": "Hej, jeg er blevet trukket to gange for ordre 10432.",
        "sender_name": "Mette",
        "customer_id": case.customer_id,
        "authentication": "pass",
        "at": NOW,
    }
    return _store(session, Message(**(given | fields)))


def suggestion(
    session: Session, case: Conversation, answers: Message | None = None, **fields: Any
) -> Suggestion:
    """The first card of that conversation, not pressed yet; it answers a message of its own by default."""
    given: dict[str, Any] = {
        "conversation_id": case.id,
        "message_row_id": (answers or message(session, case)).id,
        "version": 1,
        "state": CardState.NEW,
        "rule": "give_back_double_charge",
        "intent": "double_charge",
        "situation": "granted",
        "template": "reply/double_charge_granted",
        "language": "da",
        "subject": "Betalt to gange",
        "text": "Hej Mette, jeg betaler 499 kr. tilbage til dig i dag.",
        "created_at": NOW,
    }
    return _store(session, Suggestion(**(given | fields)))


def follow_up(case: Conversation, signer: Agent, **fields: Any) -> FollowUp:
    """A scheduled follow-up, due in two days; not stored."""
    given: dict[str, Any] = {
        "conversation_id": case.id,
        "agent_id": signer.id,
        "kind": "money_arrived",
        "state": FollowUpState.SCHEDULED,
        "due_at": NOW + timedelta(days=2),
        "why": "the refund should be on the account by then",
        "language": "da",
        "text": "Hej Mette, er pengene kommet?",
        "approved_at": NOW,
        "created_at": NOW,
    }
    return FollowUp(**(given | fields))


def order_record(**fields: Any) -> orders.OrderRecord:
    """A lamp at 499 kr. with 49 kr. for shipping, paid once and delivered."""
    given: dict[str, Any] = {
        "number": "10432",
        "email": "mette@example.dk",
        "name": "Mette",
        "language": "da",
        "currency": "DKK",
        "country": "DK",
        "placed_at": NOW - timedelta(days=6),
        "lines": (orders.Line("item", "Lampe Nord", 49_900), orders.Line("shipping", "Fragt", 4_900)),
        "movements": (movement(54_800),),
        "parcels": (
            orders.Parcel("PostNord", "PN1", ShipmentStatus.DELIVERED, delivered_at=NOW - timedelta(days=3)),
        ),
    }
    return orders.OrderRecord(**(given | fields))


def movement(
    amount_minor: int, kind: PaymentKind = PaymentKind.CAPTURE, reference: str = ""
) -> orders.Movement:
    """Money that moved when the order was placed; a provider's reference of its own by default."""
    return orders.Movement(
        kind, reference or f"pay{next(_numbers)}", amount_minor, happened_at=NOW - timedelta(days=6)
    )


def order(session: Session, paid_minor: int = 54_800, **fields: Any) -> int:
    """Store an order on which `paid_minor` was captured; its id."""
    given: dict[str, Any] = {"number": f"{10_000 + next(_numbers)}", "movements": (movement(paid_minor),)}
    return orders.keep(session, order_record(**(given | fields)), NOW)


def ask(case: Conversation, order_id: int | None, **fields: Any) -> refunds.Ask:
    """A refund of 499 kr. that somebody wants made, with a key of its own by default."""
    given: dict[str, Any] = {
        "key": f"refund-key-{next(_numbers)}",
        "conversation_id": case.id,
        "order_id": order_id,
        "kind": "refund",
        "tier": "A",
        "amount_minor": 49_900,
        "currency": "DKK",
    }
    return refunds.Ask(**(given | fields))


def arrived(message_id: str = "", **fields: Any) -> inbox.Arrived:
    """A mail as it came in, before anybody has read it."""
    number = next(_numbers)
    given: dict[str, Any] = {
        "source": "mail:hej@lampehuset.example",
        "external_id": f"{number:064x}",
        "kind": "mail",
        "raw": b"From: mette@example.dk\r\n\r\nHej\r\n",
        "message_id": message_id or f"m{number}@example.dk",
    }
    return inbox.Arrived(**(given | fields))


def incoming(
    text: str = "Hej, jeg er blevet trukket to gange for ordre 10432.", **fields: Any
) -> IncomingMessage:
    """A customer's mail as the reader hands it over."""
    number = next(_numbers)
    given: dict[str, Any] = {
        "channel": Channel.EMAIL,
        "message_id": f"m{number}@example.dk",
        "sender": "mette@example.dk",
        "sender_name": "Mette Hansen",
        "subject": "Betalt to gange",
        "text": text,
        "reply": text,
        "sent_at": NOW,
        "to": ("hej@lampehuset.example",),
        "authentication": "pass",
        "body_hash": f"{number:064x}",
    }
    return IncomingMessage(**(given | fields))


def identity(row: Any) -> int:
    """The id of a stored row."""
    assert isinstance(row.id, int)
    return row.id


def _store(session: Session, row: Row) -> Row:
    session.add(row)
    session.flush()
    return row
