"""What holds for the whole policy, whatever the facts: it never raises, and money is never more than true."""

import ast
import json
from dataclasses import fields, is_dataclass
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as some
from rules_builders import NOW, facts, order, policy

import bot.rules
from bot.rules import authority, decide, errands, remedies
from bot.rules import facts as facts_module
from bot.rules.decisions import INTENTS, Action, Decision, Remedy, Situation
from bot.rules.facts import (
    AgentFacts,
    CustomerFacts,
    Delivery,
    Facts,
    Intent,
    Item,
    Money,
    OrderFacts,
    Reading,
    SentRefund,
)


def test_there_is_no_field_for_suspicion_or_spend() -> None:
    names = {
        field.name
        for value in vars(facts_module).values()
        if isinstance(value, type) and is_dataclass(value)
        for field in fields(value)
    } | {field.name for field in fields(Decision)}
    forbidden = ("fraud", "suspect", "trust_score", "credib", "spend", "spent", "lifetime_value", "loyalty")
    assert not [name for name in names if any(word in name for word in forbidden)]


def test_the_rules_look_at_no_clock_no_disk_no_network_and_no_chance() -> None:
    """The modules of this package that decide; the reading of texts has tests of its own."""
    forbidden = {
        "random",
        "secrets",
        "socket",
        "os",
        "pathlib",
        "time",
        "sqlalchemy",
        "sqlmodel",
        "storage",
        "yaml",
    }
    package = Path(bot.rules.__file__).parent
    for path in sorted(package.glob("*.py")):
        tree = ast.parse(path.read_text(encoding="utf-8"))
        imported = {
            alias.name.split(".")[0]
            for node in ast.walk(tree)
            if isinstance(node, ast.Import)
            for alias in node.names
        } | {(node.module or "").split(".")[0] for node in ast.walk(tree) if isinstance(node, ast.ImportFrom)}
        assert not imported & forbidden, path.name
        called = {
            node.func.attr
            for node in ast.walk(tree)
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute)
        }
        assert not called & {"now", "utcnow", "today", "random", "shuffle", "open", "read_text"}, path.name


_minor = some.integers(0, 5_000_000)
_currency = some.sampled_from(["DKK", "NOK", "SEK", "EUR", "ISK", "JPY", "XXX"])
_country = some.sampled_from(["DK", "NO", "SE", "FI", "US", "XX", ""])
_instants = some.integers(-(10**6), 5 * 10**6).map(lambda minutes: NOW + timedelta(minutes=minutes))
_texts = some.text(max_size=12)

_readings = some.builds(
    Reading,
    language=some.sampled_from(["da", "nb", "nn", "sv", "en", "de", "fi", "xx"]),
    language_confidence=some.floats(0, 1),
    intents=some.lists(
        some.builds(Intent, some.sampled_from((*INTENTS, "unheard_of")), some.floats(0, 1)),
        min_size=1,
        max_size=3,
    ).map(tuple),
    feeling=some.integers(0, 2),
    second_bad_experience=some.booleans(),
    amounts=some.lists(some.builds(Money, _minor, _currency), max_size=3).map(tuple),
    order_numbers=some.lists(_texts, max_size=3).map(tuple),
    questions=some.lists(_texts, max_size=3).map(tuple),
    customer_type=some.sampled_from([None, "thinker", "feeler", "doer"]),
    owner_only=some.sampled_from([None, None, None, "injury"]),
    thanks_only=some.booleans(),
    noun=_texts,
    wish=some.sampled_from(["", "replacement", "refund"]),
    unsolved=some.booleans(),
)
_deliveries = some.builds(
    Delivery,
    status=some.sampled_from(["pending", "sent", "delivered", "lost"]),
    promised_at=some.none() | _instants,
    delivered_at=some.none() | _instants,
    expected_at=some.none() | _instants,
)
_orders = some.builds(
    OrderFacts,
    number=_texts,
    currency=_currency,
    paid_minor=_minor,
    refundable_minor=_minor,
    captures_minor=some.lists(_minor, max_size=3).map(tuple),
    reservations_minor=some.lists(_minor, max_size=3).map(tuple),
    shipping_minor=some.lists(_minor, max_size=3).map(tuple),
    items=some.lists(some.builds(Item, _texts, _minor), max_size=3).map(tuple),
    delivery=some.none() | _deliveries,
    refunds=some.lists(some.builds(SentRefund, _minor, _instants), max_size=2).map(tuple),
    country=_country,
)
_all_facts = some.builds(
    Facts,
    reading=_readings,
    policy=some.sampled_from([policy(), policy({"authority": {"refunds": "never", "goodwill": {"DKK": 0}}})]),
    now=_instants,
    channel=some.sampled_from(["email", "slack"]),
    customer=some.builds(
        CustomerFacts,
        preferred_name=_texts,
        country=_country,
        strikes=some.lists(some.dates(date(2019, 1, 1), date(2035, 1, 1)), max_size=3).map(tuple),
    ),
    order=some.none() | _orders,
    agent=some.builds(AgentFacts, _texts, some.sampled_from(["agent", "lead", "manager", "owner"])),
    automatic=some.sampled_from([None, None, None, "own", "auto_reply", "bounce", "delay", "list"]),
    authentication=some.sampled_from(["pass", "fail", "unknown"]),
    first_answer=some.booleans(),
    earlier_intent=some.none() | some.sampled_from(INTENTS),
    corrected_intent=some.none() | some.sampled_from(INTENTS),
)

#: The letters there are; tests/test_templates.py sees to it that every language has the same ones.
TEMPLATES = {
    f"reply/{path.stem}"
    for path in (Path(bot.__file__).parent / "templates" / "en" / "reply").glob("[a-z]*.j2")
}


_of_intent: dict[str, Any] = {
    "double_charge": remedies.double_charge,
    "duplicate_fee": remedies.duplicate_fee,
    "damaged_item": remedies.new_item_or_money,
    "missing_item": remedies.sent_anew,
    "late_delivery": remedies.late_delivery,
    "return": remedies.returned_goods,
}
#: What is left of an order is all that was paid for it: that one does depend on what somebody spent.
_WITH_MONEY: dict[str, Any] = {**_of_intent, "cancellation": errands.cancelled_order}


@settings(max_examples=400, deadline=None)
@given(case=_all_facts)
def test_decide_never_raises_and_never_says_more_than_it_may(case: Facts) -> None:
    decision = decide(case)
    assert decision == decide(case)
    json.dumps(decision.context)
    if decision.action is not Action.SUGGEST:
        assert (decision.template, decision.remedy, decision.follow_up) == (None, None, None)
        return
    assert decision.template in TEMPLATES
    assert decision.context["answer_by"]
    remedy = decision.remedy
    if decision.situation is Situation.GRANTED and remedy is not None and not remedy.optional:
        assert remedy.known
        assert remedy.within_authority
    # What has gone already is told as the books have it; everything that is proposed must be true.
    if remedy is not None and remedy.amount_minor is not None and not remedy.given:
        _assert_money_is_true(case, decision)


def _assert_money_is_true(case: Facts, decision: Decision) -> None:
    remedy = decision.remedy
    assert remedy is not None
    assert remedy.amount_minor is not None
    assert remedy.amount_minor > 0
    assert remedy.currency
    books = case.trusted_order
    if books is not None and remedy.kind not in ("release", "credit"):
        assert remedy.amount_minor <= books.refundable_minor
        assert remedy.currency == books.currency


_amounts = some.lists(some.integers(0, 200_000), max_size=4).map(tuple)


@given(
    captures=_amounts,
    reservations=_amounts,
    fees=_amounts,
    lines=_amounts,
    left=some.integers(0, 300_000),
    named=_amounts,
    intent=some.sampled_from(sorted(_WITH_MONEY)),
)
def test_no_remedy_gives_back_more_than_is_left(
    captures: tuple[int, ...],
    reservations: tuple[int, ...],
    fees: tuple[int, ...],
    lines: tuple[int, ...],
    left: int,
    named: tuple[int, ...],
    intent: str,
) -> None:
    books = order(
        captures_minor=captures,
        reservations_minor=reservations,
        shipping_minor=fees,
        items=tuple(Item("Vare", line) for line in lines),
        refundable_minor=min(left, sum(captures)),
        delivery=Delivery("sent", NOW - timedelta(days=3)),
    )
    case = facts(intent, order=books, named=tuple((minor, "DKK") for minor in named))
    remedy = _WITH_MONEY[intent](case)
    if remedy is None or remedy.amount_minor is None:
        return
    assert remedy.amount_minor > 0
    if remedy.kind == "release":
        assert remedy.amount_minor in reservations
    else:
        assert remedy.amount_minor <= books.refundable_minor
        assert (authority.revised(case, remedy, 10**9).amount_minor or 0) <= books.refundable_minor


@pytest.mark.parametrize("function", [*_of_intent.values(), remedies.goodwill])
def test_what_somebody_spends_changes_nothing(function: Any) -> None:
    def remedy(spare_minor: int, since: date | None) -> Remedy | None:
        books = order(captures_minor=(54800 + spare_minor,))
        customer = CustomerFacts(country="DK", customer_since=since)
        case = facts(order=books, customer=customer)
        given_back: Remedy | None = function(case)
        return given_back

    assert remedy(0, None) == remedy(90_000_000, date(2001, 1, 1))
