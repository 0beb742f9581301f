"""What an answer is checked for, and what the agent is told beside it."""

from datetime import date, timedelta

import pytest
from rules_builders import NOW, facts, order

from bot.rules import decide
from bot.rules.composing import hints
from bot.rules.facts import CustomerFacts, Delivery, Facts, Item


def _hinted(text: str, case: Facts) -> str:
    return " / ".join(hints(text, case, decide(case)))


DOUBLE = facts("double_charge", order=order(captures_minor=(54800, 54800)))


GOOD = """Hej Mette,

Jeg sender dine 548 kr. tilbage lige nu. Undskyld, vi har trukket dig to gange.

Du har pengene senest onsdag den 26. november.

Er det så på plads for dig?

Venlig hilsen
Sofie"""


def test_a_good_answer_gets_no_hints() -> None:
    assert _hinted(GOOD, DOUBLE) == ""


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        (GOOD.replace("senest onsdag den 26. november", "snart"), "No date"),
        (GOOD.replace("Undskyld, vi", "Vi"), "No apology"),
        (GOOD.replace("Jeg sender", "Vi sender"), "Only “we”"),
        (GOOD.replace("Er det så på plads for dig?", "Ha en god dag."), "last accept"),
        (GOOD.replace("lige nu", "lige nu. Oplys venligst dit ordrenummer"), "we know it: 10432"),
        (GOOD.replace("548", "600"), "another amount"),
        (GOOD + "\n\n" + "ord " * 120, "Long:"),
        (GOOD.replace("lige nu.", "lige nu. Hvilket kort betalte du med?"), "2 questions"),
    ],
)
def test_what_is_missing_is_said_once(changed: str, said: str) -> None:
    found = hints(changed, DOUBLE, decide(DOUBLE))
    assert sum(said in hint for hint in found) == 1


@pytest.mark.parametrize(
    ("asked", "told"),
    [
        ("Skriv gerne dit ordrenummer.", "order number, and we know it: 10432"),
        (
            "Kan du oplyse den e-mailadresse, du bestilte med?",
            "mail address, and we know it: they wrote from it",
        ),
        ("Hva er navnet ditt?", "name, and we know it: Mette"),
        ("Vilken vara gäller det?", "thing they bought, and we know it: Lampe Nord"),
        ("Please tell me which product it is about.", "thing they bought, and we know it: Lampe Nord"),
    ],
)
def test_whoever_asks_for_what_we_know_is_told_it(asked: str, told: str) -> None:
    case = facts("double_charge", order=order())
    assert told in " / ".join(hints(f"{GOOD}\n{asked}", case, decide(case)))
    stranger = facts("double_charge", channel="slack", customer=CustomerFacts())
    assert "and we know it" not in " / ".join(hints(f"{GOOD}\n{asked}", stranger, decide(stranger)))


@pytest.mark.parametrize(
    "said",
    ["Jeg skriver til den mailadresse, vi har.", "I've noted your order number.", "Tak for dit navn."],
)
def test_whoever_names_what_we_know_does_not_ask_for_it(said: str) -> None:
    case = facts("double_charge", order=order())
    assert "and we know it" not in " / ".join(hints(f"{GOOD}\n{said}", case, decide(case)))


def test_the_unanswered_question_is_named_and_the_answered_ones_are_not() -> None:
    case = facts(
        "double_charge",
        order=order(captures_minor=(54800, 54800)),
        questions=(
            "Hvornår får jeg mine penge?",
            "Hvorfor er der trukket to gange?",
            "Kan jeg få en lampe i blå i stedet?",
        ),
    )
    found = [hint for hint in hints(GOOD, case, decide(case)) if hint.startswith("Unanswered")]
    assert found == ["Unanswered question: “Kan jeg få en lampe i blå i stedet?”"]


def test_an_english_i_is_not_the_danish_in() -> None:
    text = "Vi sender dine penge tilbage i dag. I dag er det onsdag."
    assert "Only “we”" in _hinted(text, DOUBLE)


def test_nothing_is_said_about_an_answer_nobody_drafted() -> None:
    case = facts(owner_only="injury")
    assert hints("Hej", case, decide(case)) == ()


@pytest.mark.parametrize(
    ("case", "said"),
    [
        (facts(authentication="fail", order=order()), "cannot be sure who sent this"),
        (facts(language="de"), "German"),
        (facts(language="fi"), "Finnish"),
        (facts(customer=CustomerFacts(strikes=(date(2025, 6, 1),))), "on 1 June 2025"),
        (facts("other", second_bad_experience=True), "by their own words"),
        (
            facts("damaged_item", order=order(items=(Item("Sofa", 900_000),), captures_minor=(900_000,))),
            "above your limit (DKK 2,000)",
        ),
        (
            facts("double_charge", order=order(captures_minor=(2_000_000, 2_000_000), items=())),
            "colleague checks the typing",
        ),
        (
            facts("double_charge", order=order(captures_minor=(54800, 54800), refundable_minor=0)),
            "given back already",
        ),
        (facts("double_charge", order=order()), "believe the customer"),
        (facts("late_delivery", order=order(delivery=Delivery("lost"))), "parcel is lost"),
        (facts("late_delivery", order=order(delivery=Delivery("delivered"))), "our risk"),
        (
            facts(
                "late_delivery",
                order=order(shipping_minor=(), delivery=Delivery("sent", NOW - timedelta(days=3))),
            ),
            "no delivery fee",
        ),
        (
            facts("return", order=order(items=(Item("Sofa", 900_000),), captures_minor=(900_000,))),
            "Wednesday 3 December",
        ),
    ],
)
def test_the_agent_is_told_what_the_case_needs(case: Facts, said: str) -> None:
    assert said in " / ".join(decide(case).hints)
