"""A mailbox on a server, read and left as it was."""

import imaplib
import ssl
from collections.abc import Iterator

from bot.errors import ConfigError
from bot.imap.place import Place, on_the_wire, place_of, quoted

#: Mails fetched from a server: the newest ones.
MOST_FETCHED = 5000
#: Seconds for each answer of a mail server.
DEADLINE = 60.0


def read_mailbox(url: str) -> Iterator[bytes]:
    """The newest raw mails of a folder, oldest first. Raises ConfigError; it never holds the password."""
    place = _place(url)
    try:
        with _connected(place) as client:
            _log_in(client, place)
            # Read-only: nothing is marked as read, moved or deleted.
            answer, _ = client.select(quoted(on_the_wire(place.folder)), readonly=True)
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
        place = place_of(url)
    except ValueError:
        raise ConfigError("the mailbox's address has a wrong host or port") from None
    if not place.host:
        raise ConfigError("the mailbox's address names no server: imaps://user:password@host/INBOX")
    if not place.user:
        raise ConfigError("the mailbox's address names no user: imaps://user:password@host/INBOX")
    return place


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
