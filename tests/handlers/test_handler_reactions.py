"""Reactions: eyes is mine, a white check mark is solved, a ticket is track; by colleagues only, and once."""

import pytest
from case_scenes import Case, Office
from shared_rooms import Room
from sqlalchemy import text
from sqlmodel import Session, col
from thread_scenes import TWICE, Hall, card_of

from bot.sandbox.records import User
from bot.sandbox.socket_mode import Delivery
from storage.engine import commit
from storage.tables import (
    AuditEvent,
    CardState,
    Conversation,
    ConversationState,
    FollowUp,
    FollowUpState,
    Suggestion,
)

pytestmark = pytest.mark.asyncio(loop_scope="module")
EYES, CHECK, TICKET = "eyes", "white_check_mark", "ticket"


@pytest.fixture
def hall(office: Office) -> Hall:
    return Hall(office)


async def react(case: Case, user: User, name: str, *, remove: bool = False) -> None:
    """On the card of a case; all it led to is done on return."""
    card = await case.card()
    await case.office.people.react(user.id, card.channel_id, card.ts, name, remove=remove)
    await case.office.stage.idle()


async def row(case: Case) -> Conversation:
    (found,) = await case.office.rows(Conversation, col(Conversation.id) == case.id)
    return found


def last(office: Office, kind: str) -> Delivery:
    """The newest event of that kind, as Slack handed it over."""
    found = [
        each for each in office.stage.slack.deliveries if each.payload.get("event", {}).get("type") == kind
    ]
    return found[-1]


async def again(office: Office, kind: str = "reaction_added") -> None:
    """The newest event of that kind comes once more."""
    sent = await office.stage.slack.socket_mode.deliver("events_api", last(office, kind).payload, attempt=1)
    assert sent.acknowledged
    await office.stage.idle()


async def agent_id(office: Office, user: User) -> int | None:
    from storage import agents

    found = await office.read(lambda session: agents.by_slack_id(session, user.id))
    return found.id if found else None


# ---- eyes ---------------------------------------------------------------------------------------------------


async def test_eyes_make_a_case_mine_and_show_it(office: Office) -> None:
    case = await office.case()
    await react(case, office.freja, EYES)
    assert (await row(case)).agent_id == await agent_id(office, office.freja)
    await again(office)
    events = await office.rows(AuditEvent, col(AuditEvent.conversation_id) == case.id)
    assert [each.action for each in events].count("case_taken") == 1


async def test_the_second_to_look_is_told_who_has_it(office: Office) -> None:
    case = await office.case()
    await react(case, office.freja, EYES)
    await react(case, office.nils, EYES)
    assert (await row(case)).agent_id == await agent_id(office, office.freja)
    assert await office.told(office.nils) == ["Freja Holm has this case."]


async def test_eyes_taken_away_give_the_case_back(office: Office) -> None:
    case = await office.case()
    await react(case, office.freja, EYES)
    await react(case, office.freja, EYES, remove=True)
    assert (await row(case)).agent_id is None
    # The first event comes late once more: it was heard, and does not take the case again.
    await office.heard_again("reaction_added", 2)
    assert (await row(case)).agent_id is None


async def test_eyes_taken_away_after_an_answer_leave_the_case_where_it_is(office: Office) -> None:
    case = await office.case()
    await react(case, office.freja, EYES)
    await case.press(office.freja, "card_send")
    await react(case, office.freja, EYES, remove=True)
    assert (await row(case)).agent_id == await agent_id(office, office.freja)


async def test_eyes_taken_away_do_not_undo_what_was_taken_otherwise(office: Office) -> None:
    case = await office.case()
    await office.command(office.freja, "next")
    await commit(office.stage.running.parts.engine, _give, case.id, await agent_id(office, office.freja))
    await react(case, office.freja, EYES)
    await react(case, office.freja, EYES, remove=True)
    assert (await row(case)).agent_id == await agent_id(office, office.freja)


def _give(session: Session, case: int, agent: int | None) -> None:
    session.execute(text("UPDATE conversations SET agent_id = :a WHERE id = :c"), {"a": agent, "c": case})


# ---- a check mark -------------------------------------------------------------------------------------------


async def test_a_check_mark_solves_a_case_and_keeps_its_follow_up_as_proposed(office: Office) -> None:
    case = await office.paid_twice()
    await case.press(office.freja, "card_send")
    await react(case, office.freja, CHECK)
    assert (await row(case)).state is ConversationState.RESOLVED
    (follow_up,) = await office.rows(FollowUp, col(FollowUp.conversation_id) == case.id)
    assert (follow_up.state, follow_up.text) == (FollowUpState.PROPOSED, "")
    told = [each.text for each in await case.notes() if "only proposed" in each.text]
    assert len(told) == 1 and f"<@{office.freja.id}>" in told[0]
    await again(office)
    assert len(await office.rows(FollowUp, col(FollowUp.conversation_id) == case.id)) == 1


async def test_setting_the_proposed_follow_up_takes_its_place(office: Office) -> None:
    case = await office.paid_twice()
    await case.press(office.freja, "card_send")
    await react(case, office.freja, CHECK)
    await case.send_off(office.freja, await case.window(office.freja, "card_follow_up"))
    (follow_up,) = await office.rows(FollowUp, col(FollowUp.conversation_id) == case.id)
    assert follow_up.state is FollowUpState.SCHEDULED


async def test_a_check_mark_that_comes_late_once_more_does_not_solve_what_was_opened_again(
    office: Office,
) -> None:
    case = await office.case()
    await react(case, office.freja, CHECK)
    await case.writes("Det er sket igen, nu med ordre 10999. Kan I se på det?")
    assert (await row(case)).state is ConversationState.OPEN
    await again(office)
    assert (await row(case)).state is ConversationState.OPEN


async def test_a_check_mark_taken_away_opens_nothing(office: Office) -> None:
    case = await office.case()
    await react(case, office.freja, CHECK)
    await react(case, office.freja, CHECK, remove=True)
    assert (await row(case)).state is ConversationState.RESOLVED


async def test_a_check_mark_in_the_customers_thread_solves_its_case(room: Room) -> None:
    ts = await room.people.say(room.guest.id, room.channel.id, TWICE)
    await room.settled()
    (message,) = await room.said()
    await room.people.react(room.office.freja.id, room.channel.id, ts, CHECK)
    await room.settled()
    (case,) = await room.office.rows(Conversation, col(Conversation.id) == message.conversation_id)
    (draft,) = await room.office.rows(Suggestion, col(Suggestion.conversation_id) == case.id)
    assert (case.state, draft.state) == (ConversationState.RESOLVED, CardState.WITHDRAWN)
    assert len(room.office.stage.workspace.thread(room.channel.id, ts)) == 1


async def test_what_cannot_be_written_down_is_not_acknowledged(office: Office) -> None:
    case = await office.case()
    engine = office.stage.running.parts.engine
    card = await case.card()
    office.stage.slack.socket_mode.redelivery_delays = ()
    deadline = office.stage.slack.socket_mode.ack_deadline
    office.stage.slack.socket_mode.ack_deadline = deadline / 6
    await commit(engine, _refuse_changes)
    try:
        await office.people.react(office.freja.id, card.channel_id, card.ts, CHECK)
        await office.stage.slack.wait_until_idle()
    finally:
        await commit(engine, _take_changes)
        office.stage.slack.socket_mode.ack_deadline = deadline
    lost = last(office, "reaction_added")
    assert not lost.acknowledged
    await again(office)
    assert (await row(case)).state is ConversationState.RESOLVED
    office.stage.slack.deliveries.remove(lost)


def _refuse_changes(session: Session) -> None:
    session.execute(
        text("CREATE TRIGGER full BEFORE UPDATE ON conversations BEGIN SELECT RAISE(ABORT, 'full'); END")
    )


def _take_changes(session: Session) -> None:
    session.execute(text("DROP TRIGGER full"))


# ---- a ticket -----------------------------------------------------------------------------------------------


async def test_a_ticket_tracks_a_thread_that_nobody_watches(hall: Hall) -> None:
    ts = await hall.asks()
    reply = await hall.asks("Det haster lidt.", thread_ts=ts)
    await hall.people.react(hall.office.freja.id, hall.channel.id, reply, TICKET)
    await hall.office.stage.idle()
    (case,) = await hall.cases()
    assert case.thread_ts == ts and await hall.heard() == [TWICE, "Det haster lidt."]
    assert "Olav Dal" in (await card_of(hall.office, case.id or 0)).text
    await again(hall.office)
    assert len(await hall.cases()) == 1 and len(await hall.heard()) == 2


async def test_a_ticket_in_the_triage_channel_is_nothing(office: Office) -> None:
    before = len(await office.rows(Conversation))
    ts = await office.people.say(office.freja.id, office.stage.triage.id, TWICE)
    await office.people.react(office.freja.id, office.stage.triage.id, ts, TICKET)
    await office.stage.idle()
    assert len(await office.rows(Conversation)) == before


# ---- who and where ------------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", [EYES, CHECK, TICKET])
async def test_reactions_of_outsiders_say_nothing(room: Room, name: str) -> None:
    ts = await room.people.say(room.guest.id, room.channel.id, TWICE)
    await room.settled()
    (message,) = await room.said()
    await room.people.react(room.guest.id, room.channel.id, ts, name)
    await room.settled()
    (case,) = await room.office.rows(Conversation, col(Conversation.id) == message.conversation_id)
    assert (case.state, case.agent_id) == (ConversationState.OPEN, None)
    assert room.office.stage.workspace.ephemerals == []


@pytest.mark.parametrize("name", [EYES, CHECK, TICKET])
async def test_reactions_of_people_who_are_no_colleagues_say_nothing(hall: Hall, name: str) -> None:
    ts = await hall.asks()
    await hall.people.react(hall.olav.id, hall.channel.id, ts, name)
    await hall.office.stage.idle()
    assert await hall.cases() == []


@pytest.mark.parametrize("name", [EYES, CHECK])
async def test_reactions_on_messages_that_are_no_case_say_nothing(hall: Hall, name: str) -> None:
    ts = await hall.asks()
    triage = hall.office.stage.triage
    note = await hall.people.say(hall.office.freja.id, triage.id, "Frokost?")
    before = await hall.office.rows(AuditEvent)
    await hall.people.react(hall.office.freja.id, hall.channel.id, ts, name)
    await hall.people.react(hall.office.freja.id, triage.id, note, name)
    await hall.office.stage.idle()
    assert len(await hall.office.rows(AuditEvent)) == len(before)
    assert hall.office.stage.workspace.ephemerals == []


@pytest.mark.parametrize(
    "event",
    [
        {"item": {"type": "file", "file": "F1"}},
        {"item": {}},
        {"item": {"type": "message", "channel": "C1", "ts": "1.1"}, "user": ""},
        {"item": {"type": "message", "channel": "C1", "ts": "1.1"}, "user": "U0STRANGER"},
        {"reaction": "tada"},
    ],
)
async def test_strange_reactions_are_acknowledged_and_nothing_else(
    office: Office, event: dict[str, object]
) -> None:
    whole = {"type": "reaction_added", "reaction": EYES, "user": office.freja.id, "item": {}, **event}
    office.stage.slack.emit(whole)
    await office.stage.idle()
    assert last(office, "reaction_added").acknowledged
