"""Drafts that a press has outdated: who dies after it leaves a mark, and the next to look makes them anew, once."""

import asyncio

import pytest
from passing_scenes import INTRODUCED, answered
from scenes import FREJA, NILS, Scene, mail
from sqlalchemy import delete, event

from bot import desk
from bot.desk.replies import Wording
from bot.redrafting import redraft, redraft_asked
from storage.tables import CardState, Conversation, Message, Order, Suggestion

DEFECT = "Lampen blinker. Kan I hjælpe?"


def marked(scene: Scene) -> list[bool]:
    return [each.redraft_since is not None for each in scene.rows(Conversation)]


async def handed_over(scene: Scene) -> None:
    """The press is written down, and whoever was to make the draft anew dies."""
    await answered(scene)
    scene.do(desk.hand_over, scene.press(FREJA), NILS, "Tak", scene.now)
    await scene.work()


async def test_a_case_that_was_handed_over_waits_for_its_draft_until_somebody_makes_it(
    paid_twice: Scene,
) -> None:
    await handed_over(paid_twice)
    assert marked(paid_twice) == [True]
    assert INTRODUCED not in paid_twice.card().text
    assert await redraft_asked(paid_twice.parts) == 1
    assert INTRODUCED in paid_twice.card().text
    assert marked(paid_twice) == [False]
    assert await redraft_asked(paid_twice.parts) == 0


async def test_two_processes_make_it_once(paid_twice: Scene) -> None:
    await handed_over(paid_twice)
    before = len(paid_twice.rows(Suggestion))
    made = await asyncio.gather(*(redraft_asked(paid_twice.parts) for _ in range(4)))
    assert (sum(made), len(paid_twice.rows(Suggestion))) == (1, before + 1)


async def test_nobody_sends_a_draft_that_names_the_wrong_colleague(paid_twice: Scene) -> None:
    await handed_over(paid_twice)
    with pytest.raises(desk.OutOfDate, match="being made anew"):
        paid_twice.send(NILS)
    await redraft_asked(paid_twice.parts)
    paid_twice.send(NILS)
    await paid_twice.work()
    assert INTRODUCED in str(paid_twice.mails()[-1].payload["text"])


async def test_a_colleague_s_own_words_may_go_meanwhile_and_then_no_draft_is_wanted(
    paid_twice: Scene,
) -> None:
    await handed_over(paid_twice)
    paid_twice.send(NILS, wording=Wording("Hej Mette\n\nPengene er på vej.\n\nNils"))
    await paid_twice.work()
    assert marked(paid_twice) == [False]
    assert await redraft_asked(paid_twice.parts) == 0
    assert paid_twice.card().state is CardState.SENT


async def test_what_the_customer_writes_meanwhile_is_the_newer_draft(paid_twice: Scene) -> None:
    await handed_over(paid_twice)
    await paid_twice.receive(mail("Er I der?", message_id="<3@example.dk>", answers="1@example.dk"))
    assert marked(paid_twice) == [False]
    assert INTRODUCED in paid_twice.card().text


@pytest.mark.parametrize("settle", ["dismiss", "resolve"])
async def test_a_case_that_is_settled_meanwhile_wants_no_draft(paid_twice: Scene, settle: str) -> None:
    await handed_over(paid_twice)
    act = desk.dismiss if settle == "dismiss" else desk.resolve
    paid_twice.do(act, paid_twice.press(NILS), "" if settle == "dismiss" else None, paid_twice.now)
    assert await redraft_asked(paid_twice.parts) == 0
    assert marked(paid_twice) == [False]


async def test_away_marks_every_case_that_has_a_draft(paid_twice: Scene) -> None:
    await answered(paid_twice)
    await paid_twice.receive(mail(DEFECT, sender="Bo <bo@example.dk>", message_id="<8@example.dk>"))
    paid_twice.do(desk.assign, paid_twice.press(FREJA), paid_twice.now)
    await redraft_asked(paid_twice.parts)
    until = paid_twice.now.replace(hour=20)
    away = paid_twice.do(desk.go_away, FREJA, until, "tonight", NILS, paid_twice.now)
    assert (away.outdated, marked(paid_twice)) == ((1, 2), [True, True])
    assert await redraft_asked(paid_twice.parts) == 2
    names = {each.conversation_id: each.text.strip().splitlines()[-1] for each in paid_twice.rows(Suggestion)}
    assert names == {1: "Nils", 2: "Nils"}


async def test_a_case_that_is_opened_again_waits_for_its_draft_as_well(paid_twice: Scene) -> None:
    paid_twice.do(desk.resolve, paid_twice.press(), None, paid_twice.now)
    paid_twice.do(desk.reopen, paid_twice.press(), paid_twice.now)
    assert await redraft_asked(paid_twice.parts) == 1
    assert (paid_twice.card().version, paid_twice.card().state) == (2, CardState.NEW)


async def test_a_case_whose_words_are_forgotten_waits_for_nothing(paid_twice: Scene) -> None:
    await handed_over(paid_twice)
    paid_twice.do(lambda session: session.execute(delete(Message)))
    assert await redraft_asked(paid_twice.parts) == 0
    assert marked(paid_twice) == [False]


async def test_where_nobody_waits_for_a_draft_none_is_made_and_no_mark_of_this_moment_is_lost(
    paid_twice: Scene,
) -> None:
    changed: list[str] = []

    def note(_connection: object, _cursor: object, statement: str, *_more: object) -> None:
        changed.extend([statement] if statement.startswith("UPDATE conversations") else [])

    event.listen(paid_twice.parts.engine, "before_cursor_execute", note)
    assert not await redraft(paid_twice.parts, paid_twice.card().conversation_id, if_asked=True)
    event.remove(paid_twice.parts.engine, "before_cursor_execute", note)
    assert changed == []


async def test_whoever_dies_after_the_order_was_chosen_is_made_up_for(paid_twice: Scene) -> None:
    (order_id,) = (each.id for each in paid_twice.rows(Order))
    paid_twice.do(desk.choose_order, paid_twice.press(FREJA), order_id, paid_twice.now)
    assert marked(paid_twice) == [True]
    assert await redraft_asked(paid_twice.parts) == 1
    assert marked(paid_twice) == [False]
