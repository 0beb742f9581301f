"""Letters as leads published them: every version is kept, and what was brought back is a version too."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select
from sqlmodel import Session, col

from storage.engine import insert_once
from storage.tables import PublishedWording


@dataclass(frozen=True, slots=True)
class Version:
    """What is to be written down as the next version of a letter in a language."""

    letter: str
    language: str
    #: The whole template; empty: the files count again.
    text: str
    agent_id: int
    overridden: int = 0
    #: None for a new text, else the version that comes back; 0 for the files.
    brings_back: int | None = None


def state(session: Session) -> tuple[int, int]:
    """Differs whenever something was published since. Both are needed: a lower id may be committed later."""
    made = session.execute(select(func.count(), func.max(col(PublishedWording.id)))).one()
    return int(made[0]), int(made[1] or 0)


def in_force(session: Session) -> list[PublishedWording]:
    """The latest version of each letter and language, by letter and language; also those that gave way to files."""
    newest = select(func.max(col(PublishedWording.id))).group_by(
        col(PublishedWording.letter), col(PublishedWording.language)
    )
    wanted = select(PublishedWording).where(col(PublishedWording.id).in_(newest))
    order = (col(PublishedWording.letter), col(PublishedWording.language))
    return list(session.execute(wanted.order_by(*order)).scalars())


def history(session: Session, letter: str, language: str) -> list[PublishedWording]:
    """All versions of one letter in one language, newest first."""
    here = (col(PublishedWording.letter) == letter, col(PublishedWording.language) == language)
    ordered = select(PublishedWording).where(*here).order_by(col(PublishedWording.version).desc())
    return list(session.execute(ordered).scalars())


def latest(session: Session, letter: str, language: str) -> PublishedWording | None:
    """The version in force; None where nothing was ever published."""
    here = (col(PublishedWording.letter) == letter, col(PublishedWording.language) == language)
    ordered = select(PublishedWording).where(*here).order_by(col(PublishedWording.version).desc())
    return session.execute(ordered.limit(1)).scalar()


def publish(session: Session, new: Version, *, seen: int, now: datetime) -> int | None:
    """Write the next version down; its number. None where `seen` (0: nothing) is not the latest any more."""
    newest = latest(session, new.letter, new.language)
    if (newest.version if newest else 0) != seen:
        return None
    values = {
        "letter": new.letter,
        "language": new.language,
        "version": seen + 1,
        "text": new.text,
        "brings_back": new.brings_back,
        "overridden": new.overridden,
        "agent_id": new.agent_id,
        "published_at": now,
    }
    # Two at the same moment: the unique index lets one of them in.
    made = insert_once(session, PublishedWording, values, ["letter", "language", "version"])
    return seen + 1 if made is not None else None


def came_before(rows: list[PublishedWording]) -> int:
    """What an undo brings back, by `history`: the version that was in force before this one, 0 for the files."""
    by_number = {row.version: row for row in rows}

    def stood_for(number: int) -> int:
        row = by_number.get(number)
        return number if row is None or row.brings_back is None else row.brings_back

    now = stood_for(rows[0].version) if rows else 0
    return stood_for(now - 1) if now else 0
