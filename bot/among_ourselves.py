"""Internal posts go only where colleagues are among themselves.

Before each of them we look what is known of the channel; what is older than a few minutes, or was put in doubt by
an event, is asked of Slack anew. In a channel that is not fit nothing is posted: the rows wait in the outbox, those
who can act are told in another place, and all goes on by itself once the channel is fit again.
"""

import asyncio
from collections.abc import Awaitable, Callable, Collection, Mapping
from datetime import datetime, timedelta
from typing import Any

from sqlmodel import Session

from bot import logs
from bot.cards.texts import is_slack_user
from bot.errors import HeldBack, PermanentFailure
from bot.house import House
from bot.messages import Outgoing
from bot.outbound.slack_channels import SeenChannel
from bot.parts import Parts, Places, Sender
from bot.speech import mark, say_to_all
from storage import agents, audit, held, internal_channels, outbox
from storage.engine import commit, read
from storage.tables import ChannelStanding, InternalChannel, Role

log = logs.get(__name__)
Look = Callable[[str, str, Collection[str]], Awaitable[SeenChannel]]
#: How long an answer of Slack's counts; a channel that is not fit is asked about more often.
FRESH, FRESH_WHILE_UNFIT = timedelta(minutes=5), timedelta(minutes=1)
#: What goes to customers, to one person's own screen, or only takes something away. All else is internal.
ELSEWHERE = frozenset({"mail", "slack_reply", "home", "nudge", "erase_post"})
ANSWER = "answer"
_WHY = {
    ChannelStanding.SHARED: mark("it is shared with another company"),
    ChannelStanding.OUTSIDERS: mark("somebody who is not of our company is in it"),
    ChannelStanding.ARCHIVED: mark("it is archived"),
    ChannelStanding.GONE: mark("I am not in it any more"),
}
_REMEDIES = {
    ChannelStanding.SHARED: mark("Unshare it, or name an internal channel in {setting} and restart."),
    ChannelStanding.OUTSIDERS: mark("Remove guests and people of other companies from it."),
    ChannelStanding.ARCHIVED: mark("Unarchive it, or name another channel in {setting} and restart."),
    ChannelStanding.GONE: mark(
        "Type /invite @Tillid there, or name another channel in {setting} and restart."
    ),
}
_NOTHING_IN_TRIAGE = mark(
    "Nothing is posted in the triage channel ({channel}) any more: {why}. Cards, notes and alerts wait, and "
    "nothing is lost. {remedy} Then all goes on by itself."
)
_NOTHING_AT_OPERATORS = mark(
    "Nothing is posted in the operators' channel ({channel}) any more: {why}. Cards, notes and alerts wait, and "
    "nothing is lost. {remedy} Then all goes on by itself."
)


def guarded(parts: Parts, look: Look) -> Mapping[str, Sender]:
    """The senders, those of internal posts behind a look at the channel; also those of kinds that are yet to come."""
    rooms = Rooms(parts, look)
    return {
        kind: sender if kind in ELSEWHERE else _behind(rooms, kind, sender)
        for kind, sender in parts.senders.items()
    }


def _behind(rooms: "Rooms", kind: str, sender: Sender) -> Sender:
    async def send(item: Outgoing) -> dict[str, Any]:
        channel = str(item.payload.get("channel") or "")
        if channel not in rooms.channels:
            if kind == ANSWER and item.attempt > 1:
                await rooms.refuse_answer(channel)
            return await sender(item)
        await rooms.hold_unfit(channel)
        try:
            return await sender(item)
        except PermanentFailure:
            # Archived or left since we looked? Then it waits too.
            await rooms.hold_unfit(channel, anew=True)
            raise

    return send


class Rooms:
    """The channels for colleagues, and how they stand."""

    def __init__(self, parts: Parts, look: Look) -> None:
        self._parts = parts
        self._look = look
        self._asking = asyncio.Lock()
        self.channels = internal(parts.places)

    async def hold_unfit(self, channel: str, *, anew: bool = False) -> None:
        """Raises HeldBack where nothing internal may be posted, TemporaryFailure where Slack does not say."""
        standing = await self._standing(channel, anew=anew)
        if standing is not ChannelStanding.INTERNAL:
            raise HeldBack(f"{setting_of(self._parts.places, channel)}: {_WHY[standing]}")

    async def refuse_answer(self, channel: str) -> None:
        """An answer to a colleague that comes late: raises PermanentFailure where others read along by now."""
        if channel.startswith("D"):
            return
        seen = await self._look(channel, self._parts.places.team, ())
        if seen.is_shared or seen.outsiders:
            raise PermanentFailure(say_to_all("others read along in that channel by now"))

    async def _standing(self, channel: str, *, anew: bool) -> ChannelStanding:
        # One question at a time: twenty cards at once want to know the same.
        async with self._asking:
            now = self._parts.clock()
            known, colleagues = await read(self._parts.engine, _known, channel)
            if known is not None and not anew and _is_fresh(known, now):
                return known.standing
            seen = await self._look(channel, self._parts.places.team, colleagues)
            standing = standing_of(seen)
            if await commit(
                self._parts.engine, stand, self._parts.house, self._parts.places, channel, standing, now
            ):
                self._parts.written.set()
            return standing


def _is_fresh(known: InternalChannel, now: datetime) -> bool:
    lasts = FRESH if known.standing is ChannelStanding.INTERNAL else FRESH_WHILE_UNFIT
    return known.checked_at is not None and known.checked_at > now - lasts


def internal(places: Places) -> tuple[str, ...]:
    """The channels for colleagues, each once."""
    return tuple(dict.fromkeys(filter(None, (places.triage_channel, places.operators_channel))))


def setting_of(places: Places, channel: str) -> str:
    """The setting that names the channel."""
    return "TILLID_TRIAGE_CHANNEL" if channel == places.triage_channel else "TILLID_OPERATORS_CHANNEL"


def standing_of(seen: SeenChannel) -> ChannelStanding:
    """The worst of what was seen."""
    if seen.is_shared:
        return ChannelStanding.SHARED
    if seen.is_archived:
        return ChannelStanding.ARCHIVED
    if seen.is_gone:
        return ChannelStanding.GONE
    return ChannelStanding.OUTSIDERS if seen.outsiders else ChannelStanding.INTERNAL


def _known(session: Session, channel: str) -> tuple[InternalChannel | None, frozenset[str]]:
    colleagues = frozenset(each.slack_user_id for each in agents.everyone(session))
    return internal_channels.by_id(session, channel), colleagues


def stand(
    session: Session,
    house: House,
    places: Places,
    channel: str,
    standing: ChannelStanding,
    now: datetime,
    *,
    more: str = "",
) -> bool:
    """Note how an internal channel stands; True where that is new: people are told, and what waited may go.

    `more` is what else there is to say.
    """
    before = internal_channels.found(session, channel, standing, now)
    if before is None:
        return False
    log.warning("internal_channel_changed", channel=channel, standing=standing.value, before=before.value)
    audit.record(session, "internal_channel_changed", now, standing=standing.value)
    if standing is ChannelStanding.INTERNAL:
        held.release(session, now)
    text = f"{_words(places, channel, standing)} {more}".rstrip()
    for place in _told_at(session, house, places, channel):
        key = f"standing:{channel}:{standing.value}:{now:%Y%m%d%H%M%S%f}:{place}"
        outbox.put(session, key, "alert", {"text": text, "to": place}, now, lane=f"standing:{place}")
    return True


def _words(places: Places, channel: str, standing: ChannelStanding) -> str:
    triage = channel == places.triage_channel
    if standing is ChannelStanding.INTERNAL:
        if triage:
            return say_to_all("The triage channel is ours alone again. What waited goes out now.")
        return say_to_all("The operators' channel is ours alone again. What waited goes out now.")
    return say_to_all(
        _NOTHING_IN_TRIAGE if triage else _NOTHING_AT_OPERATORS,
        channel=channel,
        why=say_to_all(_WHY[standing]),
        remedy=say_to_all(_REMEDIES[standing], setting=setting_of(places, channel)),
    )


def _told_at(session: Session, house: House, places: Places, channel: str) -> list[str]:
    """Where it is told: in the other internal channel if that is fit, else to each lead and manager alone."""
    other = places.operators_channel
    if other and other != channel:
        known = internal_channels.by_id(session, other)
        if known is not None and known.standing is ChannelStanding.INTERNAL:
            return [other]
    here = agents.everyone(session)
    found = [each.slack_user_id for each in here if each.role in (Role.LEAD, Role.MANAGER)]
    return found or [each for each in (house.owner,) if is_slack_user(each)]
