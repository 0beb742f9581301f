"""What people decide at the desk: once, within their authority, with words and money in step."""

from datetime import timedelta
from typing import Any

import pytest
from scenes import FREJA, NILS, SIGNE, Scene, keep_order, mail, order
from sqlalchemy import Engine

from bot import desk, pipeline
from bot.desk.follow_ups import Approved
from bot.desk.refunds import Wish
from bot.desk.replies import Wording
from bot.errors import PermanentFailure, Refused
from bot.redrafting import redraft
from storage import orders
from storage.tables import (
    AuditEvent,
    CardState,
    Conversation,
    ConversationState,
    FollowUp,
    FollowUpState,
    Order,
    OutboxItem,
    Refund,
    RefundState,
    Suggestion,
)

TWICE = "Hej, I har trukket 499 kr. to gange for ordre 10432. Kan I give mig pengene tilbage?"
BROKEN = "Hej, lampen fra ordre 10432 kom frem i tusind stykker. Øv."


@pytest.fixture
def scene(engine: Engine) -> Scene:
    return Scene(engine)


@pytest.fixture
async def paid_twice(scene: Scene) -> Scene:
    scene.do(keep_order, order())
    await scene.receive(mail(TWICE, subject="Betalt to gange", message_id="<1@example.dk>"))
    return scene


def wish(amount_minor: int, key: str = "window:V1", **fields: Any) -> Wish:
    return Wish(
        **(
            {"key": key, "kind": "refund", "amount_minor": amount_minor, "currency": "DKK", "order_id": 1}
            | fields
        )
    )


# ---- replies ----------------------------------------------------------------------------------------------


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


async def test_dismissing_needs_no_reason_and_settles_once(paid_twice: Scene) -> None:
    paid_twice.do(desk.dismiss, paid_twice.press(), "", paid_twice.now)
    assert paid_twice.card().state is CardState.DISMISSED
    with pytest.raises(Refused, match="dismissed this draft"):
        paid_twice.send(NILS)


async def test_correcting_the_intent_makes_the_draft_anew_and_it_stays_corrected(paid_twice: Scene) -> None:
    paid_twice.do(desk.correct_intent, paid_twice.press(), "late_delivery", paid_twice.now)
    await redraft(paid_twice.parts, 1)
    assert paid_twice.card().rule == "own_the_delay"
    await paid_twice.receive(mail("Er I der?", message_id="<2@example.dk>", answers="1@example.dk"))
    assert paid_twice.card().intent == "late_delivery"


# ---- refunds ----------------------------------------------------------------------------------------------


async def test_a_refund_within_the_limit_is_given_and_the_draft_tells_it(scene: Scene) -> None:
    scene.do(keep_order, order(captures=(49_900,)))
    await scene.receive(mail(BROKEN))
    refund = scene.do(desk.ask_refund, scene.desk, scene.press(), wish(49_900), scene.now)
    assert refund.state is RefundState.APPROVED
    await redraft(scene.parts, 1, given=refund)
    card = scene.card()
    assert (card.rule, "499 kr." in card.text) == ("tell_what_was_given", True)
    scene.send()
    assert len(scene.rows(Refund)) == 1


async def test_a_refund_above_the_limit_is_asked_of_a_lead_and_nobody_approves_their_own(
    scene: Scene,
) -> None:
    scene.do(keep_order, order(captures=(499_900,), items=(("Gulvlampe", 499_900),)))
    await scene.receive(mail(BROKEN))
    refund = scene.do(desk.ask_refund, scene.desk, scene.press(), wish(499_900), scene.now)
    assert refund.state is RefundState.REQUESTED
    for who, reason in ((FREJA, "Only support leads"), (NILS, "Only support leads")):
        with pytest.raises(Refused, match=reason):
            scene.do(desk.decide_refund, who, refund.id, approve=True, now=scene.now)
    approved = scene.do(desk.decide_refund, SIGNE, refund.id, approve=True, now=scene.now)
    assert approved.state is RefundState.APPROVED
    with pytest.raises(Refused, match="decided before"):
        scene.do(desk.decide_refund, SIGNE, refund.id, approve=False, now=scene.now)
    await redraft(scene.parts, 1, given=approved)
    assert "4.999 kr." in scene.card().text


async def test_a_lead_decides_on_a_request_of_another_not_on_their_own(scene: Scene) -> None:
    scene.do(keep_order, order(captures=(4_999_900,), items=(("Lysekrone", 4_999_900),)))
    await scene.receive(mail(BROKEN))
    refund = scene.do(desk.ask_refund, scene.desk, scene.press(SIGNE), wish(4_999_900), scene.now)
    assert refund.state is RefundState.REQUESTED
    with pytest.raises(Refused, match="another lead decides"):
        scene.do(desk.decide_refund, SIGNE, refund.id, approve=True, now=scene.now)


async def test_never_more_than_was_paid_whoever_asks(scene: Scene) -> None:
    scene.do(keep_order, order(captures=(49_900,)))
    await scene.receive(mail(BROKEN))
    scene.do(desk.ask_refund, scene.desk, scene.press(), wish(30_000), scene.now)
    with pytest.raises(Refused, match="Less than that is left"):
        scene.do(desk.ask_refund, scene.desk, scene.press(SIGNE), wish(30_000, "window:V2"), scene.now)
    assert len(scene.rows(Refund)) == 1


async def test_the_limit_is_for_the_whole_case_however_it_is_cut(scene: Scene) -> None:
    scene.do(keep_order, order(captures=(499_900,), items=(("Gulvlampe", 499_900),)))
    await scene.receive(mail(BROKEN))
    first = scene.do(desk.ask_refund, scene.desk, scene.press(), wish(150_000), scene.now)
    second = scene.do(desk.ask_refund, scene.desk, scene.press(), wish(150_000, "window:V2"), scene.now)
    assert (first.state, second.state) == (RefundState.APPROVED, RefundState.REQUESTED)


async def test_a_claim_that_our_books_do_not_know_counts_against_the_limit(scene: Scene) -> None:
    await scene.receive(mail("I har trukket 49.000 kr. to gange for ordre 99999."))
    claimed = scene.do(desk.ask_refund, scene.desk, scene.press(), wish(4_900_000, order_id=None), scene.now)
    assert claimed.state is RefundState.REQUESTED


async def test_after_a_refund_that_came_to_nothing_another_can_be_given(paid_twice: Scene) -> None:
    paid_twice.send()
    await paid_twice.work()
    failed = paid_twice.rows(Refund)[0]
    paid_twice.do(desk.settle_refund, paid_twice.desk, NILS, failed.id, done=False, now=paid_twice.now)
    again = paid_twice.do(desk.ask_refund, paid_twice.desk, paid_twice.press(), wish(49_900), paid_twice.now)
    assert again.state is RefundState.APPROVED
    assert paid_twice.rows(Order)[0].given_back_minor == 49_900


async def test_the_same_window_twice_is_one_refund(scene: Scene) -> None:
    scene.do(keep_order, order(captures=(49_900,)))
    await scene.receive(mail(BROKEN))
    scene.do(desk.ask_refund, scene.desk, scene.press(), wish(10_000), scene.now)
    assert scene.do(desk.ask_refund, scene.desk, scene.press(), wish(10_000), scene.now) is None
    assert scene.rows(Order)[0].given_back_minor == 10_000


async def test_a_declined_refund_frees_its_money(scene: Scene) -> None:
    scene.do(keep_order, order(captures=(499_900,), items=(("Gulvlampe", 499_900),)))
    await scene.receive(mail(BROKEN))
    refund = scene.do(desk.ask_refund, scene.desk, scene.press(), wish(499_900), scene.now)
    scene.do(desk.decide_refund, SIGNE, refund.id, approve=False, now=scene.now)
    assert scene.rows(Order)[0].given_back_minor == 0


async def test_a_refund_that_cannot_be_paid_becomes_the_agents_task_with_the_correction(
    paid_twice: Scene,
) -> None:
    paid_twice.send()
    await paid_twice.work()
    refund = paid_twice.rows(Refund)[0]
    paid_twice.do(desk.settle_refund, paid_twice.desk, NILS, refund.id, done=False, now=paid_twice.now)
    await redraft(paid_twice.parts, 1, template="reply/refund_corrected")
    card = paid_twice.card()
    assert (card.state, card.template) == (CardState.NEW, "reply/refund_corrected")
    assert paid_twice.rows(Order)[0].given_back_minor == 0


async def test_a_large_restitution_is_checked_by_a_second_pair_of_eyes(scene: Scene) -> None:
    scene.do(keep_order, order(captures=(2_499_900, 2_499_900), items=(("Lysekrone", 2_499_900),)))
    await scene.receive(mail("I har trukket pengene to gange for ordre 10432."))
    scene.send()
    refund = scene.rows(Refund)[0]
    assert refund.needs_second_check
    with pytest.raises(Refused, match="other than the one who asked"):
        scene.do(desk.settle_refund, scene.desk, FREJA, refund.id, done=True, now=scene.now)
    settled = scene.do(desk.settle_refund, scene.desk, NILS, refund.id, done=True, now=scene.now)
    assert settled.state is RefundState.SETTLED


# ---- follow-ups -------------------------------------------------------------------------------------------


def planned(scene: Scene) -> Approved:
    plan = scene.card().follow_up
    assert plan is not None
    from datetime import datetime

    return Approved(
        plan["kind"],
        "Kom pengene?",
        "Hej Mette, kom pengene? Freja",
        datetime.fromisoformat(plan["due_at"]),
        plan["why"],
    )


async def solved(scene: Scene) -> None:
    scene.send()
    await scene.work()
    scene.do(desk.resolve, scene.press(), planned(scene), scene.now)
    await scene.work()


async def test_resolving_schedules_the_follow_up_and_it_goes_when_due_once(paid_twice: Scene) -> None:
    await solved(paid_twice)
    follow_up = paid_twice.rows(FollowUp)[0]
    assert (follow_up.state, follow_up.kind) == (FollowUpState.SCHEDULED, "money_arrived")
    assert follow_up.due_at >= paid_twice.now + timedelta(days=5)
    await pipeline.remind(paid_twice.parts)
    await paid_twice.work()
    assert len(paid_twice.mails()) == 1
    paid_twice.now = follow_up.due_at + timedelta(minutes=1)
    for _ in range(3):
        await pipeline.remind(paid_twice.parts)
        await paid_twice.work()
    assert [item.key for item in paid_twice.mails()][1:] == ["follow_up:1"]
    assert paid_twice.rows(FollowUp)[0].state is FollowUpState.SENT


async def test_the_customer_writing_first_cancels_the_follow_up(paid_twice: Scene) -> None:
    await solved(paid_twice)
    due_at = paid_twice.rows(FollowUp)[0].due_at
    await paid_twice.receive(
        mail("Pengene er her ikke. Hvor er de?", message_id="<2@example.dk>", answers="1@example.dk")
    )
    assert paid_twice.rows(FollowUp)[0].state is FollowUpState.CANCELLED
    paid_twice.now = due_at + timedelta(hours=1)
    await pipeline.remind(paid_twice.parts)
    await paid_twice.work()
    assert len(paid_twice.mails()) == 1


async def test_a_bare_thanks_and_an_absence_note_cancel_nothing(paid_twice: Scene) -> None:
    await solved(paid_twice)
    await paid_twice.receive(mail("Mange tak!", message_id="<2@example.dk>", answers="1@example.dk"))
    await paid_twice.receive(
        mail(
            "Jeg er væk.",
            subject="Autosvar",
            Auto_Submitted="auto-replied",
            message_id="<3@example.dk>",
            answers="1@example.dk",
        )
    )
    assert paid_twice.rows(FollowUp)[0].state is FollowUpState.SCHEDULED


async def test_the_answer_to_a_follow_up_returns_to_the_same_agent(paid_twice: Scene) -> None:
    await solved(paid_twice)
    paid_twice.now = paid_twice.rows(FollowUp)[0].due_at + timedelta(minutes=1)
    await pipeline.remind(paid_twice.parts)
    await paid_twice.work()
    ours = str(paid_twice.mails()[-1].payload["message_id"])
    await paid_twice.receive(mail("Nej, de er her stadig ikke.", message_id="<9@example.dk>", answers=ours))
    note = next(item for item in paid_twice.sent if item.key.startswith("answered:"))
    assert note.payload["mention"] == FREJA
    assert paid_twice.rows(Conversation)[0].state is ConversationState.OPEN


async def test_one_follow_up_is_scheduled_at_a_time(paid_twice: Scene) -> None:
    await solved(paid_twice)
    paid_twice.do(desk.set_follow_up, paid_twice.press(), planned(paid_twice), paid_twice.now)
    states = [row.state for row in paid_twice.rows(FollowUp)]
    assert states == [FollowUpState.CANCELLED, FollowUpState.SCHEDULED]


async def test_a_follow_up_in_the_past_or_without_words_is_refused(paid_twice: Scene) -> None:
    good = planned(paid_twice)
    past = Approved(good.kind, good.subject, good.text, paid_twice.now, good.why)
    silent = Approved(good.kind, good.subject, " ", good.due_at, good.why)
    for wrong, reason in ((past, "in the future"), (silent, "Write the follow-up")):
        with pytest.raises(Refused, match=reason):
            paid_twice.do(desk.set_follow_up, paid_twice.press(), wrong, paid_twice.now)


async def test_the_date_counts_from_the_day_the_money_really_left(paid_twice: Scene) -> None:
    await solved(paid_twice)
    before = paid_twice.rows(FollowUp)[0].due_at
    paid_twice.pass_time(days=3)
    refund = paid_twice.rows(Refund)[0]
    paid_twice.do(desk.settle_refund, paid_twice.desk, NILS, refund.id, done=True, now=paid_twice.now)
    assert paid_twice.rows(FollowUp)[0].due_at > before


async def test_a_follow_up_that_should_have_gone_days_ago_is_left_to_a_person(paid_twice: Scene) -> None:
    await solved(paid_twice)
    paid_twice.now = paid_twice.rows(FollowUp)[0].due_at + timedelta(days=30)
    await pipeline.remind(paid_twice.parts)
    await paid_twice.work()
    assert len(paid_twice.mails()) == 1
    assert any(item.key == "left_out:1" for item in paid_twice.sent)


async def test_nobody_gets_a_follow_up_at_night(paid_twice: Scene) -> None:
    await solved(paid_twice)
    paid_twice.now = paid_twice.rows(FollowUp)[0].due_at.replace(hour=23)
    await pipeline.remind(paid_twice.parts)
    await paid_twice.work()
    assert len(paid_twice.mails()) == 1
    assert paid_twice.rows(FollowUp)[0].due_at.hour in range(7, 10)


async def test_a_follow_up_that_asks_about_money_which_never_left_does_not_go(paid_twice: Scene) -> None:
    await solved(paid_twice)
    refund = paid_twice.rows(Refund)[0]
    paid_twice.do(desk.settle_refund, paid_twice.desk, NILS, refund.id, done=False, now=paid_twice.now)
    paid_twice.now = paid_twice.rows(FollowUp)[0].due_at + timedelta(minutes=1)
    await pipeline.remind(paid_twice.parts)
    await paid_twice.work()
    assert len(paid_twice.mails()) == 1


async def test_everything_a_person_does_is_on_record_without_names_or_words(paid_twice: Scene) -> None:
    await solved(paid_twice)
    actions = [row.action for row in paid_twice.rows(AuditEvent)]
    assert {
        "message_received",
        "reply_sent",
        "refund_approved",
        "case_resolved",
        "follow_up_scheduled",
    } <= set(actions)
    told = " ".join(str(row.details) for row in paid_twice.rows(AuditEvent))
    assert "mette" not in told.lower()
    assert "freja" not in told.lower()


async def test_shadow_mode_makes_cards_and_can_neither_send_nor_pay(scene: Scene) -> None:
    from dataclasses import replace

    scene.do(keep_order, order())
    await scene.receive(mail(TWICE))
    shadow = desk.Desk(scene.parts.house, replace(scene.parts.places, shadow=True))
    with pytest.raises(Refused, match="Shadow"):
        scene.do(desk.send, shadow, scene.press(), scene.now)
    with pytest.raises(Refused, match="Shadow"):
        scene.do(desk.ask_refund, shadow, scene.press(), wish(100), scene.now)
    assert [row.kind for row in scene.rows(OutboxItem)] == ["card"]
    assert len(scene.rows(Suggestion)) == 1
    assert scene.do(orders.book, 1) is not None
