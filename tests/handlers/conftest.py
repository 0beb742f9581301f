"""One stage per file of tests: to start it takes a second, a case on it a few tenths of one."""

import shutil
from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest
import pytest_asyncio
from case_scenes import Office
from mailbox_scenes import Post, utc_now
from scenes import PLACES
from scripted_imap import ScriptedImap
from shared_rooms import Room, watch

from bot.house import House, open_house
from bot.parts import Parts, Places
from bot.sandbox.imap_server import ImapServer
from bot.sandbox.stage import Stage
from storage import agents
from storage.engine import commit, connect


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


@pytest_asyncio.fixture(loop_scope="module")
async def room(office: Office) -> AsyncIterator[Room]:
    """A channel of its own that the program listens to."""
    stage = office.stage
    number = len(stage.workspace.channels)
    channel = stage.workspace.add_channel(
        f"kunde-{number}", [stage.freja, stage.signe, stage.guest], is_ext_shared=True
    )
    await commit(stage.running.parts.engine, watch, stage, channel.id)
    yield Room(office, channel)
    await commit(stage.running.parts.engine, agents.unwatch, stage.workspace.team_id, channel.id)


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def imap_server() -> AsyncIterator[ImapServer]:
    async with ImapServer() as running:
        yield running


@pytest.fixture(scope="session")
def our_house() -> House:
    return open_house()


@pytest_asyncio.fixture(loop_scope="module")
async def post(
    imap_server: ImapServer, our_house: House, migrated_file: Path, tmp_path: Path
) -> AsyncIterator[Post]:
    """An empty mailbox, and a database that has never seen it."""
    shutil.copy(migrated_file, tmp_path / "test.db")
    engine = connect(f"sqlite:///{tmp_path / 'test.db'}")
    await imap_server.empty()
    yield Post(imap_server, Parts(engine, utc_now, our_house, Places()))
    engine.dispose()


@pytest_asyncio.fixture(loop_scope="module")
async def scripted(our_house: House, migrated_file: Path, tmp_path: Path) -> AsyncIterator[Post]:
    """A mailbox on a server that makes trouble on order, and a database that has never seen it."""
    shutil.copy(migrated_file, tmp_path / "test.db")
    engine = connect(f"sqlite:///{tmp_path / 'test.db'}")
    async with ScriptedImap() as server:
        yield Post(server, Parts(engine, utc_now, our_house, PLACES))
    engine.dispose()
