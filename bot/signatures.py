"""What goes between the shop and us is signed: HMAC-SHA256 over the time and the content, with a secret both know."""

import hashlib
import hmac
from datetime import datetime, timedelta

SIGNATURE, TIMESTAMP = "X-Tillid-Signature", "X-Tillid-Timestamp"
#: A signature older than this, or as far ahead, is refused: who overheard it cannot use it for long.
GOOD_FOR = timedelta(minutes=5)
_LONGEST_TIMESTAMP = 12


def signature(secret: str, timestamp: str, content: bytes) -> str:
    """The header's value for `content`, signed at `timestamp` (whole seconds since 1970)."""
    signed = timestamp.encode() + b"." + content
    return "sha256=" + hmac.new(secret.encode(), signed, hashlib.sha256).hexdigest()


def is_fresh(timestamp: str, now: datetime) -> bool:
    """Whether it was signed just now."""
    if not (timestamp.isascii() and timestamp.isdigit() and len(timestamp) <= _LONGEST_TIMESTAMP):
        return False
    return abs(now.timestamp() - int(timestamp)) <= GOOD_FOR.total_seconds()


def is_signed(secret: str, timestamp: str, content: bytes, given: str) -> bool:
    """Whether `given` is the signature; how long the answer takes tells nothing."""
    wanted = signature(secret, timestamp, content)
    return hmac.compare_digest(wanted.encode(), given.encode("utf-8", "surrogateescape"))
