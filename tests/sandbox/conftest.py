"""A workspace with a few people, a server in front of it, and a real Bolt app connected to it."""

from collections.abc import AsyncIterator
from datetime import timedelta

import pytest
from sandbox_office import Office
from slack_bolt.adapter.socket_mode.aiohttp import AsyncSocketModeHandler
from slack_bolt.app.async_app import AsyncApp
from slack_sdk.web.async_client import AsyncWebClient

from bot.sandbox.slack_server import SlackServer


@pytest.fixture
def office() -> Office:
    return Office()


@pytest.fixture
async def slack(office: Office) -> AsyncIterator[SlackServer]:
    soon = timedelta(milliseconds=20)
    async with SlackServer(office.workspace, redelivery_delays=(soon, soon, soon)) as server:
        yield server


@pytest.fixture
def impatient(slack: SlackServer) -> SlackServer:
    """The server with a short deadline, for tests in which it passes."""
    slack.socket_mode.ack_deadline = timedelta(milliseconds=500)
    return slack


@pytest.fixture
def client(slack: SlackServer) -> AsyncWebClient:
    """A client that never tries again by itself, so that each answer is seen."""
    return AsyncWebClient(slack.bot_token, base_url=slack.api_url, retry_handlers=[])


@pytest.fixture
async def app(slack: SlackServer, client: AsyncWebClient) -> AsyncIterator[AsyncApp]:
    """Connected; listeners can be added at any time."""
    bolt = AsyncApp(client=client)
    handler = AsyncSocketModeHandler(bolt, slack.app_token)
    await handler.connect_async()
    await slack.wait_until_connected()
    try:
        yield bolt
    finally:
        await handler.close_async()
