"""Mails on their way out, beside everything else: a mail server may be slow, and a card must not wait for it."""

import asyncio
from collections.abc import Callable

from sqlmodel import Session

from bot.parts import Parts
from bot.pipeline import deliver_row
from storage import outbox
from storage.engine import commit

#: What goes to mail servers.
MAIL = ("mail",)
#: How many connections to mail servers are open at a time.
MAILS_AT_ONCE = 10


async def deliver_mails(parts: Parts, more: asyncio.Event, is_stopping: Callable[[], bool]) -> None:
    """Send the mails that are due, some at a time, until none is left; look for more ones when `more` is set.

    A server that is silent about one mail does not hold up the next one.
    """
    in_hand: set[asyncio.Task[None]] = set()

    def claim(session: Session, room: int) -> list[outbox.Claimed]:
        # Asked in here: who waited for the database may have been told to stop meanwhile.
        return [] if is_stopping() else outbox.claim(session, parts.clock(), room, only=MAIL)

    try:
        while True:
            more.clear()
            if room := MAILS_AT_ONCE - len(in_hand):
                rows = await commit(parts.engine, claim, room)
                in_hand |= {asyncio.create_task(deliver_row(parts, row)) for row in rows}
            if not in_hand:
                return
            woken = asyncio.create_task(more.wait())
            done, _ = await asyncio.wait({*in_hand, woken}, return_when=asyncio.FIRST_COMPLETED)
            woken.cancel()
            in_hand -= done
            for task in done - {woken}:
                task.result()  # the database was away: whoever runs this hears of it
    finally:
        if in_hand:
            await asyncio.wait(in_hand)
