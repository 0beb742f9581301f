"""Whoever presses, types or opens something is answered in the language they chose."""

from collections.abc import Awaitable, Callable, Mapping
from typing import Any

from slack_bolt import BoltResponse
from sqlmodel import Session

from bot.parts import Parts
from bot.speech import speak
from storage import agents
from storage.engine import read


class Speech:
    """Sets the language before anything else looks at a request."""

    def __init__(self, parts: Parts) -> None:
        self._parts = parts

    async def choose(
        self, body: dict[str, Any], next_: Callable[[], Awaitable[BoltResponse]]
    ) -> BoltResponse:
        """Speak to this person as they wish, for as long as this request lasts.

        Set and not reset: Bolt runs what listens after its middlewares have returned. The next request sets it anew.
        """
        who = _who(body)
        language = await read(self._parts.engine, _language, who) if who else ""
        speak(self._parts.house.desk_language, language)
        return await next_()


def _who(body: Mapping[str, Any]) -> str:
    """The Slack id of whoever it comes from; empty for what the workspace itself tells."""
    event = body.get("event")
    user = event.get("user") if isinstance(event, Mapping) else body.get("user") or body.get("user_id")
    return str((user.get("id") if isinstance(user, Mapping) else user) or "")


def _language(session: Session, slack_user_id: str) -> str:
    agent = agents.by_slack_id(session, slack_user_id)
    return agent.language if agent else ""
