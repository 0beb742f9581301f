"""The program in a process of its own, to be killed. It reads its orders, one line of JSON, from standard input.

It says `ready` when it runs, and cannot outlive its parent: it dies when its standard input ends.
"""

import asyncio
import json
import os
import sys
import threading
from pathlib import Path
from typing import Any

from crashing.moments import Kind, Moment, die, watch_database, watch_senders

from bot import logs
from bot.app import run, start
from bot.sandbox.clock import SandboxClock
from bot.settings import Settings


async def live(orders: dict[str, Any]) -> None:
    """Run until killed, or until told to stop."""
    settings = Settings(_env_file=None, **orders["settings"])
    moment = Moment(Kind(orders["kind"]), orders["of"])
    logs.set_up(settings.tillid_log_level)
    if moment.kind is Kind.UNTIL_SIGNAL:
        await run(settings)
        return
    watch_database(moment)
    running = await start(settings, clock=SandboxClock(Path(orders["clock"])), only=orders["only"])
    watch_senders(moment, running)
    print("ready", flush=True)
    await asyncio.Event().wait()


def die_with_parent() -> None:
    """Wait for the end of standard input. Reads the descriptor: a buffer's lock would be in the way at the exit."""
    while os.read(0, 100):
        pass
    die()


if __name__ == "__main__":
    if line := sys.stdin.readline():
        threading.Thread(target=die_with_parent, daemon=True).start()
        asyncio.run(live(json.loads(line)))
