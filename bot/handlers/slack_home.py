"""Somebody opens the app: their Home is made for them. And what can be chosen there."""

from collections.abc import Awaitable, Callable, Mapping
from typing import Any

from slack_bolt import BoltResponse
from slack_sdk.web.async_client import AsyncWebClient

from bot import desk
from bot.cards import shortcut_windows as windows
from bot.cards.home_own import AS_IN_CHANNEL
from bot.errors import Refused
from bot.handlers import pressing
from bot.parts import Parts
from bot.speech import mark
from storage import homes
from storage.engine import commit

Ack = Callable[..., Awaitable[Any]]
LANGUAGE = mark("Language")


class Homes:
    """The Home tab."""

    def __init__(self, parts: Parts) -> None:
        self._parts = parts

    async def keep(self, body: dict[str, Any], next_: Callable[[], Awaitable[BoltResponse]]) -> BoltResponse:
        """Write down that a Home is wanted, then let Bolt acknowledge."""
        event = body.get("event")
        if body.get("type") == "event_callback" and isinstance(event, dict) and _is_looked_at(event):
            await commit(self._parts.engine, homes.opened, str(event["user"]), self._parts.clock())
            self._parts.written.set()
        return await next_()

    async def choose_language(self, ack: Ack, body: Mapping[str, Any], client: AsyncWebClient) -> None:
        """Speak to whoever chose in that language from now on, beginning with the Home they look at."""
        chosen = str((body["actions"][0].get("selected_option") or {}).get("value") or "")
        language = "" if chosen == AS_IN_CHANNEL else chosen
        parts = self._parts
        try:
            who = pressing.person(body, parts)
            await commit(parts.engine, desk.choose_language, who, language, parts.clock())
        except Refused as refusal:
            await refuse_in_window(ack, client, body, LANGUAGE, refusal)
            return
        await ack()
        parts.written.set()


async def refuse_in_window(
    ack: Ack, client: AsyncWebClient, body: Mapping[str, Any], title: str, refusal: Refused
) -> None:
    """Tell whoever pressed something in their Home why nothing was done: there no message can be answered.

    `title` is a marked text.
    """
    await client.views_open(trigger_id=body["trigger_id"], view=windows.told(title, str(refusal)))
    await ack()


def _is_looked_at(event: dict[str, Any]) -> bool:
    return event.get("type") == "app_home_opened" and event.get("tab") == "home" and bool(event.get("user"))
