"""Rows -> the customer card."""

from datetime import datetime

from babel import Locale
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
from bot.speech import mark, say, spoken
from bot.views.facts import parcel_status, read_ago
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
    "preferred_name": mark("Preferred name"),
    "language": mark("Language"),
    "town": mark("Town"),
    "country": mark("Country"),
    "company": mark("Company"),
    "phone": mark("Phone"),
    "since": mark("Customer since, by the shop"),
}
_ALWAYS = ("preferred_name", "language", "town")
_DOORS = {AddressKind.EMAIL: mark("Mail"), AddressKind.SLACK: mark("Slack")}
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
    for name, english in LABELS.items():
        row, label = known.get(name), say(english)
        if row is not None:
            lines.append(FieldLine(label, _shown(name, row.value), row.source, row.known_at))
        elif value := str(getattr(customer, name, "") or ""):
            lines.append(FieldLine(label, _shown(name, value), "", customer.created_at))
        elif name in _ALWAYS:
            lines.append(FieldLine(label, "", "", customer.created_at))
    return tuple(lines)


def _shown(name: str, value: str) -> str:
    """What is stored as a code, by its name."""
    if name == "language":
        return str(Locale(spoken()).languages.get(value, value))
    if name == "country":
        return str(Locale(spoken()).territories.get(value, value))
    return value


def _doors(session: Session, person: persons.WholePerson) -> list[FieldLine]:
    """Every address, with a word for what came back from it. Slack ids are nothing that people read."""
    here = select(CustomerAddress).where(col(CustomerAddress.customer_id).in_(person.ids))
    lines = []
    for each in session.execute(here.order_by(col(CustomerAddress.id))).scalars():
        if each.kind is AddressKind.PHONE:
            continue  # stands among the fields
        value = say("writes there") if each.kind is AddressKind.SLACK else each.value
        came_back = say(" (mail came back)") if each.bounced_at else ""
        lines.append(
            FieldLine(
                say(_DOORS[each.kind]),
                value + came_back,
                _SOURCES.get(each.source, each.source),
                each.created_at,
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
            lines.append(DueLine(say("Follow-up"), scheduled.due_at))
        for refund in refunds.of_conversation(session, number):
            if refund.state in _OPEN_MONEY:
                amount = format_money(refund.amount_minor, refund.currency, spoken())
                back = say("{amount} to go back", amount=amount)
                lines.append(DueLine(back, None, say("as soon as somebody moves it")))
        lines += promises_due(session, case, house)
    dated = sorted((each for each in lines if each.due_at), key=lambda each: str(each.due_at))
    return (*dated, *(each for each in lines if not each.due_at))


def _order(book: OrderBook, now: datetime) -> OrderFactsLine:
    order = book.order
    facts = [say("{amount} paid", amount=format_money(order.paid_minor, order.currency, spoken()))]
    if order.given_back_minor:
        back = format_money(order.given_back_minor, order.currency, spoken())
        facts.append(say("{amount} given or promised back", amount=back))
    facts += [parcel_status(each) for each in book.shipments]
    return OrderFactsLine(order.number, order.placed_at, tuple(facts), read_ago(now - order.facts_at))
