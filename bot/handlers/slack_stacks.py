"""A stack's card and its window: read up to 25 drafts, send the ticked ones, go on with the next."""

import asyncio
import json
from collections.abc import Awaitable, Callable, Mapping
from typing import Any

from slack_sdk.web.async_client import AsyncWebClient

from bot import desk
from bot.cards import modals
from bot.cards.shapes import Block
from bot.cards.stack_cards import CALLBACK
from bot.cards.stack_window import picked_of, stack_window, taken_back, told
from bot.desk.stacks import GONE
from bot.errors import Refused
from bot.handlers import pressing
from bot.parts import Parts
from bot.redrafting import redraft_asked
from bot.speech import mark, say
from bot.views.stacks import stack_page
from storage.engine import commit, read
from storage.stacks import Place

Ack = Callable[..., Awaitable[Any]]
Respond = Callable[..., Awaitable[Any]]
TITLE = mark("Drafts")
#: Seconds after which a window of drafts says that it is at work.
PATIENCE = 2.0


class Stacks:
    """What colleagues do with a stack."""

    def __init__(self, parts: Parts) -> None:
        self._parts = parts
        self._desk = desk.Desk(parts.house, parts.places)

    async def open(self, ack: Ack, body: Mapping[str, Any], client: AsyncWebClient, respond: Respond) -> None:
        """The button on the card: the first drafts."""
        try:
            who = pressing.person(body, self._parts)
        except Refused as refusal:
            await pressing.refuse(ack, respond, refusal)
            return
        stack_id = int(pressing.pressed(body)["s"])
        loading = modals.loading(say(TITLE), CALLBACK, json.dumps({"s": stack_id}))
        opened = await client.views_open(trigger_id=body["trigger_id"], view=loading)
        await ack()
        try:
            view = await self._window(who, stack_id, None)
        except Refused as refusal:
            view = modals.notice(say(TITLE), str(refusal))
        await client.views_update(view_id=opened["view"]["id"], view=view)

    async def _window(
        self,
        who: str,
        stack_id: int,
        after: Place | None,
        news: tuple[str, ...] = (),
        *,
        can_be_undone: bool = False,
    ) -> Block:
        engine = self._parts.engine
        name = await commit(engine, desk.view_stack, who, stack_id, self._parts.clock())
        found = await read(engine, stack_page, stack_id, name, after, news, can_be_undone=can_be_undone)
        if found is None:
            raise Refused(say(GONE))
        page, last = found
        remembered = {"s": stack_id, "from": _told(after), "to": _told(last)}
        return stack_window(page, json.dumps(remembered))

    async def send(self, ack: Ack, body: Mapping[str, Any], client: AsyncWebClient) -> None:
        """Send what is ticked, and show the next ones with what came of it."""
        sending = asyncio.ensure_future(self._sent(body))
        done, _ = await asyncio.wait({sending}, timeout=PATIENCE)
        if done:
            await ack(response_action="update", view=sending.result())
            return
        # Slack waits three seconds; the letters are written down all the same.
        loading = modals.loading(say(TITLE), CALLBACK, body["view"]["private_metadata"])
        await ack(response_action="update", view=loading)
        await client.views_update(view_id=body["view"]["id"], view=await sending)

    async def _sent(self, body: Mapping[str, Any]) -> Block:
        remembered = json.loads(body["view"]["private_metadata"])
        stack_id, now = int(remembered["s"]), self._parts.clock()
        try:
            who = pressing.person(body, self._parts)
            done = await commit(
                self._parts.engine, desk.send_stack, self._desk, who, stack_id, _picked(body), now
            )
            self._parts.written.set()
            pressing.wake_when_due(self._parts)
            behind = _place(remembered.get("to"))
            undo = bool(done.sent and done.seconds)
            said = told(done.sent, done.refused, done.seconds)
            return await self._window(who, stack_id, behind, said, can_be_undone=undo)
        except Refused as refusal:
            return modals.notice(say(TITLE), str(refusal))

    async def take_out(self, ack: Ack, body: Mapping[str, Any], client: AsyncWebClient) -> None:
        """One draft gets a card of its own; the window goes on without it."""
        await ack()
        ids, remembered = pressing.pressed(body), json.loads(body["view"]["private_metadata"])
        try:
            who = pressing.person(body, self._parts)
            press = desk.Press(who, int(ids["c"]), int(ids["v"]))
            said = say("It has a card of its own now.")
            try:
                await commit(self._parts.engine, desk.take_out, press, self._parts.clock())
            except Refused as refusal:
                said = str(refusal)
            self._parts.written.set()
            view = await self._window(who, int(remembered["s"]), _place(remembered.get("from")), (said,))
        except Refused as refusal:
            view = modals.notice(say(TITLE), str(refusal))
        await client.views_update(view_id=body["view"]["id"], hash=body["view"].get("hash"), view=view)

    async def leave(self, ack: Ack, body: Mapping[str, Any], respond: Respond) -> None:
        """The same on the short card of a case: it is a whole card again."""
        try:
            press = pressing.on_value(body, self._parts)
            await commit(self._parts.engine, desk.take_out, press, self._parts.clock())
        except Refused as refusal:
            await pressing.refuse(ack, respond, refusal)
            return
        await ack()
        self._parts.written.set()

    async def undo(self, ack: Ack, body: Mapping[str, Any], respond: Respond) -> None:
        """The button on the card: whatever still waits is taken back, whoever sent it."""
        try:
            who = pressing.person(body, self._parts)
            await self._undone(who, int(pressing.pressed(body)["s"]), only_own=False)
        except Refused as refusal:
            await pressing.refuse(ack, respond, refusal)
            return
        await ack()

    async def undo_own(self, ack: Ack, body: Mapping[str, Any], client: AsyncWebClient) -> None:
        """The button in the window: what this person sent is taken back, and stands there again."""
        await ack()
        stack_id = int(pressing.pressed(body)["s"])
        try:
            who = pressing.person(body, self._parts)
            try:
                said = await self._undone(who, stack_id, only_own=True)
            except Refused as refusal:
                said = str(refusal)
            view = await self._window(who, stack_id, None, (said,))
        except Refused as refusal:
            view = modals.notice(say(TITLE), str(refusal))
        await client.views_update(view_id=body["view"]["id"], hash=body["view"].get("hash"), view=view)

    async def _undone(self, who: str, stack_id: int, *, only_own: bool) -> str:
        parts = self._parts
        undone = await commit(parts.engine, desk.undo_stack, who, stack_id, parts.clock(), only_own=only_own)
        parts.written.set()
        await redraft_asked(parts, sorted(undone.outdated))
        return taken_back(undone.taken_back)

    async def close(self, ack: Ack, body: Mapping[str, Any], respond: Respond) -> None:
        """Put what is left aside."""
        try:
            who = pressing.person(body, self._parts)
            stack_id = int(pressing.pressed(body)["s"])
            await commit(self._parts.engine, desk.close_stack, who, stack_id, self._parts.clock())
        except Refused as refusal:
            await pressing.refuse(ack, respond, refusal)
            return
        await ack()
        self._parts.written.set()


def _told(place: Place | None) -> list[int] | None:
    return [int(place.wrote_first), place.id] if place else None


def _place(told_place: Any) -> Place | None:
    return Place(bool(told_place[0]), int(told_place[1])) if told_place else None


def _picked(body: Mapping[str, Any]) -> list[tuple[int, int]]:
    found = []
    for block_id in body["view"]["state"]["values"]:
        pick = picked_of(block_id)
        if pick is not None and pressing.typed(body, block_id):
            found.append(pick)
    return found
