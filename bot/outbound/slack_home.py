"""Publishes App Homes: what a person sees who opens the app."""

from typing import Any

from slack_sdk.errors import SlackApiError

from bot.errors import TemporaryFailure
from bot.messages import Outgoing
from bot.outbound.slack import SlackSender
from bot.speech import say_to_all

#: Slack has no such blocks here yet, or not in this workspace.
UNKNOWN_BLOCKS = frozenset({"invalid_blocks", "invalid_arguments"})


class HomePublisher(SlackSender):
    """Sets a person's Home tab. Publishing the same twice is harmless."""

    async def _post(self, item: Outgoing) -> dict[str, Any]:
        """The receipt is {"hash", "seen", "role"}: Slack's mark of this version, and what it was built from.

        Raises TemporaryFailure where a newer version stands there already; the next attempt is built anew, and
        then takes its place.
        """
        try:
            hash_ = await self._publish(item, item.payload["view"])
        except SlackApiError as error:
            if error.response.get("error") == "hash_conflict":
                raise TemporaryFailure(say_to_all("a newer Home was published meanwhile")) from error
            if error.response.get("error") not in UNKNOWN_BLOCKS or not item.payload["plainer"]:
                raise
            hash_ = await self._publish(item, item.payload["plainer"])
        return {"hash": hash_, "seen": item.payload["seen"], "role": item.payload["role"]}

    async def _publish(self, item: Outgoing, view: dict[str, Any]) -> str:
        known = item.receipt.get("hash") if item.attempt == 1 else None
        answer = await self._client.views_publish(user_id=item.payload["user"], view=view, hash=known)
        return str((answer.get("view") or {}).get("hash") or "")
