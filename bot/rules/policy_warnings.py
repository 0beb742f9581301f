"""What a house policy may say and had better not."""

from datetime import date

from bot.rules.policy import Policy

_STILL_GIVEN = "Money the customer is owed is given back all the same."
_LONGEST_SILENCE_DAYS = 3
_LONGEST_UNREVIEWED_MONTHS = 18
_MOST_AUTOMATIC_PER_DAY = 5


def warnings(policy: Policy, today: date) -> tuple[str, ...]:
    """What the policy allows itself that drives customers away (R0-14), and law that may be out of date.

    Each says what to do instead.
    """
    return (*_driving_away(policy), *_unreviewed_law(policy, today))


def _driving_away(policy: Policy) -> list[str]:
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
    if policy.most_automatic_per_day > _MOST_AUTOMATIC_PER_DAY:
        found.append(
            f"sending.most_automatic_per_day is {policy.most_automatic_per_day}: so many mails that nobody "
            "pressed a button for read like advertising, and mail programs hide them. Set 2."
        )
    return found


def _unreviewed_law(policy: Policy, today: date) -> list[str]:
    """A date far ahead is a slip of the pen, and would keep the reminder away for years."""
    found = []
    for code, law in policy.law.items():
        if _is_longer(law.reviewed, today):
            distance = "ago"
        elif _is_longer(today, law.reviewed):
            distance = "ahead"
        else:
            continue
        found.append(
            f"law.{code}.reviewed is {law.reviewed}, more than {_LONGEST_UNREVIEWED_MONTHS} months {distance}: "
            "laws change, and a customer should not hear old ones from you. "
            f"Have somebody compare the block with {law.source}. Set the day that was done."
        )
    return found


def _is_longer(first: date, last: date) -> bool:
    """Whether `last` is more than the longest time after `first`."""
    months = (last.year - first.year) * 12 + last.month - first.month
    return (months, last.day) > (_LONGEST_UNREVIEWED_MONTHS, first.day)
