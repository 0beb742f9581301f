"""The workspace itself: who is in it, which channels, what was said, what is on whose screen.

Everything is public and plain, for tests to look at. Whoever changes a record calls `changes.note()`; the
methods here do so themselves.
"""

import time
from collections.abc import Callable, Iterable
from datetime import UTC, datetime, timedelta

from bot.manifest import SCOPES
from bot.sandbox.changes import Changes
from bot.sandbox.records import (
    Channel,
    Ephemeral,
    File,
    Json,
    Message,
    ResponseUrl,
    Trigger,
    User,
    View,
)

RESPONSE_URL_LIFETIME = timedelta(minutes=30)
DIGITS = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ"


def utc_now() -> datetime:
    """The machine's clock."""
    return datetime.now(UTC)


class Workspace:
    """One Slack workspace in memory, with our app already installed as a bot user.

    `now` gives message times and the life of response URLs; the demo hands in its own clock.
    """

    def __init__(
        self,
        team_name: str = "Sandbox",
        *,
        bot_name: str = "tillid",
        now: Callable[[], datetime] = utc_now,
    ) -> None:
        self.now = now
        self.changes = Changes()
        self._made = 0
        self._last_microsecond = 0
        #: Team id to name; the first is the workspace's own.
        self.teams: dict[str, str] = {}
        self.users: dict[str, User] = {}
        self.channels: dict[str, Channel] = {}
        #: Per channel, oldest first.
        self.messages: dict[str, list[Message]] = {}
        self.ephemerals: list[Ephemeral] = []
        #: Per user, the open modals, the top one last.
        self.views: dict[str, list[View]] = {}
        self.homes: dict[str, View] = {}
        self.files: dict[str, File] = {}
        self.response_urls: dict[str, ResponseUrl] = {}
        self.triggers: dict[str, Trigger] = {}
        #: User group id to members; None is a workspace on Slack's free plan.
        self.user_groups: dict[str, list[str]] | None = None
        #: Block types this workspace does not know yet, as in a phased rollout.
        self.refused_block_types: set[str] = set()
        #: files.info needs this many calls until a new file is ready.
        self.polls_until_files_are_ready = 0
        #: What the app was granted when it was installed.
        self.scopes = frozenset(SCOPES)
        self.team_id = self.add_team(team_name)
        self.app_id = self.new_id("A")
        self.bot_id = self.new_id("B")
        self.bot = self.add_user(bot_name, is_bot=True)

    # Who and where

    def add_team(self, name: str) -> str:
        """Another organisation, for people in shared channels; returns its id."""
        team_id = self.new_id("T")
        self.teams[team_id] = name
        return team_id

    def add_user(
        self,
        name: str,
        *,
        real_name: str = "",
        team_id: str = "",
        is_bot: bool = False,
        is_restricted: bool = False,
        is_stranger: bool = False,
        tz: str = "Europe/Copenhagen",
        email: str = "",
    ) -> User:
        """A person of this workspace, or of the team named."""
        user = User(
            id=self.new_id("U"),
            name=name,
            team_id=team_id or self.team_id,
            real_name=real_name or name.title(),
            is_bot=is_bot,
            is_restricted=is_restricted,
            is_stranger=is_stranger,
            tz=tz,
            email=email,
        )
        self.users[user.id] = user
        self.changes.note()
        return user

    def add_channel(
        self,
        name: str,
        members: Iterable[User] = (),
        *,
        is_private: bool = False,
        is_ext_shared: bool = False,
        with_bot: bool = True,
    ) -> Channel:
        """A channel with these people in it, and the bot."""
        channel = Channel(self.new_id("C"), name, is_private=is_private, is_ext_shared=is_ext_shared)
        channel.members = [user.id for user in (*members, *([self.bot] if with_bot else []))]
        self.channels[channel.id] = channel
        self.changes.note()
        return channel

    def direct_message(self, user_id: str) -> Channel:
        """The direct message between the bot and a person; made when there is none yet."""
        for channel in self.channels.values():
            if channel.is_im and user_id in channel.members:
                return channel
        channel = Channel(self.new_id("D"), "", is_im=True, is_private=True, members=[user_id, self.bot.id])
        self.channels[channel.id] = channel
        return channel

    def is_external(self, user: User) -> bool:
        """Of another organisation."""
        return user.team_id != self.team_id

    # What was said

    def add_message(self, message: Message) -> Message:
        self.messages.setdefault(message.channel_id, []).append(message)
        self.changes.note()
        return message

    def message(self, channel_id: str, ts: str) -> Message | None:
        """The message with this ts, wherever in the channel it is."""
        return next((one for one in self.messages.get(channel_id, []) if one.ts == ts), None)

    def thread(self, channel_id: str, ts: str) -> list[Message]:
        """The message with this ts and the replies to it, oldest first."""
        return [one for one in self.messages.get(channel_id, []) if ts in (one.ts, one.thread_ts)]

    def said_by_bot(self, channel_id: str) -> list[Message]:
        """What the app has posted in a channel, oldest first."""
        return [one for one in self.messages.get(channel_id, []) if one.user_id == self.bot.id]

    def ephemeral(self, channel_id: str, ts: str) -> Ephemeral | None:
        return next((one for one in self.ephemerals if (one.channel_id, one.ts) == (channel_id, ts)), None)

    def view(self, view_id: str) -> View | None:
        """An open modal or a Home tab."""
        shown = [view for stack in self.views.values() for view in stack] + list(self.homes.values())
        return next((view for view in shown if view.id == view_id), None)

    # Ids and permissions

    def new_id(self, prefix: str) -> str:
        """A fresh id such as C00000001A."""
        self._made += 1
        left, digits = self._made, ""
        while left:
            left, digit = divmod(left, 36)
            digits = DIGITS[digit] + digits
        return prefix + digits.rjust(9, "0")

    def new_ts(self) -> str:
        """The present as Slack writes it; never the same twice, also while the clock stands still."""
        microsecond = round(self.now().timestamp() * 1_000_000)
        self._last_microsecond = max(microsecond, self._last_microsecond + 1)
        return f"{self._last_microsecond // 1_000_000}.{self._last_microsecond % 1_000_000:06d}"

    def new_trigger(self, user_id: str, lifetime: timedelta, view_id: str | None = None) -> Trigger:
        trigger = Trigger(
            self.new_id("trigger."), user_id, time.monotonic() + lifetime.total_seconds(), view_id
        )
        self.triggers[trigger.id] = trigger
        return trigger

    def new_response_url(
        self, user_id: str, channel_id: str, message_ts: str | None = None, thread_ts: str | None = None
    ) -> ResponseUrl:
        expires_at = self.now() + RESPONSE_URL_LIFETIME
        url = ResponseUrl(self.new_id("R"), user_id, channel_id, expires_at, message_ts, thread_ts)
        self.response_urls[url.id] = url
        return url

    def with_block_ids(self, blocks: list[Json]) -> list[Json]:
        """The blocks with an id each, as Slack gives one to those that come without."""
        named = [{**block} for block in blocks]
        for block in named:
            block.setdefault("block_id", self.new_id("b"))
            if "child_blocks" in block:
                block["child_blocks"] = self.with_block_ids(block["child_blocks"])
        return named
