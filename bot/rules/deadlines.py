"""The coming days and hours that a sentence names, as moments where the customer lives."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time, timedelta

from bot.rules import business_days
from bot.rules.deadline_patterns import Patterns, patterns
from bot.rules.deadline_pieces import END_OF_DAY, Piece, Said, pieces
from bot.rules.promise_words import DayWords

__all__ = ["Deadline", "Said", "deadlines"]

#: Nobody promises anything for later than this.
_LONGEST = timedelta(days=400)


@dataclass(frozen=True, slots=True)
class Deadline:
    """A moment that a sentence names. `start` and `end` are offsets into it."""

    start: int
    end: int
    due_at: datetime
    #: A day was named, and no hour of it.
    whole_day: bool
    #: A word says that it is the latest: "by", "within".
    is_latest: bool
    #: It is today, and nothing says when.
    is_bare_today: bool


def deadlines(sentence: str, words: DayWords, said: Said) -> tuple[Deadline, ...]:
    """Every coming moment that the sentence names, in its order; what has passed and what recurs is none.

    `sentence` is in small letters.
    """
    found = patterns(words)
    parts = _without_overlaps(pieces(sentence, words, found, said))
    joined = _joined(sentence, parts, found)
    return tuple(each for piece in joined if (each := _deadline(sentence, piece, found, said)) is not None)


# ---- Together ---------------------------------------------------------------------------------------------


def _without_overlaps(pieces: Iterator[Piece]) -> list[Piece]:
    """Of two that overlap the longer one, in the order of the text."""
    taken: list[Piece] = []
    for piece in sorted(pieces, key=lambda each: (each.start - each.end, each.start)):
        if all(piece.end <= other.start or other.end <= piece.start for other in taken):
            taken.append(piece)
    return sorted(taken, key=lambda each: each.start)


def _joined(text: str, pieces: list[Piece], found: Patterns) -> list[Piece]:
    """Neighbours that are one moment: "Wednesday" and "4 March", "tomorrow" and "noon", "2 or 3 March"."""
    joined: list[Piece] = []
    for piece in pieces:
        before = joined[-1] if joined else None
        gap = text[before.end : piece.start] if before else ""
        if before and found.glue.fullmatch(gap):
            joined[-1] = _together(before, piece, is_latest=found.latest_in_glue.search(gap) is not None)
        elif before and found.between.fullmatch(gap) and before.day and piece.day:
            later = max(before.day, piece.day)
            joined[-1] = replace(piece, start=before.start, day=later, is_latest=before.is_latest)
        else:
            joined.append(piece)
    return joined


def _together(first: Piece, second: Piece, *, is_latest: bool) -> Piece:
    day = max((first, second), key=lambda each: (each.day is not None, each.weight))
    return replace(
        day,
        start=first.start,
        end=second.end,
        at=second.at or first.at,
        moment=first.moment or second.moment,
        is_latest=first.is_latest or second.is_latest or is_latest,
    )


def _deadline(text: str, piece: Piece, found: Patterns, said: Said) -> Deadline | None:
    before = text[max(0, piece.start - 40) : piece.start]
    if found.not_a_deadline.search(before):
        return None
    strictly = found.before.search(before) is not None
    latest = strictly or piece.is_latest or found.by.search(before) is not None
    latest = latest or found.at_the_latest.match(text, piece.end) is not None
    due_at, whole_day = _due(piece, said, strictly=strictly)
    if not said.now < due_at <= said.now + _LONGEST:
        return None
    bare = piece.is_today and not latest and piece.at is None
    return Deadline(piece.start, piece.end, due_at, whole_day, latest, bare)


def _due(piece: Piece, said: Said, *, strictly: bool) -> tuple[datetime, bool]:
    if piece.moment is not None:
        return piece.moment.astimezone(UTC), False
    if piece.day is None:
        at = piece.at or END_OF_DAY
        due_at = _at(said.today, at, said)
        if due_at <= said.now:
            due_at = _at(business_days.add(said.today, 1, said.country), at, said)
        return due_at, False
    day = piece.day
    if piece.is_weekday and _at(day, piece.at or time(0), said) <= said.now and day == said.today:
        day += timedelta(days=7)
    if piece.at is not None:
        return _at(day, piece.at, said), False
    if strictly:
        day -= timedelta(days=1)
    return _at(day, END_OF_DAY, said), True


def _at(day: date, at: time, said: Said) -> datetime:
    return datetime.combine(day, at, business_days.zone(said.country)).astimezone(UTC)
