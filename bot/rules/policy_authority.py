"""Who may give how much, as the policy's section `authority` tells it. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

from bot.rules.policy_document import Section

ROLES = ("agent", "lead", "manager")


@dataclass(frozen=True, slots=True)
class Authority:
    """Who may give how much. Amounts are in the smallest unit, by ISO 4217 code, for one case."""

    #: Tier B and tier C limits of an agent.
    make_it_right_minor: Mapping[str, int]
    goodwill_minor: Mapping[str, int]
    #: Above this a colleague checks the typing of a restitution.
    second_check_minor: Mapping[str, int]
    #: How many times the limits each role may give; None ends only at what was paid.
    times: Mapping[str, int | None]
    #: False where the house sends every remedy that is not restitution to a lead.
    agents_may_refund: bool


def parse_authority(whole: Section) -> Authority:
    """The section `authority`. Raises ConfigError naming the key and the remedy."""
    keys = ("make_it_right", "goodwill", "second_check", "times", "refunds")
    section = whole.section("authority", keys)
    roles = section.section("times", ROLES)
    times = {role: None if roles.value(role) == "unlimited" else roles.whole(role, 0, 1000) for role in ROLES}
    return Authority(
        make_it_right_minor=section.amounts("make_it_right"),
        goodwill_minor=section.amounts("goodwill"),
        second_check_minor=section.amounts("second_check"),
        times=MappingProxyType(times),
        agents_may_refund=section.choice("refunds", ("agents", "never")) == "agents",
    )
