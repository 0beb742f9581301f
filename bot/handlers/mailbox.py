"""One mailbox, watched: its folder and its Sent folder, over one connection that is made again when it breaks."""

import random
from collections.abc import Callable
from datetime import date, timedelta

from sqlalchemy.exc import DBAPIError

from bot import logs
from bot.errors import TemporaryFailure
from bot.handlers.mail_folder import MailFolder
from bot.handlers.mailbox_health import ALERT_AFTER, MailboxHealth
from bot.imap import (
    DEADLINE,
    IdleSilent,
    ImapSession,
    ImapTrouble,
    LoginRefused,
    connect,
    find_sent,
    on_the_wire,
    place_of,
)
from bot.mail.parts import MAX_RAW_BYTES
from bot.oauth_tokens import TokenRefused, Tokens
from bot.parts import Parts
from storage.inbox import SENT_ELSEWHERE

log = logs.get(__name__)
#: Seconds between attempts to connect: doubled from the first to the last; a locked door is tried less often.
FIRST_WAIT, LAST_WAIT, LAST_WAIT_REFUSED = 1.0, 300.0, 1800.0
#: Seconds after which IDLE is begun anew: lines that say nothing for longer are cut without a word.
LONGEST_IDLE = 540.0
#: What ends one connection, and never the watching: the line, the server, or our own database for a while.
TROUBLE = (TemporaryFailure, DBAPIError)


class Mailbox:
    """Watches one account until it is cancelled: by IDLE where the server has it, and by looking in any case."""

    def __init__(
        self,
        url: str,
        parts: Parts,
        *,
        poll_seconds: float,
        since: date | None = None,
        tokens: Tokens | None = None,
        alert_after: timedelta = ALERT_AFTER,
        deadline: float = DEADLINE,
        largest_bytes: int = MAX_RAW_BYTES,
        first_wait: float = FIRST_WAIT,
        chance: Callable[[], float] = random.random,
    ) -> None:
        self._place = place_of(url)
        #: Names the account in the database: no password in it.
        self.name = self._place.name
        self._parts = parts
        self._poll_seconds = min(poll_seconds, LONGEST_IDLE)
        self._tokens = tokens
        self._deadline = deadline
        self._chance = chance
        folder = on_the_wire(self._place.folder)
        self._inbox = MailFolder(parts, self.name, folder, since=since, largest_bytes=largest_bytes)
        self._sent: MailFolder | None = None
        self._last_sent: MailFolder | None = None
        named = self.name if folder.upper() == "INBOX" else f"{self.name}/{self._place.folder}"
        self._health = MailboxHealth(parts, named, alert_after)
        self._has_idle = True
        self._first_wait = self._wait = first_wait

    async def run(self) -> None:
        """Watch for ever; a lost connection is made again, waiting longer each time."""
        if self._place.is_exposed:
            log.warning("mailbox_without_tls")
        while True:
            trouble = await self._connection()
            if isinstance(trouble, TemporaryFailure):
                await self._health.fails(str(trouble))
            # Not all at once after the server was away, and never faster than half the wait.
            await self._health.rest(self._wait * (0.5 + self._chance() / 2))
            refused = isinstance(trouble, LoginRefused | TokenRefused)
            self._wait = min(self._wait * 2, LAST_WAIT_REFUSED if refused else LAST_WAIT)

    async def _connection(self) -> TemporaryFailure | DBAPIError:
        """One connection from its beginning to its end; what ended it."""
        try:
            session = await connect(self._place, self._tokens, self._deadline)
        except TROUBLE as error:
            said = {"error": type(error).__name__, "reason": _reason(error)}
            log.warning("mailbox_unreachable", **said, again_in_seconds=self._wait)
            return error
        trouble = await self._watch(session)
        log.warning("mailbox_lost", error=type(trouble).__name__, reason=_reason(trouble))
        return trouble

    async def _watch(self, session: ImapSession) -> TemporaryFailure | DBAPIError:
        """Look and wait until something breaks; what."""
        try:
            self._sent = None
            looked_for_sent = False
            while True:
                await self._inbox.read_new(session)
                self._wait = self._first_wait
                await self._health.works()
                if not looked_for_sent:
                    looked_for_sent, self._sent = True, await self._find_sent(session)
                if not await self._read_sent(session):
                    await session.wait_for_news(self._poll_seconds, idle=self._has_idle)
        except TROUBLE as error:
            self._has_idle = self._has_idle and not isinstance(error, IdleSilent)
            return error
        finally:
            await session.leave()

    async def _find_sent(self, session: ImapSession) -> MailFolder | None:
        try:
            folder = await find_sent(session)
        except ImapTrouble as error:
            log.warning("sent_folder_not_read", reason=str(error))
            return None
        if not folder or folder == self._inbox.folder:
            return None
        if self._last_sent is None or self._last_sent.folder != folder:
            self._last_sent = MailFolder(self._parts, self.name, folder, kind=SENT_ELSEWHERE)
        return self._last_sent

    async def _read_sent(self, session: ImapSession) -> bool:
        """Read what colleagues sent from other programs; whether another folder than ours is open now."""
        if self._sent is None:
            return False
        try:
            if not await self._sent.has_news(session):
                return False
            await self._sent.read_new(session)
        except ImapTrouble as error:
            # Customers' mail goes on; if the line is broken, the next question finds out.
            log.warning("sent_folder_not_read", reason=str(error))
            self._sent = None
        return True

    async def try_out(self) -> None:
        """Connect and log in, and nothing more. Raises TemporaryFailure with the reason."""
        session = await connect(self._place, self._tokens, self._deadline)
        await session.leave()


def _reason(error: TemporaryFailure | DBAPIError) -> str:
    """For the log. The database's errors hold values of the rows: only the driver's words are said."""
    return str(error.orig)[:200] if isinstance(error, DBAPIError) else str(error)[:200]
