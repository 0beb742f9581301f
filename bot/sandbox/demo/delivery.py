"""The demo's side of the delivery process: started, killed, started again."""

import asyncio
import os
import sys
from pathlib import Path

import bot
from bot.sandbox.deliverer import SETTINGS
from bot.settings import Settings

PATIENCE_SECONDS = 30
TICK_SECONDS = 0.1


class DeliveryProcess:
    """A child process that sends what the outbox holds, and nothing else."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._process: asyncio.subprocess.Process | None = None

    @property
    def pid(self) -> int:
        """Its process id; 0 while there is none."""
        return self._process.pid if self._process else 0

    async def start(self, settings: Settings) -> None:
        """Start it, and wait until it sends."""
        wanted = settings.model_copy(
            update={"tillid_tick_seconds": TICK_SECONDS, "tillid_log_level": "ERROR"}
        )
        path = self._folder / SETTINGS
        path.touch(mode=0o600)
        path.write_text(wanted.model_dump_json(), encoding="utf-8")
        self._process = await asyncio.create_subprocess_exec(
            # -P and the path: this very program, whatever lies in the folder the demo was started from.
            *(sys.executable, "-P", "-m", "bot.sandbox.deliverer", str(self._folder)),
            stdin=asyncio.subprocess.PIPE,
            stdout=asyncio.subprocess.PIPE,
            env={**os.environ, "PYTHONPATH": str(Path(bot.__file__).parents[1])},
        )
        assert self._process.stdout is not None
        async with asyncio.timeout(PATIENCE_SECONDS):
            said = await self._process.stdout.readline()
        if said.strip() != b"ready":
            raise RuntimeError("the delivery process did not start")

    async def kill(self) -> int:
        """End it as `kill -9` does: at once, in the middle of whatever it does. Returns its exit status."""
        assert self._process is not None
        process, self._process = self._process, None
        process.kill()
        return await process.wait()

    async def stop(self) -> None:
        """Let it finish what is in hand."""
        process, self._process = self._process, None
        if process is None:
            return
        assert process.stdin is not None
        process.stdin.close()
        try:
            async with asyncio.timeout(PATIENCE_SECONDS):
                await process.wait()
        except TimeoutError:
            process.kill()
            await process.wait()
