"""The record of who did what: append-only, ids and short facts, no names or texts."""

from datetime import datetime
from typing import Any

from sqlmodel import Session

from storage.tables import AuditEvent


def record(
    session: Session,
    action: str,
    now: datetime,
    *,
    conversation_id: int | None = None,
    agent_id: int | None = None,
    subject_id: int | None = None,
    **details: Any,
) -> None:
    """Add one event, named in the past tense (`reply_sent`)."""
    session.add(
        AuditEvent(
            at=now,
            action=action,
            conversation_id=conversation_id,
            agent_id=agent_id,
            subject_id=subject_id,
            details=details,
        )
    )
