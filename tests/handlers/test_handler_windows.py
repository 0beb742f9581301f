"""Every window, from the press that opens it to the mail, the money and the card."""

from datetime import timedelta

import pytest
from case_scenes import BROKEN, Case, Office, reply_field, reply_text, text_of
from sqlmodel import col

from bot.sandbox.records import View
from bot.sandbox.screens import ImpossibleInSlack, elements
from storage.tables import (
    AuditEvent,
    Conversation,
    ConversationState,
    FollowUp,
    FollowUpState,
    Refund,
    RefundState,
    Suggestion,
)

pytestmark = pytest.mark.asyncio(loop_scope="module")
UNKIND = "Send et billede som bevis."


async def conversation(case: Case) -> Conversation:
    (found,) = await case.office.rows(Conversation, col(Conversation.id) == case.id)
    return found


async def suggestions(case: Case) -> list[Suggestion]:
    return await case.office.rows(Suggestion, col(Suggestion.conversation_id) == case.id)


async def follow_ups(case: Case) -> list[FollowUp]:
    return await case.office.rows(FollowUp, col(FollowUp.conversation_id) == case.id)


async def refunds(case: Case) -> list[Refund]:
    return await case.office.rows(Refund, col(Refund.conversation_id) == case.id)


async def send_reply(case: Case, view: View, text: str, user: str = "freja") -> dict[str, str]:
    """Write this into the reply window and send it off; the program's objections."""
    who = getattr(case.office, user)
    return (await case.send_off(who, view, {reply_field(view): text})).errors


# ---- Edit ---------------------------------------------------------------------------------------------------


async def test_edit_shows_the_draft_signed_and_sends_what_was_typed(office: Office) -> None:
    case = await office.case()
    view = await case.window(office.freja, "card_edit")
    draft = reply_text(view)
    assert draft.startswith("Hej Mette") and draft.rstrip().endswith("Freja")
    assert await send_reply(case, view, draft + "\n\nJeg ringer også.") == {}
    (mail,) = case.mails()
    assert text_of(mail).rstrip().endswith("Jeg ringer også.")
    assert office.people.screen(office.freja.id) is None
    assert (await suggestions(case))[-1].final_text is not None


async def test_a_draft_that_was_not_changed_counts_as_sent_as_it_was(office: Office) -> None:
    case = await office.case()
    view = await case.window(office.freja, "card_edit")
    await send_reply(case, view, reply_text(view))
    assert len(case.mails()) == 1
    assert (await suggestions(case))[-1].final_text is None


async def test_distrust_is_shown_once_with_kinder_words_that_can_be_taken(office: Office) -> None:
    case = await office.case(BROKEN)
    view = await case.window(office.freja, "card_edit")
    typed = f"Hej Mette\n\n{UNKIND}\n\nJeg skriver til dig igen i morgen.\n\nFreja"
    await send_reply(case, view, typed)
    assert case.mails() == []
    shown = office.people.screen(office.freja.id)
    assert shown is not None
    assert "Kinder wording" in str(shown.payload["title"])
    assert reply_text(shown) == typed
    await office.people.click_view(office.freja.id, shown.id, "use_kinder", value="0")

    def changed(_: object) -> View | None:
        now = office.people.screen(office.freja.id)
        return now if now is not None and reply_text(now) != typed else None

    kinder = await office.stage.slack.wait_for(changed)
    assert kinder is not None
    assert UNKIND not in reply_text(kinder)
    assert "Jeg skriver til dig igen i morgen." in reply_text(kinder)
    await send_reply(case, kinder, reply_text(kinder))
    (mail,) = case.mails()
    assert text_of(mail).replace("\r\n", "\n").strip() == reply_text(kinder).strip()
    last = (await suggestions(case))[-1]
    assert (last.findings_sent, last.findings_caught) == (0, 1)


async def test_send_anyway_sends_the_words_as_they_are(office: Office) -> None:
    case = await office.case(BROKEN)
    view = await case.window(office.freja, "card_edit")
    typed = f"Hej Mette\n\n{UNKIND}\n\nFreja"
    await send_reply(case, view, typed)
    shown = office.people.screen(office.freja.id)
    assert shown is not None
    assert shown.payload["submit"]["text"] == "Send Anyway"
    await send_reply(case, shown, typed)
    assert UNKIND in text_of(case.mails()[0])
    assert (await suggestions(case))[-1].findings_sent == 1


async def test_an_amount_that_is_not_the_refund_is_refused_and_nothing_typed_is_lost(office: Office) -> None:
    case = await office.paid_twice()
    view = await case.window(office.freja, "card_edit")
    typed = reply_text(view).replace("499", "399")
    assert typed != reply_text(view)
    errors = await send_reply(case, view, typed)
    assert list(errors) == [reply_field(view)]
    assert "Make them agree" in errors[reply_field(view)]
    shown = office.people.screen(office.freja.id)
    assert shown is not None
    assert reply_text(shown) == typed
    assert (case.mails(), await refunds(case)) == ([], [])
    assert await send_reply(case, shown, typed.replace("399", "499")) == {}
    assert len(case.mails()) == len(await refunds(case)) == 1


async def test_an_edit_that_comes_too_late_says_so_and_keeps_the_words(office: Office) -> None:
    case = await office.case()
    view = await case.window(office.freja, "card_edit")
    await case.press(office.nils, "card_send")
    errors = await send_reply(case, view, reply_text(view))
    assert errors == {reply_field(view): "Nils Berg sent this reply."}
    assert len(case.mails()) == 1


async def test_an_empty_reply_cannot_be_sent(office: Office) -> None:
    case = await office.case()
    view = await case.window(office.freja, "card_edit")
    with pytest.raises(ImpossibleInSlack):
        await send_reply(case, view, "")
    assert await send_reply(case, view, " \n ") != {}
    assert case.mails() == []


# ---- Refund -------------------------------------------------------------------------------------------------


async def test_a_refund_within_the_limit_is_given_and_told(office: Office) -> None:
    case = await office.case(BROKEN, captures=(89_900,))
    view = await case.window(office.freja, "card_refund")
    assert "899" in str(view.blocks)
    assert (await case.send_off(office.freja, view, {"amount": "150"})).errors == {}
    (refund,) = await refunds(case)
    assert (refund.amount_minor, refund.state) == (15_000, RefundState.APPROVED)
    assert "150 kr." in str((await case.card()).blocks)
    await case.press(office.freja, "card_send")
    assert "150 kr." in text_of(case.mails()[0])
    assert len(await refunds(case)) == 1


async def test_a_refund_above_the_limit_asks_the_leads(office: Office) -> None:
    case = await office.case(BROKEN, captures=(300_000,))
    view = await case.window(office.freja, "card_refund")
    await case.send_off(office.freja, view, {"amount": "2500"})
    (refund,) = await refunds(case)
    assert (refund.amount_minor, refund.state) == (250_000, RefundState.REQUESTED)
    asked = [each for each in await case.notes() if "refund_approve" in str(each.blocks)]
    assert len(asked) == 1


async def test_more_than_is_left_is_refused_in_the_window(office: Office) -> None:
    case = await office.case(BROKEN, captures=(89_900,))
    first = await case.window(office.freja, "card_refund")
    second = await case.window(office.nils, "card_refund")
    await case.send_off(office.freja, first, {"amount": "800"})
    errors = (await case.send_off(office.nils, second, {"amount": "800"})).errors
    assert list(errors) == ["amount"]
    # The first refund made the draft anew: the second window is an old one by then.
    assert "read the new one" in errors["amount"]
    assert [each.amount_minor for each in await refunds(case)] == [80_000]


async def test_the_same_window_sent_twice_is_one_refund(office: Office) -> None:
    case = await office.case(BROKEN, captures=(89_900,))
    view = await case.window(office.freja, "card_refund")
    await case.send_off(office.freja, view, {"amount": "100"})
    office.stage.workspace.views[office.freja.id].append(view)
    await case.send_off(office.freja, view, {"amount": "100"})
    assert [each.amount_minor for each in await refunds(case)] == [10_000]


async def test_more_decimals_than_the_currency_has_are_refused_in_the_window(office: Office) -> None:
    case = await office.case(BROKEN, captures=(89_900,))
    view = await case.window(office.freja, "card_refund")
    errors = (await case.send_off(office.freja, view, {"amount": "1.234"})).errors
    assert list(errors) == ["amount"]
    assert await refunds(case) == []


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


# ---- Dismiss, Correct the Intent ----------------------------------------------------------------------------


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
