"""The house policy: what it says as shipped, what a house can change, and how mistakes are told."""

from datetime import date
from typing import Any

import pytest
from rules_builders import policy, shipped

from bot.errors import ConfigError
from bot.rules.decisions import INTENTS
from bot.rules.policy import parse_policy
from bot.rules.policy_warnings import warnings

TODAY = date(2026, 12, 1)


def test_the_shipped_numbers() -> None:
    authority = policy().authority
    assert [authority.make_it_right_minor[code] for code in ("DKK", "NOK", "SEK", "EUR")] == [
        200_000,
        300_000,
        300_000,
        27_000,
    ]
    assert [authority.goodwill_minor[code] for code in ("DKK", "NOK", "SEK", "EUR")] == [
        20_000,
        30_000,
        30_000,
        2_700,
    ]
    assert authority.second_check_minor["DKK"] == 1_000_000
    assert authority.times == {"agent": 1, "lead": 5, "manager": None}


def test_a_currency_without_a_small_unit_keeps_its_number() -> None:
    assert policy().authority.goodwill_minor["ISK"] == 4000


def test_every_intent_has_a_line_about_its_follow_up() -> None:
    assert set(INTENTS) <= set(policy().follow_ups.rules)


def test_the_shipped_policy_drives_nobody_away() -> None:
    assert warnings(policy(), TODAY) == ()


def test_the_house_wins_key_by_key_and_the_last_word_counts() -> None:
    house = {"authority": {"goodwill": {"DKK": 350}}, "promises": {"refund_business_days": 3}}
    chat = {"authority": {"goodwill": {"DKK": "400.50"}}}
    changed = policy(house, chat)
    assert changed.authority.goodwill_minor["DKK"] == 40_050
    assert changed.authority.goodwill_minor["NOK"] == 30_000
    assert changed.promises.refund_business_days == 3
    assert changed.promises.answer_business_days == policy().promises.answer_business_days


def test_an_override_leaves_the_shipped_document_alone() -> None:
    before = str(shipped())
    policy({"authority": {"goodwill": {"DKK": 1}}}, {"follow_ups": {"other": "none"}})
    assert str(shipped()) == before


def test_a_follow_up_can_be_changed_in_part_switched_off_and_counted_otherwise() -> None:
    rules = policy(
        {"follow_ups": {"double_charge": {"days": 9}, "other": "none", "return": {"business_days": 4}}}
    ).follow_ups.rules
    assert (rules["double_charge"].kind, rules["double_charge"].days) == ("money_arrived", 9)
    assert (rules["return"].kind, rules["return"].business_days) == ("return_received", 4)
    assert rules["other"].kind is None


def test_days_replace_business_days_of_the_shipped_file() -> None:
    rule = policy({"follow_ups": {"return": {"days": 10}}}).follow_ups.rules["return"]
    assert (rule.days, rule.business_days) == (10, 0)


@pytest.mark.parametrize(
    ("override", "named"),
    [
        ({"authorty": {}}, ("authorty", "authority")),
        ({"authority": {"goodwil": {}}}, ("authority.goodwil", "did you mean goodwill")),
        ({"authority": {"goodwill": {"kr": 200}}}, ("authority.goodwill.kr", "three capitals")),
        ({"authority": {"goodwill": {"DKK": -1}}}, ("authority.goodwill.DKK", "0 or more")),
        ({"authority": {"goodwill": {"DKK": 0.001}}}, ("authority.goodwill.DKK", "such as 200")),
        ({"authority": {"goodwill": {"DKK": "much"}}}, ("authority.goodwill.DKK", "'much'")),
        ({"authority": {"goodwill": {"DKK": float("nan")}}}, ("authority.goodwill.DKK", "nan")),
        ({"authority": {"goodwill": {"DKK": True}}}, ("authority.goodwill.DKK", "True")),
        ({"authority": {"goodwill": 200}}, ("authority.goodwill", "DKK: 200")),
        ({"authority": {"times": {"agent": 1.5}}}, ("authority.times.agent", "whole number")),
        ({"authority": {"times": {"boss": 1}}}, ("authority.times.boss", "agent, lead, manager")),
        ({"authority": {"refunds": False}}, ("authority.refunds", "agents, never")),
        ({"authority": "all"}, ("authority", "make_it_right")),
        ({"promises": {"return_days": 7}}, ("promises.return_days", "from 14")),
        ({"promises": {"answer_business_days": 0}}, ("promises.answer_business_days", "from 1")),
        ({"hours": {"close": 9}}, ("hours.close", "from 10")),
        ({"hours": {"follow_up": 17}}, ("hours.follow_up", "to 16")),
        ({"hours": {"home_country": False}}, ("hours.home_country", '"NO"')),
        ({"hours": {"home_country": "Denmark"}}, ("hours.home_country", "two capitals")),
        ({"follow_ups": {"double_charge": {"kind": "sale"}}}, ("follow_ups.double_charge.kind", "heard")),
        ({"follow_ups": {"double_charge": 5}}, ("follow_ups.double_charge", "kind")),
        ({"follow_ups": {"other": {"days": 1, "business_days": 1}}}, ("follow_ups.other", "keep one")),
        ({"follow_ups": {"dobble_charge": "none"}}, ("follow_ups.dobble_charge", "double_charge")),
        ({"follow_ups": {"price_discount": {"days": 2}}}, ("follow_ups.price_discount.kind", "missing")),
        ({"follow_ups": {"second_chance": "none"}}, ("follow_ups.second_chance", "kind")),
        ({"second_chance": {"goodwill_times": 0}}, ("second_chance.goodwill_times", "from 1")),
        ({"desk": {"stack_from": 1}}, ("desk.stack_from", "two drafts or more")),
        ({"desk": {"stack_from": -1}}, ("desk.stack_from", "from 0")),
        ({"sending": {"most_per_hour": 0}}, ("sending.most_per_hour", "from 1")),
        ({"sending": {"most_automatic_per_day": 0}}, ("sending.most_automatic_per_day", "from 1")),
    ],
)
def test_a_mistake_is_told_with_its_key_and_the_remedy(
    override: dict[str, Any], named: tuple[str, str]
) -> None:
    with pytest.raises(ConfigError) as told:
        policy(override)
    for words in named:
        assert words in str(told.value)


def test_a_document_with_a_part_missing_says_which() -> None:
    document = {key: value for key, value in shipped().items() if key != "promises"}
    with pytest.raises(ConfigError, match="promises is missing"):
        parse_policy(document)


def test_a_file_that_holds_a_list_is_told_so() -> None:
    with pytest.raises(ConfigError, match="the file must hold authority"):
        parse_policy([])  # type: ignore[arg-type] # what a house can write


@pytest.mark.parametrize(
    ("override", "key"),
    [
        ({"authority": {"goodwill": {"DKK": 0}}}, "authority.goodwill"),
        ({"authority": {"make_it_right": {"SEK": 0}}}, "authority.make_it_right"),
        ({"authority": {"times": {"agent": 0}}}, "authority.times.agent"),
        ({"authority": {"refunds": "never"}}, "authority.refunds"),
        ({"promises": {"answer_business_days": 4}}, "promises.answer_business_days"),
    ],
)
def test_what_drives_customers_away_is_allowed_and_warned_of(override: dict[str, Any], key: str) -> None:
    (warning,) = warnings(policy(override), TODAY)
    assert warning.startswith(key)
    assert "Set" in warning
