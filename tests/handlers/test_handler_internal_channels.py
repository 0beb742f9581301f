"""Nothing internal is posted where outsiders read: it waits, those who can act are told, and it goes on by itself."""

from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path

import pytest
import pytest_asyncio
from case_scenes import Case, Office
from shared_rooms import TWICE, Room, watch
from sqlmodel import Session, col
from thread_scenes import card_of

from bot.app import start
from bot.errors import ConfigError
from bot.sandbox.records import Message
from bot.sandbox.stage import Stage
from storage import agents, outbox
from storage.engine import commit
from storage.held import HELD
from storage.tables import ChannelStanding, Conversation, InternalChannel, OutboxItem, OutboxState

pytestmark = pytest.mark.asyncio(loop_scope="module")


@pytest_asyncio.fixture(loop_scope="module")
async def company(tmp_path: Path) -> AsyncIterator[Office]:
    """A company of its own, for what happens to its channels."""
    async with Stage(tmp_path) as stage:
        yield Office(stage)


async def writes(office: Office) -> Case:
    """A customer writes by mail; the card is made, and waits or goes."""
    return await office.case()


async def waiting(office: Office) -> list[OutboxItem]:
    held = col(OutboxItem.error).startswith(HELD)
    return await office.rows(OutboxItem, col(OutboxItem.state) == OutboxState.PENDING, held)


def alone(office: Office, who: str) -> list[str]:
    """What the program told somebody in a direct message."""
    there = office.stage.workspace.direct_message(who)
    return [each.text for each in office.stage.workspace.said_by_bot(there.id)]


async def standing(office: Office, channel: str) -> ChannelStanding | None:
    rows = await office.rows(InternalChannel, col(InternalChannel.channel) == channel)
    return rows[0].standing if rows else None


async def heard(office: Office) -> None:
    await office.stage.slack.wait_until_idle()
    await office.stage.idle()


async def test_a_shared_triage_channel_gets_nothing_more_and_leads_hear_of_it_alone(company: Office) -> None:
    stage = company.stage
    before = await writes(company)
    stage.slack.upkeep.share(stage.triage.id, stage.nordlys)
    await heard(company)
    posted = len(stage.cards())
    updates = [each for each in stage.slack.calls if each.method == "chat.update"]
    await writes(company)
    await before.writes("Det haster.")
    assert len(stage.cards()) == posted
    assert [each for each in stage.slack.calls if each.method == "chat.update"] == updates
    assert len(await waiting(company)) == 2
    for who in (stage.signe.id, stage.marius.id):
        (told,) = alone(company, who)
        assert "shared with another company" in told
        assert "Nothing" in told
    assert alone(company, stage.freja.id) == []

    stage.slack.upkeep.unshare(stage.triage.id, stage.nordlys)
    await heard(company)
    assert await waiting(company) == []
    assert len(stage.cards()) == posted + 1
    assert "ours alone again" in alone(company, stage.signe.id)[-1]
    assert "Det haster" in str((await before.card()).blocks)


async def test_it_is_found_out_without_the_event_before_a_post_and_mended_without_one(
    company: Office,
) -> None:
    stage = company.stage
    await writes(company)
    stage.slack.upkeep.share(stage.triage.id, stage.nordlys, silently=True)
    await stage.move_clock(timedelta(minutes=6))
    posted = len(stage.cards())
    await writes(company)
    assert len(stage.cards()) == posted
    assert len(alone(company, stage.signe.id)) == 1
    stage.slack.upkeep.unshare(stage.triage.id, stage.nordlys, silently=True)
    await stage.move_clock(timedelta(minutes=6))
    await stage.idle()
    assert len(stage.cards()) == posted + 1


async def test_slack_is_not_asked_before_every_post(company: Office) -> None:
    await writes(company)
    calls = company.stage.slack.calls
    asked = len([each for each in calls if each.method == "conversations.info"])
    for _ in range(3):
        await writes(company)
    assert len([each for each in calls if each.method == "conversations.info"]) == asked


@pytest.mark.parametrize("kind", ["guest", "stranger"])
async def test_an_outsider_who_joins_stops_it_too(company: Office, kind: str) -> None:
    stage = company.stage
    await writes(company)
    home = "" if kind == "guest" else stage.nordlys
    who = stage.workspace.add_user("gro", real_name="Gro Vik", team_id=home, is_restricted=kind == "guest")
    await company.people.join(who.id, stage.triage.id)
    await heard(company)
    posted = len(stage.cards())
    await writes(company)
    assert len(stage.cards()) == posted
    assert await standing(company, stage.triage.id) is ChannelStanding.OUTSIDERS
    assert "not of our company" in alone(company, stage.signe.id)[-1]
    stage.slack.upkeep.leave(who.id, stage.triage.id)
    await heard(company)
    assert len(stage.cards()) == posted + 1


async def test_an_archived_triage_channel_keeps_everything_until_it_is_back(company: Office) -> None:
    stage = company.stage
    await writes(company)
    stage.slack.upkeep.archive(stage.triage.id, stage.signe.id)
    await heard(company)
    posted = len(stage.cards())
    await writes(company)
    assert len(stage.cards()) == posted
    assert "it is archived" in alone(company, stage.signe.id)[-1]
    assert "Unarchive it" in alone(company, stage.signe.id)[-1]
    stage.slack.upkeep.unarchive(stage.triage.id, stage.signe.id)
    await heard(company)
    assert len(stage.cards()) == posted + 1
    failed = await company.rows(OutboxItem, col(OutboxItem.state) == OutboxState.FAILED)
    assert failed == []


async def test_what_was_archived_since_we_looked_waits_and_does_not_fail(company: Office) -> None:
    stage = company.stage
    await writes(company)
    stage.triage.is_archived = True
    await writes(company)
    assert len(await waiting(company)) == 1
    assert await standing(company, stage.triage.id) is ChannelStanding.ARCHIVED


async def test_removed_from_the_triage_channel_we_say_how_to_invite_us_and_go_on(company: Office) -> None:
    stage = company.stage
    await writes(company)
    stage.slack.upkeep.remove_bot(stage.triage.id)
    await heard(company)
    posted = len(stage.cards())
    await writes(company)
    assert "/invite @Tillid" in alone(company, stage.signe.id)[-1]
    await company.people.join(stage.workspace.bot.id, stage.triage.id)
    await heard(company)
    assert len(stage.cards()) == posted + 1
    assert await company.command(stage.freja, "whoami") != ""


async def test_a_new_id_of_the_triage_channel_is_told_with_the_setting(company: Office) -> None:
    stage = company.stage
    await writes(company)
    new = stage.slack.upkeep.give_new_id(stage.triage.id)
    await heard(company)
    told = alone(company, stage.signe.id)[-1]
    assert new in told
    assert "TILLID_TRIAGE_CHANNEL" in told


async def test_operators_hear_in_their_own_channel_where_it_is_internal(tmp_path: Path) -> None:
    stage = Stage(tmp_path)
    operators = stage.workspace.add_channel("drift", [stage.signe], is_private=True)
    stage._more["tillid_operators_channel"] = operators.id  # as the settings would name it
    async with stage:
        office = Office(stage)
        engine = stage.running.parts.engine
        await commit(engine, _alarm, "first", stage)
        stage.running.parts.written.set()
        await stage.idle()
        stage.slack.upkeep.share(stage.triage.id, stage.nordlys)
        await heard(office)
        await writes(office)
        said = [each.text for each in stage.workspace.said_by_bot(operators.id)]
        assert "shared with another company" in said[-1]
        assert alone(office, stage.signe.id) == []
        # What is for agents waits; what is for operators does not wait behind it.
        await commit(engine, _alarm, "agents", stage, "agents")
        await commit(engine, _alarm, "second", stage)
        stage.running.parts.written.set()
        await stage.idle()
        said = [each.text for each in stage.workspace.said_by_bot(operators.id)]
        assert said[-1] == "second"
        stage.slack.upkeep.unshare(stage.triage.id, stage.nordlys)
        await heard(office)
        assert "agents" in [each.text for each in stage.workspace.said_by_bot(stage.triage.id)]


def _alarm(session: Session, key: str, stage: Stage, whose: str = "") -> None:
    outbox.put(session, key, "alert", {"text": key, "for": whose}, stage.clock(), lane="alerts")


@pytest.mark.parametrize("setting", ["TILLID_TRIAGE_CHANNEL", "TILLID_OPERATORS_CHANNEL"])
async def test_setup_refuses_a_shared_channel(tmp_path: Path, setting: str) -> None:
    async with Stage(tmp_path, only=()) as stage:
        name = setting.lower()
        settings = stage.settings().model_copy(update={name: stage.shared.id})
        with pytest.raises(ConfigError, match=f"{setting}.*shared"):
            await start(settings, clock=stage.clock)


# ---- Customers' channels ------------------------------------------------------------------------------------


@pytest.mark.parametrize("what", ["archived", "removed"])
async def test_a_customers_channel_that_is_lost_is_told_once_with_the_way_out(room: Room, what: str) -> None:
    stage = room.office.stage
    await room.people.say(room.guest.id, room.channel.id, TWICE)
    await room.settled()
    if what == "archived":
        stage.slack.upkeep.archive(room.channel.id, stage.signe.id)
    else:
        stage.slack.upkeep.remove_bot(room.channel.id)
    await room.settled()
    told = [each.text for each in stage.cards() if room.channel.id in each.text]
    assert len(told) == 1
    assert "1 open case has" in told[0]
    assert ("Unarchive it" if what == "archived" else "/invite @Tillid") in told[0]


async def test_a_reply_into_an_archived_channel_fails_with_words_and_goes_after_retry(room: Room) -> None:
    stage = room.office.stage
    await room.people.say(room.guest.id, room.channel.id, TWICE)
    await room.settled()
    (message,) = await room.said()
    room.channel.is_archived = True
    card = await _card(room, message.conversation_id)
    await room.people.click(stage.freja.id, card.channel_id, card.ts, "card_send")
    await room.settled()
    rows = await room.office.rows(OutboxItem, col(OutboxItem.conversation_id) == message.conversation_id)
    (reply,) = [each for each in rows if each.kind == "slack_reply"]
    assert reply.state is OutboxState.FAILED
    assert "the channel is archived" in reply.error
    stage.slack.calls[:] = [each for each in stage.slack.calls if each.error != "is_archived"]
    room.channel.is_archived = False
    await room.people.click(stage.freja.id, card.channel_id, card.ts, "card_retry")
    await room.settled()
    assert len(stage.workspace.said_by_bot(room.channel.id)) == 1


async def _card(room: Room, case: int) -> Message:
    return await card_of(room.office, case)


async def test_a_customers_channel_with_a_new_id_is_listened_to_as_before(room: Room) -> None:
    stage = room.office.stage
    thread = await room.people.say(room.guest.id, room.channel.id, TWICE)
    await room.settled()
    old = room.channel.id
    new = stage.slack.upkeep.give_new_id(old)
    await room.settled()
    await room.people.say(room.guest.id, new, "Det haster lidt.", thread_ts=thread)
    await room.settled()
    assert [each.reply for each in await room.said()] == [TWICE, "Det haster lidt."]
    cases = await room.office.rows(Conversation, col(Conversation.slack_channel).in_((old, new)))
    assert [each.slack_channel for each in cases] == [new]
    await commit(stage.running.parts.engine, agents.unwatch, stage.workspace.team_id, new)
    await commit(stage.running.parts.engine, watch, stage, old)
