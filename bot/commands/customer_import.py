"""customers import, merge, unmerge: what the shop knows of people, and which of them are one."""

from collections import Counter
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from sqlalchemy import Engine
from sqlalchemy.exc import IntegrityError

from bot.commands.customers import Who, the_customer
from bot.commands.lines import BAD, errors, opened_table
from bot.commands.progress import SlowProgress
from bot.commands.records import database
from bot.csv_files import CsvText
from bot.customer_imports import Bad, Read, read_customers
from storage import audit, joining
from storage.customer_records import CustomerRecord, Outcome, keep_many
from storage.engine import reading, transaction

BATCH = 500
#: Bad lines and repeated addresses told one by one.
MOST_TOLD = 100
console = Console(soft_wrap=True)
_OUTCOMES = {
    Outcome.NEW: "new",
    Outcome.CHANGED: "changed",
    Outcome.SAME: "as they are here already",
}


class _OnlyTried(Exception):
    """Rolls back what a dry run did."""


@dataclass
class ImportedCustomers:
    """What an import did, or would do."""

    outcomes: Counter[Outcome] = field(default_factory=Counter)
    bad: list[Bad] = field(default_factory=list)
    bad_lines: int = 0
    #: Lines whose address stood on an earlier line already: the later one counts.
    repeated: list[tuple[int, int]] = field(default_factory=list)
    repeats: int = 0

    @property
    def taken(self) -> int:
        """How many rows were read and kept."""
        return self.outcomes.total()


def import_customers(
    engine: Engine, csv: CsvText, known_at: datetime, now: datetime, *, dry_run: bool = False
) -> ImportedCustomers:
    """Take a file, five hundred people a commit. Twice changes nothing; raises ValueError when the header is wrong."""
    done = ImportedCustomers()
    #: A hash of each address, which is smaller, and the line it stood on.
    seen: dict[int, int] = {}
    batch: list[CustomerRecord] = []
    inside: set[str] = set()

    def flush() -> None:
        if batch:
            done.outcomes.update(_keep(engine, batch, known_at, now, dry_run=dry_run))
        batch.clear()
        inside.clear()

    for each in read_customers(csv.lines, now):
        if isinstance(each, Bad):
            done.bad_lines += 1
            done.bad += [each] if len(done.bad) < MOST_TOLD else []
            continue
        _notice_repeats(done, seen, each)
        if len(batch) >= BATCH or not inside.isdisjoint(each.record.emails):
            flush()
        batch.append(each.record)
        inside.update(each.record.emails)
    flush()
    return done


def _notice_repeats(done: ImportedCustomers, seen: dict[int, int], row: Read) -> None:
    for email in row.record.emails:
        before = seen.get(hash(email))
        if before is not None:
            done.repeats += 1
            done.repeated += [(before, row.number)] if len(done.repeated) < MOST_TOLD else []
        seen[hash(email)] = row.number


def _keep(
    engine: Engine, batch: list[CustomerRecord], known_at: datetime, now: datetime, *, dry_run: bool
) -> list[Outcome]:
    outcomes: list[Outcome] = []
    for attempt in range(3):
        try:
            with transaction(engine) as session:
                outcomes = keep_many(session, batch, known_at, now)
                if dry_run:
                    raise _OnlyTried
            return outcomes
        except _OnlyTried:
            return outcomes
        except IntegrityError:
            # Somebody who wrote in at this very moment: they are known now.
            if attempt == 2:
                raise
    return outcomes


def import_command(
    file: Annotated[
        Path, typer.Argument(help="A CSV with at least the column `email`; - is standard input.")
    ],
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help="Tell what would change, and change nothing.")
    ] = False,
) -> None:
    """Take what the shop knows of its customers; twice changes nothing. Bad lines are named, the others are taken."""
    with opened_table(file) as csv:
        done = _imported(csv, dry_run=dry_run)
    taken = "would be taken" if dry_run else "taken"
    gone = done.outcomes[Outcome.FORGOTTEN]
    console.print(f"{done.taken - gone} customers {taken}, {done.bad_lines} bad lines", highlight=False)
    _tell(done)
    if done.bad_lines:
        raise typer.Exit(BAD)


def _imported(csv: CsvText, *, dry_run: bool) -> ImportedCustomers:
    now = datetime.now(UTC)
    # What it says is as old as the file: what we learnt since then is not overwritten.
    known_at = min(csv.written_at or now, now)
    engine = database()
    with SlowProgress(errors) as progress:
        csv = CsvText(
            progress.followed("Customers", csv.lines, csv.position, csv.size_bytes),
            csv.encoding,
            csv.size_bytes,
            csv.position,
            csv.written_at,
        )
        done = import_customers(engine, csv, known_at, now, dry_run=dry_run)
    if not dry_run and done.taken:
        with transaction(engine) as session:
            counts = {outcome.value: count for outcome, count in done.outcomes.items()}
            audit.record(session, "customers_imported", now, operator="command line", **counts)
    return done


def _left_out(count: int) -> str:
    who = "1 row is of somebody who was" if count == 1 else f"{count} rows are of people who were"
    return f"{who} forgotten: left out"


def _tell(done: ImportedCustomers) -> None:
    told = [f"{done.outcomes[each]} {words}" for each, words in _OUTCOMES.items() if done.outcomes[each]]
    if told:
        errors.print(", ".join(told), markup=False, highlight=False)
    if done.outcomes[Outcome.FORGOTTEN]:
        errors.print(_left_out(done.outcomes[Outcome.FORGOTTEN]), markup=False, highlight=False)
    for before, number in done.repeated:
        errors.print(
            f"line {number}: this address stood on line {before} already; what line {number} says counts",
            style="yellow",
            markup=False,
            highlight=False,
        )
    if done.repeats > len(done.repeated):
        errors.print(f"... and {done.repeats - len(done.repeated)} more repeated addresses", markup=False)
    for each in done.bad:
        errors.print(f"line {each.number}: {each.reason}", style="red", markup=False)
    if done.bad_lines > len(done.bad):
        errors.print(f"... and {done.bad_lines - len(done.bad)} more bad lines", style="red", markup=False)


def merge_command(kept: Who, gone: Who) -> None:
    """Make two customers one: everything of the second becomes the first one's. `unmerge` takes it back."""
    engine = database()
    first, second = the_customer(engine, kept), the_customer(engine, gone)
    try:
        with transaction(engine) as session:
            row = joining.join(session, first, second, "joined by hand", datetime.now(UTC))
    except joining.CannotJoin as refusal:
        errors.print(str(refusal), style="red", markup=False)
        raise typer.Exit(1) from None
    moved = sum(len(ids) for ids in row.moved.values() if isinstance(ids, list))
    console.print(
        f"Customer {second} is customer {first} now; {moved} rows moved. "
        f"`tillid customers unmerge {first}` takes it back.",
        markup=False,
        highlight=False,
    )


def unmerge_command(
    who: Who,
    number: Annotated[
        int, typer.Option("--from", help="The customer to part from it; the last one joined without it.")
    ] = 0,
) -> None:
    """Part customers that were joined: what was moved goes back, what came since stays."""
    engine = database()
    kept = the_customer(engine, who)
    with reading(engine) as session:
        found = [each for each in joining.joined_to(session, kept) if number in (0, each.gone_id)]
    if not found:
        errors.print("Nobody was joined to that customer.", markup=False)
        raise typer.Exit(1)
    try:
        with transaction(engine) as session:
            row = joining.undo(session, found[0].id or 0, datetime.now(UTC))
    except joining.CannotJoin as refusal:
        errors.print(str(refusal), style="red", markup=False)
        raise typer.Exit(1) from None
    console.print(f"Customers {row.kept_id} and {row.gone_id} are two again.", highlight=False)
