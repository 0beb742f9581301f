"""How a test sees that work is bounded, without a clock: by its steps, or in a process where a hang is ended."""

import multiprocessing
import sys
import warnings
from collections.abc import Callable
from multiprocessing.pool import Pool
from types import FrameType
from typing import Any, TypeVar

import pytest

Result = TypeVar("Result")
#: No figure to be met: work given to the side process takes seconds, and what runs away takes hours.
PATIENCE_SECONDS = 120


def steps(work: Callable[[], object], *, most: int = 10_000_000) -> int:
    """How many lines of Python the work runs. Fails at once when they are more than `most`.

    What a pattern or another function in C does is not seen: for that there is the side process.
    """
    taken = 0

    def traced(_frame: FrameType, event: str, _arg: object) -> Any:
        nonlocal taken
        taken += event == "line"
        if taken > most:
            sys.settrace(None)
            pytest.fail(f"more than {most} steps")
        return traced

    before = sys.gettrace()
    sys.settrace(traced)
    try:
        work()
    finally:
        sys.settrace(before)
    return taken


class SideProcess:
    """Does one piece of work at a time in a process of its own, which is ended if it hangs."""

    def __init__(self) -> None:
        self._pool: Pool | None = None

    def do(self, work: Callable[..., Result], *given: object) -> Result:
        """What the work gives or raises; the work is a function of a module, and warnings are errors.

        A hang fails the test. The next work gets a new process.
        """
        if self._pool is None:
            spawning = multiprocessing.get_context("spawn")
            self._pool = spawning.Pool(1, initializer=warnings.simplefilter, initargs=("error",))
        try:
            return self._pool.apply_async(work, given).get(PATIENCE_SECONDS)
        except multiprocessing.TimeoutError:
            self.close()
            pytest.fail(f"{work.__name__} runs away")

    def close(self) -> None:
        """End the process, whatever it is at."""
        if self._pool is not None:
            self._pool.terminate()
            self._pool.join()
            self._pool = None
