"""The customers' side of the mail: what they write, and their mailboxes."""

import re
import uuid
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from email import message_from_bytes
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP as SMTP_POLICY
from email.policy import default as default_policy
from email.utils import format_datetime
from zoneinfo import ZoneInfo

from babel.dates import format_datetime as spelled

from bot.sandbox.smtp_server import SentMail

ADDRESS = re.compile(r"[A-Za-z0-9.!#$%&'*+/=?^_`{|}~-]{1,64}@[A-Za-z0-9-]{1,63}(?:\.[A-Za-z0-9-]{1,63})+")
MESSAGE_ID = re.compile(r"<([^<>\s]+)>")
#: How phones introduce what they quote: the moment's pattern, and the line.
QUOTES = {
    "da": ("d. MMM y 'kl.' HH.mm", "Den {when} skrev {name} <{address}>:"),
    "nb": ("d. MMM y 'kl.' HH:mm", "Den {when} skrev {name} <{address}>:"),
    "nn": ("d. MMM y 'kl.' HH:mm", "Den {when} skreiv {name} <{address}>:"),
    "sv": ("d MMM y 'kl.' HH:mm", "Den {when} skrev {name} <{address}>:"),
    "en": ("d MMM y, 'at' HH:mm", "On {when}, {name} <{address}> wrote:"),
}


@dataclass(frozen=True, slots=True)
class Letter:
    """One mail in a customer's mailbox. Message ids are without their brackets."""

    message_id: str
    #: Message id of the thread's first mail.
    thread: str
    #: The customer's address, lower case.
    box: str
    #: Written by the customer.
    is_own: bool
    name: str
    address: str
    subject: str
    text: str
    references: tuple[str, ...]
    at: datetime


@dataclass(frozen=True, slots=True)
class Thread:
    """One line of a mailbox: mails that answer each other, oldest first."""

    key: str
    letters: tuple[Letter, ...]
    #: Something in it has not been opened.
    is_new: bool

    @property
    def last(self) -> Letter:
        return self.letters[-1]

    @property
    def to_answer(self) -> Letter:
        """What a reply answers: the newest mail that came, or the customer's own."""
        return next((each for each in reversed(self.letters) if not each.is_own), self.letters[-1])


@dataclass
class Letters:
    """Everything customers wrote and got."""

    house: str
    letters: list[Letter] = field(default_factory=list)
    _opened: set[str] = field(default_factory=set)
    _taken: int = 0

    def write(
        self,
        name: str,
        address: str,
        subject: str,
        text: str,
        at: datetime,
        *,
        answers: Letter | None = None,
        language: str = "en",
        zone: ZoneInfo,
    ) -> bytes:
        """A new mail to the house, or an answer with what it answers quoted below, as phones send it.

        Raises ValueError, in words for the page, for what no mail program would send.
        """
        name, address, subject = _line(name), address.strip().lower(), _line(subject)
        if not ADDRESS.fullmatch(address):
            raise ValueError(f"“{address[:60]}” is not a mail address.")
        if not text.strip():
            raise ValueError("The mail is empty: write something first.")
        message_id = f"{uuid.uuid4()}@{address.partition('@')[2]}"
        references = (*answers.references, answers.message_id) if answers else ()
        thread = answers.thread if answers else message_id
        own = (message_id, thread, address, True, name or address, address, subject, text.strip())
        letter = Letter(*own, references, at)
        mail = _composed(letter, name, self.house, zone)
        mail.set_content(letter.text + "\n" + (_quoted(answers, language, zone) if answers else ""))
        self.letters.append(letter)
        return mail.as_bytes()

    def take_in(self, mails: Sequence[SentMail]) -> None:
        """Puts what the house has sent since the last time into the mailboxes."""
        for mail in mails[self._taken :]:
            self.letters += _received(mail, self.letters)
        self._taken = len(mails)

    def open(self, thread: str) -> None:
        """The customer has read it."""
        self._opened |= {each.message_id for each in self.letters if each.thread == thread}

    def boxes(self) -> dict[str, str]:
        """Address to name of everybody who wrote or got something, in that order."""
        boxes: dict[str, str] = {}
        for each in self.letters:
            boxes.setdefault(each.box, each.name if each.is_own else each.box)
        return boxes

    def threads(self, box: str) -> list[Thread]:
        """The mailbox with this address, newest first."""
        found: dict[str, list[Letter]] = {}
        for each in self.letters:
            if each.box == box:
                found.setdefault(each.thread, []).append(each)
        threads = [Thread(key, tuple(each), self._is_new(each)) for key, each in found.items()]
        return sorted(threads, key=lambda each: each.last.at, reverse=True)

    def _is_new(self, letters: Iterable[Letter]) -> bool:
        return any(not each.is_own and each.message_id not in self._opened for each in letters)


def _line(text: str) -> str:
    return " ".join(text.split())[:200]


def _composed(letter: Letter, name: str, house: str, zone: ZoneInfo) -> EmailMessage:
    """The headers of a customer's mail."""
    mail = EmailMessage(policy=SMTP_POLICY)
    mail["From"] = Address(display_name=name, addr_spec=letter.address)
    mail["To"] = Address(addr_spec=house)
    mail["Subject"] = letter.subject
    mail["Date"] = format_datetime(letter.at.astimezone(zone))
    mail["Message-ID"] = f"<{letter.message_id}>"
    if letter.references:
        mail["In-Reply-To"] = f"<{letter.references[-1]}>"
        mail["References"] = " ".join(f"<{each}>" for each in letter.references)
    return mail


def _received(mail: SentMail, known: Sequence[Letter]) -> list[Letter]:
    parsed = message_from_bytes(mail.raw, policy=default_policy)
    message_id = "".join(MESSAGE_ID.findall(str(parsed["Message-ID"] or ""))[:1])
    references = tuple(MESSAGE_ID.findall(str(parsed["References"] or "")))
    threads = {each.message_id: each.thread for each in known}
    thread = next((threads[each] for each in references if each in threads), message_id)
    body = parsed.get_body(("plain", "html")) if isinstance(parsed, EmailMessage) else None
    text = str(body.get_content()).strip() if body else ""
    sender = parsed["From"].addresses[0]
    name, subject = str(sender.display_name or sender.addr_spec), str(parsed["Subject"] or "")
    return [
        Letter(
            message_id, thread, to.lower(), False, name, str(sender.addr_spec),
            subject, text, references, mail.received_at,
        )
        for to in mail.recipients
    ]  # fmt: skip


def _quoted(letter: Letter, language: str, zone: ZoneInfo) -> str:
    pattern, line = QUOTES.get(language, QUOTES["en"])
    when = spelled(letter.at, pattern, tzinfo=zone, locale=language if language in QUOTES else "en")
    intro = line.format(when=when, name=letter.name, address=letter.address)
    return "\n".join(["", intro, *(f"> {each}".rstrip() for each in letter.text.splitlines()), ""])
