"""The small pattern language of the word lists, for people who do not write regular expressions.

    send et billede     these words one after another; capitals, commas and line breaks do not matter
    billede*  *foto     a word that begins so, ends so
    (se|tjekke)         one of these; each may be several words
    [venligst]          may be there or not
    ..   ...            up to two, up to six other words in between
    <picture>           anything from the list "picture" under `words`
    ^send   retur$      only at the beginning, at the end of the sentence
    send & bevis        both in one sentence, in any order

A pattern runs in time proportional to the sentence: every gap is bounded, nothing repeats without end.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from bot.rules.sentences import fold

_PIECE = re.compile(r"\.{2,3}(?!\.)|[()|\[\]^$]|<[a-z_]+>|[^\s()|\[\]<>^$]+")
_WORD = re.compile(r"\*?[^\W_][^\W_'-]*(?:[-'’][^\W_]+)*[-]?\*?")
_GAPS = {"..": r"(?: \S++){0,2}?", "...": r"(?: \S++){0,6}?"}
#: A long gap counts two, a short one one: bounds the ways in which one pattern can be tried at one place.
_MOST_GAPS = 6


@dataclass(frozen=True, slots=True)
class Pattern:
    """A compiled pattern. Every part must be found; `source` is what the author wrote."""

    source: str
    parts: tuple[re.Pattern[str], ...]

    def spans(self, words: str) -> tuple[tuple[int, int], ...]:
        """Every place in a sentence's folded words, from the pattern's first word to its last.

        A pattern of several parts (`&`) is found once at most, from the first part to the last.
        """
        if len(self.parts) == 1:
            return tuple(self._overlapping(words))
        found = [match.span() for part in self.parts if (match := part.search(words))]
        if len(found) < len(self.parts):
            return ()
        return ((min(start for start, _ in found), max(end for _, end in found)),)

    def _overlapping(self, words: str) -> Iterator[tuple[int, int]]:
        """One match per starting word: the second "send" of "don't send it, but send a photo" counts too."""
        match = self.parts[0].search(words)
        while match:
            yield match.span()
            match = self.parts[0].search(words, match.start() + 1)


def compile_pattern(source: str, lists: Mapping[str, str]) -> Pattern:
    """Compile one pattern; `lists` are the named word lists, written in the same language.

    Raises ValueError saying what is wrong with the pattern.
    """
    parts = tuple(_compile_part(part, lists) for part in source.split("&"))
    return Pattern(source, parts)


def _compile_part(source: str, lists: Mapping[str, str]) -> re.Pattern[str]:
    parser = _Parser(_PIECE.findall(source), lists, ())
    expression = parser.alternatives()
    if parser.pieces:
        raise ValueError(f"'{source}' has a stray '{parser.pieces[0]}'")
    compiled = re.compile(expression)
    if compiled.match(""):
        raise ValueError(f"'{source}' would match anything")
    return compiled


class _Parser:
    """Reads pieces from the left; what is left over stays in `pieces`."""

    def __init__(self, pieces: list[str], lists: Mapping[str, str], inside: tuple[str, ...]) -> None:
        self.pieces = pieces
        self._lists = lists
        self._inside = inside
        self._gaps = 0

    def alternatives(self) -> str:
        """`a b | c`: sequences separated by bars."""
        found = [self._sequence()]
        while self.pieces[:1] == ["|"]:
            self.pieces.pop(0)
            found.append(self._sequence())
        return found[0] if len(found) == 1 else "(?:" + "|".join(found) + ")"

    def _sequence(self) -> str:
        items: list[str] = []
        while self.pieces and self.pieces[0] not in ("|", ")", "]"):
            piece = self.pieces.pop(0)
            items.append(self._item(piece))
        if not items:
            raise ValueError("an empty choice")
        return "".join(items)

    def _item(self, piece: str) -> str:
        if piece in _GAPS:
            return self._gap(piece)
        if piece in ("^", "$"):
            return r"\A" if piece == "^" else r"\Z"
        if piece in ("(", "["):
            return self._group(piece)
        if piece.startswith("<"):
            return self._list(piece[1:-1])
        return _word(piece)

    def _gap(self, piece: str) -> str:
        self._gaps += len(piece) - 1
        if self._inside:
            raise ValueError(f"word list '{self._inside[-1]}' has a gap")
        if self._gaps > _MOST_GAPS:
            raise ValueError("too many gaps in one pattern")
        return _GAPS[piece]

    def _group(self, opening: str) -> str:
        inner = self.alternatives()
        closing = ")" if opening == "(" else "]"
        if self.pieces[:1] != [closing]:
            raise ValueError(f"'{opening}' without '{closing}'")
        self.pieces.pop(0)
        return f"(?:{inner})" + ("" if opening == "(" else "?")

    def _list(self, name: str) -> str:
        if name not in self._lists:
            raise ValueError(f"there is no word list '{name}'")
        if name in self._inside:
            raise ValueError(f"word list '{name}' contains itself")
        parser = _Parser(_PIECE.findall(self._lists[name]), self._lists, (*self._inside, name))
        inner = parser.alternatives()
        if parser.pieces:
            raise ValueError(f"word list '{name}' has a stray '{parser.pieces[0]}'")
        return f"(?:{inner})"


def _word(piece: str) -> str:
    if not _WORD.fullmatch(piece):
        raise ValueError(f"'{piece}' is not a word")
    begin = r"\S{0,30}?" if piece.startswith("*") else ""
    end = r"\S*+" if piece.endswith("*") else r"(?!\S)"
    return " " + begin + re.escape(fold(piece.strip("*"))) + end
