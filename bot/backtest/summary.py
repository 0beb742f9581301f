"""What a backtest says to a manager: how much would have had a draft, of what kind, and what was left unsure."""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from bot.backtest.replay import Archive, Replayed
from bot.rules.decisions import Action

#: Below these a person should look twice.
SURE_OF_LANGUAGE = 0.6
SURE_OF_INTENT = 0.5


@dataclass(frozen=True, slots=True)
class Summary:
    """Counts over one archive. Shares are given with their counts: nothing is a bare percentage."""

    mails: int
    automatic: int
    unreadable: int
    customers: int
    suggested: int
    owner_only: int
    answered: int
    by_intent: dict[str, int]
    by_language: dict[str, int]
    unsure: int
    slowest_milliseconds: float
    median_milliseconds: float


def summarise(archive: Archive, replayed: Sequence[Replayed]) -> Summary:
    """Count an archive that was replayed."""
    times = sorted(each.seconds * 1000 for each in replayed)
    return Summary(
        mails=len(archive.messages) + archive.unreadable,
        automatic=sum(1 for each in archive.messages if each.automatic not in (None, "own")),
        unreadable=archive.unreadable,
        customers=len(replayed),
        suggested=sum(1 for each in replayed if each.draft.decision.action is Action.SUGGEST),
        owner_only=sum(1 for each in replayed if each.draft.decision.action is Action.CALL_OWNER),
        answered=sum(1 for each in replayed if each.answer is not None),
        by_intent=_counted(each.draft.decision.intent for each in replayed),
        by_language=_counted(each.draft.reading.language for each in replayed),
        unsure=sum(1 for each in replayed if is_unsure(each)),
        slowest_milliseconds=round(times[-1], 1) if times else 0.0,
        median_milliseconds=round(times[len(times) // 2], 1) if times else 0.0,
    )


def is_unsure(each: Replayed) -> bool:
    """Whether a person should look twice: the language, or what it is about, was not clear."""
    reading = each.draft.reading
    return (
        reading.language_confidence < SURE_OF_LANGUAGE
        or reading.intents[0].confidence < SURE_OF_INTENT
        or each.draft.decision.intent == "other"
    )


def _counted(names: Iterable[str]) -> dict[str, int]:
    return dict(Counter(names).most_common())
