"""Which of a customer's orders a message is about."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from bot.gathering import KnownOrder, Snapshot
from bot.rules.facts import Reading

#: How far back an order counts as what a message without a number may be about.
RECENT = timedelta(days=90)


def choose_order(snapshot: Snapshot, reading: Reading, now: datetime) -> KnownOrder | None:
    """The order a message is about: the number it names, else the conversation's, else the only one that fits.

    A number called an order's that is not one of this customer's gives nothing: a sender who is not on the order
    sees no facts. A number that nothing calls one (a phone's, a parcel's) stands in nobody's way.
    """
    before = [each for each in snapshot.orders if each.id == snapshot.order_id]
    if before and snapshot.order_settled:
        return before[0]
    named = _named(snapshot, reading.order_numbers)
    if named:
        return next((each for each in named if each in before), named[0])
    if set(reading.order_numbers) - set(reading.bare_numbers):
        return None
    if before:
        return before[0]
    recent = _recent(snapshot, now)
    amounts = {each.amount_minor for each in reading.amounts}
    fitting = [each for each in recent if amounts & {*each.facts.captures_minor, *each.facts.shipping_minor}]
    if len(recent) == 1:
        return recent[0]
    return fitting[0] if len(fitting) == 1 else None


def order_choices(snapshot: Snapshot, numbers: Sequence[str], now: datetime) -> tuple[KnownOrder, ...]:
    """What a person may choose from where several orders fit, newest first; nothing where the text names one.

    `numbers`: those the message names (`Reading.order_numbers`).
    """
    named = _named(snapshot, numbers)
    fitting = named or _recent(snapshot, now)
    return tuple(fitting) if len(fitting) > 1 else ()


def _named(snapshot: Snapshot, numbers: Sequence[str]) -> list[KnownOrder]:
    """The customer's orders that are named by their number or by that of a parcel."""
    said = {number.casefold() for number in numbers}
    return [
        each
        for each in snapshot.orders
        if not said.isdisjoint(map(str.casefold, (each.facts.number, *each.tracking)))
    ]


def _recent(snapshot: Snapshot, now: datetime) -> list[KnownOrder]:
    return [each for each in snapshot.orders if each.placed_at >= now - RECENT]
