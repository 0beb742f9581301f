"""The house policy as frozen values, built from policy.yaml by `parse_policy`.

Pure: the file is read elsewhere.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

from bot.errors import ConfigError
from bot.rules.decisions import FOLLOW_UP_KINDS, INTENTS, REMEDY_KINDS
from bot.rules.policy_document import Section, overlay

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


@dataclass(frozen=True, slots=True)
class SecondChance:
    """How a customer we let down before is treated."""

    remember_months: int
    goodwill_times: int
    call_within_business_days: int


@dataclass(frozen=True, slots=True)
class Promises:
    """The dates our letters may name, counted from today."""

    refund_business_days: int
    release_business_days: int
    new_item_business_days: int
    answer_business_days: int
    return_days: int


@dataclass(frozen=True, slots=True)
class Hours:
    """Hours of the customer's day: follow-ups go from `open_hour` up to, not including, `close_hour`."""

    open_hour: int
    close_hour: int
    follow_up_hour: int
    #: ISO 3166 alpha-2; stands in where a customer's country is not known, for working days only.
    home_country: str


@dataclass(frozen=True, slots=True)
class FollowUpRule:
    """When to write again. `kind` is None where we do not; `never` holds even for a second chance."""

    kind: str | None
    #: now, remedy, delivery or bill.
    after: str = "now"
    business_days: int = 0
    days: int = 0
    never: bool = False


@dataclass(frozen=True, slots=True)
class FollowUps:
    """When to write again, by intent, or by "intent/remedy kind", which wins."""

    rules: Mapping[str, FollowUpRule]
    second_chance: FollowUpRule
    stale_after_days: int


@dataclass(frozen=True, slots=True)
class Policy:
    """What the house allows and promises."""

    authority: Authority
    second_chance: SecondChance
    promises: Promises
    hours: Hours
    follow_ups: FollowUps
    #: Messages to one address in one conversation within an hour.
    most_sent_per_hour: int


def parse_policy(document: Mapping[str, object], *overrides: Mapping[str, object]) -> Policy:
    """The policy in `document` with the keys of each override laid over it, the last one on top.

    Raises ConfigError naming the key and the remedy.
    """
    for override in overrides:
        Section(override, _SECTIONS)
        document = overlay(document, override)
    whole = Section(document, _SECTIONS)
    return Policy(
        authority=_authority(whole),
        second_chance=_second_chance(whole),
        promises=_promises(whole),
        hours=_hours(whole),
        follow_ups=_follow_ups(whole),
        most_sent_per_hour=whole.section("sending", ("most_per_hour",)).whole("most_per_hour", 1, 1000),
    )


def warnings(policy: Policy) -> tuple[str, ...]:
    """What the policy allows itself that drives customers away, each with what to do instead (R0-14)."""
    authority = policy.authority
    limits = (("make_it_right", authority.make_it_right_minor), ("goodwill", authority.goodwill_minor))
    found = [
        f"authority.{section} is 0 for {', '.join(zero)}: whoever may give nothing has to say no to "
        f"customers who are right, and those leave. {_STILL_GIVEN} "
        "Set an amount you would trust a new colleague with."
        for section, limit in limits
        if (zero := [code for code, minor in limit.items() if minor == 0])
    ]
    if authority.times["agent"] == 0:
        found.append(
            "authority.times.agent is 0: every apology waits for a lead, and so does the customer, who may "
            f"not want to. {_STILL_GIVEN} Set 1 or more."
        )
    if not authority.agents_may_refund:
        found.append(
            "authority.refunds is never: when staff may not give money back, customers with every reason to "
            f'complain leave instead. {_STILL_GIVEN} Set "agents" and choose limits.'
        )
    if policy.promises.answer_business_days > _LONGEST_SILENCE_DAYS:
        found.append(
            f"promises.answer_business_days is {policy.promises.answer_business_days}: so long a silence "
            "feels like being forgotten. Set 1, and write even when there is nothing new."
        )
    return tuple(found)


_SECTIONS = ("authority", "second_chance", "promises", "hours", "follow_ups", "sending")
_STILL_GIVEN = "Money the customer is owed is given back all the same."
_LONGEST_SILENCE_DAYS = 3
_FOLLOW_UP_KEYS = (*INTENTS, *(f"{intent}/{kind}" for intent in INTENTS for kind in REMEDY_KINDS))


def _authority(whole: Section) -> Authority:
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


def _second_chance(whole: Section) -> SecondChance:
    keys = ("remember_months", "goodwill_times", "call_within_business_days")
    section = whole.section("second_chance", keys)
    return SecondChance(
        remember_months=section.whole("remember_months", 1, 120),
        goodwill_times=section.whole("goodwill_times", 1, 10),
        call_within_business_days=section.whole("call_within_business_days", 0, 30),
    )


def _promises(whole: Section) -> Promises:
    business_days = (
        "refund_business_days",
        "release_business_days",
        "new_item_business_days",
        "answer_business_days",
    )
    section = whole.section("promises", (*business_days, "return_days"))
    return Promises(
        **{key: section.whole(key, 1, 60) for key in business_days},
        return_days=section.whole("return_days", 14, 3650),
    )


def _hours(whole: Section) -> Hours:
    section = whole.section("hours", ("open", "close", "follow_up", "home_country"))
    opens = section.whole("open", 0, 22)
    closes = section.whole("close", opens + 1, 23)
    return Hours(
        open_hour=opens,
        close_hour=closes,
        follow_up_hour=section.whole("follow_up", opens, closes - 1),
        home_country=_country(section),
    )


def _country(hours: Section) -> str:
    code = hours.value("home_country")
    if isinstance(code, str) and len(code) == 2 and code.isascii() and code.isalpha() and code.isupper():
        return code
    # YAML reads a bare NO as the word "no".
    quoting = ' (Norway needs quotation marks: "NO")' if code is False else ""
    raise ConfigError(f"policy: hours.home_country is {code!r}; write two capitals, such as DK{quoting}")


def _follow_ups(whole: Section) -> FollowUps:
    section = whole.section("follow_ups", (*_FOLLOW_UP_KEYS, "second_chance", "stale_after_days"))
    second_chance = _follow_up(section, "second_chance")
    if second_chance.kind is None:
        raise ConfigError(
            "policy: follow_ups.second_chance is switched off; whoever we let down before always hears "
            "from us, so write a kind and a number of days"
        )
    return FollowUps(
        rules=MappingProxyType({key: _follow_up(section, key) for key in _FOLLOW_UP_KEYS if key in section}),
        second_chance=second_chance,
        stale_after_days=section.whole("stale_after_days", 1, 365),
    )


def _follow_up(section: Section, key: str) -> FollowUpRule:
    match section.value(key):
        case "none" | None:
            return FollowUpRule(kind=None)
        case "never":
            return FollowUpRule(kind=None, never=True)
    rule = section.section(key, ("kind", "after", "business_days", "days"))
    if "days" in rule and "business_days" in rule:
        raise ConfigError(f"policy: {rule.path} counts both days and business_days; keep one of them")
    return FollowUpRule(
        kind=rule.choice("kind", FOLLOW_UP_KINDS),
        after=rule.choice("after", ("now", "remedy", "delivery", "bill"), default="now"),
        business_days=rule.whole("business_days", 0, 90) if "business_days" in rule else 0,
        days=rule.whole("days", 0, 365) if "days" in rule else 0,
    )
