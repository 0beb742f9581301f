"""A copy of what we send, laid into the Sent folder: once, and never at the price of the mail itself."""

import asyncio
from collections.abc import AsyncIterator

import pytest
import pytest_asyncio
from mailbox_scenes import Post
from mailbox_scenes import mail as letter
from scripted_imap import ScriptedImap, Trouble, bye, no, reset, silence
from structlog.testing import capture_logs

from bot.imap import save_sent, wants_sent_copy
from bot.imap import sent as sent_copies

pytestmark = pytest.mark.asyncio(loop_scope="module")


@pytest_asyncio.fixture(loop_scope="module")
async def server() -> AsyncIterator[ScriptedImap]:
    async with ScriptedImap() as running:
        yield running


async def test_what_we_sent_is_laid_into_sent_once(server: ScriptedImap) -> None:
    for _ in range(2):
        await save_sent(server.url, None, b"Message-ID: <t-1@x>\nSubject: a\n\nHej\n", "t-1@x")
    assert list(server.folders["Sent"].values()) == [b"Message-ID: <t-1@x>\r\nSubject: a\r\n\r\nHej\r\n"]


async def test_a_real_server_keeps_our_copy_as_read(post: Post) -> None:
    def make(*names: str) -> None:
        with post.opened() as client:
            for name in names:
                client.create(name)

    await asyncio.to_thread(make, "Sent")
    raw = letter("t-2")
    await save_sent(post.server.url, None, raw, "t-2@example.dk")
    await save_sent(post.server.url, None, raw, "t-2@example.dk")

    def look() -> tuple[object, object]:
        with post.opened() as client:
            client.select("Sent")
            return client.search(None, "SEEN")[1], client.fetch("1", "(BODY.PEEK[])")[1][0][1]

    assert await asyncio.to_thread(look) == ([b"1"], raw)


def without_sent(server: ScriptedImap) -> None:
    del server.folders["Sent"]


@pytest.mark.parametrize(
    ("command", "trouble"),
    [
        ("LOGIN", no),
        ("APPEND", no),
        ("APPEND", bye),
        ("APPEND", reset),
        ("UID SEARCH", reset),
        ("LIST", silence),
    ],
)
async def test_a_copy_that_fails_is_logged_and_raises_nothing(
    server: ScriptedImap, monkeypatch: pytest.MonkeyPatch, command: str, trouble: Trouble
) -> None:
    monkeypatch.setattr(sent_copies, "SAVE_DEADLINE", 1.0)
    server.always[command] = trouble
    with capture_logs() as logs:
        await save_sent(server.url, None, b"Message-ID: <t-1@x>\r\n\r\nHej\r\n", "t-1@x")
    assert [each["event"] for each in logs] == ["sent_copy_not_saved"]
    assert server.folders["Sent"] == {}


async def test_without_a_sent_folder_or_a_server_there_is_no_copy_and_no_error(server: ScriptedImap) -> None:
    without_sent(server)
    with capture_logs() as logs:
        await save_sent(server.url, None, b"\r\n", "t-1@x")
        await save_sent("imap://a:b@127.0.0.1:9/INBOX", None, b"\r\n", "t-1@x")
    assert [each["reason"] for each in logs] == [
        "there is no folder for sent mail",
        "no connection to the server",
    ]


@pytest.mark.parametrize(
    ("setting", "host", "wanted"),
    [
        ("auto", "imap.gmail.com", False),
        ("auto", "outlook.office365.com", False),
        ("auto", "imap.one.com", True),
        ("yes", "imap.gmail.com", True),
        ("no", "imap.one.com", False),
    ],
)
async def test_a_server_that_saves_by_itself_gets_no_second_copy(
    setting: str, host: str, wanted: bool
) -> None:
    assert wants_sent_copy(setting, f"imaps://hej%40example.dk:x@{host}:993/INBOX") is wanted
