"""Who waits too long is spoken of: to the colleague who has the case, then to a lead; once each."""

import asyncio
from datetime import UTC, datetime

import pytest
from scenes import FREJA, NILS, SIGNE, Scene, mail
from sqlmodel import Session

from bot import desk
from bot.overdue import tell_of_waiting
from storage import agents, queue
from storage.tables import AuditEvent, Conversation, Message

#: A Monday at ten in Copenhagen; the house is open from nine to five.
TEN = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
QUESTION = "Hej, hvornår kommer min lampe? Jeg har ventet længe nu."


@pytest.fixture
async def waits(scene: Scene) -> Scene:
    """A customer has written, at ten on a Monday."""
    scene.now = TEN
    await scene.receive(mail(QUESTION))
    return scene


async def told(scene: Scene) -> list[tuple[str, str]]:
    """What is told now: whom it calls, and the words."""
    before = len(scene.sent)
    await tell_of_waiting(scene.parts)
    await scene.work()
    notes = [each.payload for each in scene.sent[before:] if each.key.startswith("overdue:")]
    return [(each["mention"], each["text"]) for each in notes]


def take(scene: Scene, who: str) -> None:
    assert scene.do(desk.take_next, scene.desk, who, scene.now) is not None


async def test_the_colleague_hears_after_four_hours_and_a_lead_after_eight(waits: Scene) -> None:
    take(waits, FREJA)
    waits.pass_time(hours=3, minutes=59)
    assert await told(waits) == []
    waits.pass_time(minutes=1)
    ((who, said),) = await told(waits)
    assert who == FREJA
    assert "waited for 4 opening hours" in said
    assert await told(waits) == []
    waits.pass_time(
        hours=19, minutes=59
    )  # Tuesday, a minute before ten: seven hours and 59 minutes were open
    assert await told(waits) == []
    waits.pass_time(minutes=1)
    ((who, said),) = await told(waits)
    assert who == SIGNE
    assert "It is with Freja Holm." in said
    assert await told(waits) == []


async def test_where_nobody_has_it_the_lead_hears_at_once(waits: Scene) -> None:
    waits.pass_time(hours=4)
    ((who, said),) = await told(waits)
    assert who == SIGNE
    assert "Nobody has taken it yet." in said
    assert await told(waits) == []


async def test_a_night_and_a_weekend_are_no_wait(scene: Scene) -> None:
    scene.now = datetime(2026, 3, 6, 15, 30, tzinfo=UTC)  # Friday, half past four
    await scene.receive(mail(QUESTION))
    scene.now = datetime(2026, 3, 9, 8, 0, tzinfo=UTC)  # Monday at nine
    assert await told(scene) == []
    assert scene.do(queue.waiting)[0].agent_id is None
    scene.now = datetime(2026, 3, 9, 11, 30, tzinfo=UTC)
    assert len(await told(scene)) == 1


async def test_an_answer_ends_the_wait(waits: Scene) -> None:
    waits.send()
    await waits.work()
    waits.pass_time(hours=8)
    assert await told(waits) == []


async def test_who_writes_again_keeps_the_earlier_place(waits: Scene) -> None:
    take(waits, FREJA)
    waits.pass_time(hours=3)
    await waits.receive(mail("Er der nyt?", subject="Re: Hej", answers=waits_id(waits)))
    waits.pass_time(hours=1)
    ((who, _),) = await told(waits)
    assert who == FREJA


def waits_id(scene: Scene) -> str:
    """The message id of the first mail."""
    return f"<{scene.rows(Message)[0].message_id}>"


async def test_a_new_wait_is_told_anew(waits: Scene) -> None:
    take(waits, NILS)
    waits.pass_time(hours=4)
    assert len(await told(waits)) == 1
    waits.send(NILS)
    await waits.work()
    await waits.receive(mail("Det er her ikke.", subject="Re: Hej", answers=waits_id(waits)))
    waits.pass_time(hours=20)
    assert [who for who, _ in await told(waits)] == [NILS]


async def test_of_a_colleague_who_has_left_the_lead_hears(waits: Scene) -> None:
    take(waits, FREJA)

    def leave(session: Session) -> None:
        agents.keep(session, {NILS: "Nils Berg", SIGNE: "Signe Lund"}, {}, waits.now)

    waits.do(leave)
    waits.pass_time(hours=4)
    ((_, said),) = await told(waits)
    assert "Nobody has taken it yet." in said
    take(waits, NILS)


async def test_two_processes_tell_once(waits: Scene) -> None:
    waits.pass_time(hours=4)
    assert await tell_of_waiting(waits.parts) == 1
    assert await tell_of_waiting(waits.parts) == 0
    assert len([each for each in waits.rows(AuditEvent) if each.action == "wait_told"]) == 1


async def test_what_goes_back_is_only_what_was_not_answered(waits: Scene) -> None:
    take(waits, FREJA)
    (case,) = waits.rows(Conversation)
    assert waits.do(desk.take_next, waits.desk, FREJA, waits.now, (case.id,)) is None
    assert waits.rows(Conversation)[0].agent_id is None
    take(waits, FREJA)
    waits.send()
    await waits.work()
    await waits.receive(mail("Og hvad nu?", subject="Re: Hej", answers=waits_id(waits)))
    assert waits.do(desk.take_next, waits.desk, FREJA, waits.now, (case.id,)) is None
    assert waits.rows(Conversation)[0].agent_id is not None


async def test_of_several_processes_one_tells_and_notes_it(waits: Scene) -> None:
    waits.pass_time(hours=4)
    told_of = await asyncio.gather(*(tell_of_waiting(waits.parts) for _ in range(4)))
    assert sum(told_of) == 1
    assert [each.action for each in waits.rows(AuditEvent)].count("wait_told") == 1
