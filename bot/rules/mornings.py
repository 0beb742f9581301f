"""When a colleague's working day begins, and until when its first message is still worth having."""

from datetime import date, datetime, timedelta

from bot.rules import business_days
from bot.rules.policy import Hours

NOON = 12
#: A house that opens at noon or later has this long.
AT_LEAST = timedelta(hours=1)


def morning(now: datetime, country: str, hours: Hours) -> date | None:
    """The working day whose morning it is at `now`: from the house's opening until noon; None at every other time."""
    day = business_days.local_day(now, country)
    if not business_days.is_business_day(day, country):
        return None
    opens_at = business_days.at_hour(day, hours.open_hour, country)
    ends_at = max(business_days.at_hour(day, NOON, country), opens_at + AT_LEAST)
    return day if opens_at <= now < ends_at else None
