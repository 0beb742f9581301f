"""The house's own words for its letters, as leads published them in chat."""

from datetime import datetime

from sqlalchemy import UniqueConstraint
from sqlmodel import Field, SQLModel


class PublishedWording(SQLModel, table=True):
    """One version of one letter in one language; append-only, the highest version is in force."""

    __tablename__ = "published_wordings"
    __table_args__ = (UniqueConstraint("letter", "language", "version"),)

    id: int | None = Field(default=None, primary_key=True)
    #: Such as reply/double_charge_granted.
    letter: str = Field(max_length=64)
    language: str = Field(max_length=8)
    #: 1, 2, 3 ... within the letter and language.
    version: int
    #: The whole template. Empty: the files count again.
    text: str
    #: NULL for a new text. What an undo brought back: that version, or 0 for the files.
    brings_back: int | None = None
    #: Serious findings of the trust check with which it was published all the same.
    overridden: int = 0
    agent_id: int = Field(foreign_key="agents.id")
    published_at: datetime
