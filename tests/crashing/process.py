"""The child as its parent sees it, and the next one, warming up meanwhile."""

import asyncio
import json
import subprocess
import sys
from pathlib import Path
from typing import Any

from crashing.moments import Moment

#: How long a child may take for anything.
PATIENCE_SECONDS = 60


class Child:
    """A process that imports the program at once, and starts it when told."""

    def __init__(self) -> None:
        self._process = subprocess.Popen(
            [sys.executable, "-m", "crashing.child"],
            cwd=Path(__file__).parent.parent,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )

    def order(self, moment: Moment, **orders: Any) -> None:
        """Have it start the program, and die at the moment."""
        assert self._process.stdin is not None
        self._process.stdin.write(json.dumps({"kind": moment.kind, "of": moment.of, **orders}) + "\n")
        self._process.stdin.flush()

    async def says(self, word: str) -> None:
        """Wait until it says so. Raises RuntimeError when it ends before that."""
        assert self._process.stdout is not None
        async with asyncio.timeout(PATIENCE_SECONDS):
            while (line := await asyncio.to_thread(self._process.stdout.readline)).strip() != word:
                if not line:
                    raise RuntimeError(f"the child ended without saying {word}; its complaint stands above")

    def kill(self) -> None:
        """SIGKILL, from outside."""
        self._process.kill()

    def terminate(self) -> None:
        """SIGTERM: a polite request."""
        self._process.terminate()

    async def ended(self) -> int:
        """Wait until it is dead; its exit status, negative for the signal that killed it."""
        return await asyncio.to_thread(self._process.wait, PATIENCE_SECONDS)

    def bury(self) -> None:
        """Kill it if it lives, and leave nothing of it."""
        self._process.kill()
        self._process.wait(PATIENCE_SECONDS)
        for pipe in (self._process.stdin, self._process.stdout):
            assert pipe is not None
            pipe.close()


class Nursery:
    """Always has one child ready: importing the program takes longer than most deaths."""

    def __init__(self) -> None:
        self._next = Child()

    def take(self) -> Child:
        """The one that is ready; whoever takes it buries it."""
        taken, self._next = self._next, Child()
        return taken

    def close(self) -> None:
        """End the one that nobody took."""
        self._next.bury()
