"""backtest: yesterday's mail, what we would have suggested, and what was really answered. Nothing is sent."""

from collections.abc import Iterable
from dataclasses import asdict
from itertools import chain
from pathlib import Path
from typing import Annotated, Any, TypeVar

import typer
from rich.console import Console
from rich.progress import track

from bot.backtest import Archive, Replayed, Summary, open_archive, read_mails, replay, summarise
from bot.backtest.advice import advice
from bot.backtest.sources import KINDS
from bot.backtest.telling import tell_one, tell_summary
from bot.commands.lines import errors, opened_house, show
from bot.errors import ConfigError
from bot.masking import mask
from bot.suggesting import as_json

Each = TypeVar("Each")


def backtest(
    where: Annotated[
        list[str],
        typer.Argument(
            help="An mbox, Maildir, folder, .eml, or imaps://user:password@host/INBOX; the sent mail may be another."
        ),
    ],
    json_lines: Annotated[bool, typer.Option("--json", help="A JSON line a mail, the summary last.")] = False,
    ours: Annotated[list[str] | None, typer.Option(help="Our own address; guessed without it.")] = None,
    shown: Annotated[int, typer.Option(help="How many mails to show side by side.", min=0)] = 10,
    house: Annotated[
        Path | None, typer.Option("--house", help="A house folder.", envvar="TILLID_HOUSE")
    ] = None,
) -> None:
    """Replay old mail and set the real answer beside each suggestion."""
    own = [_address(each) for each in ours or ()]
    company = opened_house(house or None)
    mails = chain.from_iterable(read_mails(each) for each in where)
    archive = open_archive(_moving(mails, "Reading mail", None), own)
    if not archive.messages:
        raise ConfigError(f"{', '.join(map(_nameable, where))}: no mail in it; give {KINDS}")
    console = Console()
    if not json_lines:
        console.print(f"Our own address: {', '.join(sorted(archive.ours)) or 'none found'}", markup=False)
    replayed = []
    human = sum(1 for each in archive.messages if each.automatic is None)
    for number, each in enumerate(_moving(replay(company, archive), "Suggesting", human)):
        replayed.append(each)
        if json_lines:
            show(_line(each))
        elif number < shown:
            tell_one(console, each)
    _finish(console, archive, replayed, json_lines)


def _finish(console: Console, archive: Archive, replayed: list[Replayed], json_lines: bool) -> None:
    summary = summarise(archive, replayed)
    if json_lines:
        show({"summary": _as_json(archive, summary)})
    else:
        tell_summary(console, summary)


def _address(given: str) -> str:
    name, at, domain = given.strip().rpartition("@")
    if not (name and at and domain) or any(each.isspace() for each in given.strip()):
        raise typer.BadParameter(f"{given!r} is not an address; write it as support@company.example")
    return given.strip()


def _nameable(where: str) -> str:
    """A place that may be shown: a mailbox's address holds its password."""
    return "the mailbox" if "://" in where else where


def _moving(sequence: Iterable[Each], name: str, total: int | None) -> Iterable[Each]:
    """The same, with a bar on the terminal of whoever waits."""
    return track(sequence, name, total=total, console=errors, disable=not errors.is_terminal, transient=True)


def _line(each: Replayed) -> dict[str, Any]:
    sent_at = each.message.sent_at
    found = {
        "message_id": each.message.message_id,
        "date": sent_at.isoformat() if sent_at else None,
        "subject": each.message.subject,
        "text": each.message.reply,
        "milliseconds": round(each.seconds * 1000, 1),
        "suggestion": as_json(each.draft),
        "answer": each.answer,
    }
    return {key: _masked(value) for key, value in found.items()}


def _masked(value: Any) -> Any:
    """The same shape with secret numbers masked in every word of it: a question, too, is the customer's."""
    if isinstance(value, str):
        return mask(value)
    if isinstance(value, dict):
        return {key: _masked(each) for key, each in value.items()}
    return [_masked(each) for each in value] if isinstance(value, list) else value


def _as_json(archive: Archive, summary: Summary) -> dict[str, Any]:
    found = asdict(summary) | {"ours": sorted(archive.ours), "advice": advice(summary)}
    for mail in (*found["left_unsure"], *found["slowest"]):
        mail["sent_at"] = mail["sent_at"].isoformat() if mail["sent_at"] else None
    return found
