"""A mailbox on a real IMAP server: everything once, in order, nothing marked, whatever happens to the line."""

import asyncio
import itertools
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime

import pytest
from mailbox_scenes import Post, mail, reading, until
from sqlalchemy import Connection, event, text
from sqlmodel import Session
from structlog.testing import capture_logs

from bot.handlers.mail_folder import BATCH
from storage.engine import commit
from storage.tables import InboxItem

pytestmark = pytest.mark.asyncio(loop_scope="module")


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
