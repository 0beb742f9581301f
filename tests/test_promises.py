"""What we promise: told of before it is broken, to a lead after, once; kept by an answer, a press or the case's end."""

import asyncio
from datetime import timedelta

from promise_scenes import DAY, actions, answer, answer_again, at, only, shown, tick
from scenes import FREJA, NILS, PLACES, SIGNE, Scene, house, mail
from sqlalchemy import Engine, update

from bot import desk, pipeline, promising
from bot.cards.shapes import PromiseLine
from bot.desk.follow_ups import Approved
from bot.errors import PermanentFailure
from bot.parts import Parts
from storage import agents, outbox
from storage.tables import (
    Agent,
    Conversation,
    Promise,
    PromiseState,
)


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
