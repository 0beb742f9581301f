"""Thinker, feeler or doer: how this conversation wants to be answered. It says nothing about the person."""

from collections.abc import Mapping, Sequence

from bot.rules.intents import because
from bot.rules.matching import Match
from bot.rules.words import Wording

_COMPLAINTS = frozenset(
    [
        "double_charge",
        "duplicate_fee",
        "damaged_item",
        "missing_item",
        "wrong_item",
        "late_delivery",
        "refund_status",
        "service_complaint",
        "technical_fault",
    ]
)
_ORDERS = frozenset(
    ["cancellation", "return", "address_change", "price_discount", "account_access", "billing_question"]
)
_FEW_WORDS = 15
_MANY_WORDS = 70
_MANY_NUMBERS = 6


def read_customer_type(
    wording: Wording, found: Mapping[str, Sequence[Match]], intent: str
) -> tuple[str | None, tuple[str, ...]]:
    """The type and the words that showed it; without any, feeler in complaints and doer in orders."""
    points = {
        name: float(len(found.get(f"customer_type.{name}", ()))) for name in ("thinker", "feeler", "doer")
    }
    words = [word for sentence in wording.body() for word in sentence.words if word.folded != ","]
    if len(words) <= _FEW_WORDS and points["doer"]:
        points["doer"] += 1.0
    if sum(word.folded[0].isdigit() for word in words) >= _MANY_NUMBERS:
        points["thinker"] += 1.0
    if len(words) >= _MANY_WORDS and points["thinker"]:
        points["thinker"] += 0.5
    if "!!" in wording.text and points["feeler"]:
        points["feeler"] += 0.5
    best = max(points, key=lambda name: (points[name], name == "feeler"))
    shown = because(wording, found.get(f"customer_type.{best}", ()))
    if points[best] >= 1.0:
        return best, shown
    if intent in _COMPLAINTS:
        return "feeler", ()
    return ("doer", ()) if intent in _ORDERS else (None, ())
