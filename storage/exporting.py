"""Every table as JSON Lines and back: the same rows give the same bytes on either database.

A line is one row, its keys in alphabetical order; instants are ISO in UTC, bytes base64, states their values.
"""

import base64
import json
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import (
    JSON,
    Column,
    Date,
    DateTime,
    Enum,
    LargeBinary,
    Table,
    func,
    insert,
    null,
    select,
    text,
    update,
)
from sqlalchemy.exc import DBAPIError
from sqlalchemy.types import TypeDecorator
from sqlmodel import Session, SQLModel

#: Rows read or written together; fewer where a row may hold a whole file.
ROWS, LARGE_ROWS = 500, 20


class BrokenLine(Exception):
    """A line that cannot be taken in; the text says which and why."""


@dataclass(frozen=True, slots=True)
class Line:
    """One line of a table's file, by its number."""

    number: int
    text: str


def tables() -> list[Table]:
    """Every table of ours, parents before their children."""
    return list(SQLModel.metadata.sorted_tables)


def revision(session: Session) -> str:
    """The shape of the database: only the same shape takes the rows back."""
    return str(session.execute(text("SELECT version_num FROM alembic_version")).scalar_one())


def count(session: Session, table: Table) -> int:
    """How many rows there are."""
    return int(session.execute(select(func.count()).select_from(table)).scalar_one())


def lines(session: Session, table: Table) -> Iterator[str]:
    """The table's rows, oldest first, each with its line end."""
    statement = select(table).order_by(table.c.id).execution_options(yield_per=_batch(table))
    for row in session.execute(statement).mappings():
        values = {column.name: _told(row[column.name]) for column in table.columns}
        yield json.dumps(values, ensure_ascii=False, sort_keys=True, separators=(",", ":")) + "\n"


def _batch(table: Table) -> int:
    return LARGE_ROWS if any(isinstance(each.type, LargeBinary) for each in table.columns) else ROWS


def _told(value: Any) -> Any:
    if isinstance(value, StrEnum):
        return value.value
    if isinstance(value, datetime):
        return value.astimezone(UTC).isoformat()
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, bytes | memoryview):
        return base64.b64encode(value).decode("ascii")
    return value


def take_in(session: Session, table: Table, given: Iterable[Line]) -> int:
    """Insert a table's lines; how many. Raises BrokenLine; whoever catches it rolls everything back."""
    own = [each.parent.name for each in table.foreign_keys if each.column.table is table]
    later: list[dict[str, Any]] = []
    taken, batch = 0, []
    for line in given:
        row = _row(table, line)
        # A row may point at one of its own table that comes after it.
        if any(row[name] is not None for name in own):
            later.append({"id": row["id"], **{name: row[name] for name in own}})
            row |= dict.fromkeys(own)
        batch.append((line, row))
        if len(batch) >= _batch(table):
            taken += _insert(session, table, batch)
            batch = []
    taken += _insert(session, table, batch)
    for each in later:
        pointing = {name: each[name] for name in own}
        session.execute(update(table).where(table.c.id == each["id"]).values(**pointing))
    _count_on(session, table)
    return taken


def _insert(session: Session, table: Table, batch: Sequence[tuple[Line, dict[str, Any]]]) -> int:
    if not batch:
        return 0
    try:
        with session.begin_nested():
            session.execute(insert(table), [row for _, row in batch])
    except DBAPIError:
        for line, row in batch:
            _insert_one(session, table, line, row)
    return len(batch)


def _insert_one(session: Session, table: Table, line: Line, row: dict[str, Any]) -> None:
    try:
        with session.begin_nested():
            session.execute(insert(table), [row])
    except DBAPIError as error:
        raise BrokenLine(f"line {line.number}: the database does not take it ({_kind(error)})") from None


def _kind(error: DBAPIError) -> str:
    # Only the driver's first line: those below it hold the row's values.
    return str(error.orig).partition("\n")[0][:200]


def _row(table: Table, line: Line) -> dict[str, Any]:
    try:
        given = json.loads(line.text)
    except ValueError:
        raise BrokenLine(f"line {line.number}: not JSON; half a line, perhaps") from None
    names = {each.name for each in table.columns}
    if not isinstance(given, dict) or set(given) != names:
        raise BrokenLine(f"line {line.number}: must hold exactly {', '.join(sorted(names))}")
    return {column.name: _value(column, given[column.name], line.number) for column in table.columns}


def _value(column: Column[Any], given: Any, number: int) -> Any:
    kind = column.type.impl_instance if isinstance(column.type, TypeDecorator) else column.type
    try:
        if given is None:
            if not column.nullable:
                raise ValueError("nothing")
            # The database's own NULL, not JSON's.
            return null() if isinstance(kind, JSON) else None
        if isinstance(kind, Enum):
            assert kind.enum_class is not None
            return kind.enum_class(given)
        if isinstance(kind, DateTime):
            return datetime.fromisoformat(given)
        if isinstance(kind, Date):
            return date.fromisoformat(given)
        if isinstance(kind, LargeBinary):
            return base64.b64decode(given, validate=True)
        if kind.python_type in (str, int, bool) and type(given) is not kind.python_type:
            raise ValueError("of another kind")
    except (ValueError, TypeError):
        raise BrokenLine(f"line {number}: {column.name} is not a value of that column") from None
    return given


def _count_on(session: Session, table: Table) -> None:
    """PostgreSQL counts ids beside the table: the next one comes after ours."""
    if session.get_bind().dialect.name != "postgresql":
        return
    highest = session.execute(select(func.max(table.c.id))).scalar()
    if highest is not None:
        sequence = func.pg_get_serial_sequence(table.name, "id")
        session.execute(select(func.setval(sequence, highest)))
