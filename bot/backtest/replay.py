"""Old mails, one after the other, as if each had just come in."""

import time
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from email.message import Message
from email.parser import BytesHeaderParser
from email.utils import getaddresses

from bot.drafting import Draft, compose
from bot.errors import MalformedMessage
from bot.gathering import Snapshot
from bot.house import House
from bot.mail.reading import parse_mail
from bot.messages import IncomingMessage
from bot.rules.facts import CustomerFacts


@dataclass(frozen=True, slots=True)
class Replayed:
    """One customer's mail, what we would have suggested, and what a person really answered (None: nothing)."""

    message: IncomingMessage
    draft: Draft
    answer: str | None
    seconds: float


@dataclass(frozen=True, slots=True)
class Archive:
    """All mails, read; `unreadable` counts those that nobody could read."""

    messages: Sequence[IncomingMessage]
    ours: frozenset[str]
    unreadable: int


def open_archive(raws: Iterable[bytes], ours: Sequence[str] = ()) -> Archive:
    """Read all mails. Without `ours`, the address most mails were sent to is taken for our own."""
    kept = list(raws)
    own = frozenset(each.lower() for each in ours) or _guess_ours(kept)
    messages, unreadable = [], 0
    for raw in kept:
        try:
            messages.append(parse_mail(raw, own_addresses=own))
        except MalformedMessage:
            unreadable += 1
    start = datetime.min.replace(tzinfo=UTC)
    return Archive(sorted(messages, key=lambda each: each.sent_at or start), own, unreadable)


def _guess_ours(raws: Iterable[bytes]) -> frozenset[str]:
    """Our address: in To of what comes in and in From of what goes out, so the one seen most."""
    seen: Counter[str] = Counter()
    parser: BytesHeaderParser[Message[str, str]] = BytesHeaderParser()
    for raw in raws:
        headers = parser.parsebytes(raw[:64_000])
        # Most mail in an archive came in, so where it went to says more than who it is from.
        for names, weight in ((("From",), 1), (("To", "Cc"), 2)):
            named = getaddresses([str(headers.get(name, "")) for name in names])
            seen.update(dict.fromkeys({address.lower() for _, address in named if "@" in address}, weight))
    return frozenset(address for address, _ in seen.most_common(1))


def replay(house: House, archive: Archive) -> Iterator[Replayed]:
    """Each human mail of a customer, oldest first; earlier mails of the same person weigh in, later ones do not."""
    answers = _answers(archive.messages)
    languages: dict[str, list[str]] = {}
    answered: set[str] = set()
    for message in archive.messages:
        if message.automatic is not None:
            continue
        known = languages.setdefault(message.sender, [])
        chain = {*message.in_reply_to, *message.references}
        snapshot = Snapshot(
            customer=CustomerFacts(past_languages=tuple(known[-10:])),
            first_answer=not (chain & answered),
        )
        started = time.perf_counter()
        draft = compose(house, message, snapshot, message.sent_at or datetime.now(UTC), nobody="")
        seconds = time.perf_counter() - started
        if not draft.reading.thanks_only:
            known.append(draft.reading.language)
        answer = answers.get(message.message_id)
        if answer is not None:
            answered.add(answer.message_id)
        yield Replayed(_without_history(message), draft, answer.reply if answer else None, seconds)


def _answers(messages: Iterable[IncomingMessage]) -> dict[str, IncomingMessage]:
    """Our first answer to each mail, by the mail's Message-ID."""
    found: dict[str, IncomingMessage] = {}
    for each in messages:
        if each.automatic == "own":
            for earlier in each.in_reply_to or each.references[-1:]:
                found.setdefault(earlier, each)
    return found


def _without_history(message: IncomingMessage) -> IncomingMessage:
    return replace(message, text=message.reply)
