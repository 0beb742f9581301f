"""export, import: the whole house in a folder, and back into an empty database."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from rich.progress import Progress

from bot.commands.lines import errors
from bot.commands.records import database
from bot.records.archive import Archive, ArchiveError, Told, read_archive, write_archive
from bot.settings import load

console = Console(soft_wrap=True)


def export_command(folder: Annotated[Path, typer.Argument(help="A new folder.")]) -> None:
    """Everything: tables as JSON Lines, mails as .eml, files, the house folder, and a manifest with hashes."""
    house = load().tillid_house
    try:
        with _moving("Exporting") as told:
            done = write_archive(database(), folder, house, told)
    except OSError as error:
        raise ArchiveError(f"{folder}: cannot be written ({error.strerror})") from None
    _tell(done, f"in {folder}. It holds everything about everybody: keep it as safe as the database.")


def import_command(folder: Annotated[Path, typer.Argument(help="What `tillid export` wrote.")]) -> None:
    """Fill an empty database from an export, whole or not at all; TILLID_HOUSE too, where its folder is empty."""
    house = load().tillid_house
    with _moving("Importing") as told:
        done = read_archive(database(), folder, house, told)
    _tell(done, "taken in.")


@contextmanager
def _moving(what: str) -> Iterator[Told]:
    """A bar on the terminal of whoever waits."""
    with Progress(console=errors, disable=not errors.is_terminal, transient=True) as progress:
        task = progress.add_task(what, total=None)

        def told(table: str, rows: int) -> None:
            progress.update(task, description=f"{what} {table}", advance=rows)

        yield told


def _tell(done: Archive, where: str) -> None:
    rows = sum(done.tables.values())
    parts = f"{rows} rows of {len(done.tables)} tables, {done.mails} mails, {done.files} files"
    house = f", {done.house_files} files of the house" if done.house_files else ""
    console.print(f"{parts}{house} {where}", markup=False)
