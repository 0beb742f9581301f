"""Bulk work into the database, five hundred records a commit, so that nobody else waits long."""

from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime

from sqlalchemy import Engine
from sqlalchemy.exc import IntegrityError, OperationalError

from bot.imports import BadLine, read_orders
from bot.rules.names import given_name
from storage.engine import reading, transaction
from storage.order_batches import UNTOUCHED, keep_many
from storage.order_copies import Outcome, compare
from storage.orders import OrderRecord

BATCH = 500
#: How often a batch is tried while somebody else stores the same order or customer, or holds the database.
TRIES = 4
#: How many bad lines and changed orders are told one by one.
MOST_TOLD = 1000


@dataclass
class Imported:
    """What an import did, or would do."""

    taken: int = 0
    #: The first `MOST_TOLD` of them.
    bad: list[BadLine] = field(default_factory=list)
    bad_lines: int = 0
    outcomes: Counter[Outcome] = field(default_factory=Counter)
    #: The numbers of the first orders that changed.
    changed: list[str] = field(default_factory=list)


def _nothing(_count: int) -> None:
    pass


def import_orders(
    engine: Engine,
    rows: Iterable[str],
    now: datetime,
    on_progress: Callable[[int], None] = _nothing,
    on_count: Callable[[int], None] = _nothing,
    *,
    dry_run: bool = False,
) -> Imported:
    """Take the orders of a CSV, whose facts are as old as `now`; doing it twice changes nothing.

    One that was killed goes on when it is run again: what is there already is only compared. A `dry_run` writes
    nothing. Raises ValueError when the header is wrong.
    """
    done = Imported()
    batch: list[OrderRecord] = []

    def finish() -> None:
        outcomes = _done(engine, batch, now, dry_run=dry_run)
        done.taken += len(batch)
        done.outcomes.update(outcomes)
        told = zip(batch, outcomes, strict=True)
        changed = [record.number for record, outcome in told if outcome is Outcome.CHANGED]
        done.changed += changed[: MOST_TOLD - len(done.changed)]
        on_progress(len(batch))
        batch.clear()

    for each in read_orders(rows, on_count):
        if isinstance(each, BadLine):
            done.bad_lines += 1
            if len(done.bad) < MOST_TOLD:
                done.bad.append(each)
            continue
        # A shop exports whole names; a letter greets by the given one, or by none.
        batch.append(replace(each, name=given_name(each.name)))
        if len(batch) >= BATCH:
            finish()
    if batch:
        finish()
    return done


def _done(engine: Engine, batch: Sequence[OrderRecord], now: datetime, *, dry_run: bool) -> list[Outcome]:
    with reading(engine) as session:
        outcomes = compare(session, batch, now)
    if dry_run or UNTOUCHED.issuperset(outcomes):
        return outcomes
    return kept(engine, batch, now)


def kept(engine: Engine, batch: Sequence[OrderRecord], now: datetime) -> list[Outcome]:
    """Keep them in one transaction, again and again while somebody else is in the way."""
    for attempt in range(1, TRIES + 1):
        try:
            with transaction(engine) as session:
                return keep_many(session, batch, now)
        except (IntegrityError, OperationalError):
            if attempt == TRIES:
                raise
    raise AssertionError  # the last attempt returns or raises
