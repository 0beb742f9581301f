"""Figures asked for in plain words: alone with the program, or where it is mentioned."""

import pytest
from case_scenes import Office
from shared_rooms import Room
from sqlmodel import col
from thread_scenes import TWICE, Hall

from bot.handlers.slack_questions import NOT_HERE
from bot.sandbox.records import Message, User
from storage.tables import Direction, OutboxItem, Suggestion

pytestmark = pytest.mark.asyncio(loop_scope="module")


@pytest.fixture
def hall(office: Office) -> Hall:
    return Hall(office)


async def ask(office: Office, user: User, words: str) -> list[Message]:
    """Somebody writes to the program alone; what it has said there."""
    channel = office.stage.workspace.direct_message(user.id)
    await office.people.say(user.id, channel.id, words)
    await office.stage.idle()
    return office.stage.workspace.said_by_bot(channel.id)


def mention(office: Office, words: str) -> str:
    return f"<@{office.stage.workspace.bot.id}> {words}"


async def test_a_colleague_asks_alone_and_is_answered_as_by_the_command(office: Office) -> None:
    case = await office.case()
    await case.press(office.freja, "card_send")
    (answer,) = await ask(office, office.freja, "How many suggestions today?")
    by_command = await office.command(office.freja, "stats suggestions today")
    assert "Support today" in answer.text and answer.text in by_command
    assert "sent as they were" in str(answer.blocks)


async def test_a_question_that_is_not_understood_gets_the_nearest(office: Office) -> None:
    (answer,) = await ask(office, office.nils, "refnds week <!channel>")
    assert "refunds this week" in answer.text and "/tillid help" in answer.text
    assert "<!channel>" not in f"{answer.text}{answer.blocks}"


@pytest.mark.parametrize("words", ["", "x" * 9000, "\u202e|> <!here>", "🔥🔥🔥"])
async def test_whatever_is_written_the_answer_is_legal(office: Office, words: str) -> None:
    assert await ask(office, office.stage.signe, words or " ")


async def test_outsiders_and_others_who_write_alone_hear_nothing(office: Office) -> None:
    olav = office.stage.workspace.add_user("olav", real_name="Olav Dal")
    for user in (office.stage.guest, olav):
        assert await ask(office, user, "refunds this week") == []


async def test_a_mention_among_ourselves_is_answered_in_its_thread(hall: Hall) -> None:
    office = hall.office
    ts = await hall.people.say(office.freja.id, hall.channel.id, mention(office, "conversations this week?"))
    await office.stage.idle()
    (question, answer) = office.stage.workspace.thread(hall.channel.id, ts)
    assert question.ts == ts and "Support this week" in answer.text and "Conversations" in answer.text


async def test_an_event_that_comes_twice_is_answered_once(hall: Hall) -> None:
    office = hall.office
    ts = await hall.people.say(office.freja.id, hall.channel.id, mention(office, "refunds"))
    await office.stage.idle()
    await office.heard_again("app_mention", 1)
    assert len(office.stage.workspace.thread(hall.channel.id, ts)) == 2


async def test_where_customers_read_a_colleague_alone_is_told_and_no_figure_is_said(room: Room) -> None:
    office = room.office
    ts = await room.people.say(office.freja.id, room.channel.id, mention(office, "refunds this week"))
    await room.settled()
    assert await office.told(office.freja) == [NOT_HERE]
    assert len(office.stage.workspace.thread(room.channel.id, ts)) == 1
    assert await office.rows(OutboxItem, col(OutboxItem.key).contains(room.channel.id)) == []


async def test_a_question_to_the_program_in_a_customers_thread_is_no_answer_to_the_customer(
    room: Room,
) -> None:
    office = room.office
    ts = await room.people.say(room.guest.id, room.channel.id, TWICE)
    await room.settled()
    await room.people.say(office.freja.id, room.channel.id, mention(office, "refunds"), thread_ts=ts)
    await room.settled()
    assert await room.said(Direction.OUT) == []
    (message,) = await room.said()
    (draft,) = await office.rows(Suggestion, col(Suggestion.conversation_id) == message.conversation_id)
    assert draft.state == "new"


async def test_outsiders_who_mention_it_are_customers_and_hear_nothing_of_ours(room: Room) -> None:
    office = room.office
    ts = await room.people.say(room.guest.id, room.channel.id, mention(office, "refunds this week"))
    await room.settled()
    assert len(office.stage.workspace.thread(room.channel.id, ts)) == 1
    assert office.stage.workspace.ephemerals == []
    assert len(await room.stored()) == 1


async def test_people_of_ours_who_are_no_colleagues_hear_nothing(hall: Hall) -> None:
    ts = await hall.asks(mention(hall.office, "refunds this week"))
    assert len(hall.office.stage.workspace.thread(hall.channel.id, ts)) == 1
    assert hall.office.stage.workspace.ephemerals == []
