"""A mailbox whose server or line makes trouble: found again, nothing lost, nothing twice, and told."""

import asyncio
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from mailbox_scenes import Line, Post, mail, reading, until, utc_now
from sqlalchemy import text
from sqlmodel import Session
from structlog.testing import capture_logs

from bot.errors import TemporaryFailure
from bot.handlers.mail_folder import MailFolder
from bot.handlers.mailbox import Mailbox
from bot.imap.line import Client
from bot.imap.session import ImapSession
from bot.parts import Parts
from storage.engine import commit
from storage.tables import MailboxCursor

pytestmark = pytest.mark.asyncio(loop_scope="module")


async def _true(value: bool) -> bool:
    return value


async def test_a_mailbox_that_numbers_anew_gives_no_duplicates_and_no_loss(post: Post) -> None:
    async with reading(post.mailbox()):
        await post.until_met()
        await post.deliver(mail("a"), mail("b"))
        await post.until_stored(2)
    real = await post.cursor()
    assert real is not None
    await commit(post.parts.engine, _as_if_numbered_before)
    await post.deliver(mail("c"))
    async with reading(post.mailbox()):
        assert await post.until_stored(3) == ["a", "b", "c"]
        await post.deliver(mail("d"))
        assert await post.until_stored(4) == ["a", "b", "c", "d"]
    after = await post.cursor()
    assert after is not None
    assert after.uid_validity == real.uid_validity
    assert after.last_uid == real.last_uid + 2


async def test_a_quiet_mailbox_that_numbers_anew_is_not_imported(post: Post) -> None:
    long_ago = datetime(2026, 1, 5, 12, tzinfo=UTC)
    await post.deliver(mail("old-1"), mail("old-2"), received_at=long_ago)
    async with reading(post.mailbox()):
        await post.until_met()
    real = await post.cursor()
    assert real is not None
    await commit(post.parts.engine, _as_if_numbered_before)
    with capture_logs() as logs:
        async with reading(post.mailbox()):
            await until(lambda: _true(any(each["event"] == "mailbox_renumbered" for each in logs)))
            await asyncio.sleep(0.2)  # some more looks
            assert await post.stored() == []
            await post.deliver(mail("new"))
            assert await post.until_stored(1) == ["new"]
    after = await post.cursor()
    assert after is not None
    assert (after.uid_validity, after.last_uid) == (real.uid_validity, real.last_uid + 1)


def _as_if_numbered_before(session: Session) -> None:
    session.execute(text("UPDATE mailbox_cursors SET uid_validity = 7, last_uid = 4000000"))


class Vanishing(ImapSession):
    """A connection on which another mail program deletes a mail just before we fetch it."""

    post: Post
    doomed = 0

    async def fetch(self, uids: Sequence[int], size: int = 0) -> dict[int, bytes]:
        if self.doomed in uids:
            await asyncio.to_thread(self._delete)
            await self.answer(self._client.noop())  # and the server has told this connection
        return await super().fetch(uids, size)

    def _delete(self) -> None:
        with self.post.opened() as client:
            client.uid("store", str(self.doomed), "+FLAGS.SILENT", r"(\Deleted)")
            client.expunge()


async def test_a_mail_that_vanishes_before_it_is_fetched_is_left_out(post: Post) -> None:
    folder = MailFolder(post.parts, post.mailbox().name, "INBOX")
    client = Client("127.0.0.1", post.server.port)
    await client.wait_hello_from_server()
    await client.login(post.server.user, "sandbox")
    session = Vanishing(client, 20)
    session.post = post
    await folder.read_new(session)
    first = await post.cursor()
    assert first is not None
    await post.deliver(mail("a"), mail("b"), mail("c"))
    session.doomed = first.last_uid + 2
    await folder.read_new(session)
    assert await post.stored() == ["a", "c"]
    after = await post.cursor()
    assert after is not None
    assert after.last_uid == first.last_uid + 3
    await session.leave()


async def test_the_last_mail_that_vanishes_does_not_stop_the_next_one(post: Post) -> None:
    async with reading(post.mailbox()):
        await post.until_met()
        await post.deliver(mail("a"))
        await post.until_stored(1)
        await post.server.empty()
        await asyncio.sleep(0.2)
        await post.deliver(mail("b"))
        assert await post.until_stored(2) == ["a", "b"]


async def test_a_line_that_is_cut_is_made_again_and_nothing_is_missed(post: Post) -> None:
    line = Line(post.server.port)
    await line.connect()
    url = f"imap://sandbox:sandbox@127.0.0.1:{line.port}/INBOX"
    try:
        async with reading(post.mailbox(url=url)):
            await post.until_met()
            await line.cut()
            await post.deliver(mail("meanwhile"))
            await line.connect()
            assert await post.until_stored(1) == ["meanwhile"]
            await post.deliver(mail("after"))
            assert await post.until_stored(2) == ["meanwhile", "after"]
    finally:
        await line.cut()
    assert line.connections >= 2


async def test_a_server_that_is_not_there_yet_is_found_when_it_comes(post: Post) -> None:
    line = Line(post.server.port)
    await line.connect()
    url = f"imap://sandbox:sandbox@127.0.0.1:{line.port}/INBOX"
    await line.cut()
    with capture_logs() as logs:
        async with reading(post.mailbox(url=url)):
            await asyncio.sleep(0.2)
            await line.connect()
            await post.until_met()
    await line.cut()
    assert next(each["event"] for each in logs if "mailbox" in each["event"]) == "mailbox_unreachable"


async def test_a_wrong_password_is_tried_less_and_less_often(post: Post) -> None:
    line = Line(post.server.port)
    await line.connect()
    url = f"imap://sandbox:wrong@127.0.0.1:{line.port}/INBOX"
    try:
        with capture_logs() as logs:
            async with reading(post.mailbox(url=url)):
                await until(lambda: _true(len(_waits(logs)) >= 3))
                await until(lambda: _true(line.open == 0))
    finally:
        await line.cut()
    assert _waits(logs) == [1, 2, 4]
    assert "wrong" not in str(logs)
    assert await post.rows(MailboxCursor) == []


def _waits(logs: Sequence[Mapping[str, Any]]) -> list[object]:
    return [each["again_in_seconds"] for each in logs if each["event"] == "mailbox_unreachable"]


async def test_trying_a_mailbox_out_reads_nothing_and_says_what_is_wrong(post: Post) -> None:
    await post.mailbox().try_out()
    wrong = f"imap://sandbox:wrong@127.0.0.1:{post.server.port}/INBOX"
    with pytest.raises(TemporaryFailure, match="refused our password"):
        await post.mailbox(url=wrong).try_out()
    assert await post.rows(MailboxCursor) == []


async def test_a_folder_that_is_not_there_is_said_and_looked_for_again(post: Post) -> None:
    url = post.server.url.replace("INBOX", "Nowhere")
    with capture_logs() as logs:
        async with reading(post.mailbox(url=url)):
            await until(lambda: _true(any(each["event"] == "mailbox_lost" for each in logs)))
    assert "cannot be opened" in str(logs)


async def test_it_stops_when_it_is_told_to_whatever_it_is_doing(post: Post) -> None:
    mailbox = Mailbox(post.server.url, post.parts, poll_seconds=0)
    for number in range(100):
        task = asyncio.create_task(mailbox.run())
        await asyncio.sleep(0.015 + number * 0.0002)
        task.cancel()
        await asyncio.wait({task}, timeout=3)
        assert task.cancelled()


async def test_a_silent_week_changes_nothing(post: Post) -> None:
    async with reading(post.mailbox()):
        await post.until_met()
    before = await post.cursor()
    post.parts.engine.dispose()
    week = Parts(
        post.parts.engine, lambda: utc_now() + timedelta(days=7), post.parts.house, post.parts.places
    )
    await post.deliver(mail("a"))
    async with reading(Post(post.server, week).mailbox()):
        assert await post.until_stored(1) == ["a"]
    after = await post.cursor()
    assert before is not None
    assert after is not None
    assert after.last_uid == before.last_uid + 1
