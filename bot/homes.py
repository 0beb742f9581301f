"""App Homes on their way: which are to be made anew, and what one is made of when it goes."""

from sqlmodel import Session

from bot.cards.home import has_table, home
from bot.digests import digest_post
from bot.home_view import home_view
from bot.messages import Outgoing
from bot.outgoing import outgoing
from bot.parts import Parts
from bot.speech import speaking
from storage import agents, digests, homes, outbox
from storage.engine import commit, read


async def renew_outdated(parts: Parts) -> None:
    """Have every Home made anew that shows what is no longer so; each at most once in ten seconds.

    Which those are follows from the rows, so that it is the same whichever process looks.
    """
    outdated = await read(parts.engine, homes.outdated, parts.clock())
    if outdated:
        await commit(parts.engine, homes.renew, outdated, parts.clock())


def built(session: Session, row: outbox.Claimed, parts: Parts) -> Outgoing | None:
    """What any claimed row becomes when it goes; None when there is nothing to send any more. Reads only."""
    if row.kind == homes.KIND:
        return _home(session, row, parts)
    if row.kind == digests.KIND:
        return digest_post(session, row, parts)
    return outgoing(session, row, parts)


def _home(session: Session, row: outbox.Claimed, parts: Parts) -> Outgoing:
    """The Home as it is now, and without what some workspaces do not show yet. Reads only."""
    user = str(row.payload["user"])
    seen = homes.latest_change(session)
    reader = agents.by_slack_id(session, user)
    with speaking(parts.house.desk_language, reader.language if reader else ""):
        view = home_view(session, user, parts)
        plainer = home(view, with_table=False) if has_table(view) else None
        payload = {"user": user, "view": home(view), "plainer": plainer, "seen": seen, "role": view.role}
    return Outgoing(row.key, payload, row.attempts, row.uncertain, row.receipt)
