"""Questions about figures in plain words: in a direct message, or where somebody mentions the program."""

from collections.abc import Awaitable, Callable, Mapping
from typing import Any

from slack_bolt import BoltResponse
from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient
from sqlmodel import Session

from bot import chat, logs
from bot.cards import stats_card
from bot.cards.elements import paragraph
from bot.cards.shapes import Card
from bot.cards.texts import escaped
from bot.parts import Parts
from bot.rules.business_days import zone
from bot.speech import mark, say, speaking
from bot.stats import UnknownQuestion, answer, parse
from storage import agents, outbox, watching
from storage.engine import commit, read

log = logs.get(__name__)
#: What is read of a question.
MOST_WORDS = 300
NOT_HERE = mark(
    "I answer colleagues only, and not where customers may read along. Ask me in a direct message, "
    "or use /tillid."
)
MORE = mark("For the queue, follow-ups and your Home, type /tillid help.")


class Questions:
    """Answers colleagues. To everybody else it is silent."""

    def __init__(self, parts: Parts) -> None:
        self._parts = parts

    async def keep(
        self, body: dict[str, Any], client: AsyncWebClient, next_: Callable[[], Awaitable[BoltResponse]]
    ) -> BoltResponse:
        """Write the answer down, then let Bolt acknowledge."""
        event = body.get("event")
        if body.get("type") == "event_callback" and isinstance(event, dict):
            if event.get("channel_type") == "im" and chat.is_message(event):
                await self._asked_alone(event)
            elif event.get("type") == "app_mention" and event.get("channel") and event.get("ts"):
                await self._mentioned(body, event, client)
        return await next_()

    async def _asked_alone(self, event: Mapping[str, Any]) -> None:
        if await read(self._parts.engine, agents.by_slack_id, str(event["user"])) is not None:
            await self._answer(event, thread_ts=event.get("thread_ts"))

    async def _mentioned(
        self, body: Mapping[str, Any], event: Mapping[str, Any], client: AsyncWebClient
    ) -> None:
        """Said among others: figures where only we read, else one line to the colleague alone."""
        who, channel = str(event.get("user") or ""), str(event.get("channel") or "")
        if event.get("bot_id") or await read(self._parts.engine, agents.by_slack_id, who) is None:
            return
        thread_ts = str(event.get("thread_ts") or event.get("ts"))
        thread = watching.Thread(chat.own_team(body, self._parts.places.team), channel, thread_ts)
        # What is not said to be ours alone counts as shared.
        shared = body.get("is_ext_shared_channel") is not False
        if shared or await read(self._parts.engine, watching.listens_to, thread):
            await _tell(client, event, who)
            return
        # Everybody in the channel reads it, whoever asked.
        with speaking(self._parts.house.desk_language):
            await self._answer(event, thread_ts=thread_ts)

    async def _answer(self, event: Mapping[str, Any], thread_ts: object) -> None:
        card = await self._card(chat.plain(str(event.get("text") or ""))[:MOST_WORDS])
        place = f"{event['channel']}:{event['ts']}"
        payload = {
            "channel": event["channel"],
            "thread_ts": thread_ts,
            "text": card.text,
            "blocks": card.blocks,
        }
        await commit(self._parts.engine, _put, f"answer:{place}", payload, self._parts)
        self._parts.written.set()

    async def _card(self, words: str) -> Card:
        try:
            question = parse(words)
        except UnknownQuestion as unknown:
            said = f"{unknown} {say(MORE)}"
            return Card(escaped(said), [paragraph(said)])
        place = zone(self._parts.house.country).key
        found = await read(self._parts.engine, answer, question, self._parts.clock(), place)
        return stats_card.stats(found.title, list(found.lines), found.source)


def _put(session: Session, key: str, payload: dict[str, Any], parts: Parts) -> None:
    """Once, however often Slack tells us of the question."""
    outbox.put(session, key, "answer", payload, parts.clock(), lane=f"answer:{payload['channel']}")


async def _tell(client: AsyncWebClient, event: Mapping[str, Any], who: str) -> None:
    try:
        await client.chat_postEphemeral(
            channel=str(event["channel"]), user=who, text=say(NOT_HERE), thread_ts=event.get("thread_ts")
        )
    except SlackApiError as error:
        log.warning("question_not_answered", error=str(error.response.get("error")))
