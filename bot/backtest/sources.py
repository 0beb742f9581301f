"""Where old mail comes from: an mbox, a Maildir, a folder of mails, one mail, or a mailbox that is only read."""

import imaplib
import mailbox
import ssl
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import unquote, urlsplit

from bot.errors import ConfigError

#: Mails fetched from a server: the newest ones.
MOST_FETCHED = 5000
#: Seconds for each answer of a mail server.
DEADLINE = 60.0


def read_mails(where: str) -> Iterator[bytes]:
    """Raw mails, in the order they lie there. Raises ConfigError when there is nothing to read."""
    if where.startswith(("imap://", "imaps://")):
        yield from _from_server(where)
        return
    path = Path(where)
    if not path.exists():
        raise ConfigError(f"{where}: there is no such file or folder")
    if path.is_dir():
        yield from _from_folder(path)
    elif path.suffix.lower() == ".eml":
        yield path.read_bytes()
    else:
        yield from _from_mbox(path)


def _from_folder(path: Path) -> Iterator[bytes]:
    if (path / "cur").is_dir() and (path / "new").is_dir():
        files = sorted([*(path / "cur").iterdir(), *(path / "new").iterdir()])
    else:
        files = sorted(each for each in path.rglob("*") if each.is_file() and not each.name.startswith("."))
    for file in files:
        yield file.read_bytes()


def _from_mbox(path: Path) -> Iterator[bytes]:
    box = mailbox.mbox(path, create=False)
    try:
        if not len(box):
            raise ConfigError(f"{path}: not an mbox, or an empty one")
        for key in box.keys():  # noqa: SIM118  # a mailbox is no mapping to iterate over
            yield box.get_bytes(key)
    finally:
        box.close()


def _from_server(url: str) -> Iterator[bytes]:
    where = urlsplit(url)
    secure = where.scheme == "imaps"
    host, port = where.hostname or "", where.port or (993 if secure else 143)
    folder = unquote(where.path.strip("/")) or "INBOX"
    try:
        client = (
            imaplib.IMAP4_SSL(host, port, ssl_context=ssl.create_default_context(), timeout=DEADLINE)
            if secure
            else imaplib.IMAP4(host, port, timeout=DEADLINE)
        )
        with client:
            client.login(unquote(where.username or ""), unquote(where.password or ""))
            # Read-only: nothing is marked as read, moved or deleted.
            answer, _ = client.select(f'"{folder}"', readonly=True)
            if answer != "OK":
                raise ConfigError(f"{folder}: the server has no such folder")
            _, found = client.uid("search", "ALL")
            for uid in (found[0] or b"").split()[-MOST_FETCHED:]:
                _, parts = client.uid("fetch", uid.decode(), "(BODY.PEEK[])")
                yield from (part[1] for part in parts if isinstance(part, tuple))
    except (imaplib.IMAP4.error, OSError) as error:
        # The server's own words may hold the address; its kind is enough to act on.
        raise ConfigError(f"the mailbox cannot be read ({type(error).__name__})") from None
