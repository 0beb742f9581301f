"""The ledger of refunds, the follow-ups, and what customers answered. Ids only: no names in the ledger."""

from datetime import datetime
from enum import StrEnum

from sqlalchemy import BigInteger, CheckConstraint, Index, UniqueConstraint, text
from sqlmodel import Field, SQLModel

from storage.tables.columns import state_column


class RefundState(StrEnum):
    """Where a refund is. Only `declined` and `failed` give the amount free again."""

    REQUESTED = "requested"
    APPROVED = "approved"
    SETTLED = "settled"
    DECLINED = "declined"
    FAILED = "failed"


class FollowUpState(StrEnum):
    """Where a follow-up is."""

    PROPOSED = "proposed"
    SCHEDULED = "scheduled"
    SENDING = "sending"
    SENT = "sent"
    CANCELLED = "cancelled"
    FAILED = "failed"


class Refund(SQLModel, table=True):
    """Money to go back to a customer: one per key, however often somebody presses."""

    __tablename__ = "refunds"
    __table_args__ = (
        CheckConstraint("amount_minor > 0", name="amount_positive"),
        Index("ix_refunds_created", "created_at"),
        Index(
            "ix_refunds_asked",
            "created_at",
            sqlite_where=text("state = 'requested'"),
            postgresql_where=text("state = 'requested'"),
        ),
    )

    id: int | None = Field(default=None, primary_key=True)
    #: The idempotency key, also towards a payment provider.
    key: str = Field(unique=True)
    conversation_id: int = Field(foreign_key="conversations.id", index=True)
    #: NULL: no order known; a person checks the books before the money moves.
    order_id: int | None = Field(default=None, foreign_key="orders.id", index=True)
    #: refund, release, shipping_refund, price_difference, credit.
    kind: str = Field(max_length=24)
    #: A, B, C.
    tier: str = Field(max_length=1)
    amount_minor: int = Field(sa_type=BigInteger)
    currency: str = Field(max_length=3)
    state: RefundState = Field(sa_type=state_column(RefundState))
    #: A colleague must check the typing before it is done.
    needs_second_check: bool = False
    requested_by: int = Field(foreign_key="agents.id")
    decided_by: int | None = Field(default=None, foreign_key="agents.id")
    settled_by: int | None = Field(default=None, foreign_key="agents.id")
    created_at: datetime
    decided_at: datetime | None = None
    settled_at: datetime | None = None


class FollowUp(SQLModel, table=True):
    """The personal message after a solved case, in the agent's name. One is scheduled per conversation."""

    __tablename__ = "follow_ups"
    __table_args__ = (
        Index(
            "uq_follow_ups_one_scheduled",
            "conversation_id",
            unique=True,
            sqlite_where=text("state = 'scheduled'"),
            postgresql_where=text("state = 'scheduled'"),
        ),
        Index(
            "ix_follow_ups_due",
            "due_at",
            sqlite_where=text("state = 'scheduled'"),
            postgresql_where=text("state = 'scheduled'"),
        ),
    )

    id: int | None = Field(default=None, primary_key=True)
    conversation_id: int = Field(foreign_key="conversations.id", index=True, ondelete="CASCADE")
    agent_id: int = Field(foreign_key="agents.id", index=True)
    #: Names the template, such as money_arrived.
    kind: str = Field(max_length=24)
    state: FollowUpState = Field(sa_type=state_column(FollowUpState))
    due_at: datetime
    why: str = ""
    language: str = Field(default="", max_length=8)
    subject: str = ""
    #: What the agent saw and approved.
    text: str = ""
    approved_at: datetime | None = None
    sent_at: datetime | None = None
    cancelled_because: str = ""
    created_at: datetime


class FeedbackAnswer(SQLModel, table=True):
    """What a customer answered to a follow-up or a survey."""

    __tablename__ = "feedback_answers"
    __table_args__ = (UniqueConstraint("follow_up_id"),)

    id: int | None = Field(default=None, primary_key=True)
    conversation_id: int = Field(foreign_key="conversations.id", index=True, ondelete="CASCADE")
    follow_up_id: int | None = Field(default=None, foreign_key="follow_ups.id", ondelete="SET NULL")
    message_row_id: int | None = Field(default=None, foreign_key="messages.id", ondelete="SET NULL")
    #: 0..10 where a number was asked for.
    score: int | None = None
    #: fine, not_fine or unclear, as read from the words.
    outcome: str = Field(default="unclear", max_length=16)
    at: datetime
