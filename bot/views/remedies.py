"""What a case is about and what its card would give, in words."""

from typing import Any

from bot.rules.decisions import Remedy, Situation
from bot.speech import mark, say
from storage.tables import Suggestion

#: What a case is about, as a headline; `say` it, or take `headline`.
HEADLINES = {
    "double_charge": mark("charged twice"),
    "duplicate_fee": mark("a fee charged twice"),
    "damaged_item": mark("something arrived damaged"),
    "missing_item": mark("something is missing"),
    "wrong_item": mark("the wrong thing came"),
    "late_delivery": mark("a parcel is late"),
    "return": mark("wants to return"),
    "refund_status": mark("waits for a refund"),
    "cancellation": mark("wants to cancel"),
    "price_discount": mark("a price or discount"),
    "billing_question": mark("a question about a bill"),
    "account_access": mark("cannot get in"),
    "product_question": mark("a question about a product"),
    "service_complaint": mark("is unhappy with us"),
    "praise": mark("says thank you"),
    "technical_fault": mark("something does not work"),
    "address_change": mark("a new address"),
    "data_request": mark("asks about their data"),
    "other": mark("wrote to us"),
}
#: Only a named person answers: what else it may be about is no headline.
OWNER_HEADLINE = mark("needs a named person")
#: Remedies that are money leaving by themselves when the draft that states them is sent.
MONEY = frozenset({"refund", "release", "shipping_refund", "price_difference"})
REMEDIES = {
    "refund": mark("refund {amount}"),
    "release": mark("let go of the reserved {amount}"),
    "replacement": mark("send a new one"),
    "choice": mark("a new one or {amount} back, as the customer likes"),
    "credit": mark("a credit of {amount}"),
    "shipping_refund": mark("give the shipping fee of {amount} back"),
    "price_difference": mark("give the difference of {amount} back"),
    "cancel": mark("cancel it"),
}
#: The same where nobody knows yet how much it is.
_UNKNOWN_AMOUNT = {
    "refund": mark("refund the amount"),
    "release": mark("let go of the reserved money"),
    "choice": mark("a new one or the money back, as the customer likes"),
    "credit": mark("a credit"),
    "shipping_refund": mark("give the shipping fee back"),
    "price_difference": mark("give the difference back"),
}


def headline(intent: str) -> str:
    """What a case is about, in the language of whoever reads."""
    return say(HEADLINES.get(intent, HEADLINES["other"]))


def remedy_in_words(kind: str, amount: str) -> str:
    """What a remedy of this kind gives, in the language of whoever reads; `amount` is empty where it is not known."""
    if not amount and kind in _UNKNOWN_AMOUNT:
        return say(_UNKNOWN_AMOUNT[kind])
    return say(REMEDIES[kind], amount=amount)


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
