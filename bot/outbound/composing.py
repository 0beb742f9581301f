"""A mail from its outbox row: headers, the text as it was approved, the same in HTML, and files.

Nothing a customer or a colleague wrote can become a header, markup, or a second recipient.
"""

import base64
import re
from collections.abc import Iterable, Mapping
from datetime import datetime
from email.errors import MessageError
from email.header import Header
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP, EmailPolicy
from email.utils import format_datetime, parseaddr
from typing import Any

from bot.errors import PermanentFailure
from bot.messages import Outgoing
from bot.outbound.letter_html import letter_html
from bot.speech import say_to_all

#: Characters a line of mail may hold, less the header's name.
LONGEST_ID = 900
#: Headers of ids and addresses that programs compare letter by letter.
VERBATIM = frozenset({"message-id", "in-reply-to", "references", "list-unsubscribe", "x-tillid-thread"})
#: What would look odd in a header and ends no line; line ends themselves are refused.
ODD = re.compile(r"[\x00-\x09\x0b\x0c\x0e-\x1f\x7f-\x9f\u2028\u2029\ud800-\udfff]+")
TYPE = re.compile(r"[a-z0-9][a-z0-9!#$&^_.+-]{0,60}/[a-z0-9][a-z0-9!#$&^_.+-]{0,80}")
#: Kinds of content with an inside of their own: as a file they travel as plain bytes.
CONTAINERS = ("message", "multipart")


class MailPolicy(EmailPolicy):
    """As the standard library writes mail, but for three things.

    It never folds an id: the library wraps one that is longer than a line into an encoded word, and Outlook's are
    that long. It writes a subject with the library's older encoder: the newer one loses spaces between long words
    that it has to encode. And it writes no 8-bit bodies: a server that recodes one on the way breaks its signature.
    """

    def fold(self, name: str, value: Any) -> str:
        """One header as text."""
        return self._verbatim(name, value) or super().fold(name, value)

    def fold_binary(self, name: str, value: Any) -> bytes:
        """One header as bytes."""
        written = self._verbatim(name, value)
        return written.encode("ascii") if written else super().fold_binary(name, value)

    def _verbatim(self, name: str, value: Any) -> str:
        if name.lower() == "subject" and not str(value).isascii():
            encoded = Header(str(value), "utf-8", header_name=name).encode(linesep=self.linesep)
            return f"{name}: {encoded}{self.linesep}"
        words = str(value).split()
        if name.lower() not in VERBATIM or not words or not str(value).isascii():
            return ""
        return f"{name}: " + f"{self.linesep} ".join(words) + self.linesep


POLICY = MailPolicy(linesep=SMTP.linesep, cte_type="7bit")


def compose(item: Outgoing, now: datetime, public_url: str = "") -> EmailMessage:
    """The mail as it goes. Raises PermanentFailure, in words for a person, when it cannot be written.

    `public_url` is where /unsubscribe answers; without it an automatic mail carries no such link.
    """
    payload = item.payload
    mail = EmailMessage(policy=POLICY)
    stop_url = _stop_url(payload, public_url)
    try:
        _address(mail, payload)
        _thread(mail, payload, now)
        if payload.get("automatic"):
            _own_up(mail, stop_url)
        _words(mail, payload, stop_url)
        for each in payload.get("files") or ():
            _attach(mail, each)
    except (ValueError, IndexError, LookupError, MessageError) as error:
        raise PermanentFailure(say_to_all("the mail cannot be written: {reason}", reason=error)) from error
    return mail


def written(mail: EmailMessage) -> bytes:
    """The mail as bytes. Raises PermanentFailure when it cannot be written."""
    try:
        return mail.as_bytes()
    except (ValueError, IndexError, LookupError, MessageError) as error:
        raise PermanentFailure(say_to_all("the mail cannot be written: {reason}", reason=error)) from error


def _address(mail: EmailMessage, payload: Mapping[str, Any]) -> None:
    house, address = parseaddr(str(payload["from"]))
    name = " · ".join(each for each in (payload.get("sender_name"), house) if each)
    mail["From"] = Address(display_name=_one_line(name), addr_spec=_mailable(address))
    mail["To"] = Address(addr_spec=_mailable(str(payload["to"])))
    if payload.get("reply_to"):
        back = _mailable(str(payload["reply_to"]))
        mail["Reply-To"] = Address(display_name=_one_line(house), addr_spec=back)


def _mailable(address: str) -> str:
    """The address as any server takes it: a domain with letters like ø gets its other spelling."""
    local, at, domain = address.rpartition("@")
    if not local.isascii():
        raise ValueError(say_to_all("the address has letters before its @ that mail servers do not take"))
    if at and not domain.isascii():
        return f"{local}@{domain.encode('idna').decode('ascii')}"
    return address


def _one_line(value: str) -> str:
    """For a header. Raises ValueError where it holds the end of a line."""
    if "\r" in value or "\n" in value:
        raise ValueError(say_to_all("a header would run over more than one line"))
    return ODD.sub(" ", value)


def _thread(mail: EmailMessage, payload: Mapping[str, Any], now: datetime) -> None:
    mail["Subject"] = _one_line(str(payload["subject"]))
    mail["Date"] = format_datetime(now)
    mail["Message-ID"] = _ids([payload["message_id"]])
    if answered := _ids([payload.get("in_reply_to") or ""]):
        mail["In-Reply-To"] = answered
    if chain := _ids(payload.get("references") or ()):
        mail["References"] = chain
    mail["X-Tillid-Thread"] = _one_line(str(payload["token"]))


def _ids(ids: Iterable[Any]) -> str:
    """In angle brackets; what no header can hold unchanged is left out."""
    given = [_one_line(str(each)) for each in ids]
    kept = [each for each in given if each and each.isascii() and len(each) <= LONGEST_ID]
    return " ".join(f"<{each}>" for each in kept if not re.search(r"[\s<>]", each))


def _stop_url(payload: Mapping[str, Any], public_url: str) -> str:
    token = payload.get("unsubscribe_token")
    return f"{public_url.rstrip('/')}/unsubscribe/{token}" if token and public_url else ""


def _own_up(mail: EmailMessage, stop_url: str) -> None:
    """A mail that nobody pressed a button for says so (RFC 3834), and how to get no more of them (RFC 8058)."""
    mail["Auto-Submitted"] = "auto-generated"
    mail["X-Auto-Response-Suppress"] = "All"
    if stop_url:
        mail["List-Unsubscribe"] = f"<{_one_line(stop_url)}>"
        mail["List-Unsubscribe-Post"] = "List-Unsubscribe=One-Click"


def _words(mail: EmailMessage, payload: Mapping[str, Any], stop_url: str) -> None:
    text = str(payload["text"])
    words = str(payload.get("stop_words") or "")
    stop = words.replace("{url}", stop_url) if payload.get("automatic") and stop_url else ""
    mail.set_content((f"{text}\n\n{stop}" if stop else text) + "\n")
    html = letter_html(
        text, subject=str(payload["subject"]), language=str(payload.get("language") or ""), stop=stop
    )
    mail.add_alternative(html, subtype="html")


def _attach(mail: EmailMessage, file: Mapping[str, Any]) -> None:
    kind = str(file.get("type") or "").lower()
    if not TYPE.fullmatch(kind) or kind.startswith(CONTAINERS):
        kind = "application/octet-stream"
    maintype, _, subtype = kind.partition("/")
    name = ODD.sub(" ", str(file["name"]).replace("\r", " ").replace("\n", " ")).strip() or "file"
    content = base64.b64decode(str(file["content"]), validate=True)
    mail.add_attachment(content, maintype=maintype, subtype=subtype, filename=name)
