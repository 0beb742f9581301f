"""A busy day: three hundred messages of customers, and how little is said to colleagues about them.

The budget: one post in the triage channel for each case, changed in place after that; a line below it only where a
person has to act; nothing in customers' channels that no colleague sent; nobody is ever called by @channel or @here;
one direct message to each colleague in the morning, and three on any day at most.
"""

import json
import re
import shutil
from collections import Counter
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from scenes import FREJA, NILS, SIGNE, Scene, mail

from bot import desk
from bot.digests import write_digests
from bot.errors import Refused
from storage import conversations
from storage.engine import connect
from storage.tables import Direction, Message, OutboxItem, Suggestion

MESSAGES = 300
PLEASANTRIES = ("Tusind tak!", "Hej", "Mange tak for hjælpen 😊", "God weekend", "Thanks!", "Tack så mycket")
EVERYBODY = re.compile(r"<!(?:channel|here|everyone|subteam)|@(?:channel|here|everyone)\b")


CALLED = re.compile(r"<@(\w+)")


def what_people_write() -> list[str]:
    lines = Path("tests/data/everyday.tsv").read_text(encoding="utf-8").splitlines()
    return [line.split("\t")[-1] for line in lines if "\t" in line][: MESSAGES - 40]


@pytest.fixture
def office(migrated_file: Path, tmp_path: Path) -> Iterator[Scene]:
    """On one box, with SQLite."""
    path = tmp_path / "day.db"
    shutil.copy(migrated_file, path)
    engine = connect(f"sqlite:///{path}")
    yield Scene(engine)
    engine.dispose()


async def a_day(office: Scene) -> None:
    """Mails, channels with rows of short messages, pleasantries; colleagues take case after case."""
    written = 0
    for number, text in enumerate(what_people_write()):
        if number % 4:
            await office.hear(mail(text, sender=f"Kunde <kunde{number}@example.dk>", subject=f"Sag {number}"))
        else:
            await office.hear_slack(text, user=f"U{number:09}")
        written += 1
        if number % 6 == 0:
            await office.hear_slack(PLEASANTRIES[number % len(PLEASANTRIES)], user=f"U{number + 1000:09}")
            written += 1
        office.pass_time(seconds=90)
        if number % 10 == 9:
            # As the clock does, all day long.
            await write_digests(office.parts)
            await office.work()
            answer(office, (FREJA, NILS)[number // 10 % 2], cases=6)
            await office.work()
    assert written >= MESSAGES
    await office.work()


def answer(office: Scene, who: str, cases: int) -> None:
    """A colleague takes the next cases, and sends what can be sent as it is."""
    for _ in range(cases):
        taken = office.do(desk.take_next, office.desk, who, office.now)
        if taken is None:
            return
        newest = office.do(conversations.latest_suggestion, taken).version
        try:
            office.do(desk.send, office.desk, desk.Press(who, taken, newest), office.now)
        except Refused:
            office.do(desk.resolve, desk.Press(who, taken, newest), None, office.now)


async def test_a_day_of_three_hundred_messages_stays_within_the_budget(office: Scene) -> None:
    await a_day(office)
    posts = Counter(each.kind for each in office.rows(OutboxItem))
    answered = [each for each in office.rows(Message) if each.direction is Direction.OUT]
    carded = {each.conversation_id for each in office.rows(Suggestion)}

    # One post in the triage channel for each case that has something to answer; pleasantries have none.
    assert posts["card"] == len(carded) == len(what_people_write())
    # A line below a card only where a person must act: here, where a customer has waited, or a promise falls due.
    assert posts["note"] <= len(carded) // 20
    assert posts["alert"] == 0
    # Customers read what a colleague sent, each answer once, and nothing else.
    assert posts["mail"] + posts["slack_reply"] == len(answered) > 100
    assert set(posts) <= {"card", "note", "mail", "slack_reply", "refund", "digest"}
    # Nobody is called by a word that calls everybody, and only staff are called at all.
    said = "".join(json.dumps(each.payload, ensure_ascii=False) for each in office.sent)
    assert not EVERYBODY.search(said)
    assert set(CALLED.findall(said)) <= {FREJA, NILS, SIGNE}
    # Each card was posted once, and changed in place after that.
    first = Counter(each.key for each in office.sent if each.key.startswith("card:") and not each.receipt)
    assert set(first.values()) == {1}

    # Nobody had anything before them when the day began; the next morning each hears once, whoever looks how often.
    assert directly(office) == Counter()
    office.now = datetime(2026, 3, 3, 8, 0, tzinfo=UTC)
    for _ in range(30):
        await write_digests(office.parts)
        await office.work()
        office.pass_time(minutes=10)
    told = directly(office)
    assert set(told) == {FREJA, NILS} and set(told.values()) == {1}


def directly(office: Scene) -> Counter[str]:
    """How often each colleague was written to alone."""
    to = (each.payload.get("channel") for each in office.sent)
    return Counter(each for each in to if each in (FREJA, NILS, SIGNE))
