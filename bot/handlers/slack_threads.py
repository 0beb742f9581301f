"""Threads in Slack that somebody points at: read from Slack, taken in as if they had been listened to, found again."""

import re
from collections.abc import Mapping, Sequence
from typing import Any

from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient
from sqlalchemy import select
from sqlmodel import Session, col

from bot import chat
from bot.errors import Refused
from bot.handlers.slack_events import arrived
from bot.outbound.slack import EVENT
from bot.parts import Parts
from bot.pipeline import accept
from bot.speech import mark, say
from storage import agents, conversations
from storage.engine import read
from storage.tables import InboxItem, InboxState, Message
from storage.watching import Thread

#: How much of a thread is read, and how much of that taken in.
MOST_PAGES, PAGE = 5, 200
MOST_TAKEN = 10
CARD = re.compile(r"card:(\d+)")
GONE = mark("That message is not here any more.")
_REFUSALS = {
    "not_in_channel": mark("Invite me first: type /invite @Tillid in that channel."),
    "channel_not_found": mark("I am not in that conversation. In a channel, type /invite @Tillid first."),
    "thread_not_found": GONE,
    "message_not_found": GONE,
    "ratelimited": mark("Slack asked us to wait. Try again in a minute."),
}
Said = Mapping[str, Any]


class Threads:
    """What is said in threads, whether we listen to them or not."""

    def __init__(self, parts: Parts) -> None:
        self._parts = parts

    def of(self, channel: str, message: Said) -> Thread:
        """The thread that a message begins or belongs to."""
        return Thread(self._parts.places.team, channel, str(message.get("thread_ts") or message.get("ts")))

    def is_ours(self, channel: str) -> bool:
        """Whether colleagues are among themselves there: no customer writes in it."""
        return channel in (self._parts.places.triage_channel, self._parts.places.operators_channel)

    async def case_of(self, client: AsyncWebClient, thread: Thread) -> int | None:
        """The case of a thread: a customer's own, or the one whose card stands at its beginning."""
        if not self.is_ours(thread.channel):
            return await read(self._parts.engine, _case_of, thread)
        first = (await _said(client, thread.channel, thread.ts, pages=1))[:1]
        metadata = (first[0].get("metadata") or {}) if first else {}
        if metadata.get("event_type") != EVENT or first[0].get("ts") != thread.ts:
            return None
        found = CARD.fullmatch(str((metadata.get("event_payload") or {}).get("k") or ""))
        return int(found.group(1)) if found else None

    async def beginning(self, client: AsyncWebClient, message: Thread) -> Thread:
        """The thread of any message in it. Raises Refused where Slack does not show it to us."""
        said = await _said(client, message.channel, message.ts, pages=1)
        if not said:
            raise Refused(say(GONE))
        return self.of(message.channel, said[0])

    async def take_in(self, client: AsyncWebClient, thread: Thread) -> list[str]:
        """Store what customers said there and we have not; the keys it is stored under, oldest first.

        Raises Refused where Slack does not show it to us, or nobody but colleagues has spoken.
        """
        said = [
            each
            for each in await _said(client, thread.channel, thread.ts)
            if chat.is_message({**each, "type": "message"})
        ]
        new = await read(self._parts.engine, _unheard, thread, said)
        if new is None:
            raise Refused(say("Nobody but colleagues has written in this thread."))
        items = [self._arrived(thread, each) for each in new[-MOST_TAKEN:]]
        await accept(self._parts, items)
        return [each.external_id for each in items]

    def _arrived(self, thread: Thread, message: Said) -> Any:
        event = {**message, "type": "message", "channel": thread.channel}
        body = {
            "type": "event_callback",
            "team_id": thread.team,
            "event_id": f"asked:{thread.channel}:{message['ts']}",
            "authorizations": [{"team_id": thread.team}],
            # Whose workspace an author is of must be said by Slack, not supposed.
            "is_ext_shared_channel": True,
            chat.ASKED_FOR: True,
            "event": event,
        }
        return arrived(body, event, thread.team)

    async def is_worked_through(self, thread: Thread, keys: Sequence[str]) -> bool:
        """Whether all that was taken in has been understood, or put aside."""
        return await read(self._parts.engine, _is_done, f"slack:{thread.team}", keys)


async def _said(client: AsyncWebClient, channel: str, ts: str, pages: int = MOST_PAGES) -> list[Said]:
    """A thread, its first message first. Raises Refused where Slack does not show it."""
    found: list[Said] = []
    cursor = ""
    try:
        for _ in range(pages):
            page = await client.conversations_replies(
                channel=channel, ts=ts, limit=PAGE, cursor=cursor or None, include_all_metadata=True
            )
            found += page.get("messages") or ()
            cursor = (page.get("response_metadata") or {}).get("next_cursor") or ""
            if not cursor:
                break
    except SlackApiError as error:
        code = str(error.response.get("error") or "")
        if code in _REFUSALS:
            raise Refused(say(_REFUSALS[code])) from None
        raise Refused(say("Slack does not show me this thread ({code}).", code=code)) from None
    return found


def _case_of(session: Session, thread: Thread) -> int | None:
    found = conversations.by_thread(session, thread.team, thread.channel, thread.ts)
    return found.id if found else None


def _unheard(session: Session, thread: Thread, said: Sequence[Said]) -> list[Said] | None:
    """What customers said and we do not have; None where no customer said anything."""
    theirs = [each for each in said if agents.by_slack_id(session, str(each["user"])) is None]
    here = (
        col(Message.team) == thread.team,
        col(Message.slack_channel) == thread.channel,
        col(Message.ts).in_([str(each["ts"]) for each in theirs]),
    )
    known = set(session.execute(select(col(Message.ts)).where(*here)).scalars())
    return [each for each in theirs if each["ts"] not in known] if theirs else None


def _is_done(session: Session, source: str, keys: Sequence[str]) -> bool:
    here = (col(InboxItem.source) == source, col(InboxItem.external_id).in_(keys))
    states = session.execute(select(col(InboxItem.state)).where(*here)).scalars()
    return all(state is not InboxState.NEW for state in states)
