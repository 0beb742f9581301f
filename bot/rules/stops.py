"""The only four things that stop a letter (R0-20). Everything else is advice, and the agent decides."""

from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum

from bot.speech import mark


class Purpose(StrEnum):
    """What a letter is for; the law asks for consent before the last one."""

    SERVICE = "service"
    SURVEY = "survey"
    MARKETING = "marketing"


@dataclass(frozen=True, slots=True)
class Sending:
    """A letter in the moment before it goes. Amounts are in the smallest unit of one currency."""

    #: The text holds the number of a payment card, or of a person.
    holds_secret: bool = False
    #: The customer has been erased: nobody writes to them again.
    erased: bool = False
    purpose: Purpose = Purpose.SERVICE
    consented: bool = False
    #: What goes back with the letter, and what is left of what was paid; None where no order is known.
    refund_minor: int = 0
    left_minor: int | None = None


Stop = Callable[[Sending], str | None]


def nobody_there(sending: Sending) -> str | None:
    """A mail after an erasure would prove that we kept the address."""
    return (
        mark("This customer's data have been erased, so nothing more goes out.") if sending.erased else None
    )


def no_consent(sending: Sending) -> str | None:
    """An offer needs a yes that was given before."""
    if sending.purpose is not Purpose.MARKETING or sending.consented:
        return None
    return mark(
        "This is an offer, and the customer has not said yes to offers. Send it as help, or not at all."
    )


def secret_number(sending: Sending) -> str | None:
    """Card and civil registration numbers do not travel by mail."""
    if not sending.holds_secret:
        return None
    return mark("The text holds a card number or a civil registration number. Take it out before sending.")


def more_than_paid(sending: Sending) -> str | None:
    """Nobody can give back what was never taken."""
    if sending.left_minor is None or sending.refund_minor <= sending.left_minor:
        return None
    return mark("That is more than is left of what the customer paid. Use Refund to choose another amount.")


STOPS: tuple[Stop, ...] = (nobody_there, no_consent, secret_number, more_than_paid)


def why_stopped(sending: Sending) -> str | None:
    """What the agent is told, or None: it may go."""
    return next((why for stop in STOPS if (why := stop(sending)) is not None), None)
