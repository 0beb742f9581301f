"""What administrators and owners do in a workspace: share, archive, remove, rename, change user groups."""

from collections.abc import Sequence

from bot.sandbox.events import Events
from bot.sandbox.records import Channel, Json
from bot.sandbox.screens import ImpossibleInSlack
from bot.sandbox.workspace import Workspace


class Upkeep:
    """Changes the workspace, and lets the app hear of it as Slack does."""

    def __init__(self, workspace: Workspace, events: Events) -> None:
        self._workspace = workspace
        self._events = events

    def share(self, channel_id: str, team_id: str, *, silently: bool = False) -> None:
        """Connects a channel with another organisation; `silently` where the event gets lost."""
        channel = self._channel(channel_id)
        channel.is_ext_shared = True
        if not silently:
            told: Json = {"type": "channel_shared", "connected_team_id": team_id, "channel": channel_id}
            self._events.emit(told, channel)

    def unshare(self, channel_id: str, team_id: str, *, silently: bool = False) -> None:
        """Ends that; people of the other organisation are out."""
        channel = self._channel(channel_id)
        users = self._workspace.users
        channel.members = [each for each in channel.members if users[each].team_id != team_id]
        channel.is_ext_shared = False
        told: Json = {
            "type": "channel_unshared",
            "previously_connected_team_id": team_id,
            "channel": channel_id,
            "is_ext_shared": False,
        }
        if not silently:
            self._events.emit(told, channel)

    def archive(self, channel_id: str, user_id: str) -> None:
        """Nobody can write there any more."""
        channel = self._channel(channel_id)
        channel.is_archived = True
        kind = "group_archive" if channel.is_private else "channel_archive"
        self._events.emit({"type": kind, "channel": channel_id, "user": user_id}, channel)

    def unarchive(self, channel_id: str, user_id: str) -> None:
        """As it was."""
        channel = self._channel(channel_id)
        channel.is_archived = False
        kind = "group_unarchive" if channel.is_private else "channel_unarchive"
        self._events.emit({"type": kind, "channel": channel_id, "user": user_id}, channel)

    def remove_bot(self, channel_id: str) -> None:
        """Takes the app out of a channel."""
        channel = self._channel(channel_id)
        channel.members.remove(self._workspace.bot.id)
        kind = "group_left" if channel.is_private else "channel_left"
        # The last that it hears from there.
        self._events.emit({"type": kind, "channel": channel_id})

    def leave(self, user_id: str, channel_id: str) -> None:
        """A person leaves, or is taken out of, a channel."""
        channel = self._channel(channel_id)
        if user_id not in channel.members:
            raise ImpossibleInSlack("is not in the channel")
        channel.members.remove(user_id)
        told: Json = {
            "type": "member_left_channel",
            "user": user_id,
            "channel": channel_id,
            "channel_type": "G" if channel.is_private else "C",
            "team": self._workspace.users[user_id].team_id,
        }
        self._events.emit(told, channel)

    def give_new_id(self, channel_id: str) -> str:
        """Slack gives a channel another id, as it does when it becomes shared; returns that."""
        workspace = self._workspace
        channel = workspace.channels.pop(channel_id)
        channel.id = workspace.new_id("C")
        workspace.channels[channel.id] = channel
        workspace.messages[channel.id] = workspace.messages.pop(channel_id, [])
        for message in workspace.messages[channel.id]:
            message.channel_id = channel.id
        told: Json = {
            "type": "channel_id_changed",
            "old_channel_id": channel_id,
            "new_channel_id": channel.id,
        }
        self._events.emit(told, channel)
        return channel.id

    def regroup(self, group_id: str, members: Sequence[str]) -> None:
        """Who is in a user group from now on; made where there is none. Needs a paid plan."""
        groups = self._workspace.user_groups
        if groups is None:
            raise ImpossibleInSlack("the free plan has no user groups")
        before = groups.get(group_id, [])
        groups[group_id] = list(members)
        now = int(self._workspace.now().timestamp())
        added = [each for each in members if each not in before]
        removed = [each for each in before if each not in members]
        told: Json = {
            "type": "subteam_members_changed",
            "subteam_id": group_id,
            "team_id": self._workspace.team_id,
            "date_previous_update": now,
            "date_update": now,
            "added_users": added,
            "added_users_count": len(added),
            "removed_users": removed,
            "removed_users_count": len(removed),
        }
        self._events.emit(told)

    def _channel(self, channel_id: str) -> Channel:
        return self._workspace.channels[channel_id]
