"""Rows -> the dates one colleague has promised, or has to keep."""

from datetime import datetime, timedelta

from sqlmodel import Session

from bot.cards.home_shapes import PromisedRow
from bot.house import House
from bot.rules.business_days import local_day
from bot.views.promises import country_of, until
from bot.views.together import card_link
from storage import promises
from storage.tables import Agent, Conversation, Customer, Promise

#: As far ahead as `/tillid due` looks.
COMING = timedelta(days=7)


def promised_rows(
    session: Session, agent: Agent, house: House, now: datetime, most: int
) -> tuple[tuple[PromisedRow, ...], int]:
    """What they promised for the coming week, or whose case they have, broken ones first; and how many in all."""
    found = promises.of_agent(session, agent.id or 0, now + COMING)
    rows = tuple(promised_row(session, *each, house, now) for each in found[:most])
    return rows, len(found)


def to_keep_today(
    session: Session, agent: Agent, house: House, now: datetime
) -> list[tuple[Promise, Conversation]]:
    """What is theirs to keep today where the customer lives, or is broken; soonest first.

    It is with whoever has the case; with whoever promised it where nobody who is here has that.
    """
    ahead = promises.of_agent(session, agent.id or 0, now + timedelta(days=2))
    return [
        (promise, conversation)
        for promise, conversation in ahead
        if _is_with(session, conversation, agent) and _is_due(session, promise, conversation, house, now)
    ]


def promised_row(
    session: Session, promise: Promise, conversation: Conversation, house: House, now: datetime
) -> PromisedRow:
    """One of them, as it is shown."""
    customer = session.get(Customer, conversation.customer_id)
    country = country_of(session, conversation, house)
    return PromisedRow(
        customer_name=customer.preferred_name if customer else "",
        sentence=promise.sentence,
        until=until(promise, country),
        is_broken=promise.due_at <= now,
        link=card_link(session, promise.conversation_id),
    )


def _is_with(session: Session, conversation: Conversation, agent: Agent) -> bool:
    if conversation.agent_id in (None, agent.id):
        return True
    whose = session.get(Agent, conversation.agent_id)
    return whose is None or not whose.active


def _is_due(
    session: Session, promise: Promise, conversation: Conversation, house: House, now: datetime
) -> bool:
    country = country_of(session, conversation, house)
    return local_day(promise.due_at, country) <= local_day(now, country)
