"""Somebody opens the app: their Home is made for them."""

from collections.abc import Awaitable, Callable
from typing import Any

from slack_bolt import BoltResponse

from bot.parts import Parts
from storage import homes
from storage.engine import commit


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


def _is_looked_at(event: dict[str, Any]) -> bool:
    return event.get("type") == "app_home_opened" and event.get("tab") == "home" and bool(event.get("user"))
