"""The address in a Slack profile: the same person's door where our own workspace vouches for it, else a question."""

from contextlib import suppress
from datetime import datetime

from sqlmodel import Session

from bot.gathering import door
from bot.messages import Channel, IncomingMessage
from bot.rules.names import given_name
from bot.speech import mark
from storage import agents, customers, joining
from storage.customers import Door
from storage.tables import AddressKind

CERTAIN = mark("Our Slack workspace confirmed the address in their profile.")
LIKELY = mark("The address in their Slack profile is the other's.")


def has_address(incoming: IncomingMessage) -> bool:
    """Whether there is anything to look for: the workspace may not let us see addresses."""
    return incoming.channel is Channel.SLACK and bool(incoming.sender_email)


def is_vouched_for(incoming: IncomingMessage) -> bool:
    """A guest of our workspace was invited to that address, or confirmed it; another one's profile is its own word."""
    return incoming.sender_is_guest and bool(incoming.team) and incoming.sender_team == incoming.team


def meet(
    session: Session, incoming: IncomingMessage, *, own_addresses: frozenset[str], now: datetime
) -> None:
    """Join the author with whoever has the address in their profile, or propose it; said again, nothing changes.

    Whom a colleague parted or kept apart stays apart. Raises IntegrityError where somebody else stores the same
    person at this moment: try again.
    """
    if incoming.sender_email in own_addresses or agents.by_slack_id(session, incoming.sender) is not None:
        return
    vouched = is_vouched_for(incoming)
    if incoming.sender_team == incoming.team and not vouched:
        return  # a colleague who is no agent
    address = Door(AddressKind.EMAIL, incoming.sender_email)
    known = customers.by_address(session, address)
    if known is None and not vouched:
        return
    name = given_name(incoming.sender_name)
    author = customers.ensure(session, door(incoming), name=name, source="slack", now=now)
    assert author.id is not None
    if known is None:
        customers.add_address(session, author.id, address, source="slack", now=now)
    elif known.id not in (None, author.id):
        _meet(session, known.id, author.id, vouched=vouched, now=now)


def _meet(session: Session, known_id: int, author_id: int, *, vouched: bool, now: datetime) -> None:
    if not vouched:
        joining.propose(session, known_id, author_id, LIKELY, now)
        return
    if joining.was_parted(session, known_id, author_id):
        return
    with suppress(joining.CannotJoin):
        joining.join(session, known_id, author_id, CERTAIN, now)
