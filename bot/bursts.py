"""Several short messages in a row are one: people in a channel write "Hi", "my lamp", "order 10432".

Nobody waits for it: the first one makes the card, and those that follow within two minutes change it.
"""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta

from sqlmodel import Session

from bot.messages import Channel, IncomingMessage
from storage import conversations, customers
from storage.customers import Door
from storage.tables import AddressKind, Direction, Message

GROUPED = timedelta(seconds=120)


def in_full(session: Session, incoming: IncomingMessage, now: datetime) -> IncomingMessage:
    """A Slack message in the thread of what its author wrote a moment ago, and with those words before it."""
    if incoming.channel is not Channel.SLACK:
        return incoming
    team, channel = incoming.team, incoming.slack_channel
    found = conversations.by_thread(session, team, channel, incoming.thread_ts)
    author = customers.by_address(session, Door(AddressKind.SLACK, f"{team}:{incoming.sender}"))
    if author is None or author.id is None:
        return incoming
    if found is None and incoming.thread_ts == incoming.message_id:
        found = conversations.just_begun(session, team, channel, author.id, now - GROUPED)
    if found is None or found.id is None or found.customer_id != author.id:
        return incoming
    said = said_before(conversations.messages(session, found.id), now)
    return replace(incoming, thread_ts=found.thread_ts or incoming.thread_ts, said_before=said)


def said_before(messages: Sequence[Message], at: datetime, but: int | None = None) -> str:
    """What the customer wrote in a row up to that moment and nobody has answered; `but` is left out.

    `messages` are oldest first; a pause of more than two minutes ends the row.
    """
    row: list[str] = []
    for each in reversed(messages):
        if (but is not None and each.id == but) or each.at > at:
            continue
        if each.direction is Direction.OUT or each.automatic is not None or at - each.at > GROUPED:
            break
        row.append(each.reply or each.text)
        at = each.at
    return "\n".join(reversed(row))
