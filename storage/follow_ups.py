"""The personal message after a solved case: one scheduled per conversation, sent once or cancelled."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import delete, func, select, update
from sqlmodel import Session, col

from storage import inbox, together
from storage.engine import changed
from storage.tables import Conversation, FollowUp, FollowUpState, OutboxItem, OutboxState


def schedule(session: Session, follow_up: FollowUp, now: datetime) -> FollowUp:
    """Set it; one that was scheduled before is cancelled first (at most one per conversation)."""
    cancel(session, follow_up.conversation_id, "replaced by a newer one", now)
    session.add(follow_up)
    session.flush()
    return follow_up


def cancel(session: Session, conversation_id: int, because: str, now: datetime) -> int | None:
    """Take back the scheduled follow-up; its id, or None when there is none. One that was proposed only is gone too."""
    del now
    proposed = (
        col(FollowUp.conversation_id) == conversation_id,
        col(FollowUp.state) == FollowUpState.PROPOSED,
    )
    session.execute(delete(FollowUp).where(*proposed))
    statement = (
        update(FollowUp)
        .where(
            col(FollowUp.conversation_id) == conversation_id, col(FollowUp.state) == FollowUpState.SCHEDULED
        )
        .values(state=FollowUpState.CANCELLED, cancelled_because=because)
        .returning(col(FollowUp.id))
    )
    return session.execute(statement).scalar()


def scheduled(session: Session, conversation_id: int) -> FollowUp | None:
    """The one that is set."""
    here = (
        col(FollowUp.conversation_id) == conversation_id,
        col(FollowUp.state) == FollowUpState.SCHEDULED,
    )
    return session.execute(select(FollowUp).where(*here)).scalar_one_or_none()


def due(session: Session, now: datetime, limit: int = 100) -> Sequence[FollowUp]:
    """Those whose time has come, longest waiting first."""
    ready = (col(FollowUp.state) == FollowUpState.SCHEDULED, col(FollowUp.due_at) <= now)
    statement = select(FollowUp).where(*ready).order_by(col(FollowUp.due_at)).limit(limit)
    return session.execute(statement).scalars().all()


def customer_wrote_since(session: Session, follow_up: FollowUp, conversation: Conversation) -> bool:
    """Whether the customer wrote after this follow-up was approved, even if nobody has understood it yet."""
    since = follow_up.approved_at or follow_up.created_at
    # What its reply answered too has the same follow-up: one for both.
    cases = (conversation, *together.answered_with(session, conversation))
    return any(
        each.last_customer_message_at > since or inbox.unread_since(session, each.lane, since)
        for each in cases
    )


def take(session: Session, follow_up_id: int) -> FollowUp | None:
    """Start sending it, once: None when it was cancelled or taken meanwhile."""
    statement = (
        update(FollowUp)
        .where(col(FollowUp.id) == follow_up_id, col(FollowUp.state) == FollowUpState.SCHEDULED)
        .values(state=FollowUpState.SENDING)
        .returning(FollowUp)
        .execution_options(synchronize_session=False, populate_existing=True)
    )
    return session.execute(statement).scalar_one_or_none()


def settle(session: Session, follow_up_id: int, *, sent: bool, now: datetime) -> None:
    """It went out, or failed to."""
    statement = (
        update(FollowUp)
        .where(col(FollowUp.id) == follow_up_id, col(FollowUp.state) == FollowUpState.SENDING)
        .values(state=FollowUpState.SENT if sent else FollowUpState.FAILED, sent_at=now if sent else None)
    )
    session.execute(statement)


def withdraw(session: Session, follow_up_id: int, because: str) -> bool:
    """Take back one that was being sent; False when it was not, and then nothing changes."""
    statement = (
        update(FollowUp)
        .where(col(FollowUp.id) == follow_up_id, col(FollowUp.state) == FollowUpState.SENDING)
        .values(state=FollowUpState.CANCELLED, cancelled_because=because)
    )
    return changed(session, statement) == 1


def last_sent(session: Session, conversation_id: int) -> FollowUp | None:
    """The latest one that really went out."""
    here = (col(FollowUp.conversation_id) == conversation_id, col(FollowUp.sent_at).is_not(None))
    newest = select(FollowUp).where(*here).order_by(col(FollowUp.id).desc()).limit(1)
    return session.execute(newest).scalar_one_or_none()


def move(session: Session, conversation_id: int, kind: str, due_at: datetime) -> None:
    """Count the scheduled one anew, when the date it hangs on has become known."""
    statement = (
        update(FollowUp)
        .where(
            col(FollowUp.conversation_id) == conversation_id,
            col(FollowUp.kind) == kind,
            col(FollowUp.state) == FollowUpState.SCHEDULED,
        )
        .values(due_at=due_at)
    )
    session.execute(statement)


def forget(session: Session, conversation_id: int) -> None:
    """Delete all of a conversation's follow-ups."""
    session.execute(delete(FollowUp).where(col(FollowUp.conversation_id) == conversation_id))


def mailed_to(session: Session, address: str, since: datetime) -> list[datetime]:
    """When follow-ups to that address were handed to the post since then, in whatever conversation; oldest first."""
    statement = (
        select(col(OutboxItem.created_at))
        .join(Conversation, col(Conversation.id) == col(OutboxItem.conversation_id))
        .where(
            col(OutboxItem.kind) == "mail",
            col(OutboxItem.key).startswith("follow_up:", autoescape=True),
            col(OutboxItem.state).not_in((OutboxState.FAILED, OutboxState.WITHDRAWN)),
            col(OutboxItem.created_at) > since,
            func.lower(col(Conversation.answer_to)) == address.lower(),
        )
        .order_by(col(OutboxItem.created_at))
    )
    return list(session.execute(statement).scalars())
