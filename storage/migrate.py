"""Bring a database to the newest shape. Runs at every start, also of several processes at once."""

import fcntl
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from alembic import command
from alembic.config import Config
from sqlalchemy import Connection, Engine

#: Any constant does: it names our advisory lock on PostgreSQL.
ADVISORY_LOCK = 7_411_964_210


def migrate(engine: Engine, revision: str = "head") -> None:
    """Upgrade to `revision`; processes that start together wait for each other."""
    with _alone(engine):
        _run(engine, revision, command.upgrade)


def downgrade(engine: Engine, revision: str) -> None:
    """Go back to `revision` ("base" empties the database)."""
    with _alone(engine):
        _run(engine, revision, command.downgrade)


@contextmanager
def _alone(engine: Engine) -> Iterator[None]:
    if engine.dialect.name == "sqlite":
        path = Path(f"{engine.url.database}-lock")
        path.parent.mkdir(parents=True, exist_ok=True)
        with path.open("w") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            yield
        return
    with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        connection.exec_driver_sql(f"SELECT pg_advisory_lock({ADVISORY_LOCK})")
        try:
            yield
        finally:
            connection.exec_driver_sql(f"SELECT pg_advisory_unlock({ADVISORY_LOCK})")


def _run(engine: Engine, revision: str, action: Callable[[Config, str], None]) -> None:
    with engine.connect() as connection:
        _enforce_foreign_keys(connection, False)
        try:
            with connection.begin():
                action(_config(connection), revision)
                _check_foreign_keys(connection)
        finally:
            _enforce_foreign_keys(connection, True)


def _enforce_foreign_keys(connection: Connection, enforce: bool) -> None:
    # Inside a transaction this pragma does nothing, and with foreign keys on a batch migration, which drops and
    # refills a table, would empty every cascading child of it.
    if connection.dialect.name == "sqlite":
        driver: Any = connection.connection.driver_connection
        driver.execute(f"PRAGMA foreign_keys={'ON' if enforce else 'OFF'}")


def _config(connection: Connection) -> Config:
    config = Config()
    config.set_main_option("script_location", str(Path(__file__).parent / "migrations"))
    config.set_main_option("path_separator", "os")
    config.attributes["connection"] = connection
    return config


def _check_foreign_keys(connection: Connection) -> None:
    if connection.dialect.name == "sqlite":
        orphans = connection.exec_driver_sql("PRAGMA foreign_key_check").fetchall()
        if orphans:
            raise RuntimeError(f"the migration left {len(orphans)} rows without their parent: {orphans[:3]}")
