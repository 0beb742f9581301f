"""Drafts that are not wanted any more because the customer wrote first."""

from datetime import datetime

from sqlmodel import Session

from bot.card_rows import refresh_stack
from storage import audit, conversations, stacks


def customer_wrote(session: Session, customer_id: int, conversation_id: int, now: datetime) -> None:
    """Drafts to somebody who has just written are withdrawn: the answer to their words goes first."""
    changed = set()
    for row in stacks.drafts_to(session, customer_id):
        if row.conversation_id == conversation_id:
            continue
        case = conversations.hold(session, row.conversation_id)
        if case is None:
            continue
        if not conversations.withdraw_live(session, row.conversation_id, now):
            continue
        stacks.close(session, case, now)
        changed.add(row.stack_id)
        audit.record(session, "event_draft_withdrawn", now, conversation_id=case.id, subject_id=row.stack_id)
    for stack_id in sorted(changed):
        refresh_stack(session, stack_id, now)
