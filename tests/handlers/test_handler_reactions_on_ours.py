"""Reactions of colleagues on what we wrote ourselves in a customer's thread."""

import pytest
from shared_rooms import Room
from sqlmodel import col
from thread_scenes import TWICE

from storage.tables import Conversation, ConversationState

pytestmark = pytest.mark.asyncio(loop_scope="module")
CHECK = "white_check_mark"


async def test_a_check_mark_on_our_own_answer_in_the_customers_thread_solves_its_case(room: Room) -> None:
    ts = await room.people.say(room.guest.id, room.channel.id, TWICE)
    await room.settled()
    card = room.office.stage.cards()[-1]
    await room.people.click(room.office.freja.id, card.channel_id, card.ts, "card_send")
    await room.settled()
    _, ours = room.office.stage.workspace.thread(room.channel.id, ts)
    await room.people.react(room.office.freja.id, room.channel.id, ours.ts, CHECK)
    await room.settled()
    (message,) = await room.said()
    (case,) = await room.office.rows(Conversation, col(Conversation.id) == message.conversation_id)
    assert case.state is ConversationState.RESOLVED
