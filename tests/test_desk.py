"""What people decide at the desk: replies go once, in the words and within the rules they were pressed with."""

import pytest
from scenes import NILS, Scene, mail

from bot import desk
from bot.desk.replies import Wording
from bot.errors import PermanentFailure, Refused
from bot.redrafting import redraft
from storage.tables import (
    AuditEvent,
    CardState,
    Customer,
    Order,
    Refund,
    RefundState,
)


async def test_send_and_refund_writes_both_in_one_transaction(paid_twice: Scene) -> None:
    said = paid_twice.send()
    assert "499 kr." in said
    refund = paid_twice.rows(Refund)[0]
    assert (refund.state, refund.amount_minor, refund.tier) == (RefundState.APPROVED, 49_900, "A")
    assert paid_twice.rows(Order)[0].given_back_minor == 49_900
    await paid_twice.work()
    letter = paid_twice.mails()[0].payload
    assert "Venlig hilsen\nFreja" in letter["text"]
    assert "‹" not in letter["text"]
    assert letter["in_reply_to"] == "1@example.dk"
    assert letter["subject"] == "Re: Betalt to gange"


async def test_a_second_press_sends_and_refunds_nothing_more(paid_twice: Scene) -> None:
    paid_twice.send()
    with pytest.raises(Refused, match="is sending this reply"):
        paid_twice.send(NILS)
    await paid_twice.work()
    with pytest.raises(Refused, match="Freja Holm sent this reply"):
        paid_twice.send(NILS)
    assert len(paid_twice.mails()) == 1
    assert len(paid_twice.rows(Refund)) == 1


async def test_an_old_card_is_refused_with_the_reason(paid_twice: Scene) -> None:
    old = paid_twice.press()
    await paid_twice.receive(
        mail("Og hvornår kommer de?", message_id="<2@example.dk>", answers="1@example.dk")
    )
    with pytest.raises(Refused, match="read the new one"):
        paid_twice.do(desk.send, paid_twice.desk, old, paid_twice.now)


async def test_a_stranger_can_press_nothing(paid_twice: Scene) -> None:
    with pytest.raises(Refused, match="support staff"):
        paid_twice.send("USTRANGER1")
    assert paid_twice.card().state is CardState.NEW


async def test_the_text_and_the_refund_must_name_the_same_amount(paid_twice: Scene) -> None:
    with pytest.raises(Refused, match="another amount"):
        paid_twice.send(wording=Wording("Hej Mette, jeg sender 998 kr. tilbage til dig nu. Freja"))
    assert paid_twice.card().state is CardState.NEW
    assert paid_twice.rows(Refund) == []


async def test_an_edited_text_goes_as_it_was_edited(paid_twice: Scene) -> None:
    paid_twice.send(wording=Wording("Hej Mette, jeg sender dine 499 kr. tilbage nu. Freja", caught=1))
    await paid_twice.work()
    assert paid_twice.mails()[0].payload["text"].startswith("Hej Mette, jeg sender dine 499 kr.")
    card = paid_twice.card()
    assert (card.state, card.final_text is not None, card.findings_caught) == (CardState.SENT, True, 1)


async def test_an_empty_text_and_a_missing_name_are_refused(paid_twice: Scene) -> None:
    with pytest.raises(Refused, match="Write a reply"):
        paid_twice.send(wording=Wording("   "))


async def test_too_many_mails_in_an_hour_wait_for_a_person_to_look(scene: Scene) -> None:
    limit = scene.parts.house.policy.most_sent_per_hour
    for number in range(limit):
        answers = f"{number - 1}@example.dk" if number else ""
        await scene.receive(
            mail(f"Hvor er min pakke {number}?", message_id=f"<{number}@example.dk>", answers=answers)
        )
        scene.send()
        await scene.work()
    await scene.receive(mail("Hallo?", message_id="<last@example.dk>", answers="0@example.dk"))
    with pytest.raises(Refused, match="many mails within the hour"):
        scene.send()


async def test_a_reply_that_failed_can_be_tried_again_and_goes_once(paid_twice: Scene) -> None:
    paid_twice.troubles["mail"] = [PermanentFailure("550 no")]
    paid_twice.send()
    await paid_twice.work()
    assert paid_twice.card().state is CardState.FAILED
    paid_twice.do(desk.retry, paid_twice.press(), paid_twice.now)
    with pytest.raises(Refused, match="on its way"):
        paid_twice.do(desk.retry, paid_twice.press(NILS), paid_twice.now)
    await paid_twice.work()
    assert len(paid_twice.mails()) == 1
    assert len(paid_twice.rows(Refund)) == 1
    assert paid_twice.card().state is CardState.SENT


async def test_a_text_with_a_card_number_does_not_go(paid_twice: Scene) -> None:
    with pytest.raises(Refused, match="card number"):
        paid_twice.send(
            wording=Wording("Hej Mette, jeg sender pengene til kort 4571 1234 5678 9016 nu. Freja")
        )
    await paid_twice.work()
    assert paid_twice.mails() == []
    assert paid_twice.card().state is CardState.NEW


async def test_dismissing_needs_no_reason_and_settles_once(paid_twice: Scene) -> None:
    paid_twice.do(desk.dismiss, paid_twice.press(), "", paid_twice.now)
    assert paid_twice.card().state is CardState.DISMISSED
    with pytest.raises(Refused, match="dismissed this draft"):
        paid_twice.send(NILS)


async def test_correcting_the_language_makes_the_draft_anew_and_is_remembered(paid_twice: Scene) -> None:
    paid_twice.do(desk.correct_reading, paid_twice.press(), "double_charge", "sv", paid_twice.now)
    await redraft(paid_twice.parts, 1)
    assert paid_twice.card().language == "sv"
    assert paid_twice.card().text.startswith("Hej")
    assert "tillbaka" in paid_twice.card().text
    (customer,) = paid_twice.rows(Customer)
    assert customer.language == "sv"
    await paid_twice.receive(mail("Er I der?", message_id="<2@example.dk>", answers="1@example.dk"))
    assert paid_twice.card().language == "sv"
    actions = [each.action for each in paid_twice.rows(AuditEvent)]
    assert "language_corrected" in actions
    assert "intent_corrected" not in actions


async def test_a_language_that_no_letter_is_written_in_is_refused(paid_twice: Scene) -> None:
    with pytest.raises(Refused, match="listed languages"):
        paid_twice.do(desk.correct_reading, paid_twice.press(), "double_charge", "fr", paid_twice.now)


async def test_correcting_the_intent_makes_the_draft_anew_and_it_stays_corrected(paid_twice: Scene) -> None:
    paid_twice.do(desk.correct_reading, paid_twice.press(), "late_delivery", "", paid_twice.now)
    await redraft(paid_twice.parts, 1)
    assert paid_twice.card().rule == "own_the_delay"
    await paid_twice.receive(mail("Er I der?", message_id="<2@example.dk>", answers="1@example.dk"))
    assert paid_twice.card().intent == "late_delivery"
