"""Posts to Slack: each key becomes one message, however often it is tried; a later version updates it in place."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import timedelta
from typing import Any

import aiohttp
from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient
from slack_sdk.web.async_slack_response import AsyncSlackResponse

from bot.errors import PermanentFailure, TemporaryFailure, UnknownOutcome
from bot.messages import Outgoing
from bot.speech import mark, say_to_all

#: The event type of the metadata that carries our key. Any workspace app can read it: opaque ids only.
EVENT = "tillid_item"
#: What Slack says when the trouble is Slack's own, or passing.
PASSING = frozenset(
    {"ratelimited", "rate_limited", "internal_error", "fatal_error", "service_unavailable", "request_timeout"}
)
#: How many recent messages are searched for our key after an attempt with an unknown outcome.
LOOK_BACK = 100
#: What Slack's shortest refusals mean, and the way out.
MEANINGS = {
    "is_archived": mark("the channel is archived; unarchive it"),
    "not_in_channel": mark("I am not in that channel; type /invite @Tillid there"),
    "channel_not_found": mark("I am not in that channel, or it is gone; type /invite @Tillid there"),
    "thread_not_found": mark("the message it answers has been deleted"),
    "restricted_action": mark("an administrator does not let apps write there"),
}


class SlackSender:
    """Posts cards, notes, alerts and customers' answers."""

    def __init__(self, client: AsyncWebClient) -> None:
        self._client = client

    async def __call__(self, item: Outgoing) -> dict[str, Any]:
        """Post it, or update what an earlier success posted; the receipt is {"channel", "ts"}."""
        try:
            return await self._post(await self._placed(item))
        except SlackApiError as error:
            raise _translated(error) from error
        except (aiohttp.ClientConnectorError, ConnectionRefusedError) as error:
            raise TemporaryFailure(say_to_all("Slack cannot be reached")) from error
        except (aiohttp.ClientError, TimeoutError, OSError) as error:
            reason = say_to_all("Slack did not confirm ({error})", error=type(error).__name__)
            raise UnknownOutcome(reason) from error

    async def _placed(self, item: Outgoing) -> Outgoing:
        """With the direct message in place of a person: only there can an earlier attempt be found."""
        person = str(item.payload.get("channel") or "")
        if not person.startswith(("U", "W")):
            return item
        opened: dict[str, Any] = (await self._client.conversations_open(users=person))["channel"]
        return replace(item, payload={**item.payload, "channel": opened["id"]})

    async def _post(self, item: Outgoing) -> dict[str, Any]:
        payload = item.payload
        known = item.receipt.get("ts")
        if known and await self._update(item, known):
            return {"channel": payload["channel"], "ts": known}
        found = await self._find(item) if may_be_there(item) else ""
        if found and await self._update(item, found):
            return {"channel": payload["channel"], "ts": found}
        answer = await self._client.chat_postMessage(
            channel=payload["channel"],
            thread_ts=payload.get("thread_ts"),
            metadata=_metadata(item.key),
            unfurl_links=False,
            unfurl_media=False,
            parse="none",
            text=payload["text"],
            blocks=payload["blocks"],
        )
        return {"channel": answer["channel"], "ts": answer["ts"]}

    async def _update(self, item: Outgoing, ts: str) -> bool:
        """Overwrite our message; False when somebody has deleted it, and it has to be posted anew."""
        payload = item.payload
        try:
            await self._client.chat_update(
                channel=payload["channel"],
                ts=ts,
                parse="none",
                metadata=_metadata(item.key),
                text=payload["text"],
                blocks=payload["blocks"],
            )
        except SlackApiError as error:
            if error.response.get("error") != "message_not_found":
                raise
            return False
        return True

    async def _find(self, item: Outgoing) -> str:
        """Where an earlier attempt of this very item stands that Slack took although we never heard so."""

        def place(message: Mapping[str, Any]) -> str:
            metadata = message.get("metadata") or {}
            return str(message["ts"]) if metadata.get("event_payload", {}).get("k") == item.key else ""

        return await self._search(item, place)

    async def _search(self, item: Outgoing, told_by: Callable[[Mapping[str, Any]], str]) -> str:
        """What the first message tells by which an earlier attempt is recognised; empty where none does."""
        channel, thread = item.payload["channel"], item.payload.get("thread_ts")
        cursor = ""
        while True:
            page = await self._page(channel, thread, cursor)
            for message in page.get("messages") or ():
                if told := told_by(message):
                    return told
            cursor = (page.get("response_metadata") or {}).get("next_cursor") or ""
            # A channel is told from its end, a thread from its beginning: there the last page counts.
            if not cursor or not thread:
                return ""

    async def _page(self, channel: str, thread: str | None, cursor: str) -> AsyncSlackResponse:
        if not thread:
            return await self._client.conversations_history(
                channel=channel, limit=LOOK_BACK, include_all_metadata=True
            )
        return await self._client.conversations_replies(
            channel=channel, ts=thread, limit=LOOK_BACK, cursor=cursor, include_all_metadata=True
        )


def may_be_there(item: Outgoing) -> bool:
    """Whether an earlier attempt may have been taken although we never heard so."""
    # A card that was made anew meanwhile counts its attempts from one again, and still may have been posted.
    return item.attempt > 1 or item.uncertain > 0


def _metadata(key: str) -> dict[str, Any]:
    return {"event_type": EVENT, "event_payload": {"k": key}}


def _translated(error: SlackApiError) -> PermanentFailure | TemporaryFailure:
    response = error.response
    code = str(response.get("error") or f"status {response.status_code}")
    if code in PASSING or response.status_code >= 500 or response.status_code == 429:
        seconds = int(response.headers.get("Retry-After") or 0)
        return TemporaryFailure(_told(code), timedelta(seconds=seconds) if seconds else None)
    details = response.get("response_metadata", {}).get("messages") or []
    return PermanentFailure(" ".join([_told(code), *map(str, details)])[:500])


def _told(code: str) -> str:
    if code not in MEANINGS:
        return say_to_all("Slack said {code}", code=code)
    return say_to_all("Slack said {code}: {meaning}", code=code, meaning=say_to_all(MEANINGS[code]))
