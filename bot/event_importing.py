"""A file of events into drafts, a few people a commit, so that nobody else waits long."""

from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime

from sqlalchemy import Engine
from sqlalchemy.exc import IntegrityError, OperationalError

from bot.card_rows import Moved
from bot.event_files import Line, read_events
from bot.event_outcomes import DONE, Outcome
from bot.house import House
from bot.imports import BadLine
from bot.telling_events import Delivery, tell_all
from storage import audit
from storage.engine import transaction

#: Each of them is a letter that is written and checked.
BATCH = 50
#: How often a batch is tried while somebody else writes about the same people.
TRIES = 4
#: Lines told one by one.
MOST_TOLD = 1000


class _OnlyTried(Exception):
    """Rolls back what a dry run did."""


@dataclass
class ImportedEvents:
    """What an import did, or would do."""

    outcomes: Counter[Outcome] = field(default_factory=Counter)
    #: The first `MOST_TOLD` of each: lines that could not be read, and people for whom no draft stands.
    bad: list[BadLine] = field(default_factory=list)
    bad_lines: int = 0
    without: list[tuple[int, Outcome]] = field(default_factory=list)

    @property
    def drafts(self) -> int:
        """How many drafts were made, for the first time or anew."""
        return self.outcomes[Outcome.NEW] + self.outcomes[Outcome.CHANGED]


def _nothing(_count: int) -> None:
    pass


def import_events(
    engine: Engine,
    house: House,
    rows: Iterable[str],
    told_at: datetime,
    now: datetime,
    on_progress: Callable[[int], None] = _nothing,
    *,
    dry_run: bool = False,
) -> ImportedEvents:
    """Take the events of a CSV, told at `told_at` where a row does not say; doing it twice changes nothing.

    A `dry_run` writes nothing. Raises ValueError when the header is wrong.
    """
    done = ImportedEvents()
    delivery = Delivery()
    batch: list[Line] = []

    def finish() -> None:
        outcomes = _told(engine, house, batch, delivery, now, dry_run=dry_run)
        done.outcomes.update(outcomes)
        left = [(each.number, outcome) for each, outcome in zip(batch, outcomes, strict=True)]
        done.without += [each for each in left if each[1] not in DONE][: MOST_TOLD - len(done.without)]
        on_progress(len(batch))
        batch.clear()

    for each in read_events(rows):
        if isinstance(each, BadLine):
            done.bad_lines += 1
            done.bad += [each] if len(done.bad) < MOST_TOLD else []
            continue
        batch.append(each._replace(told=replace(each.told, updated_at=each.told.updated_at or told_at)))
        if len(batch) >= BATCH:
            finish()
    if batch:
        finish()
    if done.drafts and not dry_run:
        counts = {outcome.value: count for outcome, count in done.outcomes.items() if count}
        with transaction(engine) as session:
            audit.record(session, "events_imported", now, operator="command line", **counts)
    return done


def _told(
    engine: Engine, house: House, batch: Sequence[Line], delivery: Delivery, now: datetime, *, dry_run: bool
) -> list[Outcome]:
    outcomes: list[Outcome] = []
    for attempt in range(1, TRIES + 1):
        try:
            with transaction(engine) as session:
                outcomes = tell_all(session, house, [each.told for each in batch], delivery, now)
                if dry_run:
                    raise _OnlyTried
            return outcomes
        except _OnlyTried:
            return outcomes
        except (IntegrityError, OperationalError, Moved):
            if attempt == TRIES:
                raise
    raise AssertionError  # the last attempt returns or raises
