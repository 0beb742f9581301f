"""When a case that is put off comes back: in the house's hours, on its working days."""

from datetime import UTC, datetime

import pytest
from scenes import house

from bot.rules.snoozes import snoozes

HOURS = house().policy.hours


def found(now: datetime) -> dict[str, str]:
    return {each.name: f"{each.until:%a %d %H:%M}" for each in snoozes(now, "DK", HOURS)}


@pytest.mark.parametrize(
    ("now", "ways"),
    [
        # Monday morning, ten o'clock in Copenhagen.
        ((2, 9, 0), {"today": "Mon 02 12:00", "tomorrow": "Tue 03 08:00", "next_week": "Mon 09 08:00"}),
        # Before opening time it is not before nine.
        ((2, 3, 0), {"today": "Mon 02 08:00", "tomorrow": "Tue 03 08:00", "next_week": "Mon 09 08:00"}),
        # Too little of the day is left.
        ((2, 13, 30), {"tomorrow": "Tue 03 08:00", "next_week": "Mon 09 08:00"}),
        # On a Friday the next working day is Monday, which is next week.
        ((6, 9, 0), {"today": "Fri 06 12:00", "tomorrow": "Mon 09 08:00"}),
        ((7, 9, 0), {"tomorrow": "Mon 09 08:00"}),
    ],
)
def test_the_ways_to_put_a_case_off(now: tuple[int, int, int], ways: dict[str, str]) -> None:
    day, hour, minute = now
    assert found(datetime(2026, 3, day, hour, minute, tzinfo=UTC)) == ways


def test_a_holiday_is_no_day_to_come_back() -> None:
    # The Wednesday before Easter; Monday is Easter Monday.
    assert found(datetime(2026, 4, 1, 8, 0, tzinfo=UTC))["tomorrow"] == "Tue 07 07:00"
