"""Slack events: a row before the acknowledgement."""

import json
from collections.abc import Awaitable, Callable, Mapping
from typing import Any

from slack_bolt import BoltResponse
from slack_sdk.web.async_client import AsyncWebClient

from bot import chat, logs
from bot.parts import Parts
from bot.pipeline import accept
from storage import agents, inbox
from storage.engine import read

log = logs.get(__name__)


class Events:
    """What happens in the workspace."""

    def __init__(self, parts: Parts) -> None:
        self._parts = parts
        #: Called when somebody joined or left the triage channel.
        self.on_roster: Callable[[], Awaitable[None]] | None = None

    async def keep(
        self,
        body: dict[str, Any],
        next_: Callable[[], Awaitable[BoltResponse]],
    ) -> BoltResponse:
        """Store a customer's message, then let Bolt acknowledge. Raises (no acknowledgement) if it cannot be stored."""
        event = body.get("event")
        if body.get("type") == "event_callback" and isinstance(event, dict) and chat.is_message(event):
            channel, team = event.get("channel"), chat.own_team(body, self._parts.places.team)
            watched = await read(self._parts.engine, agents.watched, team)
            if channel in watched and channel != self._parts.places.triage_channel:
                await accept(self._parts, [_arrived(body, event, team)])
        return await next_()

    async def done(self, event: dict[str, Any]) -> None:
        """Everything else is acknowledged; a change of the triage channel's members is a change of colleagues."""
        moved = event.get("type") in ("member_joined_channel", "member_left_channel")
        if moved and event.get("channel") == self._parts.places.triage_channel and self.on_roster:
            await self.on_roster()


def _arrived(body: Mapping[str, Any], event: Mapping[str, Any], team: str) -> inbox.Arrived:
    place = f"{team}:{event.get('channel')}"
    return inbox.Arrived(
        source=f"slack:{team}",
        external_id=str(body.get("event_id") or f"{event.get('channel')}:{event.get('ts')}"),
        kind="slack",
        raw=json.dumps(body, ensure_ascii=False, separators=(",", ":")).encode(),
        message_id=f"{place}:{event.get('ts')}",
        refers_to=(f"{place}:{event.get('thread_ts') or event.get('ts')}",),
    )


async def find_members(client: AsyncWebClient, channel: str) -> dict[str, str]:
    """The people in a channel: Slack id -> name. Bots and people of other workspaces are left out."""
    own_team = (await client.auth_test())["team_id"]
    members: dict[str, str] = {}
    cursor = ""
    while True:
        page = await client.conversations_members(channel=channel, limit=200, cursor=cursor)
        for user_id in page["members"]:
            user = (await client.users_info(user=user_id))["user"]
            if not user.get("is_bot") and user.get("team_id") == own_team and not user.get("deleted"):
                members[user_id] = display_name(user)
        cursor = (page.get("response_metadata") or {}).get("next_cursor") or ""
        if not cursor:
            return members


def display_name(user: Mapping[str, Any]) -> str:
    """What people call a Slack user."""
    profile = user.get("profile") or {}
    return str(
        profile.get("real_name")
        or user.get("real_name")
        or profile.get("display_name")
        or user.get("name")
        or ""
    )
