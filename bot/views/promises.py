"""Rows -> what we promised and have not kept yet."""

from datetime import datetime

from sqlmodel import Session

from bot.cards.customer import DueLine
from bot.cards.shapes import PromiseLine
from bot.house import House
from bot.rules.business_days import zone
from bot.speech import say
from bot.views.days import weekday
from bot.views.together import card_link
from storage import promises
from storage.tables import Conversation, Customer, Promise


def until(promise: Promise, country: str) -> str:
    """On the wall of a customer there: "Wednesday 4 March", or with the hour that was promised."""
    local = promise.due_at.astimezone(zone(country))
    day = weekday(local)
    return day if promise.whole_day else say("{day}, {hour}", day=day, hour=f"{local:%H:%M}")


def first_day(promise: Promise, country: str) -> str:
    """The day it was promised for before it was put off; empty where it was not."""
    return weekday(promise.first_due_at.astimezone(zone(country))) if promise.first_due_at else ""


def country_of(session: Session, conversation: Conversation, house: House) -> str:
    """Whose calendar and clock count: the customer's, else the house's."""
    customer = session.get(Customer, conversation.customer_id)
    return (customer.country if customer else "") or house.policy.hours.home_country


def promise_of(
    session: Session, conversation: Conversation, house: House, now: datetime
) -> PromiseLine | None:
    """The soonest open promise of a case."""
    found = promises.open_of(session, conversation.id or 0)
    if not found:
        return None
    first = found[0]
    country = country_of(session, conversation, house)
    return PromiseLine(
        first.id or 0,
        first.sentence,
        until(first, country),
        first.due_at <= now,
        len(found) - 1,
        first_day(first, country),
    )


def promises_due(session: Session, conversation: Conversation, house: House) -> list[DueLine]:
    """The open promises of a case, for the customer's card."""
    country = country_of(session, conversation, house)
    return [
        DueLine(
            say("Promised: {sentence}", sentence=each.sentence),
            each.due_at,
            until(each, country),
            card_link(session, conversation.id or 0),
        )
        for each in promises.open_of(session, conversation.id or 0)
    ]
