"""An erasure while two real processes work on PostgreSQL: after the certificate nothing goes out, nobody comes back."""

import asyncio
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from crashing.moments import Kind, Moment
from crashing.process import Nursery
from crashing.scene import PAST_EVERY_LEASE, Scene, scene
from planting import everywhere
from sqlalchemy import Engine

from bot.records.erasing import Certificate, erase_person
from storage import persons
from storage.engine import connect, reading
from storage.tables import Customer, InboxItem, InboxState, OutboxItem, OutboxState, Suggestion

pytestmark = pytest.mark.parametrize("database_url", ["postgresql"], indirect=True)
ALIVE = Moment(Kind.NEVER)
#: Longer than the pause between two looks at what is in hand.
A_WHILE_SECONDS = 2.5
#: For two processes and whoever else uses the machine.
PATIENCE_SECONDS = 60.0
NAMES = ("mette@example.dk", "krogh", "mette")


@pytest.fixture
def books(database_url: str) -> Iterator[Engine]:
    """The same database as the two processes have."""
    engine = connect(database_url)
    yield engine
    engine.dispose()


def erasing(on: Scene, books: Engine) -> "asyncio.Task[Certificate]":
    """Mette asked to be forgotten; somebody runs the command."""
    with reading(books) as session:
        (customer_id,) = persons.find(session, "mette@example.dk")

    def erase() -> Certificate:
        return erase_person(
            books, customer_id, on.stage.clock, channel=on.stage.triage.id, patience=timedelta(seconds=30)
        )

    return asyncio.create_task(asyncio.to_thread(erase))


def named(books: Engine) -> list[str]:
    """What of Mette stands anywhere."""
    with reading(books) as session:
        text = everywhere(session).lower()
    return [each for each in NAMES if each in text]


async def all_is_done(on: Scene, cards: int) -> None:
    """So many drafts are there, and both processes have nothing left to read or to send."""
    await on.until(Suggestion, lambda rows: len(rows) == cards, PATIENCE_SECONDS)
    await on.until(
        InboxItem, lambda rows: all(each.state is InboxState.DONE for each in rows), PATIENCE_SECONDS
    )
    waiting = (OutboxState.PENDING, OutboxState.SENDING)
    await on.until(OutboxItem, lambda rows: not any(each.state in waiting for each in rows), PATIENCE_SECONDS)


async def test_an_erasure_in_the_middle_of_a_send_waits_and_then_nothing_comes_after_it(
    tmp_path: Path, nursery: Nursery, database_url: str, books: Engine
) -> None:
    async with scene(tmp_path, nursery, ALIVE, database_url=database_url) as on:
        await on.begin(ALIVE, only=("mail", "deliver"))
        await on.mail_comes()
        on.stage.mail.smtp.hold()
        await on.freja_presses_send()
        await on.stage.mail.smtp.wait_for(lambda server: server.held, 20)
        task = erasing(on, books)
        await asyncio.sleep(A_WHILE_SECONDS)
        assert not task.done()
        assert named(books) == list(NAMES)
        on.stage.mail.smtp.release()
        done = await task
        assert done.gone["letters and posts"] >= 2
        assert [mail.recipients for mail in on.stage.mail.mails] == [("mette@example.dk",)]
        assert named(books) == []
        # What could bring her back: leases that run out, the same mail once more, and both at work for others.
        on.stage.clock.move(PAST_EVERY_LEASE)
        await on.mail_comes()
        await on.mail_comes("Tore Vik", "t1")
        await all_is_done(on, cards=1)
        assert named(books) == []
        assert len(on.stage.mail.mails) == 1
        assert ["Tore" in str(each.blocks) for each in on.stage.cards()] == [True]


async def test_an_erasure_while_two_processes_read_what_she_wrote_leaves_nothing_of_it(
    tmp_path: Path, nursery: Nursery, database_url: str, books: Engine
) -> None:
    async with scene(tmp_path, nursery, ALIVE, database_url=database_url) as on:
        await on.begin(ALIVE, only=("mail", "deliver"))
        await on.mail_comes()
        await on.card_there()
        for number in range(4):
            await on.mail_comes(number=f"m{number + 2}")
            await on.mail_comes("Tore Vik", f"t{number}")
        await on.until(InboxItem, lambda rows: len(rows) == 9, PATIENCE_SECONDS)
        done = await erasing(on, books)
        assert done.gone["raw messages"] == 5
        assert named(books) == []
        on.stage.clock.move(PAST_EVERY_LEASE)
        await all_is_done(on, cards=4)
        assert named(books) == []
        assert on.stage.mail.mails == []
        assert sum(each.erased_at is None for each in await on.rows(Customer)) == 1
        assert ["Tore" in str(each.blocks) for each in on.stage.cards()] == [True] * 4
