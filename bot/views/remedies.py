"""What a case is about and what its card would give, in words."""

from typing import Any

from bot.rules.decisions import Remedy, Situation
from storage.tables import Suggestion

#: What a case is about, as a headline.
HEADLINES = {
    "double_charge": "charged twice",
    "duplicate_fee": "a fee charged twice",
    "damaged_item": "something arrived damaged",
    "missing_item": "something is missing",
    "wrong_item": "the wrong thing came",
    "late_delivery": "a parcel is late",
    "return": "wants to return",
    "refund_status": "waits for a refund",
    "cancellation": "wants to cancel",
    "price_discount": "a price or discount",
    "billing_question": "a question about a bill",
    "account_access": "cannot get in",
    "product_question": "a question about a product",
    "service_complaint": "is unhappy with us",
    "praise": "says thank you",
    "technical_fault": "something does not work",
    "address_change": "a new address",
    "data_request": "asks about their data",
    "other": "wrote to us",
}
#: Only a named person answers: what else it may be about is no headline.
OWNER_HEADLINE = "needs a named person"
#: Remedies that are money leaving by themselves when the draft that states them is sent.
MONEY = frozenset({"refund", "release", "shipping_refund", "price_difference"})
REMEDIES = {
    "refund": "refund {amount}",
    "release": "let go of the reserved {amount}",
    "replacement": "send a new one",
    "choice": "a new one or {amount} back, as the customer likes",
    "credit": "a credit of {amount}",
    "shipping_refund": "give the shipping fee of {amount} back",
    "price_difference": "give the difference of {amount} back",
    "cancel": "cancel it",
}


def remedy_of(suggestion: Suggestion) -> Remedy | None:
    """The remedy of a card, as the rules gave it."""
    if suggestion.remedy is None:
        return None
    values: dict[str, Any] = {**suggestion.remedy, "options": tuple(suggestion.remedy.get("options") or ())}
    return Remedy(**values)


def sends_refund(suggestion: Suggestion) -> bool:
    """Whether the draft states a refund that goes with it: Send then writes both in one transaction."""
    remedy = remedy_of(suggestion)
    return (
        remedy is not None
        and remedy.kind in MONEY
        and remedy.amount_minor is not None
        and remedy.known
        and remedy.within_authority
        and not remedy.optional
        and not remedy.given
        and suggestion.situation == Situation.GRANTED
    )
