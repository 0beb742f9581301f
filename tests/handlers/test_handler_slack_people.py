"""Who is who in Slack: a customer of another workspace, a colleague, and what each of their words leads to."""

import json

import pytest
from shared_rooms import TWICE, Room
from sqlmodel import col

from bot.chat import parse_event
from bot.sandbox.records import Message
from storage.tables import Customer, Direction, InboxState, Suggestion

pytestmark = pytest.mark.asyncio(loop_scope="module")


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
