"""Customers and how we reach them; agents and what they may do."""

from datetime import date, datetime
from enum import StrEnum

from sqlalchemy import UniqueConstraint
from sqlmodel import Field, SQLModel

from storage.tables.columns import state_column


class AddressKind(StrEnum):
    """What kind of door an address is."""

    EMAIL = "email"
    SLACK = "slack"
    PHONE = "phone"


class Role(StrEnum):
    """What a person in the workspace may do; each holds all that the one before holds."""

    AGENT = "agent"
    LEAD = "lead"
    MANAGER = "manager"


class Customer(SQLModel, table=True):
    """One person who writes to us. No field judges the person (R0-23), none holds what they spend (R2-05)."""

    __tablename__ = "customers"

    id: int | None = Field(default=None, primary_key=True)
    #: What the person wants to be called; empty: the greeting has no name.
    preferred_name: str = ""
    #: da, nb, nn, sv, en, de, fi; empty until known.
    language: str = Field(default="", max_length=8)
    #: The languages of their earlier messages, oldest first, space-separated, at most ten.
    past_languages: str = ""
    #: ISO 3166 alpha-2; empty until known.
    country: str = Field(default="", max_length=2)
    #: When the first order or the first message was.
    since_at: datetime
    #: The person asked for no follow-ups; answers to their own questions still go.
    no_follow_ups: bool = False
    #: Found to be the same person as this customer, to whom everything has moved.
    joined_to_id: int | None = Field(default=None, foreign_key="customers.id")
    #: Forgotten on request: nothing is sent to them any more, and nothing here names them.
    erased_at: datetime | None = None
    created_at: datetime


class CustomerAddress(SQLModel, table=True):
    """One address of one customer: lower-case e-mail, team:user in Slack, or a phone number in E.164."""

    __tablename__ = "customer_addresses"
    __table_args__ = (UniqueConstraint("kind", "value"),)

    id: int | None = Field(default=None, primary_key=True)
    customer_id: int = Field(foreign_key="customers.id", index=True, ondelete="CASCADE")
    kind: AddressKind = Field(sa_type=state_column(AddressKind))
    value: str
    #: Where we have it from: mail, slack, orders, import.
    source: str = ""
    #: A permanent bounce came from it: no follow-up goes there.
    bounced_at: datetime | None = None
    created_at: datetime


class Strike(SQLModel, table=True):
    """One time we let a customer down; from the first one on the customer is on the second chance (R2-09)."""

    __tablename__ = "strikes"
    __table_args__ = (UniqueConstraint("conversation_id"),)

    id: int | None = Field(default=None, primary_key=True)
    customer_id: int = Field(foreign_key="customers.id", index=True, ondelete="CASCADE")
    conversation_id: int = Field(foreign_key="conversations.id", ondelete="CASCADE")
    #: The intent it was about.
    kind: str
    happened_on: date


class Agent(SQLModel, table=True):
    """One colleague in the workspace. Not active: left the triage channel; may press nothing."""

    __tablename__ = "agents"

    id: int | None = Field(default=None, primary_key=True)
    slack_user_id: str = Field(unique=True)
    #: As customers see it in the sign-off.
    name: str
    role: Role = Field(default=Role.AGENT, sa_type=state_column(Role))
    active: bool = True
    #: What they read from us alone, as they chose it: en, da, nb, sv; empty: what the channel reads.
    language: str = Field(default="", max_length=8)
    #: They asked to be left alone until then: no remarks on their wording, no reminders.
    quiet_until: datetime | None = None
    #: Not at work until then: their cases are with the buddy, or nobody's.
    away_until: datetime | None = None
    buddy_id: int | None = Field(default=None, foreign_key="agents.id")
    created_at: datetime


class WatchedChannel(SQLModel, table=True):
    """A Slack channel in which customers write to us."""

    __tablename__ = "watched_channels"
    __table_args__ = (UniqueConstraint("team", "channel"),)

    id: int | None = Field(default=None, primary_key=True)
    team: str
    channel: str
    watched_since_at: datetime


class WatchedThread(SQLModel, table=True):
    """A Slack thread about which a colleague decided otherwise than its channel says."""

    __tablename__ = "watched_threads"
    __table_args__ = (UniqueConstraint("team", "channel", "thread_ts"),)

    id: int | None = Field(default=None, primary_key=True)
    team: str
    channel: str
    thread_ts: str
    #: True: what is said there comes in. False: it does not, also in a channel that is watched.
    watched: bool
    decided_at: datetime
