"""The dates a text promises, so that what we write is what we do (R2-03).

A promise is a sentence of ours that says what we do, or what the customer has, by a coming moment. What has been,
what others say, opening hours, the law, and what the customer is to do are none; nor is what only holds if.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from functools import lru_cache
from itertools import pairwise

from bot.rules import business_days
from bot.rules.deadlines import Deadline, Said, deadlines
from bot.rules.policy import Hours
from bot.rules.promise_words import WORDS, PromiseWords, Vows
from bot.rules.sentences import Sentence, sentences

#: So many of one text are kept: nobody means to promise more.
MOST = 3
LONGEST_SENTENCE = 300
#: What is promised in a longer sentence than this is no sentence that anybody reads.
_LONGEST_READ = 1_000
#: So many opening hours before an hour that was promised, we speak up.
_WARN_HOURS = 2
_SOON = timedelta(hours=1)
#: After these the next verb of ours stands as a command does: "I will look and send you".
_SHALL = re.compile(r"\b(?:skal|vil|kan|ska|kommer att|will|shall|going to|can)\b|['’](?:ll|m|re)\b")
_REGARDLESS = re.compile(r"\b(?:uanset|uansett|oavsett|whatever|in any case|either way)\b")
_NAMES = "jan|feb|mar|apr|jun|jul|aug|sept|sep|okt|oct|nov|dec|des"
#: Full stops that end no sentence, each with the same number of letters instead.
_STOPS = (
    (re.compile(r"\b([dD])\.(?=\s?\d)"), r"\1 "),
    (re.compile(rf"\b({_NAMES})\.(?=\s+[a-zæøåäö0-9])", re.IGNORECASE), r"\1 "),
    (re.compile(rf"(\d)\.(?=\s+(?:{_NAMES}|maj|mai|may))", re.IGNORECASE), r"\1 "),
    (re.compile(r"\b(kr)\.(?=\s+[a-zæøåäö])"), r"\1 "),
    (re.compile(r"\b([ap])\.m\.(?=\s+[a-z])", re.IGNORECASE), r"\1m  "),
)


@dataclass(frozen=True, slots=True)
class PromisedDate:
    """One promise: the sentence as the customer reads it, and until when."""

    sentence: str
    due_at: datetime
    #: A day was named and no hour: `due_at` is that day's last second.
    whole_day: bool
    #: It is about money.
    is_money: bool


def promised_dates(text: str, language: str, said: Said) -> tuple[PromisedDate, ...]:
    """What the text promises, soonest first, once for each moment and at most `MOST`.

    A language we have no words for is read as English.
    """
    words = WORDS.get(language, WORDS["en"])
    read = text
    for stop, instead in _STOPS:
        read = stop.sub(instead, read)
    found: dict[datetime, PromisedDate] = {}
    for sentence in sentences(read):
        whole = read[sentence.start : sentence.end]
        if len(whole) > _LONGEST_READ:
            continue
        for deadline in _promised(whole.lower(), sentence, words, said):
            shown = " ".join(text[sentence.start : sentence.end].split())[:LONGEST_SENTENCE]
            is_money = _reads(words.vows).money.search(whole.lower()) is not None
            promise = PromisedDate(shown, deadline.due_at, deadline.whole_day, is_money)
            found.setdefault(deadline.due_at, promise)
    return tuple(sorted(found.values(), key=lambda each: each.due_at)[:MOST])


def _promised(text: str, sentence: Sentence, words: PromiseWords, said: Said) -> Iterator[Deadline]:
    if len(text) != sentence.end - sentence.start:
        return  # a letter that is two in small: no offset would fit
    named = deadlines(text, words.days, said)
    for deadline in named:
        clauses = _clauses(text, named, deadline, words.vows)
        if clauses.is_promise(deadline, words.vows, asks=sentence.is_question):
            yield deadline


# ---- Clauses ----------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class _Reads:
    """The words of a language, compiled."""

    we: re.Pattern[str]
    you_get: re.Pattern[str]
    comes: re.Pattern[str]
    stands: re.Pattern[str]
    we_do: re.Pattern[str]
    we_say: re.Pattern[str]
    joins: re.Pattern[str]
    below: re.Pattern[str]
    ifs: re.Pattern[str]
    customers_part: re.Pattern[str]
    commands: re.Pattern[str]
    condition: re.Pattern[str]
    condition_after: re.Pattern[str]
    past: re.Pattern[str]
    future: re.Pattern[str]
    other_dates: re.Pattern[str]
    hedges: re.Pattern[str]
    negations: re.Pattern[str]
    others_say: re.Pattern[str]
    money: re.Pattern[str]
    breaks: re.Pattern[str]


@lru_cache(maxsize=8)
def _reads(vows: Vows) -> _Reads:
    words = {
        name: re.compile(rf"(?<!\w)(?:{getattr(vows, name)})(?!\w)")
        for name in _Reads.__slots__
        if name != "breaks"
    }
    breaks = re.compile(rf"[,;:()]|\s[-–—]\s|\s(?=(?:{vows.joins}|{vows.below})\s)")
    return _Reads(breaks=breaks, **words)


@dataclass(frozen=True, slots=True)
class _Clauses:
    """The clause a moment stands in, without the moments' own words, and those around it."""

    first: str
    before: str
    #: The nearest one before it that hangs below no other.
    above: str
    here: str
    #: How far into `here` the moment stands.
    place: int
    after: str

    def is_promise(self, deadline: Deadline, vows: Vows, *, asks: bool) -> bool:
        """Whether we promise something for that moment."""
        reads = _reads(vows)
        if asks and not (self.after and (reads.we.match(self.here) or reads.you_get.match(self.here))):
            return False
        if self._holds_only_if(reads) or self._is_told_otherwise(reads):
            return False
        if _is_none(self.here, self.place, reads):
            return False
        if _commits(self.here, deadline, reads):
            stated = reads.we.search(self.here) is not None
            return stated or reads.others_say.search(self.before) is None
        if not self.above or _has_subject(self.here, reads):
            return False
        if reads.customers_part.search(self.above) or _starts(reads.commands, self.above, reads):
            return False
        both = f"{self.above} {self.here}"
        return reads.others_say.search(self.before) is None and _commits(both, deadline, reads)

    def _is_told_otherwise(self, reads: _Reads) -> bool:
        """Whether the customer is told to do it, or what it hangs below takes it back: "I cannot promise that"."""
        joined = reads.joins.match(self.here) is not None
        ours = joined and reads.we.search(self.above) and _SHALL.search(self.above)
        if not ours and _starts(reads.commands, self.here, reads):
            return True
        below = reads.below.match(self.here) is not None
        return below and any(each.search(self.before) for each in (reads.hedges, reads.negations))

    def _holds_only_if(self, reads: _Reads) -> bool:
        """Whether it hangs on something the customer does, or that may not come."""
        if _REGARDLESS.search(self.here):
            return False
        if reads.condition.match(self.here) or reads.ifs.match(self.here):
            return True
        if reads.condition.match(self.first) and self.first != self.here:
            return True
        joined = reads.joins.match(self.here) is not None
        return (not joined and reads.condition.match(self.before) is not None) or (
            reads.condition_after.match(self.after) is not None
        )


def _clauses(text: str, named: tuple[Deadline, ...], deadline: Deadline, vows: Vows) -> _Clauses:
    bare = list(text)
    for each in named:
        bare[each.start : each.end] = " " * (each.end - each.start)
    masked = "".join(bare)
    breaks = [0, *(each.start() for each in _reads(vows).breaks.finditer(masked)), len(masked)]
    parts = [(start, end) for start, end in pairwise(breaks) if end > start]
    index = next(place for place, (_, end) in enumerate(parts) if deadline.start < end)
    start, end = parts[index]
    here, shift = _plain(masked[start:end])
    plain = [_plain(masked[part[0] : part[1]])[0] for part in parts]
    earlier = [each for each in reversed(plain[:index]) if each]
    above = next((each for each in earlier if not _reads(vows).below.match(each)), "")
    return _Clauses(
        first=next((each for each in plain if each), ""),
        before=earlier[0] if earlier else "",
        above=above or (earlier[0] if earlier else ""),
        here=here,
        place=max(deadline.start - start - shift, 0),
        after=next((each for each in plain[index + 1 :] if each), ""),
    )


def _plain(clause: str) -> tuple[str, int]:
    """The clause without the mark it begins with, and how many characters went."""
    shown = clause.lstrip(" \t\n,;:()-–—")
    return shown.rstrip(" \t\n,;:()-–—.!?"), len(clause) - len(shown)


def _is_none(clause: str, place: int, reads: _Reads) -> bool:
    """Whether it only looks like a promise."""
    if reads.customers_part.search(clause):
        return True
    if reads.past.search(clause) and not reads.future.search(clause):
        return True
    if reads.other_dates.search(clause) or reads.hedges.search(clause) or reads.others_say.search(clause):
        return True
    return reads.negations.search(clause, 0, place) is not None


def _starts(words: re.Pattern[str], clause: str, reads: _Reads) -> bool:
    joined = reads.joins.match(clause)
    return words.match(clause[joined.end() :].lstrip() if joined else clause) is not None


def _has_subject(clause: str, reads: _Reads) -> bool:
    return any(each.search(clause) is not None for each in (reads.we, reads.you_get, reads.comes))


def _commits(clause: str, deadline: Deadline, reads: _Reads) -> bool:
    ours = reads.we.search(clause) is not None
    if deadline.is_bare_today:
        return ours and reads.we_say.search(clause) is not None
    if reads.you_get.search(clause) or reads.comes.search(clause):
        return True
    if deadline.is_latest:
        return ours or reads.stands.search(clause) is not None
    return ours and reads.we_do.search(clause) is not None


# ---- When to speak up -------------------------------------------------------------------------------------


def warn_at(due_at: datetime, said: Said, *, whole_day: bool) -> datetime:
    """When whoever gave it is to hear of it, always before it is due.

    For a day: when that day opens; for an hour: two opening hours before. Of a promise for a free day on the last
    working day before it; of one that is nearer than that, half way there.
    """
    day = business_days.local_day(due_at, said.country)
    while not business_days.is_business_day(day, said.country):
        day -= timedelta(days=1)
    opens_at = business_days.at_hour(day, said.hours.open_hour, said.country)
    earlier = _opening_hours_before(due_at, said)
    for at in (opens_at, earlier) if whole_day else (earlier,):
        if said.now + _SOON <= at < due_at:
            return at
    return said.now + (due_at - said.now) / 2


def _opening_hours_before(due_at: datetime, said: Said) -> datetime:
    """`_WARN_HOURS` of opening time before that moment."""
    hours, left = said.hours, timedelta(hours=_WARN_HOURS)
    day, at = business_days.local_day(due_at, said.country), due_at
    while True:
        if business_days.is_business_day(day, said.country):
            opens, closes = _opening(day, hours, said.country)
            at = min(at, closes)
            if at - left >= opens:
                return at - left
            left -= max(at - opens, timedelta(0))
        day -= timedelta(days=1)
        at = datetime.combine(day, time.max, business_days.zone(said.country))


def _opening(day: date, hours: Hours, country: str) -> tuple[datetime, datetime]:
    opens = business_days.at_hour(day, hours.open_hour, country)
    return opens, business_days.at_hour(day, hours.close_hour, country)
