"""Cuts a text into the word pieces that the reading network knows: the likeliest cut of every word (unigram model)."""

import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

#: Marks the beginning of a word, as the vocabulary does.
WORD_START = "▁"
#: An unknown character costs more than any known piece.
_UNKNOWN_COST = -30.0
_IMPOSSIBLE = -1e30
#: The part of a word that is cut; nobody writes longer ones, and a line of dashes says nothing more.
_LONGEST_WORD = 60


@dataclass(frozen=True, slots=True)
class Cut:
    """A text in pieces: their numbers, begin and end among them, and the place of each one's word, or None."""

    numbers: list[int]
    words: list[str]
    word_of: list[int | None]


@dataclass(frozen=True, slots=True)
class WordPieces:
    """A vocabulary: the number and the log probability of each piece, and the numbers that mark begin, end, unknown."""

    pieces: Mapping[str, tuple[int, float]]
    begin: int
    end: int
    unknown: int
    longest: int

    @classmethod
    def of(cls, pieces: Sequence[str], costs: Sequence[float]) -> "WordPieces":
        """The first four pieces are begin, padding, end and unknown; the rest may be found in words."""
        known = {piece: (place, costs[place]) for place, piece in enumerate(pieces) if place > 3}
        return cls(known, 0, 2, 3, max(map(len, known), default=1))

    def numbers(self, text: str, most: int) -> list[int]:
        """The numbers alone; see `cut`."""
        return self.cut(text, most).numbers

    def cut(self, text: str, most: int) -> Cut:
        """At most `most` pieces. The same for the same text, in time linear in it."""
        words = _normal(text).split()[:most]
        numbers: list[int] = [self.begin]
        word_of: list[int | None] = [None]
        for place, word in enumerate(words):
            found = self._cut(WORD_START + word[:_LONGEST_WORD])
            numbers += found
            word_of += [place] * len(found)
            if len(numbers) >= most - 1:
                break
        return Cut([*numbers[: most - 1], self.end], words, [*word_of[: most - 1], None])

    def _cut(self, word: str) -> list[int]:
        """The cut of one word with the highest probability."""
        size = len(word)
        best, begun, number = [_IMPOSSIBLE] * (size + 1), [0] * (size + 1), [self.unknown] * (size + 1)
        best[0] = 0.0
        for start in range(size):
            here = best[start]
            for stop in range(start + 1, min(size, start + self.longest) + 1):
                known = self.pieces.get(word[start:stop])
                if known is not None and here + known[1] > best[stop]:
                    best[stop], begun[stop], number[stop] = here + known[1], start, known[0]
            if here + _UNKNOWN_COST > best[start + 1]:
                best[start + 1], begun[start + 1], number[start + 1] = (
                    here + _UNKNOWN_COST,
                    start,
                    self.unknown,
                )
        found: list[int] = []
        while size:
            found.append(number[size])
            size = begun[size]
        return found[::-1]


def _normal(text: str) -> str:
    """Compatible characters made one, as in the text the network learned from; control characters part words."""
    plain = unicodedata.normalize("NFKC", text)
    return "".join(
        " " if unicodedata.category(character) in ("Cc", "Cf") else character for character in plain
    )
