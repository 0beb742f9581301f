"""Takes our posts down again, when the person they speak of is to be forgotten."""

from typing import Any

from slack_sdk.errors import SlackApiError

from bot.messages import Outgoing
from bot.outbound.slack import SlackSender

#: What Slack says when there is nothing left to take down.
GONE = frozenset(
    {"message_not_found", "thread_not_found", "file_not_found", "file_deleted", "channel_not_found"}
)


class SlackEraser(SlackSender):
    """Deletes posts and files; one that is gone already counts as deleted, so that trying again is harmless."""

    async def _post(self, item: Outgoing) -> dict[str, Any]:
        """The receipt is {}. A post whose place nobody heard of is looked for by its key."""
        payload = item.payload
        if payload["file"]:
            await self._unless_gone("files.delete", {"file": payload["file"]})
        ts = payload["ts"] or ("" if payload["file"] else await self._place(item))
        if ts:
            await self._unless_gone("chat.delete", {"channel": payload["channel"], "ts": ts})
        return {}

    async def _unless_gone(self, method: str, arguments: dict[str, Any]) -> None:
        try:
            await self._client.api_call(method, params=arguments)
        except SlackApiError as error:
            if error.response.get("error") not in GONE:
                raise

    async def _place(self, item: Outgoing) -> str:
        """Where an attempt posted of which we never heard; empty where nothing stands."""
        payload = {"channel": item.payload["channel"], "thread_ts": item.payload.get("thread_ts") or None}
        try:
            return await self._find(Outgoing(item.payload["key"], payload, item.attempt))
        except SlackApiError as error:
            if error.response.get("error") not in GONE:
                raise
            return ""
