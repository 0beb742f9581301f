"""One stage per file of tests: to start it takes a second, a case on it a few tenths of one."""

from collections.abc import AsyncIterator, Iterator

import pytest
import pytest_asyncio
from case_scenes import Office

from bot.sandbox.stage import Stage


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def stage(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Stage]:
    async with Stage(tmp_path_factory.mktemp("stage")) as opened:
        yield opened


@pytest.fixture
def office(stage: Stage) -> Iterator[Office]:
    """The stage; at the end Slack has refused nothing, and everything was acknowledged in time."""
    stage.workspace.ephemerals.clear()
    stage.workspace.views.clear()
    yield Office(stage)
    assert [(call.method, call.error, call.answer) for call in stage.slack.refused] == []
    assert [each.payload for each in stage.slack.unacknowledged] == []
