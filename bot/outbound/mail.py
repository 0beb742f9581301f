"""Mail out over SMTP. One connection per mail, every step under a deadline, every answer of the server read."""

import asyncio
import ssl
from collections.abc import Callable
from datetime import datetime
from email.errors import MessageError
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP as SMTP_POLICY
from email.utils import format_datetime, parseaddr
from typing import Any
from urllib.parse import unquote, urlsplit

import aiosmtplib

from bot.errors import PermanentFailure, TemporaryFailure, UnknownOutcome
from bot.messages import Outgoing

#: Seconds for connecting and for each answer of the server.
DEADLINE = 30.0
#: Seconds for everything before the text: short enough that a slow server never looks like one that took the mail.
REACH_DEADLINE = 20.0
#: SMTP reply codes from here on are a lasting no.
PERMANENT = 500


class MailSender:
    """Sends customer mail through one SMTP server."""

    def __init__(
        self,
        smtp_url: str,
        clock: Callable[[], datetime],
        deadline: float = DEADLINE,
        reach_deadline: float = REACH_DEADLINE,
    ) -> None:
        parts = urlsplit(smtp_url)
        self._options: dict[str, Any] = {
            "hostname": parts.hostname,
            "port": parts.port or (465 if parts.scheme == "smtps" else 587),
            "username": unquote(parts.username) if parts.username else None,
            "password": unquote(parts.password) if parts.password else None,
            "use_tls": parts.scheme == "smtps",
            # None: STARTTLS where the server offers it. Certificates are verified.
            "start_tls": None if parts.scheme == "smtp" else False,
            "tls_context": ssl.create_default_context(),
            "timeout": deadline,
        }
        self._clock = clock
        self._reach_deadline = reach_deadline

    async def __call__(self, item: Outgoing) -> dict[str, Any]:
        """Send one mail; the receipt holds its Message-ID and what the server answered.

        Raises TemporaryFailure before the server has the text, UnknownOutcome when it fell silent after that.
        """
        mail = compose(item, self._clock())
        client = aiosmtplib.SMTP(**self._options)
        try:
            await self._reach(client, str(mail["From"].addresses[0].addr_spec), str(item.payload["to"]))
            answer = await self._data(client, mail.as_bytes())
        finally:
            client.close()
        return {"message_id": item.payload["message_id"], "answer": answer}

    async def try_out(self) -> None:
        """Connect and log in, and nothing more. Raises TemporaryFailure with the reason."""
        client = aiosmtplib.SMTP(**self._options)
        await self._connect(client)
        await client.quit()

    async def _reach(self, client: aiosmtplib.SMTP, sender: str, recipient: str) -> None:
        """Up to the point where the server waits for the text: until here it cannot have taken the mail."""
        try:
            async with asyncio.timeout(self._reach_deadline):
                await self._connect(client)
                await self._envelope(client, sender, recipient)
        except TimeoutError as error:
            raise TemporaryFailure("the mail server is too slow to take mail") from error

    async def _connect(self, client: aiosmtplib.SMTP) -> None:
        try:
            await client.connect()
        except aiosmtplib.SMTPAuthenticationError as error:
            raise TemporaryFailure(f"the mail server refused our password ({error.code})") from error
        except (aiosmtplib.SMTPException, OSError) as error:
            raise TemporaryFailure(f"no connection to the mail server ({type(error).__name__})") from error

    async def _envelope(self, client: aiosmtplib.SMTP, sender: str, recipient: str) -> None:
        try:
            await client.mail(sender)
            await client.rcpt(recipient)
        except aiosmtplib.SMTPResponseException as error:
            raise _refusal(error) from error
        except (aiosmtplib.SMTPException, OSError) as error:
            raise TemporaryFailure(f"the mail server hung up ({type(error).__name__})") from error

    async def _data(self, client: aiosmtplib.SMTP, raw: bytes) -> str:
        try:
            response = await client.data(raw)
        except aiosmtplib.SMTPResponseException as error:
            raise _refusal(error) from error
        except (aiosmtplib.SMTPException, OSError) as error:
            raise UnknownOutcome(
                f"the mail server fell silent ({type(error).__name__}); it may have taken the mail"
            ) from error
        return str(response.message)[:200]


def _refusal(error: aiosmtplib.SMTPResponseException) -> PermanentFailure | TemporaryFailure:
    reason = f"the mail server said {error.code} {error.message[:200]}"
    return PermanentFailure(reason) if error.code >= PERMANENT else TemporaryFailure(reason)


def compose(item: Outgoing, now: datetime) -> EmailMessage:
    """The mail as it goes. Raises PermanentFailure when a header cannot be written (a line break, no address)."""
    payload = item.payload
    mail = EmailMessage(policy=SMTP_POLICY)
    house, address = parseaddr(str(payload["from"]))
    name = " · ".join(each for each in (payload.get("sender_name"), house) if each)
    try:
        mail["From"] = Address(display_name=str(name), addr_spec=address)
        mail["To"] = Address(addr_spec=str(payload["to"]))
        mail["Subject"] = str(payload["subject"])
        mail["Date"] = format_datetime(now)
        mail["Message-ID"] = f"<{payload['message_id']}>"
        if payload.get("in_reply_to"):
            mail["In-Reply-To"] = f"<{payload['in_reply_to']}>"
        if payload.get("references"):
            mail["References"] = " ".join(f"<{each}>" for each in payload["references"])
        mail["X-Tillid-Thread"] = str(payload["token"])
        mail.set_content(str(payload["text"]) + "\n")
    except (ValueError, IndexError, MessageError) as error:
        raise PermanentFailure(f"the mail cannot be written: {error}") from error
    return mail
