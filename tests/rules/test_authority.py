"""Who may give how much without asking, exactly up to the limit."""

import pytest
from rules_builders import facts, order, policy

from bot.rules import authority, remedies
from bot.rules.facts import AgentFacts, Item, Money


@pytest.mark.parametrize(
    ("role", "currency", "minor", "within"),
    [
        ("agent", "DKK", 200_000, True),
        ("agent", "DKK", 200_001, False),
        ("agent", "NOK", 300_000, True),
        ("agent", "SEK", 300_001, False),
        ("agent", "EUR", 27_000, True),
        ("agent", "EUR", 27_001, False),
        ("lead", "DKK", 1_000_000, True),
        ("lead", "DKK", 1_000_001, False),
        ("manager", "DKK", 90_000_000, True),
        ("intern", "DKK", 200_001, False),
        ("agent", "JPY", 1, False),
    ],
)
def test_making_good_ends_exactly_at_the_limit_of_the_role(
    role: str, currency: str, minor: int, within: bool
) -> None:
    books = order(currency=currency, items=(Item("Sofa", minor),), captures_minor=(minor,), shipping_minor=())
    remedy = remedies.new_item_or_money(facts("damaged_item", order=books, agent=AgentFacts("Sofie", role)))
    assert remedy.within_authority is within


def test_a_line_dearer_than_what_is_left_to_give_back_is_judged_by_its_price() -> None:
    books = order(items=(Item("Sofa", 300_000),), captures_minor=(300_000,), refundable_minor=100_000)
    remedy = remedies.new_item_or_money(facts("damaged_item", order=books))
    assert (remedy.amount_minor, remedy.within_authority) == (100_000, False)


@pytest.mark.parametrize(
    ("chosen", "given_minor", "within"),
    [
        (20_000, 20_000, True),  # less than owed is the agent's choice
        (54_800 + 20_000, 74_800, True),  # what goes beyond is goodwill, exactly up to its limit
        (54_800 + 20_001, 74_801, False),
        (1_000_000, 109_600, False),  # never more than was paid
    ],
)
def test_an_agent_may_change_the_amount(chosen: int, given_minor: int, within: bool) -> None:
    case = facts("double_charge", order=order(captures_minor=(54800, 54800)))
    changed = authority.revised(case, remedies.double_charge(case), chosen)
    assert (changed.amount_minor, changed.within_authority) == (given_minor, within)


@pytest.mark.parametrize(("chosen", "within"), [(35_000, True), (200_000, True), (200_001, False)])
def test_a_changed_proposal_is_judged_by_the_limit(chosen: int, within: bool) -> None:
    case = facts("damaged_item", named=((20_000, "DKK"),))
    changed = authority.revised(case, remedies.new_item_or_money(case), chosen)
    assert (changed.amount_minor, changed.within_authority) == (chosen, within)


def test_changed_goodwill_may_be_doubled_with_a_second_chance() -> None:
    case = facts("service_complaint", second_bad_experience=True)
    assert authority.revised(case, remedies.goodwill(case), 40_000).within_authority
    assert not authority.revised(case, remedies.goodwill(case), 40_001).within_authority


@pytest.mark.parametrize("tier", ["D", "X"])
def test_no_money_is_given_where_the_law_comes_first(tier: str) -> None:
    assert not authority.allows(policy(), "agent", tier, Money(1, "DKK"))


def test_a_house_that_never_refunds_sends_goodwill_to_a_lead() -> None:
    never = policy({"authority": {"refunds": "never"}})
    assert not authority.allows(never, "agent", "C", Money(1, "DKK"))
    assert authority.allows(never, "lead", "C", Money(100_000, "DKK"))
