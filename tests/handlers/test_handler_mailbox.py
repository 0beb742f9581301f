"""A mailbox on a real IMAP server: everything once, in order, nothing marked, whatever happens to the line."""

import asyncio
import itertools
from collections import Counter
from collections.abc import AsyncIterator, Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import aioimaplib
import pytest
import pytest_asyncio
from mailbox_scenes import Line, Post, mail, reading, until, utc_now
from sqlalchemy import Connection, event, text
from sqlmodel import Session
from structlog.testing import capture_logs

from bot.errors import TemporaryFailure
from bot.handlers.mailbox import BATCH, Mailbox
from bot.house import House, open_house
from bot.parts import Parts, Places
from bot.sandbox.imap_server import ImapServer
from storage.engine import commit, connect
from storage.migrate import migrate
from storage.tables import InboxItem, MailboxCursor

pytestmark = pytest.mark.asyncio(loop_scope="module")


@pytest.fixture(scope="module")
def house() -> House:
    return open_house()


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def server() -> AsyncIterator[ImapServer]:
    async with ImapServer() as running:
        yield running


@pytest_asyncio.fixture(loop_scope="module")
async def post(server: ImapServer, house: House, tmp_path: Path) -> AsyncIterator[Post]:
    """An empty mailbox, and a database that has never seen it."""
    engine = connect(f"sqlite:///{tmp_path / 'test.db'}")
    migrate(engine)
    await server.empty()
    yield Post(server, Parts(engine, utc_now, house, Places()))
    engine.dispose()


# ---- the first contact --------------------------------------------------------------------------------------


async def test_the_first_contact_starts_now(post: Post) -> None:
    await post.deliver(mail("old-1"), mail("old-2"))
    async with reading(post.mailbox()):
        await post.until_met()
        await post.deliver(mail("new"))
        assert await post.until_stored(1) == ["new"]


async def test_the_first_contact_takes_older_mail_when_it_is_told_a_day(post: Post) -> None:
    long_ago, lately = datetime(2026, 1, 5, 12, tzinfo=UTC), datetime(2026, 2, 3, 12, tzinfo=UTC)
    await post.deliver(mail("long-ago"), received_at=long_ago)
    await post.deliver(mail("lately"), received_at=lately)
    await post.deliver(mail("now"))
    async with reading(post.mailbox(since=date(2026, 2, 1))):
        assert await post.until_stored(2) == ["lately", "now"]
        await post.deliver(mail("next"))
        assert await post.until_stored(3) == ["lately", "now", "next"]


async def test_the_day_counts_at_the_first_contact_only(post: Post) -> None:
    await post.deliver(mail("old"))
    async with reading(post.mailbox()):
        await post.until_met()
    async with reading(post.mailbox(since=date(2020, 1, 1))):
        await post.deliver(mail("new"))
        assert await post.until_stored(1) == ["new"]


# ---- once, in order, nothing marked -------------------------------------------------------------------------


async def test_nothing_is_marked_as_read(post: Post) -> None:
    async with reading(post.mailbox(since=date(2020, 1, 1))):
        await post.deliver(mail("a"), mail("b"))
        await post.until_stored(2)

    def flags() -> list[object]:
        with post.opened() as client:
            return [client.search(None, "UNSEEN")[1][0], client.search(None, "ALL")[1][0]]

    unseen, everything = await asyncio.to_thread(flags)
    assert unseen == everything


async def test_what_somebody_has_read_elsewhere_is_taken_all_the_same(post: Post) -> None:
    async with reading(post.mailbox()):
        await post.until_met()

    def read_it() -> None:
        with post.opened() as client:
            client.append("INBOX", r"(\Seen)", "", mail("seen"))

    await asyncio.to_thread(read_it)
    async with reading(post.mailbox()):
        assert await post.until_stored(1) == ["seen"]


async def test_what_is_stored_is_the_mail_byte_by_byte(post: Post) -> None:
    raw = mail("a", "8-bit: æøå\r\n.\r\n..\r\n{12}\r\n* 1 FETCH (UID 1)\r\n")
    async with reading(post.mailbox()):
        await post.until_met()
        await post.deliver(raw)
        await post.until_stored(1)
    (item,) = await post.rows(InboxItem)
    assert bytes(item.raw) == raw
    assert item.source == "mail:sandbox@127.0.0.1"


async def test_two_readers_of_one_mailbox_store_each_mail_once(post: Post) -> None:
    async with reading(post.mailbox()), reading(post.mailbox()):
        await post.until_met()
        await post.deliver(*(mail(number) for number in range(10)))
        assert await post.until_stored(10) == [str(number) for number in range(10)]


async def test_mails_and_cursor_are_committed_together(post: Post) -> None:
    async with reading(post.mailbox()):
        await post.until_met()
        before = await post.cursor()
        await commit(post.parts.engine, _refuse_to_move)
        await post.deliver(mail("a"))
        with capture_logs() as logs:
            await until(lambda: _true(any(each["event"] == "mailbox_lost" for each in logs)))
        assert await post.stored() == []
        assert await post.cursor() == before
        await commit(post.parts.engine, _let_it_move)
        assert await post.until_stored(1) == ["a"]


def _refuse_to_move(session: Session) -> None:
    session.execute(
        text(
            "CREATE TRIGGER stuck BEFORE UPDATE ON mailbox_cursors BEGIN SELECT RAISE(ABORT, 'disk full'); END"
        )
    )


def _let_it_move(session: Session) -> None:
    session.execute(text("DROP TRIGGER stuck"))


async def _true(value: bool) -> bool:
    return value


async def test_three_hundred_mails_come_in_batches_and_in_order(post: Post) -> None:
    async with reading(post.mailbox()):
        await post.until_met()
    await post.deliver(*(mail(number) for number in range(300)))
    batches: Counter[int] = Counter()
    with counting(post, batches):
        async with reading(post.mailbox()):
            assert await post.until_stored(300, 60) == [str(number) for number in range(300)]
    assert sum(batches.values()) == 300
    assert max(batches.values()) == BATCH


@contextmanager
def counting(post: Post, batches: "Counter[int]") -> Iterator[None]:
    """How many mails each transaction stores."""
    engine, number = post.parts.engine, itertools.count()
    current: dict[int, int] = {}

    def begun(connection: Connection) -> None:
        current[id(connection)] = next(number)

    def executed(connection: Connection, _cursor: object, statement: str, *_more: object) -> None:
        if statement.startswith("INSERT INTO inbox"):
            batches[current[id(connection)]] += 1

    event.listen(engine, "begin", begun)
    event.listen(engine, "after_cursor_execute", executed)
    yield
    event.remove(engine, "begin", begun)
    event.remove(engine, "after_cursor_execute", executed)


# ---- what the server does to us -----------------------------------------------------------------------------


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


class Vanishing(aioimaplib.IMAP4):  # type: ignore[misc]  # the library has no types
    """A connection on which another mail program deletes a mail just before we fetch it."""

    post: Post
    doomed = ""

    async def uid(self, command: str, *criteria: str, **more: object) -> aioimaplib.Response:
        if command == "fetch" and criteria[0] == self.doomed:
            await asyncio.to_thread(self._delete)
            await self.noop()  # and the server has told this connection
        return await super().uid(command, *criteria, **more)

    def _delete(self) -> None:
        with self.post.opened() as client:
            client.uid("store", self.doomed, "+FLAGS.SILENT", r"(\Deleted)")
            client.expunge()


async def test_a_mail_that_vanishes_before_it_is_fetched_is_left_out(post: Post) -> None:
    mailbox = post.mailbox()
    client = Vanishing("127.0.0.1", post.server.port)
    client.post = post
    await client.wait_hello_from_server()
    await client.login(post.server.user, "sandbox")
    await mailbox.read_new(client)
    first = await post.cursor()
    assert first is not None
    await post.deliver(mail("a"), mail("b"), mail("c"))
    client.doomed = str(first.last_uid + 2)
    await mailbox.read_new(client)
    assert await post.stored() == ["a", "c"]
    after = await post.cursor()
    assert after is not None
    assert after.last_uid == first.last_uid + 3
    await client.logout()


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
