"""Attempts that wait longer and longer, and end; and the breaker between two machines."""

from datetime import UTC, datetime, timedelta
from itertools import pairwise

import pytest
from rules_builders import policy

from bot.rules.loops import may_send
from bot.rules.retries import next_attempt

NOW = datetime(2026, 1, 5, 12, tzinfo=UTC)


def _walk(key: str) -> list[timedelta]:
    """The waits of an item that fails until we give up."""
    waits = []
    now, attempt = NOW, 1
    while (then := next_attempt(attempt, now, key, None)) is not None:
        waits.append(then - now)
        now, attempt = then, attempt + 1
        assert attempt < 100, "it never ends"
    return waits


def test_the_waits_double_and_stay_below_three_hours_and_a_bit() -> None:
    waits = _walk("mail:1")
    assert timedelta(seconds=27) <= waits[0] <= timedelta(seconds=33)
    assert all(later > 1.5 * earlier for earlier, later in pairwise(waits[:9]))
    assert max(waits) <= timedelta(hours=3.3)


@pytest.mark.parametrize("key", ["a", "refund:7", "mail:123"])
def test_it_is_over_after_about_a_day(key: str) -> None:
    assert timedelta(hours=18) < sum(_walk(key), timedelta()) < timedelta(hours=26)


def test_the_same_row_gets_the_same_instant_and_others_get_others() -> None:
    assert next_attempt(5, NOW, "a", None) == next_attempt(5, NOW, "a", None)
    assert len({next_attempt(5, NOW, str(row), None) for row in range(50)}) == 50


@pytest.mark.parametrize("seconds", [0, 5, 31, 600, 86_400])
@pytest.mark.parametrize("attempt", [1, 4, 15])
def test_a_time_the_other_side_named_is_never_undercut(seconds: int, attempt: int) -> None:
    named = timedelta(seconds=seconds)
    then = next_attempt(attempt, NOW, "a", named)
    assert then is not None
    assert then >= NOW + named


def test_whoever_sends_us_away_for_days_is_left_to_a_person() -> None:
    assert next_attempt(1, NOW, "a", timedelta(hours=24, seconds=1)) is None


def test_the_breaker_opens_at_the_limit_and_closes_after_an_hour() -> None:
    house = policy({"sending": {"most_per_hour": 3}})
    sent = [NOW - timedelta(minutes=minutes) for minutes in (1, 20, 59)]
    assert not may_send(sent, NOW, house)
    assert may_send(sent[:2], NOW, house)
    assert may_send(sent, NOW + timedelta(minutes=1), house)
    assert may_send([], NOW, house)


def test_a_message_from_the_future_counts_against_the_breaker() -> None:
    house = policy({"sending": {"most_per_hour": 1}})
    assert not may_send([NOW + timedelta(hours=5)], NOW, house)
