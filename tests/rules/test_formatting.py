"""How money and days are written in each language."""

from datetime import UTC, datetime, timedelta

import pytest
from rules_builders import NOW

from bot.rules.composing import format_day, format_money


@pytest.mark.parametrize(
    ("minor", "currency", "language", "written"),
    [
        (49900, "DKK", "da", "499 kr."),
        (124950, "DKK", "da", "1.249,50 kr."),
        (49900, "NOK", "da", "499 NOK"),
        (4900, "EUR", "da", "49 euro"),
        (4950, "EUR", "da", "49,50 euro"),
        (49900, "NOK", "nb", "499 kr"),
        (124950, "NOK", "nb", "1 249,50 kr"),
        (124950, "NOK", "nn", "1 249,50 kr"),
        (49900, "DKK", "nn", "499 DKK"),
        (49900, "SEK", "sv", "499 kr"),
        (123456789, "SEK", "sv", "1 234 567,89 kr"),
        (49900, "DKK", "en", "DKK 499"),
        (124950, "EUR", "en", "EUR 1,249.50"),
        (4000, "ISK", "en", "ISK 4,000"),
        (5, "DKK", "da", "0,05 kr."),
        (49900, "DKK", "fi", "DKK 499"),
    ],
)
def test_money_is_written_as_at_home(minor: int, currency: str, language: str, written: str) -> None:
    assert format_money(minor, currency, language) == written


@pytest.mark.parametrize(
    ("language", "written"),
    [
        ("da", "onsdag den 26. november"),
        ("nb", "onsdag 26. november"),
        ("nn", "onsdag 26. november"),
        ("sv", "onsdag den 26 november"),
        ("en", "Wednesday 26 November"),
        ("de", "Wednesday 26 November"),
    ],
)
def test_a_day_is_written_as_at_home(language: str, written: str) -> None:
    assert format_day(datetime(2025, 11, 26, 11, tzinfo=UTC), language, NOW) == written


@pytest.mark.parametrize(
    ("offset", "weekday"),
    [
        (0, "måndag"),
        (1, "tysdag"),
        (2, "onsdag"),
        (3, "torsdag"),
        (4, "fredag"),
        (5, "laurdag"),
        (6, "søndag"),
    ],
)
def test_the_days_of_the_week_in_nynorsk(offset: int, weekday: str) -> None:
    monday = datetime(2025, 11, 24, 11, tzinfo=UTC)
    assert format_day(monday + timedelta(days=offset), "nn", NOW).startswith(weekday)


def test_a_day_half_a_year_away_has_its_year() -> None:
    assert format_day(datetime(2026, 11, 26, 11, tzinfo=UTC), "da", NOW) == "torsdag den 26. november 2026"


def test_a_day_is_the_customers_day() -> None:
    late = datetime(2025, 11, 26, 23, 30, tzinfo=UTC)
    assert format_day(late, "en", NOW, "IS") == "Wednesday 26 November"
    assert format_day(late, "en", NOW, "DK") == "Thursday 27 November"
