"""Which country's law counts, what a house may change about it, and what it does to a return."""

from datetime import date, timedelta
from typing import Any

import pytest
import yaml
from rules_builders import NOW, facts, order, policy

from bot.errors import ConfigError
from bot.rules import decide
from bot.rules.facts import CustomerFacts, Delivery, Item
from bot.rules.law import law_of
from bot.rules.policy_warnings import warnings
from bot.rules.remedies import may_be_returned

FINLAND: dict[str, Any] = {
    "withdrawal_days": 14,
    "complaint_years": "none",
    "burden_of_proof_months": 12,
    "repayment_days": 14,
    "source": "kuluttajansuojalaki",
    "reviewed": "2026-10-01",
}


@pytest.mark.parametrize(
    ("country", "years", "durable", "months"),
    [("DK", 2, None, 12), ("NO", 2, 5, 24), ("SE", 3, None, 24)],
)
def test_the_shipped_countries(country: str, years: int, durable: int | None, months: int) -> None:
    law = policy().law[country]
    assert law.country == country
    assert (law.withdrawal_days, law.repayment_days) == (14, 14)
    assert (law.complaint_years, law.complaint_years_durable) == (years, durable)
    assert law.burden_of_proof_months == months


@pytest.mark.parametrize("language", ["da", "nb", "sv", "fi"])
def test_the_order_tells_the_country_whatever_the_language_and_the_address_of_the_customer(
    language: str,
) -> None:
    case = facts(order=order(country="NO"), language=language, customer=CustomerFacts(country="SE"))
    law = law_of(case)
    assert law is not None
    assert law.country == "NO"


@pytest.mark.parametrize(
    "fields",
    [
        {},
        {"order": order(country="")},
        {"order": order(country="FI")},
        {"order": order(country="DK"), "authentication": "fail"},
        {"order": order(country="SE"), "policy": policy({"law": {"SE": "none"}})},
    ],
)
def test_without_a_trusted_order_in_a_country_with_a_block_nothing_is_said_of_the_law(
    fields: dict[str, Any],
) -> None:
    assert law_of(facts(customer=CustomerFacts(country="DK"), **fields)) is None


def test_a_house_adds_a_country_and_changes_a_line_of_another() -> None:
    changed = policy({"law": {"FI": FINLAND, "DK": {"complaint_years": 3}}}).law
    assert set(changed) == {"DK", "NO", "SE", "FI"}
    assert (changed["FI"].complaint_years, changed["FI"].reviewed) == (None, date(2026, 10, 1))
    assert (changed["DK"].complaint_years, changed["DK"].burden_of_proof_months) == (3, 12)
    assert changed["DK"].source == policy().law["DK"].source


def test_a_difference_for_durable_things_can_be_taken_away() -> None:
    changed = policy({"law": {"NO": {"complaint_years_durable": "none"}}})
    assert changed.law["NO"].complaint_years_durable is None


def _without(key: str) -> dict[str, Any]:
    return {name: value for name, value in FINLAND.items() if name != key}


@pytest.mark.parametrize(
    ("written", "named"),
    [
        ("law: none", ("law is 'none'", "DK: {...}")),
        ("law: {NO: {withdrawal_days: 14}}", ("under law is False", '"NO"')),
        ("law: {Danmark: {}}", ("'Danmark'", "two capitals")),
        ("law: {UK: {}}", ("law.UK", "GB")),
        ("law: {EU: {}}", ("law.EU", "each country")),
        ("law: {DK: }", ("law.DK", "withdrawal_days")),
        ("law: {DK: {withdrawl_days: 14}}", ("law.DK.withdrawl_days", "did you mean withdrawal_days")),
        ("law: {DK: {withdrawal_days: 13}}", ("law.DK.withdrawal_days is 13", "EEA", "14 or more")),
        ("law: {DK: {repayment_days: 30}}", ("law.DK.repayment_days is 30", "EEA", "14 or fewer")),
        ("law: {DK: {complaint_years: two}}", ("law.DK.complaint_years", "'two'", "from 1")),
        ('law: {"NO": {complaint_years_durable: 1}}', ("law.NO.complaint_years_durable", "from 2")),
        # 24 years instead of months would be no rule of any country.
        ("law: {DK: {burden_of_proof_months: 288}}", ("law.DK.burden_of_proof_months", "to 24")),
        ("law: {DK: {source: }}", ("law.DK.source", "in words")),
        ("law: {DK: {reviewed: last year}}", ("law.DK.reviewed", "'last year'", "such as 2026-03-31")),
        ('law: {DK: {reviewed: "2026-13-01"}}', ("law.DK.reviewed", "year-month-day")),
        ("law: {DK: {reviewed: 2026-01-01 10:00:00}}", ("law.DK.reviewed", "year-month-day")),
    ],
)
def test_a_mistake_in_the_house_file_is_told_with_its_key_and_the_remedy(
    written: str, named: tuple[str, ...]
) -> None:
    with pytest.raises(ConfigError) as told:
        policy(yaml.safe_load(written))
    for words in named:
        assert words in str(told.value)


@pytest.mark.parametrize("key", [*FINLAND])
def test_a_new_country_needs_every_line(key: str) -> None:
    with pytest.raises(ConfigError, match=f"law.FI.{key} is missing"):
        policy({"law": {"FI": _without(key)}})


def test_outside_the_eea_the_law_may_give_less() -> None:
    assert policy({"law": {"US": FINLAND | {"withdrawal_days": 0}}}).law["US"].withdrawal_days == 0


@pytest.mark.parametrize(
    ("reviewed", "today", "said"),
    [
        (date(2025, 1, 31), date(2026, 7, 31), None),
        (date(2025, 1, 31), date(2026, 8, 1), "ago"),
        (date(2025, 1, 15), date(2026, 7, 16), "ago"),
        (date(2026, 12, 1), date(2026, 11, 30), None),
        (date(2062, 11, 21), date(2026, 11, 21), "ahead"),
    ],
)
def test_a_block_nobody_has_compared_for_eighteen_months_is_warned_of(
    reviewed: date, today: date, said: str | None
) -> None:
    blocks: dict[str, Any] = {"DK": {"reviewed": reviewed}, "NO": "none", "SE": {"reviewed": today}}
    found = warnings(policy({"law": blocks}), today)
    if said is None:
        assert found == ()
        return
    (warning,) = found
    assert warning.startswith(f"law.DK.reviewed is {reviewed}, more than 18 months {said}")
    assert "købeloven" in warning


@pytest.mark.parametrize(
    ("house_days", "law_days", "country", "received_days_ago", "may"),
    [
        (14, 30, "SE", 30, True),
        (14, 30, "SE", 31, False),
        (60, 30, "SE", 60, True),
        (60, 30, "SE", 61, False),
        # No block for the country: the house's own days.
        (14, 30, "FI", 15, False),
    ],
)
def test_a_return_is_in_time_by_the_house_or_by_the_law_whichever_gives_more(
    house_days: int, law_days: int, country: str, received_days_ago: int, may: bool
) -> None:
    own = policy(
        {"promises": {"return_days": house_days}, "law": {"SE": {"withdrawal_days": law_days}}},
    )
    books = order(
        country=country,
        delivery=Delivery("delivered", delivered_at=NOW - timedelta(days=received_days_ago)),
    )
    assert may_be_returned(facts("return", order=books, policy=own), books) is may


@pytest.mark.parametrize(
    ("country", "said"),
    [("DK", "2 years, and one shown within 12"), ("NO", "2 years (5 for what is meant"), ("SE", "3 years, ")],
)
def test_a_fault_tells_the_agent_what_the_law_of_the_delivery_country_gives(country: str, said: str) -> None:
    (told,) = [
        hint for hint in decide(facts("damaged_item", order=order(country=country))).hints if "law" in hint
    ]
    assert said in told
    assert policy().law[country].source in told


@pytest.mark.parametrize("fields", [{}, {"order": order(country="GB")}, {"order": order(country="")}])
def test_no_agent_is_told_a_law_that_the_house_has_not_written_down(fields: dict[str, Any]) -> None:
    assert not any("law" in hint for hint in decide(facts("damaged_item", **fields)).hints)


def test_no_letter_speaks_of_the_law() -> None:
    case = facts("damaged_item", order=order())
    assert not any("years" in str(value) or "law" in str(value) for value in decide(case).context.values())


def test_the_money_for_a_return_is_back_within_the_days_of_the_law() -> None:
    slow = policy({"law": {"US": FINLAND | {"withdrawal_days": 0, "repayment_days": 30}}})
    dear = {"items": (Item("Sofa", 1_500_000),), "captures_minor": (1_500_000,)}
    case = facts("return", order=order(country="US", **dear), policy=slow)
    assert any("19 December" in hint for hint in decide(case).hints), decide(case).hints
