"""The parts of which a sentence makes a moment: days, hours, lengths of time."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any

from bot.rules import business_days
from bot.rules.deadline_patterns import Patterns
from bot.rules.number_words import value_of
from bot.rules.policy import Hours
from bot.rules.promise_words import DayWords
from bot.rules.words import fold

END_OF_DAY = time(23, 59, 59)
_MORNING, _EVENING = time(10), time(21)
#: A day that is named without a year and lies so little back is over; one further back is next year's.
_JUST_OVER = timedelta(days=45)


@dataclass(frozen=True, slots=True)
class Said:
    """When and where something was said: `country` is the customer's, its calendar and its clock count."""

    now: datetime
    country: str
    hours: Hours

    @property
    def today(self) -> date:
        """The day it was where the customer lives."""
        return business_days.local_day(self.now, self.country)


@dataclass(frozen=True, slots=True)
class Piece:
    """A part of a moment: a day, an hour, or a length of time from now on."""

    start: int
    end: int
    #: Which of two days in one moment counts: the higher.
    weight: int = 0
    day: date | None = None
    at: time | None = None
    moment: datetime | None = None
    is_latest: bool = False
    is_today: bool = False
    is_weekday: bool = False


def pieces(text: str, words: DayWords, found: Patterns, said: Said) -> Iterator[Piece]:
    """All of them, overlapping ones too; `text` is in small letters."""
    yield from _lengths(text, found, said)
    yield from _spans(text, found, said)
    yield from _dates(text, found, said)
    yield from _weekdays(text, words, found, said)
    yield from _hours_of_day(text, found, said)


def _lengths(text: str, found: Patterns, said: Said) -> Iterator[Piece]:
    for match in found.length.finditer(text):
        number = _number(match["upto"] or match["count"])
        if not 0 < number <= 99 or found.counted_from.match(text, match.end()):
            continue
        here: dict[str, Any] = {"start": match.start(), "end": match.end(), "weight": 3, "is_latest": True}
        if match["hours"]:
            yield Piece(moment=said.now + timedelta(hours=number), **here)
        elif match["business_days"]:
            yield Piece(day=business_days.add(said.today, number, said.country), **here)
        else:
            days = 30 if match["months"] else 7 if match["weeks"] else 1
            yield Piece(day=said.today + timedelta(days=days * number), **here)


def _number(words: str) -> int:
    return int(words) if words.isdecimal() else value_of(fold(words))


def _spans(text: str, found: Patterns, said: Said) -> Iterator[Piece]:
    today = said.today
    for match in found.span.finditer(text):
        here: dict[str, Any] = {"start": match.start(), "end": match.end()}
        name = match.lastgroup or ""
        if name in ("today", "during_today"):
            latest = name == "during_today"
            yield Piece(day=today, weight=2, is_latest=latest, is_today=True, **here)
        elif name in ("tomorrow", "overmorrow"):
            yield Piece(day=today + timedelta(days=1 if name == "tomorrow" else 2), weight=2, **here)
        else:
            yield Piece(day=_span_end(name, today, said.country), weight=1, is_latest=True, **here)
    for match in found.week_number.finditer(text):
        if day := _week(int(match["number"]), today, said.country):
            yield Piece(match.start(), match.end(), weight=1, day=day, is_latest=True)


def _span_end(name: str, today: date, country: str) -> date:
    monday = today - timedelta(days=today.weekday())
    match name:
        case "early_next_week":
            return business_days.on_or_after(monday + timedelta(days=8), country)
        case "after_weekend":
            return business_days.on_or_after(monday + timedelta(days=7), country)
        case "next_week":
            return _last_business_day(monday + timedelta(days=7), monday, country)
        case "weekend":
            return monday + timedelta(days=6)
        case "month_end":
            first = (today.replace(day=1) + timedelta(days=32)).replace(day=1)
            return first - timedelta(days=1)
        case _:
            return _last_business_day(monday, today, country)


def _last_business_day(monday: date, earliest: date, country: str) -> date:
    """Of that week; its Sunday where none is left."""
    week = (monday + timedelta(days=day) for day in range(6, -1, -1))
    return next(
        (day for day in week if day >= earliest and business_days.is_business_day(day, country)),
        monday + timedelta(days=6),
    )


def _week(number: int, today: date, country: str) -> date | None:
    year = today.isocalendar().year
    for each in (year, year + 1):
        try:
            monday = date.fromisocalendar(each, number, 1)
        except ValueError:
            continue
        if monday + timedelta(days=6) >= today:
            return _last_business_day(monday, max(monday, today), country)
    return None


def _dates(text: str, found: Patterns, said: Said) -> Iterator[Piece]:
    for match in found.date.finditer(text):
        parts = match.groupdict()
        day = parts["day"] or parts["day_after"] or parts["day_in_numbers"] or parts["day_iso"]
        names = parts["month"] or parts["month_before"]
        month = found.month(names) if names else int(parts["month_in_numbers"] or parts["month_iso"])
        year = next(
            (parts[key] for key in ("year", "year_after", "year_in_numbers", "year_iso") if parts[key]), ""
        )
        if named := _date(int(day), month, year, said.today):
            yield Piece(match.start(), match.end(), weight=4, day=named)
    for match in found.day_of_month.finditer(text):
        if named := _day_of_month(int(match["day"]), said.today):
            yield Piece(match.start(), match.end(), weight=3, day=named)


def _date(day: int, month: int, year: str, today: date) -> date | None:
    years = [int(year) + (2000 if len(year) == 2 else 0)] if year else range(today.year - 1, today.year + 3)
    for each in years:
        try:
            named = date(each, month, day)
        except ValueError:
            continue
        if year or named >= today - _JUST_OVER:
            return named
    return None


def _day_of_month(day: int, today: date) -> date | None:
    for ahead in range(32):
        if (today + timedelta(days=ahead)).day == day:
            return today + timedelta(days=ahead)
    return None


def _weekdays(text: str, words: DayWords, found: Patterns, said: Said) -> Iterator[Piece]:
    for match in found.weekday.finditer(text):
        index = next(
            place for place, name in enumerate(words.weekdays) if re.fullmatch(name, match["weekday"])
        )
        if match["ending"] and not found.during.search(text, 0, match.start()):
            continue  # "om fredagen": every one of them
        today = said.today
        if match["next"] or match["in_next_week"]:
            day = today + timedelta(days=7 - today.weekday() + index)
        else:
            day = today + timedelta(days=(index - today.weekday()) % 7)
        yield Piece(match.start(), match.end(), weight=1, day=day, is_weekday=True)


def _hours_of_day(text: str, found: Patterns, said: Said) -> Iterator[Piece]:
    close = time(said.hours.close_hour)
    times = {"noon": time(12), "afternoon": close, "evening": _EVENING, "closing": close, "morning": _MORNING}
    for match in found.part_of_day.finditer(text):
        yield Piece(match.start(), match.end(), at=times[match.lastgroup or ""])
    for match in found.clock.finditer(text):
        said_as = match.lastgroup or ""
        if at := _clock(match):
            yield Piece(*match.span(said_as), at=at)


def _clock(match: re.Match[str]) -> time | None:
    parts = match.groupdict()
    hour = next(int(parts[key]) for key in parts if key.endswith("hour") and parts[key])
    minute = int(parts["minute"] or parts["noted_minute"] or 0)
    half = next((parts[key] for key in parts if key.endswith("half") and parts[key]), "")[:1]
    if half:
        hour = hour % 12 + (12 if half == "p" else 0)
    elif 1 <= hour <= 6:
        hour += 12  # nobody in an office means the night
    if hour == 24 and not minute:
        return END_OF_DAY
    return time(hour, minute) if hour < 24 and minute < 60 else None
