"""The whole house out and in again: byte for byte the same, on either database and from one to the other."""

import hashlib
import json
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from builders import NOW
from planting import plant
from sqlalchemy import Engine, text
from sqlmodel import SQLModel

from bot.records.archive import ArchiveError, read_archive, write_archive
from storage import customers, wordings
from storage.engine import connect, reading, transaction
from storage.migrate import migrate
from storage.tables import AddressKind, Customer, InboxItem, InboxState, StoredFile

RAW = b"From: mette@example.dk\r\n\r\nHej \xff\xfe\r\n"


def told(_table: str, _rows: int) -> None:
    """Nobody watches."""


@pytest.fixture
def full(engine: Engine) -> Engine:
    """A database with a row in every table, a mail and a file with bytes that are no text."""
    with transaction(engine) as session:
        plant(session)
        late = Customer(preferred_name="Åse\u2028", since_at=NOW, created_at=NOW)
        session.add(late)
        session.flush()
        first = session.get_one(Customer, 1)
        # Points at a row that comes after it.
        first.joined_to_id = late.id
        file = session.get_one(StoredFile, 1)
        letter = wordings.Version("reply/declined", "da", "{{ name }} æ\u2028\n", 1)
        wordings.publish(session, letter, seen=0, now=NOW)
        file.content, file.name = bytes(range(256)), "kvittering æ.pdf"
        session.add(
            InboxItem(
                source="mail:a", external_id="1" * 64, kind="mail", lane="mail:x", raw=RAW, state=InboxState.DONE,
                received_at=NOW, processed_at=NOW,
            )
        )  # fmt: skip
    return engine


@pytest.fixture(params=["sqlite", "postgresql"])
def empty(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Engine]:
    """Another database, without a row, of each kind."""
    if request.param == "sqlite":
        engine = connect(f"sqlite:///{tmp_path / 'empty.db'}")
        migrate(engine)
        yield engine
        engine.dispose()
        return
    admin: Engine = request.getfixturevalue("postgresql_admin")
    with admin.connect() as connection:
        connection.execute(text("DROP DATABASE IF EXISTS archive_target WITH (FORCE)"))
        connection.execute(text("CREATE DATABASE archive_target"))
    engine = connect(admin.url.set(database="archive_target").render_as_string(hide_password=False))
    migrate(engine)
    yield engine
    engine.dispose()


def contents(folder: Path) -> dict[str, bytes]:
    return {str(each.relative_to(folder)): each.read_bytes() for each in folder.rglob("*") if each.is_file()}


def house(folder: Path) -> Path:
    """A house folder with a secret in it."""
    (folder / "house" / "words").mkdir(parents=True)
    (folder / "house" / "house.yaml").write_text("name: Lampehuset\n", encoding="utf-8")
    (folder / "house" / ".env").write_text("SLACK_BOT_TOKEN=xoxb-secret\n", encoding="utf-8")
    return folder / "house"


def test_out_and_in_and_out_again_is_byte_for_byte_the_same(
    full: Engine, empty: Engine, tmp_path: Path
) -> None:
    ours = house(tmp_path)
    write_archive(full, tmp_path / "first", ours, told)
    done = read_archive(empty, tmp_path / "first", tmp_path / "second house", told)
    write_archive(empty, tmp_path / "second", tmp_path / "second house", told)
    assert contents(tmp_path / "first") == contents(tmp_path / "second")
    assert (done.mails, done.house_files) == (2, 1)
    assert set(done.tables) == set(SQLModel.metadata.tables)


def test_mails_files_and_the_house_lie_beside_the_tables_without_its_secrets(
    full: Engine, tmp_path: Path
) -> None:
    write_archive(full, tmp_path / "out", house(tmp_path), told)
    found = contents(tmp_path / "out")
    assert found["mails/2.eml"] == RAW
    assert found["files/1-kvittering æ.pdf"] == bytes(range(256))
    assert found["house/house.yaml"] == b"name: Lampehuset\n"
    assert "house/.env" not in found
    assert b"xoxb" not in b"".join(found.values())


def test_new_rows_after_an_import_get_numbers_of_their_own(
    full: Engine, empty: Engine, tmp_path: Path
) -> None:
    write_archive(full, tmp_path / "out", None, told)
    read_archive(empty, tmp_path / "out", None, told)
    with transaction(empty) as session:
        door = customers.Door(AddressKind.EMAIL, "new@example.dk")
        assert customers.ensure(session, door, name="Ny", source="mail", now=NOW).id == 4


def test_a_database_that_is_not_empty_is_refused(full: Engine, tmp_path: Path) -> None:
    write_archive(full, tmp_path / "out", None, told)
    with pytest.raises(ArchiveError, match="not empty"):
        read_archive(full, tmp_path / "out", None, told)


def test_a_folder_that_is_not_empty_is_refused(engine: Engine, tmp_path: Path) -> None:
    (tmp_path / "letter.txt").write_text("mine", encoding="utf-8")
    with pytest.raises(ArchiveError, match="not empty"):
        write_archive(engine, tmp_path, None, told)


@pytest.mark.parametrize(
    ("line", "reason"),
    [
        ('{"id": 1, "half', "not JSON"),
        ("[]", "must hold exactly"),
        ('{"id": 1}', "must hold exactly"),
        ({"since_at": "yesterday"}, "since_at is not a value"),
        ({"since_at": None}, "since_at is not a value"),
        ({"preferred_name": 7}, "preferred_name is not a value"),
        ({"joined_to_id": True}, "joined_to_id is not a value"),
        ({"id": 1}, "the database does not take it"),
    ],
)
def test_a_broken_line_is_named_and_nothing_is_taken_in(
    full: Engine, empty: Engine, tmp_path: Path, line: str | dict[str, object], reason: str
) -> None:
    write_archive(full, tmp_path / "out", None, told)
    file = tmp_path / "out" / "tables" / "customers.jsonl"
    lines = file.read_text(encoding="utf-8").split("\n")
    lines[1] = line if isinstance(line, str) else json.dumps(json.loads(lines[1]) | line)
    file.write_text("\n".join(lines), encoding="utf-8")
    with pytest.raises(ArchiveError, match=f"customers.jsonl, line 2: .*{reason}"):
        read_archive(empty, tmp_path / "out", None, told)
    with reading(empty) as session:
        assert session.get(Customer, 1) is None


def test_a_table_that_was_changed_afterwards_is_refused(full: Engine, empty: Engine, tmp_path: Path) -> None:
    write_archive(full, tmp_path / "out", None, told)
    file = tmp_path / "out" / "tables" / "known_fields.jsonl"
    file.write_bytes(file.read_bytes().replace(b'"id":1,', b'"id":8,'))
    with pytest.raises(ArchiveError, match="not the file the manifest names"):
        read_archive(empty, tmp_path / "out", None, told)


@pytest.mark.parametrize("manifest", ["", "[]", "{}", '{"format": 99}'])
def test_a_folder_of_something_else_is_refused(empty: Engine, tmp_path: Path, manifest: str) -> None:
    with pytest.raises(ArchiveError, match=r"holds no manifest\.json"):
        read_archive(empty, tmp_path / "nowhere", None, told)
    (tmp_path / "manifest.json").write_text(manifest, encoding="utf-8")
    with pytest.raises(ArchiveError, match="cannot be read"):
        read_archive(empty, tmp_path, None, told)


def test_an_export_of_another_shape_is_refused(full: Engine, empty: Engine, tmp_path: Path) -> None:
    write_archive(full, tmp_path / "out", None, told)
    path = tmp_path / "out" / "manifest.json"
    path.write_text(json.dumps(json.loads(path.read_text()) | {"revision": "0000"}), encoding="utf-8")
    with pytest.raises(ArchiveError, match="same version"):
        read_archive(empty, tmp_path / "out", None, told)


def _change(path: Path) -> None:
    path.write_bytes(path.read_bytes()[:-1] + b"!")


@pytest.mark.parametrize("name", ["mails/2.eml", "files/1-kvittering æ.pdf", "house/house.yaml"])
@pytest.mark.parametrize(
    ("spoil", "said"), [(_change, "is not the file the manifest names"), (Path.unlink, "is missing")]
)
def test_what_lies_beside_the_tables_is_looked_at_before_anything_is_imported(
    full: Engine, empty: Engine, tmp_path: Path, name: str, spoil: Callable[[Path], None], said: str
) -> None:
    write_archive(full, tmp_path / "out", house(tmp_path), told)
    spoil(tmp_path / "out" / name)
    with pytest.raises(ArchiveError, match=f"nothing was imported.\n{name}: {said}$"):
        read_archive(empty, tmp_path / "out", tmp_path / "second house", told)
    assert not (tmp_path / "second house").exists()
    with reading(empty) as session:
        assert session.get(Customer, 1) is None


def test_a_manifest_cannot_name_files_outside_its_folder(full: Engine, empty: Engine, tmp_path: Path) -> None:
    write_archive(full, tmp_path / "out", house(tmp_path), told)
    (tmp_path / "secret").write_bytes(b"x")
    path = tmp_path / "out" / "manifest.json"
    manifest = json.loads(path.read_text())
    for name in ("house/../../secret", str(tmp_path / "secret"), "elsewhere/secret"):
        found = manifest["files"] | {name: {"bytes": 1, "sha256": hashlib.sha256(b"x").hexdigest()}}
        path.write_text(json.dumps(manifest | {"files": found}), encoding="utf-8")
        with pytest.raises(ArchiveError, match="does not belong into an export"):
            read_archive(empty, tmp_path / "out", None, told)


def test_what_the_manifest_does_not_name_is_not_taken_along(
    full: Engine, empty: Engine, tmp_path: Path
) -> None:
    write_archive(full, tmp_path / "out", house(tmp_path), told)
    (tmp_path / "out" / "house" / "policy.yaml").write_text("planted: yes\n", encoding="utf-8")
    assert read_archive(empty, tmp_path / "out", tmp_path / "second house", told).house_files == 1
    assert list(contents(tmp_path / "second house")) == ["house.yaml"]
