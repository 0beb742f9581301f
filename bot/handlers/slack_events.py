"""Slack events: a row before the acknowledgement."""

import json
from collections.abc import Awaitable, Callable, Mapping
from typing import Any

from slack_bolt import BoltResponse
from slack_sdk.web.async_client import AsyncWebClient
from sqlmodel import Session

from bot import chat, logs
from bot.parts import Parts, Person
from bot.pipeline import accept
from storage import agents, inbox, watching
from storage.engine import read

log = logs.get(__name__)
#: What happens in a channel when its members change.
ROSTER = frozenset({"member_joined_channel", "member_left_channel", "channel_unarchive", "group_unarchive"})


class Events:
    """What happens in the workspace."""

    def __init__(self, parts: Parts) -> None:
        self._parts = parts
        #: Called when somebody joined or left the triage channel, or a user group that gives a role.
        self.on_roster: Callable[[], Awaitable[None]] | None = None

    async def keep(
        self,
        body: dict[str, Any],
        next_: Callable[[], Awaitable[BoltResponse]],
    ) -> BoltResponse:
        """Store a customer's message, then let Bolt acknowledge. Raises (no acknowledgement) if it cannot be stored."""
        event = body.get("event")
        if body.get("type") == "event_callback" and isinstance(event, dict) and chat.is_message(event):
            team = chat.own_team(body, self._parts.places.team)
            elsewhere = event.get("channel") != self._parts.places.triage_channel
            if elsewhere and await read(self._parts.engine, _is_for_us, body, event, team):
                await accept(self._parts, [arrived(body, event, team)])
        return await next_()

    async def done(self, event: dict[str, Any]) -> None:
        """Everything else is acknowledged; a change of the triage channel's members is a change of colleagues."""
        moved = event.get("type") in ROSTER and event.get("channel") == self._parts.places.triage_channel
        house = self._parts.house
        regrouped = event.get("type") == "subteam_members_changed" and event.get("subteam_id") in (
            house.leads | house.managers
        )
        if (moved or regrouped) and self.on_roster:
            await self.on_roster()


def _is_for_us(session: Session, body: Mapping[str, Any], event: Mapping[str, Any], team: str) -> bool:
    """Whether we listen there. What a colleague asks the program itself is no word to a customer."""
    ts = str(event.get("thread_ts") or event.get("ts"))
    if not watching.listens_to(session, watching.Thread(team, str(event.get("channel")), ts)):
        return False
    return not chat.names_us(body) or agents.by_slack_id(session, str(event["user"])) is None


def arrived(body: Mapping[str, Any], event: Mapping[str, Any], team: str) -> inbox.Arrived:
    """What somebody said in Slack, as the inbox takes it."""
    place = f"{team}:{event.get('channel')}"
    return inbox.Arrived(
        source=f"slack:{team}",
        external_id=str(body.get("event_id") or f"{event.get('channel')}:{event.get('ts')}"),
        kind="slack",
        raw=json.dumps(body, ensure_ascii=False, separators=(",", ":")).encode(),
        message_id=f"{place}:{event.get('ts')}",
        # What somebody writes beside all threads goes in their own lane: a row of short messages is one.
        refers_to=(f"{place}:{event.get('thread_ts') or event.get('user')}",),
    )


async def find_members(client: AsyncWebClient, channel: str) -> dict[str, str]:
    """The people in a channel: Slack id -> name. Bots, guests and people of other workspaces are left out."""
    own_team = (await client.auth_test())["team_id"]
    members: dict[str, str] = {}
    cursor = ""
    while True:
        page = await client.conversations_members(channel=channel, limit=200, cursor=cursor)
        for user_id in page["members"]:
            user = (await client.users_info(user=user_id))["user"]
            ours = user.get("team_id") == own_team and not user.get("is_bot") and not user.get("deleted")
            if ours and not person(user).is_guest:
                members[user_id] = display_name(user)
        cursor = (page.get("response_metadata") or {}).get("next_cursor") or ""
        if not cursor:
            return members


def person(user: Mapping[str, Any]) -> Person:
    """A user object of Slack's as the program knows people."""
    profile = user.get("profile") or {}
    return Person(
        id=str(user.get("id") or ""),
        name=display_name(user),
        team=str(user.get("team_id") or ""),
        email=str(profile.get("email") or "").strip().lower(),
        is_guest=bool(user.get("is_restricted") or user.get("is_ultra_restricted")),
    )


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
