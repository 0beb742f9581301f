"""stats, orders, customers, replay: what is in the database."""

import json
from dataclasses import asdict
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from rich.progress import Progress
from rich.table import Table
from rich.text import Text
from sqlalchemy import Engine
from sqlalchemy.exc import DBAPIError

from bot.commands.lines import BAD, errors, opened, show
from bot.errors import ConfigError
from bot.house import open_house
from bot.importing import import_orders
from bot.rules.business_days import zone
from bot.settings import load
from bot.stats import UnknownQuestion, answer, parse
from storage import inbox
from storage.engine import connect, reading, transaction
from storage.migrate import migrate

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


def _as_json(figures: object) -> str:
    return json.dumps(asdict(figures), default=str)  # type: ignore[call-overload]  # always a dataclass


@orders.command("import")
def import_command(file: Annotated[Path, typer.Argument(help="A CSV, see docs/operations.md.")]) -> None:
    """Take the shop's orders; twice changes nothing. Bad lines are named, the others are taken."""
    with opened(file) as rows, Progress(console=errors, disable=not errors.is_terminal) as progress:
        task = progress.add_task("Orders", total=None)
        try:
            done = import_orders(
                database(), rows, datetime.now(UTC), lambda count: progress.advance(task, count)
            )
        except ValueError as error:
            errors.print(f"{file}: {error}", style="red", markup=False)
            raise typer.Exit(BAD) from None
    Console().print(f"{done.taken} orders taken, {len(done.bad)} bad lines")
    for each in done.bad:
        errors.print(f"line {each.number}: {each.reason}", style="red", markup=False)
    if done.bad:
        raise typer.Exit(BAD)


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
