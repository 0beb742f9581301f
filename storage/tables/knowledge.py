"""What we know of a person and from where, how persons were joined, and what was forgotten."""

from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import UniqueConstraint
from sqlmodel import Field, SQLModel

from storage.tables.columns import JSON_DOCUMENT, state_column


class KnownField(SQLModel, table=True):
    """One field of a customer with where it comes from (R4-04). `customers` holds the best value of each again."""

    __tablename__ = "known_fields"
    __table_args__ = (UniqueConstraint("customer_id", "name"),)

    id: int | None = Field(default=None, primary_key=True)
    customer_id: int = Field(foreign_key="customers.id", index=True, ondelete="CASCADE")
    #: preferred_name, language, country, town, company, phone, since.
    name: str = Field(max_length=24)
    value: str
    #: orders, customers_file, mail, slack, agent.
    source: str = Field(max_length=24)
    known_at: datetime


class Consent(SQLModel, table=True):
    """A yes or no the person gave; append-only, the latest of a purpose counts."""

    __tablename__ = "consents"

    id: int | None = Field(default=None, primary_key=True)
    customer_id: int = Field(foreign_key="customers.id", index=True, ondelete="CASCADE")
    #: marketing.
    purpose: str = Field(max_length=24)
    given: bool
    source: str = Field(max_length=24)
    given_at: datetime


class CustomerNote(SQLModel, table=True):
    """Something a colleague or the shop wants remembered about a person; it expires."""

    __tablename__ = "customer_notes"

    id: int | None = Field(default=None, primary_key=True)
    customer_id: int = Field(foreign_key="customers.id", index=True, ondelete="CASCADE")
    #: note (a colleague's), sale (what was promised at the sale).
    kind: str = Field(default="note", max_length=8)
    text: str
    agent_id: int | None = Field(default=None, foreign_key="agents.id")
    source: str = Field(default="agent", max_length=24)
    created_at: datetime
    #: NULL: as long as the customer is kept (sales promises).
    expires_at: datetime | None = None


class JoinState(StrEnum):
    """Where the joining of two persons is."""

    PROPOSED = "proposed"
    JOINED = "joined"
    REFUSED = "refused"
    UNDONE = "undone"


class Join(SQLModel, table=True):
    """Two customers found to be one person, or proposed to be."""

    __tablename__ = "joins"
    __table_args__ = (UniqueConstraint("kept_id", "gone_id", "proposed_at"),)

    id: int | None = Field(default=None, primary_key=True)
    kept_id: int = Field(foreign_key="customers.id", index=True, ondelete="CASCADE")
    gone_id: int = Field(foreign_key="customers.id", index=True, ondelete="CASCADE")
    state: JoinState = Field(sa_type=state_column(JoinState))
    #: For the agent: the same phone number, the same order, by hand.
    because: str
    proposed_at: datetime
    decided_at: datetime | None = None
    decided_by: int | None = Field(default=None, foreign_key="agents.id")
    #: Row ids that moved, by table: what undoing moves back.
    moved: dict[str, Any] = Field(default_factory=dict, sa_type=JSON_DOCUMENT)


class ConfirmedPerson(SQLModel, table=True):
    """An agent made sure that whoever writes in this conversation is that customer."""

    __tablename__ = "confirmed_persons"
    __table_args__ = (UniqueConstraint("conversation_id", "address"),)

    id: int | None = Field(default=None, primary_key=True)
    conversation_id: int = Field(foreign_key="conversations.id", ondelete="CASCADE")
    customer_id: int = Field(foreign_key="customers.id", ondelete="CASCADE")
    #: The address they write from, lower case, or team:user.
    address: str
    agent_id: int = Field(foreign_key="agents.id")
    confirmed_at: datetime


class ShopEvent(SQLModel, table=True):
    """Something the shop told us that customers should hear from us first (R1-23)."""

    __tablename__ = "shop_events"
    __table_args__ = (UniqueConstraint("key", "customer_id"),)

    id: int | None = Field(default=None, primary_key=True)
    #: The shop's own id of the event.
    key: str
    #: delay, outage, bill, price_drop.
    kind: str = Field(max_length=16)
    customer_id: int = Field(foreign_key="customers.id", index=True, ondelete="CASCADE")
    order_id: int | None = Field(default=None, foreign_key="orders.id", ondelete="CASCADE")
    #: The conversation in which the draft stands.
    conversation_id: int | None = Field(
        default=None, foreign_key="conversations.id", index=True, ondelete="CASCADE"
    )
    details: dict[str, Any] = Field(default_factory=dict, sa_type=JSON_DOCUMENT)
    happened_at: datetime
    told_at: datetime


class SignedPost(SQLModel, table=True):
    """A signed delivery to our web address that was taken; the same one again changes nothing."""

    __tablename__ = "signed_posts"

    id: int | None = Field(default=None, primary_key=True)
    #: The sender's idempotency key, or the hash of the body.
    key: str = Field(unique=True)
    taken_at: datetime


class Erasure(SQLModel, table=True):
    """The certificate of an erasure: what went, what stays and why, and nobody's name."""

    __tablename__ = "erasures"

    id: int | None = Field(default=None, primary_key=True)
    #: Unguessable; given to the person who asked.
    number: str = Field(unique=True)
    #: Rows and files deleted, by kind.
    gone: dict[str, Any] = Field(default_factory=dict, sa_type=JSON_DOCUMENT)
    #: What stays, by kind, with the reason.
    kept: dict[str, Any] = Field(default_factory=dict, sa_type=JSON_DOCUMENT)
    erased_at: datetime
