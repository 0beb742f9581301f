"""Every letter as a customer would read it, in five languages: writes docs/replies.md.

    python -m bench.replies

The letters stand in the order of bot/templates/README.md, which also says when each is used. Whoever changes a
template runs this again; a test compares.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path

from jinja2 import Environment

import bot
from bot.rendering import environment, render
from bot.rules.composing import NO_EVENT
from bot.rules.strikes import OUR_FAULT
from bot.rules.wording import format_day, format_moment, format_money

TEMPLATES = Path(bot.__file__).parent / "templates"
PAGE = TEMPLATES.parent.parent / "docs" / "replies.md"
LANGUAGES = {"da": "Dansk", "nb": "Bokmål", "nn": "Nynorsk", "sv": "Svenska", "en": "English"}
NOW = datetime(2026, 11, 23, 9, tzinfo=UTC)
HEAD = """\
# The letters, as customers read them

Made by `python -m bench.replies` from the templates in `bot/templates`, which are the place to change them. What each
is made of, and how to write another one, is told in [their README](../bot/templates/README.md). Dates, amounts and
names are examples; the first line of each is the subject.
"""
#: Where the customer lives, what they pay in, the thing, and their name.
_WORDS = {
    "da": ("DK", "DKK", "lampen", "Mette"),
    "nb": ("NO", "NOK", "lampen", "Ingrid"),
    "nn": ("NO", "NOK", "lampa", "Ingrid"),
    "sv": ("SE", "SEK", "lampan", "Elin"),
    "en": ("DK", "DKK", "the lamp", "Kate"),
}
_PLAIN: Mapping[str, object] = {
    "agent": "Anna Holm", "house": "Nordlys", "channel": "email", "first": True, "order_number": "10427",
    "amount": "", "shipping_amount": "", "offer_amount": "", "release": False, "by_date": "",
    "answer_by": "day 2", "delivery_date": "", "sent_on": "", "customer_type": "", "feeling": 0,
    "second_time": False, "wish": "", "also": (), **NO_EVENT,
}  # fmt: skip
#: Letters about an event, to somebody who has not written.
_UNASKED: Mapping[str, object] = {"asked": False, "noun": ""}
#: What the shop would say, in each language.
_SHOPS_WORDS = {
    "da": {"what": "internettet", "reason": "et større abonnement"},
    "nb": {"what": "internettet", "reason": "et større abonnement"},
    "nn": {"what": "internettet", "reason": "eit større abonnement"},
    "sv": {"what": "internetet", "reason": "ett större abonnemang"},
    "en": {"what": "the internet", "reason": "a larger subscription"},
}
_MONEY: Mapping[str, object] = {"amount": "money 49900", "by_date": "day 7"}
_FEE: Mapping[str, object] = {"amount": "money 4900", "by_date": "day 7"}
#: What our books add to the plain setting of a letter.
_KNOWN: Mapping[str, Mapping[str, object]] = {
    "double_charge_granted": _MONEY,
    "double_charge_approval": {"amount": "money 49900"},
    "duplicate_fee_granted": _FEE,
    "duplicate_fee_approval": {"amount": "money 4900"},
    "damaged_item_granted": _MONEY,
    "missing_item_granted": {"by_date": "day 3"},
    "wrong_item_granted": {"by_date": "day 3"},
    "late_delivery_granted": {**_FEE, "shipping_amount": "money 4900", "delivery_date": "day 3"},
    "return_granted": _MONEY,
    "refund_status_granted": {"amount": "money 49900", "sent_on": "day -3", "by_date": "day 4"},
    "cancellation_granted": _MONEY,
    "refund_granted": _MONEY,
    "refund_corrected": {"amount": "money 49900", "our_fault": True},
    "still_not_solved": {"our_fault": True},
    "ask_open": {"question_key": "other"},
    "money_arrived": {"amount": "money 49900"},
    "return_received": _MONEY,
    "delay": {**_UNASKED, "delivery_date": "day 7"},
    "outage": {**_UNASKED, "what": "words what", "since": "hour -1", "until": "hour 4"},
    "bill": {
        **_UNASKED, "bill_amount": "money 34900", "old_amount": "money 29900", "reason": "words reason",
        "due_date": "day 14",
    },
    "price_drop": {**_UNASKED, **_MONEY, "amount": "money 10000"},
}  # fmt: skip
_FURIOUS = ("a furious customer", {"feeling": 2, "second_time": True})
_NOTHING = ("no name, nothing known", {"name": "", "noun": "", "order_number": ""})
_TO_LEARN = {"customer_type": "thinker"}
#: Further settings that show what a letter can do.
_FURTHER: Mapping[str, Sequence[tuple[str, Mapping[str, object]]]] = {
    "double_charge_granted": (
        _FURIOUS,
        ("a reservation, and a customer who wants to know why", {"release": True, **_TO_LEARN}),
        ("a customer who wants it done", {"customer_type": "doer"}),
    ),
    "double_charge_looking": (("two matters at once", {"also": ("cancellation",)}), _NOTHING),
    "damaged_item_granted": (
        ("the money is asked for", {"wish": "refund"}),
        ("a new one is asked for", {"wish": "replacement", "amount": "", "by_date": "day 3"}),
    ),
    "damaged_item_looking": (_FURIOUS, ("the money is asked for", {"wish": "refund"}), _NOTHING),
    "missing_item_granted": (("the money is asked for", {"wish": "refund", **_MONEY}),),
    "wrong_item_looking": (("the right one is asked for", {"wish": "replacement"}),),
    "late_delivery_granted": (
        ("no new day yet", {"delivery_date": "", "amount": "", "shipping_amount": "", "by_date": ""}),
        ("three matters at once", {"also": ("address_change", "price_discount")}),
    ),
    "late_delivery_looking": (_FURIOUS, _NOTHING),
    "return_granted": (("two matters at once", {"also": ("product_question",)}), _NOTHING),
    "refund_status_looking": (("two matters at once", {"also": ("service_complaint",)}),),
    "price_discount_looking": (("three matters at once", {"also": ("product_question", "praise")}),),
    "technical_fault_looking": (_FURIOUS,),
    "service_complaint_open": (_FURIOUS,),
    "ask_open": (
        ("something damaged, not clear what", {"question_key": "damaged_item", "our_fault": True}),
        ("something about a bill", {"question_key": "billing_question"}),
    ),
    "still_not_solved": (_FURIOUS,),
    "declined": (("with an offer", {"offer_amount": "money 10000"}),),
    "delay": (
        ("no new day yet", {"delivery_date": ""}),
        (
            "the promise is broken, and the customer has written",
            {"asked": True, **_FEE, "shipping_amount": "money 4900", "our_fault": True, "feeling": 1},
        ),
    ),
    "outage": (("nobody knows until when", {"until": "", "what": ""}),),
    "price_drop": (("no money can be named", {"amount": "", "by_date": ""}),),
}


def page() -> str:
    """The whole document."""
    env = environment(TEMPLATES)
    readme = (TEMPLATES / "README.md").read_text(encoding="utf-8")
    tables = re.split(r"^\| (?:follow-up|event) \|", readme, flags=re.M)
    found = [dict(re.findall(r"^\| `(\w+)` \| (.+) \|$", table, re.M)) for table in tables]
    kinds = list(
        zip(("Replies", "Follow-ups", "Events"), ("reply", "follow_up", "event"), found, strict=True)
    )
    contents = [f"{title}: {_links(names)}" for title, _, names in kinds]
    parts = [HEAD, *(f"{line}\n" for line in contents)]
    for title, folder, purposes in kinds:
        parts.append(f"## {title}\n")
        for name, purpose in purposes.items():
            parts += [f"### {name}\n\n{purpose}\n", *_letter(env, f"{folder}/{name}")]
    return "\n".join(parts)


def _links(names: Mapping[str, str]) -> str:
    return " · ".join(f"[{name}](#{name})" for name in names)


def _letter(env: Environment, template: str) -> Iterator[str]:
    """Each setting of the letter in all languages; from the second on with what is different."""
    name = template.partition("/")[2]
    for label, changes in (("", {}), *_FURTHER.get(name, ())):
        if label:
            yield f"#### {name}: {label}\n"
        for language, title in LANGUAGES.items():
            rendered = render(env, template, language, context(name, language, changes))
            yield f"**{title}** · {rendered.subject}\n\n{_quoted(rendered.text)}\n"


def _quoted(text: str) -> str:
    """As a quotation; lines of one paragraph stay lines."""
    lines = re.sub(r"(?<=[^\n])\n(?=[^\n])", "\\\\\n", text).splitlines()
    return "\n".join(f"> {line}" if line else ">" for line in lines)


def context(name: str, language: str, changes: Mapping[str, object]) -> dict[str, object]:
    """What the rules would give the letter `name` in an ordinary case, with `changes` laid over it.

    A text of the form "day 5" or "money 49900" is worded in the language.
    """
    country, currency, noun, customer = _WORDS[language]
    intent = name.rpartition("_")[0]
    plain = {
        **_PLAIN,
        "name": customer,
        "noun": noun,
        "question_key": intent,
        "our_fault": intent in OUR_FAULT,
        **_KNOWN.get(name, {}),
        **changes,
    }
    return {key: _worded(value, language, country, currency) for key, value in plain.items()}


def _worded(value: object, language: str, country: str, currency: str) -> object:
    kind, _, number = value.partition(" ") if isinstance(value, str) else ("", "", "")
    if kind == "day" and number:
        return format_day(NOW + timedelta(days=int(number)), language, NOW, country)
    if kind == "hour" and number:
        return format_moment(NOW + timedelta(hours=int(number)), language, NOW, country)
    if kind == "words":
        return _SHOPS_WORDS[language][number]
    if kind == "money" and number:
        return format_money(int(number), currency, language)
    return value


if __name__ == "__main__":
    PAGE.write_text(page(), encoding="utf-8")
    print(f"{PAGE} is written")
