"""Assign, hand over, snooze, reopen and no request at all, as colleagues press them."""

from datetime import timedelta

import pytest
from case_scenes import Case, Office, conversation, suggestions
from sqlmodel import col

from bot.sandbox.records import User
from bot.sandbox.screens import elements
from storage.tables import Agent, CardState, ConversationState

pytestmark = pytest.mark.asyncio(loop_scope="module")


async def whose(case: Case) -> str:
    agent_id = (await conversation(case)).agent_id
    found = await case.office.rows(Agent, col(Agent.id) == agent_id)
    return found[0].slack_user_id if found else ""


async def menu(case: Case, user: User, option: str) -> None:
    await case.press(user, "card_case", option=option)


async def test_a_case_is_assigned_from_its_menu(office: Office) -> None:
    case = await office.case()
    await menu(case, office.nils, "assign")
    assert await whose(case) == office.nils.id
    assert f"With <@{office.nils.id}>" in str((await case.card()).blocks)
    await menu(case, office.nils, "assign")
    assert await office.told(office.nils) == ["You have this case already."]


async def test_a_hand_over_asks_once_for_a_note_and_brings_it_below_the_card(office: Office) -> None:
    case = await office.paid_twice()
    await case.press(office.freja, "card_send")
    await case.writes("Pengene er ikke kommet. Hvor er de?")
    view = await case.window(office.freja, "card_case", option="hand_over")
    result = await case.send_off(office.freja, view, {"colleague": office.nils.id})
    assert "Without a note" in str(result.payload)
    again = office.people.screen(office.freja.id)
    assert again is not None
    await case.send_off(office.freja, again, {"colleague": office.nils.id, "note": "Hun er ked af det."})
    assert await whose(case) == office.nils.id
    assert f"<@{office.nils.id}> Freja Holm hands this case over to you. Hun er ked af det." in [
        note.text for note in await case.notes()
    ]
    newest = (await suggestions(case))[-1]
    assert "Jeg hedder Nils og har overtaget din sag fra Freja" in newest.text


async def test_a_customer_cannot_be_handed_a_case(office: Office) -> None:
    case = await office.case()
    view = await case.window(office.freja, "card_case", option="hand_over")
    values = {"colleague": office.stage.guest.id, "note": "Værsgo"}
    result = await case.send_off(office.freja, view, values)
    assert "Pick a colleague" in str(result.payload)
    assert await whose(case) == ""


async def test_a_case_sleeps_until_its_time(office: Office) -> None:
    case = await office.case()
    view = await case.window(office.freja, "card_case", option="snooze")
    assert "The next working day, Tuesday 3 March at 09:00" in str(view.blocks)
    result = await case.send_off(office.freja, view, {"when": "own"})
    assert "Pick a time" in str(result.payload)
    shown = office.people.screen(office.freja.id)
    assert shown is not None
    at = int((office.stage.clock() + timedelta(hours=2)).timestamp())
    await case.send_off(office.freja, shown, {"when": "own", "own": at})
    assert (await conversation(case)).state is ConversationState.SNOOZED
    assert "Snoozed until" in str((await case.card()).blocks)
    await office.stage.move_clock(timedelta(hours=2, minutes=1))
    assert (await conversation(case)).state is ConversationState.OPEN
    assert f"<@{office.freja.id}> This case is back" in (await case.notes())[-1].text


async def test_a_solved_case_has_reopen_in_place_of_resolve(office: Office) -> None:
    case = await office.case()
    view = await case.window(office.freja, "card_more", option="resolve")
    await case.send_off(office.freja, view, {})
    buttons = await case.buttons()
    assert "card_reopen" in buttons
    assert "card_resolve" not in buttons
    await case.press(office.freja, "card_reopen")
    assert (await conversation(case)).state is ConversationState.OPEN
    assert "card_edit" in await case.buttons()


async def test_what_is_no_request_is_settled_with_one_choice(office: Office) -> None:
    case = await office.case()
    await case.press(office.freja, "card_more", option="not_a_request")
    (card,) = await suggestions(case)
    assert (card.state, card.not_a_request) == (CardState.DISMISSED, True)
    assert "Not a request, says" in str((await case.card()).blocks)


async def test_no_menu_holds_more_than_slack_shows(office: Office) -> None:
    case = await office.paid_twice()
    menus = [each for _, each in elements((await case.card()).blocks) if each.get("type") == "overflow"]
    assert len(menus) == 2
    assert all(len(each["options"]) <= 5 for each in menus)
