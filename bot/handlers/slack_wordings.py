"""/tillid template: leads choose a letter, edit its parts, see it in real cases, publish it, and take that back."""

import asyncio
import hashlib
import json
from collections.abc import Awaitable, Callable, Mapping
from typing import Any

from slack_sdk.web.async_client import AsyncWebClient

from bot import desk, logs
from bot.cards import modals, wording_modals
from bot.cards.shapes import Block
from bot.cards.texts import escaped, line
from bot.cards.wording_fields import field_of, typed_parts
from bot.cards.wording_labels import language_in, matching
from bot.desk.wordings import Overtaken, Proposal
from bot.errors import Refused
from bot.handlers import pressing
from bot.handlers.wording_views import Asked, Look, edit_window, look, preview_of, versions_window
from bot.parts import Parts
from bot.speech import mark, say
from bot.trying_wordings import Fault, Trial, try_wording
from bot.views.wordings import letters
from bot.wording_parts import parts_of, text_of
from storage.engine import commit, read

Ack = Callable[..., Awaitable[Any]]
log = logs.get(__name__)
STAFF_ONLY = mark("This command is for support staff: the members of the triage channel.")
AS_IT_WAS = mark("Nothing was changed. This is how it stands now.")
BROKEN = mark("Version {number} cannot be written any more: {reason}")
UNCHANGED = mark("This is what is in force already. Change something first.")


class Wordings:
    """Windows about how letters are worded. What was typed stays typed, whatever is wrong with it."""

    def __init__(self, parts: Parts) -> None:
        self._parts = parts

    # ---- Which letter

    async def command(self, ack: Ack, body: Mapping[str, Any], client: AsyncWebClient, words: str) -> None:
        """Open the window to choose a letter; or the letter, where words and language mean one. Raises Refused."""
        if self._parts.places.team and body.get("team_id") != self._parts.places.team:
            raise Refused(say(STAFF_ONLY))
        who, house = str(body["user_id"]), self._parts.house
        try:
            await read(self._parts.engine, desk.leading, who)
            language, rest = language_in(words)
            found = matching(letters(house), rest)
            if not found:
                raise Refused(
                    say(
                        "No letter is called “{words}”. `/tillid template` alone shows all of them.",
                        words=line(rest, 60),
                    )
                )
            if len(found) == 1 and language:
                view = edit_window(await self._look(who, found[0], language), {})
            else:
                view = wording_modals.choose_letter(
                    found, language or house.language, _matches(len(found), rest)
                )
        except Refused as refusal:
            # The answer to a command is markup: names and words of people are not.
            raise Refused(escaped(str(refusal))) from None
        await client.views_open(trigger_id=str(body["trigger_id"]), view=view)
        await ack()

    async def choose(self, ack: Ack, body: Mapping[str, Any]) -> None:
        """A letter and a language were chosen: its parts come into the same window."""
        try:
            who = pressing.person(body, self._parts)
            letter = str((pressing.typed(body, "letter") or {}).get("value") or "")
            language = str((pressing.typed(body, "language") or {}).get("value") or "")
            view = edit_window(await self._look(who, letter, language), {})
        except Refused as refusal:
            await ack(response_action="errors", errors={"letter": str(refusal)})
            return
        await ack(response_action="update", view=view)

    async def _look(self, who: str, letter: str, language: str) -> Look:
        return await read(self._parts.engine, look, self._parts.house, who, letter, language)

    # ---- Its words

    async def save(self, ack: Ack, body: Mapping[str, Any]) -> None:
        """Try what was typed, show what it says, and publish what was seen."""
        values = body["view"]["state"]["values"]
        asked = Asked(json.loads(body["view"]["private_metadata"]), typed_parts(values))
        try:
            who = pressing.person(body, self._parts)
            seen = await self._look(who, asked.letter, asked.language)
            trial = await asyncio.to_thread(
                try_wording, self._parts.house, asked.letter, asked.language, asked.typed, seen.cases
            )
            if trial.fault is not None:
                await ack(response_action="errors", errors=_objection(values, trial.fault))
                return
            if trial.text == text_of(parts_of(seen.state.text)):
                raise Refused(say(UNCHANGED))
            await ack(response_action="update", view=await self._next(who, seen, asked, trial))
        except Refused as refusal:
            await ack(response_action="errors", errors={field_of(values, "", 0)[0]: str(refusal)})

    async def _next(self, who: str, seen: Look, asked: Asked, trial: Trial) -> Block:
        """The window after this press: the preview, the question about findings, or what was published."""
        digest = hashlib.sha256(trial.text.encode("utf-8", "surrogatepass")).hexdigest()[:16]
        was_shown = asked.remembered.get("h") == digest
        was_asked = was_shown and bool(asked.remembered.get("a"))
        asks = was_shown and trial.high > 0 and not was_asked
        if was_shown and not asks and asked.remembered.get("b") == seen.state.seen:
            try:
                return await self._publish(who, asked, trial)
            except Overtaken:
                seen = await self._look(who, asked.letter, asked.language)
        preview = preview_of(trial, asks_again=asks or was_asked)
        return edit_window(
            seen, {**asked.remembered, "h": digest, "a": asks or was_asked}, asked.typed, preview
        )

    async def _publish(self, who: str, asked: Asked, trial: Trial) -> Block:
        proposal = Proposal(
            asked.letter, asked.language, trial.text, int(asked.remembered["b"]), overridden=trial.high
        )
        number = await commit(self._parts.engine, desk.publish_wording, who, proposal, self._parts.clock())
        log.info(
            "wording_published",
            letter=asked.letter,
            language=asked.language,
            version=number,
            overridden=trial.high,
        )
        news = say("Published as version {number}. It counts from the next draft on.", number=number)
        return await self._versions(who, asked.letter, asked.language, news)

    # ---- Its versions

    async def versions(self, ack: Ack, body: Mapping[str, Any], client: AsyncWebClient) -> None:
        """The button in the window: the versions on top of it; what was typed below stays."""
        loading = modals.loading(say("Versions"), wording_modals.VERSIONS, "")
        opened = await client.views_push(trigger_id=body["trigger_id"], view=loading)
        await ack()
        ids = pressing.pressed(body)
        try:
            who = pressing.person(body, self._parts)
            view = await self._versions(who, str(ids["n"]), str(ids["l"]))
        except Refused as refusal:
            view = modals.notice(say("Versions"), str(refusal))
        await client.views_update(view_id=opened["view"]["id"], view=view)

    async def _versions(self, who: str, letter: str, language: str, news: str = "") -> Block:
        seen = await self._look(who, letter, language)
        return await asyncio.to_thread(versions_window, self._parts.house, seen.state, news)

    async def undo(self, ack: Ack, body: Mapping[str, Any], client: AsyncWebClient) -> None:
        """What was in force before comes back."""
        await self._bring_back(ack, body, client)

    async def bring_back(self, ack: Ack, body: Mapping[str, Any], client: AsyncWebClient) -> None:
        """The version of the button comes back."""
        await self._bring_back(ack, body, client)

    async def _bring_back(self, ack: Ack, body: Mapping[str, Any], client: AsyncWebClient) -> None:
        await ack()
        ids = pressing.pressed(body)
        letter, language = str(ids["n"]), str(ids["l"])
        try:
            who = pressing.person(body, self._parts)
            try:
                news = await self._restore(who, letter, language, int(ids["b"]), ids.get("v"))
            except Overtaken as overtaken:
                news = f"{overtaken} {say(AS_IT_WAS)}"
            view = await self._versions(who, letter, language, news)
        except Refused as refusal:
            view = modals.notice(say("Versions"), str(refusal))
        await client.views_update(view_id=body["view"]["id"], hash=body["view"].get("hash"), view=view)

    async def _restore(self, who: str, letter: str, language: str, base: int, wanted: int | None) -> str:
        seen = await self._look(who, letter, language)
        version = seen.state.before if wanted is None else wanted
        if version is None:
            raise Overtaken(say("There is nothing left to undo."))
        text = next((each.text for each in seen.state.versions if each.number == version), "")
        if text:
            trial = await asyncio.to_thread(
                try_wording, self._parts.house, letter, language, parts_of(text), ()
            )
            if trial.fault is not None:
                raise Refused(say(BROKEN, number=version, reason=trial.fault.reason))
        number = await commit(
            self._parts.engine,
            desk.bring_back,
            who,
            letter,
            language,
            version=version,
            seen=base,
            now=self._parts.clock(),
        )
        log.info("wording_brought_back", letter=letter, language=language, version=number, back=version)
        if version:
            return say("Version {number} counts again, from the next draft on.", number=version)
        return say("The files count again, from the next draft on.")


def _matches(number: int, words: str) -> str:
    """How many letters the words mean; empty where that is no question."""
    if not words or number < 2:
        return ""
    return say("{number} letters match “{words}”.", number=number, words=line(words, 60))


def _objection(values: Mapping[str, Any], fault: Fault) -> dict[str, str]:
    """Line and reason at the field in which it is wrong."""
    block_id, in_field = field_of(values, fault.part, fault.line)
    reason = line(fault.reason, 400)
    if not (fault.line and in_field):
        return {block_id: reason}
    return {block_id: say("Line {number}: {reason}", number=in_field, reason=reason)}
