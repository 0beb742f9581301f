"""Until when somebody wants to be left alone, in their words."""

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.rules.until import LONGEST, NotUnderstood, until

HERE = ZoneInfo("Europe/Copenhagen")
#: A Monday, 09:30 in Copenhagen.
NOW = datetime(2026, 3, 2, 8, 30, tzinfo=UTC)


@pytest.mark.parametrize(
    ("words", "end"),
    [
        ("2h", datetime(2026, 3, 2, 10, 30, tzinfo=UTC)),
        ("90 min", datetime(2026, 3, 2, 10, 0, tzinfo=UTC)),
        ("for 3 days", datetime(2026, 3, 5, 8, 30, tzinfo=UTC)),
        ("1 week", datetime(2026, 3, 9, 8, 30, tzinfo=UTC)),
        ("today", datetime(2026, 3, 3, tzinfo=HERE)),
        ("I DAG", datetime(2026, 3, 3, tzinfo=HERE)),
        ("tomorrow", datetime(2026, 3, 3, tzinfo=HERE)),
        ("until monday", datetime(2026, 3, 9, tzinfo=HERE)),
        ("til  mandag", datetime(2026, 3, 9, tzinfo=HERE)),
        ("till måndag", datetime(2026, 3, 9, tzinfo=HERE)),
        ("fri", datetime(2026, 3, 6, tzinfo=HERE)),
        ("until 15:00", datetime(2026, 3, 2, 15, 0, tzinfo=HERE)),
        ("2026-03-29", datetime(2026, 3, 29, tzinfo=HERE)),
    ],
)
def test_a_time_to_come_is_understood(words: str, end: datetime) -> None:
    assert until(words, NOW, HERE) == end


@pytest.mark.parametrize(
    "words",
    ["", "0h", "soon", "09:00", "2026-03-01", "2026-02-30", "25:00", "until", "-2h", "0001-01-01", "2h 2h"],
)
def test_what_names_no_time_to_come_is_asked_again(words: str) -> None:
    with pytest.raises(NotUnderstood, match="until monday"):
        until(words, NOW, HERE)


@pytest.mark.parametrize("words", ["9999 days", "32 days", "2026-12-24", "9999-12-31"])
def test_nobody_is_left_alone_for_ever(words: str) -> None:
    with pytest.raises(NotUnderstood, match="31 days"):
        until(words, NOW, HERE)


def test_a_day_ends_by_the_clock_on_the_wall_when_the_clocks_change() -> None:
    saturday = datetime(2026, 3, 28, 22, 0, tzinfo=UTC)
    assert until("sunday", saturday, HERE) == datetime(2026, 3, 28, 23, 0, tzinfo=UTC)
    assert until("monday", saturday, HERE) == datetime(2026, 3, 29, 22, 0, tzinfo=UTC)


@given(words=st.text(max_size=40))
def test_whatever_is_typed_is_a_time_to_come_or_a_question(words: str) -> None:
    try:
        end = until(words, NOW, HERE)
    except NotUnderstood:
        return
    assert NOW < end <= NOW + LONGEST
