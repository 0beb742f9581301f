"""Everything we hold about one person, readable: for an answer to a request for access, and for taking along."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from enum import StrEnum
from typing import Any

from babel.numbers import get_currency_precision
from sqlalchemy import or_, select
from sqlmodel import Session, SQLModel, col

from bot.files import safe_name
from bot.records.arrivals import wrote
from storage import erasing_traffic, persons
from storage.erasing_traffic import Arrival
from storage.persons import WholePerson
from storage.tables import (
    Agent,
    Consent,
    Conversation,
    Customer,
    CustomerAddress,
    CustomerNote,
    FeedbackAnswer,
    FollowUp,
    Join,
    KnownField,
    Message,
    Order,
    OrderLine,
    Payment,
    Promise,
    Refund,
    Shipment,
    ShopEvent,
    StackedDraft,
    StoredFile,
    Strike,
    Suggestion,
)

#: What is ours alone: keys, bytes, and how things hang together.
NOT_TOLD = frozenset(
    {
        "lane",
        "reply_token",
        "version",
        "body_hash",
        "content",
        "preview",
        "sha256",
        "passed",
        "key",
        "moved",
        "speaks_for",
        "stands_alone",
        "undo",
        "kept_files",
        "with_house_file",
    }
)


@dataclass(frozen=True, slots=True)
class Everything:
    """One person's records: rows by kind, in an order to be read, and the files that go with them."""

    customer_id: int
    person: dict[str, Any]
    tables: dict[str, list[dict[str, Any]]]
    #: Name in the export, and content.
    files: list[tuple[str, bytes]]


def everything(session: Session, customer_id: int) -> Everything:
    """Gather it all; joined persons count as one."""
    person = persons.whole(session, customer_id)
    cases = [each.id or 0 for each in persons.conversations_of(session, person)]
    names = {each.id: each.name for each in session.execute(select(Agent)).scalars()}

    def told(table: Any, where: Any) -> list[dict[str, Any]]:
        rows = session.execute(select(table).where(where).order_by(table.id)).scalars()
        return [_told(each, names) for each in rows]

    mine = {
        "addresses": told(CustomerAddress, col(CustomerAddress.customer_id).in_(person.ids)),
        "fields": told(KnownField, col(KnownField.customer_id).in_(person.ids)),
        "consents": told(Consent, col(Consent.customer_id).in_(person.ids)),
        "notes": told(CustomerNote, col(CustomerNote.customer_id).in_(person.ids)),
        "strikes": told(Strike, col(Strike.customer_id).in_(person.ids)),
        "shop_events": told(ShopEvent, col(ShopEvent.customer_id).in_(person.ids)),
        "joinings": told(Join, or_(col(Join.kept_id).in_(person.ids), col(Join.gone_id).in_(person.ids))),
        "conversations": told(Conversation, col(Conversation.id).in_(cases)),
        "messages": told(
            Message, or_(col(Message.conversation_id).in_(cases), col(Message.customer_id).in_(person.ids))
        ),
        "drafts": told(Suggestion, col(Suggestion.conversation_id).in_(cases)),
        "places_in_stacks": told(StackedDraft, col(StackedDraft.conversation_id).in_(cases)),
        "follow_ups": told(FollowUp, col(FollowUp.conversation_id).in_(cases)),
        "promises": told(Promise, col(Promise.conversation_id).in_(cases)),
        "answers_to_follow_ups": told(FeedbackAnswer, col(FeedbackAnswer.conversation_id).in_(cases)),
    }
    mine |= _money(person, cases, told)
    files = _files(session, person, cases)
    mine["files"] = [line for line, _ in files]
    enclosed = [(line["kept_as"], content) for line, content in files if line["kept_as"]]
    customer = session.get_one(Customer, person.id)
    return Everything(person.id, _told(customer, names), mine, [*enclosed, *_mails(session, person)])


def _money(person: WholePerson, cases: list[int], told: Any) -> dict[str, Any]:
    orders = select(col(Order.id)).where(col(Order.customer_id).in_(person.ids))
    found = {
        "orders": told(Order, col(Order.id).in_(orders)),
        "order_lines": told(OrderLine, col(OrderLine.order_id).in_(orders)),
        "payments": told(Payment, col(Payment.order_id).in_(orders)),
        "parcels": told(Shipment, col(Shipment.order_id).in_(orders)),
        "refunds": told(
            Refund, or_(col(Refund.conversation_id).in_(cases), col(Refund.order_id).in_(orders))
        ),
    }
    of_order = {each["id"]: each for each in found["orders"]}
    for kind in ("order_lines", "payments", "parcels", "refunds"):
        for row in found[kind]:
            order = of_order.get(row["order_id"], {})
            row["order_number"] = order.get("number")
            row.setdefault("currency", order.get("currency"))
    for rows in found.values():
        for row in rows:
            _name_amounts(row)
    return found


def _name_amounts(row: dict[str, Any]) -> None:
    """Amounts as people write them, beside their currency."""
    if not row.get("currency"):
        return
    for key in [each for each in row if each.endswith("_minor") and row[each] is not None]:
        digits = get_currency_precision(row["currency"])
        row[key.removesuffix("_minor")] = str(Decimal(row.pop(key)).scaleb(-digits))


def _files(session: Session, person: WholePerson, cases: list[int]) -> list[tuple[dict[str, Any], bytes]]:
    theirs = select(col(Message.id)).where(col(Message.customer_id).in_(person.ids))
    mine = or_(col(StoredFile.conversation_id).in_(cases), col(StoredFile.message_row_id).in_(theirs))
    found = []
    for row in session.execute(select(StoredFile).where(mine).order_by(col(StoredFile.id))).scalars():
        name = f"files/{row.id}-{safe_name(row.name, row.type)}" if row.content else ""
        found.append((_told(row, {}) | {"kept_as": name}, row.content))
    return found


def _mails(session: Session, person: WholePerson) -> Iterable[tuple[str, bytes]]:
    """What came in from them as it came, while it is kept."""

    def named(arrival: Arrival) -> str:
        return f"as_it_came/{arrival.id}.{'json' if arrival.kind == 'slack' else 'eml'}"

    return [
        (named(each), each.raw) for each in erasing_traffic.naming(session, person) if wrote(each, person)
    ]


def _told(row: SQLModel, names: dict[int | None, str]) -> dict[str, Any]:
    values = {}
    for key, value in row.model_dump(exclude=set(NOT_TOLD)).items():
        values[key] = _plain(value)
        if key in ("agent_id", "decided_by", "requested_by", "settled_by") and value is not None:
            values[key.removesuffix("_id")] = names.get(values.pop(key), "a colleague")
    return values


def _plain(value: Any) -> Any:
    if isinstance(value, StrEnum):
        return value.value
    return value.isoformat() if isinstance(value, datetime | date) else value
