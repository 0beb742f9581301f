"""Who may give how much without asking (R0-11, R0-13).

A limit says when a lead is asked; it never says no to a customer. Restitution, the customer's own money, has
no limit. That nothing beyond what was paid leaves the house is not a limit but a fact, kept in `remedies`.
"""

from dataclasses import replace

from bot.rules import strikes
from bot.rules.decisions import Remedy
from bot.rules.facts import Facts, Money
from bot.rules.policy import Policy


def limit_minor(
    policy: Policy, role: str, tier: str, currency: str, second_chance: bool = False
) -> int | None:
    """The most `role` may give in one case; None is no limit. A currency without a limit has 0.

    An unknown role is an agent. Goodwill grows for a customer we let down before.
    """
    authority = policy.authority
    times = authority.times.get(role, authority.times["agent"])
    if tier == "A" or times is None:
        return None
    if not authority.agents_may_refund and role not in ("lead", "manager"):
        return 0
    if tier == "B":
        return authority.make_it_right_minor.get(currency, 0) * times
    if tier == "C":
        chance = policy.second_chance.goodwill_times if second_chance else 1
        return authority.goodwill_minor.get(currency, 0) * times * chance
    return 0


def allows(policy: Policy, role: str, tier: str, money: Money, second_chance: bool = False) -> bool:
    """Whether `role` may give this much without asking; exactly the limit is allowed."""
    limit = limit_minor(policy, role, tier, money.currency, second_chance)
    return limit is None or money.amount_minor <= limit


def needs_second_check(policy: Policy, tier: str, money: Money) -> bool:
    """Whether a colleague looks at the typing: large restitutions, and currencies we have no number for."""
    return tier == "A" and money.amount_minor > policy.authority.second_check_minor.get(money.currency, 0)


def judged(facts: Facts, remedy: Remedy, at_stake_minor: int | None = None) -> Remedy:
    """`remedy` with the two questions answered: must a lead approve it, must a colleague check it.

    `at_stake_minor` stands in where the remedy names no amount or costs more than it gives back. What no
    order fact supports is judged as making right, whatever its tier: it is our word then, not our books.
    """
    stake = remedy.amount_minor if at_stake_minor is None else at_stake_minor
    if stake is None or remedy.currency is None:
        return remedy
    money = Money(stake, remedy.currency)
    tier = remedy.tier if remedy.known or remedy.tier == "C" else "B"
    return replace(
        remedy,
        within_authority=allows(facts.policy, facts.agent.role, tier, money, strikes.is_second_chance(facts)),
        needs_second_check=needs_second_check(facts.policy, remedy.tier, money),
    )


def revised(facts: Facts, remedy: Remedy, amount_minor: int) -> Remedy:
    """`remedy` with the amount an agent chose instead (R0-11), judged anew.

    What goes beyond a restitution is goodwill. Never more than what is left of what was paid: the amount is
    cut there, so compare before you promise it.
    """
    order = facts.trusted_order
    if order is not None and remedy.kind not in ("credit", "release"):
        amount_minor = min(amount_minor, order.refundable_minor)
    changed = replace(remedy, amount_minor=amount_minor)
    if remedy.tier != "A" or not remedy.known or remedy.amount_minor is None:
        return judged(facts, changed)
    surplus = amount_minor - remedy.amount_minor
    money = Money(max(surplus, 0), remedy.currency or "")
    return replace(
        judged(facts, changed),
        within_authority=surplus <= 0
        or allows(facts.policy, facts.agent.role, "C", money, strikes.is_second_chance(facts)),
    )
