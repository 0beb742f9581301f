"""Machines that write to us: stored and told, never answered; and two that answer each other come to rest."""

from collections.abc import Iterator
from contextlib import suppress
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from shutil import copy

import pytest
from scenes import OURS, PLACES, Scene, house, mail, planned, solved
from sqlalchemy import Engine

from bot import desk, pipeline
from bot.desk.replies import Wording
from bot.errors import Refused
from bot.outbound.composing import compose, written
from storage.engine import connect
from storage.tables import (
    CardState,
    Conversation,
    ConversationState,
    FollowUp,
    FollowUpState,
    InboxState,
    Message,
    OutboxItem,
    Suggestion,
)

ROBOT = "svar@robot.example"
QUESTION = "Hvor er min pakke? Det er gang nummer {}."
#: What makes a mail a machine's, each alone.
MACHINES: list[dict[str, str]] = [
    {"Auto_Submitted": "auto-replied"},
    {"Auto_Submitted": "AUTO-GENERATED (by a (nested) rule); owner-email=\"x@example.dk\""},
    {"Precedence": "bulk"},
    {"Precedence": "list", "List_Id": "<tur.example.dk>"},
    {"X_Autoreply": "yes"},
    {"X_Autorespond": "ferie"},
    {"X_Loop": "mette@example.dk"},
    {"Return_Path": "<>"},
    {"subject": "Automatisk svar: Re: Hej"},
    {"sender": "No Reply <no-reply@example.dk>"},
    {"sender": "Boxbe <notifications@boxbe.com>"},
]  # fmt: skip


def machine_mail(headers: dict[str, str], **more: str) -> bytes:
    return mail("Jeg er væk til mandag.", message_id="<auto@example.dk>", **(headers | more))


def told(scene: Scene) -> list[str]:
    return [str(item.payload["text"]) for item in scene.sent if item.key.startswith("automatic:")]


@pytest.mark.parametrize("headers", MACHINES)
async def test_a_machines_mail_to_a_solved_case_is_told_and_changes_nothing(
    paid_twice: Scene, headers: dict[str, str]
) -> None:
    await solved(paid_twice)
    (before,) = paid_twice.rows(Conversation)
    paid_twice.pass_time(minutes=5)
    await paid_twice.receive(machine_mail(headers, answers="1@example.dk", Reply_To="other@example.com"))
    (after,) = paid_twice.rows(Conversation)
    kept = ("state", "waiting_on", "bala", "answer_to", "intent", "last_customer_message_at", "agent_id")
    assert [getattr(after, name) for name in kept] == [getattr(before, name) for name in kept]
    assert [card.state for card in paid_twice.rows(Suggestion)] == [CardState.SENT]
    assert paid_twice.rows(Message)[-1].automatic is not None
    (text,) = told(paid_twice)
    assert "not answered: Jeg er væk til mandag." in text
    follow_up = paid_twice.rows(FollowUp)[0]
    assert follow_up.state is FollowUpState.SCHEDULED
    paid_twice.now = follow_up.due_at
    await pipeline.remind(paid_twice.parts)
    await paid_twice.work()
    assert [item.key for item in paid_twice.mails()] == ["reply:1:1", "follow_up:1"]


@pytest.mark.parametrize("headers", MACHINES)
async def test_a_machines_mail_out_of_the_blue_is_shown_and_nobody_waits_for_an_answer(
    scene: Scene, headers: dict[str, str]
) -> None:
    await scene.receive(machine_mail(headers, Reply_To="other@example.com"))
    (case,) = scene.rows(Conversation)
    assert case.state is ConversationState.RESOLVED
    assert case.answer_to != "other@example.com"
    card = scene.card()
    assert (card.state, card.text, card.follow_up) == (CardState.SHOWN, "", None)
    assert [item.key for item in scene.sent] == ["card:1"]
    scene.pass_time(days=30)
    await pipeline.remind(scene.parts)
    await scene.work()
    assert scene.mails() == []


async def test_a_machines_mail_leaves_the_draft_that_waits_for_a_person(paid_twice: Scene) -> None:
    await paid_twice.receive(machine_mail({"Auto_Submitted": "auto-replied"}, answers="1@example.dk"))
    assert [card.state for card in paid_twice.rows(Suggestion)] == [CardState.NEW]
    assert paid_twice.send() != ""


async def test_the_same_absence_note_is_told_once_and_kept_each_time(paid_twice: Scene) -> None:
    for number in range(3):
        away = mail(
            "Jeg er på ferie.",
            message_id=f"<{number}@away.example>",
            answers="1@example.dk",
            Auto_Submitted="auto-replied",
        )
        await paid_twice.receive(away)
    assert len(told(paid_twice)) == 1
    assert len(paid_twice.rows(Message)) == 4


@pytest.mark.parametrize(
    "headers",
    [
        {"Auto_Submitted": "no"},
        {"Auto_Submitted": "No (written by (really) a person)"},
        {"Auto_Submitted": "no; owner-email=x@example.dk"},
        {"X_Auto_Response_Suppress": "All"},
        {"Precedence": "first-class"},
        {"List_Id": "<hej.lampehuset.example>", "List_Post": f"<mailto:{OURS}>", "Precedence": "list"},
        {"sender": "Nana <nana@bluebottle.com>"},
    ],
)
async def test_a_persons_mail_gets_a_draft(scene: Scene, headers: dict[str, str]) -> None:
    await scene.receive(mail("Hej, hvor er min pakke?", **headers))
    assert scene.rows(Message)[0].automatic is None
    assert scene.card().state is CardState.NEW


@pytest.mark.parametrize(
    "headers",
    [
        {"sender": f"Lampehuset <{OURS}>"},
        {"sender": f"Lampehuset <{OURS.upper()}>", "Cc": f"mette@example.dk, {OURS}"},
        {"sender": "Lampehuset <hej+t-abcdabcdabcdabcd@lampehuset.example>"},
        {"sender": "Videresendt <x@example.dk>", "message_id": "<t-abcdabcdabcdabcd.1@lampehuset.example>"},
    ],
)
async def test_our_own_mail_coming_back_is_no_case_and_is_not_answered(
    scene: Scene, headers: dict[str, str]
) -> None:
    await scene.receive(mail("Hej, hvor er min pakke?", **headers))
    assert scene.rows(Conversation) == []
    assert scene.inbox_states() == [InboxState.DONE]
    assert scene.rows(OutboxItem) == []


async def test_a_sent_mail_that_comes_back_changes_nothing_at_its_case(paid_twice: Scene) -> None:
    paid_twice.send()
    await paid_twice.work()
    back = written(compose(paid_twice.mails()[0], paid_twice.now))
    await paid_twice.receive(b"Received: from a list\r\n" + back)
    assert len(paid_twice.rows(Conversation)) == 1
    assert len(paid_twice.rows(Message)) == 2


async def test_an_id_like_ours_at_another_domain_is_somebody_elses(scene: Scene) -> None:
    await scene.receive(mail("Hej, hvor er min pakke?", message_id="<t-abcdabcdabcdabcd.1@other.example>"))
    assert scene.card().state is CardState.NEW


# ---- the breaker ------------------------------------------------------------------------------------------


class Robot:
    """A house whose every draft is sent at once, in words that ask for an answer."""

    def __init__(self, scene: Scene, address: str) -> None:
        self.scene, self.address, self.refused = scene, address, 0
        places = replace(PLACES, mail_from=f"Robot <{address}>", own_addresses=frozenset({address}))
        scene.parts = replace(scene.parts, places=places)
        scene.desk = desk.Desk(house(), places)

    async def answer(self, raw: bytes) -> list[bytes]:
        """What it sends when this mail comes in."""
        before = len(self.scene.mails())
        await self.scene.receive(raw)
        if self.scene.card().state is CardState.NEW:
            with suppress(Refused):
                self.scene.send(wording=Wording(QUESTION.format(before)))
        self.refused += self.scene.card().state is CardState.NEW
        await self.scene.work()
        return [written(compose(item, self.scene.now)) for item in self.scene.mails()[before:]]


@pytest.fixture
def robots(engine: Engine, migrated_file: Path, tmp_path: Path) -> Iterator[tuple[Robot, Robot]]:
    path = tmp_path / "other.db"
    copy(migrated_file, path)
    other = connect(f"sqlite:///{path}")
    yield Robot(Scene(engine), OURS), Robot(Scene(other), ROBOT)
    other.dispose()


def bare(raw: bytes, number: int) -> bytes:
    """The mail after the worst transport: nothing left but who, to whom and the words."""
    head, _, words = raw.replace(b"\r\n", b"\n").partition(b"\n\n")
    lines = [
        line
        for line in head.split(b"\n")
        if line.lower().startswith((b"from:", b"to:", b"content-", b"mime-"))
    ]
    return b"\n".join((b"Received: hop %d" % number, *lines, b"", words))


async def play(robots: tuple[Robot, Robot], *, stripped: bool, turns: int = 40) -> None:
    ours, theirs = robots
    waiting = [(ours, mail(QUESTION.format(0), sender=f"Robot <{ROBOT}>", message_id="<0@robot.example>"))]
    for number in range(turns):
        if not waiting:
            return
        robot, raw = waiting.pop(0)
        other = theirs if robot is ours else ours
        for each in (ours, theirs):
            each.scene.pass_time(seconds=10)
        answers = await robot.answer(bare(raw, number) if stripped else raw)
        waiting += [(other, each) for each in answers]
    raise AssertionError("they are still at it")


@pytest.mark.parametrize("stripped", [False, True])
async def test_two_houses_that_answer_each_other_stop_within_the_cap(
    robots: tuple[Robot, Robot], stripped: bool
) -> None:
    await play(robots, stripped=stripped)
    most = house().policy.most_sent_per_hour
    counts = [len(robot.scene.mails()) for robot in robots]
    assert max(counts) == most
    assert sum(robot.refused for robot in robots) == 1
    # Nothing was lost: the mail that was not answered waits for a person.
    stopped = next(robot for robot in robots if robot.refused)
    with pytest.raises(Refused, match="many mails within the hour"):
        stopped.scene.send(wording=Wording("Og en til."))
    stopped.scene.now += timedelta(hours=1)
    assert "Sent" in stopped.scene.send(wording=Wording("Hej, nu er jeg her igen."))


async def test_only_its_own_address_is_held_back_by_a_robot(robots: tuple[Robot, Robot]) -> None:
    await play(robots, stripped=True)
    scene = robots[0].scene
    await scene.receive(mail("Hej, hvor er min pakke?", message_id="<m@example.dk>"))
    assert "Sent" in scene.send()


async def test_a_plan_for_a_follow_up_is_only_ever_made_by_a_person(paid_twice: Scene) -> None:
    assert planned(paid_twice)
    await paid_twice.receive(machine_mail({"Auto_Submitted": "auto-replied"}, answers="1@example.dk"))
    assert paid_twice.rows(FollowUp) == []
