"""The demo's delivery process, which only sends what the outbox holds: `python -m bot.sandbox.deliverer FOLDER`.

FOLDER holds `deliverer.json` (the settings) and the `clock.json` it shares with the demo. It says `ready` once it
sends, and ends by itself when its standard input closes: it never outlives the demo.
"""

import asyncio
import json
import sys
from pathlib import Path

from bot import logs
from bot.app import start
from bot.sandbox.clock import SandboxClock
from bot.settings import Part, Settings

SETTINGS = "deliverer.json"
CLOCK = "clock.json"
ONLY: tuple[Part, ...] = ("deliver",)


async def deliver(folder: Path) -> None:
    """Send until the parent is gone."""
    values = json.loads((folder / SETTINGS).read_text(encoding="utf-8"))
    # Nothing from the caller's environment or .env: the demo is the same everywhere.
    settings = Settings(_env_file=None, **values)
    logs.set_up(settings.tillid_log_level)
    running = await start(settings, clock=SandboxClock(folder / CLOCK), only=ONLY)
    try:
        print("ready", flush=True)
        await asyncio.to_thread(sys.stdin.read)
    finally:
        await running.stop()


if __name__ == "__main__":
    asyncio.run(deliver(Path(sys.argv[1])))
