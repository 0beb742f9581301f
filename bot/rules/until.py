"""Until when, in few words: "2h", "today", "until monday", "off". Pure."""

import re
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from bot.speech import mark

#: Nobody is left alone for longer than this by one word.
LONGEST = timedelta(days=31)
OFF = frozenset({"off", "stop", "end", "no"})
_LENGTH = re.compile(r"(\d{1,4})\s*(m|min|minutes?|h|hours?|d|days?|w|weeks?)")
_UNITS = {
    "m": timedelta(minutes=1),
    "h": timedelta(hours=1),
    "d": timedelta(days=1),
    "w": timedelta(weeks=1),
}
_CLOCK = re.compile(r"([01]?\d|2[0-3])[:.]([0-5]\d)")
_DAY = re.compile(r"\d{4}-\d{2}-\d{2}")
#: English, Danish and Norwegian, Nynorsk, Swedish.
_WEEKDAYS = (
    ("monday", "mandag", "måndag"),
    ("tuesday", "tirsdag", "tysdag", "tisdag"),
    ("wednesday", "onsdag"),
    ("thursday", "torsdag"),
    ("friday", "fredag"),
    ("saturday", "lørdag", "laurdag", "lördag"),
    ("sunday", "søndag", "sundag", "söndag"),
)
_TODAY = frozenset({"today", "i dag", "idag"})
_TOMORROW = frozenset({"tomorrow", "i morgen", "imorgen", "i morgon", "imorgon"})
_LEADING = re.compile(r"(?:until|till|til|for|to)\s+")


class NotUnderstood(ValueError):
    """The words name no time that is still to come, or one too far away; the text says the way out."""


def until(words: str, now: datetime, zone: ZoneInfo, longest: timedelta = LONGEST) -> datetime:
    """The end that the words mean, aware. A day that is named ends it when that day begins; "today" lasts all of it.

    Raises NotUnderstood.
    """
    said = _LEADING.sub("", " ".join(words.lower().split()), count=1)
    end = _end(said, now, now.astimezone(zone), zone)
    if end is None or end <= now:
        raise NotUnderstood(
            mark("Say until when: 2h, today, tomorrow, until monday, until 15:00, 2026-03-09, or off.")
        )
    if end - now > longest:
        raise NotUnderstood(mark("At most {days} days at a time.", days=longest.days))
    return end


def _end(said: str, now: datetime, here: datetime, zone: ZoneInfo) -> datetime | None:
    if length := _LENGTH.fullmatch(said):
        return now + int(length.group(1)) * _UNITS[length.group(2)[0]]
    if clock := _CLOCK.fullmatch(said):
        return datetime.combine(here.date(), time(int(clock.group(1)), int(clock.group(2))), zone)
    if _DAY.fullmatch(said):
        try:
            return datetime.combine(date.fromisoformat(said), time(), zone)
        except ValueError:
            return None
    if said in _TODAY or said in _TOMORROW:
        return _in_days(here, 1, zone)
    for number, names in enumerate(_WEEKDAYS):
        if said in names or (len(said) == 3 and names[0].startswith(said)):
            return _in_days(here, (number - here.weekday() - 1) % 7 + 1, zone)
    return None


def _in_days(here: datetime, days: int, zone: ZoneInfo) -> datetime:
    return datetime.combine(here.date() + timedelta(days=days), time(), zone)
