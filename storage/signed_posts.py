"""Signed deliveries that were taken: the same one again changes nothing."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import delete, select
from sqlmodel import Session, col

from storage.engine import changed, insert_once
from storage.tables import SignedPost


def take(session: Session, keys: Sequence[str], now: datetime) -> bool:
    """Remember a delivery by all its keys, in the transaction that takes it; False when one of them was here before.

    A delivery that is in hand elsewhere at this moment is waited for.
    """
    taken = [insert_once(session, SignedPost, {"key": key, "taken_at": now}, ["key"]) for key in sorted(keys)]
    return None not in taken


def was_taken(session: Session, keys: Sequence[str]) -> bool:
    """Whether a delivery was taken before, by any of its keys."""
    return (
        session.execute(select(col(SignedPost.id)).where(col(SignedPost.key).in_(keys))).first() is not None
    )


def forget(session: Session, before: datetime) -> int:
    """Let go of those that nobody sends again; how many. Their signatures are too old by then anyway."""
    return changed(session, delete(SignedPost).where(col(SignedPost.taken_at) < before))
