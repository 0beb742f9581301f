"""The way to the database: one engine, short write transactions, and two bridges from asyncio.

A function that takes a `Session` is `def` and talks to nothing else. Async code reaches the database only
through `commit` and `read`, which run such a function in a worker thread, so that no transaction is ever open
while we wait for somebody else's server.
"""

import asyncio
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from typing import Any, Concatenate, ParamSpec, TypeVar

from sqlalchemy import Connection, CursorResult, Delete, Engine, Update, create_engine, event
from sqlmodel import Session

P = ParamSpec("P")
T = TypeVar("T")


def connect(url: str) -> Engine:
    """An engine for SQLite (a file) or PostgreSQL; `postgresql://` means psycopg 3. Opens nothing yet.

    An error's text holds the statement and never its values: they are personal data.
    """
    if url.startswith("postgres://"):
        url = "postgresql://" + url.removeprefix("postgres://")
    if url.startswith("postgresql"):
        return create_engine(url, pool_size=8, max_overflow=8, pool_pre_ping=True, hide_parameters=True)
    driver = {"check_same_thread": False}
    engine = create_engine(url, pool_size=8, max_overflow=8, hide_parameters=True, connect_args=driver)
    event.listen(engine, "connect", _prepare_sqlite)
    event.listen(engine, "begin", _begin_sqlite)
    return engine


def _prepare_sqlite(connection: sqlite3.Connection, _record: object) -> None:
    # The driver's own transactions start late and lose concurrent updates: we say BEGIN ourselves.
    connection.isolation_level = None
    # What is deleted is overwritten: somebody may have been promised that it is gone.
    wanted = (
        "busy_timeout=5000",
        "journal_mode=WAL",
        "synchronous=NORMAL",
        "foreign_keys=ON",
        "secure_delete=ON",
    )
    for pragma in wanted:
        connection.execute(f"PRAGMA {pragma}")


def _begin_sqlite(connection: Connection) -> None:
    # IMMEDIATE takes the write lock at once: waiting for it there never fails half-way through.
    read_only = connection.get_execution_options().get("read_only", False)
    connection.exec_driver_sql("BEGIN" if read_only else "BEGIN IMMEDIATE")


@contextmanager
def transaction(engine: Engine) -> Iterator[Session]:
    """One short write transaction: committed at the end, rolled back on any exception."""
    with Session(engine, expire_on_commit=False) as session, session.begin():
        yield session


@contextmanager
def reading(engine: Engine) -> Iterator[Session]:
    """One deferred, read-only transaction; a write inside it is refused by the database.

    Everything in it is read as of one moment, that of its first statement.
    """
    with (
        engine.connect().execution_options(read_only=True) as connection,
        _refusing_writes(connection),
        connection.begin(),
    ):
        if engine.dialect.name == "postgresql":
            connection.exec_driver_sql("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")
        with Session(connection, expire_on_commit=False, autoflush=False) as session:
            yield session


@contextmanager
def _refusing_writes(connection: Connection) -> Iterator[None]:
    """On SQLite; PostgreSQL ends this by itself together with the transaction."""
    if connection.dialect.name != "sqlite":
        yield
        return
    # Past SQLAlchemy, which takes no more commands once a refused write has ended the transaction: the
    # connection would go back to the pool still refusing to write.
    driver: Any = connection.connection.driver_connection
    driver.execute("PRAGMA query_only=ON")
    try:
        yield
    finally:
        driver.execute("PRAGMA query_only=OFF")


async def commit(
    engine: Engine, work: Callable[Concatenate[Session, P], T], *args: P.args, **kwargs: P.kwargs
) -> T:
    """Run `work(session, *args)` in a worker thread, in one write transaction, and commit it."""

    def run() -> T:
        with transaction(engine) as session:
            return work(session, *args, **kwargs)

    return await _in_thread(run)


async def read(
    engine: Engine, work: Callable[Concatenate[Session, P], T], *args: P.args, **kwargs: P.kwargs
) -> T:
    """Run `work(session, *args)` in a worker thread, in a read-only transaction."""

    def run() -> T:
        with reading(engine) as session:
            return work(session, *args, **kwargs)

    return await _in_thread(run)


async def _in_thread(run: Callable[[], T]) -> T:
    """Run it in a worker thread. Who is cancelled meanwhile waits for its end: no connection is left behind."""
    running = asyncio.ensure_future(asyncio.to_thread(run))
    try:
        return await asyncio.shield(running)
    except asyncio.CancelledError:
        while not running.done():
            with suppress(asyncio.CancelledError):  # who stops the program asks more than once
                await asyncio.wait([running])
        raise


def insert_once(session: Session, table: Any, values: dict[str, Any], unique: list[str]) -> int | None:
    """Insert one row unless a row with the same `unique` columns is there; the new id, or None.

    Works the same on both databases, and under concurrency: the unique index decides.
    """
    if session.get_bind().dialect.name == "postgresql":
        from sqlalchemy.dialects.postgresql import insert
    else:
        from sqlalchemy.dialects.sqlite import insert  # type: ignore[assignment]  # same face, two dialects
    statement = insert(table).values(**values).on_conflict_do_nothing(index_elements=unique)
    return session.execute(statement.returning(table.id)).scalar_one_or_none()


def changed(session: Session, statement: Update | Delete) -> int:
    """Run an update or delete; how many rows it changed."""
    result = session.execute(statement)
    assert isinstance(result, CursorResult)
    return result.rowcount
