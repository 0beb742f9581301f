"""The way to the database: whole transactions or none, reads that cannot write, and room for everybody."""

import asyncio
from pathlib import Path
from threading import Event, Thread

import builders
import pytest
from builders import NOW
from sqlalchemy import Engine, func, select, text
from sqlalchemy.exc import DBAPIError, IntegrityError
from sqlmodel import Session
from storage_races import race

from storage import inbox
from storage.engine import commit, connect, insert_once, read, reading, transaction
from storage.tables import Agent, Customer, InboxItem, WatchedChannel


class Interrupted(Exception):
    """Something goes wrong in the middle of the work."""


async def test_commit_keeps_what_the_work_wrote_and_gives_back_its_result(engine: Engine) -> None:
    agent_id = await commit(engine, _hire, "Freja")
    assert await read(engine, _names) == ["Freja"]
    assert agent_id == 1


async def test_commit_rolls_everything_back_when_the_work_raises(engine: Engine) -> None:
    def hire_and_stumble(session: Session) -> None:
        _hire(session, "Freja")
        raise Interrupted

    with pytest.raises(Interrupted):
        await commit(engine, hire_and_stumble)
    assert await read(engine, _names) == []


async def test_a_read_cannot_write(engine: Engine) -> None:
    await commit(engine, _hire, "Freja")
    with pytest.raises(DBAPIError, match=r"(?i)read-?only"):
        await read(engine, _hire, "Ola")
    with pytest.raises(DBAPIError, match=r"(?i)read-?only"):
        await read(engine, lambda session: session.execute(text("DELETE FROM agents")))
    assert await read(engine, _names) == ["Freja"]


async def test_changing_a_row_in_a_read_writes_nothing(engine: Engine) -> None:
    def rename(session: Session) -> None:
        session.execute(select(Agent)).scalar_one().name = "Another"

    await commit(engine, _hire, "Freja")
    await read(engine, rename)
    assert await read(engine, _names) == ["Freja"]


def test_a_connection_that_has_read_can_write_again_even_after_trouble(engine: Engine) -> None:
    lone = connect(engine.url.render_as_string(hide_password=False))
    with pytest.raises(Interrupted), reading(lone) as session:
        _raise_in(session)
    with pytest.raises(DBAPIError), reading(lone) as session:
        _hire(session, "Ola")
    with reading(lone) as session:
        assert _names(session) == []
    assert lone.pool.checkedin() == 1  # type: ignore[attr-defined]  # a QueuePool: one connection did it all
    with transaction(lone) as session:
        _hire(session, "Freja")
    lone.dispose()


def test_a_read_sees_one_moment(engine: Engine) -> None:
    with transaction(engine) as session:
        _hire(session, "Freja")
    with reading(engine) as reader:
        assert _names(reader) == ["Freja"]
        with transaction(engine) as writer:
            _hire(writer, "Ola")
        assert _names(reader) == ["Freja"]
    with reading(engine) as reader:
        assert _names(reader) == ["Freja", "Ola"]


async def test_a_reader_never_waits_for_a_writer(engine: Engine) -> None:
    with transaction(engine) as writer:
        _hire(writer, "Freja")
        writer.flush()
        assert await asyncio.wait_for(read(engine, _names), 2) == []


async def test_a_hundred_and_fifty_accepts_succeed_while_a_worker_writes(engine: Engine) -> None:
    done = Event()
    processed: list[int] = []
    worker = Thread(target=_process_until, args=(engine, done, processed))
    worker.start()
    try:
        arrivals = [builders.arrived() for _ in range(150)]
        stored = await asyncio.gather(*(commit(engine, inbox.add, each, NOW) for each in arrivals))
    finally:
        done.set()
        await asyncio.to_thread(worker.join, 30)
    assert None not in stored
    assert len(set(stored)) == 150
    assert processed
    with reading(engine) as session:
        assert session.execute(select(func.count()).select_from(InboxItem)).scalar_one() == 150


def test_children_need_their_parents(engine: Engine) -> None:
    with pytest.raises(IntegrityError), transaction(engine) as session:
        builders.conversation(session, customer_id=4711)


def test_deleting_a_customer_takes_their_addresses_along(engine: Engine) -> None:
    with transaction(engine) as session:
        person = builders.identity(builders.customer(session))
        session.execute(text(f"DELETE FROM customers WHERE id = {person}"))
        assert session.execute(text("SELECT count(*) FROM customer_addresses")).scalar_one() == 0
        assert session.get(Customer, person, populate_existing=True) is None


def test_one_of_eight_inserts_of_the_same_row_happens(engine: Engine) -> None:
    values = {"team": "T1", "channel": "C1", "watched_since_at": NOW}
    ids = race(engine, lambda session: insert_once(session, WatchedChannel, values, ["team", "channel"]))
    assert len([each for each in ids if each is not None]) == 1


def test_sqlite_lets_readers_and_a_writer_work_side_by_side(tmp_path: Path) -> None:
    engine = connect(f"sqlite:///{tmp_path / 'new.db'}")
    with engine.connect() as connection:
        wanted = {"journal_mode": "wal", "synchronous": 1, "foreign_keys": 1, "busy_timeout": 5000}
        found = {name: connection.exec_driver_sql(f"PRAGMA {name}").scalar() for name in wanted}
    assert found == wanted
    engine.dispose()


@pytest.mark.parametrize("url", ["postgres://me@here/db", "postgresql://me@here/db"])
def test_both_spellings_of_postgresql_mean_the_driver_we_ship(url: str) -> None:
    engine = connect(url)
    assert (engine.dialect.name, engine.dialect.driver) == ("postgresql", "psycopg")
    engine.dispose()


def _hire(session: Session, name: str) -> int:
    return builders.identity(builders.agent(session, name=name))


def _names(session: Session) -> list[str]:
    return [agent.name for agent in session.execute(select(Agent).order_by(text("id"))).scalars()]


def _raise_in(session: Session) -> None:
    assert _names(session) == []
    raise Interrupted


def _process_until(engine: Engine, done: Event, processed: list[int]) -> None:
    """A worker that holds the write lock again and again, for as long as a real one does."""
    while not done.wait(0.002):
        with transaction(engine) as session:
            for item in inbox.claim(session, NOW):
                inbox.finish(session, item.id, NOW)
                processed.append(item.id)
