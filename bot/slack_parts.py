"""Slack's side of the composition root: the client, the line, and who hears what comes over it."""

import asyncio
from collections.abc import Awaitable, Callable
from typing import Any

import aiohttp
from slack_bolt.adapter.socket_mode.aiohttp import AsyncSocketModeHandler
from slack_bolt.async_app import AsyncApp
from slack_bolt.listener.async_listener_start_handler import AsyncCustomListenerStartHandler
from slack_sdk.errors import SlackApiError
from slack_sdk.http_retry.builtin_async_handlers import AsyncRateLimitErrorRetryHandler
from slack_sdk.web.async_client import AsyncWebClient

from bot import handlers
from bot.errors import ConfigError
from bot.handlers.slack_events import person
from bot.parts import Person
from bot.roster import Roster
from bot.running import Running, SocketConnection
from bot.settings import Settings


def slack_client(settings: Settings) -> AsyncWebClient:
    """A Web API client that repeats rate-limited calls only: repeating a dropped connection could post twice."""
    client = AsyncWebClient(settings.slack_bot_token, base_url=settings.tillid_slack_api_url, timeout=15)
    client.retry_handlers = [AsyncRateLimitErrorRetryHandler(max_retry_count=2)]
    return client


def finder(client: AsyncWebClient) -> Callable[[str], Awaitable[Person | None]]:
    """Looks Slack users up, each once."""
    known: dict[str, Person] = {}

    async def find(user_id: str) -> Person | None:
        if user_id not in known:
            try:
                user: dict[str, Any] = (await client.users_info(user=user_id))["user"]
            except (SlackApiError, aiohttp.ClientError, TimeoutError, OSError):
                return None
            known[user_id] = person(user)
        return known[user_id]

    return find


async def start_slack(running: Running, settings: Settings, client: AsyncWebClient) -> None:
    """Hear the workspace, and know who is staff. Raises ConfigError, naming the setting."""
    if not settings.slack_app_token:
        raise ConfigError(
            "SLACK_APP_TOKEN: needed to hear Slack; make one with connections:write in the app's settings"
        )
    app = AsyncApp(client=client, ignoring_self_events_enabled=True)
    events = handlers.register(app, running.parts)
    roster = Roster(client, running.parts)
    running.roster = events.on_roster = roster.keep_up
    await _refuse_shared(client, "TILLID_TRIAGE_CHANNEL", settings.tillid_triage_channel)
    if settings.tillid_operators_channel:
        await _refuse_shared(client, "TILLID_OPERATORS_CHANNEL", settings.tillid_operators_channel)
    try:
        await roster.refresh()
    except SlackApiError as error:
        code = error.response.get("error")
        raise ConfigError(
            f"TILLID_TRIAGE_CHANNEL: Slack says {code}; invite the app to the channel"
        ) from None
    line: SocketConnection = AsyncSocketModeHandler(app, settings.slack_app_token)
    line.client.web_client = client
    _hold_presses(app, line, running)
    running.socket = line
    await line.connect_async()


def _hold_presses(app: AsyncApp, line: SocketConnection, running: Running) -> None:
    """What is in hand when the program stops is finished, and answered."""

    async def hold() -> None:
        running.hold(asyncio.current_task())

    # Bolt goes on in a task that it forgets, and answers Slack in another.
    app.listener_runner.listener_start_handler = AsyncCustomListenerStartHandler(app.logger, hold)
    heard = line.client.socket_mode_request_listeners
    heard[:] = [running.held(each) for each in heard]


async def _refuse_shared(client: AsyncWebClient, setting: str, channel: str) -> None:
    """What is posted there is for colleagues only. Raises ConfigError, naming the setting."""
    try:
        found = (await client.conversations_info(channel=channel))["channel"]
    except SlackApiError as error:
        code = error.response.get("error")
        raise ConfigError(f"{setting}: Slack says {code}; invite the app to the channel") from None
    if found.get("is_ext_shared"):
        raise ConfigError(f"{setting}: that channel is shared with another company; pick an internal one")
