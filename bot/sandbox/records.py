"""What a Slack workspace consists of: plain mutable records, as the sandbox keeps them in memory."""

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

Json = dict[str, Any]


@dataclass(slots=True)
class User:
    """A person or a bot. `team_id` differs from the workspace's for people of a connected organisation."""

    id: str
    name: str
    team_id: str
    real_name: str = ""
    is_bot: bool = False
    #: A guest.
    is_restricted: bool = False
    #: Somebody with whom no channel is shared.
    is_stranger: bool = False
    is_admin: bool = False
    deleted: bool = False
    locale: str = "en-GB"
    tz: str = "Europe/Copenhagen"
    #: In the profile; told to apps that may see it.
    email: str = ""


@dataclass(slots=True)
class Channel:
    """A channel or a direct message. `members` are user ids, in the order they joined."""

    id: str
    name: str
    is_private: bool = False
    #: Shared with another organisation (Slack Connect).
    is_ext_shared: bool = False
    is_im: bool = False
    is_archived: bool = False
    members: list[str] = field(default_factory=list)

    @property
    def kind(self) -> str:
        """The `channel_type` of Slack's message events."""
        return "im" if self.is_im else "group" if self.is_private else "channel"


@dataclass(slots=True)
class Message:
    """A message that everybody in its channel can see. `ts` is its id; `thread_ts` that of its thread."""

    channel_id: str
    ts: str
    user_id: str
    text: str
    blocks: list[Json] = field(default_factory=list)
    bot_id: str | None = None
    thread_ts: str | None = None
    subtype: str | None = None
    metadata: Json | None = None
    #: Who edited it last, and that edit's ts.
    edited: tuple[str, str] | None = None
    file_ids: list[str] = field(default_factory=list)
    #: Emoji name to the users who set it.
    reactions: dict[str, list[str]] = field(default_factory=dict)
    client_msg_id: str | None = None


@dataclass(slots=True)
class Ephemeral:
    """A message only `user_id` sees. Real ones are gone after a reload; here they stay until dismissed."""

    channel_id: str
    ts: str
    user_id: str
    text: str
    blocks: list[Json] = field(default_factory=list)
    thread_ts: str | None = None


@dataclass(slots=True)
class View:
    """A modal on a person's screen, or a person's Home tab. `payload` is what the app sent."""

    id: str
    user_id: str
    payload: Json
    hash: str
    root_view_id: str
    previous_view_id: str | None = None
    #: {block_id: {action_id: value as Slack sends it}}
    values: dict[str, dict[str, Json]] = field(default_factory=dict)

    @property
    def kind(self) -> str:
        """modal or home."""
        return str(self.payload["type"])

    @property
    def blocks(self) -> list[Json]:
        return list(self.payload["blocks"])


@dataclass(slots=True)
class File:
    """An uploaded file. `content` is None until its bytes have arrived."""

    id: str
    name: str
    user_id: str
    content: bytes | None = None
    title: str = ""
    #: Channel id and ts of every message that shows it.
    shares: list[tuple[str, str]] = field(default_factory=list)
    #: files.info says so only after this many further calls.
    polls_until_ready: int = 0


@dataclass(slots=True)
class ResponseUrl:
    """Where an app may answer an interaction: five times within half an hour."""

    id: str
    user_id: str
    channel_id: str
    expires_at: datetime
    #: The message that was interacted with, which `replace_original` and `delete_original` mean.
    message_ts: str | None = None
    thread_ts: str | None = None
    uses_left: int = 5
    #: Every accepted body, in order.
    posts: list[Json] = field(default_factory=list)


@dataclass(slots=True)
class Trigger:
    """Permission to open one modal. `expires` is on the monotonic clock, whatever the demo's says."""

    id: str
    user_id: str
    expires: float
    #: The modal it was pressed in, if any.
    view_id: str | None = None
    used: bool = False
