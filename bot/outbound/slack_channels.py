"""What Slack says of a channel: whether it is shared or archived, whether we are in it, and who else is."""

from collections.abc import Collection
from dataclasses import dataclass
from typing import Any

import aiohttp
from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient

from bot.errors import PermanentFailure, TemporaryFailure
from bot.speech import say_to_all

#: What Slack says where we are not (any more), or the id is not (any more).
GONE = frozenset({"channel_not_found", "not_in_channel", "method_not_supported_for_channel_type"})
MOST_PAGES = 20


@dataclass(frozen=True, slots=True)
class SeenChannel:
    """How a channel stands."""

    is_gone: bool = False
    is_archived: bool = False
    #: With another company, through Slack Connect.
    is_shared: bool = False
    #: Ids of people in it who are not of our company: guests, and people of other workspaces.
    outsiders: tuple[str, ...] = ()


class ChannelLook:
    """Asks Slack about channels."""

    def __init__(self, client: AsyncWebClient) -> None:
        self._client = client

    async def __call__(self, channel: str, team: str, known: Collection[str]) -> SeenChannel:
        """How it stands now. `known` are members who need no look: colleagues.

        Raises DeliveryError where Slack does not say.
        """
        try:
            return await self._look(channel, team, known)
        except SlackApiError as error:
            code = str(error.response.get("error") or f"status {error.response.status_code}")
            if code in GONE:
                return SeenChannel(is_gone=True)
            if code == "missing_scope":
                reason = say_to_all(
                    "Slack does not let us look into {channel} (missing_scope)", channel=channel
                )
                raise PermanentFailure(reason) from error
            reason = say_to_all(
                "Slack does not say how {channel} stands ({code})", channel=channel, code=code
            )
            raise TemporaryFailure(reason) from error
        except (aiohttp.ClientError, TimeoutError, OSError) as error:
            reason = say_to_all("Slack cannot be reached ({error})", error=type(error).__name__)
            raise TemporaryFailure(reason) from error

    async def _look(self, channel: str, team: str, known: Collection[str]) -> SeenChannel:
        found: dict[str, Any] = (await self._client.conversations_info(channel=channel))["channel"]
        if found.get("is_archived"):
            return SeenChannel(is_archived=True)
        shared = bool(found.get("is_ext_shared") or found.get("is_pending_ext_shared"))
        if not found.get("is_member"):
            return SeenChannel(is_gone=True, is_shared=shared)
        strange = () if shared else await self._outsiders(channel, team, known)
        return SeenChannel(is_shared=shared, outsiders=strange)

    async def _outsiders(self, channel: str, team: str, known: Collection[str]) -> tuple[str, ...]:
        outsiders: list[str] = []
        cursor = ""
        for _ in range(MOST_PAGES):
            page = await self._client.conversations_members(channel=channel, limit=200, cursor=cursor)
            strange = [str(each) for each in page["members"] if each not in known]
            outsiders += [each for each in strange if await self._is_outsider(each, team)]
            cursor = (page.get("response_metadata") or {}).get("next_cursor") or ""
            if not cursor:
                break
        return tuple(outsiders)

    async def _is_outsider(self, user_id: str, team: str) -> bool:
        user: dict[str, Any] = (await self._client.users_info(user=user_id))["user"]
        guest = bool(user.get("is_restricted") or user.get("is_ultra_restricted") or user.get("is_stranger"))
        return not user.get("is_bot") and not user.get("deleted") and (guest or user.get("team_id") != team)
