"""The patterns by which days and hours are found, built once from a language's words."""

import re
from dataclasses import dataclass
from functools import lru_cache

from bot.rules.promise_words import DayWords

Pattern = re.Pattern[str]
#: "3", "tre", "two"; "en" and "a" count one.
_COUNT = r"\d{1,2}|[a-zæøåäö]{1,12}"
_NUMBERS = (
    r"(?:den |d |the )?(?<![\d.,/:-])(?P<day_in_numbers>\d{1,2})[./](?P<month_in_numbers>1[0-2]|0?[1-9])"
    r"(?:[./-](?P<year_in_numbers>20\d\d|\d\d))?\b(?![\d:/]|[.,]\d|\s?(?:kr|kroner|kronor|%|€|eur|dkk|nok|sek|kg|cm|m\b))"
)
_ISO = r"(?P<year_iso>20\d\d)-(?P<month_iso>\d\d)-(?P<day_iso>\d\d)\b"
_ORDINAL = r"(?:\.|st|nd|rd|th|:e|:a)?"


@dataclass(frozen=True, slots=True)
class Patterns:
    """A language's words, compiled."""

    length: Pattern
    span: Pattern
    week_number: Pattern
    date: Pattern
    day_of_month: Pattern
    weekday: Pattern
    part_of_day: Pattern
    clock: Pattern
    glue: Pattern
    latest_in_glue: Pattern
    between: Pattern
    by: Pattern
    before: Pattern
    during: Pattern
    at_the_latest: Pattern
    not_a_deadline: Pattern
    counted_from: Pattern
    months: tuple[Pattern, ...]

    def month(self, name: str) -> int:
        """1 to 12."""
        return next(place for place, each in enumerate(self.months, start=1) if each.fullmatch(name))


@lru_cache(maxsize=8)
def patterns(words: DayWords) -> Patterns:
    """The patterns of a language."""
    latest = f"(?:{words.by}|{words.before}|{words.within})"
    return Patterns(
        length=_length(words),
        span=_span(words),
        week_number=re.compile(
            rf"\b(?:i |i løbet af |i løpet av |under |in )?(?:{words.week_number}) (?P<number>\d{{1,2}})\b"
        ),
        date=_date(words),
        day_of_month=re.compile(
            r"\b(?:den|d|the) (?P<day>\d{1,2})(?:\.|st|nd|rd|th|:e|:a)?(?=\s*(?:$|[,;!?)]))"
        ),
        weekday=_weekday(words),
        part_of_day=_one_of(words, "closing", "noon", "afternoon", "evening", "morning"),
        clock=_clock(words),
        glue=re.compile(rf"[\s,(]*(?:(?:{words.glue}|{latest})\b[\s,]*)*"),
        latest_in_glue=re.compile(rf"\b{latest}\b"),
        between=re.compile(rf"\s*(?:{words.between})\s*(?:(?:{words.glue})\s+)*"),
        by=re.compile(rf"\b(?:{words.by}|{words.within})\s+(?:(?:{words.glue})\s+)*$"),
        before=re.compile(rf"\b(?:{words.before})\s+(?:(?:{words.glue})\s+)*$"),
        during=re.compile(rf"\b(?:{words.within}|{words.by})\s+$"),
        at_the_latest=re.compile(rf"[\s,]*\b(?:{words.at_the_latest})\b"),
        not_a_deadline=re.compile(rf"\b(?:{words.not_a_deadline})\s+(?:(?:{words.glue})\s+)*$"),
        counted_from=re.compile(rf"\s*(?:{words.counted_from})\b"),
        months=tuple(re.compile(each) for each in words.months),
    )


def _length(words: DayWords) -> Pattern:
    units = "|".join(
        f"(?P<{name}>{unit})"
        for name, unit in (
            ("business_days", words.business_days),
            ("hours", words.hours),
            ("days", words.days),
            ("weeks", words.weeks),
            ("months", words.months_long),
        )
    )
    return re.compile(
        rf"\b(?:{words.within}|{words.after}|{words.by})\s+(?:(?:de næste|de neste|dei neste|de närmaste|the next)\s+)?"
        rf"(?P<count>{_COUNT})(?:\s*(?:{words.between})\s*(?P<upto>{_COUNT}))?\s*(?:{units})\b"
    )


def _span(words: DayWords) -> Pattern:
    return _one_of(
        words,
        "early_next_week",
        "next_week",
        "before_weekend",
        "after_weekend",
        "weekend",
        "month_end",
        "this_week",
        "during_today",
        "overmorrow",
        "tomorrow",
        "today",
    )


def _one_of(words: DayWords, *names: str) -> Pattern:
    return re.compile(rf"\b(?:{'|'.join(f'(?P<{name}>{getattr(words, name)})' for name in names)})\b")


def _date(words: DayWords) -> Pattern:
    month = "|".join(words.months)
    day_first = (
        rf"(?:den |d |the )?\b(?P<day>\d{{1,2}}){_ORDINAL}\s*(?:of\s+)?(?P<month>{month})\b"
        r"(?:,?\s+(?P<year>20\d\d)\b)?"
    )
    month_first = (
        rf"\b(?P<month_before>{month})\s+(?:the )?(?P<day_after>\d{{1,2}}){_ORDINAL}\b(?!:)"
        r"(?:,?\s+(?P<year_after>20\d\d)\b)?"
    )
    return re.compile(f"{_ISO}|{day_first}|{month_first}|{_NUMBERS}")


def _weekday(words: DayWords) -> Pattern:
    return re.compile(
        rf"\b(?:(?P<next>{words.next})\s+|(?:{words.this})\s+)?(?P<weekday>{'|'.join(words.weekdays)})(?P<ending>en)?\b"
        rf"(?:\s+(?P<in_next_week>{words.next_week}))?"
    )


def _clock(words: DayWords) -> Pattern:
    latest = f"(?:{words.by}|{words.before})"
    days = f"{words.today}|{words.tomorrow}|{words.overmorrow}|{'|'.join(words.weekdays)}"
    half = r"a\.?m\b\.?|p\.?m\b\.?"
    return re.compile(
        rf"(?P<named>\b(?:{words.clock})\s*(?P<hour>\d{{1,2}})(?:[.:](?P<minute>\d\d))?(?:\s?(?P<half>{half}))?(?![\d%/]))"
        rf"|(?P<noted>\b(?P<noted_hour>\d{{1,2}}):(?P<noted_minute>\d\d)(?:\s?(?P<noted_half>{half}))?\b)"
        rf"|(?P<halved>\b(?P<halved_hour>\d{{1,2}})\s?(?P<halved_half>{half}))"
        rf"|\b{latest}\s+(?P<bare>(?P<bare_hour>\d{{1,2}})(?=\s*(?:$|[.,;!?)]|(?:on |på )?(?:{days})\b)))"
    )
