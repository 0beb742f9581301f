"""/tillid next, and the button that leads from one case to the next."""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from typing import Any

from sqlmodel import Session

from bot import desk
from bot.cards import queue_cards
from bot.cards.presses import left
from bot.cards.shapes import Card
from bot.errors import Refused
from bot.handlers import pressing
from bot.parts import Parts
from bot.views import card_view
from storage import queue
from storage.engine import commit, read

Ack = Callable[..., Awaitable[Any]]
Respond = Callable[..., Awaitable[Any]]


class Queue:
    """Gives each colleague the next case, and shows it to them."""

    def __init__(self, parts: Parts) -> None:
        self._parts = parts
        self._desk = desk.Desk(parts.house, parts.places)

    async def next(self, ack: Ack, body: Mapping[str, Any], respond: Respond) -> None:
        """The button: the case it stands on is left, and the next one shown in its place or below."""
        try:
            who = pressing.person(body, self._parts)
            passed = left(body["actions"][0]["value"])
            card = await self.card(who, passed)
        except Refused as refusal:
            await pressing.refuse(ack, respond, refusal)
            return
        await ack()
        in_place = pressing.is_private(body)
        await respond(
            text=card.text, blocks=card.blocks, response_type="ephemeral", replace_original=in_place
        )

    async def card(self, slack_user_id: str, passed: Sequence[int] = ()) -> Card:
        """The next case of that colleague. Raises Refused for everybody else."""
        parts = self._parts
        taken = await commit(
            parts.engine, desk.take_next, self._desk, slack_user_id, parts.clock(), tuple(passed)
        )
        # The case is theirs from here on: its card says so to everybody.
        parts.written.set()
        view = await read(parts.engine, card_view, taken, parts.house, parts.clock()) if taken else None
        if view is None:
            return queue_cards.nobody(await read(parts.engine, _waiting))
        return queue_cards.next_case(view, passed)


def _waiting(session: Session) -> int:
    return len(queue.waiting(session))
