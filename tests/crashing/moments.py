"""The moments at which a child dies: listeners on its database, wrappers around its senders.

The product has no fail-points. A listener learns from the SQL what the transaction at hand has written.
"""

import os
import signal
import threading
from collections.abc import Callable
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import Any

from sqlalchemy import Engine, event
from sqlalchemy.orm import Session

from bot.messages import Outgoing
from bot.running import Running


class Kind(StrEnum):
    """What happens to the child."""

    #: Killed when the transaction that wrote to a table is complete, just before its commit.
    BEFORE_COMMIT = "before_commit"
    #: Killed when that transaction has been committed, before anybody else in the child knows.
    AFTER_COMMIT = "after_commit"
    #: Held before the first claim of an inbox item that was stored; the child says `held`.
    BEFORE_CLAIM = "before_claim"
    #: Killed when the other side has taken an outbox row of a kind, before that is written down.
    AFTER_SEND = "after_send"
    #: Nothing; whatever happens comes from the parent.
    NEVER = "never"
    #: The same, with the program's own `run`, which listens to signals.
    UNTIL_SIGNAL = "until_signal"


@dataclass(frozen=True, slots=True)
class Moment:
    """When; `of` is the table or the kind of outbox row."""

    kind: Kind
    of: str = ""


def die() -> None:
    """As a power cut would have it: no handler, no `finally`, nothing flushed."""
    os.kill(os.getpid(), signal.SIGKILL)


def watch_database(moment: Moment) -> None:
    """Install what kills or holds inside the database's transactions. Before the program starts."""
    if moment.kind is Kind.BEFORE_COMMIT:
        at_end_of_writing(moment.of, before=die)
    elif moment.kind is Kind.AFTER_COMMIT:
        at_end_of_writing(moment.of, after=die)
    elif moment.kind is Kind.BEFORE_CLAIM:
        _hold_before_claim()


def at_end_of_writing(
    table: str, *, before: Callable[[], None] | None = None, after: Callable[[], None] | None = None
) -> None:
    """Call `before` and `after` the commit of each transaction that has inserted into the table."""
    # A transaction lives in one thread from its begin to its end.
    at_hand = threading.local()

    def begun(_connection: object) -> None:
        at_hand.wrote = False

    def executed(_connection: object, _cursor: object, statement: str, *_rest: object) -> None:
        at_hand.wrote = at_hand.wrote or statement.startswith(f"INSERT INTO {table} ")

    def committing(_connection: object) -> None:
        if at_hand.wrote and before is not None:
            before()

    def committed(_session: object) -> None:
        if at_hand.wrote and after is not None:
            after()

    event.listen(Engine, "begin", begun)
    event.listen(Engine, "after_cursor_execute", executed)
    event.listen(Engine, "commit", committing)
    event.listen(Session, "after_commit", committed)


def _hold_before_claim() -> None:
    stored = threading.Event()

    def executing(_connection: object, _cursor: object, statement: str, *_rest: object) -> None:
        if stored.is_set() and "UPDATE inbox SET claimed_until" in statement:
            print("held", flush=True)
            threading.Event().wait()

    at_end_of_writing("inbox", after=stored.set)
    event.listen(Engine, "before_cursor_execute", executing)


def watch_senders(moment: Moment, running: Running) -> None:
    """Install what kills after a send. After the program has started, before anything of that kind is due."""
    if moment.kind is not Kind.AFTER_SEND:
        return
    sender = running.parts.senders[moment.of]

    async def send_and_die(item: Outgoing) -> dict[str, Any]:
        receipt = await sender(item)
        die()
        return receipt

    senders = {**running.parts.senders, moment.of: send_and_die}
    running.parts = replace(running.parts, senders=senders)
