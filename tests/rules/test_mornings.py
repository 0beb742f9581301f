"""When it is morning: on a working day of the house, from its opening until noon, in its own time."""

from dataclasses import replace
from datetime import UTC, date, datetime

import pytest
from rules_builders import policy

from bot.rules.mornings import morning

MONDAY = date(2026, 3, 2)
HOURS = policy().hours


@pytest.mark.parametrize(
    ("at", "country", "day"),
    [
        ("2026-03-02T06:59:59", "DK", None),
        ("2026-03-02T07:00:00", "DK", MONDAY),
        ("2026-03-02T10:59:59", "DK", MONDAY),
        ("2026-03-02T11:00:00", "DK", None),
        ("2026-03-02T06:30:00", "FI", MONDAY),
        # Summer time began the day before.
        ("2026-03-30T06:00:00", "DK", date(2026, 3, 30)),
        ("2026-03-30T10:00:00", "DK", None),
        # A Sunday, Maundy Thursday in Denmark and not in Sweden, Christmas Eve.
        ("2026-03-01T09:00:00", "DK", None),
        ("2026-04-02T09:00:00", "DK", None),
        ("2026-04-02T09:00:00", "SE", date(2026, 4, 2)),
        ("2026-12-24T09:00:00", "NO", None),
    ],
)
def test_it_is_morning_from_opening_until_noon_of_a_working_day(
    at: str, country: str, day: date | None
) -> None:
    hours = replace(HOURS, open_hour=8)
    assert morning(datetime.fromisoformat(at).replace(tzinfo=UTC), country, hours) == day


def test_a_house_that_opens_at_noon_or_later_has_a_morning_of_an_hour() -> None:
    hours = replace(HOURS, open_hour=14)
    at = {hour: datetime(2026, 3, 2, hour - 1, 30, tzinfo=UTC) for hour in (13, 14, 15)}
    assert [morning(each, "DK", hours) for each in at.values()] == [None, MONDAY, None]
