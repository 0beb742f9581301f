"""Who is writing: whether a colleague made sure of it, and what stays hidden until somebody does."""

from collections.abc import Collection
from dataclasses import dataclass

from sqlalchemy import select
from sqlmodel import Session, col

from bot.messages import Channel, IncomingMessage
from bot.speech import mark
from storage import customers, knowledge
from storage.customers import Door
from storage.tables import (
    AddressKind,
    ConfirmedPerson,
    Conversation,
    Customer,
    CustomerAddress,
    Message,
    Order,
)


@dataclass(frozen=True, slots=True)
class Doubt:
    """Why facts are hidden in a case, and whose they are."""

    #: For the agent: one sentence.
    why: str
    #: Where the writer writes from: what a confirmation is about.
    address: str
    #: Whose orders are used once somebody is sure.
    customer_id: int
    #: The order they named, where it is that customer's.
    order_id: int | None = None


def confirmed_sender(
    session: Session, conversation: Conversation, incoming: IncomingMessage
) -> ConfirmedPerson | None:
    """Who a colleague says this is. Mail that fails authentication may be anybody's, and needs a new word each time."""
    if incoming.authentication == "fail" or conversation.id is None or incoming.automatic is not None:
        return None
    where = f"{incoming.team}:{incoming.sender}" if incoming.channel is Channel.SLACK else incoming.sender
    if incoming.reply_to and incoming.reply_to != incoming.sender:
        # Sure of the sender is not yet sure of an address that answers should go to instead.
        where = incoming.reply_to
    return knowledge.confirmed(session, conversation.id, where)


def confirmed_writer(
    session: Session, conversation: Conversation, message: Message | None
) -> ConfirmedPerson | None:
    """The same for a message that is stored. A confirmation covers failed mail only up to the moment it was given."""
    if message is None or conversation.id is None:
        return None
    found = knowledge.confirmed(session, conversation.id, writes_from(session, conversation, message))
    if found is not None and message.authentication == "fail" and message.at > found.confirmed_at:
        return None
    return found


def writes_from(session: Session, conversation: Conversation, message: Message) -> str:
    """The address behind a message: where answers go, or the author's own where that is somebody else."""
    author = message.customer_id or conversation.customer_id
    if message.ts or conversation.channel == Channel.SLACK.value:
        here = (col(CustomerAddress.customer_id) == author, col(CustomerAddress.kind) == AddressKind.SLACK)
        first = select(col(CustomerAddress.value)).where(*here).order_by(col(CustomerAddress.id)).limit(1)
        return session.execute(first).scalar() or ""
    if author == conversation.customer_id:
        return conversation.answer_to
    return customers.email_of(session, author)


def doubt(
    session: Session, conversation: Conversation, message: Message, numbers: Collection[str]
) -> Doubt | None:
    """What stands in the way of using facts in this case; None where nothing does, or somebody is sure.

    `numbers` are those the message gives for an order.
    """
    if message.automatic is not None or confirmed_writer(session, conversation, message) is not None:
        return None
    address = writes_from(session, conversation, message)
    order = _order_of_somebody_else(session, conversation.customer_id, numbers)
    named = order.id if order is not None else None
    whose = (order.customer_id if order is not None else None) or conversation.customer_id
    why = _why(session, conversation, message, order)
    return Doubt(why, address, whose, named) if why and address else None


def _why(session: Session, conversation: Conversation, message: Message, order: Order | None) -> str:
    if message.authentication == "fail":
        return mark("The mail failed its authentication: somebody else may have sent it.")
    if message.customer_id not in (None, conversation.customer_id):
        return mark("Somebody else than this case's customer wrote it.")
    if order is not None:
        owner = session.get(Customer, order.customer_id)
        if owner is None or not owner.preferred_name:
            return mark(
                "Order {order} is in the name of a customer who has another address.", order=order.number
            )
        return mark(
            "Order {order} is in the name of {name}, who has another address.",
            order=order.number,
            name=owner.preferred_name,
        )
    if answers_strangely(session, conversation, message):
        return mark("Answers go to an address that is not the customer's own.")
    return ""


def answers_strangely(session: Session, conversation: Conversation, first: Message | None) -> bool:
    """Whether answers go to an address that is not the customer's and that the first message did not prove."""
    if conversation.channel != Channel.EMAIL.value or not conversation.answer_to:
        return False
    there = customers.by_address(session, Door(AddressKind.EMAIL, conversation.answer_to))
    proven = first is not None and first.authentication == "pass"
    return not proven and (there is None or there.id != conversation.customer_id)


def _order_of_somebody_else(session: Session, customer_id: int, numbers: Collection[str]) -> Order | None:
    """The order that the numbers mean, where it is one single other person's."""
    if not numbers:
        return None
    found = session.execute(
        select(Order, Customer)
        .join(Customer, col(Customer.id) == col(Order.customer_id))
        .where(col(Order.number).in_(list(numbers)), col(Customer.erased_at).is_(None))
    ).all()
    owners = {each[1].id for each in found}
    return found[0][0] if len(owners) == 1 and customer_id not in owners else None
