"""Promises that an answer moves to another day, in whatever language, and those that only a case's end has kept."""

import pytest
from promise_scenes import actions, answer, answer_again, at, only, shown, tick
from scenes import FREJA, NILS, SIGNE, Scene, house, mail
from sqlmodel import Session

from bot import desk, promising
from bot.cards.promises import promise_line
from bot.desk.replies import Wording
from bot.waking import end_absences
from storage.tables import Conversation, KeptBy, Promise, PromiseState

LATER = "Jeg venter stadig på lageret og skriver igen senest fredag."


def on_card(scene: Scene) -> str:
    return str(promise_line(shown(scene)))


# ---- moved, or kept ---------------------------------------------------------------------------------------


async def test_an_answer_that_names_a_later_day_has_not_kept_the_promise_and_the_card_says_so(
    asked: Scene,
) -> None:
    await answer(asked, "Jeg skriver senest onsdag.")
    await answer_again(asked, LATER)
    older, newer = asked.rows(Promise)
    assert (older.state, older.kept_by) == (PromiseState.REPLACED, None)
    assert newer.first_due_at == older.due_at
    assert "*Promised for Wednesday 4 March, moved to Friday 6 March:*" in on_card(asked)


async def test_what_is_moved_twice_still_tells_the_first_day_also_when_it_is_broken(asked: Scene) -> None:
    await answer(asked, "Jeg skriver senest onsdag.")
    await answer_again(asked, "Jeg skriver igen senest torsdag.")
    await answer_again(asked, LATER)
    assert "Promised for Wednesday 4 March, moved to Friday 6 March:" in on_card(asked)
    (told,) = await tick(asked, "2026-03-09T10:00")
    assert told.startswith(f"<@{SIGNE}>")
    assert "by Friday 6 March" in told
    assert "At first it was promised for Wednesday 4 March. It is with Freja Holm." in told
    assert "*Broken: promised for Wednesday 4 March, then for Friday 6 March:*" in on_card(asked)


@pytest.mark.parametrize("text", ["Jeg skriver senest tirsdag.", "Som sagt skriver jeg senest onsdag."])
async def test_an_earlier_day_or_the_same_puts_nothing_off(asked: Scene, text: str) -> None:
    await answer(asked, "Jeg skriver senest onsdag.")
    await answer_again(asked, text)
    older, newer = asked.rows(Promise)
    assert (older.state, newer.first_due_at) == (PromiseState.REPLACED, None)
    assert "moved" not in on_card(asked)


async def test_an_answer_without_a_day_keeps_it(asked: Scene) -> None:
    await answer(asked, "Jeg skriver senest onsdag.")
    await answer_again(asked, "Den kommer i april. Freja")
    assert (only(asked).state, only(asked).kept_by) == (PromiseState.KEPT, KeptBy.ANSWER)


async def test_words_about_something_else_keep_no_money_that_is_on_its_way(paid_twice: Scene) -> None:
    paid_twice.send()
    await paid_twice.work()
    assert only(paid_twice).is_money
    await answer_again(paid_twice, "Ja, vi har den i rød.")
    assert only(paid_twice).state is PromiseState.OPEN
    await answer_again(paid_twice, "Jeg skriver om lampen senest onsdag.")
    money, words = paid_twice.rows(Promise)
    assert (money.state, words.state, words.first_due_at) == (PromiseState.OPEN, PromiseState.OPEN, None)
    await answer_again(paid_twice, "Jeg sender pengene retur senest den 20. marts.")
    assert [each.state for each in paid_twice.rows(Promise)] == ["replaced", "replaced", "open"]


# ---- in another language ----------------------------------------------------------------------------------


async def test_a_promise_in_another_language_than_the_draft_s_is_read_in_its_own(asked: Scene) -> None:
    assert asked.card().language == "da"
    await answer(asked, "Hi Mette\n\nThank you for your patience. I will write to you by Wednesday.\n\nFreja")
    assert only(asked).sentence == "I will write to you by Wednesday."
    assert only(asked).due_at == at("2026-03-04T23:59:59")


async def test_a_few_words_that_could_be_any_language_are_read_in_the_draft_s(asked: Scene) -> None:
    await answer(asked, "Senest onsdag skriver jeg.")
    assert only(asked).due_at == at("2026-03-04T23:59:59")


# ---- opened again -----------------------------------------------------------------------------------------


async def resolved(scene: Scene) -> None:
    scene.pass_time(minutes=5)
    scene.do(desk.resolve, scene.press(), None, scene.now)


async def test_a_case_that_is_opened_again_promises_what_only_its_end_had_kept(asked: Scene) -> None:
    await answer(asked, "Jeg skriver senest onsdag.")
    await resolved(asked)
    assert (only(asked).state, only(asked).kept_by) == (PromiseState.KEPT, KeptBy.CASE)
    asked.do(desk.reopen, asked.press(), asked.now)
    promise = only(asked)
    assert (promise.state, promise.settled_at, promise.kept_by) == (PromiseState.OPEN, None, None)
    assert actions(asked) == ["promise_made", "promise_kept", "promise_open_again"]
    assert len(await tick(asked, "2026-03-04T09:00")) == 1


async def test_what_was_kept_by_an_answer_or_a_press_stays_kept(asked: Scene) -> None:
    await answer(asked, "Jeg skriver senest onsdag.")
    await answer_again(asked, "Den kommer i april. Jeg ringer til dig fredag kl. 12.")
    asked.do(desk.keep_promise, NILS, asked.rows(Promise)[1].id, asked.now)
    await resolved(asked)
    asked.do(desk.reopen, asked.press(), asked.now)
    assert [(each.state, each.kept_by) for each in asked.rows(Promise)] == [
        (PromiseState.REPLACED, None),
        (PromiseState.KEPT, KeptBy.PRESS),
    ]


async def test_what_an_earlier_end_had_kept_does_not_come_back_with_a_later_one(asked: Scene) -> None:
    await answer(asked, "Jeg skriver senest onsdag.")
    await resolved(asked)
    await answer_again(asked, "Den kommer i april.")
    await resolved(asked)
    asked.do(desk.reopen, asked.press(), asked.now)
    assert only(asked).state is PromiseState.KEPT


# ---- away and back ----------------------------------------------------------------------------------------


async def test_a_promise_made_while_its_colleague_is_away_calls_the_buddy(asked: Scene) -> None:
    await answer(asked, "Den kommer snart.")
    await resolved(asked)
    until = at("2026-03-09T00:00")
    asked.do(desk.go_away, FREJA, until, "Monday 9 March", NILS, asked.now)
    asked.pass_time(minutes=5)

    def follow_up(session: Session) -> None:
        case = session.get_one(Conversation, 1)
        wrote = promising.Wrote("follow_up:1", "Jeg ringer til dig fredag kl. 12.", "da", case.agent_id)
        promising.note_promises(session, house(), case, wrote, asked.now)

    asked.do(follow_up)
    (near,) = await tick(asked, "2026-03-06T10:00")
    assert f"<@{NILS}>" in near


async def test_the_buddy_keeps_case_and_promise_when_the_absence_is_over(asked: Scene) -> None:
    await answer(asked, "Jeg skriver senest fredag.")
    asked.do(desk.go_away, FREJA, at("2026-03-04T00:00"), "Wednesday 4 March", NILS, asked.now)
    asked.now = at("2026-03-04T08:00")
    assert await end_absences(asked.parts) == 1
    nils = asked.rows(Conversation)[0].agent_id
    assert only(asked).agent_id == nils
    (near,) = await tick(asked, "2026-03-06T09:00")
    assert f"<@{NILS}>" in near
    await asked.receive(mail("Har I hørt noget?", message_id="<7@example.dk>", answers="1@example.dk"))
    assert asked.rows(Conversation)[0].agent_id == nils
    asked.send(NILS, wording=Wording("Hej Mette\n\nDen kommer i april.\n\nNils"))
    assert only(asked).state is PromiseState.KEPT
