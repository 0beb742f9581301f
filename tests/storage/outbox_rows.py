"""Rows of the outbox: written, claimed and settled, each in a transaction of its own."""

from typing import Any

import builders
from builders import NOW
from sqlalchemy import Engine, func, select
from sqlmodel import Session, col

from storage import outbox
from storage.engine import transaction
from storage.tables import OutboxItem


def put(session: Session, key: str, lane: str = "", now: Any = NOW) -> int | None:
    return outbox.put(session, key, "mail", {"text": key}, now, lane=lane or key)


def written(engine: Engine, *keys: str, **options: Any) -> None:
    with transaction(engine) as session:
        for key in keys:
            assert put(session, key, **options) is not None


def refreshed(engine: Engine, words: str, conversation_id: int | None = None) -> int:
    with transaction(engine) as session:
        case = conversation_id or builders.identity(builders.conversation(session))
        outbox.refresh(session, "card", "card", {"text": words}, NOW, conversation_id=case)
        return case


def claim(engine: Engine, now: Any = NOW, limit: int = 20) -> list[outbox.Claimed]:
    with transaction(engine) as session:
        return outbox.claim(session, now, limit)


def settle_sent(engine: Engine, row: outbox.Claimed) -> bool:
    with transaction(engine) as session:
        return outbox.settle_sent(session, row, {"key": row.key}, NOW)


def row(engine: Engine, key: str) -> OutboxItem:
    with transaction(engine) as session:
        row = outbox.by_key(session, key)
        assert row is not None
        return row


def backlog(engine: Engine, now: Any) -> int:
    with transaction(engine) as session:
        assert session.execute(select(func.count(col(OutboxItem.id)))).scalar_one() > 0
        return outbox.backlog(session, now)
