"""What must not happen at the edges: waiting for ever on who is silent, telling our troubles to customers."""

import asyncio
from collections.abc import AsyncIterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from scenes import MORNING, SIGNE, Scene
from slack_sdk.web.async_client import AsyncWebClient

from bot.errors import ConfigError, TemporaryFailure
from bot.handlers.slack_commands import Commands
from bot.messages import Outgoing
from bot.outbound.mail import MailSender
from bot.sandbox.stage import Stage
from bot.settings import Settings
from bot.slack_parts import finder


@pytest.fixture
async def silent_port() -> AsyncIterator[int]:
    """A server that takes the connection and says nothing."""
    over = asyncio.Event()

    async def say_nothing(_reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await over.wait()
        writer.close()

    server = await asyncio.start_server(say_nothing, "127.0.0.1", 0)
    yield server.sockets[0].getsockname()[1]
    over.set()
    server.close()
    await server.wait_closed()


async def test_a_slow_mail_server_has_not_taken_the_mail(silent_port: int) -> None:
    send = MailSender(f"smtp://127.0.0.1:{silent_port}", lambda: MORNING, deadline=30, reach_deadline=0.3)
    payload = {
        "from": "Lampehuset <hej@lampehuset.example>",
        "to": "mette@example.dk",
        "subject": "Hej",
        "message_id": "t-1@lampehuset.example",
        "token": "abc",
        "text": "Hej",
    }
    with pytest.raises(TemporaryFailure, match="too slow"):
        await send(Outgoing("reply:1:1", payload, 1))


async def test_a_person_whom_slack_cannot_be_asked_about_is_unknown_and_holds_nothing_up(
    silent_port: int,
) -> None:
    away = AsyncWebClient("xoxb-1", base_url="http://127.0.0.1:9/api/", timeout=1)
    silent = AsyncWebClient("xoxb-1", base_url=f"http://127.0.0.1:{silent_port}/api/", timeout=1)
    for client in (away, silent):
        assert await finder(client)("UTORE00001") is None


class Leaky(Stage):
    """A house whose operators would be told in a channel that a customer reads too."""

    def settings(self) -> Settings:
        return super().settings().model_copy(update={"tillid_operators_channel": self.shared.id})


async def test_a_shared_operators_channel_is_refused_at_the_start(tmp_path: Path) -> None:
    async with Leaky(tmp_path, only=()) as stage:
        with pytest.raises(ConfigError, match="TILLID_OPERATORS_CHANNEL: that channel is shared"):
            await stage.start_program(["slack"])


async def test_the_operators_channel_is_not_watched(scene: Scene) -> None:
    places = replace(scene.parts.places, operators_channel="COPERATORS")
    commands = Commands(replace(scene.parts, places=places))
    said: list[str] = []

    async def ack(**answer: Any) -> None:
        said.append(answer["text"])

    body = {"text": "watch <#COPERATORS|drift>", "team_id": "TLAMPE", "user_id": SIGNE}
    await commands.run(ack, body, AsyncWebClient("xoxb-1"))
    assert said == ["That is the operators' channel: customers do not write there."]
