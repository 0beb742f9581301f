"""Many drafts about one thing: read together and sent together, each still a draft of its own case."""

from datetime import datetime

from sqlalchemy import UniqueConstraint
from sqlmodel import Field, SQLModel

#: The kind of a stack that holds answers to customers who wrote about the same thing.
ALIKE = "alike"


class Stack(SQLModel, table=True):
    """One thing that concerns many customers: an event of the shop, or what many of them write about.

    Its card in the channel names nobody.
    """

    __tablename__ = "stacks"

    id: int | None = Field(default=None, primary_key=True)
    #: What it is about, as a hash: nothing of a shop's own ids stands here.
    key: str = Field(unique=True)
    #: delay, outage, bill, price_drop: what the card calls it; alike: see the next two.
    kind: str = Field(max_length=16)
    #: What the drafts answer, and what they have in common, such as carrier and PostNord. Empty for an event.
    intent: str = Field(default="", max_length=32)
    tie: str = Field(default="", max_length=16)
    cause: str = ""
    happened_at: datetime
    #: When a colleague put it aside: nothing joins it after that.
    closed_at: datetime | None = None
    created_at: datetime


class StackedDraft(SQLModel, table=True):
    """One draft in a stack. It can be sent from there while that very version of its case's card is new."""

    __tablename__ = "stacked_drafts"
    __table_args__ = (UniqueConstraint("stack_id", "conversation_id"),)

    id: int | None = Field(default=None, primary_key=True)
    stack_id: int = Field(foreign_key="stacks.id", index=True, ondelete="CASCADE")
    conversation_id: int = Field(foreign_key="conversations.id", index=True, ondelete="CASCADE")
    #: The suggestion's version; a newer one takes the draft out of the stack.
    version: int
    #: The customer wrote before: the case has a card of its own in the channel as well.
    wrote_first: bool = False
    #: Somebody, or something that went wrong, gave the case a card of its own.
    taken_out_at: datetime | None = None
    stacked_at: datetime
