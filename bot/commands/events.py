"""events import: what happened, and whom it concerns, into drafts for the agents."""

from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console

from bot.commands.lines import BAD, errors, opened_house, opened_table, show
from bot.commands.progress import SlowProgress
from bot.commands.records import database
from bot.csv_files import CsvText
from bot.event_importing import ImportedEvents, import_events
from bot.event_outcomes import REASONS, Outcome
from bot.settings import load

events = typer.Typer(help="What customers should hear from us first.", no_args_is_help=True)
_OUTCOMES = {
    Outcome.NEW: "new",
    Outcome.CHANGED: "made anew",
    Outcome.SAME: "as they are here already",
}


@events.command("import")
def import_command(
    file: Annotated[Path, typer.Argument(help="A CSV, see docs/operations.md; - is standard input.")],
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help="Tell what would be drafted, and draft nothing.")
    ] = False,
    as_json: Annotated[bool, typer.Option("--json", help="JSON instead of text.")] = False,
) -> None:
    """Draft a letter to everybody concerned; nothing is sent, twice changes nothing. Bad lines are named."""
    with opened_table(file) as csv:
        done = _imported(csv, dry_run=dry_run)
    if as_json:
        show(_as_json(done, dry_run=dry_run))
    else:
        _tell(done, dry_run=dry_run)
    if done.bad_lines:
        raise typer.Exit(BAD)


def _imported(csv: CsvText, *, dry_run: bool) -> ImportedEvents:
    now = datetime.now(UTC)
    # What it says is as old as the file: what the shop told us since then counts.
    told_at = min(csv.written_at or now, now)
    house, engine = opened_house(load().tillid_house), database()
    with SlowProgress(errors) as progress:
        lines = progress.followed("Events", csv.lines, csv.position, csv.size_bytes)
        return import_events(engine, house, lines, told_at, now, dry_run=dry_run)


def _tell(done: ImportedEvents, *, dry_run: bool) -> None:
    drafted = "would be drafted" if dry_run else "drafted"
    console = Console(soft_wrap=True)
    letters = "letter" if done.drafts == 1 else "letters"
    console.print(f"{done.drafts} {letters} {drafted}, {done.bad_lines} bad lines", highlight=False)
    told = [f"{done.outcomes[each]} {words}" for each, words in _OUTCOMES.items() if done.outcomes[each]]
    if told:
        errors.print(", ".join(told), markup=False, highlight=False)
    for number, outcome in done.without:
        errors.print(f"line {number}: {REASONS[outcome]}", style="yellow", markup=False, highlight=False)
    left = sum(done.outcomes[each] for each in REASONS) - len(done.without)
    if left > 0:
        errors.print(f"... and {left} more without a draft", style="yellow", markup=False)
    for each in done.bad:
        errors.print(f"line {each.number}: {each.reason}", style="red", markup=False)
    if done.bad_lines > len(done.bad):
        errors.print(f"... and {done.bad_lines - len(done.bad)} more bad lines", style="red", markup=False)


def _as_json(done: ImportedEvents, *, dry_run: bool) -> dict[str, object]:
    return {
        "drafts": done.drafts,
        "dry_run": dry_run,
        "outcomes": {each.value: done.outcomes[each] for each in Outcome},
        "without_draft": [
            {"line": number, "outcome": outcome.value, "reason": REASONS[outcome]}
            for number, outcome in done.without
        ],
        "bad_lines": done.bad_lines,
        "bad": [{"line": each.number, "reason": each.reason} for each in done.bad],
    }
