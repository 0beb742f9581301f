"""Migrations: equal to the tables, up and down, and safe when processes start together."""

import subprocess
import sys
from contextlib import ExitStack
from pathlib import Path

import builders
import pytest
import sqlalchemy as sa
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.operations import Operations
from alembic.script import ScriptDirectory
from sqlalchemy import Engine, inspect, text
from sqlalchemy.exc import IntegrityError, OperationalError, ProgrammingError
from sqlmodel import SQLModel

import storage.tables  # noqa: F401  # fills the metadata
from storage.engine import connect, transaction
from storage.migrate import _run, downgrade, migrate

ROOT = Path(__file__).parent.parent.parent
#: Waits for a line, so that all start at once, and then does what every process does first.
STARTS = """
import sys
from storage.engine import connect
from storage.migrate import migrate
engine = connect(sys.argv[1])
print("ready", flush=True)
sys.stdin.readline()
migrate(engine)
migrate(engine)
engine.dispose()
"""
PROCESSES = 3
ORPHAN = (
    "INSERT INTO customer_addresses (customer_id, kind, value, source, created_at) "
    "VALUES (4711, 'email', 'orphan@example.dk', '', '2026-03-02 09:00:00')"
)


def test_the_migrated_database_equals_the_tables(engine: Engine) -> None:
    assert _differences(engine) == []


def test_down_to_nothing_and_up_again(engine: Engine) -> None:
    downgrade(engine, "base")
    assert set(inspect(engine).get_table_names()) <= {"alembic_version"}
    migrate(engine)
    assert "conversations" in inspect(engine).get_table_names()
    assert _differences(engine) == []


def test_migrating_what_is_migrated_changes_nothing(engine: Engine) -> None:
    with transaction(engine) as session:
        builders.conversation(session)
    migrate(engine)
    with transaction(engine) as session:
        assert session.execute(text("SELECT count(*) FROM conversations")).scalar_one() == 1


def test_three_processes_that_start_together_make_one_schema(database_url: str) -> None:
    command = [sys.executable, "-c", STARTS, database_url]
    with ExitStack() as stack:
        running = []
        for _ in range(PROCESSES):
            process = subprocess.Popen(
                command,
                cwd=ROOT,
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=subprocess.PIPE,
                text=True,
            )
            stack.callback(_end, process)
            running.append(process)
        assert [_line(process) for process in running] == ["ready"] * PROCESSES
        outcomes = []
        for process in running:
            assert process.stdin is not None
            process.stdin.write("go\n")
            process.stdin.flush()
        for process in running:
            _, errors = process.communicate(timeout=30)
            outcomes.append((process.returncode, errors))
    assert outcomes == [(0, "")] * PROCESSES
    engine = connect(database_url)
    assert _differences(engine) == []
    with engine.connect() as connection:
        newest = ScriptDirectory(str(ROOT / "storage" / "migrations")).get_current_head()
        assert connection.execute(text("SELECT version_num FROM alembic_version")).scalars().all() == [newest]
    engine.dispose()


def test_rebuilding_a_parent_table_keeps_its_cascading_children(engine: Engine) -> None:
    """On SQLite a changed column means a new table, and dropping the old one would take the children along."""
    with transaction(engine) as session:
        case = builders.conversation(session)
        builders.suggestion(session, case)
    before = _counts(engine)

    def widen(config: Config, _revision: str) -> None:
        for table, column in (("customers", "country"), ("conversations", "channel"), ("messages", "kind")):
            with _operations(config).batch_alter_table(table) as batch:
                batch.alter_column(column, type_=sa.String(length=40), existing_nullable=False)

    _run(engine, "", widen)
    assert _counts(engine) == before
    assert before["customer_addresses"] == before["messages"] == before["suggestions"] == 1
    columns = {column["name"]: column for column in inspect(engine).get_columns("customers")}
    assert getattr(columns["country"]["type"], "length", None) == 40
    _assert_foreign_keys_are_kept(engine)


def test_a_migration_that_leaves_an_orphan_is_refused_and_undone(engine: Engine) -> None:
    def orphan(config: Config, _revision: str) -> None:
        _operations(config).create_table("half_way", sa.Column("id", sa.Integer()))
        config.attributes["connection"].execute(text(ORPHAN))

    with pytest.raises((RuntimeError, IntegrityError), match="customer_addresses"):
        _run(engine, "", orphan)
    assert not inspect(engine).has_table("half_way")
    assert _counts(engine)["customer_addresses"] == 0
    _assert_foreign_keys_are_kept(engine)


def test_a_migration_that_fails_leaves_nothing_behind(engine: Engine) -> None:
    def stumble(config: Config, _revision: str) -> None:
        operations = _operations(config)
        operations.create_table("half_way", sa.Column("id", sa.Integer()))
        operations.execute("SELECT nothing FROM nowhere")

    with pytest.raises((OperationalError, ProgrammingError)):
        _run(engine, "", stumble)
    assert not inspect(engine).has_table("half_way")
    _assert_foreign_keys_are_kept(engine)
    migrate(engine)


def _operations(config: Config) -> Operations:
    return Operations(MigrationContext.configure(config.attributes["connection"]))


def _differences(engine: Engine) -> list[object]:
    with engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True})
        return list(compare_metadata(context, SQLModel.metadata))


def _counts(engine: Engine) -> dict[str, int]:
    with engine.connect() as connection:
        return {
            table: connection.execute(text(f"SELECT count(*) FROM {table}")).scalar_one()
            for table in sorted(SQLModel.metadata.tables)
        }


def _assert_foreign_keys_are_kept(engine: Engine) -> None:
    assert engine.pool.checkedin() == 1  # type: ignore[attr-defined]  # a QueuePool: the migration's connection
    with pytest.raises(IntegrityError), transaction(engine) as session:
        session.execute(text(ORPHAN))


def _line(process: subprocess.Popen[str]) -> str:
    assert process.stdout is not None
    return process.stdout.readline().strip()


def _end(process: subprocess.Popen[str]) -> None:
    process.kill()
    process.communicate()
