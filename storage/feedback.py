"""What customers answered to follow-ups and surveys."""

from datetime import datetime

from sqlalchemy import select
from sqlmodel import Session, col

from storage.tables import FeedbackAnswer


def add(
    session: Session, conversation_id: int, follow_up_id: int, message_row_id: int, now: datetime
) -> bool:
    """The first answer to a follow-up; False when it had one already."""
    known = select(col(FeedbackAnswer.id)).where(col(FeedbackAnswer.follow_up_id) == follow_up_id)
    if session.execute(known).first() is not None:
        return False
    session.add(
        FeedbackAnswer(
            conversation_id=conversation_id,
            follow_up_id=follow_up_id,
            message_row_id=message_row_id,
            at=now,
        )
    )
    return True
