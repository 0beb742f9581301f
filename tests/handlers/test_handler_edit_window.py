"""The window of Edit: from the draft to the mail, with kinder words on the way."""

import pytest
from case_scenes import (
    BROKEN,
    UNKIND,
    Case,
    Office,
    refunds,
    reply_field,
    reply_text,
    suggestions,
    text_of,
)

from bot.sandbox.records import View
from bot.sandbox.screens import ImpossibleInSlack

pytestmark = pytest.mark.asyncio(loop_scope="module")


async def send_reply(case: Case, view: View, text: str, user: str = "freja") -> dict[str, str]:
    """Write this into the reply window and send it off; the program's objections."""
    who = getattr(case.office, user)
    return (await case.send_off(who, view, {reply_field(view): text})).errors


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
