"""The whole house in a folder: every table, mails and files as they are, the house's own files; and back.

Two databases that hold the same give the same bytes. `tables/` is what is read back; `mails/` and `files/` are
there for people and other programs.
"""

import hashlib
import json
import shutil
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, BinaryIO

from sqlalchemy import Engine, Table, select
from sqlmodel import Session, col

from bot.errors import BotError
from bot.files import safe_name
from bot.records.seals import broken, names_beside
from storage import exporting, inbox
from storage.engine import reading, transaction
from storage.exporting import BrokenLine, Line
from storage.tables import InboxItem, StoredFile

FORMAT = 1
MANIFEST = "manifest.json"
#: A house folder's secrets: they belong to a place, not to the house.
LEFT_OUT = (".env",)
Told = Callable[[str, int], None]


class ArchiveError(BotError):
    """The folder or the database is not what it must be; the text says where and what to do."""


@dataclass(slots=True)
class Archive:
    """What an export wrote, or an import took in."""

    tables: dict[str, int] = field(default_factory=dict)
    mails: int = 0
    files: int = 0
    house_files: int = 0


def write_archive(engine: Engine, folder: Path, house: Path | None, told: Told) -> Archive:
    """Write everything into a new folder. Raises ArchiveError when there is something in it already."""
    if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
        raise ArchiveError(f"{folder}: is not empty; name a new folder")
    done, hashes = Archive(), _Hashes(folder)
    # For nobody but whoever exports: it is everything we know of everybody.
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    with reading(engine) as session:
        revision = exporting.revision(session)
        for table in exporting.tables():
            lines = (each.encode() for each in exporting.lines(session, table))
            done.tables[table.name] = hashes.write(f"tables/{table.name}.jsonl", lines)
            told(table.name, done.tables[table.name])
        done.mails = sum(hashes.write(name, [raw]) for name, raw in _mails(session))
        done.files = sum(hashes.write(name, [content]) for name, content in _files(session))
    for source in _house_files(house) if house else ():
        assert house is not None
        done.house_files += hashes.write(
            f"house/{source.relative_to(house).as_posix()}", [source.read_bytes()]
        )
    manifest = {
        "format": FORMAT, "revision": revision, "rows": done.tables, "files": dict(sorted(hashes.found.items()))
    }  # fmt: skip
    (folder / MANIFEST).write_text(_json(manifest), encoding="utf-8")
    return done


class _Hashes:
    """Writes files below a folder and remembers what they are."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self.found: dict[str, dict[str, Any]] = {}

    def write(self, name: str, parts: "Iterator[bytes] | list[bytes]") -> int:
        """Write one file; how many parts it had."""
        path = self._folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        count, size, digest = 0, 0, hashlib.sha256()
        with path.open("wb") as file:
            for part in parts:
                file.write(part)
                digest.update(part)
                count, size = count + 1, size + len(part)
        self.found[name] = {"bytes": size, "sha256": digest.hexdigest()}
        return count


def _json(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False, indent=1, sort_keys=True) + "\n"


def _mails(session: Session) -> Iterator[tuple[str, bytes]]:
    kept = (col(InboxItem.kind).in_(inbox.MAIL), col(InboxItem.raw) != b"")
    statement = select(col(InboxItem.id), col(InboxItem.raw)).where(*kept).order_by(col(InboxItem.id))
    for number, raw in session.execute(statement.execution_options(yield_per=exporting.LARGE_ROWS)):
        yield f"mails/{number}.eml", bytes(raw)


def _files(session: Session) -> Iterator[tuple[str, bytes]]:
    wanted = (col(StoredFile.id), col(StoredFile.name), col(StoredFile.type), col(StoredFile.content))
    statement = select(*wanted).where(col(StoredFile.content) != b"").order_by(col(StoredFile.id))
    for number, name, type_, content in session.execute(
        statement.execution_options(yield_per=exporting.LARGE_ROWS)
    ):
        yield f"files/{number}-{safe_name(name, type_)}", bytes(content)


def _house_files(house: Path) -> list[Path]:
    """The house's own files, without secrets and without links that lead out of it."""
    found = (each for each in house.rglob("*") if each.is_file() and not each.is_symlink())
    return sorted(each for each in found if each.name not in LEFT_OUT)


def read_archive(engine: Engine, folder: Path, house: Path | None, told: Told) -> Archive:
    """Fill an empty database from such a folder, whole or not at all, and an empty house folder with the house's files.

    Raises ArchiveError naming the file and the line; also where a mail, a file or a file of the house is not the
    one that was written. Nothing is imported then.
    """
    manifest = _manifest(folder)
    if wrong := broken(folder, manifest["files"]):
        raise ArchiveError("\n".join((f"{folder}: nothing was imported.", *wrong)))
    done = Archive()
    with transaction(engine) as session:
        _refuse_full(session, manifest)
        for table in exporting.tables():
            done.tables[table.name] = _take_in(session, folder, table, manifest)
            told(table.name, done.tables[table.name])
    beside = names_beside(manifest["files"])
    done.mails = sum(name.startswith("mails/") for name in beside)
    done.files = sum(name.startswith("files/") for name in beside)
    if house is not None:
        done.house_files = _restore_house(folder, beside, house)
    return done


def _manifest(folder: Path) -> dict[str, Any]:
    try:
        manifest = json.loads((folder / MANIFEST).read_text(encoding="utf-8"))
        if not isinstance(manifest, dict) or manifest["format"] != FORMAT:
            raise ValueError
        if not all(isinstance(manifest[key], dict) for key in ("rows", "files")):
            raise ValueError
    except FileNotFoundError:
        raise ArchiveError(f"{folder}: holds no {MANIFEST}; name a folder made by `tillid export`") from None
    except (ValueError, KeyError, OSError):
        raise ArchiveError(f"{folder / MANIFEST}: cannot be read as an export's manifest") from None
    return manifest


def _refuse_full(session: Session, manifest: dict[str, Any]) -> None:
    shape = exporting.revision(session)
    if manifest.get("revision") != shape:
        raise ArchiveError(
            f"the export has the shape {manifest.get('revision')}, the database {shape}: "
            "export and import with the same version of Tillid"
        )
    full = [table.name for table in exporting.tables() if exporting.count(session, table)]
    if full:
        raise ArchiveError(f"the database is not empty ({', '.join(full)}); import into a new one")


def _take_in(session: Session, folder: Path, table: Table, manifest: dict[str, Any]) -> int:
    name = f"tables/{table.name}.jsonl"
    digest = hashlib.sha256()
    try:
        with (folder / name).open("rb") as file:
            taken = exporting.take_in(session, table, _lines(file, digest))
    except OSError as error:
        raise ArchiveError(f"{folder / name}: {error.strerror}") from None
    except BrokenLine as error:
        raise ArchiveError(f"{folder / name}, {error}. Nothing was imported.") from None
    if manifest["files"].get(name, {}).get("sha256") != digest.hexdigest():
        raise ArchiveError(f"{folder / name}: is not the file the manifest names. Nothing was imported.")
    return taken


def _lines(file: BinaryIO, digest: Any) -> Iterator[Line]:
    for number, line in enumerate(file, start=1):
        digest.update(line)
        try:
            text = line.decode()
        except UnicodeDecodeError:
            raise BrokenLine(f"line {number}: not text in UTF-8") from None
        yield Line(number, text)


def _restore_house(folder: Path, names: Iterable[str], house: Path) -> int:
    """Copy the house's files where there are none; how many. Nothing else that lies beside them is taken along."""
    if house.exists() and any(house.iterdir()):
        return 0
    ours = [name for name in names if name.startswith("house/")]
    for name in ours:
        target = house / name.removeprefix("house/")
        target.parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(folder / name, target)
    return len(ours)
