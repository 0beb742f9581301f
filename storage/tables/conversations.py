"""Conversations, what was said in them, and the cards with our drafts."""

from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import Index, UniqueConstraint, text
from sqlmodel import Field, SQLModel

from storage.tables.columns import JSON_DOCUMENT, state_column


class ConversationState(StrEnum):
    """Whether there is work in it."""

    OPEN = "open"
    SNOOZED = "snoozed"
    RESOLVED = "resolved"


class WaitingOn(StrEnum):
    """Who has the next word."""

    US = "us"
    CUSTOMER = "customer"


class Direction(StrEnum):
    """Which way a message went."""

    IN = "in"
    OUT = "out"


class CardState(StrEnum):
    """Where a card is. From `sending` on, its first buttons are gone."""

    NEW = "new"
    SENDING = "sending"
    SENT = "sent"
    FAILED = "failed"
    DISMISSED = "dismissed"
    WITHDRAWN = "withdrawn"
    SHOWN = "shown"


class Conversation(SQLModel, table=True):
    """One case: a mail thread or a Slack thread with one customer."""

    __tablename__ = "conversations"
    __table_args__ = (
        UniqueConstraint("team", "slack_channel", "thread_ts"),
        Index("ix_conversations_state_waiting", "state", "waiting_on", "last_customer_message_at"),
        Index("ix_conversations_opened", "opened_at"),
        Index(
            "ix_conversations_redraft",
            "redraft_since",
            sqlite_where=text("redraft_since IS NOT NULL"),
            postgresql_where=text("redraft_since IS NOT NULL"),
        ),
    )

    id: int | None = Field(default=None, primary_key=True)
    #: email or slack.
    channel: str = Field(max_length=8)
    customer_id: int = Field(foreign_key="customers.id", index=True)
    #: Who answers; empty until somebody acts.
    agent_id: int | None = Field(default=None, foreign_key="agents.id", index=True)
    #: The colleague whom the customer knows: the next letter says by name who has taken over; empty once it has.
    known_agent_id: int | None = Field(default=None, foreign_key="agents.id")
    subject: str = ""
    state: ConversationState = Field(default=ConversationState.OPEN, sa_type=state_column(ConversationState))
    waiting_on: WaitingOn = Field(default=WaitingOn.US, sa_type=state_column(WaitingOn))
    #: Raised by everything that changes the conversation; a write that read another version starts over.
    version: int = 0
    #: The inbox lane of its first message: later messages of the thread queue behind it.
    lane: str = Field(index=True)
    #: Unguessable; stands in the address and the headers of our mails.
    reply_token: str = Field(unique=True)
    #: need, accepted, solution, accept_asked, accepted_by_customer, reopened (the BALA step).
    bala: str = Field(default="need", max_length=24)
    language: str = Field(default="", max_length=8)
    #: thinker, feeler, doer; of this conversation only, never of the person.
    customer_type: str | None = Field(default=None, max_length=8)
    intent: str = Field(default="other", max_length=32)
    #: A person corrected the intent; it wins over the reading.
    intent_corrected: bool = False
    #: A person said which language it is; it wins over the reading.
    language_corrected: bool = False
    feeling: int = 0
    urgent: bool = False
    order_id: int | None = Field(default=None, foreign_key="orders.id")
    #: Mail only: it was written in a form on a page.
    by_form: bool = False
    #: The case whose reply answers this one too. No foreign key: the other may be forgotten first.
    answered_with_id: int | None = Field(default=None, index=True)
    #: A colleague took it apart from the person's other open cases: it keeps a card of its own until it is solved.
    stands_alone: bool = False
    #: Mail only: which of our mailboxes, and the address answers go to.
    mailbox: str = ""
    answer_to: str = ""
    #: Slack only, empty for mail made unique by NULLs.
    team: str | None = None
    slack_channel: str | None = None
    thread_ts: str | None = None
    opened_at: datetime
    last_customer_message_at: datetime
    first_answer_at: datetime | None = None
    resolved_at: datetime | None = None
    #: When a snoozed case comes back. It stays set after that: whoever has the case sees it first.
    snoozed_until: datetime | None = None
    #: Since when its draft is out of date and to be made anew; empty once it has been, or nobody wants it any more.
    redraft_since: datetime | None = None


class Message(SQLModel, table=True):
    """One message in a conversation, masked (card and civil registration numbers never reach this table)."""

    __tablename__ = "messages"
    __table_args__ = (
        UniqueConstraint("message_id", "body_hash"),
        UniqueConstraint("team", "slack_channel", "ts"),
        Index("ix_messages_conversation_at", "conversation_id", "at"),
    )

    id: int | None = Field(default=None, primary_key=True)
    conversation_id: int = Field(foreign_key="conversations.id", ondelete="CASCADE")
    direction: Direction = Field(sa_type=state_column(Direction))
    #: The RFC 5322 Message-ID without brackets, or NULL for Slack and for mail that has none.
    message_id: str | None = Field(default=None, index=True)
    body_hash: str | None = None
    team: str | None = None
    slack_channel: str | None = None
    ts: str | None = None
    #: Whole text, and the newly written part.
    text: str
    reply: str
    #: The sender as shown on the card: a name, never an id.
    sender_name: str = ""
    customer_id: int | None = Field(default=None, foreign_key="customers.id")
    agent_id: int | None = Field(default=None, foreign_key="agents.id")
    #: NULL for a person's message, else auto_reply, bounce, delay, list, own, event (the shop told us).
    automatic: str | None = Field(default=None, max_length=16)
    #: pass, fail, unknown.
    authentication: str = Field(default="unknown", max_length=8)
    #: [{"name", "type", "size_bytes"}]
    attachments: list[dict[str, Any]] = Field(default_factory=list, sa_type=JSON_DOCUMENT)
    #: answer or follow_up for our own messages, message for the customer's; answered_with where another case's
    #: reply answered this one too: then it names that case and holds nothing of the letter.
    kind: str = Field(default="message", max_length=16)
    at: datetime


class Suggestion(SQLModel, table=True):
    """One version of a card: what we understood, what we suggest, and what a person made of it."""

    __tablename__ = "suggestions"
    __table_args__ = (
        UniqueConstraint("conversation_id", "version"),
        # At most one card of a conversation can be pressed. One whose reply is on its way may stand beside it.
        Index(
            "uq_suggestions_one_live",
            "conversation_id",
            unique=True,
            sqlite_where=text("state = 'new'"),
            postgresql_where=text("state = 'new'"),
        ),
        Index("ix_suggestions_created", "created_at"),
    )

    id: int | None = Field(default=None, primary_key=True)
    conversation_id: int = Field(foreign_key="conversations.id", ondelete="CASCADE")
    #: The message it answers.
    message_row_id: int = Field(foreign_key="messages.id", ondelete="CASCADE")
    #: 1, 2, 3 ... within the conversation; a click names the version it saw.
    version: int
    state: CardState = Field(sa_type=state_column(CardState))
    #: Which rule fired, and which passed before it, in order.
    rule: str
    passed: list[str] = Field(default_factory=list, sa_type=JSON_DOCUMENT)
    #: What was understood: see bot.rules.facts.Reading.
    reading: dict[str, Any] = Field(default_factory=dict, sa_type=JSON_DOCUMENT)
    intent: str = Field(max_length=32)
    situation: str = Field(default="", max_length=16)
    template: str | None = None
    language: str = Field(default="", max_length=8)
    #: See bot.rules.decisions.Remedy; NULL without one.
    remedy: dict[str, Any] | None = Field(default=None, sa_type=JSON_DOCUMENT)
    #: {"kind", "due_at", "why"}; NULL without one.
    follow_up: dict[str, Any] | None = Field(default=None, sa_type=JSON_DOCUMENT)
    #: What the template was given: a follow-up of this case is rendered from it too.
    context: dict[str, Any] = Field(default_factory=dict, sa_type=JSON_DOCUMENT)
    owner_only: str | None = None
    #: The person's other open cases whose matters the draft names: Send answers them too.
    speaks_for: list[int] = Field(default_factory=list, sa_type=JSON_DOCUMENT)
    #: We let this customer down before (R2-09).
    second_chance: bool = False
    subject: str = ""
    #: The draft; empty where there is none.
    text: str = ""
    #: What went out, where it differs from the draft.
    final_text: str | None = None
    hints: list[str] = Field(default_factory=list, sa_type=JSON_DOCUMENT)
    #: How many trust findings the draft had when it was made, and the text that was sent.
    findings_drafted: int = 0
    findings_sent: int | None = None
    #: A person's own wording was tried and held these findings before it was changed.
    findings_caught: int = 0
    created_at: datetime
    decided_at: datetime | None = None
    decided_by: int | None = Field(default=None, foreign_key="agents.id")
    dismiss_reason: str = ""
    #: A colleague says that this message asks for nothing: training data for the reading.
    not_a_request: bool = False
    #: What Send changed, as long as it can be taken back: ids and states, no texts.
    undo: dict[str, Any] = Field(default_factory=dict, sa_type=JSON_DOCUMENT)
    #: A reply that was taken back keeps the files that a colleague had picked, and whether the letter's own goes.
    kept_files: list[int] = Field(default_factory=list, sa_type=JSON_DOCUMENT)
    with_house_file: bool = True
