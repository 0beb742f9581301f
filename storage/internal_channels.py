"""Whether the channels for colleagues are fit for internal posts: what was found, and when."""

from datetime import datetime

from sqlalchemy import select, update
from sqlmodel import Session, col

from storage.engine import changed, insert_once
from storage.tables import ChannelStanding, InternalChannel


def by_id(session: Session, channel: str) -> InternalChannel | None:
    """What we know of it; None where nobody has looked yet."""
    return session.execute(
        select(InternalChannel).where(col(InternalChannel.channel) == channel)
    ).scalar_one_or_none()


def found(session: Session, channel: str, standing: ChannelStanding, now: datetime) -> ChannelStanding | None:
    """Note how it stands; what it was before where that is something else, None where nothing changed.

    A channel that nobody has looked at counts as internal before. Of two who find the same, one hears of the change.
    """
    values = {"channel": channel, "standing": ChannelStanding.INTERNAL, "checked_at": None, "changed_at": now}
    insert_once(session, InternalChannel, values, ["channel"])
    row = session.execute(
        select(InternalChannel)
        .where(col(InternalChannel.channel) == channel)
        .with_for_update()
        .execution_options(populate_existing=True)
    ).scalar_one()
    before: ChannelStanding = row.standing
    row.checked_at = now
    if before is standing:
        return None
    row.standing, row.changed_at = standing, now
    session.flush()
    return before


def look_again(session: Session, channel: str) -> bool:
    """Something happened there: what we know of it counts no more."""
    seen = update(InternalChannel).where(col(InternalChannel.channel) == channel)
    return changed(session, seen.values(checked_at=None)) == 1
