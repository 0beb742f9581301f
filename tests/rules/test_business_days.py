"""Working days and hours where the customer lives."""

from datetime import UTC, date, datetime

import pytest

from bot.rules import business_days


@pytest.mark.parametrize(
    ("day", "country"),
    [
        ("2026-04-02", "DK"),  # Maundy Thursday
        ("2026-04-06", "DK"),  # Easter Monday
        ("2026-06-05", "DK"),  # Constitution Day, offices close
        ("2026-12-24", "DK"),
        ("2026-12-31", "NO"),
        ("2028-05-17", "NO"),
        ("2026-06-19", "SE"),  # Midsummer Eve
        ("2026-06-19", "FI"),
        ("2026-11-21", "DK"),  # a Saturday
        ("2026-11-22", "XX"),  # a Sunday, and a country without a calendar
    ],
)
def test_nobody_works_on(day: str, country: str) -> None:
    assert not business_days.is_business_day(date.fromisoformat(day), country)


@pytest.mark.parametrize(
    ("day", "country"),
    [
        ("2026-05-01", "DK"),  # a working day in Denmark, a holiday in Norway and Sweden
        ("2024-04-26", "DK"),  # Store bededag was abolished
        ("2026-04-02", "SE"),  # Maundy Thursday is no holiday in Sweden
        ("2028-05-17", "DK"),
        ("2026-06-05", "NO"),
        ("2026-05-15", "DK"),
        ("2026-11-20", "XX"),
        ("2026-11-20", ""),
    ],
)
def test_people_work_on(day: str, country: str) -> None:
    assert business_days.is_business_day(date.fromisoformat(day), country)


@pytest.mark.parametrize(
    ("start", "count", "country", "expected"),
    [
        ("2026-04-01", 5, "DK", "2026-04-13"),  # over Easter
        ("2026-04-01", 5, "SE", "2026-04-10"),  # in Sweden Maundy Thursday is worked
        ("2028-05-16", 1, "NO", "2028-05-18"),  # over 17 May
        ("2028-05-16", 1, "SE", "2028-05-17"),
        ("2026-06-18", 1, "SE", "2026-06-22"),  # over midsummer
        ("2026-06-18", 1, "DK", "2026-06-19"),
        ("2026-12-23", 1, "DK", "2026-12-28"),
        ("2026-11-21", 0, "DK", "2026-11-23"),  # no days after a Saturday is Monday
        ("2026-11-21", 1, "DK", "2026-11-23"),
        ("2026-11-20", 0, "DK", "2026-11-20"),
    ],
)
def test_counting_business_days(start: str, count: int, country: str, expected: str) -> None:
    assert business_days.add(date.fromisoformat(start), count, country) == date.fromisoformat(expected)


@pytest.mark.parametrize(
    ("day", "country", "expected"),
    [
        ("2026-03-27", "DK", datetime(2026, 3, 27, 13, tzinfo=UTC)),  # the Friday before summer time
        ("2026-03-30", "DK", datetime(2026, 3, 30, 12, tzinfo=UTC)),  # the Monday after
        ("2026-10-23", "SE", datetime(2026, 10, 23, 12, tzinfo=UTC)),
        ("2026-10-26", "SE", datetime(2026, 10, 26, 13, tzinfo=UTC)),
        ("2026-07-01", "FI", datetime(2026, 7, 1, 11, tzinfo=UTC)),
        ("2026-07-01", "GB", datetime(2026, 7, 1, 13, tzinfo=UTC)),
        ("2026-07-01", "", datetime(2026, 7, 1, 12, tzinfo=UTC)),
    ],
)
def test_two_in_the_afternoon_is_the_customers_own(day: str, country: str, expected: datetime) -> None:
    assert business_days.at_hour(date.fromisoformat(day), 14, country) == expected


def test_the_day_of_an_instant_is_the_one_on_the_customers_wall() -> None:
    late = datetime(2026, 6, 30, 22, 30, tzinfo=UTC)
    assert business_days.local_day(late, "DK") == date(2026, 7, 1)
    assert business_days.local_day(late, "IS") == date(2026, 6, 30)
