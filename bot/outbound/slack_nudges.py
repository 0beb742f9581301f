"""Remarks that one colleague alone sees, in the thread they wrote in. Nobody can find them again in Slack."""

from typing import Any

from slack_sdk.errors import SlackApiError

from bot.errors import UnknownOutcome
from bot.messages import Outgoing
from bot.outbound.slack import PASSING, SlackSender

#: Passing too, and nothing was shown for sure.
REFUSED = frozenset({"ratelimited", "rate_limited"})


class NudgeSender(SlackSender):
    """Shows a remark at most once: where nobody knows whether it was shown, it is left."""

    async def _post(self, item: Outgoing) -> dict[str, Any]:
        """The receipt says whether it was shown for sure."""
        if item.uncertain:
            return {"shown": False}
        payload = item.payload
        try:
            await self._client.chat_postEphemeral(
                channel=payload["channel"],
                user=payload["user"],
                thread_ts=payload["thread_ts"],
                parse="none",
                text=payload["text"],
                blocks=payload["blocks"],
            )
        except SlackApiError as error:
            response = error.response
            if response.status_code >= 500 or response.get("error") in PASSING - REFUSED:
                raise UnknownOutcome("Slack failed while it may have shown it") from error
            raise
        return {"shown": True}
