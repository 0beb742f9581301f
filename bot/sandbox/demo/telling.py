"""The story as it is told: printed at once, and kept for the page."""

import asyncio
from datetime import datetime

from rich.console import Console
from rich.rule import Rule
from rich.text import Text

from bot.sandbox.demo import terminal
from bot.sandbox.demo.moments import Act, Beat, CaseBeat, Lane, Piece

Pieces = tuple[tuple[Lane, Piece], ...]


class Telling:
    """Tells one beat after the other; `pause_seconds` is how long a reader gets for each."""

    def __init__(self, console: Console, pause_seconds: float) -> None:
        self._console = console
        self._pause_seconds = pause_seconds
        self.acts: list[Act] = []

    async def act(self, title: str, lead: str) -> None:
        """Open a chapter."""
        self.acts.append(Act(title, lead))
        self._print()
        self._print(Rule(Text(f" {title} ", "bold"), align="left", style="dim"))
        self._print(Text(lead, "dim"))
        await self._pause()

    async def beat(
        self,
        at: datetime,
        lane: Lane,
        title: str,
        pieces: Pieces = (),
        *,
        note: str = "",
        on_page: Pieces = (),
        more: Pieces = (),
    ) -> None:
        """One thing that happened. `on_page` is too long for the terminal; `more` the page folds away."""
        told = Beat(at, lane, title, (*pieces, *on_page), note, more)
        self.acts[-1].beats.append(told)
        self._print(terminal.beat_head(told))
        for _, each in pieces:
            self._print(terminal.piece(each))
        await self._pause()

    async def case(self, told: CaseBeat) -> None:
        """A customer's whole case, short; the page has all of it."""
        self.acts[-1].beats.append(told)
        self._print(terminal.case_line(told))
        await self._pause()

    def close(self, *lines: Text) -> None:
        """The last words."""
        for line in lines:
            self._print(line)

    def _print(self, *what: object) -> None:
        self._console.print(*what, width=min(self._console.width, terminal.WIDTH))

    async def _pause(self) -> None:
        if self._pause_seconds:
            await asyncio.sleep(self._pause_seconds)
