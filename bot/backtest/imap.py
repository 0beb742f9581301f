"""A mailbox on a server, read and left as it was."""

import base64
import imaplib
import re
import ssl
from collections.abc import Iterator
from dataclasses import dataclass, field
from urllib.parse import unquote, urlsplit

from bot.errors import ConfigError

#: Mails fetched from a server: the newest ones.
MOST_FETCHED = 5000
#: Seconds for each answer of a mail server.
DEADLINE = 60.0
#: What a folder's name cannot carry as it is: in such runs it is written in RFC 3501's own UTF-7.
_BEYOND_ASCII = re.compile(r"[^\x20-\x7e]+")


@dataclass(frozen=True, slots=True)
class Place:
    """A folder on a server, as its address names it."""

    host: str
    port: int
    is_secure: bool
    user: str
    password: str = field(repr=False)
    folder: str


def read_mailbox(url: str) -> Iterator[bytes]:
    """The newest raw mails of a folder, oldest first. Raises ConfigError; it never holds the password."""
    place = _place(url)
    try:
        with _connected(place) as client:
            _log_in(client, place)
            # Read-only: nothing is marked as read, moved or deleted.
            answer, _ = client.select(_quoted(place.folder), readonly=True)
            if answer != "OK":
                raise ConfigError(f"{place.folder}: the server has no such folder")
            _, found = client.uid("search", "ALL")
            for uid in (found[0] or b"").split()[-MOST_FETCHED:]:
                _, parts = client.uid("fetch", uid.decode("ascii"), "(BODY.PEEK[])")
                yield from (part[1] for part in parts if isinstance(part, tuple))
    except (imaplib.IMAP4.error, OSError) as error:
        # The server's own words may hold the address; its kind is enough to act on.
        kind = "the server broke off" if isinstance(error, imaplib.IMAP4.error) else type(error).__name__
        raise ConfigError(f"the mailbox cannot be read ({kind})") from None


def _place(url: str) -> Place:
    try:
        where = urlsplit(url)
        is_secure = where.scheme == "imaps"
        port = where.port or (993 if is_secure else 143)
    except ValueError:
        raise ConfigError("the mailbox's address has a wrong host or port") from None
    if not where.hostname:
        raise ConfigError("the mailbox's address names no server: imaps://user:password@host/INBOX")
    if not where.username:
        raise ConfigError("the mailbox's address names no user: imaps://user:password@host/INBOX")
    return Place(
        where.hostname,
        port,
        is_secure,
        unquote(where.username),
        unquote(where.password or ""),
        unquote(where.path.strip("/")) or "INBOX",
    )


def _connected(place: Place) -> imaplib.IMAP4:
    if place.is_secure:
        context = ssl.create_default_context()
        return imaplib.IMAP4_SSL(place.host, place.port, ssl_context=context, timeout=DEADLINE)
    return imaplib.IMAP4(place.host, place.port, timeout=DEADLINE)


def _log_in(client: imaplib.IMAP4, place: Place) -> None:
    try:
        if (place.user + place.password).isascii():
            client.login(place.user, place.password)
        else:
            secret = f"\0{place.user}\0{place.password}".encode()
            client.authenticate("PLAIN", lambda _: secret)
    except imaplib.IMAP4.abort:
        raise
    except imaplib.IMAP4.error:
        raise ConfigError("the server refused the user or the password") from None


def _quoted(folder: str) -> str:
    """A folder's name as the protocol writes it."""
    plain = _BEYOND_ASCII.sub(_utf7, folder.replace("&", "&-"))
    return '"' + plain.replace("\\", "\\\\").replace('"', '\\"') + '"'


def _utf7(found: re.Match[str]) -> str:
    written = base64.b64encode(found.group().encode("utf-16-be", "replace")).decode("ascii")
    return f"&{written.rstrip('=').replace('/', ',')}-"
