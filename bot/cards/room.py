"""How much of what others wrote fits on one card: Slack refuses a message with too many characters in its blocks."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from bot.cards.shapes import Block
from bot.cards.texts import width

#: Slack has refused about 13,200; a button more below the card still fits.
MOST_CHARACTERS = 11_700


@dataclass(frozen=True, slots=True)
class Room:
    """What a card may show: characters of the customer's words and of the draft, and rows of everything listed.

    Whatever is shown cut stays whole where it is kept: the reply in its window, and what is sent.
    """

    customer: int = 600
    draft: int = 2800
    rows: int = 20
    #: Characters of one row.
    words: int = 300


#: The customer's words give way first, since they stand in the mailbox too; then the draft, then the rows.
_ROOMS = (
    Room(),
    Room(300),
    Room(300, 1400),
    Room(150, 1400),
    Room(150, 700),
    Room(150, 700, rows=2, words=100),
    Room(150, 500, rows=1, words=40),
)


def fitting(blocks_in: Callable[[Room], list[Block]]) -> list[Block]:
    """The blocks that `blocks_in` makes in the largest room whose blocks Slack takes."""
    for room in _ROOMS[:-1]:
        blocks = blocks_in(room)
        if characters(blocks) <= MOST_CHARACTERS:
            return blocks
    return blocks_in(_ROOMS[-1])


def characters(value: Any) -> int:
    """How many characters of text are in blocks, in UTF-16 units."""
    if isinstance(value, Mapping):
        return sum(
            width(item) if key == "text" and isinstance(item, str) else characters(item)
            for key, item in value.items()
        )
    return sum(characters(item) for item in value) if isinstance(value, list) else 0
