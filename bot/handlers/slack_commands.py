"""/tillid: the queue, what is due, the numbers, and which channels are watched."""

import re
from collections.abc import Awaitable, Callable, Mapping
from difflib import get_close_matches
from typing import Any

from slack_sdk.web.async_client import AsyncWebClient
from sqlmodel import Session

from bot.cards import lists, stats_card
from bot.cards.nudges import figure
from bot.cards.shapes import Card, DueRow
from bot.errors import Refused
from bot.handlers.slack_absences import Absences
from bot.handlers.slack_customer import Customers, the_customer
from bot.handlers.slack_nudges import Nudges
from bot.handlers.slack_queue import Queue
from bot.handlers.slack_wordings import Wordings
from bot.house import House
from bot.parts import Parts
from bot.queues import due_rows, promise_rows, queue_rows, status_lines
from bot.rules.business_days import zone
from bot.speech import mark, say
from bot.stats import UnknownQuestion, answer, parse
from bot.stats.remarks import remarks
from storage import agents
from storage.engine import commit, read
from storage.tables import Role

Ack = Callable[..., Awaitable[Any]]
CHANNEL = re.compile(r"<#([A-Z0-9]+)(?:\|[^>]*)?>|^([CG][A-Z0-9]{6,})$")
COMMANDS = (
    "help",
    "next",
    "queue",
    "due",
    "stats",
    "whoami",
    "watch",
    "unwatch",
    "status",
    "customer",
    "template",
    "quiet",
    "away",
    "back",
)
STAFF_ONLY = mark("This command is for support staff: the members of the triage channel.")
ROLES = {Role.AGENT: mark("agent"), Role.LEAD: mark("lead"), Role.MANAGER: mark("manager")}
#: Words of the full command that have an issue of their own.
LATER = ("ask", "authority")


class Commands:
    """Answers `/tillid ...`, visible to the asker only."""

    def __init__(self, parts: Parts) -> None:
        self._parts = parts
        self._queue = Queue(parts)

    async def run(self, ack: Ack, body: Mapping[str, Any], client: AsyncWebClient) -> None:
        """Answer one command."""
        word, _, rest = (str(body.get("text") or "").strip() or "help").partition(" ")
        try:
            if word.lower() == "customer":
                await self._customer(ack, body, client, rest.strip())
                return
            if word.lower() == "template":
                await Wordings(self._parts).command(ack, body, client, rest.strip())
                return
            if word.lower() in ("away", "back"):
                await self._away(ack, body, rest.strip() if word.lower() == "away" else "back")
                return
            said = await self._answer(word.lower(), rest.strip(), body)
        except Refused as refusal:
            said = Card(str(refusal), [])
        if said.blocks:
            await ack(response_type="ephemeral", text=said.text, blocks=said.blocks)
        else:
            await ack(response_type="ephemeral", text=said.text)

    async def _customer(self, ack: Ack, body: Mapping[str, Any], client: AsyncWebClient, who: str) -> None:
        """Open the customer card. Raises Refused where it is not for the asker, or nobody is meant."""
        asker = str(body["user_id"])
        elsewhere = self._parts.places.team and body.get("team_id") != self._parts.places.team
        if elsewhere or await read(self._parts.engine, _role, asker) is None:
            raise Refused(say(STAFF_ONLY))
        found = await read(self._parts.engine, the_customer, who)
        await Customers(self._parts).show(ack, client, str(body["trigger_id"]), asker, found)

    async def _away(self, ack: Ack, body: Mapping[str, Any], words: str) -> None:
        elsewhere = self._parts.places.team and body.get("team_id") != self._parts.places.team
        if elsewhere or await read(self._parts.engine, _role, str(body["user_id"])) is None:
            raise Refused(say(STAFF_ONLY))
        await Absences(self._parts).command(ack, str(body["user_id"]), words)

    async def _answer(self, word: str, rest: str, body: Mapping[str, Any]) -> Card:
        if self._parts.places.team and body.get("team_id") != self._parts.places.team:
            raise Refused(say(STAFF_ONLY))
        role = await read(self._parts.engine, _role, str(body["user_id"]))
        if word == "help":
            return lists.help_card(role.value if role else "")
        if role is None:
            raise Refused(say(STAFF_ONLY))
        match word:
            case "next":
                return await self._queue.card(str(body["user_id"]))
            case "whoami":
                return Card(_why(role, str(body["user_id"]), self._parts.house), [])
            case "stats":
                return await self._stats(rest, role)
            case "quiet":
                return await Nudges(self._parts).quiet(str(body["user_id"]), rest)
            case "queue":
                return lists.queue(await read(self._parts.engine, queue_rows))
            case "due":
                return lists.due(await read(self._parts.engine, _due, self._parts))
            case "status":
                lines = await read(self._parts.engine, status_lines, self._parts.clock())
                return stats_card.stats("Tillid", lines, say("Read just now"))
            case "watch" | "unwatch":
                return await self._watch(word, rest, role, str(body["team_id"]))
        raise Refused(_unknown(word))

    async def _stats(self, rest: str, role: Role) -> Card:
        try:
            question = parse(rest)
        except UnknownQuestion as unknown:
            raise Refused(str(unknown)) from None
        place = zone(self._parts.house.country).key
        found = await read(self._parts.engine, answer, question, self._parts.clock(), place)
        lines = list(found.lines)
        made = await read(self._parts.engine, remarks, role, question, self._parts.clock(), place)
        if made is not None:
            lines.append((say("Remarks on wording, whole team"), figure(made)))
        return stats_card.stats(found.title, lines, found.source)

    async def _watch(self, word: str, rest: str, role: Role, team: str) -> Card:
        if role not in (Role.LEAD, Role.MANAGER):
            raise Refused(say("Only support leads can choose the channels. Ask one of them."))
        found = CHANNEL.search(rest)
        if found is None:
            raise Refused(say("Name a channel: /tillid {command} #channel", command=word))
        channel = found.group(1) or found.group(2)
        if channel == self._parts.places.triage_channel:
            raise Refused(say("That is the triage channel: customers do not write there."))
        if word == "watch" and channel == self._parts.places.operators_channel:
            raise Refused(say("That is the operators' channel: customers do not write there."))
        if word == "watch":
            new = await commit(self._parts.engine, agents.watch, team, channel, self._parts.clock())
            if new:
                return Card(say("Watching <#{channel}>.", channel=channel), [])
            return Card(say("<#{channel}> is watched already.", channel=channel), [])
        gone = await commit(self._parts.engine, agents.unwatch, team, channel)
        if gone:
            return Card(say("No longer watching <#{channel}>.", channel=channel), [])
        return Card(say("<#{channel}> was not watched.", channel=channel), [])


def _role(session: Session, slack_user_id: str) -> Role | None:
    agent = agents.by_slack_id(session, slack_user_id)
    return agent.role if agent else None


def _why(role: Role, who: str, house: House) -> str:
    """The role, and where it comes from."""
    named = say(ROLES[role])
    if who in house.leads | house.managers:
        return say("You are {role}: house.yaml names you, and you are in the triage channel.", role=named)
    if role is not Role.AGENT:
        return say(
            "You are {role}: a user group that house.yaml names holds you, and you are in the triage channel.",
            role=named,
        )
    return say("You are {role}: you are in the triage channel.", role=named)


def _unknown(word: str) -> str:
    known = ", ".join(COMMANDS)
    if word in LATER:
        return say("`{word}` is not here yet. Try {commands}.", word=word, commands=known)
    near = get_close_matches(word, COMMANDS, n=1)
    if not near:
        return say("I don't know `{word}`. Try {commands}.", word=word, commands=known)
    return say(
        "I don't know `{word}`. Did you mean `{near}`? Try {commands}.",
        word=word,
        near=near[0],
        commands=known,
    )


def _due(session: Session, parts: Parts) -> list[DueRow]:
    now = parts.clock()
    rows = [*due_rows(session, now), *promise_rows(session, parts.house, now)]
    return sorted(rows, key=lambda each: each.due_at)
