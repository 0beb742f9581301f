"""What the app was granted in Slack, and what `tillid check` says of it."""

import asyncio

import pytest
from typer.testing import CliRunner, Result

from bot.__main__ import cli
from bot.manifest import SCOPES
from bot.sandbox.slack_server import SlackServer
from bot.sandbox.workspace import Workspace


async def check(monkeypatch: pytest.MonkeyPatch, granted: frozenset[str]) -> Result:
    """`tillid check` against a workspace that granted this much."""
    workspace = Workspace("Lampehuset")
    workspace.scopes = granted
    triage = workspace.add_channel("triage", is_private=True)
    async with SlackServer(workspace) as slack:
        monkeypatch.setenv("SLACK_BOT_TOKEN", slack.bot_token)
        monkeypatch.setenv("SLACK_APP_TOKEN", slack.app_token)
        monkeypatch.setenv("TILLID_TRIAGE_CHANNEL", triage.id)
        monkeypatch.setenv("TILLID_SLACK_API_URL", slack.api_url)
        return await asyncio.to_thread(CliRunner().invoke, cli, ["check"])


@pytest.mark.parametrize(
    ("without", "status", "says"),
    [
        (frozenset(), 0, "Lampehuset, as tillid"),
        ({"users:read.email"}, 0, "without users:read.email nobody is known"),
        ({"users:read"}, 1, "the app lacks the scopes users:read (who wrote):"),
    ],
)
async def test_a_missing_scope_is_said_and_one_we_can_do_without_is_no_trouble(
    monkeypatch: pytest.MonkeyPatch, without: frozenset[str], status: int, says: str
) -> None:
    result = await check(monkeypatch, frozenset(SCOPES) - without)
    assert result.exit_code == status, result.stdout
    assert says in " ".join(result.stdout.split())
