"""A stage on which the program dies in a child, and another one finds what the dead one left."""

import asyncio
import signal
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta
from email import message_from_bytes
from pathlib import Path
from typing import Any, TypeVar

from crashing.moments import Kind, Moment
from crashing.process import Child, Nursery
from sqlalchemy import Engine, select, text
from sqlmodel import Session, SQLModel

from bot.sandbox.interactions import InteractionResult
from bot.sandbox.records import Message
from bot.sandbox.socket_mode import Delivery
from bot.sandbox.stage import MORNING, Stage
from bot.settings import PARTS, Part
from storage import agents, orders
from storage.engine import commit, connect, read
from storage.migrate import migrate
from storage.tables import InboxItem, MailboxCursor, OutboxItem, OutboxState, PaymentKind, Suggestion
from storage.tables import Message as Said

Row = TypeVar("Row", bound=SQLModel)
#: Longer than every lease.
PAST_EVERY_LEASE = timedelta(seconds=62)
#: How long the local Slack waits for an acknowledgement, and then until it delivers again: often enough for a
#: slow machine, on which the next process may not be there at the first repetition.
ACK_DEADLINE = timedelta(seconds=1)
AGAIN = (timedelta(seconds=0.2),) * 20
#: A scene that takes longer hangs.
LONGEST_SECONDS = 180
ORDER = "10432"
LETTER = """\
From: {name} <{address}>
To: hej@lampehuset.example
Subject: Trukket dobbelt
Message-ID: <{number}@example.dk>
{reference}Date: Mon, 02 Mar 2026 09:12:00 +0100
MIME-Version: 1.0
Content-Type: text/plain; charset=utf-8
Content-Transfer-Encoding: 8bit

Hej

Der er trukket 499 kr. to gange på mit kort for ordre 10432. Vil I se på det?

Venlig hilsen
{name}
"""


class Scene:
    """The servers and the database stay; the child is the program until it dies, then we are."""

    def __init__(self, stage: Stage, engine: Engine, nursery: Nursery) -> None:
        self.stage = stage
        self._engine = engine
        self._nursery = nursery
        self._children: list[Child] = []

    @property
    def child(self) -> Child:
        """The one that lives, or died last."""
        return self._children[-1]

    # Before the death

    async def begin(self, moment: Moment, only: Sequence[Part] = PARTS) -> None:
        """Start the program in a child; when this returns it hears the workspace and knows its mailbox."""
        self._children.append(self._nursery.take())
        settings = self.stage.settings().model_dump(mode="json")
        clock = str(self.stage.folder / "clock.json")
        self.child.order(moment, settings=settings, clock=clock, only=only)
        if moment.kind is not Kind.UNTIL_SIGNAL:
            await self.child.says("ready")
        if "slack" in only:
            await self.stage.slack.wait_until_connected(20)
        if "mail" in only:
            await self.until(MailboxCursor, bool)

    def end(self) -> None:
        """Leave no child behind."""
        for child in self._children:
            child.bury()

    async def mail_comes(self, name: str = "Mette Krogh", number: str = "m1", answers: str = "") -> None:
        """A customer writes that she paid twice; `answers` is the number of a mail of the same thread."""
        raw = LETTER.format(
            name=name,
            address=f"{name.split()[0].lower()}@example.dk",
            number=number,
            reference=f"In-Reply-To: <{answers}@example.dk>\n" if answers else "",
        )
        await self.stage.mail.deliver(raw.encode())

    async def guest_speaks(self) -> str:
        """A customer writes in a channel that is shared with us; the message's ts."""
        words = "Der er trukket 499 kr. to gange på vores kort for ordre 10432. Vil I se på det?"
        return await self.stage.slack.people.say(self.stage.guest.id, self.stage.shared.id, words)

    async def card_there(self) -> Message:
        """Wait until the first card is there and the program knows it."""
        await self.until(OutboxItem, lambda rows: any(row.receipt for row in rows))
        return self.stage.cards()[0]

    async def freja_presses_send(self) -> InteractionResult:
        """The agent sends the draft of the first card."""
        card = await self.card_there()
        people, triage = self.stage.slack.people, self.stage.triage
        return await people.click(self.stage.freja.id, triage.id, card.ts, "card_send")

    async def freja_takes_it(self) -> None:
        """The agent has the first card's case from now on, and the draft is in her name."""
        card = await self.card_there()
        people, triage = self.stage.slack.people, self.stage.triage
        await people.click(self.stage.freja.id, triage.id, card.ts, "card_case", option="assign")
        await self.until(Suggestion, lambda rows: len(rows) == 2)

        def is_shown(rows: list[OutboxItem]) -> bool:
            return all(row.state is OutboxState.SENT for row in rows if row.kind == "card")

        await self.until(OutboxItem, is_shown)

    async def freja_goes_away(self) -> None:
        """The agent hands everything over to her colleague."""
        people, triage = self.stage.slack.people, self.stage.triage
        words = f"away until Monday <@{self.stage.nils.id}>"
        await people.command(self.stage.freja.id, triage.id, "/tillid", words)

    async def was_killed(self) -> bool:
        """Wait for the child's end; whether it was SIGKILL."""
        return await self.child.ended() == -signal.SIGKILL

    # After it

    async def recover(self, later: timedelta = timedelta()) -> None:
        """Some time after the death a fresh program starts, here; wait until it has done what there is to do."""
        self.stage.clock.move(later)
        await self.stage.start_program(PARTS)
        await self.stage.idle()

    async def recover_with(self, table: type[Row]) -> None:
        """The same, when the dead one left nothing: wait until there are rows of the table first."""
        await self.recover()
        await self.until(table, bool)
        await self.stage.idle()

    async def rows(self, table: type[Row]) -> list[Row]:
        """All rows of a table, oldest first, as they are committed now."""

        def find(session: Session) -> list[Row]:
            return list(session.execute(select(table).order_by(text("id"))).scalars())

        return await read(self._engine, find)

    async def until(self, table: type[Row], so: Any, seconds: float = 20) -> None:
        """Wait until the rows of a table are so."""

        async def are_so() -> bool:
            return bool(so(await self.rows(table)))

        await self.stage.until(are_so, seconds)

    def was_refused_then_taken(self) -> bool:
        """Whether the guest's message had to come again, and is not sent any more since it was acknowledged."""
        *before, last = [each.acknowledged for each in self.deliveries()]
        return bool(before) and not any(before) and last

    def deliveries(self) -> list[Delivery]:
        """Every attempt to hand the guest's message over."""
        found = self.stage.slack.deliveries
        return [each for each in found if each.payload.get("event", {}).get("user") == self.stage.guest.id]

    def answers(self, ts: str) -> list[Message]:
        """What we have said to the guest below their message."""
        below = self.stage.workspace.thread(self.stage.shared.id, ts)
        return [each for each in below if each.user_id == self.stage.workspace.bot.id]

    def message_ids(self) -> set[str]:
        """The different Message-IDs of the mails that went out."""
        return {str(message_from_bytes(mail.raw)["Message-ID"]) for mail in self.stage.mail.mails}

    def notes(self) -> list[Message]:
        """What stands in the threads below the cards, oldest first."""
        said = self.stage.workspace.said_by_bot(self.stage.triage.id)
        return [each for each in said if each.thread_ts not in (None, "", each.ts)]


async def is_one_of_each(on: Scene) -> bool:
    """One thing came in once: it is one message, one draft and one card."""
    rows = [len(await on.rows(table)) for table in (InboxItem, Said, Suggestion)]
    posted = [call for call in on.stage.slack.calls if call.method == "chat.postMessage"]
    return rows == [1, 1, 1] and len(posted) == len(on.stage.cards()) == 1


@asynccontextmanager
async def scene(
    folder: Path,
    nursery: Nursery,
    moment: Moment,
    *,
    database_url: str = "",
    only: Sequence[Part] = PARTS,
    with_order: bool = False,
) -> AsyncIterator[Scene]:
    """A stage without a program of its own, and the program in a child that dies at the moment."""
    # The program's own `run` knows no clock but the real one.
    morning = datetime.now(UTC) if moment.kind is Kind.UNTIL_SIGNAL else MORNING
    stage = Stage(folder, database_url=database_url, morning=morning, only=())
    stage.slack.socket_mode.ack_deadline = ACK_DEADLINE
    stage.slack.socket_mode.redelivery_delays = AGAIN
    engine = connect(stage.database_url)
    try:
        async with asyncio.timeout(LONGEST_SECONDS), stage:
            await asyncio.to_thread(migrate, engine)
            await commit(engine, _furnish, stage, with_order)
            opened = Scene(stage, engine, nursery)
            try:
                await opened.begin(moment, only)
                yield opened
            finally:
                opened.end()  # before the servers that the child talks to
    finally:
        engine.dispose()


def _furnish(session: Session, stage: Stage, with_order: bool) -> None:
    now = stage.clock()
    agents.watch(session, stage.workspace.team_id, stage.shared.id, now)
    if with_order:
        orders.keep(session, _charged_twice(now), now)


def _charged_twice(now: datetime) -> orders.OrderRecord:
    day = timedelta(days=1)
    captures = [
        orders.Movement(PaymentKind.CAPTURE, reference, 49_900, now - day) for reference in ("p1", "p2")
    ]
    return orders.OrderRecord(
        number=ORDER,
        email="mette@example.dk",
        name="Mette Krogh",
        language="da",
        currency="DKK",
        country="DK",
        placed_at=now - 2 * day,
        lines=(orders.Line("item", "Bordlampe", 49_900),),
        movements=tuple(captures),
    )
