"""Bulk work into the database, five hundred records a commit, so that nobody else waits long."""

import itertools
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field, replace
from datetime import datetime

from sqlalchemy import Engine
from sqlmodel import Session

from bot.imports import BadLine, read_orders
from bot.rules.names import given_name
from storage import orders
from storage.engine import transaction
from storage.orders import OrderRecord

BATCH = 500


@dataclass
class Imported:
    """What an import did."""

    taken: int = 0
    bad: list[BadLine] = field(default_factory=list)


def import_orders(
    engine: Engine, rows: Iterable[str], now: datetime, on_progress: Callable[[int], None] = lambda _: None
) -> Imported:
    """Take the orders of a CSV; doing it twice changes nothing. Raises ValueError when the header is wrong."""
    done = Imported()
    batch: list[OrderRecord] = []
    for each in itertools.chain(read_orders(rows), [None]):
        if isinstance(each, BadLine):
            done.bad.append(each)
        elif each is not None:
            batch.append(each)
        if len(batch) >= BATCH or each is None:
            with transaction(engine) as session:
                _keep(session, batch, now)
            done.taken += len(batch)
            on_progress(len(batch))
            batch = []
    return done


def _keep(session: Session, batch: Iterable[OrderRecord], now: datetime) -> None:
    for record in batch:
        # A shop exports whole names; a letter greets by the given one, or by none.
        orders.keep(session, replace(record, name=given_name(record.name)), now)
