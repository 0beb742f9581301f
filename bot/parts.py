"""What `app` composes once and everybody is handed: database, clock, house, senders."""

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy import Engine

from bot.house import House
from bot.messages import IncomingMessage, Outgoing

#: Takes one claimed outbox row to the outside and returns its receipt; raises DeliveryError.
Sender = Callable[[Outgoing], Awaitable[dict[str, Any]]]


@dataclass(frozen=True, slots=True)
class Person:
    """A Slack user as the workspace knows them."""

    id: str
    name: str
    team: str
    #: In their profile, lower case; empty where Slack does not let us see it (`users:read.email`).
    email: str = ""
    #: Invited into the workspace without being of it.
    is_guest: bool = False


@dataclass(frozen=True, slots=True)
class Places:
    """Where things are posted and sent from."""

    #: Our workspace.
    team: str = ""
    triage_channel: str = ""
    operators_channel: str = ""
    #: The sender customers see: "Lampehuset <hej@example.dk>".
    mail_from: str = ""
    #: All addresses that are ours, lower case.
    own_addresses: frozenset[str] = frozenset()
    #: Mail to hej+anything@ of ours arrives too, so that an answer may carry its conversation's token there.
    plus_address: bool = False
    #: In shadow mode cards are made, and nothing can be sent or paid.
    shadow: bool = False


@dataclass(frozen=True, slots=True)
class Parts:
    """The running program's parts. The clock is the only seam for tests and the demo."""

    engine: Engine
    #: Aware UTC.
    clock: Callable[[], datetime]
    house: House
    places: Places
    #: By the outbox row's kind.
    senders: Mapping[str, Sender] = field(default_factory=dict)
    #: Who a Slack user is; None when Slack does not tell.
    find_person: Callable[[str], Awaitable[Person | None]] | None = None
    #: Asks the shop for orders that a message may be about and we do not know; what the agent should know of it.
    find_orders: Callable[[IncomingMessage], Awaitable[tuple[str, ...]]] | None = None
    #: What the shop's deliveries are signed with; empty: none is taken.
    orders_secret: str = field(default="", repr=False)
    #: Set when something was stored, so that nobody waits for the next tick.
    arrived: asyncio.Event = field(default_factory=asyncio.Event)
    written: asyncio.Event = field(default_factory=asyncio.Event)
