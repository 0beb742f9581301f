"""JSON lines in, JSON lines out: a bad line is named by its number, the others are still done."""

import io
import json
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, TextIO

import typer
from rich.console import Console

from bot.csv_files import CsvText, opened_csv
from bot.house import House, open_house

#: Exit status when a line was bad.
BAD = 2
#: One complaint is one line, however long: somebody may count on it.
errors = Console(stderr=True, soft_wrap=True)


@contextmanager
def opened(file: Path | None) -> Iterator[TextIO]:
    """The file, or standard input for `-` and nothing."""
    if file is None or str(file) == "-":
        if isinstance(sys.stdin, io.TextIOWrapper):
            sys.stdin.reconfigure(encoding="utf-8-sig", errors="surrogateescape")
        yield sys.stdin
        return
    try:
        # Spreadsheets put a mark before the first letter; a byte that is no text is told with its line.
        with file.open(encoding="utf-8-sig", errors="surrogateescape") as lines:
            yield lines
    except OSError as error:
        errors.print(f"{file}: {error.strerror}", style="red", markup=False)
        raise typer.Exit(1) from None


@contextmanager
def opened_table(file: Path) -> Iterator[CsvText]:
    """A CSV, or standard input for `-`; one that cannot be opened, or is no such table, is told and ends us."""
    try:
        with opened_csv(file) as csv:
            if csv.encoding != "UTF-8":
                errors.print(f"The file is read as {csv.encoding}.", markup=False)
            yield csv
    except OSError as error:
        errors.print(f"{file}: {error.strerror}", style="red", markup=False)
        raise typer.Exit(1) from None
    except ValueError as error:
        errors.print(f"{file}: {error}", style="red", markup=False)
        raise typer.Exit(BAD) from None


def each_line(file: Path | None, work: Callable[[dict[str, Any]], Any]) -> Iterator[tuple[int, Any]]:
    """Run `work` on each JSON line; exits with status 2 at the end if any was bad."""
    bad = 0
    with opened(file) as lines:
        for number, line in enumerate(lines, start=1):
            if not line.strip():
                continue
            try:
                yield number, work(_given(line))
            except (ValueError, RecursionError) as error:
                bad += 1
                errors.print(f"line {number}: {error}", style="red", markup=False)
    if bad:
        raise typer.Exit(BAD)


def _given(line: str) -> dict[str, Any]:
    """The line's object. Raises ValueError where it is none, or holds what is no text."""
    try:
        given = json.loads(line)
    except json.JSONDecodeError as error:
        raise ValueError(f'not JSON ({error}); write a line as {{"text": "Hello"}}') from None
    if not isinstance(given, dict):
        raise ValueError("not a JSON object")
    try:
        json.dumps(given, ensure_ascii=False).encode()
    except UnicodeEncodeError:
        raise ValueError("not text in UTF-8") from None
    return given


def show(value: Any) -> None:
    """One JSON line, in UTF-8 whatever the terminal speaks: a script reads it."""
    if isinstance(sys.stdout, io.TextIOWrapper) and sys.stdout.encoding.lower() != "utf-8":
        sys.stdout.reconfigure(encoding="utf-8")
    print(json.dumps(value, ensure_ascii=False))


def opened_house(folder: Path | None) -> House:
    """The house, with every file of it that is left out named on standard error."""
    house = open_house(folder)
    for problem in house.problems:
        errors.print(f"{problem} (this file is left out, ours is used)", style="yellow", markup=False)
    return house
