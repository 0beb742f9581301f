"""The private remark on one's wording, as colleagues meet it in Slack, and /tillid quiet."""

from datetime import timedelta

import pytest
import pytest_asyncio
from case_scenes import UNKIND, Office
from shared_rooms import TWICE, Room
from sqlalchemy import delete, update
from sqlmodel import Session, col

from bot.sandbox.interactions import InteractionResult
from bot.sandbox.records import Ephemeral, User, View
from bot.sandbox.stage import Stage
from storage.engine import commit
from storage.tables import Agent, MutedCategory, Nudge, OutboxItem

pytestmark = pytest.mark.asyncio(loop_scope="module")


@pytest_asyncio.fixture(autouse=True, loop_scope="module")
async def afresh(office: Office) -> None:
    """Nobody has been reminded of anything yet."""
    await commit(office.stage.running.parts.engine, _forget)


def _forget(session: Session) -> None:
    session.execute(delete(Nudge))
    session.execute(delete(MutedCategory))
    session.execute(update(Agent).values(quiet_until=None))


async def writes(room: Room, user: User | None = None, text: str = UNKIND) -> str:
    """A colleague answers a customer by hand; the thread."""
    thread = await room.people.say(room.guest.id, room.channel.id, TWICE)
    await room.settled()
    await room.people.say((user or room.office.freja).id, room.channel.id, text, thread_ts=thread)
    await room.settled()
    return thread


def remarks(room: Room, user: User | None = None) -> list[Ephemeral]:
    who = (user or room.office.freja).id
    here = room.office.stage.workspace.ephemerals
    return [each for each in here if each.user_id == who and "nudge_fine" in str(each.blocks)]


async def press(room: Room, action: str, option: str | None = None) -> InteractionResult:
    (shown,) = remarks(room)
    result = await room.people.click(room.office.freja.id, room.channel.id, shown.ts, action, option=option)
    assert result.acknowledged
    await room.settled()
    return result


def posted(room: Room) -> list[str]:
    """What the program has said where the customer reads."""
    return [each.text for each in room.office.stage.workspace.said_by_bot(room.channel.id)]


async def test_only_the_writer_sees_it_in_that_thread_and_nothing_is_posted(room: Room) -> None:
    thread = await writes(room)
    (shown,) = remarks(room)
    assert (shown.channel_id, shown.thread_ts) == (room.channel.id, thread)
    assert "Only you can see this" in shown.text
    others = [each for each in room.office.stage.workspace.ephemerals if each.user_id != room.office.freja.id]
    assert others == []
    assert posted(room) == []


async def test_better_wording_is_shown_to_copy_and_the_message_stands(room: Room) -> None:
    thread = await writes(room, text=f"Hej Tore. {UNKIND} Vi hører fra dig.")
    await press(room, "nudge_better")

    def there(_: object) -> View | None:
        shown = room.people.screen(room.office.freja.id)
        return shown if shown is not None and "One moment" not in str(shown.blocks) else None

    view = await room.office.stage.slack.wait_for(there)
    assert view is not None
    (words,) = [each for each in view.blocks if "preformatted" in str(each)]
    assert UNKIND not in str(words)
    assert "Hej Tore." in str(words)
    assert "Vi hører fra dig." in str(words)
    said = room.office.stage.workspace.thread(room.channel.id, thread)[1]
    assert UNKIND in said.text
    assert remarks(room) != []


async def test_fine_as_is_takes_it_away_and_the_second_time_it_is_muted(room: Room) -> None:
    await writes(room)
    await press(room, "nudge_fine")
    await room.office.stage.slack.wait_for(lambda _: not remarks(room))
    await writes(room)
    await press(room, "nudge_fine")
    assert "not be reminded of this" in (await room.office.told(room.office.freja))[-1]
    await writes(room)
    assert remarks(room) == []


async def test_not_again_about_this_and_on_again_by_quiet(room: Room) -> None:
    await writes(room)
    await press(room, "nudge_more", "mute")
    office = room.office
    assert "not be reminded of this" in (await office.told(office.freja))[-1]
    await writes(room)
    assert remarks(room) == []
    result = await room.people.command(office.freja.id, office.stage.triage.id, "/tillid", "quiet")
    assert "Asks for proof" in str(result.payload)
    assert result.ts is not None
    await room.people.click(office.freja.id, office.stage.triage.id, result.ts, "quiet_unmute")

    def on_again(_: object) -> bool:
        return any("On again: Asks for proof" in each.text for each in office.stage.workspace.ephemerals)

    await office.stage.slack.wait_for(on_again)
    await writes(room)
    assert len(remarks(room)) == 1


async def test_quiet_stops_them_for_its_time_and_says_until_when(room: Room) -> None:
    office = room.office
    assert "You are not quiet" in await office.command(office.freja, "quiet")
    assert "Quiet until" in await office.command(office.freja, "quiet 2h")
    assert "Quiet until" in await office.command(office.freja, "quiet")
    await writes(room)
    assert remarks(room) == []
    assert "You are not quiet" in await office.command(office.freja, "quiet off")
    await writes(room)
    assert len(remarks(room)) == 1


async def test_quiet_ends_by_itself(room: Room) -> None:
    await room.office.command(room.office.freja, "quiet 30m")
    await room.office.stage.move_clock(timedelta(minutes=31))
    assert "You are not quiet" in await room.office.command(room.office.freja, "quiet")
    await writes(room)
    assert len(remarks(room)) == 1


@pytest.mark.parametrize(
    ("words", "asks"),
    [
        ("quiet <!channel>", "Say until when"),
        ("quiet for ever", "Say until when"),
        ("quiet 99999h", "Say until when"),
        ("quiet 9999h", "At most"),
        ("quiet \u202e2h", "Say until when"),
    ],
)
async def test_what_is_no_time_is_asked_again(office: Office, words: str, asks: str) -> None:
    said = await office.command(office.freja, words)
    assert asks in said
    assert "<!" not in said


async def test_help_names_quiet_as_working_and_strangers_have_none(office: Office) -> None:
    working, _, coming = (await office.command(office.freja, "help")).partition("Not working yet")
    assert "quiet" in working
    assert "quiet" not in coming.partition("\n")[0]
    stage = office.stage
    olav = stage.workspace.add_user("olav", real_name="Olav Dal")
    stage.triage.members.append(olav.id)
    try:
        assert "support staff" in await office.command(olav, "quiet 2h")
    finally:
        stage.triage.members.remove(olav.id)


async def test_who_left_the_channel_gets_none_there_and_nobody_is_alarmed(room: Room) -> None:
    thread = await room.people.say(room.guest.id, room.channel.id, TWICE)
    await room.settled()
    stage = room.office.stage
    before = len(stage.cards())
    async with stage.running.quiet():
        await room.people.say(room.office.freja.id, room.channel.id, UNKIND, thread_ts=thread)
        await stage.slack.wait_until_idle()
        stage.slack.upkeep.leave(room.office.freja.id, room.channel.id)
    stage.running.parts.arrived.set()
    await room.settled()
    assert [each.error for each in stage.slack.refused] == ["user_not_in_channel"]
    stage.slack.calls[:] = [each for each in stage.slack.calls if each.error is None]
    assert remarks(room) == []
    assert len(stage.cards()) == before


@pytest.mark.parametrize("fault", ["drop_after_store", "http_500"])
async def test_a_lost_answer_shows_it_at_most_once(room: Room, fault: str) -> None:
    stage = room.office.stage
    thread = await room.people.say(room.guest.id, room.channel.id, TWICE)
    await room.settled()
    stage.slack.fault("chat.postEphemeral", fault)
    await room.people.say(room.office.freja.id, room.channel.id, UNKIND, thread_ts=thread)

    async def is_unknown() -> bool:
        rows = await room.office.rows(OutboxItem, col(OutboxItem.kind) == "nudge")
        return bool(rows) and rows[-1].state == "sending" and rows[-1].error != ""

    await stage.until(is_unknown)
    async with stage.running.quiet():
        stage.clock.move(timedelta(minutes=2))
    await stage.running.tick()
    await room.settled()
    asked = [each for each in room.office.stage.slack.calls if each.method == "chat.postEphemeral"]
    (row,) = [each for each in await room.office.rows(OutboxItem) if each.kind == "nudge"][-1:]
    assert row.state == "sent"
    assert len(remarks(room)) == (1 if fault == "drop_after_store" else 0)
    assert [each.fault for each in asked if each.arguments["channel"] == room.channel.id] == [fault]


async def test_a_rate_limit_only_delays_it(room: Room) -> None:
    room.office.stage.slack.fault("chat.postEphemeral", "rate_limited", retry_after=0)
    await writes(room)
    assert len(remarks(room)) == 1


async def test_managers_see_counts_of_a_team_that_is_large_enough(room: Room) -> None:
    office, stage = room.office, room.office.stage
    await writes(room)
    assert "Remarks on wording" not in await office.command(stage.marius, "stats today")
    karen = stage.workspace.add_user("karen", real_name="Karen Moe")
    await office.people.join(karen.id, stage.triage.id)
    await stage.slack.wait_until_idle()
    await _five(stage, office)
    said = await office.command(stage.marius, "stats today")
    assert "Remarks on wording, whole team" in said
    assert "Asks for proof 1" in said
    assert "Freja" not in said
    for who in (office.freja, office.signe):
        assert "Remarks on wording" not in await office.command(who, "stats today")
    stage.slack.upkeep.leave(karen.id, stage.triage.id)
    await stage.slack.wait_until_idle()


async def _five(stage: Stage, office: Office) -> None:
    async def there() -> bool:
        return len([each for each in await office.rows(Agent) if each.active]) == 5

    await stage.until(there)
