"""How the program stops: what is in hand is finished first, and no connection is left behind."""

import asyncio
from pathlib import Path
from threading import Event

import pytest
from builders import NOW
from sqlalchemy import Engine, select, text
from sqlmodel import Session

from bot.sandbox.stage import Stage
from storage.engine import commit, connect, reading, transaction
from storage.tables import Agent

#: No tick comes in between.
UNHURRIED = {"tillid_tick_seconds": 3600}


async def test_a_press_in_hand_is_finished_and_acknowledged_before_the_program_stops(tmp_path: Path) -> None:
    async with Stage(tmp_path, only={"slack"}, settings=UNHURRIED) as stage:
        in_hand, engine = stage.running.in_hand, connect(stage.database_url)

        async def begun() -> bool:
            return bool(in_hand)

        await stage.idle()
        people, place = stage.slack.people, stage.triage.id
        with transaction(engine) as session:
            session.execute(text("SELECT 1"))  # from here on nobody else can write
            pressing = asyncio.create_task(people.command(stage.freja.id, place, "/tillid", "quiet 24h"))
            await stage.until(begun)
            stopping = asyncio.create_task(stage.stop_program())
            await asyncio.sleep(0.2)
            assert not stopping.done()
        pressed, _ = await asyncio.gather(pressing, stopping)
        with reading(engine) as session:
            (until,) = session.execute(
                select(Agent.quiet_until).where(Agent.slack_user_id == stage.freja.id)
            ).scalars()
        engine.dispose()
    assert pressed.acknowledged
    assert until is not None


async def test_a_tick_in_hand_is_finished_before_the_program_stops(tmp_path: Path) -> None:
    async with Stage(tmp_path, only={"clock"}, settings=UNHURRIED) as stage:
        running = stage.running
        ended: list[int] = []

        async def tick() -> None:
            await asyncio.sleep(0.2)
            ended.append(running.parts.engine.pool.checkedin())

        async def begun() -> bool:
            return bool(running.in_hand)

        assert running.scheduler is not None
        running.scheduler.add_job(running.held(tick))
        await stage.until(begun)
        await stage.stop_program()
        assert len(ended) == 1


@pytest.mark.parametrize("times", [1, 2, 3])
async def test_who_is_cancelled_in_a_transaction_waits_for_its_end_however_often_it_is_cancelled(
    engine: Engine, times: int
) -> None:
    begun, go_on = Event(), Event()

    def hire(session: Session) -> None:
        session.add(Agent(slack_user_id="U1", created_at=NOW, name="Freja"))
        begun.set()
        go_on.wait(30)

    hiring = asyncio.create_task(commit(engine, hire))
    await asyncio.to_thread(begun.wait, 30)
    for _ in range(times):
        hiring.cancel()
        await asyncio.sleep(0.01)
        assert not hiring.done()
    go_on.set()
    with pytest.raises(asyncio.CancelledError):
        await hiring
    with reading(engine) as session:
        assert session.execute(select(Agent.name)).scalars().all() == ["Freja"]
