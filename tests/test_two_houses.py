"""Two companies that both use Tillid, and each takes the other for a customer: it ends by itself."""

import hashlib
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from email import message_from_bytes, policy
from pathlib import Path

import pytest
from scenes import MORNING, PLACES, Scene, mail
from sqlalchemy import Engine

from bot import desk, pipeline
from bot.desk.follow_ups import Approved
from bot.errors import Refused
from bot.mail.reading import parse_mail
from bot.outbound.composing import compose, written
from storage import inbox
from storage.engine import connect
from storage.migrate import migrate
from storage.tables import CardState, Conversation, ConversationState, Suggestion

#: Headers by which a machine could be told from a person.
TELLTALE = ("Auto-Submitted", "X-Auto-Response-Suppress", "List-Unsubscribe", "List-Unsubscribe-Post")


class House(Scene):
    """One of the two, with an address of its own and staff that presses Send on whatever it can."""

    def __init__(self, engine: Engine, address: str) -> None:
        super().__init__(engine)
        self.address = address
        places = replace(PLACES, mail_from=f"Huset <{address}>", own_addresses=frozenset({address}))
        self.parts = replace(self.parts, places=places)
        self.desk = desk.Desk(self.parts.house, places)
        self.posted = 0

    def post(self, *, stripped: bool) -> list[bytes]:
        """The mails that went out since the last time, as they are on the wire."""
        new = self.mails()[self.posted :]
        self.posted += len(new)
        return [_on_the_wire(written(compose(item, self.now, "")), stripped) for item in new]

    async def get(self, raw: bytes) -> None:
        """A mail comes in."""
        seen = parse_mail(raw, own_addresses=self.parts.places.own_addresses)
        refers = (*seen.in_reply_to, *reversed(seen.references))
        key = hashlib.sha256(raw).hexdigest()
        source = f"mail:{self.address}"
        arrived = inbox.Arrived(source, key, "mail", raw, seen.message_id, refers, seen.reply_token)
        await pipeline.accept(self.parts, [arrived])
        await self.work()

    async def answer_everything(self) -> None:
        """Send each draft there is; what is refused is left."""
        for card in self.rows(Suggestion):
            if card.state is CardState.NEW and card.text:
                self._try(desk.send, self.desk, self._press(card), self.now)
        await self.work()

    async def follow_everything_up(self) -> None:
        """Call each open case solved, and set a follow-up that goes at once."""
        for case in self.rows(Conversation):
            newest = [each for each in self.rows(Suggestion) if each.conversation_id == case.id][-1]
            if case.state is not ConversationState.RESOLVED:
                soon = self.now + timedelta(seconds=1)
                approved = Approved(
                    "how_is_it", "Er alt i orden?", "Hej, kom pakken? Skriv endelig.", soon, ""
                )
                self._try(desk.resolve, self._press(newest), approved, self.now)
        self.now += timedelta(seconds=2)
        await pipeline.remind(self.parts)
        await self.work()

    def _press(self, card: Suggestion) -> desk.Press:
        return replace(self.press(), conversation_id=card.conversation_id, version=card.version)

    def _try(self, act: object, *args: object) -> None:
        try:
            self.do(act, *args)  # type: ignore[arg-type]
        except Refused:
            return


def _on_the_wire(raw: bytes, stripped: bool) -> bytes:
    if not stripped:
        return raw
    read = message_from_bytes(raw, policy=policy.SMTP)
    for name in TELLTALE:
        del read[name]
    return read.as_bytes()


@pytest.fixture
def houses(tmp_path: Path) -> Iterator[tuple[House, House]]:
    engines = [connect(f"sqlite:///{tmp_path / name}.db") for name in ("here", "there")]
    for engine in engines:
        migrate(engine)
    yield House(engines[0], "hej@here.example"), House(engines[1], "hej@there.example")
    for engine in engines:
        engine.dispose()


async def rally(houses: tuple[House, House], rounds: int, *, stripped: bool, by: str) -> list[int]:
    """The two write to each other as fast as they may, every two minutes; how many mails went in each round."""
    here, there = houses
    first = "Hej, hvor er min pakke?"
    await here.get(mail(first, sender="Huset <hej@there.example>", message_id="<first@there.example>"))
    went = []
    for _ in range(rounds):
        count = 0
        for house, other in ((here, there), (there, here)):
            await (house.answer_everything() if by == "answers" else house.follow_everything_up())
            for raw in house.post(stripped=stripped):
                count += 1
                await other.get(raw)
        went.append(count)
        here.now = there.now = max(here.now, there.now) + timedelta(minutes=2)
    return went


async def test_two_houses_that_answer_each_other_stop_within_the_hourly_measure(
    houses: tuple[House, House],
) -> None:
    went = await rally(houses, 12, stripped=True, by="answers")
    assert houses[0].now - MORNING < timedelta(hours=1)
    assert sum(went) == sum(house.parts.house.policy.most_sent_per_hour for house in houses)
    assert went[-2:] == [0, 0]


async def test_two_houses_that_follow_each_other_up_stop_within_the_daily_measure(
    houses: tuple[House, House],
) -> None:
    # Nothing is left in the mails that tells a machine, and the staff sets a follow-up wherever it can.
    went = await rally(houses, 8, stripped=True, by="follow-ups")
    assert sum(went) == sum(house.parts.house.policy.most_automatic_per_day for house in houses)
    assert went[-2:] == [0, 0]


async def test_a_follow_up_that_says_it_is_automatic_is_followed_by_nothing(
    houses: tuple[House, House],
) -> None:
    assert await rally(houses, 3, stripped=False, by="follow-ups") == [1, 0, 0]
    (automatic,) = houses[0].mails()
    assert automatic.payload["automatic"]
    await houses[1].answer_everything()
    assert houses[1].mails() == []
