"""files.* and reactions.*: what hangs on a message."""

import mimetypes
from dataclasses import replace
from urllib.parse import quote

from bot.sandbox.records import File, Json, Message
from bot.sandbox.shown import file_json, message_json, reactions_json
from bot.sandbox.slack_api.calls import (
    Arguments,
    Context,
    SlackError,
    existing_message,
    joined_channel,
    refuse_illegal_message,
)


def get_upload_url(context: Context, arguments: Arguments) -> Json:
    """Where to post the bytes of a file of exactly `length` bytes."""
    workspace = context.workspace
    if arguments["length"] <= 0:
        raise SlackError("invalid_arguments", "[ERROR] length must be above 0")
    file = File(workspace.new_id("F"), arguments["filename"], workspace.bot.id)
    workspace.files[file.id] = file
    return {"file_id": file.id, "upload_url": f"{context.root_url}/upload/{file.id}"}


def complete_upload(context: Context, arguments: Arguments) -> Json:
    """Shares uploaded files into a channel or thread; without a channel they stay private to the bot."""
    workspace = context.workspace
    if "initial_comment" in arguments and "blocks" in arguments:
        raise SlackError("invalid_arguments", "[ERROR] either initial_comment or blocks")
    files = [_uploaded(context, str(entry.get("id"))) for entry in arguments["files"]]
    for file, entry in zip(files, arguments["files"], strict=True):
        file.title = str(entry.get("title", file.name))
        file.polls_until_ready = workspace.polls_until_files_are_ready
    if "channel_id" in arguments and not context.drop_share:
        _share(context, files, arguments)
    return {"files": [file_json(file) for file in files]}


def info(context: Context, arguments: Arguments) -> Json:
    """A file and where it is shared. A fresh one may need a few calls until its type is known."""
    file = context.workspace.files.get(arguments["file"])
    if file is None:
        raise SlackError("file_not_found")
    shown = {**file_json(file), "mimetype": "", "shares": {}}
    if file.polls_until_ready > 0:
        file.polls_until_ready -= 1
        return {"file": shown}
    for channel_id, ts in file.shares:
        kind = "private" if context.workspace.channels[channel_id].is_private else "public"
        shown["shares"].setdefault(kind, {}).setdefault(channel_id, []).append({"ts": ts})
    content = file.content or b""
    url = f"{context.root_url}/files/{file.id}/{quote(file.name)}"
    mimetype = mimetypes.guess_type(file.name)[0] or "text/plain"
    return {"file": {**shown, "mimetype": mimetype, "size": len(content), "url_private_download": url}}


def delete(context: Context, arguments: Arguments) -> Json:
    """Deletes a file of ours, and the posts that only shared it."""
    workspace = context.workspace
    file = workspace.files.get(arguments["file"])
    if file is None:
        raise SlackError("file_not_found")
    if file.user_id != workspace.bot.id:
        raise SlackError("cant_delete_file")
    del workspace.files[file.id]
    for channel_id, ts in file.shares:
        for message in [each for each in workspace.messages[channel_id] if each.ts == ts]:
            before = message_json(workspace, replace(message, file_ids=[]))
            message.file_ids.remove(file.id)
            if not message.file_ids and not message.text:
                workspace.messages[channel_id].remove(message)
                context.events.deleted(message, before)
    return {}


def add_reaction(context: Context, arguments: Arguments) -> Json:
    """Sets an emoji as the bot."""
    message, users = _reaction(context, arguments)
    if context.workspace.bot.id in users:
        raise SlackError("already_reacted")
    users.append(context.workspace.bot.id)
    message.reactions[arguments["name"]] = users
    context.events.reacted("reaction_added", context.workspace.bot.id, message, arguments["name"])
    return {}


def remove_reaction(context: Context, arguments: Arguments) -> Json:
    """Takes the bot's own emoji away."""
    message, users = _reaction(context, arguments)
    if context.workspace.bot.id not in users:
        raise SlackError("no_reaction")
    users.remove(context.workspace.bot.id)
    if not users:
        del message.reactions[arguments["name"]]
    context.events.reacted("reaction_removed", context.workspace.bot.id, message, arguments["name"])
    return {}


def get_reactions(context: Context, arguments: Arguments) -> Json:
    """All emoji on a message."""
    channel = joined_channel(context, arguments["channel"])
    message = existing_message(context, channel, arguments["timestamp"])
    shown = {**message_json(context.workspace, message), "reactions": reactions_json(message)}
    return {"type": "message", "channel": channel.id, "message": shown}


def _reaction(context: Context, arguments: Arguments) -> tuple[Message, list[str]]:
    channel = joined_channel(context, arguments["channel"])
    if not arguments["name"].replace("_", "").replace("-", "").replace("+", "").isalnum():
        raise SlackError("invalid_name")
    message = existing_message(context, channel, arguments["timestamp"])
    return message, message.reactions.get(arguments["name"], [])


def _uploaded(context: Context, file_id: str) -> File:
    file = context.workspace.files.get(file_id)
    if file is None or file.content is None:
        raise SlackError("file_not_found")
    return file


def _share(context: Context, files: list[File], arguments: Arguments) -> None:
    workspace = context.workspace
    channel = joined_channel(context, arguments["channel_id"])
    if "blocks" in arguments:
        refuse_illegal_message(context, {"text": files[0].title, "blocks": arguments["blocks"]})
    message = Message(
        channel_id=channel.id,
        ts=workspace.new_ts(),
        user_id=workspace.bot.id,
        bot_id=workspace.bot_id,
        text=arguments.get("initial_comment", ""),
        blocks=workspace.with_block_ids(arguments.get("blocks", [])),
        thread_ts=arguments.get("thread_ts"),
        subtype="file_share",
        file_ids=[file.id for file in files],
    )
    for file in files:
        file.shares.append((channel.id, message.ts))
    workspace.add_message(message)
    context.events.posted(message)
