"""A CSV file as lines of text, in whatever encoding it was saved."""

import codecs
import io
import re
import shutil
import sys
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import BinaryIO

from bot.csv_rows import LONGEST_LINE

PIECE = 1 << 20
MARKS = ((codecs.BOM_UTF8, "utf-8-sig"), (codecs.BOM_UTF16_LE, "utf-16"), (codecs.BOM_UTF16_BE, "utf-16"))
NAMES = {"utf-8": "UTF-8", "utf-8-sig": "UTF-8", "utf-16": "UTF-16", "utf-16-le": "UTF-16", "utf-16-be": "UTF-16",
         "cp1252": "Windows-1252"}  # fmt: skip
_LETTERS = re.compile(rb"[\xc2-\xf4][\x80-\xbf]{1,3}")
_HIGH = re.compile(rb"[\x80-\xff]")


@dataclass(frozen=True, slots=True)
class CsvText:
    """The lines, read as they are asked for; a longer one than `LONGEST_LINE` comes cut, one character over it."""

    lines: Iterator[str]
    #: As people call it: UTF-8, UTF-16 or Windows-1252.
    encoding: str
    size_bytes: int
    #: How many bytes have been read so far.
    position: Callable[[], int]
    #: When the file was last written; None where nobody knows (standard input).
    written_at: datetime | None


@contextmanager
def opened_csv(file: Path | None) -> Iterator[CsvText]:
    """The file, or standard input for `-` and nothing. Raises OSError."""
    if file is None or str(file) == "-":
        # It is read twice, so it is laid on disk; nobody else can open it there.
        with tempfile.TemporaryFile() as kept:
            shutil.copyfileobj(sys.stdin.buffer, kept, PIECE)
            with _text(kept, None) as csv:
                yield csv
        return
    with file.open("rb") as opened, _text(opened, datetime.fromtimestamp(file.stat().st_mtime, UTC)) as csv:
        yield csv


@contextmanager
def _text(kept: BinaryIO, written_at: datetime | None) -> Iterator[CsvText]:
    size = kept.seek(0, io.SEEK_END)
    encoding = recognised(kept)
    kept.seek(0)
    errors = "replace" if "16" in encoding else "surrogateescape"
    with io.TextIOWrapper(kept, encoding=encoding, errors=errors) as text:
        yield CsvText(_bounded(text), NAMES[encoding], size, kept.tell, written_at)


def recognised(kept: BinaryIO) -> str:
    """The encoding of a whole file: by its mark, its zero bytes, or by what its letters beyond ASCII are in."""
    kept.seek(0)
    head = kept.read(4096)
    for mark, encoding in MARKS:
        if head.startswith(mark):
            return encoding
    if head.count(b"\0") > len(head) // 4:
        return "utf-16-le" if head[1::2].count(b"\0") > head[::2].count(b"\0") else "utf-16-be"
    letters = strays = 0
    kept.seek(0)
    while piece := kept.read(PIECE):
        if piece.isascii():
            continue
        found = _LETTERS.findall(piece)
        letters += len(found)
        strays += len(_HIGH.findall(piece)) - sum(map(len, found))
    # A stray byte or two among letters in UTF-8 are told by line; more of them than letters are another encoding.
    return "cp1252" if strays > letters else "utf-8"


def _bounded(text: io.TextIOWrapper) -> Iterator[str]:
    while line := text.readline(LONGEST_LINE + 1):
        yield line
        while len(line) > LONGEST_LINE and not line.endswith("\n"):
            line = text.readline(LONGEST_LINE + 1)
