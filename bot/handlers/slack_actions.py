"""Buttons that act at once."""

from collections.abc import Awaitable, Callable, Mapping
from functools import partial
from typing import Any

from bot import desk
from bot.cards import queue_cards
from bot.errors import Refused
from bot.handlers import pressing
from bot.parts import Parts
from bot.redrafting import redraft, redraft_asked, redraft_lead
from storage.engine import commit

Ack = Callable[..., Awaitable[Any]]
Respond = Callable[..., Awaitable[Any]]


class Actions:
    """Presses on cards and on refund posts. The commit comes first, then the acknowledgement."""

    def __init__(self, parts: Parts) -> None:
        self._parts = parts
        self._desk = desk.Desk(parts.house, parts.places)

    async def send(self, ack: Ack, body: Mapping[str, Any], respond: Respond) -> None:
        """Send the draft, with the refund it states."""
        press = partial(pressing.on_card, body, self._parts)
        said = await self._do(ack, respond, lambda: self._send(press()))
        if said:
            pressing.wake_when_due(self._parts)
        if said and pressing.is_private(body):
            undo = press().version if self._parts.house.policy.undo_seconds else 0
            card = queue_cards.done(said, press().conversation_id, undo)
            await respond(text=card.text, blocks=card.blocks, replace_original=True)

    async def _send(self, press: desk.Press) -> str:
        try:
            said = await commit(self._parts.engine, desk.send, self._desk, press, self._parts.clock())
        except desk.OutOfDate:
            await redraft(self._parts, press.conversation_id)
            raise
        await redraft_lead(self._parts, press.conversation_id)
        return said

    async def undo(self, ack: Ack, body: Mapping[str, Any], respond: Respond) -> None:
        """Take a reply back that waits to go."""
        said = await self._do(ack, respond, lambda: self._undo(body))
        if said and pressing.is_private(body):
            card = queue_cards.done(said, pressing.on_value(body, self._parts).conversation_id)
            await respond(text=card.text, blocks=card.blocks, replace_original=True)

    async def _undo(self, body: Mapping[str, Any]) -> str:
        press = pressing.on_value(body, self._parts)
        undone = await commit(self._parts.engine, desk.undo, press, self._parts.clock())
        await redraft_asked(self._parts, undone.outdated)
        return undone.said

    async def retry(self, ack: Ack, body: Mapping[str, Any], respond: Respond) -> None:
        """Try a reply that failed once more."""
        press = partial(pressing.on_card, body, self._parts)
        await self._do(ack, respond, lambda: self._commit(desk.retry, press(), self._parts.clock()))

    async def choose_order(self, ack: Ack, body: Mapping[str, Any], respond: Respond) -> None:
        """Which order it is about: the draft is made anew with its facts."""
        await self._do(ack, respond, lambda: self._choose_order(body))

    async def _choose_order(self, body: Mapping[str, Any]) -> None:
        press, order_id = pressing.on_order(body, self._parts)
        await commit(self._parts.engine, desk.choose_order, press, order_id, self._parts.clock())
        await redraft_asked(self._parts, (press.conversation_id,))

    async def take_apart(self, ack: Ack, body: Mapping[str, Any], respond: Respond) -> None:
        """A card of its own again: both cases are drafted anew, each for itself."""
        await self._do(ack, respond, lambda: self._take_apart(body))

    async def _take_apart(self, body: Mapping[str, Any]) -> None:
        press = pressing.on_card(body, self._parts)
        await commit(self._parts.engine, desk.take_apart, press, self._parts.clock())
        await redraft_asked(self._parts, (press.conversation_id,))
        await redraft_lead(self._parts, press.conversation_id)

    async def keep_promise(self, ack: Ack, body: Mapping[str, Any], respond: Respond) -> None:
        """What was promised has been done."""
        await self._do(ack, respond, lambda: self._keep_promise(body))

    async def _keep_promise(self, body: Mapping[str, Any]) -> str:
        who, promise_id = pressing.person(body, self._parts), pressing.on_promise(body)
        said: str = await self._commit(desk.keep_promise, who, promise_id, self._parts.clock())
        return said

    async def approve(self, ack: Ack, body: Mapping[str, Any], respond: Respond) -> None:
        """A lead says yes: the draft is made anew with it."""
        await self._do(ack, respond, lambda: self._decide(body, approve=True))

    async def decline(self, ack: Ack, body: Mapping[str, Any], respond: Respond) -> None:
        """A lead says no: the draft is an honest no with what we can do, for the agent to make their own."""
        await self._do(ack, respond, lambda: self._decide(body, approve=False))

    async def _decide(self, body: Mapping[str, Any], *, approve: bool) -> None:
        who = pressing.person(body, self._parts)
        refund_id = pressing.on_refund(body)
        refund = await commit(
            self._parts.engine,
            desk.decide_refund,
            who,
            refund_id,
            approve=approve,
            now=self._parts.clock(),
        )
        await redraft_asked(self._parts, (refund.conversation_id,))

    async def done(self, ack: Ack, body: Mapping[str, Any], respond: Respond) -> None:
        """The money has been moved."""
        await self._do(ack, respond, lambda: self._settle(body, done=True))

    async def failed(self, ack: Ack, body: Mapping[str, Any], respond: Respond) -> None:
        """The money could not be moved: the agent's first task is to tell the customer."""
        await self._do(ack, respond, lambda: self._settle(body, done=False))

    async def _settle(self, body: Mapping[str, Any], *, done: bool) -> None:
        who = pressing.person(body, self._parts)
        refund = await commit(
            self._parts.engine,
            desk.settle_refund,
            self._desk,
            who,
            pressing.on_refund(body),
            done=done,
            now=self._parts.clock(),
        )
        await redraft_asked(self._parts, (refund.conversation_id,))

    async def _commit(self, work: Any, *args: Any) -> Any:
        return await commit(self._parts.engine, work, *args)

    async def _do(self, ack: Ack, respond: Respond, act: Callable[[], Awaitable[Any]]) -> str:
        """What the desk says it did; empty where it refused, which is told, or says nothing."""
        try:
            said = await act()
        except Refused as refusal:
            await pressing.refuse(ack, respond, refusal)
            return ""
        await ack()
        self._parts.written.set()
        return str(said or "")

    async def nothing(self, ack: Ack) -> None:
        """A link button and the like: acknowledged, nothing to do."""
        await ack()
