"""What we promise: told of before it is broken, to a lead after, once; kept by an answer, a press or the case's end."""

import asyncio
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from scenes import FREJA, NILS, PLACES, SIGNE, Scene, house, mail
from sqlalchemy import Engine, update

from bot import desk, pipeline, promising
from bot.cards import lists
from bot.cards.shapes import PromiseLine
from bot.desk.follow_ups import Approved
from bot.desk.replies import Wording
from bot.errors import PermanentFailure, Refused
from bot.parts import Parts
from bot.queues import promise_rows
from bot.records.erasing import erase_person
from bot.records.everything import everything
from bot.views import card_view
from bot.views.customer import customer_view
from storage import agents, joining, outbox, retention
from storage.engine import reading
from storage.tables import (
    Agent,
    AuditEvent,
    Conversation,
    Customer,
    Promise,
    PromiseState,
    Refund,
)

DAY = timedelta(days=1)


def at(text: str) -> datetime:
    """An instant on the wall in Copenhagen in March, before summer time."""
    return datetime.fromisoformat(f"{text}+01:00").astimezone(UTC)


@pytest.fixture
async def asked(scene: Scene) -> Scene:
    """Mette asked something, and her card is there."""
    await scene.receive(mail("Hej, hvornår kommer jeres nye lampe?", message_id="<1@example.dk>"))
    return scene


async def answer(scene: Scene, text: str, who: str = FREJA) -> None:
    """A colleague's own wording goes out."""
    scene.send(who, wording=Wording(text))
    await scene.work()


async def answer_again(scene: Scene, text: str, who: str = FREJA) -> None:
    """Mette writes once more, and is answered."""
    scene.pass_time(minutes=5)
    number = len(scene.sent)
    again = mail(
        f"Og en ting til ({number}): har I den i rød?",
        message_id=f"<{number}@example.dk>",
        answers="1@example.dk",
    )
    await scene.receive(again)
    await answer(scene, text, who)


async def tick(scene: Scene, moment: str = "") -> list[str]:
    """The clock looks at a moment; what colleagues are told of promises then."""
    if moment:
        scene.now = at(moment)
    before = len(scene.sent)
    await promising.watch_promises(scene.parts)
    await scene.work()
    return [each.payload["text"] for each in scene.sent[before:] if each.key.startswith("promise:")]


def only(scene: Scene) -> Promise:
    (promise,) = scene.rows(Promise)
    assert isinstance(promise, Promise)
    return promise


def shown(scene: Scene) -> PromiseLine | None:
    with reading(scene.parts.engine) as session:
        view = card_view(session, scene.card().conversation_id, scene.parts.house, scene.now)
    assert view is not None
    return view.promise


def actions(scene: Scene) -> list[str]:
    return [each.action for each in scene.rows(AuditEvent) if each.action.startswith("promise")]


# ---- Made -------------------------------------------------------------------------------------------------


async def test_a_sent_text_that_names_a_day_becomes_a_promise_of_who_sent_it(asked: Scene) -> None:
    await answer(asked, "Hej Mette\n\nSenest onsdag skriver jeg, hvornår den kommer.\n\nFreja")
    promise = only(asked)
    assert promise.sentence == "Senest onsdag skriver jeg, hvornår den kommer."
    assert promise.due_at == at("2026-03-04T23:59:59")
    assert promise.whole_day
    assert asked.do(lambda session: session.get(Agent, promise.agent_id).name) == "Freja Holm"
    assert shown(asked) == PromiseLine(
        promise.id or 0, promise.sentence, "Wednesday 4 March", is_broken=False
    )
    assert actions(asked) == ["promise_made"]


async def test_our_own_draft_promises_as_well_as_an_edited_one(scene: Scene) -> None:
    await scene.receive(
        mail("Hej, min lampe fra ordre 99999 er ikke kommet endnu.", message_id="<1@example.dk>")
    )
    assert "enest" in scene.card().text
    scene.send()
    await scene.work()
    assert only(scene).state is PromiseState.OPEN


async def test_a_promise_that_was_edited_away_is_none(scene: Scene) -> None:
    await scene.receive(
        mail("Hej, min lampe fra ordre 99999 er ikke kommet endnu.", message_id="<1@example.dk>")
    )
    await answer(scene, "Hej Mette\n\nJeg leder efter lampen nu.\n\nFreja")
    assert scene.rows(Promise) == []
    assert shown(scene) is None


async def test_a_follow_up_promises_too_though_its_case_is_resolved(asked: Scene) -> None:
    await answer(asked, "Hej Mette\n\nDen kommer snart.\n\nFreja")
    due_at = asked.now + DAY
    text = "Hej Mette, er alt i orden? Jeg ringer til dig fredag kl. 12. Freja"
    asked.do(desk.resolve, asked.press(), Approved("how_is_it", "Hej", text, due_at, "why"), asked.now)
    await asked.work()
    asked.now = due_at + timedelta(minutes=1)

    await pipeline.remind(asked.parts)
    await asked.work()
    assert only(asked).sentence == "Jeg ringer til dig fredag kl. 12."
    assert await tick(asked) == []
    assert only(asked).state is PromiseState.OPEN
    assert len(await tick(asked, "2026-03-06T10:00")) == 1


async def test_what_a_colleague_writes_by_hand_is_held_to_as_well(scene: Scene) -> None:
    scene.do(agents.watch, "TLAMPE", "CSHARED", scene.now)
    await scene.hear_slack("Hej, hvornår kommer den nye lampe?")
    await scene.work()
    root = f"{scene.now.timestamp():.6f}"
    scene.pass_time(minutes=3)
    await scene.hear_slack("Jeg skriver senest torsdag.", user=NILS, team="TLAMPE", thread_ts=root)
    await scene.work()
    assert only(scene).due_at == at("2026-03-05T23:59:59")


# ---- Near and broken --------------------------------------------------------------------------------------


async def test_whoever_has_the_case_hears_before_it_is_broken_and_a_lead_after_once_each(
    asked: Scene,
) -> None:
    await answer(asked, "Hej Mette\n\nSenest onsdag kl. 12 skriver jeg, hvornår den kommer.\n\nFreja")
    assert await tick(asked, "2026-03-04T09:59") == []
    (near,) = await tick(asked, "2026-03-04T10:00")
    assert f"<@{FREJA}>" in near
    assert "Mette" in near
    assert "Senest onsdag kl. 12 skriver jeg" in near
    assert "Wednesday 4 March, 12:00" in near
    assert await tick(asked) == []
    assert await tick(asked, "2026-03-04T11:59") == []
    (broken,) = await tick(asked, "2026-03-04T12:01")
    assert f"<@{SIGNE}>" in broken
    assert "Freja Holm" in broken
    assert await tick(asked, "2026-03-05T10:00") == []
    line = shown(asked)
    assert line is not None
    assert line.is_broken
    assert actions(asked) == ["promise_made", "promise_near", "promise_broken"]


async def test_it_is_told_below_the_case_s_own_card(asked: Scene) -> None:
    await answer(asked, "Jeg skriver senest onsdag.")
    await tick(asked, "2026-03-04T09:00")
    (post,) = [each for each in asked.sent if each.key.startswith("promise:")]
    assert post.payload["thread_ts"] == asked.do(outbox.receipt, f"card:{asked.card().conversation_id}")["ts"]


async def test_a_lead_hears_of_a_day_that_is_over_in_the_morning(asked: Scene) -> None:
    await answer(asked, "Jeg skriver senest fredag.")
    assert len(await tick(asked, "2026-03-06T09:00")) == 1
    assert await tick(asked, "2026-03-07T00:30") == []
    assert await tick(asked, "2026-03-08T12:00") == []
    assert len(await tick(asked, "2026-03-09T09:00")) == 1


async def test_a_promise_for_a_holiday_is_spoken_of_on_the_last_working_day_before(scene: Scene) -> None:
    scene.now = at("2026-03-31T10:00") - timedelta(hours=1)
    await scene.receive(mail("Hej, hvornår kommer jeres nye lampe?", message_id="<1@example.dk>"))
    # Good Friday, and in Denmark Maundy Thursday is free too.
    await answer(scene, "Du hører fra mig senest den 3. april.")
    assert await tick(scene, "2026-03-31T15:00") == []
    (near,) = await tick(scene, "2026-04-01T08:00")
    assert "Friday 3 April" in near
    assert await tick(scene, "2026-04-04T12:00") == []
    assert len(await tick(scene, "2026-04-07T08:00")) == 1


async def test_two_processes_at_the_same_tick_speak_once(asked: Scene, engine: Engine) -> None:
    await answer(asked, "Jeg skriver senest onsdag kl. 12.")
    other = Parts(engine, lambda: asked.now, house(), PLACES, asked.parts.senders)
    for moment in ("2026-03-04T10:00", "2026-03-04T12:30"):
        asked.now = at(moment)
        told = await asyncio.gather(*(promising.watch_promises(each) for each in (asked.parts, other) * 3))
        assert sum(told) == 1
    await asked.work()
    assert len([each for each in asked.sent if each.key.startswith("promise:")]) == 2


async def test_a_warning_that_came_too_late_leaves_only_the_leads(asked: Scene) -> None:
    await answer(asked, "Jeg skriver senest onsdag.")
    (told,) = await tick(asked, "2026-03-05T10:00")
    assert told.startswith(f"<@{SIGNE}>")


async def test_of_a_colleague_who_is_gone_the_lead_hears_in_time(asked: Scene) -> None:
    await answer(asked, "Jeg skriver senest onsdag.")
    asked.do(agents.keep, {NILS: "Nils Berg", SIGNE: "Signe Lund"}, {SIGNE: "lead"}, asked.now)
    (near,) = await tick(asked, "2026-03-04T09:00")
    assert f"<@{SIGNE}>" in near
    assert "Nobody who is here has it" in near


async def test_a_case_that_was_handed_over_takes_its_promise_along(asked: Scene) -> None:
    await answer(asked, "Jeg skriver senest onsdag.")
    nils = next(each.id for each in asked.rows(Agent) if each.slack_user_id == NILS)
    asked.do(lambda session: session.execute(update(Conversation).values(agent_id=nils)))
    (near,) = await tick(asked, "2026-03-04T09:00")
    assert f"<@{NILS}>" in near


async def test_what_never_reached_the_customer_is_no_promise_to_them(asked: Scene) -> None:
    asked.troubles["mail"] = [PermanentFailure("no such address")]
    await answer(asked, "Jeg skriver senest onsdag.")
    assert await tick(asked, "2026-03-04T09:00") == []
    assert await tick(asked, "2026-03-05T09:00") == []
    await answer_again(asked, "Den kommer i april.")
    assert only(asked).state is PromiseState.WITHDRAWN


# ---- Kept -------------------------------------------------------------------------------------------------


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


# ---- Shown, kept and forgotten ----------------------------------------------------------------------------


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
