"""`tillid check`, its line about Slack: the token, the scopes, the channels for colleagues, the user groups."""

import asyncio
from typing import Any

from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient

from bot.among_ourselves import standing_of
from bot.errors import ConfigError
from bot.house import open_house
from bot.manifest import DISPENSABLE, SCOPES, named_scope
from bot.outbound.slack_channels import ChannelLook
from bot.roster import find_roles
from bot.settings import Settings
from bot.slack_parts import slack_client
from storage.tables import ChannelStanding

_TROUBLE = {
    ChannelStanding.SHARED: "that channel is shared with another company; pick an internal one",
    ChannelStanding.OUTSIDERS: "guests or people of another company are in it; nothing internal is posted there",
    ChannelStanding.ARCHIVED: "that channel is archived; unarchive it, or pick another one",
    ChannelStanding.GONE: "I am not in that channel; type /invite @Tillid there",
}


async def slack_is_well(settings: Settings) -> str:
    """Who we are there, and what we have to do without. Raises ConfigError, with the remedy."""
    if not settings.slack_bot_token:
        return "not set up (SLACK_BOT_TOKEN is empty)"
    client = slack_client(settings)
    try:
        who: Any = await client.auth_test()
        notes = _scopes(str(who.headers.get("x-oauth-scopes") or ""))
        await _channels(client, settings, str(who["team_id"]))
        house = await asyncio.to_thread(open_house, settings.tillid_house)
        notes += (await find_roles(client, house))[1]
    except SlackApiError as error:
        raise ConfigError(f"Slack says {error.response.get('error')}") from None
    return "".join([f"{who['team']}, as {who['user']}", *(f"\n     note: {each}" for each in notes)])


def _scopes(granted: str) -> list[str]:
    """What is not so for want of a scope. Raises ConfigError for those we cannot do without."""
    scopes = set(granted.replace(" ", "").split(",")) - {""}
    missing = sorted(set(SCOPES) - scopes) if scopes else []
    needed = [each for each in missing if each not in DISPENSABLE]
    if needed:
        lacking = ", ".join(map(named_scope, needed))
        raise ConfigError(f"the app lacks the scopes {lacking}: paste `tillid manifest` again")
    wanted = "paste `tillid manifest` again if you want that"
    return [f"without {each} {DISPENSABLE[each]}; {wanted}" for each in missing]


async def _channels(client: AsyncWebClient, settings: Settings, team: str) -> None:
    look = ChannelLook(client)
    places = {
        "TILLID_TRIAGE_CHANNEL": settings.tillid_triage_channel,
        "TILLID_OPERATORS_CHANNEL": settings.tillid_operators_channel,
    }
    for setting, channel in places.items():
        if not channel:
            continue
        standing = standing_of(await look(channel, team, ()))
        if standing is not ChannelStanding.INTERNAL:
            raise ConfigError(f"{setting}: {_TROUBLE[standing]}")
