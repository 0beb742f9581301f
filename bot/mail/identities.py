"""The senders a house writes as: several in one setting, separated by semicolons, the first one by default."""

import re
from email.utils import parseaddr

#: A semicolon outside quotation marks and angle brackets.
BETWEEN = re.compile(r';(?=(?:[^"]*"[^"]*")*[^"]*$)')


def identities(mail_from: str) -> tuple[str, ...]:
    """Each sender as it was written: "Lampehuset <hej@example.dk>"."""
    return tuple(each.strip() for each in BETWEEN.split(mail_from) if each.strip())


def addresses(mail_from: str) -> frozenset[str]:
    """The senders' addresses, lower case."""
    return frozenset(parseaddr(each)[1].lower() for each in identities(mail_from)) - {""}


def answering(mail_from: str, mailbox: str) -> str:
    """The sender that answers what came to this mailbox; the first one where none has its address.

    `mailbox` is "user@host", and its user may be an address itself: "hej@example.dk@imap.example.dk".
    """
    every = identities(mail_from)
    names = {mailbox.lower(), mailbox.lower().rpartition("@")[0]}
    fitting = (each for each in every if parseaddr(each)[1].lower() in names)
    return next(fitting, every[0] if every else "")
