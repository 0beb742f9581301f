"""Follow-ups at the desk: approved when they are set, sent when due and still wanted."""

from datetime import timedelta

import pytest
from scenes import FREJA, NILS, TWICE, Scene, keep_order, mail, order, planned, solved, wish

from bot import desk, pipeline
from bot.desk.follow_ups import Approved
from bot.errors import Refused
from storage import orders
from storage.tables import (
    AuditEvent,
    Conversation,
    ConversationState,
    FollowUp,
    FollowUpState,
    OutboxItem,
    Refund,
    Suggestion,
)


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
