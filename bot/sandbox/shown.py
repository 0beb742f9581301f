"""The workspace's records as Slack's JSON, for answers, events and interactions."""

from bot.sandbox.records import Channel, File, Json, Message, User, View
from bot.sandbox.workspace import Workspace


def without_none(**fields: object) -> Json:
    """Slack leaves out what there is not."""
    return {key: value for key, value in fields.items() if value is not None}


def user_json(workspace: Workspace, user: User) -> Json:
    """A user object; people of other organisations come without locale and admin flags."""
    external = workspace.is_external(user)
    shown: Json = {
        "id": user.id,
        "team_id": user.team_id,
        "name": user.name,
        "real_name": user.real_name,
        "deleted": user.deleted,
        "tz": user.tz,
        "is_bot": user.is_bot,
        "is_app_user": False,
        "profile": {"real_name": user.real_name, "display_name": user.name, "team": user.team_id},
    }
    if user.email and not user.is_stranger and "users:read.email" in workspace.scopes:
        shown["profile"]["email"] = user.email
    if external:
        return {**shown, "is_stranger": user.is_stranger}
    return {
        **shown,
        "locale": user.locale,
        "is_admin": user.is_admin,
        "is_owner": False,
        "is_restricted": user.is_restricted,
        "is_ultra_restricted": False,
    }


def channel_json(workspace: Workspace, channel: Channel) -> Json:
    """A conversation object as the bot sees it."""
    if channel.is_im:
        other = next((member for member in channel.members if member != workspace.bot.id), "")
        return {"id": channel.id, "is_im": True, "user": other, "is_archived": channel.is_archived}
    return {
        "id": channel.id,
        "name": channel.name,
        "is_channel": not channel.is_private,
        "is_group": channel.is_private,
        "is_im": False,
        "is_mpim": False,
        "is_private": channel.is_private,
        "is_archived": channel.is_archived,
        "is_shared": channel.is_ext_shared,
        "is_ext_shared": channel.is_ext_shared,
        "is_org_shared": False,
        "is_member": workspace.bot.id in channel.members,
        "context_team_id": workspace.team_id,
        "num_members": len(channel.members),
    }


def file_json(file: File) -> Json:
    """A file object."""
    return {"id": file.id, "name": file.name, "title": file.title, "user": file.user_id}


def message_json(workspace: Workspace, message: Message, *, with_metadata: bool = False) -> Json:
    """A message as in histories and events; metadata only where it was asked for."""
    author = workspace.users[message.user_id]
    replies = [one for one in workspace.thread(message.channel_id, message.ts) if one.ts != message.ts]
    edited = message.edited
    files = [file_json(workspace.files[file_id]) for file_id in message.file_ids]
    return without_none(
        type="message",
        subtype=message.subtype,
        user=message.user_id,
        bot_id=message.bot_id,
        app_id=workspace.app_id if message.bot_id else None,
        client_msg_id=message.client_msg_id,
        text=message.text,
        ts=message.ts,
        team=author.team_id,
        blocks=message.blocks or None,
        thread_ts=message.thread_ts or (message.ts if replies else None),
        reply_count=len(replies) or None,
        latest_reply=replies[-1].ts if replies else None,
        edited={"user": edited[0], "ts": edited[1]} if edited else None,
        files=files or None,
        reactions=reactions_json(message) or None,
        metadata=message.metadata if with_metadata else None,
    )


def reactions_json(message: Message) -> list[Json]:
    """The reactions of a message, in the order they appeared."""
    return [{"name": name, "users": users, "count": len(users)} for name, users in message.reactions.items()]


def view_json(workspace: Workspace, view: View) -> Json:
    """A view as answered by views.* and as carried by interactions."""
    return {
        "id": view.id,
        "team_id": workspace.team_id,
        "app_id": workspace.app_id,
        "app_installed_team_id": workspace.team_id,
        "bot_id": workspace.bot_id,
        "title": {"type": "plain_text", "text": "View Title", "emoji": True},
        "submit": None,
        "close": None,
        "callback_id": "",
        "private_metadata": "",
        "external_id": "",
        "clear_on_close": False,
        "notify_on_close": False,
        **view.payload,
        "hash": view.hash,
        "root_view_id": view.root_view_id,
        "previous_view_id": view.previous_view_id,
        "state": {"values": view.values},
    }
