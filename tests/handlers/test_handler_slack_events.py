"""What is said in Slack: a customer's words become a row before they are acknowledged, everybody else's do not."""

import asyncio
from datetime import timedelta

import pytest
from shared_rooms import TWICE, Room, watch
from sqlalchemy import text
from sqlmodel import Session

from bot.chat import is_message
from storage.engine import commit
from storage.tables import InboxItem, InboxState

pytestmark = pytest.mark.asyncio(loop_scope="module")


# ---- stored, then acknowledged ------------------------------------------------------------------------------


async def test_a_customers_message_is_stored_before_it_is_acknowledged(room: Room) -> None:
    async with room.office.stage.running.quiet():
        ts = await room.people.say(room.guest.id, room.channel.id, TWICE)
        await room.office.stage.slack.wait_until_idle()
        (item,) = await room.stored()
        assert item.state is InboxState.NEW
        assert [each.acknowledged for each in room.deliveries(ts)] == [True]
    room.office.stage.running.parts.arrived.set()
    await room.settled()
    (message,) = await room.said()
    assert (message.sender_name, message.reply) == ("Tore Vik", TWICE)
    assert "charged twice" in room.card("Tore Vik").text


async def test_what_cannot_be_stored_is_not_acknowledged_and_comes_again(room: Room) -> None:
    slack = room.office.stage.slack
    before = slack.socket_mode.redelivery_delays, slack.socket_mode.ack_deadline
    slack.socket_mode.redelivery_delays = (timedelta(seconds=0.1),) * 3
    slack.socket_mode.ack_deadline = timedelta(seconds=0.5)
    engine = room.office.stage.running.parts.engine
    await commit(engine, _refuse_to_store)
    try:
        ts = await room.people.say(room.guest.id, room.channel.id, TWICE)
        await slack.wait_for(lambda _: len(room.deliveries(ts)) >= 2)
    finally:
        await commit(engine, _store_again)
        await slack.wait_until_idle(10)
        slack.socket_mode.redelivery_delays, slack.socket_mode.ack_deadline = before
    handed_over = room.deliveries(ts)
    assert not handed_over[0].acknowledged
    assert handed_over[-1].acknowledged
    assert len(await room.stored()) == 1
    for each in handed_over[:-1]:
        slack.deliveries.remove(each)


def _refuse_to_store(session: Session) -> None:
    session.execute(
        text("CREATE TRIGGER full BEFORE INSERT ON inbox BEGIN SELECT RAISE(ABORT, 'disk full'); END")
    )


def _store_again(session: Session) -> None:
    session.execute(text("DROP TRIGGER full"))


async def test_a_second_delivery_of_an_event_is_nothing_new(room: Room) -> None:
    ts = await room.people.say(room.guest.id, room.channel.id, TWICE)
    await room.settled()
    (first,) = room.deliveries(ts)
    again = await room.office.stage.slack.socket_mode.deliver("events_api", first.payload, attempt=1)
    await room.settled()
    assert again.acknowledged
    assert len(await room.stored()) == 1
    assert len(await room.said()) == 1


async def test_a_mention_and_its_twin_are_one_message(room: Room) -> None:
    bot = room.office.stage.workspace.bot.id
    ts = await room.people.say(room.guest.id, room.channel.id, f"<@{bot}> {TWICE}")
    await room.settled()
    assert sorted(each.payload["event"]["type"] for each in room.deliveries(ts)) == ["app_mention", "message"]
    assert all(each.acknowledged for each in room.deliveries(ts))
    assert len(await room.stored()) == 1
    (message,) = await room.said()
    assert message.reply == TWICE


async def test_a_file_with_words_is_a_message(room: Room) -> None:
    await room.people.say(room.guest.id, room.channel.id, TWICE, files=[("kvittering.pdf", b"%PDF-")])
    await room.settled()
    (message,) = await room.said()
    assert [each["name"] for each in message.attachments] == ["kvittering.pdf"]


# ---- acknowledged, and not stored ---------------------------------------------------------------------------


async def test_a_channel_that_nobody_chose_is_not_listened_to(room: Room) -> None:
    stage = room.office.stage
    other = stage.workspace.add_channel("andet", [stage.freja, stage.guest], is_ext_shared=True)
    ts = await room.people.say(room.guest.id, other.id, TWICE)
    await room.settled()
    assert [each.acknowledged for each in room.deliveries(ts)] == [True]
    assert [item for item in await room.office.rows(InboxItem) if other.id in (item.message_id or "")] == []


async def test_the_triage_channel_is_never_a_customers(room: Room) -> None:
    stage = room.office.stage
    await commit(stage.running.parts.engine, watch, stage, stage.triage.id)
    ts = await room.people.say(stage.freja.id, stage.triage.id, TWICE)
    await room.settled()
    assert [each.acknowledged for each in room.deliveries(ts)] == [True]
    triage = stage.triage.id
    assert [item for item in await room.office.rows(InboxItem) if triage in (item.message_id or "")] == []


async def test_edits_deletions_joins_and_reactions_are_acknowledged_and_not_stored(room: Room) -> None:
    ts = await room.people.say(room.guest.id, room.channel.id, TWICE)
    await room.settled()
    began = len(room.office.stage.slack.deliveries)
    await room.people.edit_message(room.guest.id, room.channel.id, ts, "noget andet")
    await room.people.react(room.guest.id, room.channel.id, ts, "eyes")
    await room.people.join(room.office.nils.id, room.channel.id)
    await room.people.delete_message(room.guest.id, room.channel.id, ts)
    room.office.stage.slack.emit({"type": "channel_archive", "channel": room.channel.id}, room.channel)
    room.office.stage.slack.emit({"type": "something_slack_invents_tomorrow"})
    await room.settled()
    triage = room.office.stage.triage.id
    later = room.office.stage.slack.deliveries[began:]
    # Colleagues are told of the channel that is lost; that message is our own.
    assert len([each for each in later if each.payload["event"].get("channel") != triage]) == 6
    assert all(each.acknowledged for each in later)
    assert len(await room.stored()) == 1


async def test_a_bot_is_no_customer(room: Room) -> None:
    event = {
        "type": "message",
        "subtype": "bot_message",
        "bot_id": "B0SOMEBODY",
        "text": TWICE,
        "channel": room.channel.id,
        "ts": room.office.stage.workspace.new_ts(),
    }
    room.office.stage.slack.emit(event, room.channel)
    room.office.stage.slack.emit(
        {**event, "subtype": None, "user": "U0ROBOT", "ts": room.office.stage.workspace.new_ts()},
        room.channel,
    )
    await room.settled()
    assert await room.stored() == []


async def test_many_at_once_are_each_stored_once(room: Room) -> None:
    said = [room.people.say(room.guest.id, room.channel.id, f"{TWICE} {number}") for number in range(10)]
    await asyncio.gather(*said)
    await room.settled()
    assert len(await room.stored()) == len(await room.said()) == 10


@pytest.mark.parametrize("event", [{}, {"type": "message"}, {"type": "message", "user": ""}])
async def test_an_event_without_an_author_is_no_message(event: dict[str, str]) -> None:
    assert not is_message(event)
