"""/tillid away: hand everything over for a while, and be here again."""

import re
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from bot import desk
from bot.errors import Refused
from bot.parts import Parts
from bot.redrafting import redraft
from bot.rules.business_days import zone
from bot.rules.until import NotUnderstood, until
from storage.engine import commit, read

Answer = Callable[..., Awaitable[Any]]
#: The longest time away: a year and a bit.
LONGEST = timedelta(days=400)
BACK = frozenset({"back", "here", "tilbage", "tilbake", "tillbaka", "attende"})
_SOMEBODY = re.compile(r"<@([UW][A-Z0-9]+)(?:\|[^>]*)?>|(?:^|\s)@\S+")
_HOW = "Say until when, and who stands in: /tillid away until Monday @colleague, or /tillid away back."


class Absences:
    """Colleagues who go away and come back."""

    def __init__(self, parts: Parts) -> None:
        self._parts = parts

    async def command(self, ack: Answer, who: str, words: str) -> None:
        """Answer the command; drafts that wait are made anew after that. Raises Refused."""
        if words.lower() in BACK:
            await ack(response_type="ephemeral", text=await self._back(who))
            return
        if not words:
            await ack(response_type="ephemeral", text=await self._how_it_stands(who))
            return
        away = await self._go(who, words)
        with_whom = f"with {away.buddy}" if away.buddy else "with nobody: whoever is free takes them"
        passed = (
            f"Your {away.cases} open cases are {with_whom}."
            if away.cases != 1
            else f"Your open case is {with_whom}."
        )
        until_when = f"You are away until {self._spelled(away.until)}."
        end = "What comes in meanwhile goes there too. /tillid away back ends it sooner."
        await ack(response_type="ephemeral", text=" ".join((until_when, passed if away.cases else "", end)))
        self._parts.written.set()
        for each in away.outdated:
            await redraft(self._parts, each)

    async def _go(self, who: str, words: str) -> desk.Away:
        found = _SOMEBODY.search(words)
        if found is not None and found.group(1) is None:
            raise Refused("Pick your colleague from the list that Slack shows after the @.")
        buddy = found.group(1) if found else ""
        now = self._parts.clock()
        try:
            end = until(_SOMEBODY.sub("", words), now, self._zone, LONGEST).astimezone(UTC)
        except NotUnderstood as unclear:
            raise Refused(str(unclear) if "days" in str(unclear) else _HOW) from None
        return await commit(self._parts.engine, desk.go_away, who, end, self._spelled(end), buddy, now)

    async def _back(self, who: str) -> str:
        if not await commit(self._parts.engine, desk.come_back, who, self._parts.clock()):
            return "You are not away."
        return (
            "You are here again. What your colleagues have now stays with them; what customers write from now on in "
            "your own cases comes to you."
        )

    async def _how_it_stands(self, who: str) -> str:
        found = await read(self._parts.engine, desk.absence_of, who)
        if found is None:
            return f"You are here. {_HOW}"
        end, buddy = found
        stands_in = f"{buddy} stands in" if buddy else "nobody stands in"
        return f"You are away until {self._spelled(end)}, and {stands_in}. /tillid away back ends it."

    @property
    def _zone(self) -> ZoneInfo:
        return zone(self._parts.house.country)

    def _spelled(self, at: datetime) -> str:
        here = at.astimezone(self._zone)
        clock = "" if here.time() == time() else f" at {here:%H:%M}"
        return f"{here:%A} {here.day} {here:%B %Y}{clock}"
