"""Rows -> facts: the whole mapping between the database and the rules, in one short read."""

from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

from sqlmodel import Session

from bot.messages import Channel, IncomingMessage
from bot.rules.facts import AgentFacts, CustomerFacts, Delivery, Item, OrderFacts, Reading, SentRefund
from storage import agents, conversations, customers, follow_ups, orders
from storage.customers import Door
from storage.tables import (
    AddressKind,
    Agent,
    Conversation,
    Customer,
    Direction,
    PaymentKind,
)

#: How far back an order counts as what a message without a number may be about.
RECENT = timedelta(days=90)


@dataclass(frozen=True, slots=True)
class KnownOrder:
    """One of the customer's orders."""

    id: int
    placed_at: datetime
    facts: OrderFacts


@dataclass(frozen=True, slots=True)
class Snapshot:
    """Everything the database knows about one message at one moment. Ids are None for what is new."""

    conversation_id: int | None = None
    version: int = 0
    customer_id: int | None = None
    customer: CustomerFacts = field(default_factory=CustomerFacts)
    orders: tuple[KnownOrder, ...] = ()
    order_id: int | None = None
    agent: AgentFacts = field(default_factory=lambda: AgentFacts(name=""))
    agent_id: int | None = None
    first_answer: bool = True
    earlier_intent: str | None = None
    corrected_intent: str | None = None
    #: The customer's words so far in this conversation, for telling the language.
    earlier_text: str = ""
    #: The author is a colleague (their agent id), or neither colleague nor customer.
    colleague_id: int | None = None
    is_nobody: bool = False
    #: The author is not the conversation's customer: no facts for them, and the answer goes to the customer.
    is_other: bool = False
    #: The answer would go to another address than the mail came from, and nothing proves that it may.
    answers_elsewhere: bool = False
    #: The follow-up this message answers.
    follow_up_id: int | None = None


def door(incoming: IncomingMessage) -> Door:
    """The address this message came from."""
    if incoming.channel is Channel.SLACK:
        return Door(AddressKind.SLACK, f"{incoming.team}:{incoming.sender}")
    return Door(AddressKind.EMAIL, incoming.sender)


def find_conversation(session: Session, incoming: IncomingMessage) -> Conversation | None:
    """Where it belongs: the reply token, then In-Reply-To, then References from last to first; never the subject."""
    if incoming.channel is Channel.SLACK:
        return conversations.by_thread(session, incoming.team, incoming.slack_channel, incoming.thread_ts)
    found = conversations.by_token(session, incoming.reply_token) if incoming.reply_token else None
    earlier = [*incoming.in_reply_to, *reversed(incoming.references)]
    if incoming.bounce and incoming.bounce.original_message_id:
        earlier.insert(0, incoming.bounce.original_message_id)
    return found or conversations.by_message_ids(session, earlier)


def gather(session: Session, incoming: IncomingMessage) -> Snapshot:
    """What we know about a message that has just come in."""
    colleague = None
    nobody = False
    if incoming.channel is Channel.SLACK:
        colleague = agents.by_slack_id(session, incoming.sender)
        nobody = colleague is None and incoming.sender_team == incoming.team
    conversation = find_conversation(session, incoming)
    customer = customers.by_address(session, door(incoming)) if colleague is None else None
    elsewhere = bool(incoming.reply_to) and incoming.reply_to != incoming.sender
    unproven = elsewhere and incoming.authentication != "pass"
    if conversation is None:
        snapshot = _of_customer(session, customer, None)
    else:
        snapshot = of_conversation(session, conversation)
        person = incoming.automatic is None and colleague is None
        other = person and (customer is None or customer.id != conversation.customer_id)
        snapshot = replace(snapshot, is_other=other)
    if snapshot.is_other or unproven:
        # Facts belong to the person on the order: not to whoever joins, nor to an address somebody asks for.
        snapshot = replace(snapshot, orders=(), order_id=None, answers_elsewhere=unproven)
    answered = follow_ups.last_sent(session, conversation.id or 0) if conversation else None
    return replace(
        snapshot,
        colleague_id=colleague.id if colleague else None,
        is_nobody=nobody,
        follow_up_id=answered.id if answered else None,
    )


def of_conversation(session: Session, conversation: Conversation) -> Snapshot:
    """What we know about a conversation, for answering its customer."""
    assert conversation.id is not None
    customer = session.get(Customer, conversation.customer_id)
    base = _of_customer(session, customer, conversation.id)
    agent = session.get(Agent, conversation.agent_id) if conversation.agent_id else None
    said = conversations.messages(session, conversation.id)
    human = [each for each in said if each.direction is Direction.IN and each.automatic is None]
    return Snapshot(
        conversation_id=conversation.id,
        version=conversation.version,
        customer_id=base.customer_id,
        customer=base.customer,
        orders=base.orders,
        order_id=conversation.order_id,
        agent=AgentFacts(first_name(agent.name), agent.role.value) if agent else base.agent,
        agent_id=conversation.agent_id,
        first_answer=not any(each.direction is Direction.OUT for each in said),
        earlier_intent=conversation.intent if conversation.intent != "other" else None,
        corrected_intent=conversation.intent if conversation.intent_corrected else None,
        earlier_text="\n".join(each.reply for each in human[-3:]),
    )


def _of_customer(session: Session, customer: Customer | None, conversation_id: int | None) -> Snapshot:
    if customer is None or customer.id is None:
        return Snapshot()
    facts = CustomerFacts(
        preferred_name=customer.preferred_name,
        language=customer.language,
        past_languages=tuple(customer.past_languages.split()),
        country=customer.country,
        strikes=customers.strikes(session, customer.id, conversation_id or 0),
        open_cases=conversations.open_cases(session, customer.id, conversation_id),
        customer_since=customer.since_at.date(),
    )
    books = orders.books_of(session, customer.id)
    known = tuple(KnownOrder(book.order.id or 0, book.order.placed_at, order_facts(book)) for book in books)
    return Snapshot(customer_id=customer.id, customer=facts, orders=known)


def order_facts(book: orders.OrderBook) -> OrderFacts:
    """One order as the rules see it."""
    order = book.order

    def paid(kind: PaymentKind) -> tuple[int, ...]:
        return tuple(each.amount_minor for each in book.payments if each.kind is kind)

    parcel = book.shipments[-1] if book.shipments else None
    return OrderFacts(
        number=order.number,
        currency=order.currency,
        country=order.country,
        paid_minor=order.paid_minor,
        refundable_minor=order.paid_minor - order.given_back_minor,
        captures_minor=paid(PaymentKind.CAPTURE),
        reservations_minor=paid(PaymentKind.RESERVATION),
        shipping_minor=tuple(each.amount_minor for each in book.lines if each.kind == "shipping"),
        items=tuple(Item(each.name, each.amount_minor) for each in book.lines if each.kind == "item"),
        delivery=Delivery(parcel.status.value, parcel.promised_at, parcel.delivered_at) if parcel else None,
        refunds=_refunds(book),
        facts_at=order.facts_at,
    )


def _refunds(book: orders.OrderBook) -> tuple[SentRefund, ...]:
    """What went back: by the shop's books where they have it, else by ours; the same money is in both in the end."""
    shop = [
        SentRefund(each.amount_minor, each.happened_at)
        for each in book.payments
        if each.kind is PaymentKind.REFUND
    ]
    ours = [
        SentRefund(each.amount_minor, each.settled_at) for each in book.refunds if each.settled_at is not None
    ]
    return tuple(shop or ours)


def choose_order(snapshot: Snapshot, reading: Reading, now: datetime) -> KnownOrder | None:
    """The order a message is about: the number it names, else the conversation's, else the only one that fits.

    A number that is not one of this customer's gives nothing: a sender who is not on the order sees no facts.
    """
    if reading.order_numbers:
        named = [each for each in snapshot.orders if each.facts.number in reading.order_numbers]
        return named[0] if named else None
    before = [each for each in snapshot.orders if each.id == snapshot.order_id]
    if before:
        return before[0]
    recent = [each for each in snapshot.orders if each.placed_at >= now - RECENT]
    amounts = {each.amount_minor for each in reading.amounts}
    fitting = [each for each in recent if amounts & {*each.facts.captures_minor, *each.facts.shipping_minor}]
    if len(recent) == 1:
        return recent[0]
    return fitting[0] if len(fitting) == 1 else None


def first_name(name: str) -> str:
    """How a colleague signs: the first word of the name."""
    return name.split()[0] if name.split() else ""
