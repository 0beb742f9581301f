"""The library's connection where it falls short: lost lines, long answers, refused tokens, unfriendly greetings."""

import asyncio
import ssl
from collections.abc import Iterator
from typing import Any

import aioimaplib
from aioimaplib.aioimaplib import IMAP4ClientProtocol

#: Lines handed to the library at once: it takes them by recursion.
LINES = 200


class Protocol(IMAP4ClientProtocol):  # type: ignore[misc]  # the library ships no types: its classes are Any
    """Says when the line is lost: the library itself would wait for an answer that cannot come."""

    def __init__(self, loop: asyncio.AbstractEventLoop) -> None:
        super().__init__(loop)
        self.lost = asyncio.Event()
        #: The server has said that mail came since the folder was opened; it says so once, whatever we ask.
        self.has_grown = False

    def connection_lost(self, exc: Exception | None) -> None:
        super().connection_lost(exc)
        self.lost.set()

    def data_received(self, d: bytes) -> None:
        for piece in _pieces(d):
            super().data_received(piece)

    async def welcome(self, command: bytes) -> None:
        try:
            await super().welcome(command)
        except (aioimaplib.AioImapException, ValueError, IndexError, AttributeError):
            # "* BYE too many connections", or no mail server at all.
            self.lost.set()

    def _untagged_response(self, line: bytes) -> Any:
        self.has_grown = self.has_grown or line.endswith(b" EXISTS")
        return super()._untagged_response(line)

    def _continuation(self, line: bytes) -> None:
        pending = self.pending_sync_command
        if pending is not None and pending.name == "AUTHENTICATE":
            # The server explains why it refuses a token, and says no only after an empty answer.
            self.transport.write(b"\r\n")
            return
        super()._continuation(line)


class Client(aioimaplib.IMAP4):  # type: ignore[misc]  # the library ships no types: its classes are Any
    """A connection with our protocol behind it, in TLS where a context is given."""

    protocol: Protocol

    # Called by the library, with all of these and by their places.
    def create_client(
        self,
        host: str,
        port: int,
        _loop: asyncio.AbstractEventLoop | None,
        _conn_lost_cb: Any = None,
        ssl_context: ssl.SSLContext | None = None,
    ) -> None:
        running = asyncio.get_running_loop()
        self.protocol = Protocol(running)
        connecting = running.create_connection(lambda: self.protocol, host, port, ssl=ssl_context)
        self._client_task = running.create_task(connecting)

    def hang_up(self) -> None:
        """Close at once, and leave no task behind."""
        for task in (self._client_task, *self.tasks, *self.protocol.tasks):
            let_go(task)
        if self.protocol.transport is not None:
            self.protocol.transport.abort()


def let_go(task: "asyncio.Future[Any]") -> None:
    """Cancel it if it still runs, and ask nobody about how it ended."""
    task.cancel()
    task.add_done_callback(_ended)


def _ended(task: "asyncio.Future[Any]") -> None:
    if not task.cancelled():
        task.exception()


def _pieces(received: bytes) -> Iterator[bytes]:
    if received.count(b"\n") <= LINES:
        yield received
        return
    lines = received.splitlines(keepends=True)
    for start in range(0, len(lines), LINES):
        yield b"".join(lines[start : start + LINES])
