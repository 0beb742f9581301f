"""Old mails, one after the other, as if each had just come in."""

import time
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime

from bot.backtest.answers import match_answers
from bot.backtest.archive import Archive
from bot.drafting import Draft, compose
from bot.gathering import Snapshot
from bot.house import House
from bot.messages import IncomingMessage
from bot.rules.decisions import Action
from bot.rules.facts import CustomerFacts

#: How many languages of earlier mails, and how many earlier mails of a thread, weigh in: as in live use.
EARLIER_LANGUAGES = 10
EARLIER_MAILS = 3


@dataclass(frozen=True, slots=True)
class Replayed:
    """One customer's mail, what we would have suggested, and what a person really answered (None: nothing)."""

    message: IncomingMessage
    draft: Draft
    answer: str | None
    seconds: float


@dataclass(slots=True)
class _Thread:
    """What a conversation has come to, so far."""

    is_answered: bool = False
    intent: str | None = None
    said: list[str] = field(default_factory=list)


class _Threads:
    """The conversations of an archive, by the ids of their mails."""

    def __init__(self) -> None:
        self._known: dict[str, _Thread] = {}

    def of(self, message: IncomingMessage) -> _Thread:
        """In-Reply-To, then References from last to first; a new one otherwise."""
        earlier = [*message.in_reply_to, *reversed(message.references)]
        thread = next((self._known[each] for each in earlier if each in self._known), None) or _Thread()
        if message.message_id:
            self._known[message.message_id] = thread
        return thread


def replay(house: House, archive: Archive) -> Iterator[Replayed]:
    """Each human mail of a customer, oldest first; earlier mails of the same person weigh in, later ones do not."""
    answers = match_answers(archive.messages)
    languages: dict[str, list[str]] = {}
    threads = _Threads()
    _warm_up(house, archive)
    for place, message in enumerate(archive.messages):
        if message.automatic == "own":
            threads.of(message).is_answered = True
        if message.automatic is not None:
            continue
        thread = threads.of(message)
        known = languages.setdefault(message.sender, [])
        started = time.perf_counter()
        now = message.sent_at or datetime.now(UTC)
        draft = compose(house, message, _snapshot(thread, known), now, nobody="")
        seconds = time.perf_counter() - started
        if not draft.reading.thanks_only:
            known.append(draft.reading.language)
        if draft.decision.action in (Action.SUGGEST, Action.CALL_OWNER) and draft.decision.intent != "other":
            thread.intent = draft.decision.intent
        thread.said.append(message.reply)
        answer = archive.messages[answers[place]].reply if place in answers else None
        # What a mail quotes is not needed any more, and an archive is long.
        yield Replayed(replace(message, text=message.reply), draft, answer, seconds)


def _warm_up(house: House, archive: Archive) -> None:
    """Models, calendars and templates load when they are first asked for: that is no mail's own time."""
    first = next((each for each in archive.messages if each.automatic is None), None)
    if first is not None:
        compose(house, first, Snapshot(), first.sent_at or datetime.now(UTC), nobody="")


def _snapshot(thread: _Thread, languages: list[str]) -> Snapshot:
    return Snapshot(
        customer=CustomerFacts(past_languages=tuple(languages[-EARLIER_LANGUAGES:])),
        first_answer=not thread.is_answered,
        earlier_intent=thread.intent,
        earlier_text="\n".join(thread.said[-EARLIER_MAILS:]),
    )
