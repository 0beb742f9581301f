"""Remarks on what a colleague writes by hand: rare, for that colleague alone, and never twice. On both databases."""

from datetime import timedelta

import pytest
from scenes import FREJA, NILS, SIGNE, Scene
from sqlalchemy import Engine, update

from bot import desk, pipeline
from bot.errors import PermanentFailure, Refused, TemporaryFailure, UnknownOutcome
from bot.messages import Outgoing
from bot.nudging import kinder
from bot.rules.linting import Finding
from storage import agents, nudges
from storage.engine import reading, transaction
from storage.tables import Agent, MutedCategory, Nudge, NudgeAnswer, OutboxItem, OutboxState

TWICE = "Vi er blevet trukket 499 kr. to gange på ordre 10432. Kan I se på det?"
UNKIND = "Send et billede som bevis."
KIND = "Hej Tore. Du har ret, og pengene er på vej."
COLD = "Systemet siger, at pakken er leveret."


async def asks(scene: Scene) -> str:
    """A customer writes in a thread of their own; its ts."""
    scene.pass_time(seconds=1)
    ts = f"{scene.now.timestamp():.6f}"
    await scene.hear_slack(TWICE, ts=ts)
    await scene.work()
    return ts


async def writes(scene: Scene, thread: str, text: str = UNKIND, who: str = FREJA) -> None:
    """A colleague writes by hand in it."""
    scene.pass_time(seconds=1)
    await scene.hear_slack(text, who, "TLAMPE", thread_ts=thread)
    await scene.work()


def shown(scene: Scene, who: str = "") -> list[Outgoing]:
    made = [each for each in scene.sent if each.key.startswith("nudge:")]
    return [each for each in made if who in ("", each.payload["user"])]


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


# ---- What is said to it -------------------------------------------------------------------------------------


async def made(scene: Scene, text: str = UNKIND, who: str = FREJA) -> int:
    """One more remark, on a thread of its own; its number."""
    before = {each.created_at for each in scene.rows(Nudge)}
    await writes(scene, await asks(scene), text, who)
    (new,) = [each for each in scene.rows(Nudge) if each.created_at not in before]
    return int(new.id)


async def test_fine_twice_in_a_week_mutes_that_category_for_that_colleague(scene: Scene) -> None:
    assert scene.do(desk.fine_as_is, FREJA, await made(scene), scene.now) == ""
    assert scene.do(desk.fine_as_is, FREJA, await made(scene), scene.now) == "demands_proof"
    await writes(scene, await asks(scene))
    assert len(shown(scene, FREJA)) == 2
    await made(scene, COLD)  # another category is still spoken of
    await made(scene, UNKIND, NILS)  # and so is this one, to a colleague


async def test_fine_pressed_twice_on_one_remark_counts_once(scene: Scene) -> None:
    number = await made(scene)
    for _ in range(3):
        assert scene.do(desk.fine_as_is, FREJA, number, scene.now) == ""
    assert scene.rows(MutedCategory) == []


async def test_fine_twice_in_more_than_a_week_mutes_nothing(scene: Scene) -> None:
    assert scene.do(desk.fine_as_is, FREJA, await made(scene), scene.now) == ""
    scene.pass_time(days=7, seconds=1)
    assert scene.do(desk.fine_as_is, FREJA, await made(scene), scene.now) == ""


async def test_what_is_muted_can_be_turned_on_and_counts_anew(scene: Scene) -> None:
    assert scene.do(desk.mute_category, FREJA, await made(scene), scene.now) == "demands_proof"
    await writes(scene, await asks(scene))
    assert len(shown(scene)) == 1
    assert scene.do(desk.quiet_of, FREJA, scene.now).muted == ("demands_proof",)
    assert scene.do(desk.lift_category, FREJA, "demands_proof", scene.now)
    assert not scene.do(desk.lift_category, FREJA, "demands_proof", scene.now)
    # What was fine before that does not count any more.
    assert scene.do(desk.fine_as_is, FREJA, await made(scene), scene.now) == ""
    assert scene.do(desk.quiet_of, FREJA, scene.now).muted == ()
    assert scene.do(desk.fine_as_is, FREJA, await made(scene), scene.now) == "demands_proof"


@pytest.mark.parametrize("who", [NILS, SIGNE, "UTORE00001", "", "U' OR 1=1"])
async def test_a_remark_is_nobody_else_s_to_press(scene: Scene, who: str) -> None:
    number = await made(scene)
    for act in (desk.fine_as_is, desk.mute_category):
        with pytest.raises(Refused):
            scene.do(act, who, number, scene.now)
    with pytest.raises(Refused):
        scene.do(desk.own_nudge, who, number)
    assert [each.answer for each in scene.rows(Nudge)] == [NudgeAnswer.NONE]
    assert scene.rows(MutedCategory) == []


def test_two_at_once_see_each_other(scene: Scene, engine: Engine) -> None:
    """Whoever decides about a colleague holds them until it is decided."""
    with transaction(engine) as session:
        agent = agents.by_slack_id(session, FREJA)
        assert agent is not None
        assert agent.id is not None
        assert nudges.hold_agent(session, agent.id) is agent
        agent.active = False
    with transaction(engine) as session:
        assert nudges.hold_agent(session, agent.id) is None


# ---- Once, whatever breaks ----------------------------------------------------------------------------------


async def test_an_unknown_outcome_is_told_to_the_sender_that_will_not_show_it_again(scene: Scene) -> None:
    thread = await asks(scene)
    scene.troubles["nudge"] = [UnknownOutcome("Slack did not confirm")]
    await writes(scene, thread)
    scene.pass_time(minutes=2)
    await scene.work()
    (again,) = shown(scene)
    assert again.uncertain == 1


async def test_a_process_that_dies_while_it_sends_leaves_an_uncertain_row(scene: Scene) -> None:
    thread = await asks(scene)
    scene.pass_time(seconds=1)
    await scene.hear_slack(UNKIND, FREJA, "TLAMPE", thread_ts=thread)
    while await pipeline.process(scene.parts):
        pass
    with transaction(scene.parts.engine) as session:
        from storage import outbox

        assert [each.kind for each in outbox.claim(session, scene.now, only=("nudge",))] == ["nudge"]
    scene.pass_time(minutes=2)
    await scene.work()
    (again,) = shown(scene)
    assert again.uncertain == 1


# ---- Words, figures and ages --------------------------------------------------------------------------------


def test_each_sentence_is_put_in_kinder_words_by_its_gravest_finding() -> None:
    text = "Hej. Send bevis nu. Det er din fejl."
    first = text.index("Send")
    found = [
        Finding("command_tone", "low", first + 11, first + 14, "nu", "", "Tone."),
        Finding("demands_proof", "high", first, first + 10, "Send bevis", "", "Vi tror dig."),
        Finding("blame", "high", text.index("Det"), len(text) - 1, "Det er din fejl", "", "Vi ordner det."),
    ]
    assert kinder(text, found) == "Hej. Vi tror dig. Vi ordner det."
    assert kinder(text, []) == text


async def test_the_team_s_figure_names_categories_and_nobody(scene: Scene) -> None:
    await made(scene)
    await made(scene, COLD)
    await made(scene, UNKIND, NILS)
    with reading(scene.parts.engine) as session:
        counted = nudges.by_category(session, scene.now - timedelta(days=1), scene.now + timedelta(seconds=1))
        assert (
            nudges.by_category(session, scene.now + timedelta(seconds=1), scene.now + timedelta(days=1)) == {}
        )
    assert counted["demands_proof"] == 2
    assert sum(counted.values()) == 3


async def test_remarks_are_forgotten_after_three_months(scene: Scene) -> None:
    await made(scene)
    scene.pass_time(days=91)
    await made(scene)
    assert len(scene.rows(Nudge)) == 1
    assert len(shown(scene)) == 2


HOSTILE = (
    f"<!channel> {UNKIND}",
    f"{UNKIND} \u202egnp.exe",
    UNKIND * 400,
    "\U0001f469\u200d\U0001f467" * 300 + f" {UNKIND}",
    "<@U1>" * 500,
)


@pytest.mark.parametrize("text", HOSTILE)
async def test_whatever_stands_around_it_one_remark_at_most_and_legal(scene: Scene, text: str) -> None:
    from bot.sandbox.slackcheck import check_message

    await writes(scene, await asks(scene), text)
    for each in shown(scene):
        assert check_message({name: each.payload[name] for name in ("channel", "text", "blocks")}) == []
        assert "<!channel>" not in each.payload["text"]
    assert len(shown(scene)) <= 1
    assert scene.inbox_states().count("new") == 0
