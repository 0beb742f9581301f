"""What stands behind the page: the stage, the customers' mail, and the words the page still has to say."""

import asyncio
import secrets
from collections import OrderedDict
from dataclasses import dataclass, field
from zoneinfo import ZoneInfo

from bot.rules.business_days import zone
from bot.sandbox.changes import Changes
from bot.sandbox.page.cast import Cast, open_cast
from bot.sandbox.page.letters import Letters
from bot.sandbox.page.looking import Looking
from bot.sandbox.records import Channel, User
from bot.sandbox.smtp_server import SentMail
from bot.sandbox.stage import ADDRESS, Stage

MOST_NOTICES = 100


class Unable(Exception):
    """What was asked for cannot be done; the text is for the page."""


@dataclass
class Notices:
    """Short texts that a redirect points to."""

    _kept: OrderedDict[str, str] = field(default_factory=OrderedDict)

    def keep(self, text: str) -> str:
        """Its id."""
        name = secrets.token_hex(4)
        self._kept[name] = text
        while len(self._kept) > MOST_NOTICES:
            self._kept.popitem(last=False)
        return name

    def get(self, name: str) -> str:
        """The text, or nothing."""
        return self._kept.get(name, "")


@dataclass
class Bell:
    """Counts changes, so that nobody who is busy misses one."""

    version: int = 0
    _changes: Changes = field(default_factory=Changes)

    async def watch(self, changes: Changes) -> None:
        """Count for ever."""
        while True:
            await changes.wait()
            self.version += 1
            self._changes.note()

    async def after(self, version: int) -> int:
        """Wait until there has been more than that; the version then."""
        while self.version == version:
            await self._changes.wait()
        return self.version


@dataclass
class Playground:
    """One running stage and what the page remembers beside it."""

    stage: Stage
    cast: Cast = field(default_factory=open_cast)
    letters: Letters = field(default_factory=lambda: Letters(ADDRESS))
    notices: Notices = field(default_factory=Notices)
    bell: Bell = field(default_factory=Bell)
    #: What the program objected to in a modal, by view id and block id.
    objections: dict[str, dict[str, str]] = field(default_factory=dict)
    #: Held by whoever lets mail in or time pass.
    turn: asyncio.Lock = field(default_factory=asyncio.Lock)
    #: Every form must carry it.
    token: str = field(default_factory=lambda: secrets.token_urlsafe(24))

    def __post_init__(self) -> None:
        self.stage.mail.smtp.on_mail = self._mail_came

    async def _mail_came(self, _mail: SentMail) -> None:
        self.stage.workspace.changes.note()

    @property
    def zone(self) -> ZoneInfo:
        """The house's time zone."""
        return zone(self.stage.running.parts.house.country)

    @property
    def people(self) -> tuple[tuple[User, str], ...]:
        """Who can be played in Slack, and what they are."""
        stage = self.stage
        return (
            (stage.freja, "agent"),
            (stage.nils, "agent"),
            (stage.signe, "lead"),
            (stage.marius, "manager"),
            (stage.guest, "Nordlys AS"),
        )

    def person(self, looking: Looking) -> User:
        """Who presses."""
        return next((user for user, _ in self.people if user.name == looking.person), self.stage.freja)

    def channels(self, user: User) -> list[Channel]:
        """What a person sees in the side bar: their channels, and direct messages once something is in them."""
        workspace = self.stage.workspace
        mine = [each for each in workspace.channels.values() if user.id in each.members]
        return [each for each in mine if not each.is_im or workspace.messages.get(each.id)]

    def channel(self, looking: Looking) -> Channel:
        """The channel on the screen; one the person is not in is never shown."""
        mine = self.channels(self.person(looking))
        return next((each for each in mine if each.id == looking.channel), mine[0])
