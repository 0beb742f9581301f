"""Raw mails -> one archive, in order of time, each mail once, and our own address."""

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from email.message import Message
from email.parser import BytesHeaderParser
from email.utils import getaddresses
from tempfile import SpooledTemporaryFile

from bot.errors import MalformedMessage
from bot.mail.reading import parse_mail
from bot.messages import IncomingMessage

#: Bytes of mail kept in memory while our address is guessed; more goes to a file that vanishes with the program.
MOST_IN_MEMORY = 64 * 1024 * 1024
#: Bytes of a mail in which its header is looked for.
HEADER_BYTES = 64_000


@dataclass(frozen=True, slots=True)
class Archive:
    """All mails, read, oldest first. `unreadable` counts what nobody could read as a mail."""

    messages: Sequence[IncomingMessage]
    ours: frozenset[str]
    unreadable: int
    #: The same mail again, as in a folder of everything beside an inbox.
    duplicates: int = 0


def open_archive(raws: Iterable[bytes], ours: Sequence[str] = ()) -> Archive:
    """Read all mails. Without `ours`, our own addresses are guessed from who writes to whom."""
    if ours:
        return _read(raws, frozenset(each.strip().lower() for each in ours))
    letters = []
    with SpooledTemporaryFile(max_size=MOST_IN_MEMORY) as pile:
        sizes = []
        for raw in raws:
            sizes.append(pile.write(raw))
            letters.append(_letter(raw))
        pile.seek(0)
        return _read((pile.read(size) for size in sizes), _guess_ours(letters))


def _read(raws: Iterable[bytes], own: frozenset[str]) -> Archive:
    found: dict[tuple[object, ...], IncomingMessage] = {}
    mails = unreadable = 0
    for raw in raws:
        mails += 1
        try:
            message = parse_mail(raw, own_addresses=own)
        except MalformedMessage:
            message = None
        if message is None or not _is_mail(message):
            unreadable += 1
        else:
            found.setdefault(_sameness(message), message)
    start = datetime.min.replace(tzinfo=UTC)
    ordered = sorted(found.values(), key=lambda each: each.sent_at or start)
    return Archive(ordered, own, unreadable, mails - unreadable - len(found))


def _is_mail(message: IncomingMessage) -> bool:
    """Any text can be read as a mail; one that says nothing of who, whom and when is another file."""
    return bool(message.sender or message.to or message.message_id or message.sent_at)


def _sameness(message: IncomingMessage) -> tuple[object, ...]:
    if message.message_id:
        return message.message_id, message.body_hash
    return message.sender, message.subject, message.sent_at, message.body_hash


@dataclass(frozen=True, slots=True)
class _Letter:
    senders: frozenset[str]
    to: frozenset[str]
    everybody: frozenset[str]


def _letter(raw: bytes) -> _Letter:
    parser: BytesHeaderParser[Message[str, str]] = BytesHeaderParser()
    headers = parser.parsebytes(raw[:HEADER_BYTES])

    def named(*names: str) -> frozenset[str]:
        pairs = getaddresses([str(headers.get(name, "")) for name in names])
        return frozenset(address.lower() for _, address in pairs if "@" in address)

    return _Letter(named("From"), named("To"), named("To", "Cc"))


def _guess_ours(letters: Sequence[_Letter]) -> frozenset[str]:
    """The address seen most, and colleagues: of its domain, writing to others and never to it."""
    seen: Counter[str] = Counter()
    for each in letters:
        # Most mail in an archive came in, so where it went to says more than who it is from.
        seen.update(dict.fromkeys(each.senders, 1))
        seen.update(dict.fromkeys(each.everybody, 2))
    if not seen:
        return frozenset()
    ours, _ = seen.most_common(1)[0]
    _, _, domain = ours.rpartition("@")
    colleagues = set(_senders(letters, domain))
    for each in letters:
        if ours in each.to:
            colleagues -= each.senders
    return frozenset({ours, *colleagues})


def _senders(letters: Iterable[_Letter], domain: str) -> Iterator[str]:
    for each in letters:
        yield from (sender for sender in each.senders if sender.endswith(f"@{domain}"))
