"""Whose turn it is: the order in which waiting customers are answered.

What a customer spends plays no part in it (R2-05).
"""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

#: A promise is near when it falls due within this time.
NEAR = timedelta(hours=24)
#: Whoever writes one reads the other.
_ALIKE = {"nb": "nn", "nn": "nb"}


@dataclass(frozen=True, slots=True)
class Waiting:
    """One customer who waits for our answer."""

    conversation_id: int
    #: When they first wrote what nobody has answered yet.
    since: datetime
    language: str = ""
    urgent: bool = False
    #: We let them down before (R2-09).
    second_chance: bool = False
    #: Until when a colleague promised them something.
    promised_until: datetime | None = None
    #: Whoever asks put it off until now.
    is_back: bool = False


def in_turn(waiting: Iterable[Waiting], speaks: Collection[str], now: datetime) -> list[Waiting]:
    """Whom to answer first: what the agent can read, the urgent, the second chance, a near promise, the longest wait.

    What the agent has put off until now comes before all that.
    With no languages in `speaks` an agent reads them all.
    """

    def rank(each: Waiting) -> tuple[bool, bool, bool, bool, bool, datetime, int]:
        promise_is_near = each.promised_until is not None and each.promised_until <= now + NEAR
        return (
            not each.is_back,
            not reads(each.language, speaks),
            not each.urgent,
            not each.second_chance,
            not promise_is_near,
            each.since,
            each.conversation_id,
        )

    return sorted(waiting, key=rank)


def reads(language: str, speaks: Collection[str]) -> bool:
    """Whether somebody who speaks those can answer in `language`; one that is not known may be any."""
    return not speaks or not language or language in speaks or _ALIKE.get(language, "") in speaks
