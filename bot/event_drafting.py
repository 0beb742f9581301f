"""A letter about an event of the shop: pure, between the read and the write."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from typing import Any

from bot.checking import check
from bot.drafting import YOUR_NAME, Draft, understand, written
from bot.gathering import KnownOrder, Snapshot
from bot.house import House
from bot.messages import IncomingMessage
from bot.rules import authority, business_days, composing, promises, remedies, strikes
from bot.rules.decisions import Action, Decision, Remedy, Situation
from bot.rules.facts import AgentFacts, Facts, Intent, Reading
from bot.rules.wording import format_day, format_moment, format_money
from bot.shop_events import Kind
from bot.speech import mark

#: What a letter of each kind is about, in the words of the rules.
INTENTS: Mapping[Kind, str] = {
    Kind.DELAY: "late_delivery",
    Kind.OUTAGE: "technical_fault",
    Kind.BILL: "billing_question",
    Kind.PRICE_DROP: "price_discount",
}
#: A price that falls so soon after the purchase gives the difference back (R3-30).
PRICE_DROP_WITHIN = timedelta(days=14)
_ASK_A_LEAD = mark(
    "The difference is above an agent's limit: take it out, and ask a lead with Refund before it goes."
)
_NO_MONEY = mark("No money is named: the order is not known here, or it was placed more than 14 days before.")


@dataclass(frozen=True, slots=True)
class Event:
    """What happened, as the letter tells it."""

    kind: Kind
    happened_at: datetime
    details: Mapping[str, Any]
    #: Of the price's difference, what was given back or promised before; smallest unit of the order's currency.
    given_minor: int = 0
    #: What else a customer who has written asks for.
    also: tuple[str, ...] = ()


def draft_event(
    house: House,
    event: Event,
    snapshot: Snapshot,
    order: KnownOrder | None,
    now: datetime,
    incoming: IncomingMessage | None = None,
) -> Draft | None:
    """The letter, to answer `incoming` or to come before it; None where there is nothing to tell any more."""
    if _is_over(event, order):
        return None
    facts = Facts(
        reading=_reading(house, event, snapshot, incoming),
        policy=house.policy,
        now=now,
        channel=incoming.channel.value if incoming else "email",
        customer=snapshot.customer,
        order=order.facts if order else None,
        agent=AgentFacts(snapshot.agent.name or YOUR_NAME, snapshot.agent.role),
        first_answer=snapshot.first_answer,
        corrected_intent=INTENTS[event.kind],
    )
    decision = _decision(facts, event, order)
    decision = replace(decision, context=_context(house, facts, decision, event, asked=incoming is not None))
    assert decision.template is not None
    context = {**decision.context, "house": house.name}
    rendered, told = written(house, decision.template, decision.language, context)
    findings = check(house, rendered.text, language=decision.language, intent=decision.intent)
    hints = tuple(dict.fromkeys((*told, *decision.hints)))
    return Draft(facts.reading, decision, order, rendered, findings, hints)


def _is_over(event: Event, order: KnownOrder | None) -> bool:
    delivery = order.facts.delivery if order else None
    if event.kind is Kind.DELAY:
        return delivery is not None and promises.has_arrived(delivery)
    # The whole difference went back before.
    return event.kind is Kind.PRICE_DROP and 0 < event.given_minor >= _difference(event)


def _difference(event: Event) -> int:
    return int(event.details["paid_minor"]) - int(event.details["price_now_minor"])


def _reading(house: House, event: Event, snapshot: Snapshot, incoming: IncomingMessage | None) -> Reading:
    if incoming is not None:
        return understand(house, incoming, snapshot)
    language = snapshot.customer.language or house.language
    return Reading(language, 1.0, (Intent(INTENTS[event.kind], 1.0),))


# ---- What we do about it ----------------------------------------------------------------------------------


def _decision(facts: Facts, event: Event, order: KnownOrder | None) -> Decision:
    remedy, hints = _remedy(facts, event, order)
    situation = Situation.LOOKING
    if remedy is not None:
        situation = Situation.GRANTED if remedy.within_authority else Situation.APPROVAL
    return Decision(
        Action.SUGGEST,
        rule=f"event_{event.kind.value}",
        intent=INTENTS[event.kind],
        situation=situation,
        template=f"event/{event.kind.value}",
        language=composing.draft_language(facts),
        remedy=remedy,
        hints=hints,
        second_chance=strikes.is_second_chance(facts),
    )


def _remedy(facts: Facts, event: Event, order: KnownOrder | None) -> tuple[Remedy | None, tuple[str, ...]]:
    if event.kind is Kind.DELAY:
        return _shipping(facts, event), ()
    if event.kind is not Kind.PRICE_DROP:
        return None, ()
    remedy = _price_difference(facts, event, order)
    if remedy is None:
        return None, (_NO_MONEY,)
    return remedy, () if remedy.within_authority else (_ASK_A_LEAD,)


def _shipping(facts: Facts, event: Event) -> Remedy | None:
    """Who is told first gets no less than who has to ask: where the promise is broken, the shipping goes back."""
    if facts.order is None or event.given_minor:
        return None
    remedy = remedies.late_delivery(facts)
    stated = remedy is not None and remedy.known and remedy.amount_minor and remedy.within_authority
    return remedy if stated else None


def _price_difference(facts: Facts, event: Event, order: KnownOrder | None) -> Remedy | None:
    if order is None or str(event.details["currency"]) != order.facts.currency:
        return None
    if not timedelta(0) <= event.happened_at - order.placed_at <= PRICE_DROP_WITHIN:
        return None
    amount = min(_difference(event) - event.given_minor, order.facts.refundable_minor)
    if amount <= 0:
        return None
    return authority.judged(facts, Remedy("price_difference", "B", amount, order.facts.currency))


# ---- What the letter may say ------------------------------------------------------------------------------


def _context(
    house: House, facts: Facts, decision: Decision, event: Event, *, asked: bool
) -> dict[str, object]:
    """As every letter's, with what only this one says; money and its day only where it goes with the letter."""
    context = composing.context(facts, decision)
    details, language = event.details, decision.language
    told = str(details.get("language") or house.language) == language
    if decision.situation is not Situation.GRANTED:
        context |= {"amount": "", "shipping_amount": "", "by_date": ""}
    return {
        **context,
        "asked": asked,
        "also": event.also,
        "delivery_date": _day(facts, language, details.get("new_date")),
        "due_date": _day(facts, language, details.get("due_date")),
        # The shop's own words stand in letters of their own language only.
        "reason": str(details.get("reason") or "") if told else "",
        "what": str(details.get("what") or "") if told else "",
        "since": format_moment(event.happened_at, language, facts.now, facts.country),
        "until": _until(facts, language, details.get("until")),
        "bill_amount": _money(details, "amount_minor", language),
        "old_amount": _money(details, "old_amount_minor", language),
    }


def _day(facts: Facts, language: str, told: object) -> str:
    """The day, unless it is over."""
    if not told:
        return ""
    day = date.fromisoformat(str(told))
    if day < business_days.local_day(facts.now, facts.country):
        return ""
    noon = business_days.at_hour(day, 12, facts.country)
    return format_day(noon, language, facts.now, facts.country)


def _until(facts: Facts, language: str, told: object) -> str:
    if not told:
        return ""
    at = datetime.fromisoformat(str(told))
    return format_moment(at, language, facts.now, facts.country) if at > facts.now else ""


def _money(details: Mapping[str, Any], name: str, language: str) -> str:
    if name not in details:
        return ""
    return format_money(int(details[name]), str(details["currency"]), language)
