"""Whose a case is, and when it is worked on: assigned, handed over, put off, opened again."""

import json
from collections.abc import Awaitable, Callable, Mapping
from datetime import UTC, datetime
from typing import Any

from slack_sdk.web.async_client import AsyncWebClient

from bot import desk
from bot.cards import case_modals
from bot.cards.case_modals import OWN_TIME
from bot.desk import Press
from bot.errors import Refused
from bot.handlers import pressing
from bot.handlers.opened_cases import Opened
from bot.handlers.slack_views import Views
from bot.parts import Parts
from bot.redrafting import redraft_asked, redraft_lead
from bot.rules.business_days import zone
from bot.rules.snoozes import snoozes
from bot.speech import chosen, say
from bot.views.siblings import own_language, sibling
from storage.engine import commit

Ack = Callable[..., Awaitable[Any]]
Respond = Callable[..., Awaitable[Any]]


class Cases:
    """The menu beside the customer's name, its windows, and Reopen."""

    def __init__(self, parts: Parts) -> None:
        self._parts = parts
        self._views = Views(parts)

    async def menu(self, ack: Ack, body: Mapping[str, Any], client: AsyncWebClient, respond: Respond) -> None:
        """What was chosen behind the dots."""
        match body["actions"][0]["selected_option"]["value"]:
            case "assign":
                await self._at_once(ack, body, respond, self._assign)
            case "hand_over":
                await self._views.open_window(
                    ack, body, client, respond, say("Hand over"), "hand_over", self._hand_over
                )
            case "snooze":
                await self._views.open_window(
                    ack, body, client, respond, say("Snooze"), "snooze", self._snooze
                )
            case "sibling":
                await self._views.open_window(
                    ack, body, client, respond, say(case_modals.SIBLING), "sibling", self._sibling
                )

    def _hand_over(self, press: Press, opened: Opened) -> dict[str, Any]:
        del opened
        return case_modals.hand_over(pressing.metadata(press))

    def _sibling(self, press: Press, opened: Opened) -> dict[str, Any]:
        house, suggestion = self._parts.house, opened.suggestion
        speaks = house.speaks.get(press.slack_user_id, frozenset())
        language = own_language(house, speaks, suggestion.language, chosen())
        return case_modals.sibling(sibling(house, suggestion, language), language, suggestion.language)

    def _snooze(self, press: Press, opened: Opened) -> dict[str, Any]:
        del opened
        choices = [(each.name, each.until.astimezone(self._zone)) for each in self._choices()]
        return case_modals.snooze(choices, pressing.metadata(press))

    @property
    def _zone(self) -> Any:
        return zone(self._parts.house.country)

    def _choices(self) -> Any:
        house = self._parts.house
        return snoozes(self._parts.clock(), house.country, house.policy.hours)

    async def _assign(self, press: Press) -> None:
        outdated = await commit(self._parts.engine, desk.assign, press, self._parts.clock())
        await redraft_asked(self._parts, outdated)

    async def reopen(self, ack: Ack, body: Mapping[str, Any], respond: Respond) -> None:
        """A solved case is open again, with a draft to begin from."""
        await self._at_once(ack, body, respond, self._reopen)

    async def _reopen(self, press: Press) -> None:
        await commit(self._parts.engine, desk.reopen, press, self._parts.clock())
        await redraft_asked(self._parts, (press.conversation_id,))

    async def _at_once(
        self,
        ack: Ack,
        body: Mapping[str, Any],
        respond: Respond,
        act: Callable[[Press], Awaitable[None]],
    ) -> None:
        try:
            await act(pressing.on_card(body, self._parts))
        except Refused as refusal:
            await pressing.refuse(ack, respond, refusal)
            return
        await ack()
        self._parts.written.set()

    async def hand_over(self, ack: Ack, body: Mapping[str, Any]) -> None:
        """The window is sent off. One without a note is shown once more, with the reason for one."""
        note = str(pressing.typed(body, "note") or "").strip()
        try:
            press, remembered = pressing.on_window(body, self._parts)
            if not note and not remembered.get("warned"):
                kept = json.dumps({**remembered, "warned": True})
                view = case_modals.hand_over(kept, warned=True)
                await ack(response_action="update", view=view)
                return
            to = str(pressing.typed(body, "colleague") or "")
            now = self._parts.clock()
            outdated = await commit(self._parts.engine, desk.hand_over, press, to, note, now)
        except Refused as refusal:
            await ack(response_action="errors", errors={"colleague": str(refusal)})
            return
        await ack()
        self._parts.written.set()
        await redraft_asked(self._parts, outdated)

    async def snooze(self, ack: Ack, body: Mapping[str, Any]) -> None:
        """The window is sent off: the case is put off until then."""
        chosen = str((pressing.typed(body, "when") or {}).get("value") or "")
        try:
            press, _ = pressing.on_window(body, self._parts)
            until = self._until(chosen, pressing.typed(body, "own"))
            await commit(self._parts.engine, desk.snooze, press, until, self._parts.clock())
        except Refused as refusal:
            field = "own" if chosen == OWN_TIME else "when"
            await ack(response_action="errors", errors={field: str(refusal)})
            return
        await ack()
        self._parts.written.set()
        await redraft_lead(self._parts, press.conversation_id)

    def _until(self, chosen: str, own: Any) -> datetime:
        if chosen == OWN_TIME:
            if own is None:
                raise Refused(say("Pick a time, or one of those above."))
            return datetime.fromtimestamp(int(own), tz=UTC)
        found = [each.until for each in self._choices() if each.name == chosen]
        if not found:
            raise Refused(say("It is too late for that today. Pick another time."))
        at: datetime = found[0]
        return at
