"""/healthz on a real port: well while the clock ticks, not well when it has fallen silent."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta

import aiohttp
import pytest
from serving import serving

from bot.handlers.web import SILENCE, application
from bot.sandbox.stage import Stage

NOW = datetime(2026, 3, 2, 8, 30, tzinfo=UTC)


@asynccontextmanager
async def asked(last_tick: datetime | None) -> AsyncIterator[tuple[int, dict[str, object]]]:
    """What /healthz answers at NOW."""
    async with serving(application(lambda: last_tick, lambda: NOW)) as port:
        yield await healthz(port)


async def healthz(port: int) -> tuple[int, dict[str, object]]:
    # By name: a free port is another one for IPv4 than for IPv6, and the program names one of the two.
    async with aiohttp.ClientSession() as session, session.get(f"http://localhost:{port}/healthz") as answer:
        return answer.status, await answer.json()


@pytest.mark.parametrize("age", [timedelta(), timedelta(seconds=60), SILENCE - timedelta(seconds=1)])
async def test_it_is_well_while_the_clock_ticks(age: timedelta) -> None:
    async with asked(NOW - age) as (status, body):
        assert (status, body["healthy"]) == (200, True)
        assert body["last_tick"] == (NOW - age).isoformat()


@pytest.mark.parametrize("last_tick", [None, NOW - SILENCE, NOW - timedelta(days=1)])
async def test_it_is_not_well_when_the_clock_is_silent(last_tick: datetime | None) -> None:
    async with asked(last_tick) as (status, body):
        assert (status, body["healthy"]) == (503, False)


@pytest.mark.asyncio(loop_scope="module")
async def test_the_running_program_answers(stage: Stage) -> None:
    status, body = await healthz(stage.running.http_port)
    assert (status, body["healthy"]) == (200, True)


@pytest.mark.asyncio(loop_scope="module")
async def test_a_program_whose_clock_has_stopped_says_so(stage: Stage) -> None:
    scheduler = stage.running.scheduler
    assert scheduler is not None
    scheduler.pause()
    try:
        stage.clock.move(SILENCE + timedelta(seconds=1))
        assert (await healthz(stage.running.http_port))[0] == 503
    finally:
        scheduler.resume()
    await stage.until(lambda: _well(stage))


async def _well(stage: Stage) -> bool:
    return (await healthz(stage.running.http_port))[0] == 200


@pytest.mark.asyncio(loop_scope="module")
async def test_the_running_program_answers_customers_too(stage: Stage) -> None:
    url = f"http://localhost:{stage.running.http_port}/unsubscribe/unknown"
    async with aiohttp.ClientSession() as session, session.get(url) as answer:
        assert answer.status == 404
        assert "Linket virker ikke" in await answer.text()


async def test_without_a_database_only_health_is_told() -> None:
    async with serving(application(lambda: NOW, lambda: NOW)) as port:
        url = f"http://127.0.0.1:{port}/unsubscribe/x"
        async with aiohttp.ClientSession() as session, session.get(url) as answer:
            assert answer.status == 404
