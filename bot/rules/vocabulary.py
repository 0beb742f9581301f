"""Which places of which cues a word of a message can fill: exact, by beginning or end, misspelt."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from bot.rules.cues import NUMBER
from bot.rules.words import bare

#: Shorter words have too many neighbours to guess at a misspelling.
_SHORTEST_MISSPELT = 6
_LONGEST_MISSPELT = 18
_SHORTEST_BEGINNING = 7

Places = frozenset[int]
_NONE: Places = frozenset()


@dataclass(frozen=True, slots=True)
class Vocabulary:
    """Place numbers by word. Build it with `vocabulary`, ask it with `places`."""

    exact: Mapping[str, Places]
    bare_exact: Mapping[str, Places]
    beginnings: Mapping[str, Places]
    bare_beginnings: Mapping[str, Places]
    endings: Mapping[str, Places]
    inside: tuple[tuple[str, Places], ...]
    #: Words with one letter taken out -> the words themselves.
    gaps: Mapping[str, tuple[str, ...]]
    #: The same for the beginnings of words.
    beginning_gaps: Mapping[str, tuple[str, ...]]
    #: Common words of the language that are never a misspelling of something else.
    known: frozenset[str]
    #: Lengths of the beginnings and endings, so that a look-up asks only for those.
    beginning_lengths: tuple[int, ...]
    ending_lengths: tuple[int, ...]
    numbers: Places

    def places(self, word: str, accented: bool) -> Places:
        """Every place the folded `word` fills; empty for a word no cue knows."""
        found = self._plain(word, self.exact, self.beginnings)
        if word[:1].isdigit():
            return found | self.numbers
        if found or word in self.known:
            return found
        if not accented:
            found = self._plain(bare(word), self.bare_exact, self.bare_beginnings)
        return found or self._misspelt(word)

    def _plain(self, word: str, exact: Mapping[str, Places], beginnings: Mapping[str, Places]) -> Places:
        found = exact.get(word, _NONE)
        for length in self.beginning_lengths:
            if length > len(word):
                break
            found |= beginnings.get(word[:length], _NONE)
        for length in self.ending_lengths:
            if length > len(word):
                break
            found |= self.endings.get(word[-length:], _NONE)
        for piece, places in self.inside:
            if piece in word:
                found |= places
        return found

    def _misspelt(self, word: str) -> Places:
        if not _SHORTEST_MISSPELT <= len(word) <= _LONGEST_MISSPELT:
            return _NONE
        found = _NONE
        for candidate in sorted(set(self._neighbours(word))):
            found |= self._plain(candidate, self.exact, self.beginnings)
        return found or self._misspelt_beginning(word)

    def _misspelt_beginning(self, word: str) -> Places:
        """As above, for the words written with a star: only their beginning has to be nearly right."""
        found = _NONE
        for length in self.beginning_lengths:
            if not _SHORTEST_BEGINNING <= length <= len(word) + 1:
                continue
            candidates = {*self.beginning_gaps.get(word[: length - 1], ())}
            for piece in _without_one(word[:length]):
                same = self.beginning_gaps.get(piece, ())
                candidates.update(stem for stem in same if _one_apart(stem, word[:length]))
            candidates.update(piece for piece in _without_one(word[: length + 1]) if len(piece) == length)
            for stem in sorted(candidates & self.beginnings.keys()):
                found |= self.beginnings[stem] if stem[0] == word[0] and len(stem) == length else _NONE
        return found

    def _neighbours(self, word: str) -> Iterator[str]:
        yield from self.gaps.get(word, ())
        for shorter in _without_one(word):
            if shorter in self.exact and len(shorter) >= _SHORTEST_MISSPELT:
                yield shorter
            for candidate in self.gaps.get(shorter, ()):
                if candidate[0] == word[0] and _one_apart(candidate, word):
                    yield candidate


def vocabulary(options: Mapping[str, Iterable[int]], numbers: Places, known: frozenset[str]) -> Vocabulary:
    """`options`: folded words with their stars -> the places they fill."""
    tables: dict[str, dict[str, Places]] = {"exact": {}, "beginning": {}, "ending": {}, "inside": {}}
    for option, places in options.items():
        if option != NUMBER:
            tables[_kind(option)][option.strip("*")] = frozenset(places)
    return Vocabulary(
        tables["exact"],
        _bare_table(tables["exact"]),
        tables["beginning"],
        _bare_table(tables["beginning"]),
        tables["ending"],
        tuple(tables["inside"].items()),
        _gap_table(tables["exact"], _SHORTEST_MISSPELT),
        _gap_table(tables["beginning"], _SHORTEST_BEGINNING),
        known,
        tuple(sorted({len(piece) for piece in tables["beginning"]})),
        tuple(sorted({len(piece) for piece in tables["ending"]})),
        numbers,
    )


def _gap_table(words: Iterable[str], shortest: int) -> dict[str, tuple[str, ...]]:
    gaps: dict[str, tuple[str, ...]] = {}
    for word in words:
        if shortest <= len(word) <= _LONGEST_MISSPELT:
            for shorter in _without_one(word):
                gaps[shorter] = (*gaps.get(shorter, ()), word)
    return gaps


def _kind(option: str) -> str:
    if option.startswith("*"):
        return "inside" if option.endswith("*") else "ending"
    return "beginning" if option.endswith("*") else "exact"


def _bare_table(table: Mapping[str, Places]) -> dict[str, Places]:
    result: dict[str, Places] = {}
    for word, places in table.items():
        result[bare(word)] = result.get(bare(word), _NONE) | places
    return result


def _without_one(word: str) -> set[str]:
    """Without one of its letters, the first and the last excepted: those are seldom missed."""
    return {word[:index] + word[index + 1 :] for index in range(1, len(word) - 1)}


def _one_apart(left: str, right: str) -> bool:
    """One letter more or less, another one, or two swapped."""
    if len(left) != len(right):
        return abs(len(left) - len(right)) == 1
    differing = [index for index, pair in enumerate(zip(left, right, strict=True)) if pair[0] != pair[1]]
    if len(differing) == 1:
        # Another last letter is mostly another form of the word, not a slip.
        return differing[0] < len(left) - 1
    return (
        len(differing) == 2
        and differing[1] == differing[0] + 1
        and left[differing[0]] == right[differing[1]]
        and left[differing[1]] == right[differing[0]]
    )
