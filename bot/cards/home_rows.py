"""What the rows of a Home have in common."""

from collections.abc import Sequence

from bot.cards.elements import context, header, mrkdwn, section
from bot.cards.shapes import Block
from bot.cards.texts import line, link
from bot.speech import say


def listed(title: str, rows: Sequence[Block], nothing: str) -> list[Block]:
    """Rows below their title; where there are none, what would stand there."""
    return [header(title), *(rows or [section(nothing)])]


def who(name: str, about: str) -> str:
    """Of whom a row speaks, and what about."""
    shown = line(name, 80, otherwise=say("A customer"))
    return line(f"{shown}, {line(about, 120, otherwise=say('wrote to us'))}", 200)


def opening(url: str) -> Block | str:
    """The way to a card, where there is one."""
    return mrkdwn(link(url, say("Open"))) if url else ""


def more(in_all: int, shown: int, way: str) -> list[Block]:
    """How many are not shown; `way` is a marked text with {number} that says where they are."""
    return [context(mrkdwn(say(way, number=in_all - shown)))] if in_all > shown else []
