"""A card for several cases in Slack: its ticks, its one reply, and Take It Apart."""

import pytest
from case_scenes import Case, Office
from sqlmodel import col

from storage.tables import AuditEvent, Conversation, Message

pytestmark = pytest.mark.asyncio(loop_scope="module")
LATE = "Hvor bliver min pakke af? Den skulle være kommet i fredags."


async def second(office: Office, first: Case, text: str = LATE) -> Case:
    """The same customer in a mail of its own."""
    beside = Case(office, first.name, first.order)
    message_id = f"{first.order}.beside@example.dk"
    head = (
        f"From: {first.name} <{first.address}>\nTo: hej@lampehuset.example\nSubject: Min pakke\n"
        f"Message-ID: <{message_id}>\nContent-Type: text/plain; charset=utf-8\nContent-Transfer-Encoding: 8bit\n"
    )
    await office.stage.receive(f"{head}\n{text}\n".encode())
    (said,) = await office.rows(Message, col(Message.message_id) == message_id)
    beside.id = said.conversation_id
    return beside


async def row(office: Office, case: Case) -> Conversation:
    (found,) = await office.rows(Conversation, col(Conversation.id) == case.id)
    return found


async def test_the_window_offers_to_close_the_other_case_and_one_mail_goes_out(office: Office) -> None:
    first = await office.paid_twice()
    leading = await second(office, first)
    assert await first.buttons() == ["card_apart"]
    view = await leading.window(office.freja, "card_edit")
    assert f"Also closes case {first.id} (the mail of" in str(view.blocks)
    assert [each["value"] for each in view.values["closing"]["closing"]["selected_options"]] == [
        str(first.id)
    ]
    assert (await leading.send_off(office.freja, view)).errors == {}
    assert len(leading.mails()) == 1
    assert (await row(office, first)).answered_with_id == leading.id
    assert f"Answered together with case {leading.id}" in (await first.card()).text


async def test_without_the_tick_the_other_case_has_its_own_card_again(office: Office) -> None:
    first = await office.paid_twice()
    leading = await second(office, first)
    view = await leading.window(office.freja, "card_edit")
    text = "Hej, din pakke kommer på torsdag. Freja"
    field = next(name for name in view.values if name.startswith("reply:"))
    result = await leading.send_off(office.freja, view, {field: text, "closing": []})
    assert result.errors == {}
    assert (await row(office, first)).answered_with_id is None
    assert "card_send" in await first.buttons()


async def test_taken_apart_both_have_a_card_and_a_draft_of_their_own(office: Office) -> None:
    first = await office.paid_twice()
    leading = await second(office, first)
    await first.press(office.nils, "card_apart")
    assert "card_send" in await first.buttons()
    assert "closes case" not in str((await leading.card()).blocks)
    await leading.press(office.freja, "card_send")
    await first.press(office.nils, "card_send")
    assert len(first.mails()) == 2
    taken = await office.rows(AuditEvent, col(AuditEvent.action) == "taken_apart")
    assert first.id in [each.conversation_id for each in taken]


async def test_a_promise_made_elsewhere_is_told_to_whoever_presses_and_the_draft_is_made_anew(
    office: Office,
) -> None:
    first = await office.paid_twice()
    again = await second(office, first, f"Hallo? Der er trukket 499 kr. to gange for ordre {first.order}.")
    await first.press(office.nils, "card_apart")
    stale = await again.card()
    await first.press(office.nils, "card_send")
    await again.press(office.freja, "card_send", on=stale)
    (told,) = await office.told(office.freja)
    assert f"is promised in case {first.id} already" in told
    assert "card_send" in await again.buttons()
    await again.press(office.freja, "card_send")
    assert len(first.mails()) == 2
