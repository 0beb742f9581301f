"""One connection to a mailbox, logged in. Every answer has its own deadline, and after any trouble it is over."""

import asyncio
from collections.abc import Awaitable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from typing import Any

import aioimaplib

from bot.imap import answers, troubles
from bot.imap.line import Client, let_go
from bot.imap.place import quoted
from bot.imap.troubles import IdleSilent, ImapTrouble

#: Seconds for every single answer of the server.
DEADLINE = 30.0
#: A mail may take longer: this many bytes in a second are enough.
SLOWEST = 50_000


@dataclass(frozen=True, slots=True)
class Numbers:
    """How a folder numbers its mails: the numbers' own number, and what the next mail will get."""

    validity: int
    next_uid: int


class ImapSession:
    """What we ask a mailbox. Raises ImapTrouble, and is then over: hang up and connect anew."""

    def __init__(self, client: Client, deadline: float) -> None:
        self._client = client
        self._deadline = deadline
        self._without_idle = False
        self._is_over = False

    # Folders

    async def select(self, folder: str) -> Numbers:
        """Open a folder, named as on the wire. Nothing in it is ever marked, moved or deleted."""
        # The library does not fetch after EXAMINE; SELECT with BODY.PEEK marks nothing as read either.
        lines = await self.ask(self._client.select(quoted(folder)), "the folder cannot be opened")
        self._client.protocol.has_grown = False
        numbers = answers.numbers(lines)
        if b"UIDVALIDITY" not in numbers:
            raise ImapTrouble(troubles.NO_FOLDER)
        following = numbers.get(b"UIDNEXT") or max(await self.search("ALL"), default=0) + 1
        return Numbers(numbers[b"UIDVALIDITY"], following)

    async def status(self, folder: str) -> Numbers:
        """The same numbers of a folder that is not open."""
        asked = self._client.status(quoted(folder), "(UIDNEXT UIDVALIDITY)")
        numbers = answers.numbers(await self.ask(asked, "the folder cannot be looked at"))
        return Numbers(numbers.get(b"UIDVALIDITY", 0), numbers.get(b"UIDNEXT", 0))

    async def folders(self) -> list[tuple[bytes, bytes]]:
        """Every folder: its flags, and the rest of its line with separator and name."""
        found = await self._list('""', '"*"')
        flagged = any(b"\\sent" in flags.lower() for flags, _ in found)
        if not flagged and self._client.has_capability("SPECIAL-USE"):
            # Some servers name a folder's use only when they are asked for it, and some not even then.
            with suppress(ImapTrouble):
                found += await self._list("(SPECIAL-USE)", '""', '"*"')
        return found

    async def _list(self, *words: str) -> list[tuple[bytes, bytes]]:
        asked = self._client.protocol.simple_command("LIST", *words)
        lines = await self.ask(asked, "the folders cannot be listed")
        return answers.folder_lines(lines)

    async def append(self, raw: bytes, folder: str) -> None:
        """Lay a mail into a folder, as read."""
        asked = self._client.append(raw, quoted(folder), r"(\Seen)")
        await self.ask(asked, "the folder does not take the mail", self._patience(len(raw)))

    # Mails

    async def search(self, criteria: str) -> list[int]:
        """The UIDs in the open folder, ascending."""
        asked = self._client.uid_search(criteria, charset=None)
        lines = await self.ask(asked, "the mailbox does not answer a search")
        words = b" ".join(bytes(line) for line in lines[:-1]).split()
        return sorted({int(word) for word in words if word.isdigit()})

    async def sizes(self, uids: Sequence[int]) -> dict[int, int]:
        """Bytes of each mail; one that has vanished is left out."""
        asked = self._client.uid("fetch", ",".join(map(str, uids)), "(UID RFC822.SIZE)")
        lines = await self.ask(asked, "the mailbox does not answer a question")
        return answers.sizes(lines)

    async def fetch(self, uids: Sequence[int], size: int = 0) -> dict[int, bytes]:
        """The raw bytes of mails, `size` bytes in all; one that has vanished is left out."""
        return await self._fetch(uids, "BODY.PEEK[]", size)

    async def fetch_headers(self, uid: int) -> bytes | None:
        """One mail's header block; None when it has vanished."""
        return (await self._fetch([uid], "BODY.PEEK[HEADER]", 0)).get(uid)

    async def _fetch(self, uids: Sequence[int], part: str, size: int) -> dict[int, bytes]:
        # Never ENVELOPE or BODYSTRUCTURE: they make servers and libraries fall over broken mails.
        asked = self._client.uid("fetch", ",".join(map(str, uids)), f"(UID {part})")
        return answers.bodies(
            await self.ask(asked, "the mailbox does not hand over a mail", self._patience(size))
        )

    # Waiting

    async def wait_for_news(self, seconds: float, *, idle: bool = True) -> None:
        """Until the server says that something changed, at most so long; without IDLE, just so long.

        Raises IdleSilent when the server promises IDLE and does not begin it.
        """
        if self._without_idle or not idle or not self._client.has_capability("IDLE"):
            await self._first(asyncio.Event().wait(), seconds)
            return
        while not self._client.protocol.idle_queue.empty():  # what it said last time
            self._client.protocol.idle_queue.get_nowait()
        command = asyncio.ensure_future(self._client.idle())
        begun = asyncio.ensure_future(self._client.protocol.wait_for_idle_response())
        try:
            either = asyncio.wait({command, begun}, return_when=asyncio.FIRST_COMPLETED)
            if not (await self._first(either, self._deadline))[0]:
                raise IdleSilent(troubles.SILENT)
            if command.done():  # it says no
                self._without_idle = True
                return
            if not self._client.protocol.has_grown:
                await self._listen(seconds)
            self._client.idle_done()
            await self.answer(command)
        finally:
            let_go(begun)
            let_go(command)

    async def _listen(self, seconds: float) -> None:
        until = asyncio.get_running_loop().time() + seconds
        while (left := until - asyncio.get_running_loop().time()) > 0:
            heard, lines = await self._first(self._client.protocol.idle_queue.get(), left)
            said = [bytes(line).upper() for line in lines or ()]
            if any(line.startswith(b"BYE") for line in said):
                raise ImapTrouble(troubles.HUNG_UP)
            if not heard or any(line.endswith(b" EXISTS") for line in said):
                return

    # The line

    async def ask(self, call: Awaitable[aioimaplib.Response], no: str, seconds: float = 0) -> list[bytes]:
        """The lines of an OK; anything else raises ImapTrouble with those words."""
        response = await self.answer(call, seconds)
        if response.result != "OK":
            raise ImapTrouble(no)
        return list(response.lines)

    async def answer(self, call: Awaitable[Any], seconds: float = 0) -> Any:
        """Whatever the server answers, within `seconds`, or the usual deadline."""
        answered, answer = await self._first(call, seconds or self._deadline)
        if not answered:
            self._is_over = True
            raise ImapTrouble(troubles.SILENT)
        return answer

    async def _first(self, call: Awaitable[Any], seconds: float) -> tuple[bool, Any]:
        """Whether it was answered in time, and what. A lost line ends it at once."""
        task = asyncio.ensure_future(call)
        lost = asyncio.ensure_future(self._client.protocol.lost.wait())
        try:
            await asyncio.wait({task, lost}, timeout=seconds, return_when=asyncio.FIRST_COMPLETED)
            if task.done():
                return True, task.result()
            if lost.done():
                raise ImapTrouble(troubles.HUNG_UP)
            return False, None
        except (*answers.GARBLED, OSError) as error:
            self._is_over = True
            raise answers.told(error) from error
        except BaseException:
            self._is_over = True
            raise
        finally:
            let_go(task)
            let_go(lost)

    def _patience(self, size: int) -> float:
        return self._deadline + size / SLOWEST

    async def leave(self) -> None:
        """Say goodbye where there is still somebody to say it to, and close."""
        if not self._is_over:
            with suppress(ImapTrouble):
                await self.answer(self._client.logout(), 2)
        self._client.hang_up()

    def hang_up(self) -> None:
        """Close at once."""
        self._client.hang_up()
