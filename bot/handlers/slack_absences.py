"""/tillid away: hand everything over for a while, and be here again."""

import re
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from bot import desk
from bot.errors import Refused
from bot.parts import Parts
from bot.redrafting import redraft_asked
from bot.rules.business_days import zone
from bot.rules.until import NotUnderstood, until
from bot.speech import mark, say, say_number, speaking
from bot.views.days import weekday_and_year
from storage.engine import commit, read

Answer = Callable[..., Awaitable[Any]]
#: The longest time away: a year and a bit.
LONGEST = timedelta(days=400)
BACK = frozenset({"back", "here", "tilbage", "tilbake", "tillbaka", "attende"})
_SOMEBODY = re.compile(r"<@([UW][A-Z0-9]+)(?:\|[^>]*)?>|(?:^|\s)@\S+")
_HOW = mark("Say until when, and who stands in: /tillid away until Monday @colleague, or /tillid away back.")


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
        until_when = say("You are away until {day}.", day=self._spelled(away.until))
        end = say("What comes in meanwhile goes there too. /tillid away back ends it sooner.")
        await ack(response_type="ephemeral", text=" ".join(filter(None, (until_when, _passed(away), end))))
        self._parts.written.set()
        await redraft_asked(self._parts, away.outdated)

    async def _go(self, who: str, words: str) -> desk.Away:
        found = _SOMEBODY.search(words)
        if found is not None and found.group(1) is None:
            raise Refused(say("Pick your colleague from the list that Slack shows after the @."))
        buddy = found.group(1) if found else ""
        now = self._parts.clock()
        try:
            end = until(_SOMEBODY.sub("", words), now, self._zone, LONGEST).astimezone(UTC)
        except NotUnderstood as unclear:
            too_long = say("At most {days} days at a time.", days=LONGEST.days)
            raise Refused(too_long if "days" in str(unclear) else say(_HOW)) from None
        with speaking(self._parts.house.desk_language):  # everybody reads it, below the cards
            day = self._spelled(end)
        return await commit(self._parts.engine, desk.go_away, who, end, day, buddy, now)

    async def _back(self, who: str) -> str:
        if not await commit(self._parts.engine, desk.come_back, who, self._parts.clock()):
            return say("You are not away.")
        return say(
            "You are here again. What your colleagues have now stays with them; what customers write from now on in "
            "your own cases comes to you."
        )

    async def _how_it_stands(self, who: str) -> str:
        found = await read(self._parts.engine, desk.absence_of, who)
        if found is None:
            return f"{say('You are here.')} {say(_HOW)}"
        end, buddy = found
        day = self._spelled(end)
        if not buddy:
            return say("You are away until {day}, and nobody stands in. /tillid away back ends it.", day=day)
        return say(
            "You are away until {day}, and {name} stands in. /tillid away back ends it.", day=day, name=buddy
        )

    @property
    def _zone(self) -> ZoneInfo:
        return zone(self._parts.house.country)

    def _spelled(self, at: datetime) -> str:
        here = at.astimezone(self._zone)
        day = weekday_and_year(here)
        return day if here.time() == time() else say("{day} at {time}", day=day, time=f"{here:%H:%M}")


def _passed(away: desk.Away) -> str:
    """With whom the open cases are; empty without any."""
    if not away.cases:
        return ""
    if not away.buddy:
        return say_number(
            away.cases,
            "Your open case is with nobody: whoever is free takes them.",
            "Your {number} open cases are with nobody: whoever is free takes them.",
        )
    return say_number(
        away.cases,
        "Your open case is with {name}.",
        "Your {number} open cases are with {name}.",
        name=away.buddy,
    )
