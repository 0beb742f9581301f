"""Files that came with messages or go out with answers, and the links by which somebody stops our letters."""

from datetime import datetime

from sqlalchemy import Index
from sqlmodel import Field, SQLModel


class StoredFile(SQLModel, table=True):
    """One file of a conversation. Never executed; an image is shown only as the copy we made of it."""

    __tablename__ = "files"
    __table_args__ = (
        Index("ix_files_conversation", "conversation_id"),
        Index("ix_files_message", "message_row_id"),
    )

    id: int | None = Field(default=None, primary_key=True)
    conversation_id: int = Field(foreign_key="conversations.id", ondelete="CASCADE")
    #: The message it came or went with; NULL while an answer that will carry it is being written.
    message_row_id: int | None = Field(default=None, foreign_key="messages.id", ondelete="CASCADE")
    #: Order within the message, from 0.
    position: int = 0
    #: Made safe: no path, no control characters, at most 120 characters, with its ending.
    name: str
    #: What the mail said it is, and what its bytes say; `application/octet-stream` where they say nothing.
    declared_type: str = ""
    type: str = ""
    size_bytes: int
    #: Of the content, hex.
    sha256: str
    #: Empty where `left_out` says why.
    content: bytes = b""
    #: Empty, too_large or too_many.
    left_out: str = Field(default="", max_length=16)
    #: An image as we drew it anew (PNG or JPEG, at most 1,600 pixels); empty for everything else.
    preview: bytes = b""
    stored_at: datetime


class UnsubscribeLink(SQLModel, table=True):
    """The unguessable address behind "stop these letters" in one automatic mail (RFC 8058)."""

    __tablename__ = "unsubscribe_links"

    id: int | None = Field(default=None, primary_key=True)
    token: str = Field(unique=True)
    customer_id: int = Field(foreign_key="customers.id", index=True, ondelete="CASCADE")
    created_at: datetime
    used_at: datetime | None = None
