"""A customer gives one second chance, not two: what we remember of letting somebody down (R2-09, R2-12).

How much the customer spends, or whether they are a member of anything, is no input here (R2-05, R2-10).
"""

from collections.abc import Sequence
from datetime import date, datetime

from bot.rules import business_days
from bot.rules.facts import Facts
from bot.rules.policy import Policy

#: What the customer tells us in these is a failure of ours.
OUR_FAULT = frozenset(
    {
        "double_charge", "duplicate_fee", "damaged_item", "missing_item", "wrong_item", "late_delivery",
        "service_complaint", "technical_fault",
    }
)  # fmt: skip


def on_record(strikes: Sequence[date], today: date, policy: Policy) -> tuple[date, ...]:
    """The strikes we still remember today; the house decides for how many months."""
    months = today.year * 12 + today.month - 1 - policy.second_chance.remember_months
    # The same day of an earlier month; day 28 stands in for the 29th to 31st, which not every month has.
    oldest = date(months // 12, months % 12 + 1, min(today.day, 28))
    return tuple(day for day in strikes if day > oldest)


def remembered(facts: Facts) -> tuple[date, ...]:
    """The strikes of this customer that still count."""
    return on_record(facts.customer.strikes, business_days.local_day(facts.now, facts.country), facts.policy)


def is_second_chance(facts: Facts) -> bool:
    """Whether we let this customer down before, by our own record or by their words."""
    return facts.reading.second_bad_experience or bool(remembered(facts))


def call_by(facts: Facts, intent: str) -> datetime | None:
    """By when a named person calls, if this message is at least the second failure; None otherwise."""
    if intent not in OUR_FAULT or not is_second_chance(facts):
        return None
    hours = facts.policy.hours
    country = facts.country
    today = business_days.local_day(facts.now, country)
    day = business_days.add(today, facts.policy.second_chance.call_within_business_days, country)
    return business_days.at_hour(day, hours.close_hour, country)
