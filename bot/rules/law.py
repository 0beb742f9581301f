"""Which country's law a case falls under. Not legal advice: the numbers are the house's policy."""

from bot.rules.facts import Facts
from bot.rules.policy_law import CountryLaw

__all__ = ["CountryLaw", "law_of"]


def law_of(facts: Facts) -> CountryLaw | None:
    """The law of the country the order is delivered to; None means that no draft may speak of the law.

    Only the order counts: neither the language of the letter, nor where else the customer may live, nor where
    the house is at home.
    """
    order = facts.trusted_order
    return facts.policy.law.get(order.country) if order else None
