"""Forgetting by age and kind, as the house's policy says: a little every hour, in short transactions."""

from datetime import datetime, timedelta

from sqlmodel import Session

from bot import logs
from bot.parts import Parts
from storage import audit, retention, signed_posts
from storage.engine import commit

log = logs.get(__name__)
#: Long after their signatures ran out.
SIGNED_POSTS_KEPT = timedelta(days=7)
#: Batches of one kind in one go: a house that begins late catches up over some hours.
MOST_BATCHES = 200


async def forget_old(parts: Parts) -> dict[str, int]:
    """Forget what is older than the policy keeps it; how many rows of each kind."""
    now, keep = parts.clock(), parts.house.policy.keep
    gone: dict[str, int] = {}
    for kind, forget in retention.KINDS.items():
        gone[kind] = await _forget(parts, forget, keep.before(kind, now), now)
    gone["notes"] = await _forget(parts, retention.forget_notes, now, now)
    # No personal data, and of no use once the signature is too old: no news for the audit.
    await commit(parts.engine, signed_posts.forget, now - SIGNED_POSTS_KEPT)
    gone = {kind: count for kind, count in gone.items() if count}
    if gone:
        await commit(parts.engine, _record, gone, now)
        parts.written.set()
        log.info("data_forgotten", **gone)
    return gone


async def _forget(parts: Parts, forget: retention.Forget, before: datetime, now: datetime) -> int:
    total = 0
    for _ in range(MOST_BATCHES):
        count = await commit(parts.engine, forget, before, now)
        total += count
        if not count:
            break
    return total


def _record(session: Session, gone: dict[str, int], now: datetime) -> None:
    audit.record(session, "data_forgotten", now, **gone)
