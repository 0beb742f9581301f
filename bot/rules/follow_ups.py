"""Whether and when we write again after a case is solved: when the problem would come back if it did (R1-09).

On a working day where the customer lives, within the house's hours there, one for each case.
"""

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from bot.rules import business_days, promises, strikes
from bot.rules.decisions import FollowUpPlan, Remedy
from bot.rules.facts import Facts
from bot.rules.policy import FollowUpRule, Policy
from bot.speech import mark

_WHY = {
    "money_arrived": mark(
        "By then the money should be there; if it is not, the customer should not have to ask."
    ),
    "item_fine": mark("By then the new item has been unpacked and used once."),
    "delivered": mark("By then the parcel should have come, and a promise must not break twice."),
    "return_received": mark("By then the parcel should be back, and the customer is waiting for the money."),
    "heard": mark("By then feelings have settled, and the case is still fresh."),
    "how_is_it": mark("By then it shows whether it is really solved."),
}
#: Where nobody knows when the next bill comes.
_BILLING_PERIOD = timedelta(days=30)


def plan_follow_up(
    intent: str,
    *,
    now: datetime,
    country: str,
    policy: Policy,
    remedy_kind: str | None = None,
    expected_on: date | None = None,
    second_chance: bool = False,
) -> FollowUpPlan | None:
    """The follow-up for a case solved at `now`, or None where the house writes none.

    `expected_on` is the day the money, the parcel or the next bill is expected, where somebody knows it; the
    days are counted from there. With a second chance there is always one, except where the house says never.
    """
    rule = _rule(policy, intent, remedy_kind, second_chance)
    if rule is None or rule.kind is None:
        return None
    today = business_days.local_day(now, country)
    start = expected_on if expected_on and rule.after != "now" else None
    start = max(start or _guess(rule, remedy_kind, today, country, policy), today)
    day = business_days.add(start + timedelta(days=rule.days), rule.business_days, country)
    due_at = business_days.at_hour(day, policy.hours.follow_up_hour, country)
    if due_at <= now:
        day = business_days.add(day, 1, country)
        due_at = business_days.at_hour(day, policy.hours.follow_up_hour, country)
    return FollowUpPlan(kind=rule.kind, due_at=due_at, why=_WHY[rule.kind], compulsory=second_chance)


def for_case(facts: Facts, intent: str, remedy: Remedy | None) -> FollowUpPlan | None:
    """The follow-up this case would get if it were solved now with `remedy`."""
    kind = remedy.kind if remedy else None
    rule = _rule(facts.policy, intent, kind, second_chance=False)
    return plan_follow_up(
        intent,
        now=facts.now,
        country=facts.country,
        policy=facts.policy,
        remedy_kind=kind,
        expected_on=promises.delivery_day(facts) if rule and rule.after == "delivery" else None,
        second_chance=strikes.is_second_chance(facts),
    )


@dataclass(frozen=True, slots=True)
class Wanted:
    """How things stand in the moment a follow-up is about to go."""

    now: datetime
    due_at: datetime
    policy: Policy
    #: open, snoozed or resolved.
    conversation_state: str = "resolved"
    customer_wrote_since: bool = False
    bounced: bool = False
    opted_out: bool = False
    erased: bool = False
    #: The money this follow-up asks about did not go out after all.
    remedy_failed: bool = False


def still_wanted(wanted: Wanted) -> str | None:
    """Why this follow-up must not go, in words for the agent, or None where it may."""
    reasons = (
        (wanted.erased, mark("the customer asked us to delete their data")),
        (wanted.opted_out, mark("the customer does not want follow-ups")),
        (wanted.customer_wrote_since, mark("the customer wrote first")),
        (wanted.conversation_state != "resolved", mark("the case is open again")),
        (wanted.bounced, mark("mail to this address comes back")),
        (wanted.remedy_failed, mark("what it asks about has not been done")),
        (_is_stale(wanted), mark("it should have gone days ago, so a person decides")),
    )
    return next((reason for applies, reason in reasons if applies), None)


def opening(now: datetime, country: str, policy: Policy) -> datetime:
    """The first moment from `now` on at which a follow-up may go to this country; `now` itself if it may."""
    hours = policy.hours
    today = business_days.local_day(now, country)
    if business_days.is_business_day(today, country):
        if now < (opens_at := business_days.at_hour(today, hours.open_hour, country)):
            return opens_at
        if now < business_days.at_hour(today, hours.close_hour, country):
            return now
    return business_days.at_hour(business_days.add(today, 1, country), hours.open_hour, country)


def _rule(policy: Policy, intent: str, remedy_kind: str | None, second_chance: bool) -> FollowUpRule | None:
    """The most specific rule of the house; for a second chance one that writes, unless it says never."""
    rules = policy.follow_ups.rules
    rule = rules.get(f"{intent}/{remedy_kind}") or rules.get(intent)
    if second_chance and (rule is None or (rule.kind is None and not rule.never)):
        return policy.follow_ups.second_chance
    return rule


def _guess(rule: FollowUpRule, remedy_kind: str | None, today: date, country: str, policy: Policy) -> date:
    """When that which the follow-up waits for has happened, if nobody knows better."""
    promised = policy.promises
    if rule.after == "now":
        return today
    if rule.after == "bill":
        return today + _BILLING_PERIOD
    if rule.after == "delivery":
        count = promised.answer_business_days
    elif rule.kind != "money_arrived":
        count = promised.new_item_business_days
    elif remedy_kind == "release":
        count = promised.release_business_days
    else:
        count = promised.refund_business_days
    return business_days.add(today, count, country)


def _is_stale(wanted: Wanted) -> bool:
    return wanted.now - wanted.due_at > timedelta(days=wanted.policy.follow_ups.stale_after_days)
