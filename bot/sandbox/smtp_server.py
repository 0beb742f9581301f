"""A local SMTP server that keeps what it accepts, delivers nothing, and makes trouble on order."""

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import datetime
from types import TracebackType
from typing import Self, TypeVar

from aiosmtpd.smtp import SMTP, Envelope, Session

from bot.sandbox.changes import Changes
from bot.sandbox.workspace import utc_now

Seen = TypeVar("Seen")
ACCEPTED = "250 2.0.0 accepted"


@dataclass(frozen=True, slots=True)
class SentMail:
    """One accepted mail: the envelope, and the bytes as they came, with CRLF line ends."""

    sender: str
    recipients: tuple[str, ...]
    raw: bytes
    received_at: datetime


@dataclass(slots=True)
class SmtpFault:
    """Trouble for the next `times` mails (or recipients) that it fits."""

    #: rcpt, data, drop, drop_after_data or stall.
    kind: str
    times: int
    reply: str = ""
    #: For rcpt: only this recipient, in lower case; empty means any.
    recipient: str = ""
    seconds: float = 0


class SmtpServer:
    """Listens on loopback; an async context manager."""

    def __init__(
        self,
        *,
        now: Callable[[], datetime] = utc_now,
        on_mail: Callable[[SentMail], Awaitable[None]] | None = None,
    ) -> None:
        self._now = now
        #: Called for each mail before it is acknowledged to the sender.
        self.on_mail = on_mail
        #: Everything accepted, oldest first.
        self.mails: list[SentMail] = []
        #: Mails received in full whose sender is still waiting for the answer.
        self.held: list[SentMail] = []
        self._changes = Changes()
        self._faults: list[SmtpFault] = []
        self._open = asyncio.Event()
        self._open.set()
        self._sessions: list[SMTP] = []
        self._server: asyncio.Server | None = None
        self._port = 0

    async def __aenter__(self) -> Self:
        self._server = await asyncio.get_running_loop().create_server(self._session, "127.0.0.1", 0)
        self._port = self._server.sockets[0].getsockname()[1]
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._server is not None:
            self._server.close()
            for session in self._sessions:
                if session.transport is not None:
                    session.transport.close()
            await self._server.wait_closed()
            await asyncio.sleep(0)  # lets the closed transports tell their sessions

    @property
    def url(self) -> str:
        return f"smtp://127.0.0.1:{self._port}"

    # Trouble on order

    def refuse_recipient(self, reply: str, *, recipient: str = "", times: int = 1) -> None:
        """Answers RCPT with `reply`, such as `550 5.1.1 no such user`: of any recipient, or of this one."""
        self._faults.append(SmtpFault("rcpt", times, reply, recipient.lower()))

    def refuse_data(self, reply: str, *, times: int = 1) -> None:
        """Answers the whole mail with `reply`, such as `451 4.3.0 try again later`; it is not kept."""
        self._faults.append(SmtpFault("data", times, reply))

    def drop_after_data(self, *, keep: bool = True, times: int = 1) -> None:
        """Closes the connection instead of answering; the mail is kept, or not."""
        self._faults.append(SmtpFault("drop_after_data" if keep else "drop", times))

    def stall(self, seconds: float, *, times: int = 1) -> None:
        """Accepts, but answers only after `seconds`."""
        self._faults.append(SmtpFault("stall", times, seconds=seconds))

    def hold(self) -> None:
        """From now on mails are received but neither kept nor answered until `release`.

        A mail whose sender dies meanwhile is gone.
        """
        self._open.clear()

    def release(self) -> None:
        """Accepts what is held."""
        self._open.set()

    async def wait_for(
        self,
        predicate: Callable[["SmtpServer"], Seen],
        patience: float = 30,
    ) -> Seen:
        """Waits until the predicate is truthy and returns what it returned; looked at after every change."""
        try:
            async with asyncio.timeout(patience):
                while not (seen := predicate(self)):
                    await self._changes.wait()
                return seen
        except TimeoutError:
            kept, held = len(self.mails), len(self.held)
            raise TimeoutError(f"not seen within {patience} s; {kept} mails kept, {held} held") from None

    def clear(self) -> None:
        """Forgets the mails and the trouble on order."""
        self.mails.clear()
        self._faults.clear()

    # What aiosmtpd calls

    async def handle_RCPT(  # noqa: N802  # aiosmtpd calls it by this name
        self, _server: SMTP, _session: Session, envelope: Envelope, address: str, _options: list[str]
    ) -> str:
        """One recipient."""
        fault = self._take("rcpt", address.lower())
        if fault is not None:
            return fault.reply
        envelope.rcpt_tos.append(address)
        return "250 2.1.5 ok"

    async def handle_DATA(  # noqa: N802  # aiosmtpd calls it by this name
        self, server: SMTP, _session: Session, envelope: Envelope
    ) -> str:
        """One mail, received in full."""
        mail = SentMail(
            envelope.mail_from or "",
            tuple(envelope.rcpt_tos),
            bytes(envelope.original_content or b""),
            self._now(),
        )
        if fault := self._take("data"):
            return fault.reply
        if self._take("drop"):
            await _hang_up(server)
        await self._wait_if_held(mail)
        self.mails.append(mail)
        self._changes.note()
        if self.on_mail is not None:
            await self.on_mail(mail)
        if self._take("drop_after_data"):
            await _hang_up(server)
        if fault := self._take("stall"):
            await asyncio.sleep(fault.seconds)
        return ACCEPTED

    async def _wait_if_held(self, mail: SentMail) -> None:
        if self._open.is_set():
            return
        self.held.append(mail)
        self._changes.note()
        try:
            await self._open.wait()
        finally:
            self.held.remove(mail)
            self._changes.note()

    def _session(self) -> SMTP:
        # A host name of our own, because aiosmtpd would ask the resolver for one.
        session = SMTP(self, enable_SMTPUTF8=True, hostname="sandbox.invalid")
        self._sessions = [one for one in self._sessions if one.transport is not None] + [session]
        return session

    def _take(self, kind: str, recipient: str = "") -> SmtpFault | None:
        for fault in self._faults:
            if fault.kind == kind and fault.recipient in ("", recipient):
                fault.times -= 1
                if fault.times <= 0:
                    self._faults.remove(fault)
                return fault
        return None


async def _hang_up(server: SMTP) -> None:
    """Closes the connection; aiosmtpd then cancels this session's task, so this does not return."""
    if isinstance(server.transport, asyncio.WriteTransport):
        server.transport.abort()
    await asyncio.Event().wait()
