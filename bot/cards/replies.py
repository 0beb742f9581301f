"""What a customer reads in their own Slack thread."""

import re

from bot.cards.elements import context, leaf, rich_text
from bot.cards.shapes import Block, Card
from bot.cards.texts import clean, escaped, line, width
from bot.errors import Refused

#: Slack refuses messages somewhere above this.
MOST_REPLY = 11_000
_URL = re.compile(r"https?://[^\s<>|]{1,2000}[^\s<>|.,;:!?)\]'\"”’]")


def customer_reply(text: str, agent_name: str, house: str) -> Card:
    """The reply word for word, and who stands behind it. No markup is read in it; addresses can be pressed.

    Raises Refused for a reply no single message can hold: an answer to a customer is never cut.
    """
    whole = clean(text).strip()
    if not whole:
        raise Refused("The reply is empty. Write something before you send it.")
    if width(whole) > MOST_REPLY:
        raise Refused(
            f"A reply in Slack can have {MOST_REPLY:,} characters, this one has {len(whole):,}. Shorten it."
        )
    sender = line(agent_name, 80, otherwise="a colleague")
    company = line(house, 80)
    signed = f"Reviewed and sent by {sender}" + (f" · {company}" if company else "")
    return Card(escaped(whole), [rich_text(*_leaves(whole)), context(signed)])


def _leaves(text: str) -> list[Block]:
    leaves: list[Block] = []
    position = 0
    for found in _URL.finditer(text):
        if found.start() > position:
            leaves.append(leaf(text[position : found.start()]))
        leaves.append({"type": "link", "url": found.group()})
        position = found.end()
    if position < len(text):
        leaves.append(leaf(text[position:]))
    return leaves
