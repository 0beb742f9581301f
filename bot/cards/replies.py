"""What a customer reads in their own Slack thread."""

import re

from babel.numbers import format_decimal

from bot.cards.elements import context, leaf, rich_text
from bot.cards.shapes import Block, Card
from bot.cards.texts import clean, escaped, line, width
from bot.errors import Refused
from bot.speech import say, spoken

#: Slack refuses messages somewhere above this.
MOST_REPLY = 11_000
_URL = re.compile(r"https?://[^\s<>|]{1,2000}[^\s<>|.,;:!?)\]'\"”’]")
#: Who stands behind a reply, in the customer's language; and what they are called who have no name here.
_SENT_BY = {
    "da": ("Læst igennem og sendt af {sender}", "en medarbejder"),
    "nb": ("Lest gjennom og sendt av {sender}", "en medarbeider"),
    "nn": ("Lese gjennom og sendt av {sender}", "ein medarbeidar"),
    "sv": ("Granskat och skickat av {sender}", "en medarbetare"),
    "en": ("Reviewed and sent by {sender}", "a colleague"),
}


def customer_reply(text: str, agent_name: str, house: str, language: str) -> Card:
    """The reply word for word, and who stands behind it, said in `language` or else in English.

    No markup is read in it; addresses can be pressed.

    Raises Refused for a reply no single message can hold: an answer to a customer is never cut.
    """
    whole = clean(text).strip()
    if not whole:
        raise Refused(say("The reply is empty. Write something before you send it."))
    if width(whole) > MOST_REPLY:
        raise Refused(
            say(
                "A reply in Slack can have {most} characters, this one has {number}. Shorten it.",
                most=format_decimal(MOST_REPLY, locale=spoken()),
                number=format_decimal(len(whole), locale=spoken()),
            )
        )
    sent_by, nameless = _SENT_BY.get(language, _SENT_BY["en"])
    company = line(house, 80)
    signed = sent_by.format(sender=line(agent_name, 80, otherwise=nameless))
    signed += f" · {company}" if company else ""
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
