"""Rows -> facts: the whole mapping between the database and the rules, in one short read."""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Any

from sqlmodel import Session

from bot import writers
from bot.messages import Channel, IncomingMessage
from bot.rules.facts import AgentFacts, CustomerFacts, Delivery, Item, OrderFacts, SentRefund
from storage import agents, conversations, customers, follow_ups, orders
from storage.customers import Door
from storage.tables import (
    AddressKind,
    Agent,
    ConfirmedPerson,
    Conversation,
    ConversationState,
    Customer,
    Direction,
    Message,
    PaymentKind,
)

#: A case at rest for longer than this is not taken up again: an answer to it begins a new one, linked to it.
RESTED = timedelta(days=60)


@dataclass(frozen=True, slots=True)
class KnownOrder:
    """One of the customer's orders."""

    id: int
    placed_at: datetime
    facts: OrderFacts
    #: The numbers of its parcels.
    tracking: tuple[str, ...] = ()


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
    #: The answer would go to another address than the customer's own, and nothing proves that it may.
    answers_elsewhere: bool = False
    #: A colleague made sure who writes: what failed authentication may be believed.
    is_confirmed: bool = False
    #: The conversation this one continues: it had come to rest long before.
    continues_id: int | None = None
    #: The follow-up this message answers.
    follow_up_id: int | None = None
    #: What the agent should know about how complete this is.
    hints: tuple[str, ...] = ()
    #: Nothing new was said: `order_id` is the order, whatever the text names.
    order_settled: bool = False


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


def _place(
    session: Session, incoming: IncomingMessage, customer: Customer | None, now: datetime | None
) -> tuple[Conversation | None, Conversation | None]:
    """The conversation it belongs to; or none, and the one it continues because that came to rest long ago."""
    found = find_conversation(session, incoming)
    if incoming.channel is Channel.SLACK or incoming.automatic is not None:
        return found, None
    if found is None and incoming.message_id and customer is not None and customer.id is not None:
        # The same mail through another of our mailboxes, which put a line of its own below it.
        found = conversations.holding(session, incoming.message_id, customer.id)
    if found is None or now is None or not _rests(session, found, now):
        return found, None
    newest = conversations.latest_of_thread(session, found.lane, customer.id or 0) if customer else None
    if newest is not None and newest.id != found.id and not _rests(session, newest, now):
        return newest, None
    return None, newest or found


def _rests(session: Session, conversation: Conversation, now: datetime) -> bool:
    if conversation.state is not ConversationState.RESOLVED:
        return False
    last = conversations.last_words_at(session, conversation.id or 0) or conversation.opened_at
    return now - last > RESTED


def gather(session: Session, incoming: IncomingMessage, now: datetime | None = None) -> Snapshot:
    """What we know about a message that has just come in. Without `now` no case counts as long at rest."""
    colleague = None
    nobody = False
    if incoming.channel is Channel.SLACK:
        colleague = agents.by_slack_id(session, incoming.sender)
        nobody = colleague is None and incoming.sender_team == incoming.team
    customer = customers.by_address(session, door(incoming)) if colleague is None else None
    conversation, continued = _place(session, incoming, customer, now)
    elsewhere = bool(incoming.reply_to) and incoming.reply_to != incoming.sender
    unproven = elsewhere and incoming.authentication != "pass"
    if conversation is None:
        snapshot = replace(_of_customer(session, customer, None), **_continued(session, continued))
    else:
        sure = writers.confirmed_sender(session, conversation, incoming)
        unproven = unproven and sure is None
        snapshot = _of_case(
            session, conversation, conversations.messages(session, conversation.id or 0), sure
        )
        person = incoming.automatic is None and colleague is None
        other = person and sure is None and (customer is None or customer.id != snapshot.customer_id)
        snapshot = replace(snapshot, is_other=other)
    if snapshot.is_other or unproven:
        snapshot = _without_facts(snapshot, elsewhere=unproven)
    answered = follow_ups.last_sent(session, conversation.id or 0) if conversation else None
    return replace(
        snapshot,
        colleague_id=colleague.id if colleague else None,
        is_nobody=nobody,
        follow_up_id=answered.id if answered else None,
    )


def _without_facts(snapshot: Snapshot, *, elsewhere: bool = False) -> Snapshot:
    """Facts belong to the person on the order: not to whoever joins, nor to an address somebody asks for."""
    elsewhere = elsewhere or snapshot.answers_elsewhere
    return replace(snapshot, orders=(), order_id=None, answers_elsewhere=elsewhere)


def _continued(session: Session, conversation: Conversation | None) -> dict[str, Any]:
    """What a case takes over from the one it continues: the colleague the customer knows, and nothing else."""
    if conversation is None:
        return {}
    agent = session.get(Agent, conversation.agent_id) if conversation.agent_id else None
    known = {"agent": _signing(agent), "agent_id": agent.id} if agent else {}
    return {"continues_id": conversation.id, **known}


def _signing(agent: Agent) -> AgentFacts:
    return AgentFacts(first_name(agent.name), agent.role.value)


def of_conversation(session: Session, conversation: Conversation) -> Snapshot:
    """What we know about a conversation, for answering its latest message."""
    said = conversations.messages(session, conversation.id or 0)
    human = _human(said)
    latest = human[-1] if human else None
    sure = writers.confirmed_writer(session, conversation, latest)
    snapshot = _of_case(session, conversation, said, sure)
    author = latest.customer_id if latest is not None else None
    if sure is None and author not in (None, snapshot.customer_id, conversation.customer_id):
        return _without_facts(replace(snapshot, is_other=True))
    return snapshot


def _human(said: Sequence[Message]) -> list[Message]:
    return [each for each in said if each.direction is Direction.IN and each.automatic is None]


def _of_case(
    session: Session, conversation: Conversation, said: Sequence[Message], sure: ConfirmedPerson | None
) -> Snapshot:
    """`sure` is who a colleague says is writing: their facts are used too."""
    assert conversation.id is not None
    customer = session.get(Customer, conversation.customer_id)
    base = _of_customer(session, customers.kept(session, customer) if customer else None, conversation.id)
    agent = session.get(Agent, conversation.agent_id) if conversation.agent_id else None
    human = _human(said)
    first = human[0] if human else None
    strange = sure is None and writers.answers_strangely(session, conversation, first)
    known = base.orders
    if sure is not None and sure.customer_id not in (base.customer_id, conversation.customer_id):
        known += tuple(map(_known_order, orders.books_of(session, sure.customer_id)))
    return Snapshot(
        conversation_id=conversation.id,
        version=conversation.version,
        customer_id=base.customer_id,
        customer=base.customer,
        orders=() if strange else known,
        order_id=None if strange else conversation.order_id,
        answers_elsewhere=strange,
        is_confirmed=sure is not None,
        agent=_signing(agent) if agent else base.agent,
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
    return Snapshot(customer_id=customer.id, customer=facts, orders=tuple(map(_known_order, books)))


def _known_order(book: orders.OrderBook) -> KnownOrder:
    tracking = tuple(each.tracking for each in book.shipments if each.tracking)
    return KnownOrder(book.order.id or 0, book.order.placed_at, order_facts(book), tracking)


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


def first_name(name: str) -> str:
    """How a colleague signs: the first word of the name."""
    return name.split()[0] if name.split() else ""
