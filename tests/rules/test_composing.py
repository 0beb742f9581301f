"""What a template may say, how money and days are written, and what an answer is checked for."""

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from rules_builders import NOW, facts, order

from bot.rules import decide
from bot.rules.composing import amounts_agree, format_day, format_money, hints
from bot.rules.decisions import Remedy
from bot.rules.facts import CustomerFacts, Delivery, Facts, Item


@pytest.mark.parametrize(
    ("minor", "currency", "language", "written"),
    [
        (49900, "DKK", "da", "499 kr."),
        (124950, "DKK", "da", "1.249,50 kr."),
        (49900, "NOK", "da", "499 NOK"),
        (4900, "EUR", "da", "49 euro"),
        (4950, "EUR", "da", "49,50 euro"),
        (49900, "NOK", "nb", "499 kr"),
        (124950, "NOK", "nb", "1 249,50 kr"),
        (124950, "NOK", "nn", "1 249,50 kr"),
        (49900, "DKK", "nn", "499 DKK"),
        (49900, "SEK", "sv", "499 kr"),
        (123456789, "SEK", "sv", "1 234 567,89 kr"),
        (49900, "DKK", "en", "DKK 499"),
        (124950, "EUR", "en", "EUR 1,249.50"),
        (4000, "ISK", "en", "ISK 4,000"),
        (5, "DKK", "da", "0,05 kr."),
        (49900, "DKK", "fi", "DKK 499"),
    ],
)
def test_money_is_written_as_at_home(minor: int, currency: str, language: str, written: str) -> None:
    assert format_money(minor, currency, language) == written


@pytest.mark.parametrize(
    ("language", "written"),
    [
        ("da", "onsdag den 26. november"),
        ("nb", "onsdag 26. november"),
        ("nn", "onsdag 26. november"),
        ("sv", "onsdag den 26 november"),
        ("en", "Wednesday 26 November"),
        ("de", "Wednesday 26 November"),
    ],
)
def test_a_day_is_written_as_at_home(language: str, written: str) -> None:
    assert format_day(datetime(2025, 11, 26, 11, tzinfo=UTC), language, NOW) == written


@pytest.mark.parametrize(
    ("offset", "weekday"),
    [
        (0, "måndag"),
        (1, "tysdag"),
        (2, "onsdag"),
        (3, "torsdag"),
        (4, "fredag"),
        (5, "laurdag"),
        (6, "søndag"),
    ],
)
def test_the_days_of_the_week_in_nynorsk(offset: int, weekday: str) -> None:
    monday = datetime(2025, 11, 24, 11, tzinfo=UTC)
    assert format_day(monday + timedelta(days=offset), "nn", NOW).startswith(weekday)


def test_a_day_half_a_year_away_has_its_year() -> None:
    assert format_day(datetime(2026, 11, 26, 11, tzinfo=UTC), "da", NOW) == "torsdag den 26. november 2026"


def test_a_day_is_the_customers_day() -> None:
    late = datetime(2025, 11, 26, 23, 30, tzinfo=UTC)
    assert format_day(late, "en", NOW, "IS") == "Wednesday 26 November"
    assert format_day(late, "en", NOW, "DK") == "Thursday 27 November"


TEMPLATE_NAMES = {
    "name", "agent", "channel", "first", "noun", "order_number", "amount", "release", "by_date", "answer_by",
    "delivery_date", "shipping_amount", "customer_type", "feeling", "second_time", "our_fault",
    "question_key", "wish", "also", "sent_on", "offer_amount",
}  # fmt: skip


def test_a_refund_says_how_much_and_by_when() -> None:
    case = facts("double_charge", order=order(captures_minor=(54800, 54800)), feeling=2, noun="lampen")
    said = decide(case).context
    assert set(said) == TEMPLATE_NAMES
    assert said["amount"] == "548 kr."
    assert said["by_date"] == "onsdag den 26. november"
    assert said["answer_by"] == "torsdag den 20. november"
    assert (said["name"], said["agent"], said["order_number"]) == ("Mette", "Sofie", "10432")
    assert (said["release"], said["our_fault"], said["second_time"]) == (False, True, False)


@pytest.mark.parametrize(
    ("case", "expected"),
    [
        (
            facts("double_charge", order=order(reservations_minor=(54800,))),
            {"release": True, "amount": "548 kr.", "by_date": "onsdag den 3. december"},
        ),
        (
            facts("double_charge", named=((49900, "DKK"),), order_numbers=("77",)),
            {"release": False, "amount": "499 kr.", "by_date": "", "order_number": "77"},
        ),
        (
            facts("late_delivery", order=order(delivery=Delivery("sent", NOW - timedelta(days=2)))),
            {"shipping_amount": "49 kr.", "by_date": "onsdag den 26. november", "delivery_date": ""},
        ),
        (
            facts("late_delivery", order=order(delivery=Delivery("sent", NOW + timedelta(days=2)))),
            {"shipping_amount": "", "by_date": "", "delivery_date": "fredag den 21. november"},
        ),
        (
            facts(
                "late_delivery",
                order=order(
                    delivery=Delivery("sent", NOW - timedelta(days=2), expected_at=NOW + timedelta(days=1))
                ),
            ),
            {"delivery_date": "torsdag den 20. november"},
        ),
        # The apology in money is the agent's own: the draft does not name it.
        (facts("service_complaint"), {"amount": "", "by_date": ""}),
        # Above the authority no day is promised for the money.
        (
            facts(
                "damaged_item",
                order=order(items=(Item("Sofa", 900_000),), captures_minor=(900_000,)),
            ),
            {"amount": "9.000 kr.", "by_date": ""},
        ),
        # A large return is paid when the parcel is here.
        (
            facts("return", order=order(items=(Item("Sofa", 900_000),), captures_minor=(904_900,))),
            {"amount": "", "by_date": ""},
        ),
        (facts("price_discount", second_bad_experience=True), {"second_time": True, "our_fault": False}),
        (facts("technical_fault"), {"question_key": "technical_fault"}),
        (facts(customer=CustomerFacts()), {"name": ""}),
        (facts(channel="slack", first_answer=False), {"channel": "slack", "first": False}),
    ],
)
def test_a_template_is_told_only_what_the_draft_may_state(case: Facts, expected: dict[str, Any]) -> None:
    said = decide(case).context
    assert {key: said[key] for key in expected} == expected


REFUND = Remedy("refund", "A", 49900, "DKK")


@pytest.mark.parametrize(
    ("text", "language", "agree"),
    [
        ("Jeg sender dine 499 kr. tilbage lige nu.", "da", True),
        ("Jeg sender dine 599 kr. tilbage lige nu.", "da", False),
        ("Du har betalt 998 kr., og jeg sender 499 kr. tilbage.", "da", True),
        ("Du har betalt 499 kr., og jeg sender 998 kr. tilbage.", "da", False),
        ("Jeg sender 499 kr. tilbage. Fragten på 49 kr. får du også retur.", "da", False),
        ("Du er blevet trukket 998 kr. Jeg vender tilbage senest fredag.", "da", True),
        ("Jeg vender tilbage til dig om de 998 kr. senest fredag.", "da", True),
        ("Jeg refunderer kr. 499,00 i dag.", "da", True),
        ("Jeg refunderer 499,- i dag.", "da", True),
        ("Jeg refunderer 499 NOK i dag.", "da", False),
        ("Jeg giver dig 200 kr. som undskyldning.", "da", False),
        ("Eg sender 499 kr tilbake no.", "nn", True),
        ("Jeg sender 49 kr tilbake nå.", "nb", False),
        ("Jag skickar tillbaka 499 kr nu.", "sv", True),
        ("Jag återkommer om dina 499 kr.", "sv", True),
        ("I'm sending DKK 499 back now.", "en", True),
        ("I'm refunding DKK 4,990 now.", "en", False),
        ("I'll get back to you about the DKK 998 by Friday.", "en", True),
        ("A refund takes five days.", "en", True),
        ("", "da", True),
    ],
)
def test_a_promised_amount_is_the_remedys(text: str, language: str, agree: bool) -> None:
    assert amounts_agree(text, REFUND, language) is agree


def test_without_a_remedy_no_amount_may_be_promised() -> None:
    assert not amounts_agree("Jeg sender 499 kr. tilbage.", None, "da")
    assert not amounts_agree("Jeg sender 499 kr. tilbage.", Remedy("refund", "A", known=False), "da")
    assert amounts_agree("Din betaling på 499 kr. er gået igennem.", None, "da")


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
