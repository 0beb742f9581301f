"""When we write again: on a working day where the customer lives, when the problem would be back."""

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as some
from rules_builders import NOW, facts, order, policy

from bot.rules import business_days, remedies
from bot.rules.decisions import FOLLOW_UP_KINDS, INTENTS, REMEDY_KINDS
from bot.rules.facts import CustomerFacts, Delivery
from bot.rules.follow_ups import Wanted, for_case, opening, plan_follow_up, still_wanted


def _at(text: str) -> datetime:
    return datetime.fromisoformat(text).astimezone(UTC)


def _plan(intent: str, now: str, country: str = "DK", **fields: Any) -> datetime | None:
    plan = plan_follow_up(intent, now=_at(now), country=country, policy=policy(), **fields)
    return plan.due_at if plan else None


@pytest.mark.parametrize(
    ("intent", "now", "country", "fields", "due"),
    [
        # Five business days after the refund, over a weekend.
        (
            "double_charge",
            "2025-11-19T11:00+01:00",
            "DK",
            {"remedy_kind": "refund"},
            "2025-11-26T14:00+01:00",
        ),
        # A bank takes longer to let a reservation go.
        (
            "double_charge",
            "2025-11-19T11:00+01:00",
            "DK",
            {"remedy_kind": "release"},
            "2025-12-03T14:00+01:00",
        ),
        # Over Danish Easter, and from winter into summer time.
        ("duplicate_fee", "2026-03-27T16:00+01:00", "DK", {}, "2026-04-08T14:00+02:00"),
        ("duplicate_fee", "2026-04-01T10:00+02:00", "DK", {}, "2026-04-13T14:00+02:00"),
        # The same days in Sweden, where Maundy Thursday is worked.
        ("duplicate_fee", "2026-04-01T10:00+02:00", "SE", {}, "2026-04-10T14:00+02:00"),
        # Over the Norwegian 17 May, a Wednesday, and Swedish Midsummer Eve, a Friday.
        ("double_charge", "2028-05-16T10:00+02:00", "NO", {}, "2028-05-24T14:00+02:00"),
        ("double_charge", "2026-06-17T10:00+02:00", "SE", {}, "2026-06-25T14:00+02:00"),
        # From summer into winter time.
        ("double_charge", "2026-10-21T10:00+02:00", "NO", {}, "2026-10-28T14:00+01:00"),
        # Late in the evening it is already the next day in Helsinki.
        ("other", "2026-07-06T23:30+02:00", "FI", {}, "2026-07-10T14:00+03:00"),
        # Three days after a Thursday is a Sunday: Monday then.
        ("service_complaint", "2025-11-20T12:00+01:00", "DK", {}, "2025-11-24T14:00+01:00"),
        # Two days after the new item is there; a known day wins over our guess.
        ("damaged_item", "2025-11-19T11:00+01:00", "DK", {"remedy_kind": "choice"}, "2025-11-26T14:00+01:00"),
        (
            "damaged_item",
            "2025-11-19T11:00+01:00",
            "DK",
            {"remedy_kind": "replacement", "expected_on": date(2025, 12, 1)},
            "2025-12-03T14:00+01:00",
        ),
        # The customer took the money: ask about the money.
        ("damaged_item", "2025-11-19T11:00+01:00", "DK", {"remedy_kind": "refund"}, "2025-11-26T14:00+01:00"),
        # One business day after the next bill.
        (
            "cancellation",
            "2025-11-19T11:00+01:00",
            "DK",
            {"expected_on": date(2025, 12, 12)},
            "2025-12-15T14:00+01:00",
        ),
        ("cancellation", "2025-11-19T11:00+01:00", "DK", {}, "2025-12-22T14:00+01:00"),
        # A day that has passed is no day to count from.
        (
            "late_delivery",
            "2025-11-19T11:00+01:00",
            "DK",
            {"expected_on": date(2025, 11, 3)},
            "2025-11-20T14:00+01:00",
        ),
    ],
)
def test_a_follow_up_comes_when_the_problem_would_be_back(
    intent: str, now: str, country: str, fields: dict[str, Any], due: str
) -> None:
    assert _plan(intent, now, country, **fields) == _at(due)


@pytest.mark.parametrize("intent", ["praise", "data_request", "product_question", "price_discount"])
def test_some_cases_are_left_in_peace(intent: str) -> None:
    assert _plan(intent, "2025-11-19T11:00+01:00") is None


@pytest.mark.parametrize(
    ("intent", "kind"), [("product_question", "how_is_it"), ("praise", None), ("data_request", None)]
)
def test_a_second_chance_always_gets_one_except_where_it_would_hurt(intent: str, kind: str | None) -> None:
    plan = plan_follow_up(intent, now=NOW, country="DK", policy=policy(), second_chance=True)
    assert (plan.kind if plan else None) == kind
    assert plan is None or plan.compulsory


def test_a_given_back_price_difference_is_followed_up() -> None:
    plan = plan_follow_up(
        "price_discount", now=NOW, country="DK", policy=policy(), remedy_kind="price_difference"
    )
    assert plan is not None
    assert plan.kind == "money_arrived"


def test_a_follow_up_never_lies_in_the_past_however_short_the_house_waits() -> None:
    at_once = policy({"follow_ups": {"other": {"days": 0}}})
    evening = _at("2025-11-21T15:00+01:00")
    plan = plan_follow_up("other", now=evening, country="DK", policy=at_once)
    assert plan is not None
    assert plan.due_at == _at("2025-11-24T14:00+01:00")


@given(
    intent=some.sampled_from(INTENTS),
    kind=some.none() | some.sampled_from(REMEDY_KINDS),
    now=some.integers(0, 6 * 365 * 24 * 60).map(lambda minutes: NOW + timedelta(minutes=minutes)),
    country=some.sampled_from(["DK", "NO", "SE", "FI", "IS", "DE", "GB", "US", ""]),
    second_chance=some.booleans(),
)
def test_every_follow_up_lands_in_working_hours_after_now(
    intent: str, kind: str | None, now: datetime, country: str, second_chance: bool
) -> None:
    plan = plan_follow_up(
        intent, now=now, country=country, policy=policy(), remedy_kind=kind, second_chance=second_chance
    )
    if plan is None:
        return
    local = plan.due_at.astimezone(business_days.zone(country))
    assert plan.due_at > now
    assert 9 <= local.hour < 17
    assert business_days.is_business_day(local.date(), country)
    assert plan.kind in FOLLOW_UP_KINDS
    assert plan.why
    assert opening(plan.due_at, country, policy()) == plan.due_at


def test_the_working_days_are_the_orders_before_the_customers() -> None:
    books = order(country="SE", captures_minor=(54800, 54800))
    case = facts("double_charge", order=books, now=_at("2026-04-01T10:00+02:00"))
    plan = for_case(case, "double_charge", remedies.double_charge(case))
    assert plan is not None
    assert plan.due_at == _at("2026-04-10T14:00+02:00")


def test_a_customer_of_unknown_country_gets_the_houses_working_days() -> None:
    case = facts("double_charge", customer=CustomerFacts(), now=_at("2026-04-01T10:00+02:00"))
    plan = for_case(case, "double_charge", None)
    assert plan is not None
    assert plan.due_at == _at("2026-04-13T14:00+02:00")


def test_a_late_parcel_is_asked_about_the_day_after_its_new_date() -> None:
    delivery = Delivery("sent", NOW - timedelta(days=2), expected_at=NOW + timedelta(days=5))
    case = facts("late_delivery", order=order(delivery=delivery))
    plan = for_case(case, "late_delivery", None)
    assert plan is not None
    assert plan.due_at == _at("2025-11-25T14:00+01:00")


def _wanted(**fields: Any) -> Wanted:
    given: dict[str, Any] = {"now": NOW, "due_at": NOW, "policy": policy()}
    return Wanted(**(given | fields))


@pytest.mark.parametrize(
    ("fields", "said"),
    [
        ({}, None),
        ({"due_at": NOW - timedelta(days=7)}, None),
        ({"due_at": NOW - timedelta(days=7, seconds=1)}, "person decides"),
        ({"customer_wrote_since": True}, "wrote first"),
        ({"conversation_state": "open"}, "open again"),
        ({"conversation_state": "snoozed"}, "open again"),
        ({"bounced": True}, "comes back"),
        ({"opted_out": True}, "does not want"),
        ({"erased": True, "customer_wrote_since": True}, "delete"),
        ({"remedy_failed": True}, "has not been done"),
    ],
)
def test_a_due_follow_up_goes_unless_there_is_a_reason(fields: dict[str, Any], said: str | None) -> None:
    reason = still_wanted(_wanted(**fields))
    assert (said is None) == (reason is None)
    assert said is None or said in (reason or "")


@pytest.mark.parametrize(
    ("now", "opens"),
    [
        ("2025-11-19T08:59+01:00", "2025-11-19T09:00+01:00"),
        ("2025-11-19T09:00+01:00", "2025-11-19T09:00+01:00"),
        ("2025-11-19T16:59+01:00", "2025-11-19T16:59+01:00"),
        ("2025-11-19T17:00+01:00", "2025-11-20T09:00+01:00"),
        ("2025-11-22T12:00+01:00", "2025-11-24T09:00+01:00"),
        ("2025-12-23T18:00+01:00", "2025-12-29T09:00+01:00"),
    ],
)
def test_nobody_is_written_to_at_night_or_on_a_holiday(now: str, opens: str) -> None:
    assert opening(_at(now), "DK", policy()) == _at(opens)
