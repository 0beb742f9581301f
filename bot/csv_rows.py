"""A CSV, row by row: what is broken is told by its line, and spoils nothing behind it. Only a few lines are held."""

import csv
from collections import deque
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

LONGEST_FIELD = 10_000
#: Longer lines are broken; whoever hands lines in need not hold more of one.
LONGEST_LINE = 200_000
#: A text in quotes may run over so many lines; behind a quote that is never closed the lines are rows again.
MOST_LINES = 20
SEPARATORS = ";\t,"
NOT_TEXT = "this is not text in UTF-8; save the file as CSV in UTF-8"
OPEN_QUOTE = "a quote is opened and not closed"


@dataclass(frozen=True, slots=True)
class Row:
    """One row, by the names in the header; `number` is its (first) line."""

    number: int
    cells: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class BrokenRow:
    """One row that is none. `cells` holds what could be made out of it, to know whose row it would have been."""

    number: int
    reason: str
    cells: Mapping[str, str] = field(default_factory=dict)


class _Lines:
    """Lines with their numbers, some of which can be given back."""

    def __init__(self, lines: Iterable[str]) -> None:
        self._lines = iter(lines)
        self._back: deque[str] = deque()
        self.number = 0

    def next(self) -> str | None:
        line = self._back.popleft() if self._back else next(self._lines, None)
        self.number += line is not None
        return line

    def give_back(self, lines: Sequence[str]) -> None:
        self._back.extendleft(reversed(lines))
        self.number -= len(lines)


def read_rows(lines: Iterable[str], columns: Sequence[str]) -> Iterator[Row | BrokenRow]:
    """The rows of a CSV whose header has at least these columns; empty rows are left out.

    Semicolons, tabs or commas separate, whichever the header uses. Raises ValueError when the header lacks a column.
    """
    # For the whole process, and the only one who reads CSV here.
    csv.field_size_limit(LONGEST_FIELD)
    source = _Lines(lines)
    separator, header = _header(source.next() or "", columns)
    needed = 1 + max(header.index(name) for name in columns)
    while (line := source.next()) is not None:
        number = source.number
        try:
            cells = _cells(source, line, separator, len(header))
        except csv.Error as error:
            yield BrokenRow(number, _plainly(error), _beginning(line, separator, header))
            continue
        if not any(cells):
            continue
        row = dict(zip(header, (cell.strip() for cell in cells), strict=False))
        reason = _wrong(cells, len(header), needed)
        yield BrokenRow(number, reason, row) if reason else Row(number, row)


def _header(line: str, columns: Sequence[str]) -> tuple[str, list[str]]:
    line = line.removeprefix("\ufeff")
    # Spreadsheets in the Nordic countries write semicolons.
    separator = max(SEPARATORS, key=line.count)
    try:
        names = [name.strip().lower() for name in _split(line[:LONGEST_LINE], separator)]
    except csv.Error:
        names = []
    missing = [name for name in columns if name not in names]
    if missing:
        raise ValueError(f"the header lacks {', '.join(missing)}; it must have {', '.join(columns)}")
    return separator, names


def _split(text: str, separator: str) -> list[str]:
    return next(csv.reader([text], delimiter=separator, strict=True), [])


def _cells(source: _Lines, line: str, separator: str, width: int) -> list[str]:
    if len(line) > LONGEST_LINE:
        raise csv.Error(f"the line is longer than {LONGEST_LINE:,} characters")
    try:
        return _split(line, separator)
    except csv.Error as error:
        if not _is_open(error):
            raise
    taken: list[str] = []
    text = line
    while len(taken) < MOST_LINES and (more := source.next()) is not None:
        taken.append(more)
        text = f"{text if text.endswith(chr(10)) else text + chr(10)}{more}"
        if len(text) > LONGEST_LINE:
            break
        try:
            cells = _split(text, separator)
        except csv.Error as error:
            if _is_open(error):
                continue
            break
        if len(cells) == width:
            return cells
        break
    # It was no text over several lines but a stray quote: what follows are rows of their own.
    source.give_back(taken)
    raise csv.Error(OPEN_QUOTE)


def _is_open(error: csv.Error) -> bool:
    return "unexpected end of data" in str(error)


def _plainly(error: csv.Error) -> str:
    said = str(error)
    if "field larger than" in said:
        return f"a field is longer than {LONGEST_FIELD:,} characters"
    if "expected after" in said:
        return 'there is text behind a closing quote; write a quote inside a text as ""'
    return said


def _beginning(line: str, separator: str, header: Sequence[str]) -> dict[str, str]:
    """The whole cells before the trouble; the last one may be cut."""
    cells = line[: LONGEST_FIELD // 2].split(separator)[:-1]
    quoted = next((place for place, cell in enumerate(cells) if cell.count('"') % 2), len(cells))
    return dict(zip(header, (cell.strip(' "') for cell in cells[:quoted]), strict=False))


def _wrong(cells: Sequence[str], width: int, needed: int) -> str:
    if len(cells) > width:
        return "there are more columns than in the header; put a text with commas in quotes"
    if len(cells) < needed:
        return f"this is half a row: {len(cells)} of {width} columns"
    return "" if is_text("".join(cells)) else NOT_TEXT


def is_text(written: str) -> bool:
    """False where a byte was no letter (read with `surrogateescape`), and for NUL, which no database keeps."""
    return written.isprintable() or not any(
        "\ud800" <= letter <= "\udfff" or letter == "\0" for letter in written
    )
