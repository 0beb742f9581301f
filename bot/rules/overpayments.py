"""What the books show was taken too often: believe the customer, and read the ledger."""

from collections import Counter
from collections.abc import Sequence

from bot.rules.facts import Money, OrderFacts


def extra_capture_minor(order: OrderFacts, named: Sequence[Money]) -> int | None:
    """The money captured once too often, or None where the books show none. Always more than 0.

    It is the repeated capture; where none is repeated, whatever was captured above the order's worth. `named`
    are the amounts in the customer's words: one that is among the captures is the one they mean.
    """
    surplus = _surplus_minor(order, sum(order.captures_minor))
    if len(order.captures_minor) < 2 or (surplus is not None and surplus <= 0):
        return None
    repeated = _repeated(order.captures_minor)
    supported = [
        amount
        for amount in order.captures_minor
        if amount in repeated or (surplus is not None and amount <= surplus)
    ]
    extra = _meant(order, named, supported) or next(iter(repeated), None)
    return surplus if extra is None else _times_too_often(order.captures_minor, extra, surplus)


def extra_reservation_minor(order: OrderFacts, named: Sequence[Money]) -> int | None:
    """The open reservation that doubles a capture or another reservation, or None.

    It is let go, never refunded: a refund on top would pay twice.
    """
    charged = (*order.captures_minor, *order.reservations_minor)
    surplus = _surplus_minor(order, sum(charged))
    if surplus is not None and surplus <= 0:
        return None
    doubled = [amount for amount in _repeated(charged) if amount in order.reservations_minor]
    return _meant(order, named, doubled) or next(iter(doubled), None)


def extra_fee_minor(order: OrderFacts, named: Sequence[Money]) -> int | None:
    """The shipping fee charged again, or None where each was charged once. Two fees of 49 give 49."""
    repeated = _repeated(order.shipping_minor)
    fee = _meant(order, named, repeated) or next(iter(repeated), None)
    return None if fee is None else fee * (order.shipping_minor.count(fee) - 1)


def _surplus_minor(order: OrderFacts, charged_minor: int) -> int | None:
    """How much more was charged than the order is worth; None where the books do not hold its lines.

    Two equal payments for two equal items, sent on two days, are no double charge.
    """
    if not order.items:
        return None
    return charged_minor - sum(item.amount_minor for item in order.items) - sum(order.shipping_minor)


def _repeated(amounts: Sequence[int]) -> list[int]:
    """The amounts that stand there more than once, the largest first."""
    counts = Counter(amount for amount in amounts if amount > 0)
    return sorted((amount for amount, count in counts.items() if count > 1), reverse=True)


def _meant(order: OrderFacts, named: Sequence[Money], among: Sequence[int]) -> int | None:
    """The first amount in the customer's words that is one of `among`."""
    for money in named:
        if money.currency == order.currency and money.amount_minor in among:
            return money.amount_minor
    return None


def _times_too_often(captures: Sequence[int], amount: int, surplus: int | None) -> int:
    """`amount` for each capture of it beyond the first, as far as the order's worth agrees; at least once."""
    times = max(captures.count(amount) - 1, 1)
    if surplus is not None:
        times = min(times, max(surplus // amount, 1))
    return amount * times
