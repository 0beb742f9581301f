"""What every Web API method shares: its arguments, its errors, and what it may reach."""

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from bot.sandbox.events import Events
from bot.sandbox.records import Channel, Json, Message
from bot.sandbox.slackcheck import check_message
from bot.sandbox.workspace import Workspace

Arguments = Mapping[str, Any]


class SlackError(Exception):
    """An `"ok": false` answer. `messages` become `response_metadata.messages`."""

    def __init__(self, code: str, *messages: str) -> None:
        super().__init__(code, *messages)
        self.code = code
        self.messages = messages


@dataclass(slots=True)
class Context:
    """What a method may reach."""

    workspace: Workspace
    events: Events
    #: The root of this server, such as http://127.0.0.1:4711.
    root_url: str
    trigger_lifetime: timedelta
    #: Set by a drop_share fault for the one call.
    drop_share: bool = False


@dataclass(frozen=True, slots=True)
class Method:
    """One line of the method table."""

    run: Callable[[Context, Arguments], Json]
    required: tuple[str, ...] = ()
    optional: tuple[str, ...] = ()
    #: The prefix of the token it wants.
    wants: str = "xoxb-"

    @property
    def known(self) -> frozenset[str]:
        """Every argument it takes, apart from those that every method takes."""
        return frozenset((*self.required, *self.optional))


READING_FLAGS = ("inclusive", "include_all_metadata", "include_num_members", "include_locale", "return_im")
POSTING_FLAGS = ("reply_broadcast", "mrkdwn", "link_names", "unfurl_links", "unfurl_media")
FLAGS = frozenset((*READING_FLAGS, *POSTING_FLAGS, "exclude_archived", "full"))
NUMBERS = frozenset(("limit", "length"))
OBJECTS = {"blocks": list, "files": list, "metadata": dict, "view": dict, "message": dict}
#: Every method takes these.
ALWAYS = frozenset(("token", "team_id"))


def read_arguments(method: Method, given: Mapping[str, Any]) -> dict[str, Any]:
    """The arguments with their types, however they were sent; `invalid_arguments` for what does not belong.

    Forms carry everything as text and objects as JSON text; JSON bodies may do either.
    """
    given = {name: value for name, value in given.items() if value is not None}
    unknown = given.keys() - method.known - ALWAYS
    missing = [name for name in method.required if given.get(name) in (None, "")]
    problems = [f"[ERROR] unknown argument: {name}" for name in sorted(unknown)]
    problems += [f"[ERROR] missing required field: {name}" for name in missing]
    read: dict[str, Any] = {}
    for name in method.known & given.keys():
        try:
            read[name] = _read(name, given[name])
        except ValueError as reason:
            problems.append(f"[ERROR] {name}: {reason}")
    if problems:
        raise SlackError("invalid_arguments", *problems)
    return read


def _read(name: str, value: Any) -> Any:
    if name in OBJECTS:
        parsed = json.loads(value) if isinstance(value, str) else value
        if not isinstance(parsed, OBJECTS[name]):
            raise ValueError(f"must be a {OBJECTS[name].__name__}")
        return parsed
    if name in FLAGS:
        if value in (True, "1", "true", "True"):
            return True
        if value in (False, "0", "false", "False"):
            return False
        raise ValueError("must be true or false")
    if name in NUMBERS:
        return int(value)
    if not isinstance(value, str):
        raise ValueError("must be a string")
    return value


def known_channel(context: Context, channel_id: str) -> Channel:
    """A channel the bot can see: `channel_not_found` for others, private ones it is not in among them."""
    channel = context.workspace.channels.get(channel_id)
    if channel is None or (channel.is_private and context.workspace.bot.id not in channel.members):
        raise SlackError("channel_not_found")
    return channel


def joined_channel(context: Context, channel_id: str) -> Channel:
    """A channel the bot is in; else `not_in_channel`."""
    channel = known_channel(context, channel_id)
    if context.workspace.bot.id not in channel.members:
        raise SlackError("not_in_channel")
    return channel


def existing_message(context: Context, channel: Channel, ts: str) -> Message:
    """The message, else `message_not_found`; ephemeral ones do not count."""
    message = context.workspace.message(channel.id, ts)
    if message is None:
        raise SlackError("message_not_found")
    return message


def refuse_illegal_message(context: Context, arguments: Arguments) -> None:
    """`no_text`, `msg_blocks_too_long` or `invalid_blocks` with every reason."""
    if not arguments.get("text") and not arguments.get("blocks"):
        raise SlackError("no_text")
    errors = check_message(arguments)
    refuse_new_blocks(context, arguments.get("blocks", []))
    if any("msg_blocks_too_long" in error for error in errors):
        raise SlackError("msg_blocks_too_long", *errors)
    if errors:
        raise SlackError("invalid_blocks", *errors)


def refuse_new_blocks(context: Context, blocks: list[Json]) -> None:
    """`invalid_blocks` for the types that this workspace does not have yet."""
    for index, block in enumerate(blocks):
        if isinstance(block, Mapping) and block.get("type") in context.workspace.refused_block_types:
            where = f"[json-pointer:/blocks/{index}/type]"
            raise SlackError("invalid_blocks", f"[ERROR] unsupported type {where}")


def page(rows: list[Any], arguments: Arguments, most: int = 1000) -> tuple[list[Any], Json]:
    """One page of `rows`, and the `response_metadata` that leads to the next."""
    limit = min(arguments.get("limit", 100), most)
    cursor = arguments.get("cursor", "") or "0"
    if not cursor.isdigit():
        raise SlackError("invalid_cursor")
    start = int(cursor)
    rest = start + limit
    return rows[start:rest], {"next_cursor": str(rest) if rest < len(rows) else ""}
