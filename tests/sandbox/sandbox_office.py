"""Who is in the workspace that the sandbox's own tests use."""

from bot.sandbox.records import Channel, User
from bot.sandbox.workspace import Workspace


class Office:
    """The workspace every test works in: an agent, a customer of another organisation, and two channels."""

    def __init__(self) -> None:
        self.workspace = Workspace("Nordlys")
        self.agent: User = self.workspace.add_user("ingrid")
        self.customer: User = self.workspace.add_user("dana", team_id=self.workspace.add_team("Fjordglass"))
        self.triage: Channel = self.workspace.add_channel("triage", [self.agent], is_private=True)
        self.shared: Channel = self.workspace.add_channel(
            "fjordglass", [self.agent, self.customer], is_ext_shared=True
        )
