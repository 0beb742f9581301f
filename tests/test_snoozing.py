"""Cases that sleep and come back, are opened again, or were no request."""

from datetime import timedelta

import pytest
from passing_scenes import AGAIN, in_turn, snoozed, woken
from scenes import FREJA, NILS, Scene, mail, solved

from bot import desk
from bot.errors import Refused
from bot.redrafting import redraft
from storage.engine import reading, transaction
from storage.figures import figures
from storage.tables import (
    AuditEvent,
    CardState,
    Conversation,
    FollowUp,
    OutboxItem,
    Refund,
    Suggestion,
)


async def test_a_snoozed_case_is_in_nobodys_way_and_comes_back_first(paid_twice: Scene) -> None:
    await snoozed(paid_twice, hours=3)
    assert in_turn(paid_twice) is None
    assert await woken(paid_twice) == 0
    await paid_twice.receive(
        mail(
            "Min lampe blinker farligt, det haster!", sender="Bo <bo@example.dk>", message_id="<9@example.dk>"
        )
    )
    paid_twice.pass_time(hours=3)
    assert await woken(paid_twice) == 1
    assert await woken(paid_twice) == 0
    assert in_turn(paid_twice, FREJA) == 1
    assert in_turn(paid_twice, NILS) == 2
    (note,) = [item for item in paid_twice.sent if item.key.startswith("woken:")]
    assert note.payload["text"] == f"<@{FREJA}> This case is back: its time has come."


async def test_the_customers_words_bring_it_back_at_once(paid_twice: Scene) -> None:
    await snoozed(paid_twice, days=2)
    await paid_twice.receive(mail(AGAIN, message_id="<2@example.dk>", answers="1@example.dk"))
    (case,) = paid_twice.rows(Conversation)
    assert (case.state, case.snoozed_until) == ("open", None)
    assert in_turn(paid_twice) == 1


async def test_a_thanks_and_a_machines_mail_leave_it_asleep(paid_twice: Scene) -> None:
    await snoozed(paid_twice, days=2)
    await paid_twice.receive(mail("Tak!", message_id="<2@example.dk>", answers="1@example.dk"))
    await paid_twice.receive(
        mail(
            "Jeg er på ferie.", subject="Autosvar", message_id="<3@example.dk>", answers="1@example.dk",
            Auto_Submitted="auto-replied",
        )
    )  # fmt: skip
    (case,) = paid_twice.rows(Conversation)
    assert case.state == "snoozed"
    assert in_turn(paid_twice) is None
    paid_twice.pass_time(days=2)
    assert await woken(paid_twice) == 1


async def test_a_case_that_waits_for_the_customer_comes_back_to_be_worked_on(paid_twice: Scene) -> None:
    paid_twice.send(FREJA)
    await paid_twice.work()
    await snoozed(paid_twice, days=3)
    paid_twice.pass_time(days=3)
    await woken(paid_twice)
    assert in_turn(paid_twice) == 1


async def test_an_answer_ends_the_snooze(paid_twice: Scene) -> None:
    await snoozed(paid_twice, days=3)
    paid_twice.send(FREJA)
    (case,) = paid_twice.rows(Conversation)
    assert (case.state, case.snoozed_until) == ("open", None)


async def test_nobody_is_snoozed_into_the_past(paid_twice: Scene) -> None:
    with pytest.raises(Refused, match="future"):
        await snoozed(paid_twice, hours=-1)


async def test_nobody_hears_of_a_long_wait_while_a_case_sleeps(paid_twice: Scene) -> None:
    from bot.overdue import tell_of_waiting

    await snoozed(paid_twice, days=2)
    paid_twice.pass_time(days=1, hours=23)
    assert await tell_of_waiting(paid_twice.parts) == 0
    paid_twice.pass_time(hours=2)
    await woken(paid_twice)
    assert await tell_of_waiting(paid_twice.parts) == 0


async def test_a_solved_case_is_opened_again_without_its_follow_up(paid_twice: Scene) -> None:
    await solved(paid_twice)
    with pytest.raises(Refused, match="solved"):
        await snoozed(paid_twice, days=1)
    paid_twice.do(desk.reopen, paid_twice.press(), paid_twice.now)
    await redraft(paid_twice.parts, 1)
    await paid_twice.work()
    (case,) = paid_twice.rows(Conversation)
    assert (case.state, case.waiting_on, case.resolved_at) == ("open", "us", None)
    assert [each.state for each in paid_twice.rows(FollowUp)] == ["cancelled"]
    assert paid_twice.card().state is CardState.NEW
    assert len(paid_twice.rows(Refund)) == 1
    with pytest.raises(Refused, match="open already"):
        paid_twice.do(desk.reopen, paid_twice.press(), paid_twice.now)


async def test_what_is_no_request_ends_and_is_kept_for_training(paid_twice: Scene) -> None:
    press = paid_twice.press(NILS)
    paid_twice.do(desk.not_a_request, press, paid_twice.now)
    await paid_twice.work()
    (case,), (card,) = paid_twice.rows(Conversation), paid_twice.rows(Suggestion)
    assert (case.state, card.state, card.not_a_request) == ("resolved", "dismissed", True)
    assert paid_twice.rows(FollowUp) == []
    assert [each.action for each in paid_twice.rows(AuditEvent)].count("not_a_request") == 1
    with reading(paid_twice.parts.engine) as session:
        counted = figures(session, paid_twice.now - timedelta(days=1), paid_twice.now + timedelta(days=1))
    assert (counted.dismissed, counted.no_requests) == (0, 1)
    with pytest.raises(Refused, match="Nils Berg dismissed"):
        paid_twice.do(desk.not_a_request, press, paid_twice.now)
    await paid_twice.receive(mail(AGAIN, message_id="<2@example.dk>", answers="1@example.dk"))
    assert paid_twice.card().state is CardState.NEW
    assert not paid_twice.card().not_a_request


async def test_two_processes_wake_a_case_once(paid_twice: Scene) -> None:
    from bot.desk.snoozing import wake

    await snoozed(paid_twice, hours=1)
    paid_twice.pass_time(hours=1)
    with transaction(paid_twice.parts.engine) as session:
        assert wake(session, 1, paid_twice.now)
    assert not paid_twice.do(wake, 1, paid_twice.now)
    keys = [each.key for each in paid_twice.rows(OutboxItem) if each.key.startswith("woken:")]
    assert len(keys) == 1


async def test_who_put_a_case_off_and_takes_the_next_one_keeps_it(paid_twice: Scene) -> None:
    assert in_turn(paid_twice) == 1
    await snoozed(paid_twice, hours=3)
    assert paid_twice.do(desk.take_next, paid_twice.desk, FREJA, paid_twice.now, (1,)) is None
    assert paid_twice.rows(Conversation)[0].agent_id is not None
    paid_twice.pass_time(hours=3)
    assert await woken(paid_twice) == 1
    assert in_turn(paid_twice, NILS) is None
    assert in_turn(paid_twice, FREJA) == 1
