"""Waiting for something to happen without polling."""

import asyncio


class Changes:
    """Wakes everybody who waits whenever something has changed; all on one event loop."""

    def __init__(self) -> None:
        self._next = asyncio.Event()

    def note(self) -> None:
        """Something has changed."""
        self._next.set()
        self._next = asyncio.Event()

    async def wait(self) -> None:
        """Returns after the next change. Look first, then wait: nothing can change between the two."""
        await self._next.wait()
