"""Where a mailbox is, as its URL says it, and how folders are named on the wire."""

import base64
import re
from dataclasses import dataclass, field
from urllib.parse import unquote, urlsplit

LOOPBACK = ("127.0.0.1", "localhost", "::1")
#: In such runs a folder's name is written in RFC 3501's own UTF-7.
_BEYOND_ASCII = re.compile(r"[^\x20-\x7e]+")
_SHIFTED = re.compile(r"&([A-Za-z0-9+,]*)-")


@dataclass(frozen=True, slots=True)
class Place:
    """One folder of one account on one server."""

    host: str
    port: int
    is_secure: bool
    user: str
    password: str = field(repr=False)
    #: As a person writes it.
    folder: str

    @property
    def name(self) -> str:
        """Names the account in the database: no password in it."""
        return f"{self.user}@{self.host}"

    @property
    def is_exposed(self) -> bool:
        """Whether the password travels in clear over a network."""
        return not self.is_secure and self.host not in LOOPBACK


def place_of(url: str) -> Place:
    """What `imaps://user:password@host:993/INBOX` says; without a password the account is opened with a token."""
    where = urlsplit(url)
    is_secure = where.scheme == "imaps"
    return Place(
        where.hostname or "",
        where.port or (993 if is_secure else 143),
        is_secure,
        unquote(where.username or ""),
        unquote(where.password or ""),
        unquote(where.path.strip("/")) or "INBOX",
    )


def on_the_wire(folder: str) -> str:
    """A folder's name in modified UTF-7."""
    return _BEYOND_ASCII.sub(_shift, folder.replace("&", "&-"))


def _shift(found: re.Match[str]) -> str:
    written = base64.b64encode(found.group().encode("utf-16-be", "replace")).decode("ascii")
    return f"&{written.rstrip('=').replace('/', ',')}-"


def as_written(name: str) -> str:
    """The name behind modified UTF-7; as it is where it is none."""
    return _SHIFTED.sub(_unshift, name)


def _unshift(found: re.Match[str]) -> str:
    coded = found.group(1)
    if not coded:
        return "&"
    try:
        padded = coded.replace(",", "/") + "=" * (-len(coded) % 4)
        return base64.b64decode(padded).decode("utf-16-be")
    except ValueError:
        return found.group()


def quoted(text: str) -> str:
    """A string of the protocol."""
    return '"' + text.replace("\\", "\\\\").replace('"', '\\"') + '"'
