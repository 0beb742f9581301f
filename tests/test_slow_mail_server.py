"""A mail server that is silent holds up neither a card nor another customer's mail."""

import asyncio
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import replace
from typing import Any

import pytest
from scenes import TWICE, Scene, mail

from bot.delivering_mail import MAILS_AT_ONCE
from bot.messages import Outgoing
from bot.running import Running, whenever
from storage import outbox
from storage.tables import OutboxItem, OutboxState


class Slow:
    """Takes every mail but those to one address, about which it is silent until `heard` is set."""

    def __init__(self, silent_about: str) -> None:
        self.silent_about = silent_about
        self.asked = asyncio.Event()
        self.heard = asyncio.Event()
        self.taken: list[str] = []
        self.most_at_once = self._now = 0

    async def __call__(self, item: Outgoing) -> dict[str, Any]:
        to = str(item.payload["to"])
        self._now += 1
        self.most_at_once = max(self.most_at_once, self._now)
        try:
            if to == self.silent_about or self.silent_about == "everybody":
                self.asked.set()
                await self.heard.wait()
        finally:
            self._now -= 1
        self.taken.append(to)
        return {"message_id": item.payload["message_id"]}


@asynccontextmanager
async def running(scene: Scene, slow: Slow) -> AsyncIterator[Running]:
    """The program's delivery at work, with this mail server."""
    senders: Mapping[str, Any] = {**scene.parts.senders, "mail": slow}
    scene.parts = replace(scene.parts, senders=senders)
    program = Running(scene.parts)
    program.start_task(whenever(scene.parts.arrived, program.process_all))
    program.start_task(whenever(scene.parts.written, program.deliver_all))
    try:
        yield program
    finally:
        slow.heard.set()
        await program.stop()


async def until(scene: Scene, kind: str, count: int) -> None:
    """Until so many rows of that kind have gone."""
    async with asyncio.timeout(20):
        while len(gone(scene, kind)) < count:  # noqa: ASYNC110  # a database has no event to wait for
            await asyncio.sleep(0.02)


def gone(scene: Scene, kind: str) -> list[OutboxItem]:
    return [row for row in scene.rows(OutboxItem) if row.kind == kind and row.state is OutboxState.SENT]


async def write_to_us(scene: Scene, name: str) -> None:
    await scene.hear(mail(TWICE, sender=f"{name} <{name.lower()}@example.dk>", message_id=f"<{name}@x>"))


async def answer(scene: Scene, cards: int) -> None:
    """The newest case is answered, once its card is there."""
    await until(scene, "card", cards)
    scene.send()
    scene.parts.written.set()


async def test_cards_and_other_mails_go_while_the_server_is_silent_about_one(scene: Scene) -> None:
    slow = Slow("mette@example.dk")
    async with running(scene, slow):
        await write_to_us(scene, "Mette")
        await answer(scene, 1)
        await asyncio.wait_for(slow.asked.wait(), 10)
        await write_to_us(scene, "Ida")
        await answer(scene, 2)
        await until(scene, "mail", 1)
        assert slow.taken == ["ida@example.dk"]
        slow.heard.set()
        await until(scene, "mail", 2)
    assert slow.taken == ["ida@example.dk", "mette@example.dk"]


async def test_stopping_finishes_the_mail_in_hand(scene: Scene) -> None:
    slow = Slow("mette@example.dk")
    async with running(scene, slow) as program:
        await write_to_us(scene, "Mette")
        await answer(scene, 1)
        await asyncio.wait_for(slow.asked.wait(), 10)
        stopping = asyncio.create_task(program.stop())
        await asyncio.sleep(0.1)
        assert not stopping.done()
        slow.heard.set()
        await asyncio.wait_for(stopping, 10)
    assert len(gone(scene, "mail")) == 1


@pytest.mark.parametrize("silent", ["everybody", "nobody"])
async def test_only_so_many_connections_are_open_at_a_time(scene: Scene, silent: str) -> None:
    slow = Slow(silent)

    def many(session: Any) -> None:
        for number in range(2 * MAILS_AT_ONCE + 3):
            payload = {"to": f"{number}@example.dk", "message_id": f"{number}@x"}
            outbox.put(session, f"mail{number}", "mail", payload, scene.now, lane=f"lane{number}")

    scene.do(many)
    async with running(scene, slow):
        scene.parts.written.set()
        if silent == "everybody":
            await asyncio.wait_for(slow.asked.wait(), 10)
            await asyncio.sleep(0.3)
            assert slow.taken == []
            slow.heard.set()
        await until(scene, "mail", 2 * MAILS_AT_ONCE + 3)
    assert slow.most_at_once <= MAILS_AT_ONCE
    assert len(slow.taken) == len(set(slow.taken)) == 2 * MAILS_AT_ONCE + 3
