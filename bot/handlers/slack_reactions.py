"""Reactions by colleagues: eyes is mine, a white check mark is solved, a ticket is track.

What they lead to is written down before the event is acknowledged: if it cannot be, Slack brings it again.
"""

from collections.abc import Awaitable, Callable, Mapping
from typing import Any

import aiohttp
from slack_bolt import BoltResponse
from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient
from sqlalchemy import select
from sqlmodel import Session, col

from bot import chat, logs
from bot.desk.reactions import claim, give_back, solve
from bot.desk.threads import ask_draft, track
from bot.errors import Refused
from bot.handlers.slack_threads import Threads
from bot.parts import Parts
from bot.redrafting import redraft_asked
from storage import agents, conversations, watching
from storage.engine import commit, read
from storage.tables import Message
from storage.watching import Thread

log = logs.get(__name__)
EYES, CHECK, TICKET = "eyes", "white_check_mark", "ticket"
ADDED, REMOVED = "reaction_added", "reaction_removed"
_ACTS = {(ADDED, EYES): claim, (REMOVED, EYES): give_back, (ADDED, CHECK): solve}


class Reactions:
    """What colleagues say with a reaction."""

    def __init__(self, parts: Parts) -> None:
        self._parts = parts
        self._threads = Threads(parts)

    async def keep(
        self, body: dict[str, Any], client: AsyncWebClient, next_: Callable[[], Awaitable[BoltResponse]]
    ) -> BoltResponse:
        """Do what a colleague's reaction says, then let Bolt acknowledge. Raises if it cannot be written down."""
        event = body.get("event")
        if body.get("type") == "event_callback" and isinstance(event, dict) and _is_said(event):
            await self._heard(body, event, client)
        return await next_()

    async def _heard(self, body: Mapping[str, Any], event: Mapping[str, Any], client: AsyncWebClient) -> None:
        who, item = str(event["user"]), event["item"]
        team = chat.own_team(body, self._parts.places.team)
        # Outsiders and bots are no colleagues: their reactions say nothing to us.
        colleague = await read(self._parts.engine, agents.by_slack_id, who)
        if colleague is None or team != self._parts.places.team:
            return
        message = Thread(team, str(item["channel"]), str(item["ts"]))
        try:
            if event["reaction"] == TICKET:
                await self._track(client, who, message)
            else:
                await self._act(body, event, client, message)
        except Refused as refusal:
            await _tell(client, message.channel, who, str(refusal))
        self._parts.written.set()

    async def _act(
        self, body: Mapping[str, Any], event: Mapping[str, Any], client: AsyncWebClient, message: Thread
    ) -> None:
        case = await self._case(client, message)
        if case is None:
            return
        act = _ACTS[str(event["type"]), str(event["reaction"])]
        # The same event delivered again carries the same id.
        event_id = str(body.get("event_id") or f"{event['type']}:{event.get('event_ts')}")
        await commit(self._parts.engine, act, str(event["user"]), case, event_id, self._parts.clock())

    async def _case(self, client: AsyncWebClient, message: Thread) -> int | None:
        if self._threads.is_ours(message.channel):
            return await self._threads.case_of(client, message)
        return await read(self._parts.engine, _case_with, message)

    async def _track(self, client: AsyncWebClient, who: str, message: Thread) -> None:
        if self._threads.is_ours(message.channel) or message.channel.startswith("D"):
            return
        thread = await self._threads.beginning(client, message)
        new = await self._threads.take_in(client, thread)
        begun = await commit(self._parts.engine, track, who, thread, self._parts.clock())
        case = await self._threads.case_of(client, thread) if begun and not new else None
        # It was left alone for a while, and nothing has been said since: its case goes on.
        if case and await commit(self._parts.engine, ask_draft, who, case, self._parts.clock()):
            await redraft_asked(self._parts, (case,))


def _is_said(event: Mapping[str, Any]) -> bool:
    """One of ours, on a message."""
    item = event.get("item")
    here = (
        isinstance(item, Mapping) and item.get("type") == "message" and item.get("channel") and item.get("ts")
    )
    what = (event.get("type"), event.get("reaction"))
    return bool(here and event.get("user")) and (what in _ACTS or what == (ADDED, TICKET))


def _case_with(session: Session, message: Thread) -> int | None:
    """The case in which that message stands, whoever wrote it, or which it began."""
    here = (
        col(Message.team) == message.team,
        col(Message.slack_channel) == message.channel,
        col(Message.ts) == message.ts,
    )
    found: int | None = session.execute(select(col(Message.conversation_id)).where(*here)).scalar()
    if found is not None:
        return found
    if begun := conversations.by_thread(session, message.team, message.channel, message.ts):
        return begun.id
    return watching.case_of_ours(session, message)


async def _tell(client: AsyncWebClient, channel: str, who: str, text: str) -> None:
    """For that colleague only; what was decided stands whether they read it or not."""
    try:
        await client.chat_postEphemeral(channel=channel, user=who, text=text)
    except (SlackApiError, aiohttp.ClientError, TimeoutError, OSError) as error:
        log.warning("reaction_not_answered", error=type(error).__name__)
