"""conversations.*: what the bot can learn about channels and read in them."""

from bot.sandbox.records import Json, Message
from bot.sandbox.shown import channel_json, message_json
from bot.sandbox.slack_api.calls import (
    Arguments,
    Context,
    SlackError,
    joined_channel,
    known_channel,
    page,
)

KINDS = {"channel": "public_channel", "group": "private_channel", "im": "im"}


def info(context: Context, arguments: Arguments) -> Json:
    """One conversation; `num_members` only where it was asked for."""
    channel = channel_json(context.workspace, known_channel(context, arguments["channel"]))
    if not arguments.get("include_num_members"):
        channel.pop("num_members", None)
    return {"channel": channel}


def members(context: Context, arguments: Arguments) -> Json:
    """Ids of the members, a page at a time."""
    rows, more = page(known_channel(context, arguments["channel"]).members, arguments)
    return {"members": rows, "response_metadata": more}


def list_conversations(context: Context, arguments: Arguments) -> Json:
    """The channels the bot can see, public ones unless other `types` are asked for."""
    wanted = arguments.get("types", "public_channel").split(",")
    visible = [
        channel_json(context.workspace, channel)
        for channel in context.workspace.channels.values()
        if KINDS[channel.kind] in wanted
        and not (channel.is_archived and arguments.get("exclude_archived"))
        and not (channel.is_private and context.workspace.bot.id not in channel.members)
    ]
    rows, more = page(visible, arguments)
    return {"channels": rows, "response_metadata": more}


def history(context: Context, arguments: Arguments) -> Json:
    """Messages outside threads, newest first."""
    channel = joined_channel(context, arguments["channel"])
    top_level = [
        message
        for message in context.workspace.messages.get(channel.id, [])
        if message.thread_ts in (None, message.ts) or message.subtype == "thread_broadcast"
    ]
    return _shown(context, [one for one in reversed(top_level) if _within(one, arguments)], arguments)


def replies(context: Context, arguments: Arguments) -> Json:
    """A thread, its first message first."""
    channel = joined_channel(context, arguments["channel"])
    if context.workspace.message(channel.id, arguments["ts"]) is None:
        raise SlackError("thread_not_found")
    thread = context.workspace.thread(channel.id, arguments["ts"])
    return _shown(context, [one for one in thread if _within(one, arguments)], arguments)


def open_conversation(context: Context, arguments: Arguments) -> Json:
    """The direct message with one person. Group direct messages are not part of the sandbox."""
    users = arguments["users"].split(",")
    if len(users) != 1 or users[0] not in context.workspace.users:
        raise SlackError("user_not_found")
    channel = context.workspace.direct_message(users[0])
    shown = channel_json(context.workspace, channel) if arguments.get("return_im") else {"id": channel.id}
    return {"channel": shown}


def _within(message: Message, arguments: Arguments) -> bool:
    """Between `oldest` and `latest`, which count themselves only when `inclusive`."""
    ts = _instant(message.ts)
    oldest, latest = _instant(arguments.get("oldest", "0")), _instant(arguments.get("latest", "9" * 12))
    return oldest < ts < latest or (bool(arguments.get("inclusive")) and ts in (oldest, latest))


def _instant(ts: str) -> tuple[int, int]:
    """A ts in a form that can be compared; floats would lose the last digits."""
    seconds, _, microseconds = ts.partition(".")
    try:
        return int(seconds), int(microseconds.ljust(6, "0") or 0)
    except ValueError:
        raise SlackError("invalid_ts_latest") from None


def _shown(context: Context, messages: list[Message], arguments: Arguments) -> Json:
    rows, more = page(messages, arguments)
    with_metadata = bool(arguments.get("include_all_metadata"))
    return {
        "messages": [message_json(context.workspace, row, with_metadata=with_metadata) for row in rows],
        "has_more": bool(more["next_cursor"]),
        "response_metadata": more,
    }
