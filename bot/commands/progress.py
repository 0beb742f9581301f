"""A progress bar for what takes longer than a moment, on a terminal only: a script's log stays clean."""

import time
from collections.abc import Callable, Iterator
from types import TracebackType

from rich.console import Console
from rich.progress import Progress, TaskID

#: Seconds of work before a bar is shown.
PATIENCE = 1.0
#: Lines between two looks at the clock.
EVERY = 500


class SlowProgress:
    """One step after the other, each with its own bar; none of them where everything is over in a second."""

    def __init__(self, console: Console, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._began = clock()
        self._bar = Progress(console=console, disable=not console.is_terminal)
        self._task: TaskID | None = None
        self._shown = False

    def __enter__(self) -> "SlowProgress":
        return self

    def __exit__(
        self, _kind: type[BaseException] | None, _error: BaseException | None, _trace: TracebackType | None
    ) -> None:
        if self._shown:
            self._bar.stop()

    def begin(self, title: str, total: int) -> None:
        """The next step, of so many pieces."""
        self._task = self._bar.add_task(title, total=total)

    def advance(self, count: int) -> None:
        """So many more pieces are done."""
        if self._task is not None:
            self._bar.advance(self._task, count)
        self._show()

    def followed(
        self, title: str, lines: Iterator[str], position: Callable[[], int], total: int
    ) -> Iterator[str]:
        """The lines as they are taken; `position` says how far that is, of `total`."""
        self.begin(title, total)
        task = self._task
        assert task is not None
        for number, line in enumerate(lines):
            if number % EVERY == 0:
                self._bar.update(task, completed=position())
                self._show()
            yield line
        self._bar.update(task, completed=total)

    def _show(self) -> None:
        if not self._shown and self._clock() - self._began > PATIENCE:
            self._shown = True
            self._bar.start()
