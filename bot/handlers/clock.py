"""The clock: ticks in memory, nothing stored. What is due lies in the database; a tick only looks."""

from collections.abc import Callable, Coroutine, Mapping
from datetime import timedelta
from typing import Any

from apscheduler.schedulers.asyncio import AsyncIOScheduler

from bot import logs

log = logs.get(__name__)
Tick = Callable[[], Coroutine[Any, Any, object]]


def ticker(ticks: Mapping[str, tuple[Tick, timedelta]]) -> AsyncIOScheduler:
    """A scheduler that runs each tick at its interval, never twice at a time, and never drops a late one."""
    scheduler = AsyncIOScheduler(timezone="UTC")
    for name, (tick, every) in ticks.items():
        scheduler.add_job(
            tick,
            "interval",
            seconds=every.total_seconds(),
            id=name,
            name=name,
            max_instances=1,
            coalesce=True,
            misfire_grace_time=None,
        )
    return scheduler
