"""Finds a pack's cues in a message: one pass, no backtracking, time linear in the message."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from bot.rules.cues import NUMBER, Cue, Part
from bot.rules.vocabulary import Places, Vocabulary, vocabulary
from bot.rules.words import Sentence, Wording

#: A negation this many words before a cue still reaches it, unless a new clause begins in between.
_REACH = 3


@dataclass(frozen=True, slots=True)
class Match:
    """A cue found. `start` and `end` are code-point offsets into the message's text."""

    topic: str
    weight: float
    start: int
    end: int
    sentence: int


@dataclass(frozen=True, slots=True)
class _Pattern:
    cue: Cue
    #: Place numbers, step by step, part by part.
    places: tuple[tuple[int, ...], ...]


@dataclass(frozen=True, slots=True)
class Matcher:
    """All cues of one language, compiled. Safe to share between threads: nothing in it changes."""

    vocabulary: Vocabulary
    #: Patterns by the place that is least often filled.
    patterns: Mapping[int, tuple[_Pattern, ...]]
    negations: frozenset[str]
    clause_words: frozenset[str]

    def find(self, wording: Wording) -> dict[str, list[Match]]:
        """Each cue at most once, by topic, in the order of the text."""
        seen: dict[str, Places] = {}
        found: dict[str, list[Match]] = {}
        done: set[int] = set()
        for index, sentence in enumerate(wording.sentences):
            filled = self._filled(sentence, wording.accented, seen)
            denied = self._denied(sentence)
            reached = self._reached(sentence, denied)
            for place in sorted(filled):
                for pattern in self.patterns.get(place, ()):
                    if id(pattern) in done or any(
                        step not in filled for row in pattern.places for step in row
                    ):
                        continue
                    span = _span(pattern, filled, denied, reached)
                    if span is not None:
                        done.add(id(pattern))
                        start, end = sentence.words[span[0]].start, sentence.words[span[1]].end
                        match = Match(pattern.cue.topic, pattern.cue.weight, start, end, index)
                        found.setdefault(pattern.cue.topic, []).append(match)
        return found

    def _filled(self, sentence: Sentence, accented: bool, seen: dict[str, Places]) -> dict[int, list[int]]:
        filled: dict[int, list[int]] = {}
        for position, word in enumerate(sentence.words):
            places = seen.get(word.folded)
            if places is None:
                places = seen[word.folded] = self.vocabulary.places(word.folded, accented)
            for place in places:
                filled.setdefault(place, []).append(position)
        return filled

    def _denied(self, sentence: Sentence) -> frozenset[int]:
        words = sentence.words
        return frozenset(index for index, word in enumerate(words) if word.folded in self.negations)

    def _reached(self, sentence: Sentence, denied: frozenset[int]) -> frozenset[int]:
        """Positions right behind a negation."""
        reached: set[int] = set()
        for position in denied:
            for step in range(1, _REACH + 1):
                following = position + step
                if following >= len(sentence.words):
                    break
                word = sentence.words[following].folded
                if word in self.clause_words or word == ",":
                    break
                reached.add(following)
        return frozenset(reached)


def _span(
    pattern: _Pattern,
    filled: Mapping[int, Sequence[int]],
    denied: frozenset[int],
    reached: frozenset[int],
) -> tuple[int, int] | None:
    first, last = -1, -1
    for part, places in zip(pattern.cue.parts, pattern.places, strict=True):
        if pattern.cue.keeps:
            span = _walk(part, places, filled, frozenset(), frozenset())
        else:
            span = _walk(part, places, filled, denied, reached)
        if span is None:
            return None
        first = span[0] if first < 0 else min(first, span[0])
        last = max(last, span[1])
    return first, last


def _walk(
    part: Part,
    places: tuple[int, ...],
    filled: Mapping[int, Sequence[int]],
    denied: frozenset[int],
    reached: frozenset[int],
) -> tuple[int, int] | None:
    """First and last word of the part; None where it is not there or taken back."""
    ends = {position: position for position in filled[places[0]] if position not in reached}
    if part.anchored:
        ends = {position: start for position, start in ends.items() if position == 0}
    for step, place in zip(part.steps[1:], places[1:], strict=True):
        following: dict[int, int] = {}
        for position in filled[place]:
            for back in range(position - 1, position - step.gap - 2, -1):
                start = ends.get(back)
                if start is not None:
                    following[position] = start
                    break
                if back in denied:
                    break
        ends = following
    if not ends:
        return None
    end = min(ends)
    return ends[end], end


def compile_cues(
    cues: Iterable[Cue], negations: frozenset[str], clause_words: frozenset[str], known: frozenset[str]
) -> Matcher:
    """Number the places of all cues and index each cue by its rarest one."""
    numbers: dict[frozenset[str], int] = {}
    patterns: list[_Pattern] = []
    for cue in cues:
        rows = tuple(
            tuple(numbers.setdefault(step.options, len(numbers)) for step in part.steps) for part in cue.parts
        )
        patterns.append(_Pattern(cue, rows))
    options: dict[str, set[int]] = {}
    for choice, number in numbers.items():
        for option in choice:
            options.setdefault(option, set()).add(number)
    sizes = {number: len(choice) for choice, number in numbers.items()}
    index: dict[int, list[_Pattern]] = {}
    for pattern in patterns:
        rarest = min(
            (step for row in pattern.places for step in row), key=lambda place: (sizes[place], place)
        )
        index.setdefault(rarest, []).append(pattern)
    words = vocabulary(options, frozenset(options.get(NUMBER, ())), known | negations | clause_words)
    return Matcher(words, {place: tuple(rows) for place, rows in index.items()}, negations, clause_words)
