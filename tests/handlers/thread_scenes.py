"""A channel among ourselves where somebody of ours asks, and what colleagues do with a message's menu."""

from case_scenes import Office
from sqlmodel import col

from bot.sandbox.interactions import InteractionResult
from bot.sandbox.records import Channel, Message, User, View
from storage.tables import Conversation, Suggestion
from storage.tables import Message as Said

TWICE = "Vi er blevet trukket 499 kr. to gange på ordre 10432. Kan I se på det?"


class Hall:
    """A channel that nobody watches: Olav of another team asks there, and colleagues read along."""

    def __init__(self, office: Office) -> None:
        stage = office.stage
        self.office, self.people = office, office.people
        number = len(stage.workspace.channels)
        self.olav = stage.workspace.add_user(f"olav{number}", real_name="Olav Dal")
        self.channel: Channel = stage.workspace.add_channel(
            f"hall-{number}", [stage.freja, stage.nils, stage.signe, self.olav]
        )

    async def asks(self, text: str = TWICE, *, thread_ts: str | None = None) -> str:
        """Olav writes; the message's ts."""
        ts = await self.people.say(self.olav.id, self.channel.id, text, thread_ts=thread_ts)
        await self.office.stage.idle()
        return ts

    async def cases(self) -> list[Conversation]:
        """What has become a case here."""
        return await self.office.rows(Conversation, col(Conversation.slack_channel) == self.channel.id)

    async def drafts(self) -> list[Suggestion]:
        """Every version of every card of this channel."""
        ids = [each.id for each in await self.cases()]
        return await self.office.rows(Suggestion, col(Suggestion.conversation_id).in_(ids))

    async def heard(self) -> list[str]:
        """What of this channel we have taken in."""
        return [
            each.reply for each in await self.office.rows(Said, col(Said.slack_channel) == self.channel.id)
        ]

    async def use(self, shortcut: str, ts: str, user: User | None = None, channel: str = "") -> View:
        """Somebody uses a shortcut on a message; the window with its content."""
        return await use(self.office, user or self.office.freja, shortcut, channel or self.channel.id, ts)


async def use(office: Office, user: User, shortcut: str, channel: str, ts: str) -> View:
    """Somebody uses a shortcut on a message; the window with its content, and all it led to done."""
    office.stage.workspace.views.pop(user.id, None)
    result: InteractionResult = await office.people.shortcut(user.id, shortcut, channel, ts)
    assert result.acknowledged

    def there(_: object) -> View | None:
        shown = office.people.screen(user.id)
        return shown if shown is not None and "One moment" not in str(shown.blocks) else None

    shown = await office.stage.slack.wait_for(there, patience=15)
    assert shown is not None
    await office.stage.idle()
    return shown


async def card_of(office: Office, case: int) -> Message:
    """The card of a case as it stands among colleagues."""
    from bot.card_rows import card_key
    from storage import outbox

    posted = await office.read(lambda session: outbox.receipt(session, card_key(case)))
    found = office.stage.workspace.message(office.stage.triage.id, posted["ts"])
    assert found is not None
    return found
