"""Which rule answers which facts, and what it says."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest
from rules_builders import NOW, facts, order

from bot.rules import RULES, decide
from bot.rules.decisions import Action, Remedy, Situation
from bot.rules.facts import CustomerFacts, Delivery, Facts, Intent, Item, Promised, SentRefund

GIVEN = Remedy("refund", "B", 499_900, "DKK", given=True)
PROMISED = Promised("refund", "A", 54_800, "DKK", "double_charge", 7)
PAID_TWICE = order(captures_minor=(54800, 54800))
LATE = order(delivery=Delivery("sent", NOW - timedelta(days=2)))
DEAR = order(items=(Item("Sofa", 900_000),), captures_minor=(900_000,))

RESERVED = order(reservations_minor=(54800,))
TWO_FEES = order(shipping_minor=(4900, 4900))
LATE_AND_FREE = replace(LATE, shipping_minor=())
#: Its freight alone is more than an agent gives without asking.
LATE_AND_DEAR = replace(LATE, shipping_minor=(300_000,), refundable_minor=900_000)
DEAR_AND_OLD = replace(DEAR, delivery=Delivery("delivered", delivered_at=NOW - timedelta(days=60)))
DOUBLE, FEE, ASK = "give_back_double_charge", "give_back_duplicate_fee", "ask_what_is_needed"

REFUNDED = order(refunds=(SentRefund(20_000, NOW - timedelta(days=1)),))
REFUNDED_LONG_AGO = order(refunds=(SentRefund(20_000, NOW - timedelta(days=30)),))
UNSOLVED = facts("damaged_item", first_answer=False, earlier_intent="damaged_item", unsolved=True)
UNSURE = replace(
    facts("cancellation"),
    reading=replace(facts("cancellation").reading, intents=(Intent("cancellation", 0.2),)),
)

#: Facts, the rule that answers them, and what it says: the template and the kind of remedy.
CASES: list[tuple[Facts, str, str | None, str | None]] = [
    (facts(automatic="own"), "ignore_own_mail", None, None),
    (facts(automatic="bounce"), "show_bounce", None, None),
    (facts(automatic="delay"), "show_bounce", None, None),
    (facts("double_charge", automatic="auto_reply"), "show_automatic_mail", None, None),
    (facts(automatic="list"), "show_automatic_mail", None, None),
    (facts("damaged_item", owner_only="injury"), "call_the_owner", None, None),
    (facts(owner_only="lawyer", thanks_only=True), "call_the_owner", None, None),
    (facts(thanks_only=True), "let_thanks_rest", None, None),
    (facts("missing_item", content=True, first_answer=False), "let_thanks_rest", None, None),
    (facts("missing_item", content=True), "be_glad_with_them", "thanks", None),
    (
        facts("missing_item", content=True, corrected_intent="missing_item"),
        "send_what_is_missing",
        "missing_item_looking",
        "replacement",
    ),
    (facts("praise", content=True), "pass_on_praise", "praise_thanks", None),
    (facts("damaged_item", given=GIVEN), "tell_what_was_given", "refund_granted", "refund"),
    (facts("double_charge", given=GIVEN), "tell_what_was_given", "double_charge_granted", "refund"),
    (
        facts("double_charge", order=PAID_TWICE, promised=(PROMISED,)),
        "tell_what_is_promised",
        "refund_status_granted",
        "refund",
    ),
    (facts("double_charge", order=PAID_TWICE), DOUBLE, "double_charge_granted", "refund"),
    (facts("double_charge", order=RESERVED), DOUBLE, "double_charge_granted", "release"),
    (facts("double_charge"), DOUBLE, "double_charge_looking", "refund"),
    (facts("duplicate_fee", order=TWO_FEES), FEE, "duplicate_fee_granted", "refund"),
    (facts("duplicate_fee"), FEE, "duplicate_fee_looking", "refund"),
    (facts("damaged_item", order=order()), "make_damage_good", "damaged_item_granted", "choice"),
    (facts("damaged_item", order=DEAR), "make_damage_good", "damaged_item_approval", "choice"),
    (facts("damaged_item"), "make_damage_good", "damaged_item_looking", "choice"),
    (facts("late_delivery", order=LATE), "own_the_delay", "late_delivery_granted", "shipping_refund"),
    (facts("late_delivery", order=LATE_AND_DEAR), "own_the_delay", "late_delivery_granted", None),
    (facts("late_delivery", order=LATE_AND_FREE), "own_the_delay", "late_delivery_granted", None),
    (facts("late_delivery"), "own_the_delay", "late_delivery_looking", "shipping_refund"),
    (facts("return", order=order()), "say_yes_to_return", "return_granted", "refund"),
    (facts("return", order=DEAR), "say_yes_to_return", "return_granted", "refund"),
    (facts("return", order=DEAR_AND_OLD), "say_yes_to_return", "return_approval", "refund"),
    (facts("return"), "say_yes_to_return", "return_looking", "refund"),
    (facts("service_complaint"), "apologise_for_service", "service_complaint_open", "credit"),
    (facts("other"), ASK, "ask_open", None),
    (facts("other", greeting_only=True), ASK, "ask_open", None),
    (facts("praise"), "pass_on_praise", "praise_thanks", None),
    (facts("missing_item", order=order()), "send_what_is_missing", "missing_item_granted", "replacement"),
    (
        facts("missing_item", order=order(), wish="refund"),
        "send_what_is_missing",
        "missing_item_granted",
        "refund",
    ),
    (facts("missing_item", order=DEAR), "send_what_is_missing", "missing_item_approval", "replacement"),
    (facts("missing_item"), "send_what_is_missing", "missing_item_looking", "replacement"),
    (facts("wrong_item", order=order()), "send_the_right_one", "wrong_item_granted", "replacement"),
    (facts("wrong_item"), "send_the_right_one", "wrong_item_looking", "replacement"),
    (
        facts("damaged_item", order=order(), wish="replacement"),
        "make_damage_good",
        "damaged_item_granted",
        "replacement",
    ),
    (
        facts("damaged_item", order=order(), wish="refund"),
        "make_damage_good",
        "damaged_item_granted",
        "refund",
    ),
    (facts("cancellation", order=order()), "cancel_at_once", "cancellation_granted", "refund"),
    (facts("cancellation", order=LATE), "cancel_at_once", "cancellation_looking", "cancel"),
    (facts("cancellation"), "cancel_at_once", "cancellation_looking", "cancel"),
    (facts("refund_status", order=REFUNDED), "find_the_refund", "refund_status_granted", "refund"),
    (facts("refund_status", order=REFUNDED_LONG_AGO), "find_the_refund", "refund_status_looking", "refund"),
    (facts("refund_status"), "find_the_refund", "refund_status_looking", "refund"),
    (facts("price_discount"), "check_the_price", "price_discount_looking", "price_difference"),
    (facts("billing_question"), "explain_the_bill", "billing_question_looking", None),
    (facts("account_access"), "let_them_in_safely", "account_access_looking", None),
    (facts("product_question"), "answer_the_question", "product_question_looking", None),
    (facts("technical_fault"), "find_the_fault", "technical_fault_looking", "credit"),
    (facts("address_change", order=order()), "move_to_the_new_address", "address_change_granted", None),
    (facts("address_change"), "move_to_the_new_address", "address_change_looking", None),
    (facts("data_request"), "honour_the_data_request", "data_request_looking", None),
    (UNSOLVED, "take_it_up_again", "still_not_solved", None),
    (UNSURE, "ask_where_unsure", "ask_open", None),
    (replace(UNSURE, earlier_intent="cancellation"), "cancel_at_once", "cancellation_looking", "cancel"),
    (replace(UNSURE, corrected_intent="cancellation"), "cancel_at_once", "cancellation_looking", "cancel"),
]


@pytest.mark.parametrize(("case", "rule", "template", "remedy"), CASES)
def test_the_house_answers(case: Facts, rule: str, template: str | None, remedy: str | None) -> None:
    decision = decide(case)
    assert (decision.rule, decision.template) == (rule, f"reply/{template}" if template else None)
    assert (decision.remedy.kind if decision.remedy else None) == remedy
    assert (decision.action is Action.SUGGEST) is (template is not None)


@pytest.mark.parametrize(
    ("case", "action"),
    [
        (facts(automatic="own"), Action.KEEP),
        (facts(automatic="bounce"), Action.SHOW),
        (facts(automatic="auto_reply"), Action.SHOW),
        (facts(thanks_only=True), Action.SHOW),
        (facts(owner_only="fire"), Action.CALL_OWNER),
    ],
)
def test_what_is_not_drafted_is_kept_shown_or_called_in(case: Facts, action: Action) -> None:
    assert decide(case).action is action


def test_every_rule_is_reached_and_records_those_before_it() -> None:
    names = [rule.__name__ for rule in RULES]
    assert {decide(case).rule for case, *_ in CASES} == set(names)
    for case, rule, *_ in CASES:
        assert list(decide(case).passed) == names[: names.index(rule)]


def test_the_rules_read_as_a_policy() -> None:
    assert all(rule.__doc__ for rule in RULES)
    assert len({rule.__name__ for rule in RULES}) == len(RULES)


@pytest.mark.parametrize("automatic", ["own", "bounce", "delay", "auto_reply", "list"])
def test_a_machine_is_never_answered_or_followed_up(automatic: str) -> None:
    decision = decide(facts("double_charge", order=PAID_TWICE, automatic=automatic, owner_only="injury"))
    assert decision.action in (Action.KEEP, Action.SHOW)
    assert (decision.template, decision.remedy, decision.follow_up, decision.context) == (
        None,
        None,
        None,
        {},
    )


def test_what_only_a_person_may_answer_carries_nothing_to_send() -> None:
    decision = decide(facts("double_charge", order=PAID_TWICE, owner_only="injury"))
    assert decision.owner_only == "injury"
    assert (decision.template, decision.remedy, decision.follow_up) == (None, None, None)


def test_two_payments_of_499_give_499_back_without_asking_anybody() -> None:
    books = order(captures_minor=(49900, 49900), items=(Item("Lampe", 49900),), shipping_minor=())
    decision = decide(facts("double_charge", order=books))
    assert decision.remedy is not None
    assert (decision.remedy.amount_minor, decision.remedy.currency) == (49900, "DKK")
    assert decision.remedy.within_authority
    assert decision.follow_up is not None
    assert decision.follow_up.kind == "money_arrived"


def test_a_persons_correction_wins_over_the_reading_and_over_rest() -> None:
    decision = decide(facts("other", thanks_only=True, corrected_intent="late_delivery"))
    assert (decision.rule, decision.intent) == ("own_the_delay", "late_delivery")


@pytest.mark.parametrize(
    ("intent", "earlier", "expected"),
    [
        ("other", "damaged_item", "damaged_item"),
        ("return", "damaged_item", "return"),
        ("other", None, "other"),
        ("other", "something_old", "other"),
        ("something_new", None, "other"),
    ],
)
def test_a_later_message_without_a_wish_of_its_own_stays_with_the_case(
    intent: str, earlier: str | None, expected: str
) -> None:
    assert decide(facts(intent, earlier_intent=earlier)).intent == expected


def test_an_unknown_correction_is_no_correction() -> None:
    assert decide(facts("return", corrected_intent="nonsense")).intent == "return"


def test_a_forged_sender_learns_nothing_of_the_order() -> None:
    decision = decide(facts("double_charge", order=PAID_TWICE, authentication="fail"))
    assert decision.situation is Situation.LOOKING
    assert decision.remedy is not None
    assert (decision.remedy.known, decision.remedy.amount_minor) == (False, None)
    assert decision.context["order_number"] == ""
    assert any("cannot be sure" in hint for hint in decision.hints)


@pytest.mark.parametrize(("language", "draft"), [("nn", "nn"), ("sv", "sv"), ("de", "en"), ("fi", "en")])
def test_the_draft_is_in_the_customers_language_or_english(language: str, draft: str) -> None:
    assert decide(facts(language=language)).language == draft


@pytest.mark.parametrize(
    ("strikes", "second_chance", "call"),
    [
        ((), False, None),
        ((date(2025, 6, 1),), True, datetime(2025, 11, 20, 16, tzinfo=UTC)),
        ((date(2024, 11, 20),), True, datetime(2025, 11, 20, 16, tzinfo=UTC)),
        ((date(2024, 11, 19),), False, None),  # twelve months ago to the day: forgiven
    ],
)
def test_after_one_strike_comes_the_second_chance_and_after_two_a_call(
    strikes: tuple[date, ...], second_chance: bool, call: datetime | None
) -> None:
    customer = CustomerFacts(country="DK", strikes=strikes)
    decision = decide(facts("damaged_item", order=order(), customer=customer))
    assert (decision.second_chance, decision.call_by) == (second_chance, call)
    assert decision.is_strike
    assert decision.follow_up is not None
    assert decision.follow_up.compulsory is second_chance


def test_a_question_of_somebody_we_let_down_is_no_strike_and_no_call() -> None:
    customer = CustomerFacts(country="DK", strikes=(date(2025, 6, 1),))
    decision = decide(facts("product_question", customer=customer))
    assert (decision.is_strike, decision.call_by, decision.second_chance) == (False, None, True)
    assert decision.follow_up is not None


def test_membership_age_and_spend_change_nothing_for_the_customer() -> None:
    new = decide(facts("damaged_item", order=order(), customer=CustomerFacts("Mette", country="DK")))
    old = decide(
        facts(
            "damaged_item",
            order=replace(
                order(), captures_minor=(9_000_000,), paid_minor=9_000_000, refundable_minor=9_000_000
            ),
            customer=CustomerFacts("Mette", country="DK", customer_since=date(2001, 1, 1), open_cases=9),
        )
    )
    assert new == old
