"""What a template may say about a case, and whether a finished text still says what we will do."""

import re
from collections.abc import Iterator
from datetime import date
from decimal import Decimal

from babel.numbers import get_currency_precision

from bot.rules import business_days, promises, strikes
from bot.rules.decisions import Decision, Remedy, Situation
from bot.rules.facts import Facts
from bot.rules.hints import hints
from bot.rules.wording import NamedAmount, amounts_in, format_day, format_money

__all__ = ["amounts_agree", "context", "draft_language", "format_day", "format_money", "hints"]

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
        "by_date": _day(facts, decision, promises.remedy_day(facts, remedy) if granted else None),
        "answer_by": _day(facts, decision, promises.answer_day(facts)),
        "delivery_date": _day(facts, decision, promises.delivery_day(facts)),
        "shipping_amount": amount if remedy is not None and remedy.kind == "shipping_refund" else "",
        "customer_type": reading.customer_type or "",
        "feeling": reading.feeling,
        "second_time": strikes.is_second_chance(facts),
        "our_fault": decision.intent in strikes.OUR_FAULT,
        "question_key": decision.intent,
    }


def amounts_agree(text: str, remedy: Remedy | None, language: str) -> bool:
    """Whether every amount the text promises to give back is the remedy's amount.

    Only the amount nearest to words of giving counts, in the same sentence: "of the 998 kr. you paid I am
    sending 499 kr. back" promises 499. A text that promises no amount agrees with everything.
    """
    promised = list(_promised(text, language))
    if not promised:
        return True
    if remedy is None or remedy.amount_minor is None or remedy.currency is None:
        return False
    value = Decimal(remedy.amount_minor).scaleb(-get_currency_precision(remedy.currency))
    return all(
        amount.value == value and _same_currency(amount.currency, remedy.currency) for amount in promised
    )


def _promised(text: str, language: str) -> Iterator[NamedAmount]:
    gives = _GIVES.get(language, _GIVES["en"])
    for sentence in _SENTENCE_END.split(_WRITING_BACK.sub("", text)):
        amounts = list(amounts_in(sentence))
        for words in gives.finditer(sentence) if amounts else ():
            yield min(amounts, key=lambda amount: _distance(amount, words))


def _distance(amount: NamedAmount, words: re.Match[str]) -> int:
    return max(amount.start - words.end(), words.start() - amount.end)


def _same_currency(named: str | None, currency: str) -> bool:
    return named == currency or (named is None and currency in _KRONER)


def _money(remedy: Remedy | None, language: str) -> str:
    if remedy is None or remedy.amount_minor is None or remedy.currency is None:
        return ""
    return format_money(remedy.amount_minor, remedy.currency, language)


def _day(facts: Facts, decision: Decision, day: date | None) -> str:
    if day is None:
        return ""
    noon = business_days.at_hour(day, 12, facts.country)
    return format_day(noon, decision.language, facts.now, facts.country)


_KRONER = ("DKK", "NOK", "SEK", "ISK")
_SENTENCE_END = re.compile(r"[.!?]\s+(?=[A-ZÆØÅÄÖ])|\n\s*\n")
#: Coming back to somebody with an answer gives no money back.
_WRITING_BACK = re.compile(
    r"\b(?:vender|skriver|ringer|kommer|ventet?|återkommer|skriv|svarer|get|come|write|writing|call|hear)\b"
    r"(?=[^.!?\n]{0,20}?\b(?:tilbage|tilbake|attende|tillbaka|back)\b)[^.!?\n]{0,20}?"
    r"\b(?:tilbage|tilbake|attende|tillbaka|back)\b",
    re.IGNORECASE,
)
_GIVES = {
    language: re.compile(rf"\b(?:{words})", re.IGNORECASE)
    for language, words in {
        "da": r"tilbage\w*|retur\b|refunder\w*|refusion|godskriv\w*|frigiv\w*|kompens\w*|giver dig",
        "nb": r"tilbake\w*|refunder\w*|refusjon\w*|krediter\w*|frigi\w*|kompens\w*|gir deg",
        "nn": r"tilbake\w*|attende\w*|refunder\w*|refusjon\w*|krediter\w*|frigje\w*|kompens\w*|gjev deg",
        "sv": r"tillbaka\w*|återbetal\w*|krediterar?\b|frigör\w*|släpper|kompens\w*|ger dig",
        "en": r"refund\w*|back\b|reimburs\w*|releas\w*|credit(?:ing|ed)\b|compensat\w*|giv(?:e|ing) you",
    }.items()
}
