"""Remarks on one's own wording: better words, fine as it is, not again; and /tillid quiet."""

from collections.abc import Awaitable, Callable, Mapping
from datetime import UTC, datetime
from typing import Any

from slack_sdk.web.async_client import AsyncWebClient
from sqlmodel import Session

from bot import desk
from bot.cards import labels, modals, nudges
from bot.cards.shapes import Block, Card
from bot.desk.nudges import Quiet
from bot.errors import Refused
from bot.handlers import pressing
from bot.handlers.slack_home import refuse_in_window
from bot.house import House
from bot.nudging import better
from bot.parts import Parts
from bot.rules.business_days import zone
from bot.rules.until import OFF, NotUnderstood, until
from bot.speech import mark, say
from storage.engine import commit, read

Ack = Callable[..., Awaitable[Any]]
Respond = Callable[..., Awaitable[Any]]
FORGOTTEN = mark("That message is not kept any more.")


class Nudges:
    """What a colleague does with what only they see."""

    def __init__(self, parts: Parts) -> None:
        self._parts = parts

    # ---- The remark

    async def better(
        self, ack: Ack, body: Mapping[str, Any], client: AsyncWebClient, respond: Respond
    ) -> None:
        """Show the whole message in kinder words, to copy: asked for below the message, or in one's Home."""
        try:
            who = pressing.person(body, self._parts)
            await read(self._parts.engine, desk.own_nudge, who, _number(body))
        except Refused as refusal:
            if body.get("response_url"):
                await pressing.refuse(ack, respond, refusal)
            else:
                await refuse_in_window(ack, client, body, nudges.TITLE, refusal)
            return
        loading = modals.loading(say(nudges.TITLE), "told", "")
        opened = await client.views_open(trigger_id=body["trigger_id"], view=loading)
        await ack()
        try:
            view = await read(self._parts.engine, _window, self._parts.house, who, _number(body))
        except Refused as refusal:
            view = nudges.told(str(refusal))
        await client.views_update(view_id=opened["view"]["id"], view=view)

    async def fine(self, ack: Ack, body: Mapping[str, Any], respond: Respond) -> None:
        """They stand by their words: the remark goes."""
        await self._settle(ack, body, respond, desk.fine_as_is)

    async def more(self, ack: Ack, body: Mapping[str, Any], respond: Respond) -> None:
        """Not again about this."""
        await self._settle(ack, body, respond, desk.mute_category)

    async def _settle(
        self, ack: Ack, body: Mapping[str, Any], respond: Respond, decide: Callable[..., str]
    ) -> None:
        try:
            who = pressing.person(body, self._parts)
            muted = await commit(self._parts.engine, decide, who, _number(body), self._parts.clock())
        except Refused as refusal:
            await pressing.refuse(ack, respond, refusal)
            return
        await ack()
        if not muted:
            await respond(delete_original=True)
            return
        card = nudges.muted_now(muted)
        await respond(text=card.text, blocks=card.blocks, replace_original=True)

    # ---- Being left alone

    async def quiet(self, who: str, words: str) -> Card:
        """The command: until when, or how it stands where nothing is said. Raises Refused."""
        parts = self._parts
        now = parts.clock()
        if not words:
            return _card(await read(parts.engine, desk.quiet_of, who, now))
        end = None
        if words.lower() not in OFF:
            try:
                end = until(words, now, zone(parts.house.country)).astimezone(UTC)
            except NotUnderstood as unclear:
                raise Refused(say(unclear.args[0])) from None
        return _card(await commit(parts.engine, desk.be_quiet, who, end, now))

    async def unmute(self, ack: Ack, body: Mapping[str, Any], respond: Respond) -> None:
        """Turn On Again: remind of this category as before."""
        category = str(body["actions"][0]["value"])
        now = self._parts.clock()
        try:
            who = pressing.person(body, self._parts)
            lifted = await commit(self._parts.engine, desk.lift_category, who, category, now)
            name = labels.named(labels.CATEGORIES, category)
            news = say("On again: {category}.", category=name) if lifted else ""
            card = _card(await read(self._parts.engine, desk.quiet_of, who, now), news)
        except Refused as refusal:
            await pressing.refuse(ack, respond, refusal)
            return
        await ack()
        await respond(text=card.text, blocks=card.blocks, replace_original=True)


def _number(body: Mapping[str, Any]) -> int:
    """The remark's number: in the block, so that the menu knows it too."""
    kind, _, number = str(body["actions"][0].get("block_id") or "").partition(":")
    if kind != "nudge" or not number.isdecimal():
        raise Refused(say("This button is from an older remark."))
    return int(number)


def _window(session: Session, house: House, who: str, nudge_id: int) -> Block:
    found = better(session, desk.own_nudge(session, who, nudge_id), house)
    if found is None:
        return nudges.told(say(FORGOTTEN))
    return nudges.better_wording(found.text, found.better, found.findings)


def _card(standing: Quiet, news: str = "") -> Card:
    until_: datetime | None = standing.until
    return nudges.quiet(until_, standing.muted, news)
