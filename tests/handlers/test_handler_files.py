"""Files on a card: opened among colleagues, sent along by mail, and never where others read."""

import io
import itertools
import zipfile
from datetime import timedelta
from email.message import EmailMessage
from typing import Any

import pytest
from case_scenes import BROKEN, Case, Office, reply_field, reply_text
from PIL import Image

from bot.sandbox.records import File, Message, View
from bot.sandbox.screens import ImpossibleInSlack, elements
from storage.tables import OutboxItem, StoredFile

pytestmark = pytest.mark.asyncio(loop_scope="module")
UNKIND = "Send et billede som bevis."
_orders = itertools.count(30_001)


def photo() -> bytes:
    image, exif = Image.new("RGB", (60, 40), "red"), Image.Exif()
    exif[0x010F] = "Secret camera"
    out = io.BytesIO()
    image.save(out, "JPEG", exif=exif)
    return out.getvalue()


def archive() -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as opened:
        opened.writestr("a.txt", "hej")
    return out.getvalue()


async def case_with(office: Office, *files: tuple[str, bytes]) -> Case:
    """A customer's mail with files of these names and contents; all are declared as pictures."""
    case = Case(office, "Karen Toftlund", str(next(_orders)))
    case.address = f"karen{case.order}@example.dk"
    mail = EmailMessage()
    mail["From"], mail["To"] = f"{case.name} <{case.address}>", "hej@lampehuset.example"
    mail["Subject"], mail["Message-ID"] = "Min ordre", f"<{case.order}.1@example.dk>"
    mail.set_content(BROKEN.format(order=case.order))
    for name, content in files:
        mail.add_attachment(content, maintype="image", subtype="jpeg", filename=name)
    await office.stage.receive(mail.as_bytes())
    case.id = await case._find_id()
    return case


async def opened(case: Case) -> View:
    """Freja opens the files; what that leads to is done on return."""
    view = await case.window(case.office.freja, "card_files")
    await case.office.stage.idle()
    return view


def shared(notes: list[Message], office: Office) -> list[File]:
    """The files that hang below a card."""
    return [office.stage.workspace.files[each] for note in notes for each in note.file_ids]


async def send(
    case: Case, view: View, text: str, files: list[tuple[str, bytes]], **more: Any
) -> dict[str, str]:
    """Write the reply, pick files, and send the window off; the program's objections."""
    picker = next(
        str(block["block_id"]) for block in view.blocks if str(block.get("block_id", "")).startswith("files:")
    )
    values = {reply_field(view): text, picker: files, **more}
    return (await case.send_off(case.office.freja, view, values)).errors


# ---- What came ----------------------------------------------------------------------------------------------


async def test_the_card_says_which_files_came_and_what_a_disguised_one_really_is(office: Office) -> None:
    case = await case_with(office, ("kasse.jpg", photo()), ("gave.jpg", b"MZ" + bytes(80_000)))
    words = str((await case.card()).blocks)
    assert "2 files: kasse.jpg" in words and "gave.jpg 80 kB (really a program)" in words
    assert "card_files" in await case.buttons()


async def test_opened_files_hang_below_the_card_as_harmless_copies_once(office: Office) -> None:
    svg = b"<svg xmlns='http://www.w3.org/2000/svg'><script>alert(1)</script></svg>"
    text = b"Mit kort er 4111 1111 1111 1111"
    case = await case_with(
        office,
        ("kasse.jpg", photo()),
        ("kvittering.pdf", b"%PDF-1.7 x"),
        ("note.txt", text),
        ("gave.exe", b"MZ" + bytes(99)),
        ("alt.zip", archive()),
        ("logo.svg", svg),
        ("itu.jpg", photo()[:60]),
    )  # fmt: skip
    for _ in range(2):
        view = await opened(case)
    posted = shared(await case.notes(), office)
    assert [each.title for each in posted] == ["kasse.jpg", "kvittering.pdf", "note.txt"]
    assert [each.name.rpartition(".")[2] for each in posted] == ["jpg", "pdf", "txt"]
    assert b"Secret camera" not in (posted[0].content or b"")
    assert posted[1].content == b"%PDF-1.7 x"
    assert b"4111 1111" not in (posted[2].content or b"")
    assert all(channel == office.stage.triage.id for each in posted for channel, _ in each.shares)
    words = str(view.blocks)
    assert all(name in words for name in ("gave.exe", "alt.zip", "logo.svg", "itu.jpg", "could not be drawn"))
    pictures = [block["slack_file"]["id"] for block in view.blocks if block["type"] == "image"]
    assert pictures == [posted[0].id]


async def test_a_customer_of_another_company_cannot_open_files(office: Office) -> None:
    case = await case_with(office, ("kasse.jpg", photo()))
    office.stage.triage.members.append(office.stage.guest.id)
    try:
        await case.press(office.stage.guest, "card_files")
        assert "support staff" in (await office.told(office.stage.guest))[-1]
    finally:
        office.stage.triage.members.remove(office.stage.guest.id)
    assert shared(await case.notes(), office) == []


async def test_files_stay_here_when_the_channel_has_been_shared_with_others(office: Office) -> None:
    case = await case_with(office, ("kasse.jpg", photo()))
    stage = office.stage
    stage.slack.upkeep.share(stage.triage.id, stage.nordlys)
    await stage.slack.wait_until_idle()
    try:
        await opened(case)
        assert shared(await case.notes(), office) == []
    finally:
        stage.slack.upkeep.unshare(stage.triage.id, stage.nordlys)
        await stage.slack.wait_until_idle()
    # When it is our own again, what waited comes by itself, and the next press brings it no second time.
    await stage.idle()
    assert len(shared(await case.notes(), office)) == 1
    await opened(case)
    assert len(shared(await case.notes(), office)) == 1


async def test_a_file_that_slack_took_without_saying_so_is_found_again(office: Office) -> None:
    case = await case_with(office, ("kasse.jpg", photo()))
    office.stage.slack.fault("files.completeUploadExternal", "drop_after_store")
    card = await case.card()
    await office.people.click(office.freja.id, card.channel_id, card.ts, "card_files")
    await office.stage.slack.wait_for(
        lambda _: any(call.fault == "drop_after_store" for call in office.stage.slack.calls)
    )
    # Until a minute has passed nobody asks again; nothing else may be in hand while the clock moves.
    async with office.stage.running.quiet():
        office.stage.clock.move(timedelta(minutes=2))
    await office.stage.idle()
    (row,) = [
        each
        for each in await office.rows(OutboxItem)
        if each.key.startswith("file:") and each.conversation_id == case.id
    ]
    assert len(shared(await case.notes(), office)) == 1
    assert row.receipt.get("file")


async def test_files_of_an_earlier_message_can_still_be_opened(office: Office) -> None:
    case = await case_with(office, ("kasse.jpg", photo()))
    case._written = 1
    await case.writes("Er der nyt om lampen fra før?")
    assert "1 file from earlier in this case" in str((await case.card()).blocks)
    await opened(case)
    assert [each.title for each in shared(await case.notes(), office)] == ["kasse.jpg"]


# ---- What goes ----------------------------------------------------------------------------------------------


async def test_files_picked_in_edit_go_with_the_mail(office: Office) -> None:
    case = await office.case()
    view = await case.window(office.freja, "card_edit")
    assert (
        await send(case, view, reply_text(view), [("label.pdf", b"%PDF-1.7 y"), ("kasse.jpg", photo())]) == {}
    )
    (mail,) = case.mails()
    assert [each.get_filename() for each in mail.iter_attachments()] == ["label.pdf", "kasse.jpg"]
    assert "Went along: label.pdf 10 B, kasse.jpg" in str((await case.card()).blocks)
    rows = [each for each in await office.rows(StoredFile) if each.conversation_id == case.id]
    assert [each.message_row_id is None for each in rows] == [False, False]


@pytest.mark.parametrize(
    ("name", "content", "why"),
    [
        ("rapport.pdf", b"MZ" + bytes(99), "cannot go"),
        ("rapport.txt", b"<html><script>", "cannot go"),
        ("rapport.pdf", b"", "is empty"),
        ("stor.pdf", b"%PDF-1.7" + bytes(10 * 1024 * 1024), "too large"),
    ],
)
async def test_what_may_not_go_is_refused_and_nothing_typed_is_lost(
    office: Office, name: str, content: bytes, why: str
) -> None:
    case = await office.case()
    view = await case.window(office.freja, "card_edit")
    errors = await send(case, view, reply_text(view), [(name, content)])
    assert [why in each for each in errors.values()] == [True]
    assert case.mails() == []
    shown = office.people.screen(office.freja.id)
    assert shown is not None
    assert await send(case, shown, reply_text(shown), [("label.pdf", b"%PDF-1.7 y")]) == {}
    assert [each.get_filename() for each in case.mails()[0].iter_attachments()] == ["label.pdf"]


async def test_slacks_picker_offers_no_programs_and_five_files(office: Office) -> None:
    case = await office.case()
    view = await case.window(office.freja, "card_edit")
    with pytest.raises(ImpossibleInSlack, match=r"does not take a\.exe"):
        await send(case, view, "Hej", [("a.exe", b"MZ")])
    with pytest.raises(ImpossibleInSlack, match="takes 5 files"):
        await send(case, view, "Hej", [("a.pdf", b"%PDF-1.7")] * 6)


async def test_files_stay_picked_while_kinder_words_are_offered_and_can_be_taken_out(office: Office) -> None:
    case = await office.case(BROKEN)
    view = await case.window(office.freja, "card_edit")
    typed = f"Hej Mette\n\n{UNKIND}\n\nFreja"
    await send(case, view, typed, [("label.pdf", b"%PDF-1.7 y"), ("liste.txt", b"hej")])
    shown = office.people.screen(office.freja.id)
    assert shown is not None and case.mails() == []
    (box,) = [element for _, element in elements(shown.blocks) if element["type"] == "checkboxes"]
    assert [each["text"]["text"] for each in box["options"]] == ["label.pdf 10 B", "liste.txt 3 B"]
    keep = {str(box["action_id"]): [str(box["options"][0]["value"])]}
    assert await send(case, shown, typed, [("mere.pdf", b"%PDF-1.7 z")], **keep) == {}
    names = [each.get_filename() for each in case.mails()[0].iter_attachments()]
    assert names == ["label.pdf", "mere.pdf"]


async def test_slow_files_are_asked_for_again_and_go_once(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    case = await office.case()
    view = await case.window(office.freja, "card_edit")
    monkeypatch.setattr("bot.handlers.slack_files.PATIENCE_SECONDS", 0.1)
    office.stage.slack.fault("files.info", "delay", seconds=0.6)
    errors = await send(case, view, reply_text(view), [("label.pdf", b"%PDF-1.7 y")])
    assert ["still on their way" in each for each in errors.values()] == [True]
    monkeypatch.setattr("bot.handlers.slack_files.PATIENCE_SECONDS", 2.0)
    assert (await case.send_off(office.freja, view)).errors == {}
    assert [each.get_filename() for each in case.mails()[0].iter_attachments()] == ["label.pdf"]


async def test_an_answer_in_slack_takes_no_files_and_says_so(office: Office) -> None:
    stage = office.stage
    await office.command(office.signe, f"watch <#{stage.shared.id}|{stage.shared.name}>")
    await office.people.say(stage.guest.id, stage.shared.id, "Hej, vi mangler en faktura for ordre 20001.")
    await stage.slack.wait_for(lambda _: any("Tore" in str(card.blocks) for card in stage.cards()))
    card = stage.card("Tore")
    await office.people.click(office.freja.id, stage.triage.id, card.ts, "card_edit")
    view = await stage.slack.wait_for(
        lambda _: (
            (shown := office.people.screen(office.freja.id))
            and "Files go by mail only" in str(shown.blocks)
            and shown
        )
    )
    assert "file_input" not in str(view.blocks)
