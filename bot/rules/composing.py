"""What a template may say about a case.

How it is worded (`format_money`, `format_day`) and what a finished text is checked for (`hints`,
`amounts_agree`) live next door and can be had from here.
"""

from datetime import date

from bot.rules import business_days, errands, promises, strikes
from bot.rules.decisions import Decision, Remedy, Situation
from bot.rules.facts import Facts
from bot.rules.hints import hints
from bot.rules.intents import MIXED_UP
from bot.rules.promised_amounts import amounts_agree
from bot.rules.wording import format_day, format_money

__all__ = ["amounts_agree", "context", "draft_language", "format_day", "format_money", "hints"]

#: More than this in one letter is no answer but a list.
MOST_FURTHER = 2
#: What the money is for that somebody waits for: named beside "where is my money", it is no second matter.
_WHY_MONEY = ("double_charge", "duplicate_fee", "return", "cancellation", "damaged_item", "price_discount")
#: What only letters about an event of the shop say: see bot/templates/README.md.
NO_EVENT: dict[str, object] = {
    "asked": True, "reason": "", "what": "", "since": "", "until": "", "bill_amount": "", "old_amount": "",
    "due_date": "",
}  # fmt: skip
#: The languages there are templates in. Whoever writes in another one gets English.
DRAFT_LANGUAGES = ("da", "nb", "nn", "sv", "en")


def draft_language(facts: Facts) -> str:
    """The language of the draft: the customer's own where we have templates for it, else English."""
    language = facts.reading.language
    return language if language in DRAFT_LANGUAGES else "en"


def context(facts: Facts, decision: Decision) -> dict[str, object]:
    """Every name a template may use, but for `house`. Texts are empty where there is nothing to say.

    An amount or a date stands here only if the draft may state it: nothing optional, and no day for money
    that has yet to be looked up or approved.
    """
    remedy = None if decision.remedy is None or decision.remedy.optional else decision.remedy
    granted = decision.situation is Situation.GRANTED
    amount = _money(remedy, decision.language)
    order = facts.trusted_order
    reading = facts.reading
    return {
        "name": facts.customer.preferred_name.strip(),
        "agent": next(iter(facts.agent.name.split()), ""),
        "channel": facts.channel,
        "first": facts.first_answer,
        "noun": reading.noun,
        "order_number": order.number if order else next(iter(reading.order_numbers), ""),
        "amount": amount,
        "release": remedy is not None and remedy.kind == "release",
        "by_date": _day(facts, decision, _arrival(facts, decision, remedy) if granted else None),
        "answer_by": _day(facts, decision, promises.answer_day(facts)),
        "delivery_date": _day(facts, decision, promises.delivery_day(facts)),
        "shipping_amount": amount if remedy is not None and remedy.kind == "shipping_refund" else "",
        "customer_type": reading.customer_type or "",
        "feeling": reading.feeling,
        "second_time": strikes.is_second_chance(facts),
        "our_fault": decision.intent in strikes.OUR_FAULT,
        "question_key": decision.intent,
        "wish": reading.wish,
        "also": _further(facts, decision),
        "sent_on": _sent_on(facts, decision),
        "offer_amount": amount if remedy is not None and remedy.kind == "credit" else "",
        **NO_EVENT,
    }


def _arrival(facts: Facts, decision: Decision, remedy: Remedy | None) -> date | None:
    """When it is there: counted from the day the money was sent, where it is on its way already."""
    sent = errands.latest_refund(facts)
    if decision.intent == "refund_status" and decision.situation is Situation.GRANTED and sent is not None:
        return promises.money_day(facts, sent.sent_at)
    return promises.remedy_day(facts, remedy)


def _sent_on(facts: Facts, decision: Decision) -> str:
    sent = errands.latest_refund(facts)
    if decision.intent != "refund_status" or sent is None:
        return ""
    return _day(facts, decision, business_days.local_day(sent.sent_at, facts.country))


def _further(facts: Facts, decision: Decision) -> tuple[str, ...]:
    """What else the message asks for, and what the person's other open cases are about: answered in the same letter.

    A person's correction, and what a person gave, was about all of the message, and about no other case.
    """
    if decision.situation in (Situation.OPEN, Situation.THANKS, Situation.UNSOLVED):
        return ()
    about_all = facts.corrected_intent is not None or facts.given is not None
    main = decision.intent
    own = () if about_all else [intent.name for intent in facts.reading.intents[1:] if intent.named]
    mixed_up = {weaker for stronger, weaker, _ in MIXED_UP if stronger == main}
    mixed_up |= {stronger for stronger, weaker, _ in MIXED_UP if weaker == main}
    said = (*(name for name in own if name not in mixed_up), *facts.beside)
    others = dict.fromkeys(name for name in said if name != "other" and name not in same_matter(main))
    known = facts.trusted_order is not None
    # A new address is promised only to somebody we know; the agent is told of it either way.
    return tuple(name for name in others if known or name != "address_change")[:MOST_FURTHER]


def same_matter(intent: str) -> frozenset[str]:
    """The intent, and what the money is for that somebody waits for: one letter about either is about both."""
    if intent == "refund_status":
        return frozenset({intent, *_WHY_MONEY})
    return frozenset({intent, "refund_status"} if intent in _WHY_MONEY else {intent})


def _money(remedy: Remedy | None, language: str) -> str:
    if remedy is None or remedy.amount_minor is None or remedy.currency is None:
        return ""
    return format_money(remedy.amount_minor, remedy.currency, language)


def _day(facts: Facts, decision: Decision, day: date | None) -> str:
    if day is None:
        return ""
    noon = business_days.at_hour(day, 12, facts.country)
    return format_day(noon, decision.language, facts.now, facts.country)
