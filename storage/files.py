"""Files of conversations: what came along, what goes along. Content and description are read apart."""

import hashlib
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import case, func, select, update
from sqlmodel import Session, col

from storage.engine import changed
from storage.tables import Direction, Message, StoredFile


@dataclass(frozen=True, slots=True)
class NewFile:
    """A file to be kept, looked at already: its name is safe, its type is what its bytes say."""

    name: str
    declared_type: str
    type: str
    content: bytes
    size_bytes: int
    #: Empty, too_large or too_many.
    left_out: str = ""
    #: An image as we drew it anew; empty for everything else.
    preview: bytes = b""


@dataclass(frozen=True, slots=True)
class FileLine:
    """A stored file without its content."""

    id: int
    name: str
    declared_type: str
    type: str
    size_bytes: int
    left_out: str
    has_preview: bool


_LINE = (
    col(StoredFile.id),
    col(StoredFile.name),
    col(StoredFile.declared_type),
    col(StoredFile.type),
    col(StoredFile.size_bytes),
    col(StoredFile.left_out),
    (func.length(col(StoredFile.preview)) > 0).label("has_preview"),
)


def add(
    session: Session,
    conversation_id: int,
    message_row_id: int | None,
    files: Sequence[NewFile],
    now: datetime,
) -> list[int]:
    """Keep files, in their order; their ids. Without a message they wait for the answer that will carry them."""
    rows = [
        StoredFile(
            conversation_id=conversation_id,
            message_row_id=message_row_id,
            position=position,
            name=file.name,
            declared_type=file.declared_type[:200],
            type=file.type,
            size_bytes=file.size_bytes,
            sha256=hashlib.sha256(file.content).hexdigest(),
            content=file.content,
            left_out=file.left_out,
            preview=file.preview,
            stored_at=now,
        )
        for position, file in enumerate(files)
    ]
    session.add_all(rows)
    session.flush()
    return [row.id for row in rows if row.id is not None]


def get(session: Session, file_id: int) -> StoredFile | None:
    """One file with its content."""
    return session.get(StoredFile, file_id)


def of_message(session: Session, message_row_id: int) -> list[FileLine]:
    """The files of one message, in their order."""
    here = col(StoredFile.message_row_id) == message_row_id
    statement = select(*_LINE).where(here).order_by(col(StoredFile.position), col(StoredFile.id))
    return [FileLine(*row) for row in session.execute(statement)]


def received(session: Session, conversation_id: int) -> list[FileLine]:
    """Every file that came into a conversation: those of its newest message first, in their order."""
    statement = (
        select(*_LINE)
        .join(Message, col(Message.id) == col(StoredFile.message_row_id))
        .where(
            col(StoredFile.conversation_id) == conversation_id,
            col(Message.direction) == Direction.IN,
        )
        .order_by(col(Message.id).desc(), col(StoredFile.position), col(StoredFile.id))
    )
    return [FileLine(*row) for row in session.execute(statement)]


def lines(session: Session, ids: Collection[int]) -> list[FileLine]:
    """Those files, in the order of their ids."""
    statement = select(*_LINE).where(col(StoredFile.id).in_(ids)).order_by(col(StoredFile.id))
    return [FileLine(*row) for row in session.execute(statement)]


def take_waiting(session: Session, conversation_id: int, ids: Sequence[int]) -> tuple[NewFile, ...]:
    """Files that wait for an answer, out of our keeping: whoever asks keeps them anew."""
    here = (
        col(StoredFile.id).in_(ids),
        col(StoredFile.conversation_id) == conversation_id,
        col(StoredFile.message_row_id).is_(None),
    )
    rows = list(session.execute(select(StoredFile).where(*here).order_by(col(StoredFile.id))).scalars())
    for row in rows:
        session.delete(row)
    return tuple(
        NewFile(row.name, row.declared_type, row.type, row.content, row.size_bytes, row.left_out, row.preview)
        for row in rows
    )


def give_to_message(session: Session, conversation_id: int, ids: Sequence[int], message_row_id: int) -> int:
    """The answer that carries these files is written: they are its own. How many still waited."""
    if not ids:
        return 0
    positions = {file_id: position for position, file_id in enumerate(ids)}
    statement = (
        update(StoredFile)
        .where(
            col(StoredFile.id).in_(ids),
            col(StoredFile.conversation_id) == conversation_id,
            col(StoredFile.message_row_id).is_(None),
        )
        .values(message_row_id=message_row_id, position=case(positions, value=col(StoredFile.id)))
        .execution_options(synchronize_session=False)
    )
    return changed(session, statement)
