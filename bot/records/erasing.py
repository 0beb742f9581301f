"""Forgetting one person on request: everything of theirs goes, and a certificate says what went and what stays."""

import time
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Engine
from sqlalchemy.exc import OperationalError
from sqlmodel import Session

from bot.card_rows import refresh_card, refresh_stack
from bot.errors import Refused
from bot.records.arrivals import wrote
from storage import audit, erased_bytes, erasing, erasing_traffic, persons
from storage.engine import transaction
from storage.erasing_traffic import Arrival, InHand
from storage.persons import WholePerson

#: How long an erasure waits for a send that is in hand; longer than one send may take.
PATIENCE = timedelta(seconds=75)
PAUSE_SECONDS = 1.0
#: How often an erasure begins anew when it and a worker waited for each other.
TURNS = 5
COLLEAGUES = "what colleagues wrote themselves below a card in Slack is theirs: delete it there by hand"


@dataclass(frozen=True, slots=True)
class Certificate:
    """What went, what stays and why; nobody's name."""

    number: str
    erased_at: datetime
    #: Rows by kind.
    gone: dict[str, int]
    #: {"rows", "why"} by kind.
    kept: dict[str, dict[str, Any]]
    #: The database's own file holds nothing of it any more either.
    overwritten: bool
    note: str = COLLEAGUES

    def as_json(self) -> dict[str, Any]:
        """For a file, or the person who asked."""
        return {
            "certificate": self.number,
            "erased_at": self.erased_at.isoformat(),
            "gone": self.gone,
            "kept": self.kept,
            "overwritten": self.overwritten,
            "note": self.note,
        }


def erase_person(
    engine: Engine,
    customer_id: int,
    clock: Callable[[], datetime],
    *,
    channel: str = "",
    patience: timedelta = PATIENCE,
    fingerprints: bool = True,
) -> Certificate:
    """Erase the person for good; waits for what is being sent. Raises Refused, and then nothing has changed.

    `channel` is the triage channel: where posts stand that do not say so themselves. With `fingerprints` the shop's
    next file does not bring them back.
    """
    until = time.monotonic() + patience.total_seconds()
    turn = 1
    while True:
        try:
            with transaction(engine) as session:
                done = _erase(session, customer_id, channel, clock(), fingerprints=fingerprints)
            break
        except InHand as error:
            if time.monotonic() >= until:
                raise Refused(_still_sending(error.count)) from None
        except erasing.OpenMoney as error:
            raise Refused(_open_money(error.refunds)) from None
        except OperationalError:
            # On PostgreSQL a worker and we waited for each other, and one had to begin anew.
            turn += 1
            if turn > TURNS:
                raise
        time.sleep(PAUSE_SECONDS)
    return replace(done, overwritten=erased_bytes.overwrite(engine))


def _still_sending(count: int) -> str:
    what = "One letter or post is" if count == 1 else f"{count} letters or posts are"
    return f"{what} being sent at this moment. Nothing was erased; try again in a minute."


def _open_money(refunds: tuple[int, ...]) -> str:
    which = ", ".join(map(str, refunds))
    return (
        f"Money is promised and not settled (refund {which}). Nothing was erased: press Done or Could not at the "
        "refund in Slack, or decline it, and then erase."
    )


def _erase(
    session: Session, customer_id: int, channel: str, now: datetime, *, fingerprints: bool
) -> Certificate:
    person = persons.whole(session, customer_id)
    arrivals = [_judged(each, person) for each in erasing_traffic.naming(session, person)]
    erased = erasing.erase(session, customer_id, arrivals, channel, now, fingerprints=fingerprints)
    for conversation_id in erased.touched:
        refresh_card(session, conversation_id, now)
    for stack_id in erased.stacks:
        refresh_stack(session, stack_id, now)
    found = erased.certificate
    audit.record(session, "customer_erased", now, subject_id=found.id, operator="command line")
    return Certificate(found.number, found.erased_at, found.gone, found.kept, overwritten=False)


def _judged(arrival: Arrival, person: WholePerson) -> Arrival:
    return replace(arrival, is_theirs=wrote(arrival, person), raw=b"")
