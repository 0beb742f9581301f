"""The breaker between two machines that answer each other."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from bot.rules.policy import Policy

_WINDOW = timedelta(hours=1)


def may_send(sent_at: Sequence[datetime], now: datetime, policy: Policy) -> bool:
    """Whether one more message may go to this address in this conversation without a person's word.

    `sent_at` holds when the earlier ones went, in any order. One that seems to lie in the future, after the
    clock was set back, counts too: the breaker would rather be careful.
    """
    recent = sum(1 for at in sent_at if now - at < _WINDOW)
    return recent < policy.most_sent_per_hour
