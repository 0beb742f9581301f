"""A case passes to a colleague with all that belongs to it, and the customer reads who writes now."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from scenes import FREJA, NILS, SIGNE, TWICE, Scene, keep_order, mail, order, planned, solved

from bot import desk
from bot.desk.replies import Wording
from bot.errors import Refused
from bot.redrafting import redraft
from storage.engine import reading, transaction
from storage.figures import figures
from storage.tables import (
    Agent,
    AuditEvent,
    CardState,
    Conversation,
    FollowUp,
    OutboxItem,
    Promise,
    Refund,
    Suggestion,
)

AGAIN = "Pengene er ikke kommet. Hvor er de?"
INTRODUCED = "Jeg hedder Nils og har overtaget din sag fra Freja, så nu er det mig, du skriver med."


async def answered(scene: Scene) -> None:
    """Freja has answered, and the customer has written again."""
    scene.send(FREJA)
    await scene.work()
    scene.pass_time(hours=1)
    await scene.receive(mail(AGAIN, subject="Re: Hej", message_id="<2@example.dk>", answers="1@example.dk"))


async def hands_over(scene: Scene, who: str = FREJA, to: str = NILS, note: str = "Ring ikke før ti.") -> None:
    for each in scene.do(desk.hand_over, scene.press(who), to, note, scene.now):
        await redraft(scene.parts, each)
    await scene.work()


async def assigned(scene: Scene, who: str) -> None:
    for each in scene.do(desk.assign, scene.press(who), scene.now):
        await redraft(scene.parts, each)
    await scene.work()


def whose(scene: Scene, conversation: int = 1) -> str:
    case = scene.rows(Conversation)[conversation - 1]
    names = {each.id: str(each.slack_user_id) for each in scene.rows(Agent)}
    return names.get(case.agent_id, "")


def notes(scene: Scene) -> list[str]:
    return [str(item.payload["text"]) for item in scene.sent if item.key.startswith("passed:")]


async def test_the_case_passes_with_a_note_and_the_draft_says_who_writes_now(paid_twice: Scene) -> None:
    await answered(paid_twice)
    await hands_over(paid_twice)
    assert whose(paid_twice) == NILS
    (note,) = notes(paid_twice)
    assert note.startswith(f"<@{NILS}> Freja Holm hands this case over to you. Ring ikke før ti.")
    card = paid_twice.card()
    assert INTRODUCED in card.text
    assert "\nNils" in card.text
    paid_twice.send(NILS)
    await paid_twice.work()
    assert INTRODUCED in paid_twice.mails()[-1].payload["text"]


async def test_it_is_said_once(paid_twice: Scene) -> None:
    await answered(paid_twice)
    await hands_over(paid_twice)
    paid_twice.send(NILS)
    await paid_twice.work()
    await paid_twice.receive(
        mail("Og hvornår kommer de?", message_id="<3@example.dk>", answers="1@example.dk")
    )
    assert paid_twice.card().state is CardState.NEW
    assert "overtaget" not in paid_twice.card().text


async def test_a_customer_who_knows_nobody_is_not_told_of_anybody(paid_twice: Scene) -> None:
    await assigned(paid_twice, FREJA)
    await hands_over(paid_twice)
    assert "overtaget" not in paid_twice.card().text
    assert "\nNils" in paid_twice.card().text


async def test_the_colleague_whom_the_customer_knows_is_not_introduced_again(paid_twice: Scene) -> None:
    await answered(paid_twice)
    await hands_over(paid_twice)
    await hands_over(paid_twice, NILS, FREJA, "")
    assert "overtaget" not in paid_twice.card().text
    assert "hedder" not in paid_twice.card().text


async def test_what_was_promised_is_the_new_colleagues(paid_twice: Scene) -> None:
    text = paid_twice.card().text.replace("‹agent›", "Freja") + "\n\nJeg skriver igen senest onsdag."
    paid_twice.send(FREJA, wording=Wording(text))
    await paid_twice.work()
    await hands_over(paid_twice)
    nils = next(each.id for each in paid_twice.rows(Agent) if each.slack_user_id == NILS)
    assert {each.agent_id for each in paid_twice.rows(Promise)} == {nils}


async def test_the_follow_up_is_signed_by_the_new_colleague_who_says_so(paid_twice: Scene) -> None:
    paid_twice.send(FREJA)
    await paid_twice.work()
    approved = replace(planned(paid_twice), text="Hej Mette,\n\nKom pengene?\n\nVenlig hilsen\nFreja")
    paid_twice.do(desk.set_follow_up, paid_twice.press(), approved, paid_twice.now)
    await hands_over(paid_twice)
    (follow_up,) = paid_twice.rows(FollowUp)
    assert follow_up.text == f"Hej Mette,\n\n{INTRODUCED}\n\nKom pengene?\n\nVenlig hilsen\nNils"
    assert follow_up.state == "scheduled"


async def test_a_case_is_taken_from_a_colleague_who_hears_of_it(paid_twice: Scene) -> None:
    await answered(paid_twice)
    await assigned(paid_twice, NILS)
    assert whose(paid_twice) == NILS
    assert notes(paid_twice) == [f"<@{FREJA}> Nils Berg has this case now."]
    assert INTRODUCED in paid_twice.card().text


async def test_nobodys_case_is_taken_without_a_word(paid_twice: Scene) -> None:
    await assigned(paid_twice, NILS)
    assert whose(paid_twice) == NILS
    assert notes(paid_twice) == []


@pytest.mark.parametrize(
    ("to", "why"), [("UTORE00001", "Pick a colleague"), ("", "Pick a colleague"), (FREJA, "has this case")]
)
async def test_a_case_passes_to_colleagues_only(paid_twice: Scene, to: str, why: str) -> None:
    await assigned(paid_twice, FREJA)
    with pytest.raises(Refused, match=why):
        await hands_over(paid_twice, FREJA, to)
    assert whose(paid_twice) == FREJA


async def test_nobody_takes_what_they_have(paid_twice: Scene) -> None:
    await assigned(paid_twice, NILS)
    with pytest.raises(Refused, match="You have this case already"):
        await assigned(paid_twice, NILS)


async def test_cases_on_one_card_pass_together(scene: Scene) -> None:
    scene.do(keep_order, order())
    await scene.receive(mail(TWICE, subject="Betalt to gange", message_id="<1@example.dk>"))
    scene.pass_time(minutes=1)
    await scene.receive(mail(TWICE, subject="Igen", message_id="<2@example.dk>"))
    await hands_over(scene)
    assert (whose(scene, 1), whose(scene, 2)) == (NILS, NILS)


async def test_a_reply_that_waits_is_not_held_up_by_a_hand_over(paid_twice: Scene) -> None:
    paid_twice.send(FREJA)
    await hands_over(paid_twice, SIGNE)
    await paid_twice.work()
    assert [item.payload["agent"] for item in paid_twice.mails()] == ["Freja Holm"]
    assert whose(paid_twice) == NILS


# Snooze, reopen, not a request


def in_turn(scene: Scene, who: str = FREJA) -> Any:
    return scene.do(desk.take_next, scene.desk, who, scene.now)


async def woken(scene: Scene) -> int:
    from bot.waking import wake_snoozed

    number = await wake_snoozed(scene.parts)
    await scene.work()
    return number


async def snoozed(scene: Scene, **length: float) -> None:
    scene.do(desk.snooze, scene.press(), scene.now + timedelta(**length), scene.now)
    await scene.work()


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
