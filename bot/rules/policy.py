"""The house policy as frozen values, built from policy.yaml by `parse_policy`.

Pure: the file is read elsewhere.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

from bot.errors import ConfigError
from bot.rules.decisions import FOLLOW_UP_KINDS, INTENTS, REMEDY_KINDS
from bot.rules.policy_authority import Authority, parse_authority
from bot.rules.policy_document import Section, country_code, overlay
from bot.rules.policy_keep import Keep, parse_keep
from bot.rules.policy_law import CountryLaw, parse_law


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
    #: The house's own; `remedies.may_be_returned` adds what the law of the country gives beyond it.
    return_days: int


@dataclass(frozen=True, slots=True)
class Hours:
    """Hours of the customer's day: follow-ups go from `open_hour` up to, not including, `close_hour`."""

    open_hour: int
    close_hour: int
    follow_up_hour: int
    #: ISO 3166 alpha-2; stands in where a customer's country is not known, for working days only.
    home_country: str
    #: So many opening hours of the house a customer waits before somebody is told; 0: nobody ever is.
    tell_after_hours: int


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
    #: Mails to one address within a day that nobody presses a button for.
    most_automatic_per_day: int
    #: How long a reply can be taken back after Send; 0: it goes at once.
    undo_seconds: int
    #: So many alike drafts are put before a colleague as one stack; 0: never.
    stack_from: int
    #: By ISO 3166 alpha-2; a country that is missing here gets no legal statement.
    law: Mapping[str, CountryLaw]
    #: How long what is stored stays.
    keep: Keep


def parse_policy(document: Mapping[str, object], *overrides: Mapping[str, object]) -> Policy:
    """The policy in `document` with the keys of each override laid over it, the last one on top.

    Raises ConfigError naming the key and the remedy.
    """
    for override in overrides:
        Section(override, _SECTIONS)
        document = overlay(document, override)
    whole = Section(document, _SECTIONS)
    sending = whole.section("sending", ("most_per_hour", "most_automatic_per_day", "undo_seconds"))
    return Policy(
        authority=parse_authority(whole),
        second_chance=_second_chance(whole),
        promises=_promises(whole),
        hours=_hours(whole),
        follow_ups=_follow_ups(whole),
        most_sent_per_hour=sending.whole("most_per_hour", 1, 1000),
        most_automatic_per_day=sending.whole("most_automatic_per_day", 1, 100),
        undo_seconds=sending.whole("undo_seconds", 0, 300),
        stack_from=_stack_from(whole),
        law=parse_law(whole),
        keep=parse_keep(whole),
    )


_SECTIONS = (
    "authority",
    "second_chance",
    "promises",
    "hours",
    "follow_ups",
    "desk",
    "sending",
    "keep",
    "law",
)
_FOLLOW_UP_KEYS = (*INTENTS, *(f"{intent}/{kind}" for intent in INTENTS for kind in REMEDY_KINDS))


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
    section = whole.section("hours", ("open", "close", "follow_up", "home_country", "tell_after_hours"))
    opens = section.whole("open", 0, 22)
    closes = section.whole("close", opens + 1, 23)
    return Hours(
        open_hour=opens,
        close_hour=closes,
        follow_up_hour=section.whole("follow_up", opens, closes - 1),
        home_country=country_code(section.name("home_country"), section.value("home_country")),
        tell_after_hours=section.whole("tell_after_hours", 0, 100),
    )


def _stack_from(whole: Section) -> int:
    section = whole.section("desk", ("stack_from",))
    number = section.whole("stack_from", 0, 1000)
    if number == 1:
        raise ConfigError(
            f"policy: {section.path}.stack_from is 1, and a stack holds two drafts or more; 0 never makes one"
        )
    return number


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
