"""A local mailbox over IMAP, in a process of its own."""

import asyncio
import imaplib
import os
import sys
from datetime import datetime
from pathlib import Path
from types import TracebackType
from typing import Self
from urllib.parse import quote

#: How long the process may take to say its port, and to end.
PATIENCE_SECONDS = 20
#: Name and password: it opens one mailbox in this process's own memory.
ACCOUNT = "sandbox"


class ImapServer:
    """Serves one account on loopback; an async context manager."""

    def __init__(self, *, user: str = ACCOUNT, password: str = ACCOUNT) -> None:
        self.user, self._password = user, password
        self.port = 0
        self._process: asyncio.subprocess.Process | None = None

    async def __aenter__(self) -> Self:
        account = {"SANDBOX_IMAP_USER": self.user, "SANDBOX_IMAP_PASSWORD": self._password}
        self._process = await asyncio.create_subprocess_exec(
            # -P: the modules beside the child are ours, and must not stand in for others of the same name.
            *(sys.executable, "-P", str(Path(__file__).with_name("imap_child.py"))),
            stdin=asyncio.subprocess.PIPE,
            stdout=asyncio.subprocess.PIPE,
            env={**os.environ, **account},
        )
        try:
            self.port = await self._read_port(self._process)
        except BaseException:
            await self._stop()
            raise
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self._stop()

    @property
    def url(self) -> str:
        """imap://user:password@127.0.0.1:port/INBOX"""
        return f"imap://{quote(self.user, '')}:{quote(self._password, '')}@127.0.0.1:{self.port}/INBOX"

    async def deliver(
        self, raw: bytes, mailbox: str = "INBOX", *, received_at: datetime | None = None
    ) -> None:
        """Puts a mail into a mailbox, unread. The mailbox is made if there is none.

        `received_at` becomes its INTERNALDATE; without it, the present by the machine's clock.
        """
        await asyncio.to_thread(self._append, raw, mailbox, received_at)

    async def empty(self, mailbox: str = "INBOX") -> None:
        """Removes every mail; UIDs go on counting."""
        await asyncio.to_thread(self._expunge, mailbox)

    def _append(self, raw: bytes, mailbox: str, received_at: datetime | None) -> None:
        with self._login() as client:
            if mailbox != "INBOX":
                client.create(_quoted(mailbox))
            _expect_ok(client.append(_quoted(mailbox), "", received_at or "", raw))

    def _expunge(self, mailbox: str) -> None:
        with self._login() as client:
            _expect_ok(client.select(_quoted(mailbox)))
            client.store("1:*", "+FLAGS.SILENT", r"(\Deleted)")
            _expect_ok(client.expunge())

    def _login(self) -> imaplib.IMAP4:
        client = imaplib.IMAP4("127.0.0.1", self.port, timeout=PATIENCE_SECONDS)
        client.login(self.user, self._password)
        return client

    async def _read_port(self, process: asyncio.subprocess.Process) -> int:
        assert process.stdout is not None
        async with asyncio.timeout(PATIENCE_SECONDS):
            line = await process.stdout.readline()
        if not line.strip():
            raise RuntimeError("the IMAP server did not start; its complaint stands above")
        return int(line)

    async def _stop(self) -> None:
        process, self._process = self._process, None
        if process is None:
            return
        assert process.stdin is not None
        process.stdin.close()  # its sign to end
        try:
            async with asyncio.timeout(PATIENCE_SECONDS):
                await process.wait()
        except TimeoutError:
            process.kill()
            await process.wait()


def _quoted(mailbox: str) -> str:
    return '"' + mailbox.replace("\\", "\\\\").replace('"', '\\"') + '"'


def _expect_ok(answer: tuple[str, object]) -> None:
    if answer[0] != "OK":
        raise RuntimeError(f"the IMAP server said {answer}")
