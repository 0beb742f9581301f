"""Promises that are kept, replaced, come too late, are shown and forgotten."""

from datetime import timedelta
from typing import Any

import pytest
from promise_scenes import actions, answer, answer_again, at, only, shown, tick
from scenes import FREJA, NILS, Scene, house, mail

from bot import desk, promising
from bot.cards import lists
from bot.errors import Refused
from bot.queues import promise_rows
from bot.records.erasing import erase_person
from bot.records.everything import everything
from bot.views.customer import customer_view
from storage import joining, retention
from storage.engine import reading
from storage.tables import (
    Conversation,
    Customer,
    Promise,
    PromiseState,
    Refund,
)


async def test_the_next_answer_keeps_it(asked: Scene) -> None:
    await answer(asked, "Jeg skriver senest onsdag.")
    await answer_again(asked, "Den kommer i april. Freja")
    assert only(asked).state is PromiseState.KEPT
    assert await tick(asked, "2026-03-05T12:00") == []
    assert shown(asked) is None


async def test_a_newer_promise_stands_in_the_older_one_s_place(asked: Scene) -> None:
    await answer(asked, "Jeg skriver senest onsdag.")
    await answer_again(asked, "Jeg venter stadig på lageret og skriver igen senest fredag.")
    older, newer = asked.rows(Promise)
    assert (older.state, newer.state) == (PromiseState.REPLACED, PromiseState.OPEN)
    assert await tick(asked, "2026-03-04T12:00") == []
    assert len(await tick(asked, "2026-03-06T09:00")) == 1


async def test_a_press_on_kept_keeps_it_once(asked: Scene) -> None:
    await answer(asked, "Jeg ringer til dig onsdag kl. 12.")
    number = only(asked).id
    with pytest.raises(Refused):
        asked.do(desk.keep_promise, "UNOBODY001", number, asked.now)
    assert asked.do(desk.keep_promise, NILS, number, asked.now) == "Kept."
    assert only(asked).state is PromiseState.KEPT
    with pytest.raises(Refused, match="before"):
        asked.do(desk.keep_promise, FREJA, number, asked.now)
    assert await tick(asked, "2026-03-04T12:30") == []
    assert actions(asked) == ["promise_made", "promise_kept"]


async def test_a_resolved_case_has_kept_what_it_promised(asked: Scene) -> None:
    await answer(asked, "Jeg skriver senest onsdag.")
    asked.do(desk.resolve, asked.press(), None, asked.now)
    assert only(asked).state is PromiseState.KEPT


async def test_a_resolved_case_whose_money_has_not_gone_has_not(paid_twice: Scene) -> None:
    scene = paid_twice
    scene.send()
    await scene.work()
    promise = only(scene)
    assert promise.is_money
    scene.do(desk.resolve, scene.press(), None, scene.now)
    assert only(scene).state is PromiseState.OPEN
    refund = scene.rows(Refund)[0]
    scene.do(desk.settle_refund, scene.desk, NILS, refund.id, done=True, now=scene.now)
    scene.now = promise.warn_at
    assert await tick(scene) == []
    assert only(scene).state is PromiseState.KEPT


async def test_an_answer_after_the_day_comes_too_late_and_that_stays_known(asked: Scene) -> None:
    await answer(asked, "Jeg skriver senest onsdag.")
    await tick(asked, "2026-03-05T12:00")
    asked.pass_time(minutes=1)
    await answer_again(asked, "Undskyld. Den kommer i april.")
    promise = only(asked)
    assert promise.state is PromiseState.KEPT
    assert promise.broken_at is not None
    assert promise.settled_at is not None and promise.settled_at > promise.due_at


async def test_it_stands_among_what_is_due_and_on_the_customers_card(asked: Scene) -> None:
    await answer(asked, "Jeg skriver senest onsdag.")
    with reading(asked.parts.engine) as session:
        (row,) = promise_rows(session, asked.parts.house, asked.now)
        view = customer_view(session, 1, asked.parts.house, asked.now)
    card = lists.due([row])
    assert "1 promise due" in card.text
    assert "Jeg skriver senest onsdag." in card.text
    assert "Wednesday 4 March" in str(card.blocks)
    assert view is not None
    assert [(each.what, each.by) for each in view.due] == [
        ("Promised: Jeg skriver senest onsdag.", "Wednesday 4 March")
    ]
    asked.now = at("2026-03-05T08:00")
    with reading(asked.parts.engine) as session:
        (row,) = promise_rows(session, asked.parts.house, asked.now)
    assert "Broken promise" in str(lists.due([row]).blocks)


async def test_two_who_are_one_bring_their_promises_and_take_them_along_again(scene: Scene) -> None:
    for number, who in ((1, "mette@example.dk"), (2, "m.hansen@example.se")):
        scene.pass_time(minutes=1)
        await scene.receive(
            mail(f"Hej, hvornår kommer lampe {number}?", sender=who, message_id=f"<{number}@example.dk>")
        )
        await answer(scene, "Jeg skriver senest onsdag.")

    def due(customer_id: int) -> int:
        with reading(scene.parts.engine) as session:
            view = customer_view(session, customer_id, scene.parts.house, scene.now)
        return sum(each.what.startswith("Promised") for each in view.due) if view else -1

    kept, gone = (each.id for each in scene.rows(Customer))
    assert (due(kept), due(gone)) == (1, 1)
    joined = scene.do(joining.join, kept, gone, "the same phone", scene.now)
    assert due(kept) == 2
    scene.do(joining.undo, joined.id, scene.now)
    assert (due(kept), due(gone)) == (1, 1)


async def test_who_is_forgotten_leaves_no_promise_and_who_asks_is_told_of_it(asked: Scene) -> None:
    await answer(asked, "Jeg skriver senest onsdag.")
    with reading(asked.parts.engine) as session:
        told = everything(session, 1).tables["promises"]
    assert [each["sentence"] for each in told] == ["Jeg skriver senest onsdag."]
    erased = erase_person(asked.parts.engine, 1, lambda: asked.now)
    assert erased.gone["promises"] == 1
    assert asked.rows(Promise) == []
    assert await tick(asked, "2026-03-04T09:00") == []


async def test_a_sentence_is_forgotten_with_the_letters_it_stood_in(asked: Scene) -> None:
    await answer(asked, "Jeg skriver senest onsdag.")
    asked.do(desk.resolve, asked.press(), None, asked.now)
    await asked.work()
    asked.pass_time(days=1200)
    asked.do(retention.forget_messages, asked.now - timedelta(days=1095), asked.now)
    assert only(asked).sentence == ""


async def test_a_case_without_a_card_is_told_of_in_the_channel(scene: Scene) -> None:
    await scene.receive(mail("Mange tak!", message_id="<1@example.dk>"))
    conversation: Any = scene.rows(Conversation)[0]

    def write(session: Any) -> None:
        case = session.get(Conversation, conversation.id)
        wrote = promising.Wrote("by_hand:1", "Jeg skriver senest onsdag.", "da")
        promising.note_promises(session, house(), case, wrote, scene.now)

    scene.do(write)
    scene.do(write)
    assert len(scene.rows(Promise)) == 1
    (near,) = await tick(scene, "2026-03-04T09:00")
    assert f"Case {conversation.id}" in near
