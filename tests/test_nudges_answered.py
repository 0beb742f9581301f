"""What colleagues say to a remark, and what breaks on its way: once, for nobody else, within the age limits."""

from datetime import timedelta

import pytest
from nudge_scenes import COLD, HOSTILE, UNKIND, asks, made, shown, writes
from scenes import FREJA, NILS, SIGNE, Scene
from sqlalchemy import Engine

from bot import desk, pipeline
from bot.errors import Refused, UnknownOutcome
from bot.nudging import kinder
from bot.rules.linting import Finding
from storage import agents, nudges
from storage.engine import reading, transaction
from storage.tables import MutedCategory, Nudge, NudgeAnswer


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


@pytest.mark.parametrize("text", HOSTILE)
async def test_whatever_stands_around_it_there_is_one_remark_and_it_is_legal(scene: Scene, text: str) -> None:
    from bot.sandbox.slackcheck import check_message

    await writes(scene, await asks(scene), text)
    for each in shown(scene):
        assert check_message({name: each.payload[name] for name in ("channel", "text", "blocks")}) == []
        assert "<!channel>" not in each.payload["text"]
    assert len(shown(scene)) == (UNKIND in text)
    assert scene.inbox_states().count("new") == 0
