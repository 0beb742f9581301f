"""The four message shortcuts. Slack waits three seconds: a window that says "one moment" first, then its content."""

import asyncio
import json
import time
from collections.abc import Awaitable, Callable, Mapping, Sequence
from datetime import timedelta
from typing import Any, TypeVar

from slack_sdk.web.async_client import AsyncWebClient
from sqlmodel import Session

from bot import chat, desk
from bot.cards import modals
from bot.cards import shortcut_windows as windows
from bot.cards.shapes import Block, FindingLine
from bot.checking import check
from bot.desk import Press
from bot.desk.threads import ask_draft, track, untrack
from bot.drafting import understand
from bot.errors import Refused
from bot.gathering import Snapshot
from bot.handlers import pressing
from bot.handlers.opened_cases import finding_lines, open_case
from bot.handlers.slack_threads import Threads
from bot.handlers.slack_views import Views
from bot.house import House
from bot.messages import Channel, IncomingMessage
from bot.parts import Parts
from bot.redrafting import redraft_asked
from bot.speech import mark, say
from bot.views.together import card_link
from storage import conversations, watching
from storage.engine import commit, read
from storage.watching import Thread

Ack = Callable[..., Awaitable[Any]]
Respond = Callable[..., Awaitable[Any]]
Seen = TypeVar("Seen")
#: How long the window waits for the card before it says that it is coming.
PATIENCE = timedelta(seconds=8)
LOOK_EVERY = timedelta(seconds=0.1)
CARDS_OWN = mark(
    "Colleagues are among themselves here. The draft stands on the card at the beginning of the thread: "
    "press Send Reply or Edit there."
)
NOT_TRACKED = mark("This thread has no case. Use Track or untrack on a customer's message first.")
LEFT_ALONE = mark("No longer tracked: this thread makes no card. Use Track or untrack to take it up again.")
TRACKED = mark("Tracked.")
NOT_HERE = mark("Customers do not write here, so there is nothing to track.")


class Shortcuts:
    """What colleagues ask for from the menu of a message."""

    def __init__(self, parts: Parts) -> None:
        self._parts = parts
        self._threads = Threads(parts)
        self._views = Views(parts)

    async def draft(
        self, ack: Ack, body: Mapping[str, Any], client: AsyncWebClient, respond: Respond
    ) -> None:
        """A suggestion for this thread, as if it had been tracked from the start."""
        await self._open(ack, body, client, respond, windows.DRAFT, self._draft)

    async def wording(
        self, ack: Ack, body: Mapping[str, Any], client: AsyncWebClient, respond: Respond
    ) -> None:
        """The trust check of one message."""
        await self._open(ack, body, client, respond, windows.WORDING, self._wording)

    async def follow_up(
        self, ack: Ack, body: Mapping[str, Any], client: AsyncWebClient, respond: Respond
    ) -> None:
        """The follow-up window of this thread's case."""
        await self._open(ack, body, client, respond, windows.FOLLOW_UP, self._follow_up)

    async def track(
        self, ack: Ack, body: Mapping[str, Any], client: AsyncWebClient, respond: Respond
    ) -> None:
        """Take up a thread; one that is tracked can be left alone from here."""
        await self._open(ack, body, client, respond, windows.TRACK, self._track)

    async def untrack(self, ack: Ack, body: Mapping[str, Any]) -> None:
        """Stop Tracking was pressed in the window."""
        place = json.loads(body["view"]["private_metadata"])
        thread = Thread(self._parts.places.team, str(place["channel"]), str(place["thread"]))
        try:
            who = pressing.person(body, self._parts)
            await commit(self._parts.engine, untrack, who, thread, self._parts.clock())
            said = say(LEFT_ALONE)
        except Refused as refusal:
            said = str(refusal)
        await ack(response_action="update", view=windows.told(windows.TRACK, said))
        self._parts.written.set()

    # ---- What each does once its window is open

    async def _draft(self, who: str, body: Mapping[str, Any], client: AsyncWebClient) -> Block:
        channel, message = str(body["channel"]["id"]), body["message"]
        thread = self._threads.of(channel, message)
        if self._threads.is_ours(channel):
            case = await self._threads.case_of(client, thread)
            link = await read(self._parts.engine, card_link, case) if case else ""
            return windows.told(windows.DRAFT, say(CARDS_OWN), link)
        keys = await self._threads.take_in(client, thread)
        await commit(self._parts.engine, track, who, thread, self._parts.clock())
        return windows.told(windows.DRAFT, *await self._drafted(client, who, thread, keys))

    async def _drafted(
        self, client: AsyncWebClient, who: str, thread: Thread, keys: Sequence[str]
    ) -> tuple[str, str]:
        """What became of it, and the way to the card."""
        if not await _seen(lambda: self._threads.is_worked_through(thread, keys)):
            return say("The draft is being made. Its card comes in the triage channel in a moment."), ""
        case = await self._threads.case_of(client, thread)
        if case is None:
            return say("There is nothing in this thread to answer."), ""
        if await commit(self._parts.engine, ask_draft, who, case, self._parts.clock()):
            await redraft_asked(self._parts, (case,))
        self._parts.written.set()
        return await self._where(case)

    async def _where(self, case: int) -> tuple[str, str]:
        """The card, as soon as it is posted."""
        link = await _seen(lambda: read(self._parts.engine, card_link, case))
        if not link:
            return say("The draft is ready. Its card comes in the triage channel in a moment."), ""
        said = say("The draft is on the card. Nothing is sent until a colleague presses Send Reply there.")
        return said, link

    async def _wording(self, _who: str, body: Mapping[str, Any], _client: AsyncWebClient) -> Block:
        text = chat.plain(str(body["message"].get("text") or ""))
        return windows.wording(text, await asyncio.to_thread(_checked, self._parts.house, text))

    async def _follow_up(self, who: str, body: Mapping[str, Any], client: AsyncWebClient) -> Block:
        thread = self._threads.of(str(body["channel"]["id"]), body["message"])
        case = await self._threads.case_of(client, thread)
        if case is None:
            raise Refused(say(NOT_TRACKED))
        press = await read(self._parts.engine, _newest, who, case)
        opened = await read(self._parts.engine, open_case, press, self._parts)
        return self._views.follow_up_window(press, opened, resolving=False)

    async def _track(self, who: str, body: Mapping[str, Any], client: AsyncWebClient) -> Block:
        channel = str(body["channel"]["id"])
        if self._threads.is_ours(channel):
            raise Refused(say(NOT_HERE))
        thread = self._threads.of(channel, body["message"])
        if await read(self._parts.engine, watching.listens_to, thread):
            case = await self._threads.case_of(client, thread)
            link = await read(self._parts.engine, card_link, case) if case else ""
            return windows.tracked(json.dumps({"channel": channel, "thread": thread.ts}), link)
        keys = await self._threads.take_in(client, thread)
        await commit(self._parts.engine, track, who, thread, self._parts.clock())
        said, link = await self._drafted(client, who, thread, keys)
        return windows.told(windows.TRACK, f"{say(TRACKED)} {said}", link)

    async def _open(
        self,
        ack: Ack,
        body: Mapping[str, Any],
        client: AsyncWebClient,
        respond: Respond,
        title: str,
        content: Callable[[str, Mapping[str, Any], AsyncWebClient], Awaitable[Block]],
    ) -> None:
        try:
            who = pressing.person(body, self._parts)
        except Refused as refusal:
            await pressing.refuse(ack, respond, refusal)
            return
        loading = modals.loading(say(title), "told", "{}")
        opened = await client.views_open(trigger_id=body["trigger_id"], view=loading)
        await ack()
        try:
            await read(self._parts.engine, desk.acting, who)
            view = await content(who, body, client)
        except Refused as refusal:
            view = windows.told(title, str(refusal))
        await client.views_update(view_id=opened["view"]["id"], view=view)


async def _seen(look: Callable[[], Awaitable[Seen]]) -> Seen:
    """What one sees in the end: as soon as it is there, or what there is when patience ends."""
    end = time.monotonic() + PATIENCE.total_seconds()
    while True:
        seen = await look()
        if seen or time.monotonic() > end:
            return seen
        await asyncio.sleep(LOOK_EVERY.total_seconds())


def _newest(session: Session, who: str, case: int) -> Press:
    latest = conversations.latest_suggestion(session, case)
    return Press(who, case, latest.version if latest else 0)


def _checked(house: House, text: str) -> tuple[FindingLine, ...]:
    """What the trust check says of anybody's words; it takes some milliseconds a sentence."""
    incoming = IncomingMessage(Channel.SLACK, "", "", "", "", text, text)
    language = understand(house, incoming, Snapshot()).language
    return finding_lines(check(house, text, language=language))
