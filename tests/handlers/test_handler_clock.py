"""The ticker: it goes on after trouble, never twice at a time, and a late tick is a tick."""

import asyncio
import logging
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import timedelta

import pytest
from apscheduler.events import EVENT_JOB_SUBMITTED
from apscheduler.schedulers.asyncio import AsyncIOScheduler

from bot.handlers.clock import Tick, ticker

OFTEN = timedelta(milliseconds=20)


@asynccontextmanager
async def ticking(**ticks: Tick) -> AsyncIterator[AsyncIOScheduler]:
    """These ticks run inside, of this scheduler."""
    scheduler = ticker({name: (tick, OFTEN) for name, tick in ticks.items()})
    scheduler.start()
    try:
        yield scheduler
    finally:
        scheduler.shutdown(wait=False)


async def test_a_tick_that_raises_is_followed_by_the_next_one(caplog: pytest.LogCaptureFixture) -> None:
    seen: list[int] = []
    three = asyncio.Event()

    async def tick() -> None:
        seen.append(len(seen))
        if len(seen) < 3:
            raise RuntimeError("the database was away")
        three.set()

    with caplog.at_level(logging.CRITICAL + 1, "apscheduler"):
        async with asyncio.timeout(5), ticking(tick=tick):
            await three.wait()
    assert seen[:3] == [0, 1, 2]


async def test_the_trouble_of_one_tick_is_not_that_of_another(caplog: pytest.LogCaptureFixture) -> None:
    others = asyncio.Semaphore(0)

    async def broken() -> None:
        raise RuntimeError("for ever")

    async def other() -> None:
        others.release()

    with caplog.at_level(logging.CRITICAL + 1, "apscheduler"):
        async with asyncio.timeout(5), ticking(broken=broken, other=other):
            for _ in range(3):
                await others.acquire()


async def test_a_slow_tick_never_runs_twice_at_a_time(caplog: pytest.LogCaptureFixture) -> None:
    now = most = runs = 0
    twice = asyncio.Event()

    async def slow() -> None:
        nonlocal now, most, runs
        now, runs = now + 1, runs + 1
        most = max(most, now)
        await asyncio.sleep(0.1)
        now -= 1
        if runs == 3:
            twice.set()

    with caplog.at_level(logging.CRITICAL + 1, "apscheduler"):
        async with asyncio.timeout(5), ticking(slow=slow):
            await twice.wait()
    assert most == 1


async def test_ticks_missed_while_the_loop_was_busy_come_late_and_once() -> None:
    ran = asyncio.Semaphore(0)
    due: list[int] = []

    async def tick() -> None:
        ran.release()

    async with asyncio.timeout(20), ticking(tick=tick) as scheduler:
        scheduler.add_listener(lambda event: due.append(len(event.scheduled_run_times)), EVENT_JOB_SUBMITTED)
        time.sleep(10 * OFTEN.total_seconds())  # noqa: ASYNC251  # the loop is busy with something else
        for _ in range(3):
            await ran.acquire()
    assert set(due) == {1}
