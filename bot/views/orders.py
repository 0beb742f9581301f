"""The orders a message may be about, as a card offers them."""

from datetime import datetime

from sqlmodel import Session

from bot.cards.shapes import OrderChoice
from bot.choosing_orders import order_choices
from bot.gathering import KnownOrder, of_conversation
from bot.rules.composing import format_money
from bot.speech import spoken
from bot.views.days import day
from storage.tables import Conversation, Message, Suggestion


def choices(
    session: Session, conversation: Conversation, suggestion: Suggestion, message: Message, now: datetime
) -> tuple[OrderChoice, ...]:
    """Nothing where the writer is not the customer, or not surely: orders are facts about a person."""
    if message.authentication == "fail" or message.customer_id not in (None, conversation.customer_id):
        return ()
    snapshot = of_conversation(session, conversation)
    fitting = order_choices(snapshot, suggestion.reading.get("order_numbers") or (), now)
    return tuple(OrderChoice(each.id, _label(each), each.id == snapshot.order_id) for each in fitting)


def _label(order: KnownOrder) -> str:
    facts = order.facts
    paid = format_money(facts.paid_minor, facts.currency, spoken())
    said = [facts.number, day(order.placed_at), paid, *(item.name for item in facts.items[:1])]
    return ", ".join(said)
