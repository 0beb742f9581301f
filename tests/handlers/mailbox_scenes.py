"""A real IMAP server, something that can cut its line, and our side of it on a database of its own."""

import asyncio
import imaplib
import socket
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from contextlib import asynccontextmanager, contextmanager, suppress
from datetime import UTC, datetime
from typing import Any, TypeVar

from scripted_imap import ScriptedImap
from sqlalchemy import select
from sqlmodel import Session, SQLModel, col

from bot.handlers.mailbox import Mailbox
from bot.parts import Parts
from bot.sandbox.imap_server import ImapServer
from storage.engine import read
from storage.tables import InboxItem, MailboxCursor

Row = TypeVar("Row", bound=SQLModel)


def utc_now() -> datetime:
    """The machine's clock, which the IMAP server has too."""
    return datetime.now(UTC)


def mail(number: int | str, text: str = "Hej, hvor er min pakke?") -> bytes:
    """A customer's mail with CRLF line ends, as a mailbox hands it over."""
    lines = (
        "From: Mette Krogh <mette@example.dk>",
        "To: hej@lampehuset.example",
        f"Subject: Pakke {number}",
        f"Message-ID: <{number}@example.dk>",
        "Date: Mon, 02 Mar 2026 09:12:00 +0100",
        "Content-Type: text/plain; charset=utf-8",
        "",
        text,
    )
    return "\r\n".join((*lines, "")).encode()


class Post:
    """One mailbox of ours: what is in it, what we have stored of it."""

    def __init__(self, server: "ImapServer | ScriptedImap", parts: Parts) -> None:
        self.server = server
        self.parts = parts

    def mailbox(self, *, url: str = "", poll_seconds: float = 0.05, **more: Any) -> Mailbox:
        """Our side of it."""
        return Mailbox(url or self.server.url, self.parts, poll_seconds=poll_seconds, **more)

    async def deliver(self, *raws: bytes, received_at: datetime | None = None) -> None:
        """Mails arrive, one after the other."""
        await asyncio.to_thread(self._append, raws, received_at)

    def _append(self, raws: tuple[bytes, ...], received_at: datetime | None) -> None:
        with self.opened() as client:
            for raw in raws:
                client.append("INBOX", "", received_at or "", raw)

    @contextmanager
    def opened(self) -> Iterator[imaplib.IMAP4]:
        """Another mail program on the same mailbox."""
        with imaplib.IMAP4("127.0.0.1", self.server.port, timeout=20) as client:
            client.sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            client.login(self.server.user, "sandbox")
            client.select("INBOX")
            yield client

    async def rows(self, table: type[Row]) -> list[Row]:
        """All rows of a table, oldest first."""

        def find(session: Session) -> list[Row]:
            return list(session.execute(select(table).order_by(col(_id(table)))).scalars())

        return await read(self.parts.engine, find)

    async def stored(self) -> list[str]:
        """The Message-IDs of what we have stored, in its order."""
        return [(item.message_id or "").partition("@")[0] for item in await self.rows(InboxItem)]

    async def cursor(self) -> MailboxCursor | None:
        """How far we have read."""
        found = await self.rows(MailboxCursor)
        return found[0] if found else None

    async def until_stored(self, count: int, seconds: float = 20) -> list[str]:
        """Wait until so many mails are stored, and a little longer for one too many."""

        async def there() -> bool:
            return len(await self.rows(InboxItem)) >= count

        await until(there, seconds)
        await asyncio.sleep(0.15)
        return await self.stored()

    async def until_met(self) -> None:
        """Wait for the first contact."""

        async def met() -> bool:
            return await self.cursor() is not None

        await until(met)


@asynccontextmanager
async def reading(mailbox: Mailbox) -> AsyncIterator[asyncio.Task[None]]:
    """The mailbox is polled inside; whatever ends its polling is raised."""
    task = asyncio.create_task(mailbox.run())
    try:
        yield task
        if task.done():
            task.result()
            raise AssertionError("the mailbox is not read any more")
    finally:
        task.cancel()
        with suppress(asyncio.CancelledError):
            await task


async def until(there: Callable[[], Awaitable[bool]], seconds: float = 20) -> None:
    """Wait until something is so. Raises TimeoutError."""
    async with asyncio.timeout(seconds):
        while not await there():  # noqa: ASYNC110  # a database has no event to wait for
            await asyncio.sleep(0.02)


class Line:
    """Stands between a program and a server, and can be cut."""

    def __init__(self, port: int) -> None:
        self._to = port
        self._open: set[asyncio.StreamWriter] = set()
        self._server: asyncio.Server | None = None
        self.port = 0
        #: How many times somebody has connected.
        self.connections = 0

    @property
    def open(self) -> int:
        """How many connections there are now."""
        return len(self._open) // 2

    async def connect(self) -> None:
        """Listen, on the same port as before."""
        self._server = await asyncio.start_server(self._forward, "127.0.0.1", self.port)
        self.port = self._server.sockets[0].getsockname()[1]

    async def cut(self) -> None:
        """Every connection ends, and there are no new ones."""
        assert self._server is not None
        self._server.close()
        for writer in list(self._open):
            writer.transport.abort()
        await self._server.wait_closed()
        await asyncio.sleep(0.05)

    async def _forward(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.connections += 1
        there, back = await asyncio.open_connection("127.0.0.1", self._to)
        self._open |= {writer, back}
        with suppress(ConnectionError, asyncio.CancelledError):
            await asyncio.gather(_copy(reader, back), _copy(there, writer))
        for each in (writer, back):
            self._open.discard(each)
            each.close()


async def _copy(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    while received := await reader.read(65536):
        writer.write(received)
        await writer.drain()
    writer.close()


def _id(table: object) -> object:
    return table.id  # type: ignore[attr-defined]  # every table has one
