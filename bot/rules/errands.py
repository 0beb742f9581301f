"""What our books say to "where is my money", "stop it" and "that was not the price": facts in, a remedy out."""

from dataclasses import replace

from bot.rules import authority, business_days, promises
from bot.rules.decisions import Action, Decision, Remedy, Situation
from bot.rules.facts import Facts, Promised, SentRefund

#: The order or subscription is stopped; our books do not say what was paid for it.
CANCELLED = Remedy(kind="cancel", tier="A", known=False)
#: Money that is told as being on its way. A released reservation and a credit are told in words of their own.
TELLING = frozenset({"refund", "shipping_refund", "price_difference"})


def refund_on_its_way(facts: Facts) -> Remedy | None:
    """The latest refund on record, while the bank may still be at work with it; later somebody has to look."""
    refund = latest_refund(facts)
    order = facts.trusted_order
    if refund is None or order is None:
        return None
    today = business_days.local_day(facts.now, facts.country)
    if promises.money_day(facts, refund.sent_at) < today:
        return None
    return Remedy("refund", "A", refund.amount_minor, order.currency, given=True)


def latest_refund(facts: Facts) -> SentRefund | None:
    """The refund of this order that was sent last."""
    order = facts.trusted_order
    return max(order.refunds, key=lambda refund: refund.sent_at, default=None) if order else None


def cancelled_order(facts: Facts) -> Remedy | None:
    """All that is left of what was paid for an order that has not been sent; None where it is on its way."""
    order = facts.trusted_order
    if order is None or (order.delivery is not None and order.delivery.status != "pending"):
        return None
    if order.refundable_minor <= 0:
        return Remedy("cancel", "A")
    return authority.judged(facts, Remedy("refund", "A", order.refundable_minor, order.currency))


def price_difference(facts: Facts) -> Remedy:
    """Between the two prices the customer names; with one price or three only a person can tell. A proposal."""
    named = facts.reading.amounts
    remedy = Remedy("price_difference", "A", known=False, optional=True)
    if len(named) != 2 or named[0].currency != named[1].currency:
        return remedy
    apart = abs(named[0].amount_minor - named[1].amount_minor)
    return authority.judged(facts, replace(remedy, amount_minor=apart or None, currency=named[0].currency))


def promised_already(facts: Facts, decision: Decision) -> Promised | None:
    """The promise of another case that this message is about, as `decision` answers it; None where it is about none.

    The amount tells: another amount is another line of the order. Where no amount is known, the matter does.
    """
    if decision.action is not Action.SUGGEST or decision.situation is Situation.OPEN:
        return None
    remedy = decision.remedy if decision.remedy is not None and decision.remedy.known else None
    amount = remedy.amount_minor if remedy is not None else None
    for each in reversed(facts.promised):
        if each.asked_only or each.kind not in TELLING or (each.sent and not _on_its_way(facts, each)):
            continue
        if each.amount_minor == amount or (amount is None and facts.intent in (each.intent, "refund_status")):
            return each
    return None


def _on_its_way(facts: Facts, promised: Promised) -> bool:
    """Whether the bank may still be at work with it: what arrived long ago has to be looked up."""
    found = refund_on_its_way(facts)
    return found is not None and found.amount_minor == promised.amount_minor


def as_told(promised: Promised) -> Remedy:
    """What is promised, as a letter tells it: nothing is given with it."""
    return Remedy(promised.kind, promised.tier, promised.amount_minor, promised.currency, given=True)
