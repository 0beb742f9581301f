"""A channel that we share with a customer, and what is said and stored there."""

from case_scenes import Office
from sqlmodel import Session, col

from bot.sandbox.records import Channel, Message
from bot.sandbox.socket_mode import Delivery
from bot.sandbox.stage import Stage
from storage import agents
from storage.tables import Direction, InboxItem
from storage.tables import Message as Said

TWICE = "Vi er blevet trukket 499 kr. to gange på ordre 10432. Kan I se på det?"


class Room:
    """A channel that we share with a customer, and that we listen to; one for each test."""

    def __init__(self, office: Office, channel: Channel) -> None:
        self.office = office
        self.channel = channel
        self.people = office.people
        self.guest = office.stage.guest

    async def stored(self) -> list[InboxItem]:
        """What we have stored of what was said here."""
        items = await self.office.rows(InboxItem, col(InboxItem.kind) == "slack")
        return [item for item in items if self.channel.id in (item.message_id or "")]

    async def said(self, direction: Direction = Direction.IN) -> list[Said]:
        """The messages of the conversations here."""
        return await self.office.rows(
            Said, col(Said.slack_channel) == self.channel.id, col(Said.direction) == direction
        )

    async def settled(self) -> None:
        """Everything said has been acknowledged, processed, and answered with what it leads to."""
        await self.office.stage.idle()

    def card(self, words: str) -> Message:
        return self.office.stage.card(words)

    def deliveries(self, ts: str) -> list[Delivery]:
        """Each time Slack handed this message over."""
        found = self.office.stage.slack.deliveries
        return [each for each in found if each.payload.get("event", {}).get("ts") == ts]


def watch(session: Session, stage: Stage, channel_id: str) -> None:
    """The program listens to the channel from now on."""
    agents.watch(session, stage.workspace.team_id, channel_id, stage.clock())
