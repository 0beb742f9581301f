"""What a template may say, and which amounts an answer may promise."""

from datetime import timedelta
from typing import Any

import pytest
from rules_builders import NOW, facts, order

from bot.rules import decide
from bot.rules.composing import NO_EVENT, amounts_agree
from bot.rules.decisions import Remedy
from bot.rules.facts import CustomerFacts, Delivery, Facts, Item

TEMPLATE_NAMES = {
    "name", "agent", "channel", "first", "noun", "order_number", "amount", "release", "by_date", "answer_by",
    "delivery_date", "shipping_amount", "customer_type", "feeling", "second_time", "our_fault",
    "question_key", "wish", "also", "sent_on", "offer_amount", *NO_EVENT,
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
