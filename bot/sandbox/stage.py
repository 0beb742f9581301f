"""The whole product on one stage: a Slack workspace, mail servers, a database, and the program itself.

The demo, `tillid sandbox` and the tests stand on it. The program is started as always, by settings and a clock.
"""

import asyncio
import hashlib
from collections.abc import Awaitable, Callable, Collection
from contextlib import AsyncExitStack
from datetime import UTC, datetime, timedelta
from pathlib import Path
from types import TracebackType
from typing import Any, Self

import yaml
from sqlalchemy import and_, func, select
from sqlmodel import Session, col

from bot import logs
from bot.app import start
from bot.running import Running
from bot.sandbox.clock import SandboxClock
from bot.sandbox.mail_servers import MailServers
from bot.sandbox.records import Channel, Message, User
from bot.sandbox.slack_server import SlackServer
from bot.sandbox.workspace import Workspace
from bot.settings import PARTS, Part, Settings
from storage.engine import read
from storage.tables import InboxItem, InboxState, OutboxItem, OutboxState

#: A Monday morning.
MORNING = datetime(2026, 3, 2, 8, 30, tzinfo=UTC)
ADDRESS = "hej@lampehuset.example"
LEASE = timedelta(seconds=61)


class Stage:
    """One company, Lampehuset: Freja and Nils answer, Signe leads, Marius reads the numbers."""

    def __init__(
        self,
        folder: Path,
        *,
        database_url: str = "",
        morning: datetime = MORNING,
        only: Collection[Part] = PARTS,
        undo_seconds: int = 0,
        slack_port: int = 0,
        **settings: Any,
    ) -> None:
        self.folder = folder
        self.clock = SandboxClock(folder / "clock.json", morning)
        self.workspace = Workspace("Lampehuset", now=self.clock)
        self.freja = self.workspace.add_user("freja", real_name="Freja Holm")
        self.nils = self.workspace.add_user("nils", real_name="Nils Berg")
        self.signe = self.workspace.add_user("signe", real_name="Signe Lund")
        self.marius = self.workspace.add_user("marius", real_name="Marius Dahl")
        staff = [self.freja, self.nils, self.signe, self.marius]
        self.triage: Channel = self.workspace.add_channel("support-triage", staff, is_private=True)
        self.nordlys = self.workspace.add_team("Nordlys AS")
        self.guest: User = self.workspace.add_user("tore", real_name="Tore Vik", team_id=self.nordlys)
        self.shared: Channel = self.workspace.add_channel(
            "nordlys-support", [self.freja, self.signe, self.guest], is_ext_shared=True
        )
        self.slack = SlackServer(self.workspace, port=slack_port)
        self.mail = MailServers(now=self.clock)
        self.database_url = database_url or f"sqlite:///{folder / 'tillid.db'}"
        self._only = only
        self._undo_seconds = undo_seconds
        self._more = settings
        self._open = AsyncExitStack()
        self._running: Running | None = None

    @property
    def running(self) -> Running:
        """The program."""
        assert self._running is not None
        return self._running

    async def __aenter__(self) -> Self:
        async with AsyncExitStack() as opening:
            await opening.enter_async_context(self.slack)
            await opening.enter_async_context(self.mail)
            self._house()
            self._open = opening.pop_all()
        # Without any part the stage stands empty: the program is started later, or in another process.
        if self._only:
            await self.start_program()
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self.stop_program()
        await self._open.aclose()

    async def start_program(self, only: Collection[Part] | None = None) -> None:
        """Start the program (again), and wait until it hears the workspace and knows its mailbox."""
        wanted = self._only if only is None else only
        logs.set_up(self.settings().tillid_log_level)
        self._running = await start(self.settings(), clock=self.clock, only=wanted)
        if "slack" in wanted:
            await self.slack.wait_until_connected()
        if "mail" in wanted:
            await self.until(lambda: self._cursor_is_there())

    async def stop_program(self) -> None:
        """Stop the program as a signal would."""
        if self._running is not None:
            await self._running.stop()
            self._running = None

    def settings(self) -> Settings:
        """The program's settings, as an operator would write them."""
        given: dict[str, Any] = {
            "slack_bot_token": self.slack.bot_token,
            "slack_app_token": self.slack.app_token,
            "tillid_slack_api_url": self.slack.api_url,
            "database_url": self.database_url,
            "tillid_imap_url": self.mail.imap_url,
            "tillid_smtp_url": self.mail.smtp_url,
            "tillid_mail_from": f"Lampehuset <{ADDRESS}>",
            "tillid_house": self.folder / "house",
            "tillid_triage_channel": self.triage.id,
            "tillid_http_port": 0,
            "tillid_poll_seconds": 0.1,
            "tillid_tick_seconds": 0.5,
            "tillid_log_level": "WARNING",
        }
        return Settings(_env_file=None, **(given | self._more))

    def _house(self) -> None:
        house = self.folder / "house"
        house.mkdir(parents=True, exist_ok=True)
        words = {
            "name": "Lampehuset",
            "language": "da",
            "country": "DK",
            "owner": self.signe.id,
            "leads": [self.signe.id],
            "managers": [self.marius.id],
        }
        (house / "house.yaml").write_text(yaml.safe_dump(words), encoding="utf-8")
        policy = {"sending": {"undo_seconds": self._undo_seconds}}
        (house / "policy.yaml").write_text(yaml.safe_dump(policy), encoding="utf-8")

    # Waiting

    async def until(self, there: Callable[[], Awaitable[bool]], seconds: float = 20) -> None:
        """Wait until something is so. Raises TimeoutError."""
        async with asyncio.timeout(seconds):
            while not await there():  # noqa: ASYNC110  # a database has no event to wait for
                await asyncio.sleep(0.02)

    async def receive(self, raw: bytes) -> None:
        """A mail comes in; when this returns it has been processed and everything it led to has gone out."""
        await self.mail.deliver(raw)
        # IMAP hands a mail over with the line ends of a mail, whatever it was delivered with.
        keys = {hashlib.sha256(each).hexdigest() for each in (raw, _crlf(raw))}
        await self.until(lambda: self._read(_is_processed, keys))
        await self.idle()

    async def idle(self) -> None:
        """Wait until nothing waits to be processed or is due to be sent."""
        await self.slack.wait_until_idle()
        await self.until(lambda: self._read(_is_idle, self.clock))

    async def _cursor_is_there(self) -> bool:
        from storage.tables import MailboxCursor

        return await self._read(
            lambda session: session.execute(select(col(MailboxCursor.id))).first() is not None
        )

    async def _read(self, work: Callable[..., bool], *args: object) -> bool:
        return await read(self.running.parts.engine, work, *args)

    async def move_clock(self, by: timedelta) -> None:
        """Let time pass; nothing is in hand while it does."""
        await self.idle()
        async with self.running.quiet():
            self.clock.move(by)
        await self.running.remind_all()
        await self.running.tick()
        await self.idle()

    # Looking

    def cards(self) -> list[Message]:
        """The cards in the triage channel, oldest first."""
        return [
            each
            for each in self.workspace.said_by_bot(self.triage.id)
            if each.thread_ts in ("", None, each.ts)
        ]

    def card(self, words: str) -> Message:
        """The newest card that holds these words."""
        found = [each for each in self.cards() if words in each.text or words in str(each.blocks)]
        if not found:
            raise LookupError(f"no card says {words!r}")
        return found[-1]


def _crlf(raw: bytes) -> bytes:
    return raw.replace(b"\r\n", b"\n").replace(b"\n", b"\r\n")


def _is_processed(session: Session, keys: set[str]) -> bool:
    found = select(col(InboxItem.state)).where(col(InboxItem.external_id).in_(keys))
    states = session.execute(found).scalars().all()
    return bool(states) and all(state is not InboxState.NEW for state in states)


def _is_idle(session: Session, clock: SandboxClock) -> bool:
    waiting = select(func.count()).select_from(InboxItem).where(col(InboxItem.state) == InboxState.NEW)
    now = clock()
    # What nobody has begun to send and is to go later can be taken back until then.
    held = (
        col(OutboxItem.state) == OutboxState.PENDING,
        col(OutboxItem.attempts) == 0,
        col(OutboxItem.due_at) > now,
    )
    busy = (
        col(OutboxItem.state).in_((OutboxState.PENDING, OutboxState.SENDING)),
        col(OutboxItem.due_at) <= now + LEASE,
        ~and_(*held),
    )
    due = select(func.count()).select_from(OutboxItem).where(*busy)
    return not session.execute(waiting).scalar_one() and not session.execute(due).scalar_one()
