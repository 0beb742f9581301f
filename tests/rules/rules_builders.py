"""One valid object of each kind for the tests of the rules; every field can be replaced."""

from datetime import UTC, datetime
from functools import cache
from pathlib import Path
from typing import Any

import yaml

import bot.rules
from bot.rules.facts import AgentFacts, CustomerFacts, Facts, Intent, Item, Money, OrderFacts, Reading
from bot.rules.policy import Policy, parse_policy

#: A Wednesday, 11:00 in Copenhagen.
NOW = datetime(2025, 11, 19, 10, 0, tzinfo=UTC)


@cache
def shipped() -> dict[str, Any]:
    """The document the program is shipped with."""
    path = Path(bot.rules.__file__).with_name("policy.yaml")
    document: dict[str, Any] = yaml.safe_load(path.read_text(encoding="utf-8"))
    return document


def policy(*overrides: dict[str, Any]) -> Policy:
    return parse_policy(shipped(), *overrides)


def reading(intent: str = "other", **fields: Any) -> Reading:
    named = tuple(Money(minor, code) for minor, code in fields.pop("named", ()))
    given: dict[str, Any] = {
        "language": "da",
        "language_confidence": 0.9,
        "intents": (Intent(intent, 0.9),),
        "amounts": named,
    }
    return Reading(**(given | fields))


def order(**fields: Any) -> OrderFacts:
    """An order of one lamp at 499 with 49 for shipping, paid once."""
    given: dict[str, Any] = {
        "number": "10432",
        "currency": "DKK",
        "captures_minor": (54800,),
        "shipping_minor": (4900,),
        "items": (Item("Lampe Nord", 49900),),
        "country": "DK",
    }
    given |= fields
    given.setdefault("paid_minor", sum(given["captures_minor"]))
    given.setdefault("refundable_minor", given["paid_minor"])
    return OrderFacts(**given)


def facts(intent: str = "other", **fields: Any) -> Facts:
    """A message about `intent`. Keywords of a reading go to the reading, the rest to the facts."""
    of_reading = {key: fields.pop(key) for key in tuple(fields) if key in _READING}
    given: dict[str, Any] = {
        "reading": reading(intent, **of_reading),
        "policy": policy(),
        "now": NOW,
        "customer": CustomerFacts(preferred_name="Mette", country="DK"),
        "agent": AgentFacts("Sofie Lund"),
    }
    return Facts(**(given | fields))


_READING = {"named", *Reading.__dataclass_fields__}
