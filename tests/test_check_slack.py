"""What `tillid check` says of the channels for colleagues, and of user groups."""

import asyncio
from pathlib import Path

import pytest
import yaml
from typer.testing import CliRunner

from bot.__main__ import cli
from bot.sandbox.records import Channel
from bot.sandbox.slack_server import SlackServer
from bot.sandbox.workspace import Workspace


async def check(
    monkeypatch: pytest.MonkeyPatch, workspace: Workspace, triage: Channel, house: Path | None = None
) -> tuple[int, str]:
    async with SlackServer(workspace) as slack:
        monkeypatch.setenv("SLACK_BOT_TOKEN", slack.bot_token)
        monkeypatch.setenv("SLACK_APP_TOKEN", slack.app_token)
        monkeypatch.setenv("TILLID_TRIAGE_CHANNEL", triage.id)
        monkeypatch.setenv("TILLID_SLACK_API_URL", slack.api_url)
        if house is not None:
            monkeypatch.setenv("TILLID_HOUSE", str(house))
        result = await asyncio.to_thread(CliRunner().invoke, cli, ["check"])
    return result.exit_code, " ".join(result.stdout.split())


@pytest.mark.parametrize(
    ("how", "says"),
    [
        ("shared", "that channel is shared with another company; pick an internal one"),
        ("guest", "guests or people of another company are in it"),
        ("archived", "that channel is archived"),
        ("gone", "I am not in that channel; type /invite @Tillid there"),
    ],
)
async def test_a_channel_that_is_not_ours_alone_is_a_mistake(
    monkeypatch: pytest.MonkeyPatch, how: str, says: str
) -> None:
    workspace = Workspace("Lampehuset")
    guest = workspace.add_user("gro", is_restricted=True)
    triage = workspace.add_channel(
        "triage", [guest] if how == "guest" else [], is_private=True, with_bot=how != "gone"
    )
    triage.is_ext_shared, triage.is_archived = how == "shared", how == "archived"
    status, said = await check(monkeypatch, workspace, triage)
    assert status == 1
    assert f"TILLID_TRIAGE_CHANNEL: {says}" in said


async def test_user_groups_that_give_nobody_a_role_are_a_note(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    workspace = Workspace("Lampehuset")
    triage = workspace.add_channel("triage", is_private=True)
    (tmp_path / "house.yaml").write_text(yaml.safe_dump({"leads": ["S0123"]}), encoding="utf-8")
    status, said = await check(monkeypatch, workspace, triage, tmp_path)
    assert status == 0
    assert (
        "house.yaml names the group S0123, and nobody counts by it: user groups need a paid Slack plan"
        in said
    )


async def test_a_missing_scope_for_groups_is_a_note(monkeypatch: pytest.MonkeyPatch) -> None:
    workspace = Workspace("Lampehuset")
    workspace.scopes -= {"usergroups:read"}
    triage = workspace.add_channel("triage", is_private=True)
    status, said = await check(monkeypatch, workspace, triage)
    assert status == 0
    assert "without usergroups:read user groups give nobody a role" in said
