"""What a backtest says to a manager: how much would have had a draft, of what kind, and what was left unsure."""

from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TypeVar

from bot.backtest.archive import Archive
from bot.backtest.replay import Replayed
from bot.cards.texts import line
from bot.masking import mask
from bot.rules.decisions import Action

#: Below these a person should look twice.
SURE_OF_LANGUAGE = 0.6
SURE_OF_INTENT = 0.5
#: How many of the slowest mails are named.
SLOWEST = 5
#: Characters of a subject, and of a mail's and an answer's beginning, in a summary.
SUBJECT_CHARS = 120
BEGINNING_CHARS = 300

Counted = TypeVar("Counted")


@dataclass(frozen=True, slots=True)
class Share:
    """The mails of one intent or language, and how many of them had a draft, were unsure, were really answered."""

    mails: int
    suggested: int
    unsure: int
    answered: int


@dataclass(frozen=True, slots=True)
class Named:
    """One mail by which a manager finds it again. `text` and `answer` are beginnings; no answer is None."""

    message_id: str
    sent_at: datetime | None
    subject: str
    text: str
    milliseconds: float
    characters: int
    answer: str | None
    #: Why a person should look twice; empty where nothing is unsure.
    why: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Summary:
    """Counts over one archive. Shares are given with their counts: nothing is a bare percentage."""

    mails: int
    automatic: int
    unreadable: int
    duplicates: int
    own: int
    customers: int
    suggested: int
    owner_only: int
    #: A bare thanks, or words of content: shown, and no answer is needed.
    no_answer_needed: int
    answered: int
    #: Drafts in English because we have no templates in the customer's language, by that language.
    drafted_in_english: dict[str, int]
    by_intent: dict[str, int]
    by_language: dict[str, int]
    intents: dict[str, Share]
    languages: dict[str, Share]
    unsure: int
    left_unsure: tuple[Named, ...]
    slowest: tuple[Named, ...]
    slowest_milliseconds: float
    median_milliseconds: float


def summarise(archive: Archive, replayed: Sequence[Replayed]) -> Summary:
    """Count an archive that was replayed."""
    times = sorted(each.seconds * 1000 for each in replayed)
    slow = sorted(replayed, key=lambda each: -each.seconds)[:SLOWEST]
    intents, languages = _shares(replayed, _intent), _shares(replayed, _language)
    unsure = [each for each in replayed if doubts(each)]
    return Summary(
        mails=len(archive.messages) + archive.unreadable + archive.duplicates,
        automatic=_count(archive.messages, lambda each: each.automatic not in (None, "own")),
        unreadable=archive.unreadable,
        duplicates=archive.duplicates,
        own=_count(archive.messages, lambda each: each.automatic == "own"),
        customers=len(replayed),
        suggested=_count(replayed, _is_suggested),
        owner_only=_count(replayed, lambda each: each.draft.decision.action is Action.CALL_OWNER),
        no_answer_needed=_count(
            replayed, lambda each: each.draft.decision.action in (Action.SHOW, Action.KEEP)
        ),
        answered=_count(replayed, lambda each: each.answer is not None),
        drafted_in_english=dict(Counter(map(_language, filter(_is_in_english, replayed))).most_common()),
        by_intent={name: share.mails for name, share in intents.items()},
        by_language={name: share.mails for name, share in languages.items()},
        intents=intents,
        languages=languages,
        unsure=len(unsure),
        left_unsure=tuple(map(_named, unsure)),
        slowest=tuple(map(_named, slow)),
        slowest_milliseconds=round(times[-1], 1) if times else 0.0,
        median_milliseconds=round(times[len(times) // 2], 1) if times else 0.0,
    )


def doubts(each: Replayed) -> tuple[str, ...]:
    """Why a person should look twice at a draft, in words; empty where we are sure, or drafted nothing."""
    if not _is_suggested(each):
        return ()
    reading, intent = each.draft.reading, each.draft.decision.intent
    found = []
    if reading.language_confidence < SURE_OF_LANGUAGE:
        found.append(f"language: {reading.language} at {reading.language_confidence:.0%}")
    top = reading.intents[0]
    if intent == "other":
        found.append("topic: none we know")
    elif top.name == intent and top.confidence < SURE_OF_INTENT:
        found.append(f"topic: {intent} at {top.confidence:.0%}")
    return tuple(found)


def _is_suggested(each: Replayed) -> bool:
    return each.draft.decision.action is Action.SUGGEST


def _is_in_english(each: Replayed) -> bool:
    decision = each.draft.decision
    return _is_suggested(each) and decision.language == "en" != each.draft.reading.language


def _intent(each: Replayed) -> str:
    return each.draft.decision.intent


def _language(each: Replayed) -> str:
    return each.draft.reading.language


def _count(among: Iterable[Counted], is_counted: Callable[[Counted], bool]) -> int:
    return sum(1 for each in among if is_counted(each))


def _shares(replayed: Sequence[Replayed], of: Callable[[Replayed], str]) -> dict[str, Share]:
    """By name, the most frequent first."""
    groups: dict[str, list[Replayed]] = {}
    for each in replayed:
        groups.setdefault(of(each), []).append(each)
    return {
        name: Share(
            mails=len(group),
            suggested=_count(group, _is_suggested),
            unsure=_count(group, lambda each: bool(doubts(each))),
            answered=_count(group, lambda each: each.answer is not None),
        )
        for name, group in sorted(groups.items(), key=lambda item: (-len(item[1]), item[0]))
    }


def _named(each: Replayed) -> Named:
    return Named(
        message_id=each.message.message_id,
        sent_at=each.message.sent_at,
        subject=line(mask(each.message.subject), SUBJECT_CHARS),
        text=_beginning(each.message.reply),
        milliseconds=round(each.seconds * 1000, 1),
        characters=len(each.message.reply),
        answer=_beginning(each.answer) if each.answer is not None else None,
        why=doubts(each),
    )


def _beginning(text: str) -> str:
    # Cut before a long letter is cleaned, and after a secret number that the cut would open is masked.
    return line(mask(text[: BEGINNING_CHARS * 10]), BEGINNING_CHARS)
