"""What came in and waits, what is to go out, what failed, and the record of who did what."""

from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import BigInteger, Index, UniqueConstraint, text
from sqlmodel import Field, SQLModel

from storage.tables.columns import JSON_DOCUMENT, state_column


class InboxState(StrEnum):
    """Where an arrived item is."""

    NEW = "new"
    DONE = "done"
    QUARANTINED = "quarantined"


class OutboxState(StrEnum):
    """Where an effect is. `sending` is committed before the attempt, so a lost answer is seen."""

    PENDING = "pending"
    SENDING = "sending"
    SENT = "sent"
    FAILED = "failed"
    WITHDRAWN = "withdrawn"


class PromiseState(StrEnum):
    """What became of a promise."""

    OPEN = "open"
    KEPT = "kept"
    #: A newer answer names another day: that promise stands in its place.
    REPLACED = "replaced"
    #: It never reached the customer.
    WITHDRAWN = "withdrawn"


class KeptBy(StrEnum):
    """What kept a promise."""

    ANSWER = "answer"
    PRESS = "press"
    #: The case was called solved: opened again, it promises again.
    CASE = "case"
    MONEY = "money"


class InboxItem(SQLModel, table=True):
    """One thing the outside handed over, stored before it is acknowledged. Raw input lives only here."""

    __tablename__ = "inbox"
    __table_args__ = (
        UniqueConstraint("source", "external_id"),
        Index(
            "ix_inbox_new",
            "lane",
            "id",
            sqlite_where=text("state = 'new'"),
            postgresql_where=text("state = 'new'"),
        ),
        Index("ix_inbox_processed", "processed_at"),
    )

    id: int | None = Field(default=None, primary_key=True)
    #: mail:<mailbox> or slack:<team>.
    source: str
    #: Mail: sha256 of the raw bytes. Slack: the event id.
    external_id: str
    #: mail or slack.
    kind: str = Field(max_length=8)
    #: Items of one lane are processed one after the other, in their order.
    lane: str
    #: Message-ID or ts, so that a reply which overtakes its original joins the same lane.
    message_id: str | None = Field(default=None, index=True)
    raw: bytes
    state: InboxState = Field(default=InboxState.NEW, sa_type=state_column(InboxState))
    #: A worker has it until then; a dead worker's claim simply runs out.
    claimed_until: datetime | None = None
    attempts: int = 0
    received_at: datetime
    processed_at: datetime | None = None


class OutboxItem(SQLModel, table=True):
    """One effect on the outside: first a row, then an attempt. The only owner of retries."""

    __tablename__ = "outbox"
    __table_args__ = (
        Index(
            "ix_outbox_due",
            "due_at",
            sqlite_where=text("state IN ('pending', 'sending')"),
            postgresql_where=text("state IN ('pending', 'sending')"),
        ),
        Index(
            "ix_outbox_lane",
            "lane",
            "id",
            sqlite_where=text("state IN ('pending', 'sending')"),
            postgresql_where=text("state IN ('pending', 'sending')"),
        ),
        # What went to one person today, and the mornings of long ago: see `storage.digests`.
        Index("ix_outbox_kind_created", "kind", "created_at"),
    )

    id: int | None = Field(default=None, primary_key=True)
    #: Unique, and the idempotency key towards the other side.
    key: str = Field(unique=True)
    #: mail, slack_post, slack_card ...: which sender takes it.
    kind: str = Field(max_length=24)
    #: Rows of a lane go out in order.
    lane: str
    conversation_id: int | None = Field(default=None, foreign_key="conversations.id", index=True)
    payload: dict[str, Any] = Field(sa_type=JSON_DOCUMENT)
    #: A card's row is overwritten by its newest version; settling an older one changes nothing.
    version: int = 1
    state: OutboxState = Field(default=OutboxState.PENDING, sa_type=state_column(OutboxState))
    due_at: datetime
    attempts: int = 0
    #: Attempts of which nobody knows whether the other side took them: the process died, or the line did.
    uncertain: int = 0
    #: What the other side answered, such as {"ts": ...} or {"message_id": ...}.
    receipt: dict[str, Any] = Field(default_factory=dict, sa_type=JSON_DOCUMENT)
    error: str = ""
    created_at: datetime
    sent_at: datetime | None = None


class Promise(SQLModel, table=True):
    """A date we gave a customer in a text that was sent. Whoever has the case hears before it, the leads after it."""

    __tablename__ = "promises"
    __table_args__ = (
        Index(
            "ix_promises_open",
            "warn_at",
            sqlite_where=text("state = 'open'"),
            postgresql_where=text("state = 'open'"),
        ),
    )

    id: int | None = Field(default=None, primary_key=True)
    #: The key of the text it stands in, and its place there: noted once.
    key: str = Field(unique=True)
    conversation_id: int = Field(foreign_key="conversations.id", index=True, ondelete="CASCADE")
    #: Who signed it; NULL where a mail program does not say.
    agent_id: int | None = Field(default=None, foreign_key="agents.id")
    #: What was promised, as the customer read it; emptied when the case's messages are forgotten.
    sentence: str
    state: PromiseState = Field(default=PromiseState.OPEN, sa_type=state_column(PromiseState))
    #: Until when. Where a day was named and no hour, that day's last second.
    due_at: datetime
    whole_day: bool = False
    #: Where it has been put off: until when it was promised at first.
    first_due_at: datetime | None = None
    #: It is about money: kept when the case's refunds are settled.
    is_money: bool = False
    #: When whoever has the case is to hear of it, and when they did.
    warn_at: datetime
    warned_at: datetime | None = None
    #: When it was found broken, and the leads were told. Kept after that is kept too late.
    broken_at: datetime | None = None
    settled_at: datetime | None = None
    #: What kept it; NULL where it is not.
    kept_by: KeptBy | None = Field(default=None, sa_type=state_column(KeptBy))
    #: Who said that it was kept; NULL where an answer or the end of the case did.
    settled_by: int | None = Field(default=None, foreign_key="agents.id")
    created_at: datetime


class MailboxCursor(SQLModel, table=True):
    """How far one folder of one mailbox has been read."""

    __tablename__ = "mailbox_cursors"
    __table_args__ = (UniqueConstraint("mailbox", "folder"),)

    id: int | None = Field(default=None, primary_key=True)
    #: user@host, no password.
    mailbox: str
    folder: str
    uid_validity: int = Field(sa_type=BigInteger)
    #: Everything up to and with this UID has been stored.
    last_uid: int = Field(sa_type=BigInteger)
    read_at: datetime


class MailboxHealth(SQLModel, table=True):
    """Whether a mailbox can be read, and whether people have been told that it cannot."""

    __tablename__ = "mailbox_health"

    id: int | None = Field(default=None, primary_key=True)
    #: user@host, no password.
    mailbox: str = Field(unique=True)
    #: The last time it was looked into successfully.
    read_at: datetime
    #: Why it cannot be read now; empty while it can.
    trouble: str = ""
    #: When the triage channel was told of the trouble; NULL when there is nothing to take back.
    told_at: datetime | None = None


class Quarantine(SQLModel, table=True):
    """An inbox item that could not be read or processed; reported once, run again by `replay`."""

    __tablename__ = "quarantine"
    __table_args__ = (UniqueConstraint("inbox_id"),)

    id: int | None = Field(default=None, primary_key=True)
    inbox_id: int = Field(foreign_key="inbox.id", ondelete="CASCADE")
    #: The exception's class and message, one line.
    error: str
    traceback: str = ""
    happened_at: datetime
    replayed_at: datetime | None = None


class AuditEvent(SQLModel, table=True):
    """What happened, in the past tense, append-only. Ids only: no names, addresses or texts."""

    __tablename__ = "audit_events"
    __table_args__ = (Index("ix_audit_events_at", "at"), Index("ix_audit_events_agent_at", "agent_id", "at"))

    id: int | None = Field(default=None, primary_key=True)
    at: datetime
    #: Such as reply_sent, refund_requested, follow_up_cancelled.
    action: str = Field(max_length=40, index=True)
    conversation_id: int | None = Field(default=None, index=True)
    agent_id: int | None = None
    #: The row it is about, in the table the action names.
    subject_id: int | None = None
    #: Short facts: amounts, states, versions.
    details: dict[str, Any] = Field(default_factory=dict, sa_type=JSON_DOCUMENT)
