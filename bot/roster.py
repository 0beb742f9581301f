"""Who is staff: the members of the triage channel, with their roles from house.yaml and Slack's user groups.

Whoever is not in that channel, or is a guest, a bot or of another company, has no role, whatever a list says.
"""

import asyncio
from collections.abc import Iterable

import aiohttp
from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient

from bot import logs
from bot.handlers.slack_events import find_members
from bot.house import House
from bot.parts import Parts
from storage import agents
from storage.engine import commit
from storage.tables import Role

log = logs.get(__name__)
#: What Slack says where a group will not be told at the next try either, and what that means.
UNTOLD = {
    "plan_upgrade_required": "user groups need a paid Slack plan",
    "missing_scope": "the app lacks the scope usergroups:read: paste `tillid manifest` again",
    "no_such_subteam": "there is no such user group",
    "subteam_disabled": "that user group is disabled",
    "permission_denied": "an administrator does not let apps read user groups",
}


def is_group(slack_id: str) -> bool:
    """Whether a name in house.yaml is a user group's id."""
    return slack_id.startswith("S")


async def find_roles(client: AsyncWebClient, house: House) -> tuple[dict[str, Role], list[str]]:
    """Roles above agent by Slack id, and why some groups do not count, in words.

    People whom house.yaml names have that role, whatever group they are in. Raises SlackApiError where Slack may
    tell in a moment.
    """
    problems: list[str] = []
    in_groups: dict[Role, list[str]] = {}
    for role, named in ((Role.LEAD, house.leads), (Role.MANAGER, house.managers)):
        in_groups[role] = []
        for group in sorted(filter(is_group, named)):
            try:
                answer = await client.usergroups_users_list(usergroup=group)
                in_groups[role] += map(str, answer["users"])
            except SlackApiError as error:
                code = str(error.response.get("error"))
                if code not in UNTOLD:
                    raise
                problems.append(
                    f"house.yaml names the group {group}, and nobody counts by it: {UNTOLD[code]}"
                )
    return _in_turn(in_groups, house), problems


def _in_turn(in_groups: dict[Role, list[str]], house: House) -> dict[str, Role]:
    """Managers over leads, and what house.yaml says of a person over their groups."""
    people: Iterable[tuple[Iterable[str], Role]] = (
        (in_groups[Role.LEAD], Role.LEAD),
        (in_groups[Role.MANAGER], Role.MANAGER),
        (house.leads, Role.LEAD),
        (house.managers, Role.MANAGER),
    )
    return {who: role for ids, role in people for who in ids if not is_group(who)}


class Roster:
    """Keeps the table of colleagues as Slack has it."""

    def __init__(self, client: AsyncWebClient, parts: Parts) -> None:
        self._client = client
        self._parts = parts
        self._reading = asyncio.Lock()
        self._told: list[str] = []

    async def refresh(self) -> None:
        """Read it anew. Raises SlackApiError; then everybody keeps the role they had."""
        channel = self._parts.places.triage_channel
        # One at a time: what was read earlier must not be written later.
        async with self._reading:
            found = (await self._client.conversations_info(channel=channel))["channel"]
            if found.get("is_archived"):
                return  # Slack names no members then; nobody has left.
            members = await find_members(self._client, channel)
            roles, problems = await find_roles(self._client, self._parts.house)
            if problems != self._told:
                self._told = problems
                for problem in problems:
                    log.warning("user_group_not_read", problem=problem)
            await commit(self._parts.engine, agents.keep, members, roles, self._parts.clock())

    async def keep_up(self) -> None:
        """Read it anew; where Slack does not answer, the next time."""
        try:
            await self.refresh()
        except (SlackApiError, aiohttp.ClientError, TimeoutError, OSError) as error:
            log.warning("roster_not_read", error=type(error).__name__)
