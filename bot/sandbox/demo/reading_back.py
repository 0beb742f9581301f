"""What the database says, for the story and for its proof."""

from dataclasses import dataclass

from sqlalchemy import func, select
from sqlmodel import Session, col

from storage.tables import FollowUp, FollowUpState, OutboxItem, Refund


@dataclass(frozen=True, slots=True)
class OutboxRow:
    """A mail's row in the outbox."""

    key: str
    state: str
    attempts: int


@dataclass(frozen=True, slots=True)
class Counts:
    """What one conversation has cost and sent."""

    mails: int
    refunds: int


def outbox_row(session: Session, conversation_id: int) -> OutboxRow:
    """The newest mail of a conversation."""
    mine = (col(OutboxItem.conversation_id) == conversation_id, col(OutboxItem.kind) == "mail")
    newest = select(OutboxItem).where(*mine).order_by(col(OutboxItem.id).desc()).limit(1)
    row = session.execute(newest).scalar_one()
    return OutboxRow(row.key, row.state.value, row.attempts)


def counts_for(session: Session, conversation_id: int) -> Counts:
    """How many mails and refunds a conversation has."""
    mails = (col(OutboxItem.conversation_id) == conversation_id, col(OutboxItem.kind) == "mail")
    return Counts(
        mails=session.execute(select(func.count()).select_from(OutboxItem).where(*mails)).scalar_one(),
        refunds=session.execute(
            select(func.count()).select_from(Refund).where(col(Refund.conversation_id) == conversation_id)
        ).scalar_one(),
    )


def follow_ups_in(session: Session, states: tuple[FollowUpState, ...]) -> dict[int, FollowUp]:
    """The follow-ups in these states, by conversation."""
    found = session.execute(select(FollowUp).where(col(FollowUp.state).in_(states))).scalars()
    return {each.conversation_id: each for each in found}
