"""Short advice for the agent on a case and on the text of an answer. It never blocks anything (R0-20)."""

import re
from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from functools import partial

from babel import Locale
from babel.dates import format_date

from bot.rules import answer_words, promises, strikes
from bot.rules.authority import limit_minor
from bot.rules.decisions import Action, Decision, Situation
from bot.rules.facts import Facts
from bot.rules.law import law_of
from bot.rules.promised_amounts import amounts_agree
from bot.rules.wording import amounts_in, format_day, format_money
from bot.speech import Worded, mark

LONGEST_ANSWER_WORDS = 120
_NOT_WRITTEN = {
    "de": mark("The customer writes German; the draft is in English."),
    "fi": mark("The customer writes Finnish; the draft is in English."),
}
_LONGEST_QUOTE = 80
_SEND_ANEW = {
    "replacement": mark("The letter says that it is sent today: order the new parcel before you press Send.")
}
#: Where the policy has no block for the country.
_USUAL_REPAYMENT_DAYS = 14
_FAULTS = frozenset({"damaged_item", "technical_fault"})
_STOP = mark("The letter says that it is stopped: stop the order in the shop before you press Send.")
#: What Tillid cannot do itself and the letter promises, by intent and remedy.
_DONE_ELSEWHERE: dict[str, dict[str, str]] = {
    "damaged_item": _SEND_ANEW,
    "missing_item": _SEND_ANEW,
    "wrong_item": _SEND_ANEW,
    "cancellation": {"refund": _STOP, "cancel": _STOP},
    "address_change": {
        "": mark("The letter says that the address is changed: change it in the shop before you press Send.")
    },
}
#: What nobody has to be asked for, by what it is.
_ASKED_FOR = {
    "order number": mark("You ask for the order number, and we know it: {known}."),
    "mail address": mark("You ask for the mail address, and we know it: they wrote from it."),
    "name": mark("You ask for the name, and we know it: {known}."),
    "thing they bought": mark("You ask for the thing they bought, and we know it: {known}."),
}


def hints(text: str, facts: Facts, decision: Decision) -> tuple[str, ...]:
    """Everything worth saying before `text` is sent: what the case asks for first, then the text itself."""
    if decision.action is not Action.SUGGEST:
        return decision.hints
    return (*decision.hints, *_on_the_text(text, facts, decision))


def on_the_case(facts: Facts, decision: Decision) -> tuple[str, ...]:
    """What the agent should know whatever the text will be."""
    return (
        *_on_the_customer(facts, decision),
        *_on_the_money(facts, decision),
        *_on_the_parcel(facts, decision),
        *_on_the_law(facts, decision),
    )


def _on_the_customer(facts: Facts, decision: Decision) -> Iterator[str]:
    if facts.authentication == "fail":
        yield mark(
            "We cannot be sure who sent this, so no order facts were used. "
            "Answer kindly, and name an order only to the address we know."
        )
    if told := _NOT_WRITTEN.get(facts.reading.language):
        yield told
    if decision.second_chance:
        yield _second_chance(facts)
    asks = {intent.name for intent in facts.reading.intents[1:]}
    if "address_change" in asks and facts.trusted_order is None:
        yield mark(
            "They also give a new address: make sure who it is, by the address we know, before you change it."
        )
    if decision.call_by is not None:
        yield mark("This is the second time: call the customer by {day}.", day=_day(decision.call_by, facts))


def _day(at: datetime, facts: Facts) -> Callable[[str], str]:
    return lambda language: format_day(at, language, facts.now, facts.country)


def _second_chance(facts: Facts) -> str:
    remembered = strikes.remembered(facts)
    if remembered:
        return mark(
            "Second chance: we let this customer down before on {days}. Read it twice, and plan the follow-up.",
            days=lambda language: ", ".join(
                format_date(day, "d MMMM y", locale=language) for day in remembered
            ),
        )
    return mark(
        "Second chance: we let this customer down before, by their own words. "
        "Read it twice, and plan the follow-up."
    )


def _on_the_money(facts: Facts, decision: Decision) -> Iterator[str]:
    remedy, order = decision.remedy, facts.trusted_order
    if remedy is None:
        return
    if not remedy.within_authority:
        limit = limit_minor(
            facts.policy, facts.agent.role, "B", remedy.currency or "", decision.second_chance
        )
        if limit and remedy.currency:
            yield mark(
                "This is above your limit ({limit}): ask a lead before you promise it.",
                limit=partial(format_money, limit, remedy.currency),
            )
        else:
            yield mark("This is above your limit: ask a lead before you promise it.")
    if remedy.needs_second_check:
        yield mark("This is a large amount: a colleague checks the typing, nothing else.")
    restitution = decision.intent in ("double_charge", "duplicate_fee")
    if restitution and order is not None and order.refundable_minor <= 0 < order.paid_minor:
        yield mark("Everything paid on this order has been given back already: tell the customer when.")
    elif restitution and order is not None and not remedy.known:
        yield mark(
            "Our books for order {order} do not show it yet: believe the customer, and look closer.",
            order=order.number,
        )


def _on_the_parcel(facts: Facts, decision: Decision) -> Iterator[str]:
    order, remedy = facts.trusted_order, decision.remedy
    if order is None:
        return
    if decision.situation is Situation.GRANTED and decision.intent in _DONE_ELSEWHERE:
        kind = remedy.kind if remedy is not None else ""
        if told := _DONE_ELSEWHERE[decision.intent].get(kind):
            yield told
    if decision.intent == "return" and remedy is not None and remedy.optional:
        law = law_of(facts)
        days = law.repayment_days if law else _USUAL_REPAYMENT_DAYS
        yield mark(
            "The money goes back when the parcel is here, by {day} at the latest.",
            day=_day(facts.now + timedelta(days=days), facts),
        )
    if decision.intent != "late_delivery":
        return
    if order.delivery is not None and order.delivery.status == "lost":
        yield mark("The parcel is lost: offer a new one today, or all the money back.")
    if decision.situation is Situation.GRANTED and remedy is None:
        yield mark("There is no delivery fee to give back: think of a small apology of your own.")
    if order.delivery is not None and promises.has_arrived(order.delivery):
        yield mark("Our books say it was delivered: the parcel is our risk until the customer has it.")


def _on_the_law(facts: Facts, decision: Decision) -> Iterator[str]:
    """What the law of the delivery country says of a fault, where the house has written it down: for the agent only.

    A customer is helped because we trust them, not because a law says so; the letters cite none.
    """
    law = law_of(facts)
    if law is None or decision.intent not in _FAULTS or law.complaint_years is None:
        return
    told: dict[str, Worded] = {
        "country": partial(_country, law.country),
        "years": law.complaint_years,
        "months": law.burden_of_proof_months,
        "source": law.source,
        "day": str(law.reviewed),
    }
    if law.complaint_years_durable:
        yield mark(
            "The law in {country}: a fault can be complained about for {years} years ({durable} for what is meant to "
            "last much longer), and one shown within {months} months counts as ours ({source}, read {day}).",
            durable=law.complaint_years_durable,
            **told,
        )
    else:
        yield mark(
            "The law in {country}: a fault can be complained about for {years} years, and one shown within {months} "
            "months counts as ours ({source}, read {day}).",
            **told,
        )


def _country(code: str, language: str) -> str:
    return str(Locale(language).territories.get(code, code))


def _on_the_text(text: str, facts: Facts, decision: Decision) -> Iterator[str]:
    answered = decision.situation in (Situation.GRANTED, Situation.APPROVAL)
    taken_up = answered or decision.situation is Situation.LOOKING
    if decision.intent != "praise" and not answer_words.has_date(text):
        yield mark("No date: say when the next thing happens.")
    # Where our books do not show it yet, the letter regrets the trouble and settles no fault.
    if answered and decision.intent in strikes.OUR_FAULT and not answer_words.has_apology(text):
        yield mark("No apology: this was our fault, so say sorry once, without an if.")
    if not amounts_agree(text, decision.remedy, decision.language):
        yield mark("The text promises another amount than the remedy gives: change one of them.")
    for question in facts.reading.questions:
        if not (taken_up and _is_the_case_itself(question, facts)) and not _is_answered(question, text):
            yield mark("Unanswered question: “{question}”", question=_shortened(question))
    known = _known(facts)
    for name in sorted(answer_words.asked_for(text) & known.keys()):
        yield mark(_ASKED_FOR[name], known=known[name])
    if answer_words.speaks_only_as_we(text, decision.language):
        yield mark("Only “we”: say “I” where you do something yourself.")
    if (count := len(text.split())) > LONGEST_ANSWER_WORDS:
        yield mark("Long: {count} words. Up to {most} are read.", count=count, most=LONGEST_ANSWER_WORDS)
    if answered and not answer_words.ends_with_question(text):
        yield mark("The last accept is missing: ask whether this solves it.")
    if (asked := text.count("?")) > 1:
        yield mark("{number} questions: one is enough to answer.", number=asked)


def _is_the_case_itself(question: str, facts: Facts) -> bool:
    """Whether it only asks about that which the draft settles: "charged twice?" """
    reading = facts.reading
    because = [words for intent in reading.intents[:1] for words in intent.because]
    if len(reading.questions) == 1 and len(reading.intents) == 1 and not reading.amounts and not because:
        # Understood without any word to show for it, and nothing else is asked.
        return True
    return not answer_words.topics(question).isdisjoint(answer_words.topics(" ".join(because)))


def _is_answered(question: str, text: str) -> bool:
    """Whether `text` seems to take it up: a date for when, an amount for how much, or a shared word."""
    if answer_words.asks_when(question) and answer_words.has_date(text):
        return True
    if answer_words.asks_how_much(question) and any(amounts_in(text)):
        return True
    topics = answer_words.topics(question)
    return not topics or not topics.isdisjoint(answer_words.topics(text))


def _known(facts: Facts) -> dict[str, str]:
    """What nobody has to be asked for (R1-17)."""
    order = facts.trusted_order
    bought = ", ".join(item.name for item in order.items) if order else ""
    known = {
        "order number": order.number if order else next(iter(facts.reading.order_numbers), ""),
        "mail address": "they wrote from it" if facts.channel == "email" else "",
        "name": facts.customer.preferred_name,
        "thing they bought": _shortened(bought),
    }
    return {name: value for name, value in known.items() if value}


def _shortened(question: str) -> str:
    words = " ".join(question.split())
    return words if len(words) <= _LONGEST_QUOTE else re.sub(r"\s+\S*$", "", words[:_LONGEST_QUOTE]) + " …"
