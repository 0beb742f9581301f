"""Undo on the real card, in the private answer to /tillid next, and after the Edit window."""

import asyncio
from collections.abc import AsyncIterator
from datetime import timedelta

import pytest
import pytest_asyncio
from case_scenes import Office, conversation, refunds, reply_field, reply_text, suggestions, text_of

from bot.sandbox.stage import Stage
from storage.tables import CardState

pytestmark = pytest.mark.asyncio(loop_scope="module")
WAIT = timedelta(seconds=16)


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def stage(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Stage]:
    async with Stage(tmp_path_factory.mktemp("stage"), undo_seconds=15) as opened:
        yield opened


async def test_a_press_on_undo_brings_the_draft_back_and_no_money_is_spoken_of(office: Office) -> None:
    case = await office.paid_twice()
    await case.press(office.freja, "card_send")
    card = await case.card()
    assert "Press Undo to take it back" in card.text
    assert "card_undo" in await case.buttons()
    assert case.mails() == []
    assert await case.notes() == []
    await case.press(office.freja, "card_undo")
    assert "card_send" in await case.buttons()
    assert await refunds(case) == []
    await office.stage.move_clock(WAIT)
    assert case.mails() == []
    assert (await conversation(case)).agent_id is None


async def test_without_undo_it_goes_and_the_card_says_when(office: Office) -> None:
    case = await office.paid_twice()
    await case.press(office.freja, "card_send")
    await office.stage.move_clock(WAIT)
    (mail,) = case.mails()
    assert "499" in text_of(mail)
    card = await case.card()
    assert "✓ Delivered to the mail server" in str(card.blocks)
    assert "card_undo" not in await case.buttons()
    assert len(await case.notes()) == 1


async def test_of_two_who_press_undo_one_is_told_that_it_was_done(office: Office) -> None:
    case = await office.paid_twice()
    await case.press(office.freja, "card_send")
    card = await case.card()
    presses = [
        office.people.click(each.id, card.channel_id, card.ts, "card_undo")
        for each in (office.freja, office.nils)
    ]
    await asyncio.gather(*presses)
    await office.stage.idle()
    (refused,) = await office.told(office.freja, office.nils)
    assert refused == "This reply was taken back before."


async def test_an_edited_text_stands_in_the_window_again(office: Office) -> None:
    case = await office.paid_twice()
    view = await case.window(office.freja, "card_edit")
    text = reply_text(view).replace("Freja", "Freja Holm")
    await case.send_off(office.freja, view, {reply_field(view): text})
    await case.press(office.freja, "card_undo")
    again = await case.window(office.freja, "card_edit")
    assert reply_text(again) == text
    (first, second) = await suggestions(case)
    assert (first.state, second.state) == (CardState.WITHDRAWN, CardState.NEW)
