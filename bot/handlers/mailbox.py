"""One mailbox, read by UID: everything above the stored cursor, in order, nothing marked or moved."""

import asyncio
import hashlib
import re
import ssl
from collections.abc import Awaitable, Sequence
from contextlib import suppress
from datetime import date, datetime, timedelta
from functools import partial
from urllib.parse import unquote, urlsplit

import aioimaplib
from sqlalchemy.exc import DBAPIError
from sqlmodel import Session

from bot import logs
from bot.errors import MalformedMessage, TemporaryFailure
from bot.mail.reading import parse_mail
from bot.parts import Parts
from bot.pipeline import accept
from storage import inbox, mailboxes
from storage.engine import read

log = logs.get(__name__)
#: Seconds for every single answer of the server.
DEADLINE = 30.0
#: Mails stored in one transaction.
BATCH = 25
#: Seconds between attempts to connect: doubled from the first to the last.
FIRST_WAIT, LAST_WAIT = 1.0, 300.0
#: What ends one connection, and never the reading: the line, the server, or our own database for a while.
TROUBLE = (OSError, TimeoutError, TemporaryFailure, aioimaplib.AioImapException, DBAPIError)
NUMBER = re.compile(rb"\[(UIDVALIDITY|UIDNEXT) (\d+)\]")
MONTHS = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"]


class Mailbox:
    """Polls one IMAP folder until it is cancelled."""

    def __init__(self, url: str, parts: Parts, *, poll_seconds: float, since: date | None = None) -> None:
        where = urlsplit(url)
        self._secure = where.scheme == "imaps"
        self._host, self._port = where.hostname or "", where.port or (993 if self._secure else 143)
        self._user, self._password = unquote(where.username or ""), unquote(where.password or "")
        self._folder = unquote(where.path.strip("/")) or "INBOX"
        #: Names the mailbox in the database: no password in it.
        self.name = f"{self._user}@{self._host}"
        self._parts = parts
        self._poll_seconds = poll_seconds
        self._since = since

    async def run(self) -> None:
        """Read for ever; a lost connection is made again, waiting longer each time."""
        wait = FIRST_WAIT
        while True:
            _heed_cancellation()
            try:
                async with asyncio.timeout(DEADLINE * 2):
                    client = await self._connect()
            except TROUBLE as error:
                log.warning("mailbox_unreachable", error=type(error).__name__, again_in_seconds=wait)
                await asyncio.sleep(wait)
                wait = min(wait * 2, LAST_WAIT)
                continue
            try:
                await self.read_new(client)
                wait = FIRST_WAIT
                await self._poll(client)
            except TROUBLE as error:
                log.warning("mailbox_lost", error=type(error).__name__, reason=_reason(error))
            finally:
                await _leave(client)
            await asyncio.sleep(wait)
            wait = min(wait * 2, LAST_WAIT)

    async def _poll(self, client: aioimaplib.IMAP4) -> None:
        while True:
            await asyncio.sleep(self._poll_seconds)
            await self.read_new(client)

    async def _connect(self) -> aioimaplib.IMAP4:
        if self._secure:
            context = ssl.create_default_context()
            client = aioimaplib.IMAP4_SSL(self._host, self._port, timeout=DEADLINE, ssl_context=context)
        else:
            client = aioimaplib.IMAP4(self._host, self._port, timeout=DEADLINE)
        try:
            await client.wait_hello_from_server()
            answer = await client.login(self._user, self._password)
            if answer.result != "OK":
                raise TemporaryFailure("the mailbox refused our password")
        except BaseException:
            _hang_up(client)
            raise
        return client

    async def try_out(self) -> None:
        """Connect and log in, and nothing more. Raises TemporaryFailure or OSError with the reason."""
        try:
            client = await self._connect()
        except aioimaplib.AioImapException as error:
            raise TemporaryFailure(f"no mailbox answers there ({type(error).__name__})") from error
        await _leave(client)

    async def read_new(self, client: aioimaplib.IMAP4) -> int:
        """Store everything above the cursor; how many mails were new."""
        if client.protocol.transport is None or client.protocol.transport.is_closing():
            # The library does not tell: a command would wait for its deadline.
            raise TemporaryFailure("the server hung up")
        # The library does not fetch after EXAMINE; SELECT with BODY.PEEK marks nothing as read either.
        answer = await _within(client.select(f'"{self._folder}"'))
        numbers = {name: int(value) for line in answer.lines for name, value in NUMBER.findall(bytes(line))}
        if answer.result != "OK" or b"UIDVALIDITY" not in numbers:
            raise TemporaryFailure("the folder cannot be opened")
        validity = numbers[b"UIDVALIDITY"]
        cursor = await read(self._parts.engine, mailboxes.cursor, self.name, self._folder)
        if cursor is None and self._since is None:
            await self._store([], validity, numbers.get(b"UIDNEXT", 1) - 1)
            log.info("mailbox_met", starts="now")
            return 0
        if cursor is None:
            wanted = await self._search(client, f"SINCE {_day(self._since or date.min)}")
            last = 0
        elif cursor.uid_validity != validity:
            # Every number is new: what came since the last look is read again, and known content is left out.
            log.warning("mailbox_renumbered")
            wanted = await self._search(client, f"SINCE {_day(cursor.read_at.date() - timedelta(days=1))}")
            last = 0
        else:
            last = cursor.last_uid
            wanted = [uid for uid in await self._search(client, f"UID {last + 1}:*") if uid > last]
        # At a first look at these numbers everything before now is passed over, also where nothing was found.
        first_look = cursor is None or cursor.uid_validity != validity
        top = max([*wanted, last, numbers.get(b"UIDNEXT", 1) - 1 if first_look else 0])
        return await self._take(client, wanted, validity, top)

    async def _take(self, client: aioimaplib.IMAP4, wanted: Sequence[int], validity: int, top: int) -> int:
        new = 0
        for start in range(0, len(wanted), BATCH):
            batch = wanted[start : start + BATCH]
            raws = [raw for uid in batch if (raw := await self._fetch(client, uid)) is not None]
            arrivals = await asyncio.to_thread(self._all_arrived, raws)
            new += await self._store(arrivals, validity, batch[-1])
        if not wanted or top > wanted[-1]:
            await self._store([], validity, top)
        return new

    async def _search(self, client: aioimaplib.IMAP4, criteria: str) -> list[int]:
        answer = await _within(client.uid_search(criteria, charset=None))
        if answer.result != "OK":
            raise TemporaryFailure("the mailbox does not answer a search")
        words = bytes(answer.lines[0]).split() if answer.lines else []
        return sorted(int(word) for word in words if word.isdigit())

    async def _fetch(self, client: aioimaplib.IMAP4, uid: int) -> bytes | None:
        """One mail's raw bytes; None when it vanished meanwhile."""
        answer = await _within(client.uid("fetch", str(uid), "(UID BODY.PEEK[])"))
        if answer.result != "OK":
            raise TemporaryFailure("the mailbox does not hand over a mail")
        bodies = [bytes(line) for line in answer.lines if isinstance(line, bytearray)]
        return bodies[0] if bodies else None

    async def _store(self, arrivals: list[inbox.Arrived], validity: int, last_uid: int) -> int:
        move = partial(
            _move,
            name=self.name,
            folder=self._folder,
            validity=validity,
            last_uid=last_uid,
            parts=self._parts,
        )
        return await accept(self._parts, arrivals, move)

    def _all_arrived(self, raws: Sequence[bytes]) -> list[inbox.Arrived]:
        return [self.arrived(raw) for raw in raws]

    def arrived(self, raw: bytes) -> inbox.Arrived:
        """One raw mail, ready to be stored. What cannot be parsed is stored too, and put aside when processed."""
        source, external_id = f"mail:{self.name}", hashlib.sha256(raw).hexdigest()
        try:
            seen = parse_mail(raw, own_addresses=self._parts.places.own_addresses)
        except MalformedMessage:
            return inbox.Arrived(source, external_id, "mail", raw, "")
        nearest = (*seen.in_reply_to, *reversed(seen.references))
        if seen.bounce is not None and seen.bounce.original_message_id:
            nearest = (seen.bounce.original_message_id, *nearest)
        return inbox.Arrived(source, external_id, "mail", raw, seen.message_id, nearest, seen.reply_token)


def _move(session: Session, *, name: str, folder: str, validity: int, last_uid: int, parts: Parts) -> None:
    now: datetime = parts.clock()
    mailboxes.move(session, name, folder, uid_validity=validity, last_uid=last_uid, now=now)


async def _within(answer: Awaitable[aioimaplib.Response]) -> aioimaplib.Response:
    """Every call has a deadline of its own: a silent server never holds the worker for ever."""
    async with asyncio.timeout(DEADLINE):
        response = await answer
    _heed_cancellation()
    return response


def _heed_cancellation() -> None:
    """Stop when told to: the library's own waits lose a cancellation that comes together with an answer."""
    task = asyncio.current_task()
    if task is not None and task.cancelling():
        raise asyncio.CancelledError


async def _leave(client: aioimaplib.IMAP4) -> None:
    """Say goodbye where there is still somebody to say it to, and close."""
    transport = client.protocol.transport
    if transport is not None and not transport.is_closing():
        with suppress(OSError, TimeoutError, aioimaplib.AioImapException):
            async with asyncio.timeout(2):
                await client.logout()
    _hang_up(client)


def _hang_up(client: aioimaplib.IMAP4) -> None:
    if client.protocol.transport is not None:
        client.protocol.transport.close()


def _reason(error: Exception) -> str:
    """For the log. The library's errors hold commands and mails, and the database's the values: neither is said."""
    if isinstance(error, DBAPIError):
        return str(error.orig)[:200]
    return "" if isinstance(error, aioimaplib.AioImapException) else str(error)[:200]


def _day(day: date) -> str:
    """A date as IMAP writes it, whatever the machine's language."""
    return f"{day.day}-{MONTHS[day.month - 1]}-{day.year}"
