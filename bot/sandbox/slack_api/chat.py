"""chat.*: posting, updating, deleting."""

import json
from typing import Any

from bot.sandbox.records import Channel, Ephemeral, Json, Message
from bot.sandbox.shown import message_json
from bot.sandbox.slack_api.calls import (
    Arguments,
    Context,
    SlackError,
    existing_message,
    joined_channel,
    known_channel,
    refuse_illegal_message,
)

#: What chat.update takes; postMessage cuts at ten times as much instead.
MOST_UPDATED_TEXT = 4_000
MOST_METADATA_BYTES = 8_000


def post_message(context: Context, arguments: Arguments) -> Json:
    """Posts as the bot. A user id instead of a channel means the direct message with that person."""
    workspace = context.workspace
    channel = _channel_to_write_in(context, arguments["channel"])
    refuse_illegal_message(context, arguments)
    thread_ts = arguments.get("thread_ts")
    if thread_ts:
        _refuse_bad_thread(context, channel, thread_ts)
    message = workspace.add_message(
        Message(
            channel_id=channel.id,
            ts=workspace.new_ts(),
            user_id=workspace.bot.id,
            bot_id=workspace.bot_id,
            text=arguments["text"],
            blocks=workspace.with_block_ids(arguments.get("blocks", [])),
            thread_ts=thread_ts,
            subtype="thread_broadcast" if thread_ts and arguments.get("reply_broadcast") else None,
            metadata=_metadata(arguments),
        )
    )
    context.events.posted(message)
    shown = message_json(workspace, message, with_metadata=True)
    return {"channel": channel.id, "ts": message.ts, "message": shown}


def update(context: Context, arguments: Arguments) -> Json:
    """Replaces text and blocks of a message of ours. Text without blocks takes the blocks away."""
    workspace = context.workspace
    channel = _channel_to_write_in(context, arguments["channel"])
    message = existing_message(context, channel, arguments["ts"])
    if message.user_id != workspace.bot.id:
        raise SlackError("cant_update_message")
    if len(arguments.get("text", "")) > MOST_UPDATED_TEXT:
        raise SlackError("msg_too_long")
    refuse_illegal_message(context, arguments)
    before = message_json(workspace, message)
    message.text = arguments["text"]
    message.blocks = workspace.with_block_ids(arguments.get("blocks", []))
    message.edited = (workspace.bot.id, workspace.new_ts())
    message.metadata = _metadata(arguments) or message.metadata
    context.events.changed(message, before)
    shown = message_json(workspace, message, with_metadata=True)
    return {"channel": channel.id, "ts": message.ts, "text": message.text, "message": shown}


def delete(context: Context, arguments: Arguments) -> Json:
    """Deletes a message of ours."""
    workspace = context.workspace
    channel = _channel_to_write_in(context, arguments["channel"])
    message = existing_message(context, channel, arguments["ts"])
    if message.user_id != workspace.bot.id:
        raise SlackError("cant_delete_message")
    before = message_json(workspace, message)
    workspace.messages[channel.id].remove(message)
    context.events.deleted(message, before)
    return {"channel": channel.id, "ts": message.ts}


def post_ephemeral(context: Context, arguments: Arguments) -> Json:
    """Shows a message to one person in the channel. It cannot be found, updated or deleted by its ts."""
    workspace = context.workspace
    channel = _channel_to_write_in(context, arguments["channel"])
    refuse_illegal_message(context, arguments)
    if arguments["user"] not in channel.members:
        raise SlackError("user_not_in_channel")
    thread_ts = arguments.get("thread_ts")
    if thread_ts:
        _refuse_bad_thread(context, channel, thread_ts)
    shown = Ephemeral(
        channel_id=channel.id,
        ts=workspace.new_ts(),
        user_id=arguments["user"],
        text=arguments["text"],
        blocks=workspace.with_block_ids(arguments.get("blocks", [])),
        thread_ts=thread_ts,
    )
    workspace.ephemerals.append(shown)
    return {"message_ts": shown.ts}


def get_permalink(context: Context, arguments: Arguments) -> Json:
    """A link of the form Slack uses; it leads nowhere."""
    channel = known_channel(context, arguments["channel"])
    message = existing_message(context, channel, arguments["message_ts"])
    link = f"https://sandbox.slack.com/archives/{channel.id}/p{message.ts.replace('.', '')}"
    if message.thread_ts:
        link += f"?thread_ts={message.thread_ts}&cid={channel.id}"
    return {"channel": channel.id, "permalink": link}


def _channel_to_write_in(context: Context, channel_id: str) -> Channel:
    if channel_id in context.workspace.users:
        return context.workspace.direct_message(channel_id)
    channel = joined_channel(context, channel_id)
    if channel.is_archived:
        raise SlackError("is_archived")
    return channel


def _refuse_bad_thread(context: Context, channel: Channel, thread_ts: str) -> None:
    """Stricter than Slack, which makes an orphan of a reply to a reply or to nothing."""
    parent = context.workspace.message(channel.id, thread_ts)
    if parent is None:
        raise SlackError("thread_not_found")
    if parent.thread_ts not in (None, parent.ts):
        raise SlackError("cannot_reply_to_message", "[ERROR] thread_ts is the ts of a reply")


def _metadata(arguments: Arguments) -> Json | None:
    metadata: Any = arguments.get("metadata")
    if metadata is None:
        return None
    if metadata.keys() != {"event_type", "event_payload"} or not isinstance(metadata["event_payload"], dict):
        raise SlackError("invalid_metadata_format")
    if len(json.dumps(metadata).encode()) > MOST_METADATA_BYTES:
        raise SlackError("metadata_too_large")
    return dict(metadata)
