"""Files into a card's thread: each key becomes one share, however often it is tried."""

from collections.abc import Mapping
from typing import Any

from slack_sdk.errors import SlackRequestError

from bot.errors import PermanentFailure, TemporaryFailure
from bot.messages import Outgoing
from bot.outbound.slack import SlackSender, may_be_there
from bot.speech import say_to_all


class SlackFileSender(SlackSender):
    """Uploads copies of customers' files, for colleagues only."""

    async def _post(self, item: Outgoing) -> dict[str, Any]:
        """The receipt is {"channel", "file"}. Its name carries the file's number, so that a share is found again."""
        payload = item.payload
        if item.receipt.get("file"):
            return dict(item.receipt)
        channel = (await self._client.conversations_info(channel=payload["channel"]))["channel"]
        if channel.get("is_ext_shared") or channel.get("is_pending_ext_shared"):
            raise PermanentFailure(
                say_to_all("that channel is shared with another company now; files stay here")
            )
        found = await self._shared(item) if may_be_there(item) else ""
        return {"channel": payload["channel"], "file": found or await self._upload(item)}

    async def _upload(self, item: Outgoing) -> str:
        payload = item.payload
        try:
            answer = await self._client.files_upload_v2(
                channel=payload["channel"],
                thread_ts=payload["thread_ts"],
                filename=payload["filename"],
                title=payload["title"],
                content=payload["content"],
            )
        except SlackRequestError as error:
            # Refused before it was shared with anybody.
            raise TemporaryFailure(say_to_all("Slack did not take the file")) from error
        return str(answer["files"][0]["id"])

    async def _shared(self, item: Outgoing) -> str:
        """The file that an earlier attempt shared although we never heard so; empty where there is none."""

        def file_id(message: Mapping[str, Any]) -> str:
            files = message.get("files") or ()
            return next(
                (str(file["id"]) for file in files if file.get("name") == item.payload["filename"]), ""
            )

        return await self._search(item, file_id)
