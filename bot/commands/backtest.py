"""backtest: yesterday's mail, what we would have suggested, and what was really answered. Nothing is sent."""

from dataclasses import asdict
from pathlib import Path
from typing import Annotated, Any

import typer
from rich.columns import Columns
from rich.console import Console
from rich.panel import Panel
from rich.progress import track
from rich.table import Table

from bot.backtest import Replayed, Summary, read_mails, replay, summarise
from bot.backtest.replay import open_archive
from bot.commands.lines import errors, show
from bot.house import open_house
from bot.masking import mask
from bot.suggesting import as_json


def backtest(
    where: Annotated[
        str, typer.Argument(help="An mbox, Maildir, folder, .eml, or imaps://user:password@host/INBOX")
    ],
    json_lines: Annotated[bool, typer.Option("--json", help="A JSON line a mail, the summary last.")] = False,
    ours: Annotated[list[str] | None, typer.Option(help="Our own address; guessed without it.")] = None,
    shown: Annotated[int, typer.Option(help="How many mails to show side by side.", min=0)] = 10,
    house: Annotated[
        Path | None, typer.Option("--house", help="A house folder.", envvar="TILLID_HOUSE")
    ] = None,
) -> None:
    """Replay old mail and set the real answer beside each suggestion."""
    company = open_house(house or None)
    archive = open_archive(read_mails(where), ours or ())
    console = Console()
    if not json_lines:
        console.print(f"Our own address: {', '.join(archive.ours) or 'none found'}", markup=False)
    replayed = []
    human = sum(1 for each in archive.messages if each.automatic is None)
    moving = track(
        replay(company, archive), "Reading", total=human, console=errors, disable=not errors.is_terminal
    )
    for number, each in enumerate(moving):
        replayed.append(each)
        if json_lines:
            show(_line(each))
        elif number < shown:
            _beside(console, each)
    summary = summarise(archive, replayed)
    if json_lines:
        show({"summary": asdict(summary)})
    else:
        _tell(console, summary)


def _line(each: Replayed) -> dict[str, Any]:
    sent_at = each.message.sent_at
    return {
        "message_id": each.message.message_id,
        "date": sent_at.isoformat() if sent_at else None,
        "subject": mask(each.message.subject),
        "text": mask(each.message.reply),
        "milliseconds": round(each.seconds * 1000, 1),
        "suggestion": as_json(each.draft),
        "answer": mask(each.answer) if each.answer is not None else None,
    }


def _beside(console: Console, each: Replayed) -> None:
    decision = each.draft.decision
    ours = (
        each.draft.rendered.text
        if each.draft.rendered
        else f"No draft: {decision.owner_only or decision.rule}"
    )
    theirs = mask(each.answer) if each.answer is not None else "No answer in this archive."
    width = max(console.width // 2 - 2, 30)
    console.print(
        Panel(mask(each.message.reply), title=mask(each.message.subject) or "no subject"), markup=False
    )
    console.print(
        Columns(
            [
                Panel(ours, title=f"Tillid: {decision.intent}", width=width),
                Panel(theirs, title="Really sent", width=width),
            ]
        )
    )


def _tell(console: Console, summary: Summary) -> None:
    table = Table(title="Backtest", show_header=False)
    of = summary.customers
    table.add_row(
        "Mails read", f"{summary.mails} ({summary.automatic} from machines, {summary.unreadable} unreadable)"
    )
    table.add_row("From customers", str(of))
    table.add_row("With a suggestion", _share(summary.suggested, of))
    table.add_row("For a named person only", _share(summary.owner_only, of))
    table.add_row("Left unsure, look twice", _share(summary.unsure, of))
    table.add_row("Answered in this archive", _share(summary.answered, of))
    table.add_row("About", ", ".join(f"{name} {count}" for name, count in summary.by_intent.items()) or "-")
    table.add_row(
        "Languages", ", ".join(f"{name} {count}" for name, count in summary.by_language.items()) or "-"
    )
    table.add_row(
        "Time a mail", f"median {summary.median_milliseconds} ms, slowest {summary.slowest_milliseconds} ms"
    )
    console.print(table)


def _share(count: int, of: int) -> str:
    return f"{count} of {of} ({count / of:.0%})" if of else "none"
