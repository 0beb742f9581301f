"""The mail side of the sandbox: a mailbox to fetch from, and a server to send through."""

from collections.abc import Awaitable, Callable
from contextlib import AsyncExitStack
from datetime import datetime
from types import TracebackType
from typing import Self

from bot.sandbox.imap_server import ImapServer
from bot.sandbox.smtp_server import SentMail, SmtpServer
from bot.sandbox.workspace import utc_now


class MailServers:
    """An IMAP and an SMTP server on loopback; an async context manager.

    Hand `imap_url` and `smtp_url` to the program; `deliver` plays the outside world writing to it, and `smtp`
    keeps what it sends and makes trouble on order.
    """

    def __init__(
        self,
        *,
        now: Callable[[], datetime] = utc_now,
        on_mail: Callable[[SentMail], Awaitable[None]] | None = None,
    ) -> None:
        self.smtp = SmtpServer(now=now, on_mail=on_mail)
        self.imap = ImapServer()
        self._running = AsyncExitStack()

    async def __aenter__(self) -> Self:
        async with AsyncExitStack() as starting:
            await starting.enter_async_context(self.smtp)
            await starting.enter_async_context(self.imap)
            self._running = starting.pop_all()
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self._running.aclose()

    @property
    def imap_url(self) -> str:
        return self.imap.url

    @property
    def smtp_url(self) -> str:
        return self.smtp.url

    @property
    def mails(self) -> list[SentMail]:
        """Everything the program has sent, oldest first."""
        return self.smtp.mails

    async def deliver(
        self, raw: bytes, mailbox: str = "INBOX", *, received_at: datetime | None = None
    ) -> None:
        """A mail arrives in the mailbox."""
        await self.imap.deliver(raw, mailbox, received_at=received_at)

    async def empty(self) -> None:
        """Empties the inbox, and forgets what was sent and the trouble on order."""
        await self.imap.empty()
        self.smtp.clear()
