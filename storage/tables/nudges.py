"""Private remarks on what a colleague wrote by hand; and the channels in which colleagues must be among themselves."""

from datetime import datetime
from enum import StrEnum

from sqlalchemy import Index, UniqueConstraint
from sqlmodel import Field, SQLModel

from storage.tables.columns import state_column


class NudgeAnswer(StrEnum):
    """What the colleague said to a remark."""

    NONE = ""
    FINE = "fine"
    #: Not again about this.
    MUTED = "muted"


class ChannelStanding(StrEnum):
    """Whether an internal channel is fit for internal posts."""

    INTERNAL = "internal"
    #: Another company reads along.
    SHARED = "shared"
    #: Somebody is in it who is not of the company: a guest, or a person of another workspace.
    OUTSIDERS = "outsiders"
    ARCHIVED = "archived"
    #: We are not in it any more, or it has another id now.
    GONE = "gone"


class Nudge(SQLModel, table=True):
    """One remark, shown to one colleague only. It holds no words: those are the message's."""

    __tablename__ = "nudges"
    __table_args__ = (Index("ix_nudges_agent", "agent_id", "created_at"),)

    id: int | None = Field(default=None, primary_key=True)
    agent_id: int = Field(foreign_key="agents.id")
    conversation_id: int = Field(foreign_key="conversations.id", index=True, ondelete="CASCADE")
    #: What the colleague wrote.
    message_row_id: int = Field(foreign_key="messages.id", unique=True, ondelete="CASCADE")
    #: What may be heard in it, such as demands_proof.
    category: str = Field(max_length=40)
    answer: NudgeAnswer = Field(default=NudgeAnswer.NONE, sa_type=state_column(NudgeAnswer))
    answered_at: datetime | None = None
    created_at: datetime


class MutedCategory(SQLModel, table=True):
    """Something a colleague does not want to be reminded of; lifted, it counts again from then on."""

    __tablename__ = "muted_categories"
    __table_args__ = (UniqueConstraint("agent_id", "category"),)

    id: int | None = Field(default=None, primary_key=True)
    agent_id: int = Field(foreign_key="agents.id")
    category: str = Field(max_length=40)
    muted_at: datetime
    lifted_at: datetime | None = None


class InternalChannel(SQLModel, table=True):
    """What we know of a channel that is for colleagues only."""

    __tablename__ = "internal_channels"

    id: int | None = Field(default=None, primary_key=True)
    channel: str = Field(unique=True)
    standing: ChannelStanding = Field(sa_type=state_column(ChannelStanding))
    #: When Slack was asked; NULL: something happened since, ask again.
    checked_at: datetime | None = None
    #: Since when it stands so.
    changed_at: datetime
