"""The Sent folder: a colleague's answer from another program counts, and what we send is laid there once."""

from datetime import datetime, timedelta
from email.message import EmailMessage
from email.utils import format_datetime

import pytest
import pytest_asyncio
from mailbox_scenes import Post, reading, until
from mailbox_scenes import mail as letter
from scenes import OURS, TWICE, Scene, mail
from scripted_imap import ScriptedImap, no
from sqlalchemy import Engine

from bot import pipeline
from bot.handlers.mail_folder import MailFolder
from bot.imap import connect, find_sent, place_of
from storage import inbox
from storage.tables import CardState, Conversation, InboxItem, Message, Suggestion, WaitingOn

pytestmark = pytest.mark.asyncio(loop_scope="module")


def answer(
    text: str = "Hej Mette, pengene er på vej. Freja",
    *,
    to: str = "Mette Hansen <mette@example.dk>",
    answers: str = "1@example.dk",
    message_id: str = "<outlook-1@lampehuset.example>",
    at: datetime | None = None,
    **headers: str,
) -> bytes:
    """What Outlook lays into Sent when a colleague answers there."""
    message = EmailMessage()
    message["From"], message["To"], message["Subject"] = f"Freja Holm <{OURS}>", to, "Re: Betalt to gange"
    message["Message-ID"] = message_id
    if answers:
        message["In-Reply-To"] = message["References"] = f"<{answers}>"
    if at is not None:
        message["Date"] = format_datetime(at)
    for name, value in headers.items():
        message[name.replace("_", "-")] = value
    message.set_content(text)
    return message.as_bytes()


async def lies_in_sent(scene: Scene, raw: bytes) -> None:
    """The worker has found it there."""
    folder = MailFolder(scene.parts, OURS, "Sent", kind=inbox.SENT_ELSEWHERE)
    await pipeline.accept(scene.parts, folder._all_arrived([(1, (inbox.SENT_ELSEWHERE, raw))], 7, 0))
    await scene.work()


@pytest_asyncio.fixture(loop_scope="module")
async def asked(engine: Engine) -> Scene:
    """Mette has asked, and her card waits."""
    scene = Scene(engine)
    await scene.receive(mail(TWICE, subject="Betalt to gange", message_id="<1@example.dk>"))
    assert scene.card().state is CardState.NEW
    return scene


def messages(scene: Scene) -> list[tuple[str, str]]:
    return [(each.direction.value, each.message_id) for each in scene.rows(Message)]


# ---- what counts as an answer -------------------------------------------------------------------------------


async def test_a_colleagues_answer_from_another_program_settles_the_card(asked: Scene) -> None:
    asked.pass_time(minutes=5)
    await lies_in_sent(asked, answer())
    assert messages(asked) == [("in", "1@example.dk"), ("out", "outlook-1@lampehuset.example")]
    written = asked.rows(Message)[1]
    assert (written.kind, written.sender_name) == ("answer", "Freja Holm")
    assert "pengene er på vej" in written.text
    assert asked.card().state is CardState.WITHDRAWN
    (conversation,) = asked.rows(Conversation)
    assert conversation.waiting_on is WaitingOn.CUSTOMER
    assert conversation.first_answer_at == asked.now
    assert asked.mails() == []


async def test_the_customers_answer_to_it_comes_back_into_the_same_conversation(asked: Scene) -> None:
    await lies_in_sent(asked, answer())
    await asked.receive(
        mail("Tak, men hvornår?", message_id="<2@example.dk>", answers="outlook-1@lampehuset.example")
    )
    assert len(asked.rows(Conversation)) == 1
    assert asked.card().state is CardState.NEW


async def test_it_counts_once_however_often_it_is_found(asked: Scene) -> None:
    await lies_in_sent(asked, answer())
    await lies_in_sent(asked, answer(X_Copy="another program's copy of the same mail"))
    assert len(asked.rows(Message)) == 2


@pytest.mark.parametrize(
    ("why", "raw"),
    [
        ("a letter to a supplier about the same case", answer(to="lager@leverandor.example")),
        ("the same subject to the same customer, answering nothing", answer(answers="")),
        ("an answer to somebody else's mail", answer(answers="unknown@elsewhere.example")),
        ("an absence note of our own mailbox", answer(Auto_Submitted="auto-replied")),
    ],
)
async def test_what_is_no_answer_to_the_customer_settles_nothing(asked: Scene, why: str, raw: bytes) -> None:
    await lies_in_sent(asked, raw)
    assert messages(asked) == [("in", "1@example.dk")], why
    assert asked.card().state is CardState.NEW
    assert asked.inbox_states() == ["done", "done"]


async def test_our_own_mail_in_sent_is_not_read_as_anybodys(asked: Scene) -> None:
    asked.send()
    await asked.work()
    (ours,) = asked.mails()
    before = messages(asked)
    raw = answer(message_id=f"<{ours.payload['message_id']}>")
    await lies_in_sent(asked, raw)
    assert messages(asked) == before
    assert len(asked.rows(Suggestion)) == 1


async def test_a_mail_server_that_renames_our_mail_does_not_make_it_a_colleagues(asked: Scene) -> None:
    asked.send()
    await asked.work()
    (ours,) = asked.mails()
    await lies_in_sent(asked, answer(message_id=f"<{ours.payload['message_id'].upper()}>"))
    assert len(asked.rows(Suggestion)) == 1


async def test_an_answer_written_before_the_customers_newest_words_leaves_their_card(asked: Scene) -> None:
    written_at = asked.now + timedelta(minutes=1)
    asked.pass_time(minutes=10)
    await asked.receive(
        mail("Og lampen er også i stykker!", message_id="<2@example.dk>", answers="1@example.dk")
    )
    await lies_in_sent(asked, answer(at=written_at))
    assert asked.card().state is CardState.NEW
    assert len(asked.rows(Message)) == 3
    (conversation,) = asked.rows(Conversation)
    assert conversation.waiting_on is WaitingOn.US
    assert conversation.first_answer_at == written_at


async def test_an_answer_that_names_an_older_mail_but_is_younger_settles_the_card(asked: Scene) -> None:
    asked.pass_time(minutes=10)
    await asked.receive(mail("Hallo?", message_id="<2@example.dk>", answers="1@example.dk"))
    await lies_in_sent(asked, answer(at=asked.now + timedelta(seconds=1)))
    assert asked.card().state is not CardState.NEW


# ---- the worker ---------------------------------------------------------------------------------------------


async def test_the_worker_reads_the_inbox_and_sent_from_the_first_contact_on(scripted: Post) -> None:
    server = scripted.server
    server.folders["All Mail"] = {}
    await server.deliver(letter("old"))
    await server.deliver(answer(message_id="<old@lampehuset.example>"), "Sent")
    async with reading(scripted.mailbox()):

        async def looked() -> bool:
            return server.heard["STATUS"] >= 2

        await until(looked)
        await server.deliver(letter("new"))
        await server.deliver(letter("archived"), "All Mail")
        await scripted.until_stored(1)
        await server.deliver(answer(), "Sent")
        await scripted.until_stored(2)
        await server.deliver(letter("newer"))
        assert await scripted.until_stored(3) == ["new", "outlook-1", "newer"]
    assert [each.kind for each in await scripted.rows(InboxItem)] == ["mail", "mail_out", "mail"]
    assert server.most_open == 1


@pytest.mark.parametrize("command", ["LIST", "STATUS"])
async def test_a_sent_folder_in_trouble_does_not_keep_customers_waiting(scripted: Post, command: str) -> None:
    scripted.server.always[command] = no
    async with reading(scripted.mailbox()):
        await scripted.until_met()
        await scripted.server.deliver(letter("a"))
        assert await scripted.until_stored(1) == ["a"]
    assert scripted.server.connections == 1


NAMES = [
    ([r'* LIST (\HasNoChildren) "/" "INBOX"', r'* LIST (\Sent) "/" "Post, vi har sendt"'], "Post, vi har sendt"),
    ([r'* LIST (\HasNoChildren \Sent) "/" "[Gmail]/Sendte e-mails"', '* LIST () "/" "Sent"'], "[Gmail]/Sendte e-mails"),
    (['* LIST () "." INBOX.Sent', '* LIST () "." INBOX'], "INBOX.Sent"),
    (['* LIST () "/" "Sent Items"', '* LIST () "/" "Arkiv/Sent"'], "Sent Items"),
    (['* LIST () "/" "Sendt"'], "Sendt"),
    (['* LIST () "/" "Skickat"'], "Skickat"),
    (['* LIST () "/" "L&AOQ-hetetyt"'], "L&AOQ-hetetyt"),
    ([r'* LIST (\Noselect) "/" "Sent"', '* LIST () NIL Sendt'], "Sendt"),
    (['* LIST () "/" {4}', "Sent"], "Sent"),
    (['* LIST () "/" "Ikke sendt"', '* LIST () "/" "Absent"'], ""),
    ([], ""),
]  # fmt: skip


@pytest.mark.parametrize(("lines", "expected"), NAMES)
async def test_the_sent_folder_is_found_by_its_flag_or_its_name(lines: list[str], expected: str) -> None:
    async def lists(talk: object) -> None:
        await talk.says(*lines)
        await talk.ends()

    async with ScriptedImap() as server:
        server.always["LIST"] = lists
        session = await connect(place_of(server.url))
        assert await find_sent(session) == expected
        await session.leave()
