"""Mails of the demo: the customers' raw ones, with what they quote filled in, and ours as they arrived."""

from dataclasses import dataclass
from datetime import datetime
from email import message_from_bytes, policy
from email.utils import parseaddr
from importlib.resources import files
from zoneinfo import ZoneInfo

from bot.sandbox.demo.moments import Letter, LockScreen
from bot.sandbox.smtp_server import SentMail

#: Where the shop is.
ZONE = ZoneInfo("Europe/Copenhagen")
#: As much of a mail as a phone shows on its lock screen.
PREVIEW = 110
#: A line of at least so many characters was broken by the program, not by the person.
LONG_LINE = 58


@dataclass(frozen=True, slots=True)
class Received:
    """One of our mails as it lies in the customer's mailbox."""

    message_id: str
    sender: str
    to: str
    subject: str
    text: str
    raw: bytes
    at: datetime

    def letter(self) -> Letter:
        """To be read whole."""
        return Letter(self.sender, self.text, self.subject, ours=True)

    def lock_screen(self) -> LockScreen:
        """The first the customer sees of it."""
        words = " ".join(self.text.split())
        preview = words if len(words) <= PREVIEW else words[:PREVIEW].rsplit(" ", 1)[0] + " …"
        return LockScreen(self.at, "Mail", self.sender, self.subject, preview)


def received(mail: SentMail) -> Received:
    """Read one mail that the SMTP server took."""
    message = message_from_bytes(mail.raw, policy=policy.default)
    body = message.get_body(("plain",))
    return Received(
        message_id=str(message["Message-ID"]).strip("<>"),
        sender=parseaddr(str(message["From"]))[0],
        to=mail.recipients[0],
        subject=str(message["Subject"]),
        text=str(body.get_content()).replace("\r\n", "\n").strip() if body is not None else "",
        raw=mail.raw,
        at=mail.received_at.astimezone(ZONE),
    )


def raw_mail(name: str, answers: Received | None = None) -> bytes:
    """A customer's mail, byte for byte; where it answers one of ours, with that mail quoted below."""
    raw = files("bot.sandbox.demo").joinpath("mails", f"{name}.eml").read_bytes()
    if answers is None:
        return raw
    quoted = "\n".join(f"> {line}".rstrip() for line in answers.text.splitlines())
    marks = {
        "@@MESSAGE_ID@@": answers.message_id,
        "@@SENDER@@": answers.sender,
        "@@QUOTED@@": quoted,
        "@@BELOW@@": answers.text,
    }
    for mark, words in marks.items():
        raw = raw.replace(mark.encode(), words.encode())
    return raw


def written_at(raw: bytes) -> datetime:
    """When a mail says it was written."""
    date = message_from_bytes(raw, policy=policy.default)["Date"].datetime
    assert isinstance(date, datetime)
    return date


def reflowed(text: str) -> str:
    """The text without the line breaks a mail program put in: those after a long line."""
    lines = [line.rstrip() for line in text.splitlines()]
    whole = ""
    for line, after in zip(lines, [*lines[1:], ""], strict=True):
        whole += line + (" " if len(line) >= LONG_LINE and after else "\n")
    return whole.strip()
