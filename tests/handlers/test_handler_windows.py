"""The windows of Follow Up, Resolve, Dismiss and Correct the Reading, from the press to the card."""

from datetime import timedelta

import pytest
from case_scenes import (
    BROKEN,
    UNKIND,
    Office,
    conversation,
    follow_ups,
    suggestions,
)
from sqlmodel import col

from bot.sandbox.screens import elements
from storage.tables import (
    AuditEvent,
    ConversationState,
    FollowUpState,
)

pytestmark = pytest.mark.asyncio(loop_scope="module")


# ---- Follow Up, Resolve -------------------------------------------------------------------------------------


async def test_a_follow_up_is_seen_approved_set_and_sent_when_its_time_has_come(office: Office) -> None:
    case = await office.case()
    await case.press(office.freja, "card_send")
    view = await case.window(office.freja, "card_follow_up")
    text = str(view.values["text"]["text"]["value"])
    due = int(view.values["due"]["due"]["selected_date_time"])
    assert "Freja" in text
    assert (await case.send_off(office.freja, view)).errors == {}
    (planned,) = await follow_ups(case)
    assert (planned.state, planned.text) == (FollowUpState.SCHEDULED, text.strip())
    assert planned.due_at.timestamp() == due
    assert "cancel_follow_up" in str((await case.card()).blocks)


async def test_a_follow_up_in_the_past_is_refused(office: Office) -> None:
    case = await office.case()
    view = await case.window(office.freja, "card_follow_up")
    past = int((office.stage.clock() - timedelta(hours=1)).timestamp())
    errors = (await case.send_off(office.freja, view, {"due": past})).errors
    assert errors == {"text": "Pick a time in the future."}
    assert await follow_ups(case) == []


async def test_distrust_in_a_follow_up_is_shown_once(office: Office) -> None:
    case = await office.case(BROKEN)
    view = await case.window(office.freja, "card_follow_up")
    await case.send_off(office.freja, view, {"text": UNKIND})
    assert await follow_ups(case) == []
    shown = office.people.screen(office.freja.id)
    assert shown is not None
    assert "Kinder:" in str(shown.blocks)
    await case.send_off(office.freja, shown, {"text": UNKIND})
    assert [each.text for each in await follow_ups(case)] == [UNKIND]


async def test_a_follow_up_can_be_taken_back(office: Office) -> None:
    case = await office.case()
    await case.send_off(office.freja, await case.window(office.freja, "card_follow_up"))
    await case.press(office.nils, "card_more", option="cancel_follow_up")
    assert [each.state for each in await follow_ups(case)] == [FollowUpState.CANCELLED]
    assert "cancel_follow_up" not in str((await case.card()).blocks)


async def test_resolve_closes_the_case_and_sets_the_follow_up(office: Office) -> None:
    case = await office.case()
    await case.press(office.freja, "card_send")
    view = await case.window(office.freja, "card_resolve")
    await case.send_off(office.freja, view)
    assert (await conversation(case)).state is ConversationState.RESOLVED
    assert [each.state for each in await follow_ups(case)] == [FollowUpState.SCHEDULED]


async def test_resolve_without_a_follow_up_closes_the_case_alone(office: Office) -> None:
    case = await office.case()
    view = await case.window(office.freja, "card_more", option="resolve")
    await case.send_off(office.freja, view, {"skip": ["skip"]})
    assert (await conversation(case)).state is ConversationState.RESOLVED
    assert await follow_ups(case) == []
    assert case.mails() == []
    assert "card_send" not in await case.buttons()


# ---- Dismiss, Correct the Reading ----------------------------------------------------------------------------


async def test_dismiss_puts_the_draft_aside_with_its_reason(office: Office) -> None:
    case = await office.case()
    view = await case.window(office.freja, "card_dismiss")
    await case.send_off(office.freja, view, {"reason": "Klaret i telefonen"})
    last = (await suggestions(case))[-1]
    assert (last.state, last.dismiss_reason) == ("dismissed", "Klaret i telefonen")
    assert "card_send" not in await case.buttons()
    assert (await conversation(case)).state is ConversationState.OPEN


async def test_dismiss_without_a_reason_is_fine(office: Office) -> None:
    case = await office.case()
    await case.send_off(office.freja, await case.window(office.freja, "card_dismiss"))
    assert (await suggestions(case))[-1].state == "dismissed"


async def test_dismiss_after_somebody_sent_it_says_so(office: Office) -> None:
    case = await office.case()
    view = await case.window(office.freja, "card_dismiss")
    await case.press(office.nils, "card_send")
    await case.send_off(office.freja, view)
    shown = office.people.screen(office.freja.id)
    assert shown is not None
    assert "Nils Berg sent this reply." in str(shown.blocks)
    assert len(case.mails()) == 1


async def test_a_corrected_intent_makes_the_draft_anew(office: Office) -> None:
    case = await office.case("Kan I skrive til mig om ordre {order}?")
    before = (await suggestions(case))[-1]
    view = await case.window(office.freja, "card_more", option="correct_intent")
    await case.send_off(office.freja, view, {"intent": "late_delivery"})

    async def anew() -> bool:
        return len(await suggestions(case)) == 2

    await office.stage.until(anew)
    await office.stage.idle()
    after = (await suggestions(case))[-1]
    assert (after.intent, after.version) == ("late_delivery", before.version + 1)
    assert after.text != before.text
    (event,) = await office.rows(
        AuditEvent, col(AuditEvent.conversation_id) == case.id, col(AuditEvent.action) == "intent_corrected"
    )
    assert event.details["after"] == "late_delivery"
    await case.press(office.freja, "card_send")
    assert len(case.mails()) == 1


async def test_every_window_names_its_buttons_and_fields_once(office: Office) -> None:
    case = await office.case(BROKEN, captures=(89_900,))
    for action in ("card_edit", "card_refund", "card_follow_up", "card_dismiss"):
        view = await case.window(office.freja, action)
        names = [(block["block_id"], element.get("action_id")) for block, element in elements(view.blocks)]
        assert names
        assert len(names) == len(set(names))
        await office.people.close_view(office.freja.id, view.id)
