"""Whether a mailbox can be read: told to people once when it could not be for a while, and once when it can again."""

import asyncio
from datetime import datetime, timedelta

from sqlalchemy.exc import DBAPIError

from bot import logs
from bot.parts import Parts
from storage import mailboxes
from storage.engine import commit

log = logs.get(__name__)
ALERT_AFTER = timedelta(minutes=15)
#: A program that has just started tries this long before it says anything about the time when it did not run.
GRACE = timedelta(minutes=1)
#: Seconds between two looks at the clock while we wait for the next attempt.
SLICE = 20.0


class MailboxHealth:
    """Keeps the state of one mailbox in the database, so that two processes and a restart tell it once."""

    def __init__(self, parts: Parts, mailbox: str, alert_after: timedelta = ALERT_AFTER) -> None:
        self._parts = parts
        self._mailbox = mailbox
        self._alert_after = alert_after
        self._noted_at: datetime | None = None
        self._failing_since: datetime | None = None
        self._reason = ""

    async def works(self) -> None:
        """It was looked into just now."""
        now = self._parts.clock()
        self._failing_since = None
        # Written down seldom enough to cost nothing, and often enough to be true.
        often = min(timedelta(minutes=1), self._alert_after / 4)
        if self._noted_at is not None and abs(now - self._noted_at) < often:
            return
        if await commit(self._parts.engine, mailboxes.readable, self._mailbox, now):
            log.info("mailbox_works_again")
            self._parts.written.set()
        self._noted_at = now

    async def fails(self, reason: str) -> None:
        """It could not be looked into. A database that is away too is not our matter here."""
        now = self._parts.clock()
        self._failing_since = self._failing_since or now
        self._noted_at, self._reason = None, reason
        grace = min(GRACE, self._alert_after)
        alert_after = self._alert_after if now - self._failing_since >= grace else None
        try:
            told = await commit(
                self._parts.engine, mailboxes.unreadable, self._mailbox, reason, now, alert_after
            )
        except DBAPIError as error:
            log.warning("mailbox_state_not_kept", error=type(error).__name__)
            return
        if told:
            log.error("mailbox_unreadable", reason=reason)
            self._parts.written.set()

    async def rest(self, seconds: float) -> None:
        """Wait before the next attempt; what has to be told meanwhile is told meanwhile."""
        while seconds > SLICE:
            await asyncio.sleep(SLICE)
            seconds -= SLICE
            if self._failing_since is not None:
                await self.fails(self._reason)
        await asyncio.sleep(seconds)
