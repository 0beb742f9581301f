"""Working days and the time of day where the customer lives.

Weekends and public holidays count as free, and so do the days on which offices in that country are closed
by custom: Christmas Eve, New Year's Eve, Midsummer Eve, the Danish Constitution Day. A country we have no
calendar for has weekends only.
"""

from datetime import UTC, date, datetime, time, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo

import holidays

_ZONES = {
    "AX": "Europe/Mariehamn", "AT": "Europe/Vienna", "BE": "Europe/Brussels", "CH": "Europe/Zurich",
    "DE": "Europe/Berlin", "DK": "Europe/Copenhagen", "EE": "Europe/Tallinn", "ES": "Europe/Madrid",
    "FI": "Europe/Helsinki", "FO": "Atlantic/Faroe", "FR": "Europe/Paris", "GB": "Europe/London",
    "GL": "America/Nuuk", "IE": "Europe/Dublin", "IS": "Atlantic/Reykjavik", "IT": "Europe/Rome",
    "LT": "Europe/Vilnius", "LV": "Europe/Riga", "NL": "Europe/Amsterdam", "NO": "Europe/Oslo",
    "PL": "Europe/Warsaw", "SE": "Europe/Stockholm",
}  # fmt: skip
#: Most customers live in the middle of Europe's time zone, and so does the house.
_HOUSE_ZONE = "Europe/Copenhagen"

#: Beside public holidays: what the holiday calendar calls the days offices are closed by custom.
_CATEGORIES = {"DK": ("public", "optional"), "SE": ("public", "de_facto"), "IS": ("public", "half_day")}
_EVES = ((12, 24), (12, 31))
#: In the Danish calendar's optional part, but a working day for shops and banks.
_WORKED_ANYWAY = {"DK": ((5, 1),)}


def zone(country: str) -> ZoneInfo:
    """The time zone of a country (ISO 3166 alpha-2), or the house's where we do not know it."""
    return ZoneInfo(_ZONES.get(country, _HOUSE_ZONE))


def local_day(at: datetime, country: str) -> date:
    """The date of an instant where the customer lives."""
    return at.astimezone(zone(country)).date()


def is_business_day(day: date, country: str) -> bool:
    """Whether people work on that day in that country."""
    return day.weekday() < 5 and day not in _free_days(country, day.year)


def on_or_after(day: date, country: str) -> date:
    """The first business day that is not before `day`."""
    while not is_business_day(day, country):
        day += timedelta(days=1)
    return day


def add(day: date, count: int, country: str) -> date:
    """`count` business days after `day`, which itself does not count; 0 is the first one not before it."""
    if count == 0:
        return on_or_after(day, country)
    for _ in range(count):
        day = on_or_after(day + timedelta(days=1), country)
    return day


def at_hour(day: date, hour: int, country: str) -> datetime:
    """A whole hour of the clock on the customer's wall, as an instant in UTC."""
    return datetime.combine(day, time(hour), zone(country)).astimezone(UTC)


@lru_cache(maxsize=256)
def _free_days(country: str, year: int) -> frozenset[date]:
    eves = {date(year, month, day) for month, day in _EVES}
    try:
        calendar = holidays.country_holidays(
            country, years=year, categories=_CATEGORIES.get(country, ("public",))
        )
    except NotImplementedError:
        return frozenset(eves)
    worked = {date(year, month, day) for month, day in _WORKED_ANYWAY.get(country, ())}
    return frozenset((set(calendar) - worked) | eves)
