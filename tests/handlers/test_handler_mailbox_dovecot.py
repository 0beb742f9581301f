"""A mailbox on Dovecot: pushes, a server that throws us out, renumbering, and folders by their use."""

import asyncio
from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest
import pytest_asyncio
from dovecot import Dovecot, dovecot, why_not
from mailbox_scenes import Post, mail, reading, until, utc_now

from bot.errors import TemporaryFailure
from bot.house import House
from bot.imap import connect, find_sent, place_of, save_sent
from bot.parts import Parts, Places
from storage.engine import connect as connect_database
from storage.migrate import migrate
from storage.tables import InboxItem

pytestmark = [pytest.mark.asyncio(loop_scope="module"), pytest.mark.skipif(bool(why_not()), reason=why_not())]


@pytest.fixture(scope="module")
def running() -> Iterator[Dovecot]:
    with dovecot() as server:
        yield server


@pytest_asyncio.fixture(loop_scope="module")
async def box(running: Dovecot, our_house: House, tmp_path: Path) -> AsyncIterator[Post]:
    """A mailbox of its own for each test."""
    engine = connect_database(f"sqlite:///{tmp_path / 'test.db'}")
    migrate(engine)
    running.user = tmp_path.name[:40].strip("-_0").lower() or "hej"
    yield Post(running, Parts(engine, utc_now, our_house, Places()))
    engine.dispose()


async def settled() -> None:
    await asyncio.sleep(1)


async def test_a_pushed_mail_is_taken_at_once(box: Post) -> None:
    async with reading(box.mailbox(poll_seconds=3600)):
        await box.until_met()
        for number in range(3):
            await settled()
            await box.deliver(mail(number))
            assert await box.until_stored(number + 1, 10) == [str(each) for each in range(number + 1)]


async def test_a_server_that_throws_us_out_finds_us_back_with_nothing_missed(box: Post) -> None:
    async with reading(box.mailbox(poll_seconds=3600, first_wait=0.1)):
        await box.until_met()
        for number in range(3):
            await settled()
            await asyncio.to_thread(box.server.admin, "kick", box.server.user)
            await box.deliver(mail(number))
            assert await box.until_stored(number + 1) == [str(each) for each in range(number + 1)]


async def test_numbers_that_change_give_no_duplicates_and_no_loss(box: Post) -> None:
    async with reading(box.mailbox()):
        await box.until_met()
        await box.deliver(mail("a"), mail("b"))
        await box.until_stored(2)
    renumber = ("mailbox", "update", "-u", box.server.user, "--uid-validity", "77777", "INBOX")
    await asyncio.to_thread(box.server.admin, *renumber)
    await box.deliver(mail("c"))
    async with reading(box.mailbox()):
        assert await box.until_stored(3) == ["a", "b", "c"]
    cursor = await box.cursor()
    assert cursor is not None
    assert cursor.uid_validity == 77777


async def test_sent_is_known_by_its_use_read_and_written(box: Post) -> None:
    session = await connect(place_of(box.server.url))
    assert await find_sent(session) == "Post vi har sendt"
    await session.leave()
    async with reading(box.mailbox(poll_seconds=0.3)):
        await box.until_met()
        await settled()
        for _ in range(2):
            await save_sent(box.server.url, None, mail("copy"), "copy@example.dk")
        await box.deliver(mail("a"))
        assert sorted(await box.until_stored(2)) == ["a", "copy"]
    assert sorted(each.kind for each in await box.rows(InboxItem)) == ["mail", "mail_out"]


async def test_a_thousand_lines_of_news_are_borne(box: Post) -> None:
    async with reading(box.mailbox(poll_seconds=3600)):
        await box.until_met()
        await box.deliver(*(mail(number) for number in range(400)))
        await box.until_stored(400)
        await settled()

        def empty() -> None:
            with box.opened() as client:
                client.store("1:*", "+FLAGS.SILENT", r"(\Deleted)")
                client.expunge()

        await asyncio.to_thread(empty)
        await settled()
        await box.deliver(mail("after"))

        async def there() -> bool:
            return "after" in await box.stored()

        await until(there)


async def test_a_wrong_password_is_called_one(box: Post) -> None:
    wrong = box.server.url.replace(":sandbox@", ":other@")
    with pytest.raises(TemporaryFailure, match="refused our password"):
        await box.mailbox(url=wrong).try_out()
