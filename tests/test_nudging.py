"""Remarks on what a colleague writes by hand: rare, for that colleague alone, and never twice. On both databases."""

from datetime import timedelta

from nudge_scenes import COLD, KIND, UNKIND, asks, shown, writes
from scenes import FREJA, NILS, Scene
from sqlalchemy import Engine, update

from bot import desk
from bot.errors import PermanentFailure, TemporaryFailure
from storage import agents
from storage.engine import transaction
from storage.tables import Agent, Nudge, OutboxItem, OutboxState


async def test_an_unkind_message_is_remarked_on_to_its_writer_in_that_thread(scene: Scene) -> None:
    thread = await asks(scene)
    await writes(scene, thread)
    (made,) = shown(scene)
    assert (made.payload["user"], made.payload["channel"], made.payload["thread_ts"]) == (
        FREJA,
        "CSHARED",
        thread,
    )
    assert "bevis" in made.payload["text"]
    (row,) = scene.rows(Nudge)
    assert row.category == "demands_proof"
    assert UNKIND not in str([each.payload for each in scene.rows(OutboxItem) if each.kind == "nudge"])


async def test_a_kind_message_is_not(scene: Scene) -> None:
    await writes(scene, await asks(scene), KIND)
    assert shown(scene) == []
    assert scene.rows(Nudge) == []


async def test_what_customers_and_strangers_write_is_nobody_s_to_remark_on(scene: Scene) -> None:
    thread = await asks(scene)
    await writes(scene, thread, who="UTORE00001")
    await writes(scene, thread, who="UOLAV00001")
    assert scene.rows(Nudge) == []


async def test_one_a_thread_in_half_an_hour_whoever_writes(scene: Scene) -> None:
    thread = await asks(scene)
    await writes(scene, thread)
    await writes(scene, thread, COLD, NILS)
    assert len(shown(scene)) == 1
    scene.pass_time(minutes=30)
    await writes(scene, thread, COLD, NILS)
    assert [each.payload["user"] for each in shown(scene)] == [FREJA, NILS]


async def test_five_a_colleague_and_day(scene: Scene) -> None:
    for _ in range(7):
        await writes(scene, await asks(scene))
    assert len(shown(scene)) == 5
    await writes(scene, await asks(scene), who=NILS)
    assert len(shown(scene, NILS)) == 1
    scene.pass_time(hours=15)  # after midnight in Copenhagen
    await writes(scene, await asks(scene))
    assert len(shown(scene, FREJA)) == 6


async def test_the_limits_hold_after_a_restart(scene: Scene, engine: Engine) -> None:
    thread = await asks(scene)
    await writes(scene, thread)
    again = Scene(engine)
    again.now = scene.now
    await writes(again, thread, COLD)
    assert shown(again) == []


async def test_none_while_quiet_and_again_after_it(scene: Scene) -> None:
    thread = await asks(scene)
    scene.do(desk.be_quiet, FREJA, scene.now + timedelta(hours=2), scene.now)
    await writes(scene, thread)
    assert scene.rows(Nudge) == []
    scene.pass_time(hours=2)
    await writes(scene, thread)
    assert len(shown(scene)) == 1


async def test_one_on_its_way_is_left_when_its_colleague_gets_quiet_or_leaves(scene: Scene) -> None:
    for leaves in (False, True):
        thread = await asks(scene)
        scene.troubles["nudge"] = [TemporaryFailure("Slack said ratelimited")]
        await writes(scene, thread)
        with transaction(scene.parts.engine) as session:
            if leaves:
                agents.keep(session, {NILS: "Nils Berg"}, {}, scene.now)
            else:
                desk.be_quiet(session, FREJA, scene.now + timedelta(hours=1), scene.now)
        scene.pass_time(minutes=5)
        await scene.work()
        assert shown(scene) == []
        scene.do(lambda session: session.execute(update(Agent).values(quiet_until=None)))
    states = [each.state for each in scene.rows(OutboxItem) if each.kind == "nudge"]
    assert states == [OutboxState.WITHDRAWN] * 2


async def test_a_remark_that_comes_too_late_does_not_come(scene: Scene) -> None:
    thread = await asks(scene)
    scene.troubles["nudge"] = [TemporaryFailure("Slack cannot be reached", timedelta(hours=1))]
    await writes(scene, thread)
    scene.pass_time(hours=2)
    await scene.work()
    assert shown(scene) == []


async def test_words_of_long_ago_are_not_remarked_on(scene: Scene) -> None:
    thread = await asks(scene)
    await scene.hear_slack(UNKIND, FREJA, "TLAMPE", thread_ts=thread)
    scene.pass_time(hours=1)
    await scene.work()
    assert scene.rows(Nudge) == []


async def test_one_that_slack_will_not_show_is_nobody_else_s_business(scene: Scene) -> None:
    thread = await asks(scene)
    scene.troubles["nudge"] = [PermanentFailure("Slack said user_not_in_channel")]
    await writes(scene, thread)
    assert shown(scene) == []
    assert [each for each in scene.sent if each.key.startswith("undelivered")] == []
    assert scene.waiting("alert") == []


async def test_the_same_message_taken_twice_is_remarked_on_once(scene: Scene) -> None:
    thread = await asks(scene)
    scene.pass_time(seconds=1)
    for event in ("first", "second"):
        await scene.hear_slack(UNKIND, FREJA, "TLAMPE", thread_ts=thread, client_msg_id=event)
        await scene.work()
    assert len(shown(scene)) == 1
