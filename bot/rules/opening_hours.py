"""How long the house was open while somebody waited."""

from datetime import UTC, datetime, timedelta

from bot.rules import business_days
from bot.rules.policy import Hours

#: Whoever has waited longer than this has waited long enough for every question asked here.
MOST_DAYS = 60


def open_between(start: datetime, end: datetime, country: str, hours: Hours) -> timedelta:
    """The opening hours from `start` to `end`, both aware; of more than two months the last two are counted."""
    start = max(start, end - timedelta(days=MOST_DAYS))
    day, last = business_days.local_day(start, country), business_days.local_day(end, country)
    counted = timedelta()
    while day <= last:
        if business_days.is_business_day(day, country):
            opens = max(business_days.at_hour(day, hours.open_hour, country), start.astimezone(UTC))
            closes = min(business_days.at_hour(day, hours.close_hour, country), end.astimezone(UTC))
            counted += max(closes - opens, timedelta())
        day += timedelta(days=1)
    return counted
