"""Mails of ours that a provider sent on under an id of its own: answers name that one, and not ours."""

from collections.abc import Sequence

from sqlalchemy import select
from sqlmodel import Session, col

from storage.tables import OutboxItem

#: Amazon SES tells only what stands before the @; the domain depends on the region.
SES = "amazonses.com"
#: So many of the nearest ids are looked for.
MOST_IDS = 20


def conversation_of(session: Session, message_ids: Sequence[str]) -> int | None:
    """The conversation of our mail that went out under one of these ids; the earlier in the list wins.

    Looks into what the providers answered, row by row: only for ids that no message has.
    """
    known = [_as_answered(each) for each in message_ids[:MOST_IDS] if "@" in each]
    if not known:
        return None
    other_id = col(OutboxItem.receipt)["other_id"].as_string()
    statement = select(other_id, col(OutboxItem.conversation_id)).where(
        col(OutboxItem.kind) == "mail", other_id.in_(known)
    )
    rows = session.execute(statement).all()
    nearest = min(rows, key=lambda row: known.index(row[0]), default=None)
    return nearest[1] if nearest is not None else None


def _as_answered(message_id: str) -> str:
    local, _, domain = message_id.rpartition("@")
    return local if domain.lower().endswith(SES) else message_id
