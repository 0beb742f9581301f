"""The dates a letter may name. Every letter names at least one (R0-08); each is later than we hope for."""

from datetime import date, datetime, time

from bot.rules import business_days
from bot.rules.decisions import Remedy
from bot.rules.facts import Delivery, Facts

_MONEY_KINDS = frozenset({"refund", "shipping_refund", "price_difference", "credit"})


def answer_day(facts: Facts) -> date:
    """When the agent writes again at the latest where something must be looked up first."""
    return _in_business_days(facts, facts.policy.promises.answer_business_days)


def remedy_day(facts: Facts, remedy: Remedy | None) -> date | None:
    """When the customer has the money or the new item at the latest, if the remedy brings any.

    With a choice it is the later of the two: the letter is true whichever the customer takes.
    """
    promises = facts.policy.promises
    kind = remedy.kind if remedy else ""
    if kind == "release":
        return _in_business_days(facts, promises.release_business_days)
    if kind in _MONEY_KINDS:
        return _in_business_days(facts, promises.refund_business_days)
    if kind == "choice":
        days = max(promises.new_item_business_days, promises.refund_business_days)
        return _in_business_days(facts, days)
    if kind == "replacement":
        return _in_business_days(facts, promises.new_item_business_days)
    return None


def money_day(facts: Facts, sent_at: datetime) -> date:
    """When money that was sent then is with the customer at the latest."""
    sent = business_days.local_day(sent_at, facts.country)
    return business_days.add(sent, facts.policy.promises.refund_business_days, facts.country)


def delivery_day(facts: Facts) -> date | None:
    """The day the parcel is due, if it is known and not past: the carrier's new date, else the promise."""
    order = facts.trusted_order
    delivery = order.delivery if order else None
    if delivery is None or has_arrived(delivery):
        return None
    today = business_days.local_day(facts.now, facts.country)
    for promised_at in (delivery.expected_at, delivery.promised_at):
        if promised_at is not None:
            day = business_days.local_day(promised_at, facts.country)
            if day >= today and promised_end(promised_at, facts.country) >= facts.now:
                return day
    return None


def is_broken(facts: Facts) -> bool:
    """Whether our books agree that the parcel should have been there by now."""
    order = facts.trusted_order
    delivery = order.delivery if order else None
    if delivery is None or has_arrived(delivery):
        return False
    promised_at = delivery.promised_at
    late = promised_at is not None and promised_end(promised_at, facts.country) < facts.now
    return late or delivery.status == "lost"


def has_arrived(delivery: Delivery) -> bool:
    """Whether our books say the customer has the parcel."""
    return delivery.status == "delivered" or delivery.delivered_at is not None


def promised_end(promised_at: datetime, country: str) -> datetime:
    """When a delivery promise is broken. Midnight stands for a bare date, which holds until the day ends."""
    local = promised_at.astimezone(business_days.zone(country))
    if time(0) in (promised_at.time(), local.time()):
        return datetime.combine(local.date(), time.max, local.tzinfo)
    return promised_at


def _in_business_days(facts: Facts, count: int) -> date:
    today = business_days.local_day(facts.now, facts.country)
    return business_days.add(today, count, facts.country)
