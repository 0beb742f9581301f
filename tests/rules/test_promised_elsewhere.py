"""Money that another case promised, and matters of other cases: what a letter says of them."""

from dataclasses import replace
from typing import Any

import pytest
from rules_builders import NOW, facts, order

from bot.rules import decide
from bot.rules.facts import Promised, SentRefund

TWICE = order(captures_minor=(49_900, 49_900), shipping_minor=())
FIRST = Promised("refund", "A", 49_900, "DKK", "double_charge", 7)


def answered(intent: str, promised: Promised, **fields: Any) -> str:
    given: dict[str, Any] = {"order": TWICE, "promised": (promised,)}
    return decide(facts(intent, **(given | fields))).rule


@pytest.mark.parametrize(
    ("intent", "promised", "rule"),
    [
        ("double_charge", FIRST, "tell_what_is_promised"),
        ("refund_status", FIRST, "tell_what_is_promised"),
        # Another amount is another line; a lead has not said yes; words of their own.
        ("double_charge", replace(FIRST, amount_minor=4_900), "give_back_double_charge"),
        ("double_charge", replace(FIRST, asked_only=True), "give_back_double_charge"),
        ("double_charge", replace(FIRST, kind="credit"), "give_back_double_charge"),
        ("double_charge", replace(FIRST, kind="release"), "give_back_double_charge"),
        # Sent, and our books do not say when: somebody looks.
        ("double_charge", replace(FIRST, sent=True), "give_back_double_charge"),
        # Another matter.
        ("product_question", FIRST, "answer_the_question"),
        ("data_request", FIRST, "honour_the_data_request"),
    ],
)
def test_a_promise_is_told_where_the_message_is_about_that_money(
    intent: str, promised: Promised, rule: str
) -> None:
    assert answered(intent, promised) == rule


def test_what_was_sent_is_told_with_its_day_while_the_bank_is_at_work() -> None:
    gone = replace(TWICE, refundable_minor=49_900, refunds=(SentRefund(49_900, NOW),))
    decision = decide(facts("double_charge", order=gone, promised=(replace(FIRST, sent=True),)))
    assert (decision.rule, decision.template) == ("tell_what_is_promised", "reply/refund_status_granted")
    assert decision.context["sent_on"]
    assert decision.remedy is not None
    assert (decision.remedy.given, decision.remedy.amount_minor) == (True, 49_900)


def test_where_something_else_went_back_before_no_day_of_that_is_told() -> None:
    gone = replace(TWICE, refunds=(SentRefund(4_900, NOW),))
    decision = decide(facts("double_charge", order=gone, promised=(FIRST,)))
    assert (decision.template, decision.context["sent_on"]) == ("reply/refund_granted", "")


def test_a_mail_that_failed_its_authentication_is_told_nothing() -> None:
    decision = decide(facts("double_charge", order=TWICE, promised=(FIRST,), authentication="fail"))
    assert decision.context["amount"] == ""


@pytest.mark.parametrize(
    ("intent", "beside", "also"),
    [
        ("double_charge", ("late_delivery",), ("late_delivery",)),
        ("late_delivery", ("damaged_item", "return", "cancellation"), ("damaged_item", "return")),
        ("double_charge", ("double_charge",), ()),
        ("refund_status", ("double_charge",), ()),
        ("double_charge", ("return",), ("return",)),
        ("double_charge", ("other",), ()),
        ("service_complaint", ("late_delivery",), ()),
        ("praise", ("late_delivery",), ()),
    ],
)
def test_the_matters_of_other_cases_are_named_in_the_same_letter(
    intent: str, beside: tuple[str, ...], also: tuple[str, ...]
) -> None:
    assert decide(facts(intent, order=TWICE, beside=beside)).context["also"] == also


def test_a_correction_is_about_this_case_and_leaves_the_others_named() -> None:
    corrected = facts("other", corrected_intent="damaged_item", beside=("late_delivery",), order=TWICE)
    assert decide(corrected).context["also"] == ("late_delivery",)
