"""A busy day: three hundred messages of customers, and how little is said to colleagues about them.

The budget: one post in the triage channel for each case, changed in place after that; a line below it only where a
person has to act; nothing in customers' channels that no colleague sent; nobody is ever called by @channel or @here.
"""

import json
import re
import shutil
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest
from scenes import FREJA, NILS, Scene, mail

from bot import desk
from bot.errors import Refused
from storage import conversations
from storage.engine import connect
from storage.tables import Direction, Message, OutboxItem, Suggestion

MESSAGES = 300
PLEASANTRIES = ("Tusind tak!", "Hej", "Mange tak for hjælpen 😊", "God weekend", "Thanks!", "Tack så mycket")
EVERYBODY = re.compile(r"<!(?:channel|here|everyone|subteam)|@(?:channel|here|everyone)\b")


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
    assert set(posts) <= {"card", "note", "mail", "slack_reply", "refund"}
    # Nobody is called by a word that calls everybody, and only staff are called at all.
    said = "".join(json.dumps(each.payload, ensure_ascii=False) for each in office.sent)
    assert not EVERYBODY.search(said)
    # Each card was posted once, and changed in place after that.
    first = Counter(each.key for each in office.sent if each.key.startswith("card:") and not each.receipt)
    assert set(first.values()) == {1}
