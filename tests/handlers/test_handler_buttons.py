"""Every button that acts at once, from the press to the mail, the money and the card."""

import asyncio
import re

import pytest
from case_scenes import BROKEN, Case, Office, text_of
from sqlmodel import col

from bot.desk.press import STAFF_ONLY
from bot.sandbox.records import Message
from bot.sandbox.screens import ImpossibleInSlack
from storage import agents
from storage.tables import Refund, RefundState

pytestmark = pytest.mark.asyncio(loop_scope="module")


async def refunds(case: Case) -> list[Refund]:
    return await case.office.rows(Refund, col(Refund.conversation_id) == case.id)


async def post_below(case: Case, action: str) -> Message:
    """The post below the card that carries this button."""
    found = [each for each in await case.notes() if action in str(each.blocks)]
    return found[-1]


# ---- Send ---------------------------------------------------------------------------------------------------


async def test_send_sends_the_draft_in_the_name_of_who_pressed(office: Office) -> None:
    case = await office.case()
    await case.press(office.freja, "card_send")
    (mail,) = case.mails()
    assert mail["From"] == "Freja Holm · Lampehuset <hej@lampehuset.example>"
    assert mail["In-Reply-To"] == f"<{case.order}.1@example.dk>"
    assert text_of(mail).rstrip().endswith("Freja")
    assert "card_send" not in await case.buttons()
    assert f"<@{office.freja.id}>" in str((await case.card()).blocks)
    assert await refunds(case) == []


async def test_send_and_refund_writes_both(office: Office) -> None:
    case = await office.paid_twice()
    assert "Send and Refund 499" in str((await case.card()).blocks)
    await case.press(office.freja, "card_send")
    (mail,) = case.mails()
    assert "499" in text_of(mail)
    (refund,) = await refunds(case)
    assert (refund.amount_minor, refund.currency, refund.state) == (49_900, "DKK", RefundState.APPROVED)
    assert "refund_done" in str((await post_below(case, "refund_done")).blocks)


async def test_a_second_press_sends_nothing_twice(office: Office) -> None:
    case = await office.paid_twice()
    seen = await case.card()
    old = [dict(block) for block in seen.blocks]
    await case.press(office.freja, "card_send")
    seen.blocks[:], now = old, list(seen.blocks)
    await case.press(office.nils, "card_send")
    seen.blocks[:] = now
    assert len(case.mails()) == 1
    assert len(await refunds(case)) == 1
    assert await office.told(office.nils) == ["Freja Holm sent this reply."]


async def test_two_colleagues_at_once_send_one_mail(office: Office) -> None:
    case = await office.paid_twice()
    card = await case.card()
    presses = [
        office.people.click(user.id, card.channel_id, card.ts, "card_send")
        for user in (office.freja, office.nils)
    ]
    await asyncio.gather(*presses)
    await office.stage.idle()
    assert len(case.mails()) == 1
    assert len(await refunds(case)) == 1
    assert len(await office.told(office.freja, office.nils)) == 1


async def test_a_press_on_an_old_card_says_to_read_the_new_one(office: Office) -> None:
    case = await office.case()
    seen = await case.card()
    old = [dict(block) for block in seen.blocks]
    await case.writes("Jeg skal bruge pengene i dag.")
    seen.blocks[:], now = old, list(seen.blocks)
    await case.press(office.freja, "card_send")
    seen.blocks[:] = now
    assert case.mails() == []
    (said,) = await office.told(office.freja)
    assert said.startswith("The customer wrote again")
    await case.press(office.freja, "card_send")
    assert len(case.mails()) == 1


async def test_somebody_of_another_workspace_can_press_nothing(office: Office) -> None:
    case = await office.paid_twice()
    office.stage.triage.members.append(office.stage.guest.id)
    try:
        for action in ("card_send", "card_edit", "card_refund", "card_follow_up", "card_dismiss"):
            await case.press(office.stage.guest, action)
        await case.press(office.stage.guest, "card_more", option="resolve")
    finally:
        office.stage.triage.members.remove(office.stage.guest.id)
    assert await office.told(office.stage.guest, lines=6) == [STAFF_ONLY] * 6
    assert office.people.screen(office.stage.guest.id) is None
    assert case.mails() == []
    assert await refunds(case) == []
    assert "card_send" in await case.buttons()


async def test_somebody_who_is_not_in_the_channel_cannot_even_see_the_card(office: Office) -> None:
    case = await office.case()
    with pytest.raises(ImpossibleInSlack):
        await case.press(office.stage.guest, "card_send")


async def test_a_new_colleague_may_press_as_soon_as_they_have_joined(office: Office) -> None:
    case = await office.case()
    anna = office.stage.workspace.add_user("anna", real_name="Anna Lind")
    await office.people.join(anna.id, office.stage.triage.id)
    await office.stage.until(
        lambda: office.read(lambda found: agents.by_slack_id(found, anna.id) is not None)
    )
    await case.press(anna, "card_send")
    assert case.mails()[0]["From"] == "Anna Lind · Lampehuset <hej@lampehuset.example>"


# ---- Retry --------------------------------------------------------------------------------------------------


async def test_a_refused_mail_is_shown_and_retry_sends_it_once(office: Office) -> None:
    case = await office.case()
    office.stage.mail.smtp.refuse_data("554 5.7.1 not now")
    await case.press(office.freja, "card_send")
    assert case.mails() == []
    card = await case.card()
    assert "card_retry" in await case.buttons()
    assert "not now" in str(card.blocks)
    await case.press(office.nils, "card_retry")
    assert len(case.mails()) == 1
    assert case.mails()[0]["From"].startswith("Freja Holm")
    assert "card_retry" not in await case.buttons()


async def test_a_second_retry_sends_nothing_twice(office: Office) -> None:
    case = await office.case()
    office.stage.mail.smtp.refuse_data("554 5.7.1 not now")
    await case.press(office.freja, "card_send")
    seen = await case.card()
    old = [dict(block) for block in seen.blocks]
    await case.press(office.freja, "card_retry")
    seen.blocks[:], now = old, list(seen.blocks)
    await case.press(office.nils, "card_retry")
    seen.blocks[:] = now
    assert len(case.mails()) == 1
    assert await office.told(office.nils) == ["This reply is on its way already."]


# ---- Approve, Decline ---------------------------------------------------------------------------------------


async def ask_above_the_limit(office: Office, case: Case) -> None:
    """Freja asks for more than she may give."""
    view = await case.window(office.freja, "card_refund")
    await case.send_off(office.freja, view, {"amount": "2500"})


async def test_an_agent_cannot_approve_a_lead_can_and_the_draft_tells_it(office: Office) -> None:
    case = await office.case(BROKEN, captures=(300_000,))
    await ask_above_the_limit(office, case)
    asked = await post_below(case, "refund_approve")
    await case.press(office.nils, "refund_approve", on=asked)
    assert await office.told(office.nils) == ["Only support leads can decide on this refund."]
    assert [each.state for each in await refunds(case)] == [RefundState.REQUESTED]
    await case.press(office.signe, "refund_approve", on=asked)
    (refund,) = await refunds(case)
    assert refund.state is RefundState.APPROVED
    assert "2.500" in str((await case.card()).blocks)
    await case.press(office.freja, "card_send")
    assert "2.500 kr." in text_of(case.mails()[0])
    assert len(await refunds(case)) == 1


async def test_a_lead_can_decline_and_no_money_is_promised(office: Office) -> None:
    case = await office.case(BROKEN, captures=(300_000,))
    await ask_above_the_limit(office, case)
    asked = await post_below(case, "refund_decline")
    await case.press(office.signe, "refund_decline", on=asked)
    assert [each.state for each in await refunds(case)] == [RefundState.DECLINED]
    assert f"declined by <@{office.signe.id}>".lower() in str(asked.blocks).lower()
    assert "refund_approve" not in str(asked.blocks)


async def test_a_no_from_a_lead_is_drafted_honestly_and_moves_no_money(office: Office) -> None:
    case = await office.case(BROKEN, captures=(300_000,))
    await ask_above_the_limit(office, case)
    await case.press(office.signe, "refund_decline", on=await post_below(case, "refund_decline"))
    await case.press(office.freja, "card_send")
    (letter,) = case.mails()
    assert "kan jeg ikke" in text_of(letter) or "Jeg kan ikke" in text_of(letter)
    # What the agent may give as an apology is offered, and waits for the customer's yes.
    assert re.findall(r"[\d.]+ kr\.", text_of(letter)) == ["200 kr."]
    assert "Vil du sige ja tak til det?" in text_of(letter)
    assert [each.state for each in await refunds(case)] == [RefundState.DECLINED]


async def test_a_request_is_decided_once(office: Office) -> None:
    case = await office.case(BROKEN, captures=(300_000,))
    await ask_above_the_limit(office, case)
    asked = await post_below(case, "refund_approve")
    old = [dict(block) for block in asked.blocks]
    await case.press(office.signe, "refund_decline", on=asked)
    asked.blocks[:], now = old, list(asked.blocks)
    await case.press(office.stage.marius, "refund_approve", on=asked)
    asked.blocks[:] = now
    assert await office.told(office.stage.marius) == ["This refund was decided before."]
    assert [each.state for each in await refunds(case)] == [RefundState.DECLINED]


async def test_a_lead_does_not_decide_on_a_request_of_their_own(office: Office) -> None:
    case = await office.case(BROKEN, captures=(1_500_000,))
    view = await case.window(office.signe, "card_refund")
    await case.send_off(office.signe, view, {"amount": "12000"})
    asked = await post_below(case, "refund_approve")
    await case.press(office.signe, "refund_approve", on=asked)
    (said,) = await office.told(office.signe)
    assert "another lead decides" in said
    await case.press(office.stage.marius, "refund_approve", on=asked)
    assert [each.state for each in await refunds(case)] == [RefundState.APPROVED]


# ---- Done, Not Possible -------------------------------------------------------------------------------------


async def test_done_says_who_moved_the_money(office: Office) -> None:
    case = await office.paid_twice()
    await case.press(office.freja, "card_send")
    due = await post_below(case, "refund_done")
    await case.press(office.nils, "refund_done", on=due)
    (refund,) = await refunds(case)
    assert refund.state is RefundState.SETTLED
    assert f"<@{office.nils.id}>" in str(due.blocks)
    assert "refund_done" not in str(due.blocks)


async def test_done_and_failed_settle_once(office: Office) -> None:
    case = await office.paid_twice()
    await case.press(office.freja, "card_send")
    due = await post_below(case, "refund_done")
    old = [dict(block) for block in due.blocks]
    await case.press(office.nils, "refund_done", on=due)
    due.blocks[:], now = old, list(due.blocks)
    await case.press(office.freja, "refund_failed", on=due)
    due.blocks[:] = now
    assert [each.state for each in await refunds(case)] == [RefundState.SETTLED]
    assert await office.told(office.freja) == ["This refund was settled before."]


async def test_money_that_could_not_be_moved_drafts_the_correction(office: Office) -> None:
    case = await office.paid_twice()
    await case.press(office.freja, "card_send")
    due = await post_below(case, "refund_failed")
    await case.press(office.nils, "refund_failed", on=due)
    assert [each.state for each in await refunds(case)] == [RefundState.FAILED]
    assert "card_send" in await case.buttons()
    await case.press(office.freja, "card_send")
    first, second = case.mails()
    assert text_of(second) != text_of(first)
    assert second["In-Reply-To"] is not None
    assert [each.state for each in await refunds(case)] == [RefundState.FAILED]
