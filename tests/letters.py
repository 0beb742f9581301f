"""Every letter there is, and every case that it may be written for."""

import itertools
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import bot
from bot.rendering import Rendered, environment, render

TEMPLATES = Path(bot.__file__).parent / "templates"
LANGUAGES = ("da", "nb", "nn", "sv", "en")
_REPLIES = (
    "double_charge_granted double_charge_approval double_charge_looking duplicate_fee_granted "
    "duplicate_fee_approval duplicate_fee_looking damaged_item_granted damaged_item_approval "
    "damaged_item_looking late_delivery_granted late_delivery_looking return_granted return_looking "
    "service_complaint_open ask_open refund_corrected refund_granted return_approval missing_item_granted "
    "missing_item_approval missing_item_looking wrong_item_granted wrong_item_approval wrong_item_looking "
    "refund_status_granted refund_status_looking cancellation_granted cancellation_looking "
    "price_discount_looking billing_question_looking account_access_looking product_question_looking "
    "praise_thanks technical_fault_looking address_change_granted address_change_looking data_request_looking "
    "still_not_solved thanks declined"
)
FOLLOW_UPS = ["money_arrived", "item_fine", "delivered", "return_received", "heard", "how_is_it"]
EVENTS = ["delay", "outage", "bill", "price_drop"]
LETTERS = [
    *(f"reply/{name}" for name in _REPLIES.split()),
    *(f"follow_up/{name}" for name in FOLLOW_UPS),
    *(f"event/{name}" for name in EVENTS),
]
_INTENTS = (
    "double_charge duplicate_fee damaged_item missing_item wrong_item late_delivery return refund_status "
    "cancellation price_discount billing_question account_access product_question service_complaint praise "
    "technical_fault address_change data_request other"
)
INTENTS = _INTENTS.split()
WORDS: dict[str, dict[str, str]] = {
    "da": {
        "noun": "lampen",
        "day": "onsdag den 26. november",
        "later": "fredag den 28. november",
        "earlier": "mandag den 24. november",
        "hour": " kl. 9.12",
        "what": "internettet",
        "reason": "storm på Storebælt",
    },
    "nb": {
        "noun": "lampen",
        "day": "onsdag 26. november",
        "later": "fredag 28. november",
        "earlier": "mandag 24. november",
        "hour": " kl. 09.12",
        "what": "internettet",
        "reason": "uvær på Dovre",
    },
    "nn": {
        "noun": "lampa",
        "day": "onsdag 26. november",
        "later": "fredag 28. november",
        "earlier": "måndag 24. november",
        "hour": " kl. 09.12",
        "what": "internettet",
        "reason": "uvêr på Dovre",
    },
    "sv": {
        "noun": "lampan",
        "day": "onsdag den 26 november",
        "later": "fredag den 28 november",
        "earlier": "måndag den 24 november",
        "hour": " kl. 09.12",
        "what": "internetet",
        "reason": "storm på Öresund",
    },
    "en": {
        "noun": "the lamp",
        "day": "Wednesday 26 November",
        "later": "Friday 28 November",
        "earlier": "Monday 24 November",
        "hour": " at 09:12",
        "what": "the internet",
        "reason": "a storm at sea",
    },
}
LONG: dict[str, dict[str, object]] = {
    "da": {"noun": "sofabordet", "amount": "12.499,50 kr."},
    "nb": {"noun": "kaffetrakteren", "amount": "12 499,50 kr"},
    "nn": {"noun": "kaffitraktaren", "amount": "12 499,50 kr"},
    "sv": {"noun": "kaffebryggaren", "amount": "12 499,50 kr"},
    "en": {"noun": "the coffee table", "amount": "DKK 12,499.50"},
}
AMOUNTS = {
    "da": ("499 kr.", "49 kr."),
    "nb": ("499 kr", "49 kr"),
    "nn": ("499 kr", "49 kr"),
    "sv": ("499 kr", "49 kr"),
    "en": ("DKK 499", "DKK 49"),
}
FLAGS: dict[str, tuple[object, ...]] = {
    "customer_type": ("", "thinker", "feeler", "doer"),
    "feeling": (0, 1, 2),
    "second_time": (False, True),
    "our_fault": (False, True),
    "release": (False, True),
}
#: What may be missing or long around the flags: each row is laid over the full context; LONG over the last.
SURROUNDINGS: tuple[dict[str, object], ...] = (
    {},
    {"noun": "", "order_number": "", "amount": "", "by_date": "", "shipping_amount": "", "delivery_date": ""},
    {"name": "", "agent": "", "channel": "slack", "first": False, "by_date": "", "delivery_date": ""},
    {"wish": "replacement", "also": ("address_change", "refund_status"), "offer_amount": ""},
    {"wish": "refund", "first": False},
    {"asked": False},
    {
        "asked": False,
        "reason": "",
        "what": "",
        "since": "",
        "until": "",
        "old_amount": "",
        "due_date": "",
        "amount": "",
    },
    {"name": "Anne-Kathrine", "delivery_date": ""},
)


def context(language: str, **changes: object) -> dict[str, object]:
    words = WORDS[language]
    full: dict[str, object] = {
        "name": "Mette",
        "agent": "Anna Holm",
        "house": "Nordlys",
        "channel": "email",
        "first": True,
        "noun": words["noun"],
        "order_number": "10427",
        "amount": AMOUNTS[language][0],
        "release": False,
        "by_date": words["day"],
        "answer_by": words["later"],
        "delivery_date": words["later"],
        "shipping_amount": AMOUNTS[language][1],
        "customer_type": "",
        "feeling": 0,
        "second_time": False,
        "our_fault": True,
        "question_key": "other",
        "wish": "",
        "also": (),
        "sent_on": words["earlier"],
        "offer_amount": AMOUNTS[language][1],
        "asked": True,
        "reason": words["reason"],
        "what": words["what"],
        "since": words["earlier"] + words["hour"],
        "until": words["day"] + words["hour"],
        "bill_amount": AMOUNTS[language][0],
        "old_amount": AMOUNTS[language][1],
        "due_date": words["later"],
    }
    return {**full, **changes}


def contexts(language: str, letter: str) -> Iterator[dict[str, object]]:
    """Every combination of flags in every surrounding; for the open question also with every intent."""
    keys = INTENTS if letter == "reply/ask_open" else []
    layers = [*SURROUNDINGS[:-1], {**SURROUNDINGS[-1], **LONG[language]}]
    layers += [{"question_key": key} for key in keys]
    for values in itertools.product(*FLAGS.values()):
        flags = dict(zip(FLAGS, values, strict=True))
        for layer in layers:
            yield context(language, **flags, **layer)


@cache
def written(language: str, letter: str) -> list[Rendered]:
    """The letter in each of its `contexts`, in their order; those that came out equal are one object."""
    env = environment(TEMPLATES)
    kept: dict[Rendered, Rendered] = {}
    every = (render(env, letter, language, given) for given in contexts(language, letter))
    return [kept.setdefault(each, each) for each in every]
