"""When a case that is put off comes back, in the house's hours. Pure."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from bot.rules import business_days
from bot.rules.policy import Hours

LATER = timedelta(hours=3)
#: Nearer to closing time than this nobody begins anything.
BEFORE_CLOSING = timedelta(hours=1)


@dataclass(frozen=True, slots=True)
class Snooze:
    """One way to put a case off."""

    #: today, tomorrow or next_week.
    name: str
    until: datetime


def snoozes(now: datetime, country: str, hours: Hours) -> tuple[Snooze, ...]:
    """Later today, the next working day, and the first one of next week; today only where enough of it is left."""
    today = business_days.local_day(now, country)
    opens = hours.open_hour
    found = []
    later = now + LATER
    closing = business_days.at_hour(today, hours.close_hour, country) - BEFORE_CLOSING
    if business_days.is_business_day(today, country) and later <= closing:
        found.append(Snooze("today", max(later, business_days.at_hour(today, opens, country))))
    tomorrow = business_days.add(today, 1, country)
    found.append(Snooze("tomorrow", business_days.at_hour(tomorrow, opens, country)))
    monday = business_days.on_or_after(today + timedelta(days=7 - today.weekday()), country)
    if monday != tomorrow:
        found.append(Snooze("next_week", business_days.at_hour(monday, opens, country)))
    return tuple(found)
