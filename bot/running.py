"""The program while it runs: its workers, its ticks, and how it stops."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Coroutine
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, ParamSpec, Protocol

from aiohttp import web
from apscheduler.schedulers.asyncio import AsyncIOScheduler
from sqlalchemy.exc import DBAPIError

from bot import logs, pipeline
from bot.delivering_mail import MAIL, deliver_mails
from bot.digests import write_digests
from bot.homes import renew_outdated
from bot.legal_clocks import warn_of_dates
from bot.overdue import tell_of_waiting
from bot.parts import Parts
from bot.promising import watch_promises
from bot.records.keeping import forget_old
from bot.redrafting import redraft_asked
from bot.waking import end_absences, wake_snoozed
from bot.wordings import keep_up

log = logs.get(__name__)
P = ParamSpec("P")
#: How long `stop` waits for a press or a tick in hand.
PATIENCE_SECONDS = 4


class SocketConnection(Protocol):
    """Slack's line to us, as we use it; Bolt ships these methods without types."""

    client: Any

    async def connect_async(self) -> None:
        """Open it."""

    async def close_async(self) -> None:
        """Close it."""


@dataclass
class Running:
    """The program while it runs."""

    parts: Parts
    tasks: list[asyncio.Task[None]] = field(default_factory=list)
    scheduler: AsyncIOScheduler | None = None
    socket: SocketConnection | None = None
    runner: web.AppRunner | None = None
    #: Reads anew who is staff, and in which role.
    roster: Callable[[], Coroutine[Any, Any, object]] | None = None
    #: Where /healthz answers; 0 without it.
    http_port: int = 0
    last_tick: datetime | None = None
    #: A worker died of an error that nobody foresaw.
    broken: asyncio.Event = field(default_factory=asyncio.Event)
    #: Presses and ticks that have begun.
    in_hand: set[asyncio.Task[Any]] = field(default_factory=set)
    _sending: asyncio.Lock = field(default_factory=asyncio.Lock)
    _mailing: asyncio.Lock = field(default_factory=asyncio.Lock)
    _mails: asyncio.Event = field(default_factory=asyncio.Event)
    _mails_run: bool = False
    _processing: asyncio.Lock = field(default_factory=asyncio.Lock)
    _stopping: bool = False

    def start_task(self, work: Coroutine[Any, Any, None]) -> None:
        """Run a worker beside the others; one that ends by an error stops the whole program, to be restarted."""
        task = asyncio.create_task(work)
        task.add_done_callback(self._ended)
        self.tasks.append(task)

    def _ended(self, task: asyncio.Task[None]) -> None:
        if not task.cancelled() and (error := task.exception()) is not None:
            log.critical("worker_died", error=type(error).__name__, exc_info=error)
            self.broken.set()

    async def process_all(self) -> None:
        """Process until nothing waits."""
        async with self._processing:
            while not self._stopping and await pipeline.process(self.parts):
                pass

    async def deliver_all(self) -> None:
        """Send until nothing but mails is due; those go beside, because a mail server may be slow."""
        if not self._mails_run:
            self._mails_run = True
            self.start_task(whenever(self._mails, self._deliver_mails))
        self._mails.set()
        await renew_outdated(self.parts)
        async with self._sending:
            while not self._stopping and await pipeline.deliver(self.parts, but=MAIL):
                pass

    async def _deliver_mails(self) -> None:
        async with self._mailing:
            await deliver_mails(self.parts, self._mails, lambda: self._stopping)

    @asynccontextmanager
    async def quiet(self) -> AsyncIterator[None]:
        """Nothing is processed and no send is in hand inside."""
        async with self._processing, self._sending, self._mailing:
            yield

    async def remind_all(self) -> None:
        """Send the follow-ups that are due, warn of dates that the law sets, and tell who has waited too long.

        And whatever else has its time: what was promised, put off, or outdated by a press and not drafted since.
        """
        await pipeline.remind(self.parts)
        await warn_of_dates(self.parts)
        await tell_of_waiting(self.parts)
        await watch_promises(self.parts)
        await wake_snoozed(self.parts)
        await end_absences(self.parts)
        await write_digests(self.parts)
        await redraft_asked(self.parts)

    async def tick(self) -> None:
        """The safety net behind the wake-ups: look at everything once."""
        self.parts.arrived.set()
        self.parts.written.set()
        self.last_tick = self.parts.clock()
        with suppress(DBAPIError):  # the next draft asks again
            await keep_up(self.parts)

    def hold(self, task: asyncio.Task[Any] | None) -> None:
        """`stop` waits for the end of this task."""
        assert task is not None
        self.in_hand.add(task)
        task.add_done_callback(self.in_hand.discard)

    def held(self, work: Callable[P, Coroutine[Any, Any, object]]) -> Callable[P, Coroutine[Any, Any, None]]:
        """The same work, for whose end `stop` waits."""

        async def run(*args: P.args, **kwargs: P.kwargs) -> None:
            task = asyncio.create_task(work(*args, **kwargs))
            self.hold(task)
            await task

        return run

    async def clean_up(self) -> None:
        """Forget what the house does not keep any longer."""
        await forget_old(self.parts)

    async def stop(self) -> None:
        """Take no more claims, finish what is in hand, close."""
        self._stopping = True
        if self.scheduler is not None:
            self.scheduler.pause()
        await self._wait_for_those_in_hand()  # while Slack still hears what they answer
        if self.socket is not None:
            await self.socket.close_async()
        await self._wait_for_those_in_hand()
        if self.scheduler is not None:
            self.scheduler.shutdown(wait=False)  # breaks off what it runs
        async with self._processing, self._sending, self._mailing:
            pass
        await _end({*self.tasks, *self.in_hand})
        if self.runner is not None:
            await self.runner.cleanup()
        self.parts.engine.dispose()
        log.info("stopped")

    async def _wait_for_those_in_hand(self) -> None:
        if self.in_hand:
            await asyncio.wait(self.in_hand, timeout=PATIENCE_SECONDS)


async def _end(tasks: set[asyncio.Task[Any]]) -> None:
    # On Python 3.11 a deadline that ends in the same moment swallows a cancellation: ask again until it is heard.
    while tasks:
        for task in tasks:
            task.cancel()
        _, tasks = await asyncio.wait(tasks, timeout=1)


async def whenever(happened: asyncio.Event, work: Callable[[], Awaitable[None]]) -> None:
    """Run the work each time something happened; a database that is away is waited for."""
    while True:
        await happened.wait()
        happened.clear()
        try:
            await work()
        except DBAPIError as error:
            log.error("database_away", error=type(error).__name__)
            await asyncio.sleep(1)
            happened.set()
