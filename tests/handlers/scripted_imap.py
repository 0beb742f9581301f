"""An IMAP server on loopback that says what a test wants it to say, and otherwise does its work."""

import asyncio
import base64
import re
from collections import Counter
from collections.abc import Awaitable, Callable
from contextlib import suppress
from types import TracebackType
from typing import Self

#: What the server does to one command instead of answering it.
Trouble = Callable[["Talk"], Awaitable[None]]


class Talk:
    """One connection, and the command at hand."""

    def __init__(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.reader, self.writer = reader, writer
        self.tag = ""
        self.command = ""
        self.selected: dict[int, bytes] = {}

    async def says(self, *lines: str | bytes) -> None:
        for line in lines:
            self.writer.write((line if isinstance(line, bytes) else line.encode()) + b"\r\n")
        await self.writer.drain()

    async def ends(self, result: str = "OK done") -> None:
        await self.says(f"{self.tag} {result}")


async def bye(talk: Talk) -> None:
    """It has enough of us."""
    await talk.says("* BYE shutting down")
    talk.writer.close()


async def reset(talk: Talk) -> None:
    """The line breaks in the middle."""
    talk.writer.transport.abort()


async def silence(talk: Talk) -> None:
    """No answer, and the line stays open until the other side has enough."""
    while await talk.reader.read(1000):
        pass


async def no(talk: Talk) -> None:
    """It refuses."""
    await talk.ends("NO not today")


class ScriptedImap:
    """One account, INBOX and Sent; an async context manager."""

    def __init__(self, *, capabilities: str = "IMAP4rev1 IDLE SASL-IR AUTH=XOAUTH2") -> None:
        self.capabilities = capabilities
        self.folders: dict[str, dict[int, bytes]] = {"INBOX": {}, "Sent": {}}
        self.validity = 7
        self.password, self.tokens = "sandbox", {"good"}
        #: What happens to the next commands of a name, first in first out.
        self.troubles: dict[str, list[Trouble]] = {}
        #: What happens to every command of a name.
        self.always: dict[str, Trouble] = {}
        #: UIDs whose content is never handed over; sizes the server claims.
        self.stuck: set[int] = set()
        self.claims: dict[int, int] = {}
        self.heard: Counter[str] = Counter()
        self.logins: list[str] = []
        self.commands: list[str] = []
        self.port = self.connections = self.open = self.most_open = 0
        self.connected_at: list[float] = []
        self._idle: set[Talk] = set()
        self._lines: set[Talk] = set()
        self._talks: set[asyncio.Task[None]] = set()
        self._server: asyncio.Server | None = None

    @property
    def url(self) -> str:
        return f"imap://sandbox:{self.password}@127.0.0.1:{self.port}/INBOX"

    async def __aenter__(self) -> Self:
        self._server = await asyncio.start_server(self._talk, "127.0.0.1", self.port, limit=2**20)
        self.port = self._server.sockets[0].getsockname()[1]
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        assert self._server is not None
        self._server.close()
        for task in list(self._talks):
            task.cancel()
        await asyncio.gather(*self._talks, return_exceptions=True)

    async def deliver(self, raw: bytes, folder: str = "INBOX") -> int:
        """A mail arrives, and whoever listens hears of it."""
        mails = self.folders[folder]
        uid = max(mails, default=100) + 1
        mails[uid] = raw
        for talk in list(self._idle) if folder == "INBOX" else ():
            with suppress(ConnectionError):  # it has hung up just now
                await talk.says(f"* {len(mails)} EXISTS")
        return uid

    async def _talk(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.current_task()
        assert task is not None
        self._talks.add(task)
        self.connections += 1
        self.open += 1
        self.most_open = max(self.most_open, self.open)
        self.connected_at.append(asyncio.get_running_loop().time())
        self._lines.add(talk := Talk(reader, writer))
        with suppress(ConnectionError, asyncio.CancelledError):
            await talk.says("* OK hello")
            while line := await reader.readline():
                await self._heed(talk, line.decode().strip())
        self.open -= 1
        self._idle.discard(talk)
        self._lines.discard(talk)
        self._talks.discard(task)
        writer.close()

    async def _heed(self, talk: Talk, line: str) -> None:
        talk.tag, _, rest = line.partition(" ")
        talk.command = rest
        name = " ".join(rest.split()[: 2 if rest.upper().startswith("UID ") else 1]).upper()
        self.heard[name] += 1
        self.commands.append(rest)
        waiting = self.troubles.get(name)
        trouble = waiting.pop(0) if waiting else self.always.get(name)
        if trouble is not None:
            await trouble(talk)
            return
        known = "_idle_command" if name == "IDLE" else "_" + name.lower().replace(" ", "_")
        await getattr(self, known, no)(talk)

    async def _capability(self, talk: Talk) -> None:
        await talk.says(f"* CAPABILITY {self.capabilities}")
        await talk.ends()

    async def _login(self, talk: Talk) -> None:
        self.logins.append(talk.command)
        right = talk.command.endswith(f'"{self.password}"')
        await talk.ends("OK in" if right else "NO [AUTHENTICATIONFAILED] wrong")

    async def _authenticate(self, talk: Talk) -> None:
        said = base64.b64decode(talk.command.split()[2]).decode()
        self.logins.append(said)
        found = re.fullmatch(r"user=([^\x01]+)\x01auth=Bearer ([^\x01]+)\x01\x01", said)
        if found and found.group(2) in self.tokens:
            await talk.ends("OK in")
            return
        # As Google and Microsoft do: first why, then an empty line from us, then no.
        await talk.says("+ " + base64.b64encode(b'{"status":"400"}').decode())
        await talk.reader.readline()
        await talk.ends("NO AUTHENTICATE failed")

    def _named(self, talk: Talk) -> str:
        found = re.search(r'"([^"]*)"', talk.command)
        return found.group(1) if found else talk.command.split()[1]

    async def _list(self, talk: Talk) -> None:
        for name in self.folders:
            flags = r"\HasNoChildren \Sent" if name == "Sent" else r"\HasNoChildren"
            await talk.says(f'* LIST ({flags}) "/" "{name}"')
        await talk.ends()

    async def _status(self, talk: Talk) -> None:
        mails = self.folders[self._named(talk)]
        following = max(mails, default=100) + 1
        await talk.says(f"* STATUS x (UIDNEXT {following} UIDVALIDITY {self.validity})")
        await talk.ends()

    async def _select(self, talk: Talk) -> None:
        name = self._named(talk)
        if name not in self.folders:
            await talk.ends("NO there is no such folder")
            return
        talk.selected = self.folders[name]
        following = max(talk.selected, default=100) + 1
        await talk.says(
            f"* {len(talk.selected)} EXISTS",
            f"* OK [UIDVALIDITY {self.validity}] numbers",
            f"* OK [UIDNEXT {following}] next",
        )
        await talk.ends()

    async def _uid_search(self, talk: Talk) -> None:
        uids = sorted(talk.selected)
        if found := re.search(r"UID (\d+):\*", talk.command.removeprefix("UID SEARCH")):
            above = [uid for uid in uids if uid >= int(found.group(1))]
            uids = above or uids[-1:]
        if found := re.search(r'HEADER Message-ID "(.+)"', talk.command):
            wanted = found.group(1).encode()
            uids = [uid for uid in uids if wanted in talk.selected[uid]]
        await talk.says("* SEARCH " + " ".join(map(str, uids)))
        await talk.ends()

    async def _uid_fetch(self, talk: Talk) -> None:
        _, _, uids, parts = talk.command.split(" ", 3)
        for uid in map(int, uids.split(",")):
            raw = talk.selected.get(uid)
            if raw is None:
                continue
            if "RFC822.SIZE" in parts:
                await talk.says(f"* 1 FETCH (UID {uid} RFC822.SIZE {self.claims.get(uid, len(raw))})")
                continue
            if uid in self.stuck and "HEADER" not in parts:
                await talk.ends("NO internal error")
                return
            body = raw.partition(b"\r\n\r\n")[0] + b"\r\n\r\n" if "HEADER" in parts else raw
            await talk.says(
                f"* 1 FETCH (BODY[] {{{len(body)}}}".encode() + b"\r\n" + body + b" UID %d)" % uid
            )
        await talk.ends()

    async def _idle_command(self, talk: Talk) -> None:
        tag = talk.tag
        self._idle.add(talk)
        await talk.says("+ idling")
        line = await talk.reader.readline()
        self._idle.discard(talk)
        if line.strip().upper() == b"DONE":
            talk.tag = tag
            await talk.ends("OK idle is over")

    async def _append(self, talk: Talk) -> None:
        size = int(talk.command.rpartition("{")[2].rstrip("}"))
        name = self._named(talk)
        await talk.says("+ go on")
        raw = await talk.reader.readexactly(size)
        await talk.reader.readline()
        await self.deliver(raw, name)
        await talk.ends()

    async def _noop(self, talk: Talk) -> None:
        await talk.ends()

    async def _logout(self, talk: Talk) -> None:
        await talk.says("* BYE")
        await talk.ends()
        talk.writer.close()

    async def say_to_listeners(self, *lines: str) -> None:
        """Say something to whoever is in IDLE."""
        for talk in list(self._idle):
            await talk.says(*lines)

    @property
    def listening(self) -> int:
        """How many connections are in IDLE."""
        return len(self._idle)

    def drop_all(self) -> None:
        """Every line breaks."""
        for talk in self._lines:
            talk.writer.transport.abort()
