"""How often and how long we try to reach somebody else's server."""

from datetime import datetime, timedelta
from hashlib import sha256

_FIRST_WAIT = timedelta(seconds=30)
_LONGEST_WAIT = timedelta(hours=3)
#: With these waits the last one is made about 22 hours after the first.
_ATTEMPTS = 16
#: Whoever sends us away for longer than this will not be asked again by us, but by a person.
_LONGEST_RETRY_AFTER = timedelta(hours=24)


def next_attempt(attempt: int, now: datetime, key: str, retry_after: timedelta | None) -> datetime | None:
    """When to try again after attempt number `attempt` (1 for the first) failed at `now`; None is give up.

    The wait doubles from half a minute to three hours, moved by up to a tenth either way so that rows which
    failed together do not come back together; the same key and attempt always give the same instant. A time
    the other side named is never undercut. Without one it is all over within a day.
    """
    if attempt >= _ATTEMPTS or (retry_after is not None and retry_after > _LONGEST_RETRY_AFTER):
        return None
    wait = min(_FIRST_WAIT * (1 << max(attempt - 1, 0)), _LONGEST_WAIT)
    spread = wait * 0.2 * _fraction(f"{key}:{attempt}")
    if retry_after is not None and retry_after > wait:
        return now + retry_after + spread
    return now + wait * 0.9 + spread


def _fraction(seed: str) -> float:
    """A number from 0 up to 1 that looks random and is always the same for one seed."""
    return int.from_bytes(sha256(seed.encode()).digest()[:8], "big") / 2**64
