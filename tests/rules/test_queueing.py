"""Whose turn it is, and how long the house was open."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.house import open_house
from bot.rules.opening_hours import MOST_DAYS, open_between
from bot.rules.queueing import Waiting, in_turn, reads

NOW = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
HOURS = open_house().policy.hours


def waits(number: int, hours: float = 1, **known: object) -> Waiting:
    return Waiting(number, NOW - timedelta(hours=hours), **known)  # type: ignore[arg-type]  # fields by name


def order(*waiting: Waiting, speaks: tuple[str, ...] = ()) -> list[int]:
    return [each.conversation_id for each in in_turn(waiting, speaks, NOW)]


@pytest.mark.parametrize(
    ("first", "second", "why"),
    [
        (waits(1, 5), waits(2, 1), "who has waited longer"),
        (waits(1, 1, urgent=True), waits(2, 90), "what is urgent"),
        (waits(1, 1, second_chance=True), waits(2, 90), "whom we let down before"),
        (waits(1, 1, promised_until=NOW + timedelta(hours=3)), waits(2, 90), "a promise that is near"),
        (waits(1, 1, promised_until=NOW - timedelta(hours=3)), waits(2, 90), "a promise that is broken"),
        (waits(1, 90), waits(2, 1, promised_until=NOW + timedelta(days=3)), "a promise far off waits its turn"),
        (waits(1, 1, urgent=True), waits(2, 1, second_chance=True), "urgent before second chance"),
        (waits(1, 1, second_chance=True), waits(2, 1, promised_until=NOW), "second chance before promise"),
        (waits(1, 1), waits(2, 1), "of two alike the one that came first"),
    ],
)  # fmt: skip
def test_who_comes_first(first: Waiting, second: Waiting, why: str) -> None:
    assert order(second, first) == [1, 2], why


def test_what_an_agent_cannot_read_comes_last_and_is_not_lost() -> None:
    waiting = (waits(1, 90, language="sv", urgent=True), waits(2, language="da"), waits(3, 2, language=""))
    assert order(*waiting, speaks=("da",)) == [3, 2, 1]
    assert order(*waiting) == [1, 3, 2]


@pytest.mark.parametrize(
    ("language", "speaks", "can"),
    [
        ("da", ("da",), True),
        ("nn", ("nb",), True),
        ("nb", ("nn",), True),
        ("nb", ("da",), False),
        ("", ("da",), True),
        ("sv", (), True),
    ],
)
def test_who_reads_what(language: str, speaks: tuple[str, ...], can: bool) -> None:
    assert reads(language, speaks) is can


def at(day: int, hour: int, minute: int = 0, month: int = 3) -> datetime:
    """In Copenhagen in winter the clock on the wall is an hour ahead."""
    return datetime(2026, month, day, hour - 1, minute, tzinfo=UTC)


@pytest.mark.parametrize(
    ("start", "end", "hours"),
    [
        (at(2, 10), at(2, 12), 2),
        (at(2, 7), at(2, 10), 1),
        (at(2, 16), at(3, 10), 2),
        (at(6, 16), at(9, 10), 2),
        (at(7, 12), at(8, 12), 0),
        (at(2, 20), at(2, 22), 0),
        (at(2, 12), at(2, 12), 0),
        (at(2, 12), at(2, 11), 0),
        (datetime(2026, 4, 1, 14, tzinfo=UTC), datetime(2026, 4, 7, 8, tzinfo=UTC), 2),
        (datetime(2026, 12, 23, 15, tzinfo=UTC), datetime(2026, 12, 28, 9, tzinfo=UTC), 2),
    ],
)
def test_opening_hours_are_those_of_working_days(start: datetime, end: datetime, hours: float) -> None:
    assert open_between(start, end, "DK", HOURS) == timedelta(hours=hours)


@given(
    start=st.timedeltas(timedelta(), timedelta(days=1000)).map(lambda after: NOW + after),
    length=st.timedeltas(timedelta(), timedelta(days=MOST_DAYS // 2)),
    more=st.timedeltas(timedelta(), timedelta(days=MOST_DAYS // 2)),
)
def test_waiting_longer_is_never_less(start: datetime, length: timedelta, more: timedelta) -> None:
    shorter = open_between(start, start + length, "DK", HOURS)
    assert timedelta() <= shorter <= length
    assert shorter <= open_between(start, start + length + more, "DK", HOURS) <= shorter + more


def test_of_more_than_two_months_the_last_two_are_counted() -> None:
    longest = open_between(NOW - timedelta(days=MOST_DAYS), NOW, "DK", HOURS)
    assert longest > timedelta(hours=300)
    assert open_between(NOW - timedelta(days=400), NOW, "DK", HOURS) == longest
