"""What else a message asks for: answered in the same letter where it is sure enough and safe."""

from dataclasses import replace
from typing import Any

from rules_builders import facts, order

from bot.rules import decide
from bot.rules.facts import Intent


def further(main: str, *others: Intent, **fields: Any) -> object:
    intents = (Intent(main, 0.7), *others)
    return decide(facts(main, intents=intents, **fields)).context["also"]


def test_a_second_matter_that_is_named_is_taken_along_in_the_same_letter() -> None:
    named = Intent("product_question", 0.2, named=True)
    assert further("damaged_item", named) == ("product_question",)
    assert further("damaged_item", replace(named, named=False)) == ()
    assert further("damaged_item", named, corrected_intent="damaged_item") == ()


def test_a_new_address_is_promised_only_to_somebody_we_know() -> None:
    moved = Intent("address_change", 0.3, named=True)
    assert further("late_delivery", moved) == ()
    assert further("late_delivery", moved, order=order()) == ("address_change",)
    told = decide(facts("late_delivery", intents=(Intent("late_delivery", 0.7), moved))).hints
    assert any("make sure who it is" in hint for hint in told)


def test_the_reason_for_the_money_is_no_matter_of_its_own() -> None:
    assert further("refund_status", Intent("duplicate_fee", 0.3, named=True)) == ()
    assert further("return", Intent("refund_status", 0.3, named=True)) == ()
    assert further("double_charge", Intent("billing_question", 0.3, named=True)) == ()


def test_thanks_and_open_questions_take_nothing_along() -> None:
    named = Intent("cancellation", 0.3, named=True)
    assert further("praise", named) == ()
    assert further("other", named) == ()
