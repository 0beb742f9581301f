"""A thousand mixed mails, and a reader that is killed ten times on the way: each mail is there exactly once."""

import asyncio
import json
import os
import random
import signal
import subprocess
import sys
from collections import Counter
from itertools import cycle
from pathlib import Path
from typing import Self

import pytest
from mailbox_scenes import Post, reading, until
from sqlalchemy import func, select
from sqlmodel import Session, col

from storage.engine import read
from storage.tables import InboxItem

pytestmark = pytest.mark.asyncio(loop_scope="module")
TESTS = Path(__file__).parent.parent
MAILS, DEATHS, SEED = 1000, 10, 5


def mixed() -> list[bytes]:
    """Every broken mail that we keep, over and over, each time with a marker and an id of its own."""
    samples = [path.read_bytes() for path in sorted((TESTS / "data" / "mail").glob("*.eml"))]
    return [_marked(raw, number) for number, raw in zip(range(MAILS), cycle(samples), strict=False)]


def _marked(raw: bytes, number: int) -> bytes:
    marker = b"X-Marker: %d\r\n" % number
    raw = raw.replace(b"\r\n", b"\n").replace(b"\n", b"\r\n")
    low = raw.lower()
    if b"\r\nmessage-id: <" in low:
        start = low.index(b"\r\nmessage-id: <") + len(b"\r\nmessage-id: <")
        raw = raw[:start] + b"n%d." % number + raw[start:]
    if raw.startswith(b"From "):  # an mbox line stays the first one
        line, _, rest = raw.partition(b"\r\n")
        return line + b"\r\n" + marker + rest
    return marker + raw


class Readers:
    """The process that starts them; a context manager."""

    def __enter__(self) -> Self:
        command = [sys.executable, "-m", "crashing.reader"]
        self._process = subprocess.Popen(
            command, cwd=TESTS, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
        )
        return self

    def __exit__(self, *_error: object) -> None:
        self._process.kill()
        self._process.communicate()

    async def ask(self, line: str) -> int:
        """Its answer to one line."""
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        self._process.stdin.write(line + "\n")
        self._process.stdin.flush()
        return int(await asyncio.to_thread(self._process.stdout.readline))

    async def kill(self, pid: int) -> bool:
        """As a power cut would; whether it lived until then."""
        os.kill(pid, signal.SIGKILL)
        return await self.ask("bury") == -signal.SIGKILL


def _count(session: Session) -> int:
    return int(session.execute(select(func.count(col(InboxItem.id)))).scalar_one())


async def _until_stored(post: Post, count: int) -> None:
    async def there() -> bool:
        return await read(post.parts.engine, _count) >= count

    await until(there, 60)


async def test_a_thousand_mails_are_each_there_once_after_ten_deaths(scripted: Post) -> None:
    post, chance = scripted, random.Random(SEED)
    async with reading(post.mailbox()):
        await post.until_met()
    for raw in mixed():
        await post.server.deliver(raw)
    orders = json.dumps({"url": post.server.url, "database": str(post.parts.engine.url)})
    with Readers() as readers:
        for stored in sorted(chance.sample(range(1, MAILS), DEATHS)):
            living = await readers.ask(orders)
            await _until_stored(post, stored)
            # Somewhere between two answers of the server, or in the middle of a transaction.
            await asyncio.sleep(chance.random() / 20)
            assert await readers.kill(living)
        await readers.ask(orders)
        await _until_stored(post, MAILS)
        await asyncio.sleep(0.5)
    markers = Counter(_marker(bytes(item.raw)) for item in await post.rows(InboxItem))
    assert markers == Counter(range(MAILS))


def _marker(raw: bytes) -> int:
    return int(raw.partition(b"X-Marker: ")[2].partition(b"\r\n")[0])
