"""One folder of a mailbox, read by UID: everything above the stored cursor, in order, nothing marked or moved."""

import asyncio
import hashlib
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import date, timedelta
from functools import partial

from sqlmodel import Session

from bot import logs
from bot.errors import MalformedMessage
from bot.imap import ImapSession, ImapTrouble, Numbers
from bot.mail.parts import MAX_RAW_BYTES
from bot.mail.reading import parse_mail
from bot.parts import Parts
from bot.pipeline import accept
from bot.speech import say_to_all
from bot.writing_quietly import size_line
from storage import inbox, mailboxes
from storage.engine import read
from storage.inbox import NEW_MAIL, OLD_MAIL, TOO_LARGE_MAIL

log = logs.get(__name__)
#: Mails stored in one transaction, and the bytes of them that are held at a time.
BATCH, BATCH_BYTES = 25, 32 * 1024 * 1024
#: After so many attempts a mail that the server does not hand over is taken by its headers; after twice as many,
#: by its number alone.
TRIES = 3
#: A mail's UID, and its kind and raw bytes where it is still there.
Taken = tuple[int, tuple[str, bytes] | None]
MONTHS = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"]


class MailFolder:
    """Reads one folder over whatever connection it is given."""

    def __init__(
        self,
        parts: Parts,
        mailbox: str,
        folder: str,
        *,
        kind: str = NEW_MAIL,
        since: date | None = None,
        largest_bytes: int = MAX_RAW_BYTES,
    ) -> None:
        self._parts = parts
        self._mailbox = mailbox
        #: As on the wire.
        self.folder = folder
        self._kind = kind
        self._since = since
        self._largest_bytes = largest_bytes
        self._failed: Counter[int] = Counter()
        #: One mail at a time, after a batch that did not come.
        self._careful = False

    async def read_new(self, session: ImapSession) -> int:
        """Store everything above the cursor; how many mails were new."""
        numbers = await session.select(self.folder)
        cursor = await read(self._parts.engine, mailboxes.cursor, self._mailbox, self.folder)
        if cursor is None:
            wanted = await self._meet(session, numbers)
            last = 0
        elif cursor.uid_validity != numbers.validity:
            # Every number is new: what came since the last look is read again, and known content is left out.
            log.warning("mailbox_renumbered")
            self._failed.clear()
            wanted = await session.search(f"SINCE {_day(cursor.read_at.date() - timedelta(days=1))}")
            last = 0
        else:
            last = cursor.last_uid
            wanted = [uid for uid in await session.search(f"UID {last + 1}:*") if uid > last]
        # At a first look at these numbers everything before now is passed over, also where nothing was found.
        first_look = cursor is None or cursor.uid_validity != numbers.validity
        top = max([*wanted, last, numbers.next_uid - 1 if first_look else 0])
        return await self._take(session, wanted, numbers.validity, top)

    async def has_news(self, session: ImapSession) -> bool:
        """Whether a folder that is not open holds something above the cursor."""
        numbers = await session.status(self.folder)
        cursor = await read(self._parts.engine, mailboxes.cursor, self._mailbox, self.folder)
        if cursor is None or cursor.uid_validity != numbers.validity or not numbers.next_uid:
            return True
        return numbers.next_uid - 1 > cursor.last_uid

    async def _meet(self, session: ImapSession, numbers: Numbers) -> list[int]:
        """The first contact: from now on, or from a day on, and then all there is until now is history."""
        log.info("mailbox_met", starts="now" if self._since is None else "at a day")
        if self._since is None:
            return []
        await self._store([], partial(mailboxes.meet, uid_validity=numbers.validity), numbers.next_uid - 1)
        return await session.search(f"SINCE {_day(self._since)}")

    async def _take(self, session: ImapSession, wanted: Sequence[int], validity: int, top: int) -> int:
        new = 0
        move = partial(mailboxes.move, uid_validity=validity)
        old = await read(self._parts.engine, mailboxes.last_of_history, self._mailbox, self.folder, validity)
        for start in range(0, len(wanted), BATCH):
            sizes = await session.sizes(wanted[start : start + BATCH])
            for batch in _batches(wanted[start : start + BATCH], sizes):
                taken = await self._fetch(session, batch, sizes)
                arrivals = await asyncio.to_thread(self._all_arrived, taken, validity, old)
                new += await self._store(arrivals, move, batch[-1])
        if not wanted or top > wanted[-1]:
            await self._store([], move, top)
        return new

    async def _fetch(
        self, session: ImapSession, batch: Sequence[int], sizes: Mapping[int, int]
    ) -> list[Taken]:
        """A batch at once where that works: one answer instead of many."""
        whole = [uid for uid in batch if sizes.get(uid, 0) <= self._largest_bytes]
        raws: dict[int, bytes] = {}
        if whole and not self._careful:
            self._careful = True
            raws = await session.fetch(whole, sum(sizes.get(uid, 0) for uid in whole))
        taken: list[Taken] = []
        for uid in batch:
            got = raws.get(uid)
            taken.append((uid, await self._fetch_one(session, uid) if got is None else (self._kind, got)))
        self._careful = False
        return taken

    async def _fetch_one(self, session: ImapSession, uid: int) -> tuple[str, bytes] | None:
        """The raw mail, or what can be had of it, and as what it goes in; None when it has vanished."""
        failed = self._failed[uid]
        try:
            size = (await session.sizes([uid])).get(uid)
            if size is None:
                return None
            if size <= self._largest_bytes and failed < TRIES:
                raw = (await session.fetch([uid], size)).get(uid)
                kind = self._kind
            elif failed < 2 * TRIES:
                head = await session.fetch_headers(uid)
                raw = None if head is None else size_line(size) + head
                kind = TOO_LARGE_MAIL if self._kind == NEW_MAIL else self._kind
                log.warning("mail_not_fetched_whole", size_bytes=size, attempts=failed)
            else:
                log.error("mail_not_fetched", size_bytes=size, attempts=failed)
                return self._kind, b""
            if raw is None:
                raise ImapTrouble(say_to_all("the mailbox lists a mail and does not hand it over"))
        except ImapTrouble:
            self._failed[uid] += 1
            raise
        del self._failed[uid]
        return kind, raw

    async def _store(self, arrivals: list[inbox.Arrived], move: Callable[..., None], last_uid: int) -> int:
        now = self._parts.clock()

        def moved(session: Session) -> None:
            move(session, self._mailbox, self.folder, last_uid=last_uid, now=now)

        return await accept(self._parts, arrivals, moved)

    def _all_arrived(self, taken: Sequence[Taken], validity: int, old: int) -> list[inbox.Arrived]:
        found = []
        for uid, got in taken:
            if got is None:
                continue
            kind, raw = got
            if uid <= old and self._kind == NEW_MAIL:
                kind = OLD_MAIL
            found.append(self._arrived(kind, raw, f"{validity}:{uid}"))
        return found

    def _arrived(self, kind: str, raw: bytes, number: str) -> inbox.Arrived:
        """One raw mail, ready to be stored. What cannot be parsed is stored too, and put aside when processed."""
        source = f"mail:{self._mailbox}"
        external_id = hashlib.sha256(raw or f"{self.folder}:{number}".encode()).hexdigest()
        try:
            seen = parse_mail(
                raw,
                own_addresses=self._parts.places.own_addresses,
                trusted_authserv_ids=self._parts.house.authserv_ids,
                form_senders=self._parts.house.forms,
            )
        except MalformedMessage:
            return inbox.Arrived(source, external_id, kind, raw, "")
        nearest = (*seen.in_reply_to, *reversed(seen.references))
        if seen.bounce is not None and seen.bounce.original_message_id:
            nearest = (seen.bounce.original_message_id, *nearest)
        return inbox.Arrived(source, external_id, kind, raw, seen.message_id, nearest, seen.reply_token)


def _batches(uids: Sequence[int], sizes: dict[int, int]) -> Iterator[list[int]]:
    """In order, and never more bytes at a time than we can hold."""
    batch: list[int] = []
    held = 0
    for uid in uids:
        size = sizes.get(uid, 0)
        if batch and held + size > BATCH_BYTES:
            yield batch
            batch, held = [], 0
        batch.append(uid)
        held += size
    if batch:
        yield batch


def _day(day: date) -> str:
    """A date as IMAP writes it, whatever the machine's language."""
    return f"{day.day}-{MONTHS[day.month - 1]}-{day.year}"
