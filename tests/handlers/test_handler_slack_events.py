"""What is said in Slack: a customer's words become a row before they are acknowledged, everybody else's do not."""

import asyncio
import json
from collections.abc import AsyncIterator
from datetime import timedelta

import pytest
import pytest_asyncio
from case_scenes import Office
from sqlalchemy import text
from sqlmodel import Session, col

from bot.chat import is_message, parse_event
from bot.sandbox.records import Channel, Message
from bot.sandbox.socket_mode import Delivery
from bot.sandbox.stage import Stage
from storage import agents
from storage.engine import commit
from storage.tables import Customer, Direction, InboxItem, InboxState, Suggestion
from storage.tables import Message as Said

pytestmark = pytest.mark.asyncio(loop_scope="module")
TWICE = "Vi er blevet trukket 499 kr. to gange på ordre 10432. Kan I se på det?"


class Room:
    """A channel that we share with a customer, and that we listen to; one for each test."""

    def __init__(self, office: Office, channel: Channel) -> None:
        self.office = office
        self.channel = channel
        self.people = office.people
        self.guest = office.stage.guest

    async def stored(self) -> list[InboxItem]:
        """What we have stored of what was said here."""
        items = await self.office.rows(InboxItem, col(InboxItem.kind) == "slack")
        return [item for item in items if self.channel.id in (item.message_id or "")]

    async def said(self, direction: Direction = Direction.IN) -> list[Said]:
        """The messages of the conversations here."""
        return await self.office.rows(
            Said, col(Said.slack_channel) == self.channel.id, col(Said.direction) == direction
        )

    async def settled(self) -> None:
        """Everything said has been acknowledged, processed, and answered with what it leads to."""
        await self.office.stage.idle()

    def card(self, words: str) -> Message:
        return self.office.stage.card(words)

    def deliveries(self, ts: str) -> list[Delivery]:
        """Each time Slack handed this message over."""
        found = self.office.stage.slack.deliveries
        return [each for each in found if each.payload.get("event", {}).get("ts") == ts]


@pytest_asyncio.fixture(loop_scope="module")
async def room(office: Office) -> AsyncIterator[Room]:
    stage = office.stage
    number = len(stage.workspace.channels)
    channel = stage.workspace.add_channel(
        f"kunde-{number}", [stage.freja, stage.signe, stage.guest], is_ext_shared=True
    )
    await commit(stage.running.parts.engine, _watch, stage, channel.id)
    yield Room(office, channel)
    await commit(stage.running.parts.engine, agents.unwatch, stage.workspace.team_id, channel.id)


def _watch(session: Session, stage: Stage, channel_id: str) -> None:
    agents.watch(session, stage.workspace.team_id, channel_id, stage.clock())


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
    await commit(stage.running.parts.engine, _watch, stage, stage.triage.id)
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
    later = room.office.stage.slack.deliveries[began:]
    assert len(later) == 6
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


# ---- who is who ---------------------------------------------------------------------------------------------


async def test_somebody_of_another_workspace_is_a_customer(room: Room) -> None:
    await room.people.say(room.guest.id, room.channel.id, TWICE)
    await room.settled()
    (message,) = await room.said()
    assert message.customer_id is not None
    (customer,) = await room.office.rows(Customer, col(Customer.id) == message.customer_id)
    assert customer.preferred_name == "Tore"


async def test_a_customers_message_under_their_own_workspace_becomes_a_case_of_ours(room: Room) -> None:
    ts = await room.people.say(room.guest.id, room.channel.id, TWICE)
    await room.settled()
    ours, theirs = room.office.stage.workspace.team_id, room.guest.team_id
    assert [each.payload["team_id"] for each in room.deliveries(ts)] == [theirs]
    (item,) = await room.stored()
    assert (item.source, item.state) == (f"slack:{ours}", InboxState.DONE)
    assert item.message_id == f"{ours}:{room.channel.id}:{ts}"
    incoming = parse_event(json.loads(item.raw))
    assert (incoming.team, incoming.sender_team) == (ours, theirs)
    (message,) = await room.said()
    assert (message.team, message.sender_name) == (ours, "Tore Vik")
    assert "Tore Vik" in str(_card_of(room, message.conversation_id).blocks)


async def test_a_colleague_outside_the_triage_channel_is_nobody(room: Room) -> None:
    stage = room.office.stage
    olav = stage.workspace.add_user("olav", real_name="Olav Dal")
    room.channel.members.append(olav.id)
    await room.people.say(olav.id, room.channel.id, TWICE)
    await room.settled()
    (item,) = await room.stored()
    assert item.state is InboxState.DONE
    assert await room.said() == []


async def test_what_a_colleague_writes_in_the_thread_is_the_answer_and_withdraws_the_draft(
    room: Room,
) -> None:
    ts = await room.people.say(room.guest.id, room.channel.id, TWICE)
    await room.settled()
    (message,) = await room.said()
    await room.people.say(room.office.freja.id, room.channel.id, "Hej Tore, pengene er på vej.", thread_ts=ts)
    await room.settled()
    assert len(await room.said(Direction.IN)) == 1
    (answer,) = await room.said(Direction.OUT)
    assert answer.conversation_id == message.conversation_id
    (suggestion,) = await room.office.rows(
        Suggestion, col(Suggestion.conversation_id) == message.conversation_id
    )
    assert suggestion.state == "withdrawn"
    card = _card_of(room, message.conversation_id)
    assert "card_send" not in str(card.blocks)


def _card_of(room: Room, conversation_id: int) -> Message:
    value = f'"c": {conversation_id}, '
    found = [each for each in room.office.stage.cards() if value in str(each.blocks)]
    return found[-1] if found else room.office.stage.cards()[-1]


async def test_send_answers_in_the_customers_thread(room: Room) -> None:
    ts = await room.people.say(room.guest.id, room.channel.id, TWICE)
    await room.settled()
    (message,) = await room.said()
    card = _card_of(room, message.conversation_id)
    await room.people.click(room.office.freja.id, card.channel_id, card.ts, "card_send")
    await room.settled()
    question, answer = room.office.stage.workspace.thread(room.channel.id, ts)
    assert question.ts == ts
    assert answer.user_id == room.office.stage.workspace.bot.id
    assert "Freja" in str(answer.blocks)
    assert answer.metadata is not None
    assert set(answer.metadata["event_payload"]) == {"k"}


async def test_two_messages_of_one_thread_are_one_conversation(room: Room) -> None:
    ts = await room.people.say(room.guest.id, room.channel.id, TWICE)
    await room.people.say(room.guest.id, room.channel.id, "Det haster lidt.", thread_ts=ts)
    await room.settled()
    first, second = await room.said()
    assert first.conversation_id == second.conversation_id


async def test_many_at_once_are_each_stored_once(room: Room) -> None:
    said = [room.people.say(room.guest.id, room.channel.id, f"{TWICE} {number}") for number in range(10)]
    await asyncio.gather(*said)
    await room.settled()
    assert len(await room.stored()) == len(await room.said()) == 10


@pytest.mark.parametrize("event", [{}, {"type": "message"}, {"type": "message", "user": ""}])
async def test_an_event_without_an_author_is_no_message(event: dict[str, str]) -> None:
    assert not is_message(event)
