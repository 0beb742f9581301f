"""Drafts that a press has outdated: written down with the press, and made anew by whoever finds that, once."""

from datetime import datetime

from sqlalchemy import select, update
from sqlmodel import Session, col

from storage.tables import Conversation


def mark(session: Session, conversation: Conversation, now: datetime) -> None:
    """Its draft is to be made anew, also where whoever was to do it dies first."""
    conversation.redraft_since = conversation.redraft_since or now
    session.add(conversation)


def clear(session: Session, conversation_id: int) -> None:
    """There is a newer draft, or nobody wants one any more."""
    marked = (col(Conversation.id) == conversation_id, col(Conversation.redraft_since).is_not(None))
    cleared = update(Conversation).where(*marked).values(redraft_since=None)
    session.execute(cleared.execution_options(synchronize_session="fetch"))


def cases(session: Session, limit: int = 100) -> list[int]:
    """The cases that wait for it, the longest first."""
    marked = select(col(Conversation.id)).where(col(Conversation.redraft_since).is_not(None))
    longest = marked.order_by(col(Conversation.redraft_since), col(Conversation.id)).limit(limit)
    return [each for each in session.execute(longest).scalars() if each is not None]
