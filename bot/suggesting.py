"""`tillid suggest`: one message as JSON -> what we understand and would answer, as JSON. Pure but for the house."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict
from datetime import UTC, date, datetime
from typing import Any

from bot.drafting import Draft, compose
from bot.gathering import KnownOrder, Snapshot
from bot.house import House
from bot.messages import Channel, IncomingMessage
from bot.rules.decisions import Action, Remedy
from bot.rules.facts import AgentFacts, CustomerFacts, Delivery, Item, OrderFacts


def suggest(house: House, given: Mapping[str, Any], now: datetime) -> dict[str, Any]:
    """The line of one message. Raises ValueError naming what is wrong with the input."""
    now = _instant(given["now"]) if given.get("now") else now
    text = given.get("text")
    if not isinstance(text, str):
        raise ValueError("`text` is missing")
    order = _order(given.get("order"), now)
    snapshot = Snapshot(
        customer_id=1 if order else None,
        customer=_customer(given.get("customer") or {}),
        orders=(order,) if order else (),
        order_id=order.id if order else None,
        agent=_agent(given.get("agent") or {}),
    )
    incoming = IncomingMessage(
        channel=Channel(given.get("channel") or "email"),
        message_id="",
        sender="",
        sender_name="",
        subject=str(given.get("subject") or ""),
        text=text,
        reply=text,
    )
    draft = compose(house, incoming, snapshot, now, nobody="")
    return {"id": given.get("id"), **as_json(draft)}


def as_json(draft: Draft) -> dict[str, Any]:
    """A draft in the stable shape that scripts read."""
    reading, decision = draft.reading, draft.decision
    answered = decision.action is Action.SUGGEST and decision.owner_only is None
    plan = decision.follow_up if answered else None
    return {
        "language": reading.language,
        "language_confidence": round(reading.language_confidence, 3),
        "intents": [
            {"name": each.name, "confidence": round(each.confidence, 3), "because": list(each.because)}
            for each in reading.intents
        ],
        "feeling": reading.feeling,
        "urgent": reading.urgent,
        "second_bad_experience": reading.second_bad_experience,
        "amounts": [asdict(each) for each in reading.amounts],
        "order_numbers": list(reading.order_numbers),
        "customer_type": reading.customer_type,
        "questions": list(reading.questions),
        "owner_only": reading.owner_only,
        "remedy": _remedy(decision.remedy) if answered else None,
        "reply": {"subject": draft.rendered.subject, "text": draft.rendered.text} if draft.rendered else None,
        "hints": list(draft.hints),
        "follow_up": {"kind": plan.kind, "due_at": plan.due_at.isoformat(), "why": plan.why}
        if plan
        else None,
        "rule": decision.rule,
        "passed": list(decision.passed),
    }


def _remedy(remedy: Remedy | None) -> dict[str, Any] | None:
    if remedy is None:
        return None
    shown = {key: value for key, value in asdict(remedy).items() if value is not None}
    return shown | {"options": list(remedy.options)}


def _customer(given: Mapping[str, Any]) -> CustomerFacts:
    since = given.get("customer_since")
    return CustomerFacts(
        preferred_name=str(given.get("preferred_name") or ""),
        language=str(given.get("language") or ""),
        past_languages=tuple(_strings(given, "past_languages")),
        country=str(given.get("country") or "").upper(),
        strikes=tuple(_day(each) for each in _strings(given, "strikes")),
        open_cases=_whole(given, "open_cases"),
        customer_since=_day(since) if since else None,
    )


def _order(given: Mapping[str, Any] | None, now: datetime) -> KnownOrder | None:
    """An order given here counts as known facts, and its sender as its customer."""
    if not given:
        return None
    currency = given.get("currency")
    if not isinstance(currency, str) or len(currency) != 3:
        raise ValueError("`order.currency` must be a code of three letters, such as DKK")
    captures, paid = _minors(given, "captures_minor"), _whole(given, "paid_minor")
    facts = OrderFacts(
        number=str(given.get("id") or ""),
        currency=currency.upper(),
        country=str(given.get("country") or "").upper(),
        paid_minor=paid or sum(captures),
        refundable_minor=paid or sum(captures),
        captures_minor=captures,
        reservations_minor=_minors(given, "reservations_minor"),
        shipping_minor=_minors(given, "shipping_minor"),
        items=tuple(_item(each) for each in given.get("items") or ()),
        delivery=_delivery(given.get("delivery")),
        facts_at=now,
    )
    return KnownOrder(1, now, facts)


def _item(given: Any) -> Item:
    if not isinstance(given, Mapping):
        raise ValueError("`order.items` must hold objects with `name` and `amount_minor`")
    return Item(str(given.get("name") or ""), _whole(given, "amount_minor"))


def _delivery(given: Mapping[str, Any] | None) -> Delivery | None:
    if not given:
        return None
    promised = given.get("promised_at")
    return Delivery(str(given.get("status") or "pending"), _instant(promised) if promised else None)


def _agent(given: Mapping[str, Any]) -> AgentFacts:
    role = str(given.get("role") or "agent")
    if role not in ("agent", "lead", "manager"):
        raise ValueError("`agent.role` must be agent, lead or manager")
    return AgentFacts(str(given.get("name") or ""), role)


def _strings(given: Mapping[str, Any], key: str) -> Sequence[str]:
    value = given.get(key) or []
    if not isinstance(value, list) or not all(isinstance(each, str) for each in value):
        raise ValueError(f"`{key}` must be a list of strings")
    return value


def _minors(given: Mapping[str, Any], key: str) -> tuple[int, ...]:
    value = given.get(key) or []
    if not isinstance(value, list) or not all(type(each) is int for each in value):
        raise ValueError(f"`order.{key}` must be a list of whole numbers, in the smallest unit")
    return tuple(value)


def _whole(given: Mapping[str, Any], key: str) -> int:
    value = given.get(key) or 0
    if type(value) is not int:
        raise ValueError(f"`{key}` must be a whole number")
    return value


def _day(written: str) -> date:
    try:
        return date.fromisoformat(written[:10])
    except ValueError:
        raise ValueError(f"{written!r} is not a date; write it as 2026-03-02") from None


def _instant(written: Any) -> datetime:
    try:
        at = datetime.fromisoformat(str(written))
    except ValueError:
        raise ValueError(f"{written!r} is not a time; write it as 2026-03-02T09:30:00+01:00") from None
    return at if at.tzinfo else at.replace(tzinfo=UTC)
