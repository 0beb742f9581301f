"""Mail out over SMTP. One connection per mail, every step under a deadline, every answer of the server read."""

import asyncio
import re
import ssl
from collections.abc import Callable, Coroutine
from datetime import datetime
from typing import Any
from urllib.parse import unquote, urlsplit

import aiosmtplib

from bot import logs
from bot.errors import PermanentFailure, TemporaryFailure, UnknownOutcome
from bot.messages import Outgoing
from bot.oauth_tokens import Tokens
from bot.outbound.composing import compose, written
from bot.speech import say_to_all

log = logs.get(__name__)
#: Seconds for connecting and for each answer of the server.
DEADLINE = 30.0
#: Seconds for everything before the text: short enough that a slow server never looks like one that took the mail.
REACH_DEADLINE = 20.0
#: SMTP reply codes from here on are a lasting no.
PERMANENT = 500
#: What a provider calls the mail that it has just taken, where it gives it an id of its own: Exchange shows the
#: whole Message-ID, Amazon SES what stands before the @.
NAMED = re.compile(r"<([^\s<>@]+@[^\s<>@]+)>|\bOk ([0-9a-f]{16}(?:-[0-9a-f]+){5,6})\s*$")

#: Keeps a copy: the raw mail, its Message-ID, and the mailbox it belongs to ("user@host", or empty). It ends by itself.
Keep = Callable[[bytes, str, str], Coroutine[Any, Any, None]]


class MailSender:
    """Sends customer mail through one SMTP server."""

    def __init__(
        self,
        smtp_url: str,
        clock: Callable[[], datetime],
        deadline: float = DEADLINE,
        reach_deadline: float = REACH_DEADLINE,
        *,
        public_url: str = "",
        tokens: Tokens | None = None,
        keep: Keep | None = None,
    ) -> None:
        """`public_url`: where /unsubscribe answers. `tokens`: for a URL with a user and no password.

        `keep` is called with what was taken, beside the sending: its trouble is logged, and changes nothing.
        """
        parts = urlsplit(smtp_url)
        by_token = tokens is not None and bool(parts.username) and not parts.password
        self._options: dict[str, Any] = {
            "hostname": parts.hostname,
            "port": parts.port or (465 if parts.scheme == "smtps" else 587),
            "username": unquote(parts.username) if parts.username else None,
            "password": unquote(parts.password) if parts.password else None,
            "oauth_token_generator": self._token if by_token else None,
            "use_tls": parts.scheme == "smtps",
            # None: STARTTLS where the server offers it. Certificates are verified.
            "start_tls": None if parts.scheme == "smtp" else False,
            "tls_context": ssl.create_default_context(),
            "timeout": deadline,
        }
        self._tokens = tokens if by_token else None
        self._shown = ""
        self._clock = clock
        self._reach_deadline = reach_deadline
        self._public_url = public_url
        self._keep = keep
        self._keeping: set[asyncio.Task[None]] = set()

    async def __call__(self, item: Outgoing) -> dict[str, Any]:
        """Send one mail; the receipt holds its Message-ID, what the server answered, and the id it gave instead.

        Raises PermanentFailure for what cannot be sent at all, TemporaryFailure before the server has the text,
        UnknownOutcome when it fell silent after that.
        """
        # Files make a mail large: it is written beside the loop.
        mail = await asyncio.to_thread(compose, item, self._clock(), self._public_url)
        raw = await asyncio.to_thread(written, mail)
        sender, recipient = (str(mail[name].addresses[0].addr_spec) for name in ("From", "To"))
        client = aiosmtplib.SMTP(**self._options)
        try:
            await self._reach(client, sender, recipient, len(raw))
            answer = await self._data(client, raw)
        finally:
            client.close()
        self._keep_copy(raw, str(item.payload["message_id"]), str(item.payload.get("mailbox") or ""))
        receipt = {"message_id": item.payload["message_id"], "answer": answer}
        other = other_id(answer)
        return receipt | ({"other_id": other} if other and other != receipt["message_id"] else {})

    async def try_out(self) -> None:
        """Connect and log in, and nothing more. Raises TemporaryFailure with the reason."""
        client = aiosmtplib.SMTP(**self._options)
        await self._connect(client)
        await client.quit()

    async def _reach(self, client: aiosmtplib.SMTP, sender: str, recipient: str, size_bytes: int) -> None:
        """Up to the point where the server waits for the text: until here it cannot have taken the mail."""
        try:
            async with asyncio.timeout(self._reach_deadline):
                await self._connect(client)
                await self._envelope(client, sender, recipient, size_bytes)
        except TimeoutError as error:
            raise TemporaryFailure(say_to_all("the mail server is too slow to take mail")) from error

    async def _token(self) -> str:
        assert self._tokens is not None
        self._shown = await self._tokens.access_token()
        return self._shown

    async def _connect(self, client: aiosmtplib.SMTP) -> None:
        try:
            await client.connect()
        except aiosmtplib.SMTPAuthenticationError as error:
            raise self._shut_out(error.code) from error
        except (aiosmtplib.SMTPException, OSError) as error:
            reason = say_to_all("no connection to the mail server ({error})", error=type(error).__name__)
            raise TemporaryFailure(reason) from error

    def _shut_out(self, code: int) -> TemporaryFailure:
        if self._tokens is None:
            return TemporaryFailure(say_to_all("the mail server refused our password ({code})", code=code))
        self._tokens.forget(self._shown)
        return TemporaryFailure(say_to_all("the mail server refused our token ({code})", code=code))

    async def _envelope(self, client: aiosmtplib.SMTP, sender: str, recipient: str, size_bytes: int) -> None:
        try:
            await client.mail(sender, options=_options(client, size_bytes))
            await client.rcpt(recipient)
        except aiosmtplib.SMTPResponseException as error:
            raise _refusal(error) from error
        except (aiosmtplib.SMTPException, OSError) as error:
            reason = say_to_all("the mail server hung up ({error})", error=type(error).__name__)
            raise TemporaryFailure(reason) from error

    async def _data(self, client: aiosmtplib.SMTP, raw: bytes) -> str:
        try:
            response = await client.data(raw)
        except aiosmtplib.SMTPResponseException as error:
            raise _refusal(error) from error
        except (aiosmtplib.SMTPException, OSError) as error:
            reason = say_to_all(
                "the mail server fell silent ({error}); it may have taken the mail",
                error=type(error).__name__,
            )
            raise UnknownOutcome(reason) from error
        return str(response.message)[:200]

    def _keep_copy(self, raw: bytes, message_id: str, mailbox: str) -> None:
        # Beside the sending: the mail has gone, and a slow mailbox must not make that look uncertain.
        if self._keep is not None:
            task = asyncio.create_task(self._keep(raw, message_id, mailbox))
            self._keeping.add(task)
            task.add_done_callback(self._kept)

    def _kept(self, task: asyncio.Task[None]) -> None:
        self._keeping.discard(task)
        if not task.cancelled() and (error := task.exception()) is not None:
            log.warning("sent_copy_not_kept", error=type(error).__name__)


def _options(client: aiosmtplib.SMTP, size_bytes: int) -> list[str]:
    """What MAIL FROM says of the mail. Raises PermanentFailure for one that is larger than the server takes."""
    if not client.supports_extension("size"):
        return []
    most = client.esmtp_extensions.get("size", "")
    if most.isdigit() and 0 < int(most) < size_bytes:
        given, allowed = (f"{each / 1_000_000:.1f} MB" for each in (size_bytes, int(most)))
        raise PermanentFailure(
            say_to_all(
                "the mail is too large: {given}, and the mail server takes {allowed} at most",
                given=given,
                allowed=allowed,
            )
        )
    return [f"SIZE={size_bytes}"]


def other_id(answer: str) -> str:
    """The id under which the provider sends the mail on, out of its answer; empty where it names none.

    Of Amazon SES only what stands before the @: the domain depends on the region.
    """
    found = NAMED.search(answer)
    return (found[1] or found[2]) if found else ""


def _refusal(error: aiosmtplib.SMTPResponseException) -> PermanentFailure | TemporaryFailure:
    reason = say_to_all("the mail server said {code} {words}", code=error.code, words=error.message[:200])
    return PermanentFailure(reason) if error.code >= PERMANENT else TemporaryFailure(reason)
