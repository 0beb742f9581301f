"""What Slack sends when a person presses, submits, types a command: the interaction payloads."""

from bot.sandbox.records import Channel, Ephemeral, Json, Message, User, View
from bot.sandbox.screens import keep_values
from bot.sandbox.shown import message_json, view_json
from bot.sandbox.workspace import Workspace

#: What interactions call conversations that have no name for everybody.
NAMELESS = {"im": "directmessage", "group": "privategroup"}


def interaction(workspace: Workspace, kind: str, user: User, trigger_id: str) -> Json:
    """The part all interactions share.

    `team` is the team the app is installed in, also when somebody of another organisation presses: only
    `user.team_id` says where the person is from.
    """
    return {
        "type": kind,
        "token": "sandbox",
        "team": {"id": workspace.team_id, "domain": "sandbox"},
        "user": {"id": user.id, "username": user.name, "name": user.name, "team_id": user.team_id},
        "api_app_id": workspace.app_id,
        "enterprise": None,
        "is_enterprise_install": False,
        "trigger_id": trigger_id,
    }


def channel_reference(channel: Channel) -> Json:
    """Id and name as interactions give them."""
    return {"id": channel.id, "name": NAMELESS.get(channel.kind, channel.name)}


def in_message(workspace: Workspace, channel: Channel, shown: Message | Ephemeral) -> Json:
    """Where a press in a message happened. Of an ephemeral message Slack does not send the message."""
    ephemeral = isinstance(shown, Ephemeral)
    container = {
        "type": "message",
        "message_ts": shown.ts,
        "channel_id": channel.id,
        "is_ephemeral": ephemeral,
        **({"thread_ts": shown.thread_ts} if shown.thread_ts else {}),
    }
    place = {
        "container": container,
        "channel": channel_reference(channel),
        "state": {"values": keep_values(shown.blocks, {})},
    }
    return place if isinstance(shown, Ephemeral) else {**place, "message": message_json(workspace, shown)}


def in_view(workspace: Workspace, view: View) -> Json:
    """Where a press in a modal or a Home tab happened."""
    return {"container": {"type": "view", "view_id": view.id}, "view": view_json(workspace, view)}


def action(workspace: Workspace, block: Json, element: Json, held: Json) -> Json:
    """One entry of `actions`. `held` is what the element now holds, with its type."""
    pressed: Json = {key: element[key] for key in ("text", "value", "url", "style") if key in element}
    return {
        "block_id": block["block_id"],
        "action_id": element["action_id"],
        **(pressed if element["type"] == "button" else {}),
        **held,
        "type": element["type"],
        "action_ts": workspace.new_ts(),
    }


def slash_command(
    workspace: Workspace, user: User, channel: Channel, *, command: str, text: str, trigger_id: str
) -> Json:
    """A slash command; unlike interactions it is flat."""
    return {
        "token": "sandbox",
        "team_id": workspace.team_id,
        "team_domain": "sandbox",
        "channel_id": channel.id,
        "channel_name": NAMELESS.get(channel.kind, channel.name),
        "user_id": user.id,
        "user_name": user.name,
        "command": command,
        "text": text,
        "api_app_id": workspace.app_id,
        "is_enterprise_install": "false",
        "trigger_id": trigger_id,
    }
