"""What we may do about it: one function for each thing that goes wrong, from the facts to a remedy.

The customer is believed. The order facts only say how much, and whether the draft may state it. No refund is
ever larger than what is left of what was paid. What the customer spends is no input (R2-05).
"""

from dataclasses import replace

from babel.numbers import get_territory_currencies

from bot.rules import authority, business_days, order_lines, overpayments, promises, strikes
from bot.rules.decisions import Remedy
from bot.rules.facts import Facts, Money, OrderFacts
from bot.rules.law import law_of


def double_charge(facts: Facts) -> Remedy:
    """The payment taken twice goes back; a reservation beside it is let go (R0-17)."""
    order = facts.trusted_order
    if order is None:
        return proposed(facts, "refund", "A")
    extra = overpayments.extra_capture_minor(order, facts.reading.amounts)
    if extra is not None:
        return _refund(facts, order, extra)
    reserved = overpayments.extra_reservation_minor(order, facts.reading.amounts)
    if reserved is not None:
        return _judged(facts, "release", "A", reserved, order.currency)
    return proposed(facts, "refund", "A")


def duplicate_fee(facts: Facts) -> Remedy:
    """The shipping fee charged again goes back (R0-18)."""
    order = facts.trusted_order
    extra = overpayments.extra_fee_minor(order, facts.reading.amounts) if order else None
    if order is None or extra is None:
        return proposed(facts, "refund", "A")
    return _refund(facts, order, extra)


def new_item_or_money(facts: Facts) -> Remedy:
    """A new item or the money for it: what the customer asks for, else their choice."""
    return _goods(facts, facts.reading.wish or "choice")


def sent_anew(facts: Facts) -> Remedy:
    """The item sent again, or for the first time; the money where the customer asks for that instead."""
    return _goods(facts, facts.reading.wish or "replacement")


def _goods(facts: Facts, kind: str) -> Remedy:
    """For one line of the order: judged by what it cost, whether it is sent anew or paid back."""
    options = ("replacement", "refund") if kind == "choice" else ()
    order = facts.trusted_order
    line = order_lines.meant(order, facts.reading) if order else None
    if order is None or line is None or order.refundable_minor <= 0:
        return proposed(facts, kind, "B", options)
    amount = min(line.amount_minor, order.refundable_minor) or None
    named = None if kind == "replacement" else amount
    remedy = Remedy(kind, "B", named, order.currency, options)
    return authority.judged(facts, remedy, at_stake_minor=line.amount_minor)


def late_delivery(facts: Facts) -> Remedy | None:
    """The shipping goes back unasked. None where it was free and nothing is owed."""
    order = facts.trusted_order
    if order is None or not promises.is_broken(facts):
        return Remedy(kind="shipping_refund", tier="B", known=False)
    fee = min(max(order.shipping_minor, default=0), order.refundable_minor)
    return _judged(facts, "shipping_refund", "B", fee, order.currency) if fee > 0 else None


def returned_goods(facts: Facts) -> Remedy:
    """The money for what comes back, with shipping where it is the whole order.

    Within the days the law and the house give no approval is needed, whatever the amount. A small amount goes
    back with the yes; a larger one when the parcel is here, so the draft does not speak of it.
    """
    order = facts.trusted_order
    if order is None:
        return proposed(facts, "refund", "B")
    line = order_lines.meant(order, facts.reading)
    amount = line.amount_minor if line else 0
    if len(order.items) == 1:
        amount += max(order.shipping_minor, default=0)
    amount = min(amount, order.refundable_minor)
    refund = Remedy("refund", "B", amount or None, order.currency)
    judged = authority.judged(facts, refund, at_stake_minor=amount or order.refundable_minor)
    if judged.within_authority:
        return replace(judged, optional=not amount)
    return replace(judged, within_authority=may_be_returned(facts, order), optional=True)


def goodwill(facts: Facts) -> Remedy:
    """The apology in money an agent may add. The draft does not speak of it: it is offered to the agent."""
    currency = currency_of(facts)
    second_chance = strikes.is_second_chance(facts)
    limit = authority.limit_minor(facts.policy, "agent", "C", currency, second_chance) or None
    credit = Remedy(
        kind="credit",
        tier="C",
        amount_minor=limit,
        currency=currency if limit else None,
        known=False,
        optional=True,
    )
    return authority.judged(facts, credit)


def proposed(facts: Facts, kind: str, tier: str, options: tuple[str, ...] = ()) -> Remedy:
    """A remedy no order fact supports: the amount is the customer's own, and counts against the limit."""
    money = None if kind == "replacement" else _claimed(facts)
    if money is None:
        return Remedy(kind, tier, options=options, known=False)
    remedy = Remedy(kind, tier, money.amount_minor, money.currency, options, known=False)
    return authority.judged(facts, remedy)


def may_be_returned(facts: Facts, order: OrderFacts) -> bool:
    """Whether the customer may return it as of right; the days count from the day it was received.

    The house's days or those of the law, whichever are more.
    """
    received_at = order.delivery.delivered_at if order.delivery else None
    if received_at is None:
        return True
    today = business_days.local_day(facts.now, facts.country)
    received = business_days.local_day(received_at, facts.country)
    law = law_of(facts)
    days = max(facts.policy.promises.return_days, law.withdrawal_days if law else 0)
    return (today - received).days <= days


def currency_of(facts: Facts) -> str:
    """The order's currency, else the one the customer wrote, else their country's; empty where none is known.

    Never the language's: Danes live in Sweden, and Swedes shop in Norway.
    """
    if (order := facts.trusted_order) is not None:
        return order.currency
    if facts.reading.amounts:
        return facts.reading.amounts[0].currency
    return next(iter(get_territory_currencies(facts.customer.country)), "")


def _claimed(facts: Facts) -> Money | None:
    """The first amount the customer names; of "998 instead of 499" the half that is one payment.

    Never more than what is left of the order, where there is one.
    """
    order = facts.trusted_order
    named = [money for money in facts.reading.amounts if order is None or money.currency == order.currency]
    single = [money for money in named if Money(money.amount_minor * 2, money.currency) in named]
    for money in (*single, *named):
        left = money.amount_minor if order is None else min(money.amount_minor, order.refundable_minor)
        if left > 0:
            return Money(left, money.currency)
    return None


def _refund(facts: Facts, order: OrderFacts, extra_minor: int) -> Remedy:
    """Restitution of what the books show, as far as it has not been given back already."""
    amount = min(extra_minor, order.refundable_minor)
    given_back = order.paid_minor - order.refundable_minor
    # As much has gone back already, here or in the shop: a person looks before the same money goes twice.
    if amount <= 0 or given_back >= extra_minor:
        return Remedy(kind="refund", tier="A", known=False)
    return _judged(facts, "refund", "A", amount, order.currency)


def _judged(facts: Facts, kind: str, tier: str, amount_minor: int, currency: str) -> Remedy:
    return authority.judged(facts, Remedy(kind, tier, amount_minor, currency))
