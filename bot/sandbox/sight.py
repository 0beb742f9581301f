"""What a person can see, and the errors for reaching at what they cannot."""

from bot.sandbox.records import Channel, Ephemeral, Message, User, View
from bot.sandbox.screens import ImpossibleInSlack
from bot.sandbox.workspace import Workspace


class Sight:
    """Looks things up as a person would; raises ImpossibleInSlack for what is not on the screen."""

    def __init__(self, workspace: Workspace) -> None:
        self._workspace = workspace

    def present(self, user_id: str, channel_id: str) -> tuple[User, Channel]:
        """A person in a channel they are a member of."""
        user, channel = self._workspace.users[user_id], self._workspace.channels[channel_id]
        if user_id not in channel.members:
            raise ImpossibleInSlack(f"{user.name} is not in {channel.name or channel.id}")
        return user, channel

    def message(self, channel_id: str, ts: str) -> Message:
        """A message that everybody in the channel sees."""
        message = self._workspace.message(channel_id, ts)
        if message is None:
            raise ImpossibleInSlack(f"no message {ts} in the channel")
        return message

    def shown(self, user_id: str, channel_id: str, ts: str) -> Message | Ephemeral:
        """A message, or an ephemeral one that is shown to this person."""
        ephemeral = self._workspace.ephemeral(channel_id, ts)
        return ephemeral if ephemeral and ephemeral.user_id == user_id else self.message(channel_id, ts)

    def own(self, user_id: str, channel_id: str, ts: str) -> Message:
        """A message this person wrote."""
        message = self.message(channel_id, ts)
        if message.user_id != user_id:
            raise ImpossibleInSlack("somebody else wrote it")
        return message

    def screen(self, user_id: str) -> View | None:
        """The modal on top of a person's screen."""
        stack = self._workspace.views.get(user_id, [])
        return stack[-1] if stack else None

    def top(self, user_id: str, view_id: str) -> View:
        """That modal, which must be this one."""
        view = self.screen(user_id)
        if view is None or view.id != view_id:
            raise ImpossibleInSlack(f"modal {view_id} is not on top of the screen")
        return view

    def view(self, user_id: str, view_id: str) -> View:
        """The person's Home tab, or the modal on top."""
        home = self._workspace.homes.get(user_id)
        return home if home and home.id == view_id else self.top(user_id, view_id)

    def member_of_team(self, user_id: str, what: str) -> User:
        """Somebody of the workspace's own organisation; others are not offered `what`."""
        user = self._workspace.users[user_id]
        if self._workspace.is_external(user):
            raise ImpossibleInSlack(f"people of other organisations have no {what} of this app")
        return user
