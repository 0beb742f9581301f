"""What Slack tells the app without being asked: message events, mentions, reactions, joins."""

from collections.abc import Callable

from bot.sandbox.records import Channel, Json, Message
from bot.sandbox.shown import message_json
from bot.sandbox.workspace import Workspace


class Events:
    """Wraps events in their callbacks and hands them to `deliver`.

    The app hears only of channels its bot is in, as in Slack.
    """

    def __init__(self, workspace: Workspace, deliver: Callable[[Json], None]) -> None:
        self._workspace = workspace
        self._deliver = deliver

    def emit(self, event: Json, channel: Channel | None = None) -> str | None:
        """Sends any event; returns its event_id, or None where the app may not hear it.

        What an outsider does in a shared channel carries the outsider's `team_id`, as Slack may send it;
        `authorizations` name our workspace all the same.
        """
        workspace = self._workspace
        if channel is not None and workspace.bot.id not in channel.members:
            return None
        event_id = workspace.new_id("Ev")
        callback: Json = {
            "token": "sandbox",
            "team_id": self._sent_from(event, channel),
            "context_team_id": workspace.team_id,
            "context_enterprise_id": None,
            "api_app_id": workspace.app_id,
            "event": {"event_ts": workspace.new_ts(), **event},
            "type": "event_callback",
            "event_id": event_id,
            "event_time": int(workspace.now().timestamp()),
            "authorizations": [
                {
                    "enterprise_id": None,
                    "team_id": workspace.team_id,
                    "user_id": workspace.bot.id,
                    "is_bot": True,
                    "is_enterprise_install": False,
                }
            ],
            "is_ext_shared_channel": channel is not None and channel.is_ext_shared,
            "event_context": workspace.new_id("4-"),
        }
        self._deliver(callback)
        return event_id

    def posted(self, message: Message) -> None:
        """A new message, and its app_mention twin when it names the bot outside a direct message."""
        channel = self._workspace.channels[message.channel_id]
        event = self._message_event(message, channel)
        self.emit(event, channel)
        if f"<@{self._workspace.bot.id}>" in message.text and not channel.is_im and not message.bot_id:
            twin = {key: value for key, value in event.items() if key not in ("channel_type", "subtype")}
            self.emit({**twin, "type": "app_mention"}, channel)

    def changed(self, message: Message, before: Json) -> None:
        """An edit; `before` is the message's JSON from before it."""
        after = message_json(self._workspace, message)
        self._hidden(message.channel_id, {"subtype": "message_changed", "message": after}, before)

    def deleted(self, message: Message, before: Json) -> None:
        self._hidden(message.channel_id, {"subtype": "message_deleted", "deleted_ts": message.ts}, before)

    def reacted(self, kind: str, user_id: str, message: Message, name: str) -> None:
        """`kind` is reaction_added or reaction_removed."""
        event: Json = {
            "type": kind,
            "user": user_id,
            "reaction": name,
            "item_user": message.user_id,
            "item": {"type": "message", "channel": message.channel_id, "ts": message.ts},
        }
        self.emit(event, self._workspace.channels[message.channel_id])

    def joined(self, user_id: str, channel: Channel, inviter_id: str) -> None:
        event: Json = {
            "type": "member_joined_channel",
            "user": user_id,
            "channel": channel.id,
            "channel_type": "G" if channel.is_private else "C",
            "team": self._workspace.users[user_id].team_id,
            "inviter": inviter_id,
        }
        self.emit(event, channel)

    def _sent_from(self, event: Json, channel: Channel | None) -> str:
        author = self._workspace.users.get(str(event.get("user") or ""))
        shared = channel is not None and channel.is_ext_shared
        return author.team_id if author and shared else self._workspace.team_id

    def _message_event(self, message: Message, channel: Channel) -> Json:
        event = message_json(self._workspace, message)
        event |= {"channel": channel.id, "channel_type": channel.kind, "event_ts": message.ts}
        if message.thread_ts and (parent := self._workspace.message(channel.id, message.thread_ts)):
            event["parent_user_id"] = parent.user_id
        if channel.is_ext_shared:
            event |= {"user_team": event["team"], "source_team": event["team"]}
            for file in event.get("files", []):
                file["file_access"] = "check_file_info"
        return event

    def _hidden(self, channel_id: str, change: Json, before: Json) -> None:
        channel = self._workspace.channels[channel_id]
        event: Json = {
            "type": "message",
            "hidden": True,
            "channel": channel.id,
            "channel_type": channel.kind,
            "ts": self._workspace.new_ts(),
            "previous_message": before,
            **change,
        }
        self.emit({**event, "event_ts": event["ts"]}, channel)
