"""stats, orders, customers, replay: what is in the database."""

import json
from dataclasses import asdict
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from rich.table import Table
from rich.text import Text
from sqlalchemy import Engine
from sqlalchemy.exc import DBAPIError

from bot.commands.lines import BAD, errors, opened_table, show
from bot.commands.progress import SlowProgress
from bot.csv_files import CsvText
from bot.errors import ConfigError
from bot.house import open_house
from bot.importing import Imported, import_orders
from bot.rules.business_days import zone
from bot.settings import load
from bot.stats import UnknownQuestion, answer, parse
from storage import inbox
from storage.engine import connect, reading, transaction
from storage.figures import Figures
from storage.migrate import migrate
from storage.order_copies import Outcome

#: How many changed orders a dry run names.
MOST_SHOWN = 20
orders = typer.Typer(help="What the shop's books say.", no_args_is_help=True)


def database() -> Engine:
    """The database of the settings, in its newest shape. Raises ConfigError when it cannot be opened."""
    engine = connect(load().database_url)
    try:
        migrate(engine)
    except (DBAPIError, OSError) as error:
        reason = str(error.orig if isinstance(error, DBAPIError) else error.strerror)
        raise ConfigError(f"DATABASE_URL: cannot be opened ({reason.splitlines()[0]})") from None
    return engine


def stats(
    question: Annotated[str, typer.Argument(help="Such as: refunds this week")] = "",
    as_json: Annotated[bool, typer.Option("--json", help="JSON instead of text.")] = False,
) -> None:
    """The numbers, as in chat."""
    try:
        asked = parse(question)
    except UnknownQuestion as unknown:
        errors.print(str(unknown), markup=False)
        raise typer.Exit(BAD) from None
    place = zone(open_house(load().tillid_house).country).key
    with reading(database()) as session:
        found = answer(session, asked, datetime.now(UTC), place)
    if as_json:
        show(
            {"title": found.title, "lines": dict(found.lines), "figures": json.loads(_as_json(found.figures))}
        )
        return
    table = Table(title=found.title, caption=found.source, show_header=False)
    for label, value in found.lines:
        table.add_row(label, value)
    Console().print(table)


def _as_json(figures: Figures) -> str:
    return json.dumps(asdict(figures), default=str)


@orders.command("import")
def import_command(
    file: Annotated[Path, typer.Argument(help="A CSV, see docs/operations.md.")],
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help="Tell what would change, and change nothing.")
    ] = False,
) -> None:
    """Take the shop's orders; twice changes nothing. Bad lines are named, the others are taken."""
    with opened_table(file) as csv:
        done = _imported(csv, dry_run=dry_run)
    taken = "would be taken" if dry_run else "taken"
    Console().print(f"{done.taken} orders {taken}, {done.bad_lines} bad lines")
    for each in done.bad:
        errors.print(f"line {each.number}: {each.reason}", style="red", markup=False)
    if done.bad_lines > len(done.bad):
        errors.print(f"... and {done.bad_lines - len(done.bad)} more bad lines", style="red", markup=False)
    _tell(done, dry_run=dry_run)
    if done.bad_lines:
        raise typer.Exit(BAD)


def _imported(csv: CsvText, *, dry_run: bool) -> Imported:
    now = datetime.now(UTC)
    # The facts are as old as the file: what the shop told us since then is not overwritten.
    facts_at = min(csv.written_at or now, now)
    engine = database()
    with SlowProgress(errors) as progress:
        lines = progress.followed("Reading", csv.lines, csv.position, csv.size_bytes)
        return import_orders(
            engine, lines, facts_at, progress.advance, partial(progress.begin, "Orders"), dry_run=dry_run
        )


def _tell(done: Imported, *, dry_run: bool) -> None:
    """Beside the result, what it consists of."""
    told = [
        f"{done.outcomes[outcome]} {words}" for outcome, words in _OUTCOMES.items() if done.outcomes[outcome]
    ]
    if told:
        errors.print(", ".join(told), markup=False, highlight=False)
    if dry_run and done.changed:
        shown = ", ".join(done.changed[:MOST_SHOWN])
        more = done.outcomes[Outcome.CHANGED] - len(done.changed[:MOST_SHOWN])
        errors.print(
            f"Would change: {shown}{f' and {more} more' if more > 0 else ''}", markup=False, highlight=False
        )


_OUTCOMES = {
    Outcome.NEW: "new",
    Outcome.CHANGED: "changed",
    Outcome.CONFIRMED: "the same, read later",
    Outcome.SAME: "as they are here already",
    Outcome.OLDER: "older than what is here, left",
    Outcome.FORGOTTEN: "of people who were forgotten, left out",
}


def replay(number: Annotated[int | None, typer.Argument(help="Which one; none lists them.")] = None) -> None:
    """The quarantine: list it, or have one processed again by the running program."""
    engine = database()
    if number is None:
        with reading(engine) as session:
            waiting = [(each.id, each.happened_at, each.error) for each in inbox.quarantined(session)]
        table = Table("Number", "Since", "Error", title="Quarantine")
        for entry, happened_at, error in waiting:
            table.add_row(str(entry), f"{happened_at:%-d %B %H:%M} UTC", Text(error))
        Console().print(table if waiting else "Nothing is in quarantine.")
        return
    with transaction(engine) as session:
        found = inbox.replay(session, number, datetime.now(UTC))
    if not found:
        errors.print(f"Nothing of number {number} is in quarantine.", highlight=False)
        raise typer.Exit(1)
    Console().print(f"Number {number} is processed again by the next tick.")
