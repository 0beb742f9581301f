"""Rows -> the customer card."""

from datetime import datetime, timedelta

from sqlalchemy import func, select
from sqlmodel import Session, col

from bot.cards.customer import (
    ConsentLine,
    CustomerView,
    DueLine,
    FieldLine,
    NoteLine,
    OrderFactsLine,
)
from bot.house import House
from bot.rules.business_days import local_day
from bot.rules.composing import format_money
from bot.rules.strikes import on_record
from bot.views.people import likeness, other_cases
from bot.views.promises import promises_due
from bot.views.refund import slack_id
from storage import customers, follow_ups, joining, knowledge, orders, persons, refunds
from storage.orders import OrderBook
from storage.tables import (
    AddressKind,
    Customer,
    CustomerAddress,
    CustomerNote,
    Order,
    RefundState,
)

FIRST = 100
MOST_ORDERS = 8
#: What a person reads, by the name of the field.
LABELS = {
    "preferred_name": "Preferred name",
    "language": "Language",
    "town": "Town",
    "country": "Country",
    "company": "Company",
    "phone": "Phone",
    "since": "Customer since, by the shop",
}
_ALWAYS = ("preferred_name", "language", "town")
_DOORS = {AddressKind.EMAIL: "Mail", AddressKind.SLACK: "Slack"}
#: Older names of where an address is from.
_SOURCES = {"email": "mail", "import": "orders"}
_OPEN_MONEY = (RefundState.REQUESTED, RefundState.APPROVED)


def customer_view(session: Session, customer_id: int, house: House, now: datetime) -> CustomerView | None:
    """Everything the card of one person shows now; None where there is nobody, or nobody any more."""
    customer = session.get(Customer, customer_id)
    if customer is None or customer.erased_at is not None or customer.id is None:
        return None
    person = persons.whole(session, customer_id)
    today = local_day(now, customer.country or house.policy.hours.home_country)
    strikes = on_record(customers.strikes(session, customer_id), today, house.policy)
    notes = [_note(session, each) for each in knowledge.notes_of(session, customer_id, now)]
    books = orders.books_of(session, customer_id, MOST_ORDERS)
    proposals, joined = joining.proposals_of(session, customer_id), joining.joined_to(session, customer_id)
    return CustomerView(
        customer_id=customer_id,
        name=customer.preferred_name,
        fields=(*_fields(session, customer), *_doors(session, person)),
        since=customer.since_at,
        day_of_first_hundred=_day(session, customer, now),
        strikes=strikes,
        second_chance=bool(strikes),
        no_follow_ups=customer.no_follow_ups,
        cases=other_cases(session, customer_id),
        sale=tuple(each for each in notes if not each.note_id),
        due=_due(session, customer_id, house),
        notes=tuple(each for each in notes if each.note_id),
        consents=tuple(
            ConsentLine(each.purpose, each.given, each.source, each.given_at)
            for each in knowledge.consents_of(session, customer_id)
        ),
        orders=tuple(_order(book, now) for book in books),
        likenesses=tuple(likeness(session, each, customer_id) for each in proposals),
        joined=tuple(likeness(session, each, customer_id) for each in joined),
    )


def _fields(session: Session, customer: Customer) -> tuple[FieldLine, ...]:
    known = knowledge.fields_of(session, customer.id or 0)
    lines = []
    for name, label in LABELS.items():
        row = known.get(name)
        if row is not None:
            lines.append(FieldLine(label, row.value, row.source, row.known_at))
        elif value := str(getattr(customer, name, "") or ""):
            lines.append(FieldLine(label, value, "", customer.created_at))
        elif name in _ALWAYS:
            lines.append(FieldLine(label, "", "", customer.created_at))
    return tuple(lines)


def _doors(session: Session, person: persons.WholePerson) -> list[FieldLine]:
    """Every address, with a word for what came back from it. Slack ids are nothing that people read."""
    here = select(CustomerAddress).where(col(CustomerAddress.customer_id).in_(person.ids))
    lines = []
    for each in session.execute(here.order_by(col(CustomerAddress.id))).scalars():
        if each.kind is AddressKind.PHONE:
            continue  # stands among the fields
        value = "writes there" if each.kind is AddressKind.SLACK else each.value
        came_back = " (mail came back)" if each.bounced_at else ""
        lines.append(
            FieldLine(
                _DOORS[each.kind], value + came_back, _SOURCES.get(each.source, each.source), each.created_at
            )
        )
    return lines


def _day(session: Session, customer: Customer, now: datetime) -> int | None:
    """Day n since the first order, else the first message; None after a hundred."""
    orders_of_theirs = select(func.min(col(Order.placed_at))).where(col(Order.customer_id) == customer.id)
    first = session.execute(orders_of_theirs).scalar() or customer.since_at
    day = (now.date() - first.date()).days + 1
    return day if 1 <= day <= FIRST else None


def _note(session: Session, note: CustomerNote) -> NoteLine:
    mine = note.id or 0 if note.kind == knowledge.NOTE else 0
    return NoteLine(mine, note.text, slack_id(session, note.agent_id), note.created_at, note.expires_at)


def _due(session: Session, customer_id: int, house: House) -> tuple[DueLine, ...]:
    """Follow-ups that are set, what we promised, and money on its way."""
    lines = []
    for case in persons.conversations_of(session, persons.WholePerson((customer_id,), ())):
        number = case.id or 0
        if scheduled := follow_ups.scheduled(session, number):
            lines.append(DueLine("Follow-up", scheduled.due_at))
        for refund in refunds.of_conversation(session, number):
            if refund.state in _OPEN_MONEY:
                amount = format_money(refund.amount_minor, refund.currency, "en")
                lines.append(DueLine(f"{amount} to go back", None, "as soon as somebody moves it"))
        lines += promises_due(session, case, house)
    dated = sorted((each for each in lines if each.due_at), key=lambda each: str(each.due_at))
    return (*dated, *(each for each in lines if not each.due_at))


def _order(book: OrderBook, now: datetime) -> OrderFactsLine:
    order = book.order
    money = format_money(order.paid_minor, order.currency, "en")
    facts = [f"{money} paid"]
    if order.given_back_minor:
        facts.append(f"{format_money(order.given_back_minor, order.currency, 'en')} given or promised back")
    facts += [
        f"parcel {each.status.value}"
        + (f", promised for {each.promised_at:%-d %B}" if each.promised_at else "")
        for each in book.shipments
    ]
    return OrderFactsLine(
        order.number, order.placed_at, tuple(facts), f"read {_age(now - order.facts_at)} ago"
    )


def _age(age: timedelta) -> str:
    hours = int(age.total_seconds() // 3600)
    return "less than an hour" if hours < 1 else f"{hours} h" if hours < 48 else f"{hours // 24} days"
