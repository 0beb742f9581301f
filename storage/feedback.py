"""What customers answered to follow-ups and surveys."""

from datetime import datetime

from sqlmodel import Session

from storage.engine import insert_once
from storage.tables import FeedbackAnswer


def add(
    session: Session, conversation_id: int, follow_up_id: int, message_row_id: int, now: datetime
) -> bool:
    """The first answer to a follow-up; False when it had one already."""
    values = {
        "conversation_id": conversation_id,
        "follow_up_id": follow_up_id,
        "message_row_id": message_row_id,
        "outcome": "unclear",
        "at": now,
    }
    return insert_once(session, FeedbackAnswer, values, ["follow_up_id"]) is not None
