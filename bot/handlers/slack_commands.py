"""/tillid: the queue, what is due, the numbers, and which channels are watched."""

import re
from collections.abc import Awaitable, Callable, Mapping
from difflib import get_close_matches
from typing import Any

from slack_sdk.web.async_client import AsyncWebClient
from sqlmodel import Session

from bot.cards import lists, stats_card
from bot.cards.shapes import Card
from bot.errors import Refused
from bot.handlers.slack_customer import Customers, the_customer
from bot.parts import Parts
from bot.queues import due_rows, queue_rows, status_lines
from bot.rules.business_days import zone
from bot.stats import UnknownQuestion, answer, parse
from storage import agents
from storage.engine import commit, read
from storage.tables import Role

Ack = Callable[..., Awaitable[Any]]
CHANNEL = re.compile(r"<#([A-Z0-9]+)(?:\|[^>]*)?>|^([CG][A-Z0-9]{6,})$")
COMMANDS = ("help", "queue", "due", "stats", "whoami", "watch", "unwatch", "status", "customer")
STAFF_ONLY = "This command is for support staff: the members of the triage channel."
#: Words of the full command that have an issue of their own.
LATER = ("next", "ask", "authority", "template", "away", "quiet")


class Commands:
    """Answers `/tillid ...`, visible to the asker only."""

    def __init__(self, parts: Parts) -> None:
        self._parts = parts

    async def run(self, ack: Ack, body: Mapping[str, Any], client: AsyncWebClient) -> None:
        """Answer one command."""
        word, _, rest = (str(body.get("text") or "").strip() or "help").partition(" ")
        try:
            if word.lower() == "customer":
                await self._customer(ack, body, client, rest.strip())
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
            raise Refused(STAFF_ONLY)
        found = await read(self._parts.engine, the_customer, who)
        await Customers(self._parts).show(ack, client, str(body["trigger_id"]), asker, found)

    async def _answer(self, word: str, rest: str, body: Mapping[str, Any]) -> Card:
        if self._parts.places.team and body.get("team_id") != self._parts.places.team:
            raise Refused(STAFF_ONLY)
        role = await read(self._parts.engine, _role, str(body["user_id"]))
        if word == "help":
            return lists.help_card(role.value if role else "")
        if role is None:
            raise Refused(STAFF_ONLY)
        match word:
            case "whoami":
                return Card(f"You are {role.value}: you are in the triage channel.", [])
            case "stats":
                return await self._stats(rest)
            case "queue":
                return lists.queue(await read(self._parts.engine, queue_rows))
            case "due":
                return lists.due(await read(self._parts.engine, due_rows, self._parts.clock()))
            case "status":
                lines = await read(self._parts.engine, status_lines, self._parts.clock())
                return stats_card.stats("Tillid", lines, "Read just now")
            case "watch" | "unwatch":
                return await self._watch(word, rest, role, str(body["team_id"]))
        raise Refused(_unknown(word))

    async def _stats(self, rest: str) -> Card:
        try:
            question = parse(rest)
        except UnknownQuestion as unknown:
            raise Refused(str(unknown)) from None
        place = zone(self._parts.house.country).key
        found = await read(self._parts.engine, answer, question, self._parts.clock(), place)
        return stats_card.stats(found.title, list(found.lines), found.source)

    async def _watch(self, word: str, rest: str, role: Role, team: str) -> Card:
        if role not in (Role.LEAD, Role.MANAGER):
            raise Refused("Only support leads can choose the channels. Ask one of them.")
        found = CHANNEL.search(rest)
        if found is None:
            raise Refused(f"Name a channel: /tillid {word} #channel")
        channel = found.group(1) or found.group(2)
        if channel == self._parts.places.triage_channel:
            raise Refused("That is the triage channel: customers do not write there.")
        if word == "watch" and channel == self._parts.places.operators_channel:
            raise Refused("That is the operators' channel: customers do not write there.")
        if word == "watch":
            new = await commit(self._parts.engine, agents.watch, team, channel, self._parts.clock())
            return Card(f"Watching <#{channel}>." if new else f"<#{channel}> is watched already.", [])
        gone = await commit(self._parts.engine, agents.unwatch, team, channel)
        return Card(f"No longer watching <#{channel}>." if gone else f"<#{channel}> was not watched.", [])


def _role(session: Session, slack_user_id: str) -> Role | None:
    agent = agents.by_slack_id(session, slack_user_id)
    return agent.role if agent else None


def _unknown(word: str) -> str:
    if word in LATER:
        return f"`{word}` is not here yet. Try {', '.join(COMMANDS)}."
    near = get_close_matches(word, COMMANDS, n=1)
    hint = f" Did you mean `{near[0]}`?" if near else ""
    return f"I don't know `{word}`.{hint} Try {', '.join(COMMANDS)}."
