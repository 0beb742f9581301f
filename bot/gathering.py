"""Rows -> facts: the whole mapping between the database and the rules, in one short read."""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Any

from sqlmodel import Session

from bot import shop_news, together, writers
from bot.messages import Channel, IncomingMessage
from bot.order_facts import order_facts
from bot.rules.facts import AgentFacts, CustomerFacts, OrderFacts
from bot.who_answers import who_answers
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
    #: The first name of the colleague whom the customer knows, where another one answers now.
    known_agent: str = ""
    first_answer: bool = True
    earlier_intent: str | None = None
    corrected_intent: str | None = None
    corrected_language: str = ""
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
    #: The person's other open cases whose matters this answer may name.
    beside: tuple[together.Beside, ...] = ()
    #: Money on these orders that is promised in other cases.
    promised: tuple[together.OnOrder, ...] = ()


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
        of_ours = incoming.sender_team == incoming.team and not incoming.sender_is_guest
        nobody = colleague is None and of_ours and not incoming.asked_for
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
    if not snapshot.is_other and incoming.authentication != "fail":
        snapshot = _around(session, snapshot, conversation, together.place_of_answer(incoming))
    answered = follow_ups.last_sent(session, conversation.id or 0) if conversation else None
    return replace(
        snapshot,
        hints=_news(session, snapshot, now) if incoming.authentication != "fail" else (),
        colleague_id=colleague.id if colleague else None,
        is_nobody=nobody and not _is_their_case(conversation, customer),
        follow_up_id=answered.id if answered else None,
    )


def _news(session: Session, snapshot: Snapshot, now: datetime | None) -> tuple[str, ...]:
    hidden = snapshot.customer_id is None or snapshot.is_other or snapshot.answers_elsewhere
    return () if hidden or now is None else shop_news.news(session, snapshot.customer_id or 0, now)


def _is_their_case(conversation: Conversation | None, customer: Customer | None) -> bool:
    """Somebody of ours whose question a colleague took up: what they add to it counts too."""
    return conversation is not None and customer is not None and conversation.customer_id == customer.id


def _around(
    session: Session, snapshot: Snapshot, conversation: Conversation | None, answer: together.Place
) -> Snapshot:
    """With what stands in other cases: what one letter may answer too, and what is promised already."""
    shared = not snapshot.answers_elsewhere and not (conversation is not None and conversation.stands_alone)
    ids = [each.id for each in snapshot.orders]
    customer_id, own_id = snapshot.customer_id, snapshot.conversation_id
    return replace(
        snapshot,
        beside=together.beside(session, customer_id, answer, own_id) if shared else (),
        promised=together.promised(session, ids, own_id),
    )


def _without_facts(snapshot: Snapshot, *, elsewhere: bool = False) -> Snapshot:
    """Facts belong to the person on the order: not to whoever joins, nor to an address somebody asks for."""
    elsewhere = elsewhere or snapshot.answers_elsewhere
    return replace(snapshot, orders=(), order_id=None, answers_elsewhere=elsewhere)


def _continued(session: Session, conversation: Conversation | None) -> dict[str, Any]:
    """What a case takes over from the one it continues: the colleague the customer knows, and nothing else."""
    if conversation is None:
        return {}
    agent = who_answers(session, conversation).agent
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
    if latest is not None and latest.authentication == "fail" and sure is None:
        return snapshot
    return _around(session, snapshot, conversation, together.place_of(conversation))


def _human(said: Sequence[Message]) -> list[Message]:
    return [each for each in said if each.direction is Direction.IN and each.automatic is None]


def _of_case(
    session: Session, conversation: Conversation, said: Sequence[Message], sure: ConfirmedPerson | None
) -> Snapshot:
    """`sure` is who a colleague says is writing: their facts are used too."""
    assert conversation.id is not None
    customer = session.get(Customer, conversation.customer_id)
    base = _of_customer(session, customers.kept(session, customer) if customer else None, conversation.id)
    answering = who_answers(session, conversation)
    agent = answering.agent
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
        agent_id=agent.id if agent else None,
        known_agent=first_name(answering.known.name) if answering.known else "",
        first_answer=not any(each.direction is Direction.OUT for each in said),
        earlier_intent=conversation.intent if conversation.intent != "other" else None,
        corrected_intent=conversation.intent if conversation.intent_corrected else None,
        corrected_language=conversation.language if conversation.language_corrected else "",
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
    days = shop_news.new_days(session, customer.id)
    known = tuple(_known_order(each, days.get(each.order.id or 0)) for each in books)
    return Snapshot(customer_id=customer.id, customer=facts, orders=known)


def of_customer(session: Session, customer: Customer) -> Snapshot:
    """What we know about a person to whom we write first."""
    return _of_customer(session, customers.kept(session, customer), None)


def _known_order(book: orders.OrderBook, new_day: datetime | None = None) -> KnownOrder:
    """`new_day` is the one that the shop named when it was delayed."""
    tracking = tuple(each.tracking for each in book.shipments if each.tracking)
    facts = order_facts(book)
    if new_day is not None and facts.delivery is not None:
        facts = replace(facts, delivery=replace(facts.delivery, expected_at=new_day))
    return KnownOrder(book.order.id or 0, book.order.placed_at, facts, tracking)


def first_name(name: str) -> str:
    """How a colleague signs: the first word of the name."""
    return name.split()[0] if name.split() else ""
