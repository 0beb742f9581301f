"""The Sent folder: which one it is, and a copy of what we send in it."""

import asyncio
import re
from typing import Literal

from bot import logs
from bot.errors import TemporaryFailure
from bot.imap.login import connect
from bot.imap.place import as_written, place_of
from bot.imap.session import ImapSession
from bot.imap.troubles import ImapTrouble
from bot.oauth_tokens import Tokens

log = logs.get(__name__)
#: Seconds for everything: a copy is not worth more.
SAVE_DEADLINE = 20.0
#: Servers that lay what goes out through them into Sent by themselves.
SAVING_HOSTS = ("imap.gmail.com", "imap.googlemail.com", "outlook.office365.com", "outlook.office.com")
#: How the folder is called where no flag says so, by its last part, in the order in which we believe it.
NAMES = (
    "sent",
    "sent items",
    "sent messages",
    "sent mail",
    "sendt",
    "sendte elementer",
    "sendt post",
    "sendte mails",
    "sendte e-mails",
    "sendt e-post",
    "sende element",
    "skickat",
    "skickade",
    "skickade objekt",
    "skickat mail",
    "skickade meddelanden",
    "gesendet",
    "gesendete elemente",
    "gesendete objekte",
    "lähetetyt",
    "lähetetyt viestit",
    "lähetetyt kohteet",
)
#: The separator of the hierarchy, and the name: quoted, or bare.
_NAMED = re.compile(
    rb'\s*(?:"(?P<separator>(?:\\.|[^"\\]))"|NIL)\s+(?:"(?P<quoted>.*)"|(?P<bare>.+))', re.DOTALL
)


async def find_sent(session: ImapSession) -> str:
    """The Sent folder's name on the wire: by its flag, else by its name; empty where there is none."""
    best: tuple[int, int, str] | None = None
    for flags, rest in await session.folders():
        found = _NAMED.fullmatch(rest)
        low = flags.lower()
        if found is None or b"\\noselect" in low or b"\\nonexistent" in low:
            continue
        written = found["bare"] if found["quoted"] is None else re.sub(rb"\\(.)", rb"\1", found["quoted"])
        name = written.decode("utf-8", "replace")
        if b"\\sent" in low.replace(b"(", b" ").split():
            return name
        parts = _parts(name, found["separator"])
        if parts[-1] in NAMES:
            rank = (len(parts), NAMES.index(parts[-1]), name)
            best = min(best or rank, rank)
    return best[2] if best else ""


def _parts(name: str, separator: bytes | None) -> list[str]:
    written = as_written(name).lower()
    return written.split(separator.decode()[-1]) if separator else [written]


def wants_sent_copy(setting: Literal["auto", "yes", "no"], url: str) -> bool:
    """Whether we lay a copy of what we send into that mailbox: by the setting, or unless its server does so."""
    return setting == "yes" or (setting == "auto" and place_of(url).host.lower() not in SAVING_HOSTS)


async def save_sent(url: str, tokens: Tokens | None, raw: bytes, message_id: str) -> None:
    """Lay a copy of what went out into the mailbox's Sent folder, unless it is there; `message_id` without brackets.

    Raises nothing, and takes at most SAVE_DEADLINE: a copy that fails must never look like a mail that failed.
    """
    try:
        async with asyncio.timeout(SAVE_DEADLINE):
            session = await connect(place_of(url), tokens)
            try:
                await _save(session, raw, message_id)
            finally:
                await session.leave()
    except (TemporaryFailure, TimeoutError) as error:
        log.warning("sent_copy_not_saved", reason=str(error) or "it took too long")


async def _save(session: ImapSession, raw: bytes, message_id: str) -> None:
    folder = await find_sent(session)
    if not folder:
        raise ImapTrouble("there is no folder for sent mail")
    await session.select(folder)
    if not await session.search(f'HEADER Message-ID "<{message_id}>"'):
        await session.append(re.sub(rb"\r?\n", b"\r\n", raw), folder)
