"""What happens to channels: one of ours becomes shared, is archived, or we are removed from it.

It is written down before the event is acknowledged: if it cannot be, Slack brings it again.
"""

from collections.abc import Awaitable, Callable, Mapping
from datetime import datetime
from typing import Any

from slack_bolt import BoltResponse
from sqlalchemy import func, select
from sqlmodel import Session, col

from bot import chat
from bot.among_ourselves import internal, setting_of, stand
from bot.parts import Parts
from bot.speech import mark, say_to_all
from storage import agents, held, internal_channels, outbox, watching
from storage.engine import commit
from storage.tables import ChannelStanding, Conversation, ConversationState

_ARCHIVED, _LEFT = ("channel_archive", "group_archive"), ("channel_left", "group_left")
#: What such an event says for sure; whatever else happens there only makes us look again.
_CERTAIN = {
    "channel_shared": ChannelStanding.SHARED,
    **dict.fromkeys(_ARCHIVED, ChannelStanding.ARCHIVED),
    **dict.fromkeys(_LEFT, ChannelStanding.GONE),
}
_DOUBTFUL = frozenset(
    {
        "channel_unshared",
        "channel_unarchive",
        "group_unarchive",
        "member_joined_channel",
        "member_left_channel",
    }
)
_MOVED = "channel_id_changed"


class ChannelEvents:
    """Events about channels."""

    def __init__(self, parts: Parts) -> None:
        self._parts = parts

    async def keep(self, body: dict[str, Any], next_: Callable[[], Awaitable[BoltResponse]]) -> BoltResponse:
        """Write down what it means for us, then let Bolt acknowledge."""
        event = body.get("event")
        if body.get("type") == "event_callback" and isinstance(event, dict):
            kind = str(event.get("type") or "")
            if kind == _MOVED or kind in _CERTAIN or kind in _DOUBTFUL:
                team = chat.own_team(body, self._parts.places.team)
                await commit(self._parts.engine, _heard, self._parts, team, event, self._parts.clock())
                self._parts.written.set()
        return await next_()


def _heard(session: Session, parts: Parts, team: str, event: Mapping[str, Any], now: datetime) -> None:
    kind = str(event["type"])
    channel = str(event.get("old_channel_id" if kind == _MOVED else "channel") or "")
    if channel in internal(parts.places):
        _of_ours(session, parts, channel, event, now)
    elif kind == _MOVED:
        watching.channel_moved(session, team, channel, str(event.get("new_channel_id") or channel), now)
    elif kind in (*_ARCHIVED, *_LEFT) and channel in agents.watched(session, team):
        _tell_of_customers(session, channel, event, now)


def _of_ours(session: Session, parts: Parts, channel: str, event: Mapping[str, Any], now: datetime) -> None:
    kind = str(event["type"])
    if kind == _MOVED:
        moved = say_to_all(
            "Its id is {channel} now: put that into {setting}.",
            channel=event.get("new_channel_id"),
            setting=setting_of(parts.places, channel),
        )
        stand(session, parts.house, parts.places, channel, ChannelStanding.GONE, now, more=moved)
    elif kind in _CERTAIN:
        stand(session, parts.house, parts.places, channel, _CERTAIN[kind], now)
    elif internal_channels.look_again(session, channel):
        held.release(session, now)


def _tell_of_customers(session: Session, channel: str, event: Mapping[str, Any], now: datetime) -> None:
    """Customers write there, and cannot be answered any more: said where the cards are."""
    open_ = (col(Conversation.slack_channel) == channel, col(Conversation.state) == ConversationState.OPEN)
    number = int(session.execute(select(func.count()).where(*open_)).scalar_one())
    text = " ".join(filter(None, _what_now(channel, number, archived=event["type"] in _ARCHIVED)))
    _alert(session, f"channel_lost:{channel}:{event.get('event_ts') or now.isoformat()}", text, now)


def _what_now(channel: str, number: int, *, archived: bool) -> tuple[str, str, str]:
    """What happened, whom it concerns (empty where nobody), and the ways out."""
    waiting = ""
    if number:
        one = say_to_all("1 open case has their thread there.")
        many = say_to_all("{number} open cases have their thread there.", number=number)
        waiting = one if number == 1 else many
    if archived:
        what = mark("The customers' channel {channel} was archived. Replies cannot go there.")
        way = mark("Unarchive it, or answer another way, or type /tillid unwatch {channel}.")
    else:
        what = mark(
            "The customers' channel {channel} has no place for me any more: I was removed from it. "
            "Replies cannot go there."
        )
        way = mark("Type /invite @Tillid there, or answer another way, or type /tillid unwatch {channel}.")
    return say_to_all(what, channel=channel), waiting, say_to_all(way, channel=channel)


def _alert(session: Session, key: str, text: str, now: datetime) -> None:
    outbox.put(session, key, "alert", {"text": text, "for": "agents"}, now, lane="alerts")
