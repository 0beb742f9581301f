"""`tillid sandbox`: the stage and its page, running until somebody stops them."""

import asyncio
import signal
import webbrowser
from contextlib import suppress
from importlib.resources import files
from pathlib import Path

from rich.console import Console

from bot.imports import BadLine, read_orders
from bot.sandbox.page.playground import Playground
from bot.sandbox.page.server import PageServer
from bot.sandbox.stage import Stage
from storage import orders
from storage.engine import commit


async def serve(
    folder: Path,
    *,
    port: int = 8321,
    open_browser: bool = False,
    undo_seconds: int = 15,
    console: Console,
) -> None:
    """Runs the sandbox until it is cancelled, interrupted or terminated; prints the page's address.

    Every run is a new day: a folder that holds an earlier one gets a folder of its own inside for this one.
    Port 0 takes a free port. Raises OSError where the port is taken.
    """
    async with Stage(_fresh(folder), undo_seconds=undo_seconds) as stage:
        await _set_the_stage(stage)
        async with PageServer(Playground(stage), port) as page:
            console.print(f"The sandbox is at [bold]{page.url}[/bold]", highlight=False)
            console.print(f"What it writes is in {stage.folder}. Stop it with Ctrl+C.", highlight=False)
            if open_browser:
                await asyncio.to_thread(webbrowser.open, page.url)
            await _until_stopped()
    console.print("Stopped.")


def _fresh(folder: Path) -> Path:
    """The folder, or the first one inside it that holds no day yet."""
    fresh, number = folder, 1
    while (fresh / "tillid.db").exists():
        number += 1
        fresh = folder / f"day-{number}"
    fresh.mkdir(parents=True, exist_ok=True)
    return fresh


async def _set_the_stage(stage: Stage) -> None:
    """Orders in the books, and the shared channel watched, as a lead would ask for."""
    text = files(__package__).joinpath("orders.csv").read_text(encoding="utf-8")
    for record in read_orders(text.splitlines()):
        if isinstance(record, BadLine):
            raise ValueError(f"orders.csv, line {record.number}: {record.reason}")
        await commit(stage.running.parts.engine, orders.keep, record, stage.clock())
    watch = f"watch <#{stage.shared.id}>"
    await stage.slack.people.command(stage.signe.id, stage.triage.id, "/tillid", watch)


async def _until_stopped() -> None:
    stop = asyncio.Event()
    loop = asyncio.get_running_loop()
    signals = (signal.SIGTERM, signal.SIGINT)
    try:
        for each in signals:
            with suppress(NotImplementedError):
                loop.add_signal_handler(each, stop.set)
        await stop.wait()
    finally:
        for each in signals:
            with suppress(NotImplementedError):
                loop.remove_signal_handler(each)
