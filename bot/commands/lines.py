"""JSON lines in, JSON lines out: a bad line is named by its number, the others are still done."""

import json
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, TextIO

import typer
from rich.console import Console

#: Exit status when a line was bad.
BAD = 2
errors = Console(stderr=True)


@contextmanager
def opened(file: Path | None) -> Iterator[TextIO]:
    """The file, or standard input for `-` and nothing."""
    if file is None or str(file) == "-":
        yield sys.stdin
        return
    try:
        with file.open(encoding="utf-8") as lines:
            yield lines
    except OSError as error:
        errors.print(f"{file}: {error.strerror}", style="red")
        raise typer.Exit(1) from None


def each_line(file: Path | None, work: Callable[[dict[str, Any]], Any]) -> Iterator[tuple[int, Any]]:
    """Run `work` on each JSON line; exits with status 2 at the end if any was bad."""
    bad = 0
    with opened(file) as lines:
        for number, line in enumerate(lines, start=1):
            if not line.strip():
                continue
            try:
                given = json.loads(line)
                if not isinstance(given, dict):
                    raise ValueError("not a JSON object")
                yield number, work(given)
            except ValueError as error:
                bad += 1
                errors.print(f"line {number}: {error}", style="red", markup=False)
    if bad:
        raise typer.Exit(BAD)


def show(value: Any) -> None:
    """One JSON line."""
    print(json.dumps(value, ensure_ascii=False))
