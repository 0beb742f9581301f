"""The small pattern language of the word lists, for people who do not write regular expressions.

    send et billede     these words one after another; capitals, commas and line breaks do not matter
    billede*  *foto     a word that begins so, ends so
    (se|tjekke)         one of these; each may be several words
    [venligst]          may be there or not
    ..  ...  ....       up to two, six, twelve other words in between
    <picture>           anything from the list "picture" under `words`
    ^send   retur$      only at the beginning, at the end of the sentence
    send & bevis        both in one sentence, in any order

A pattern runs in time proportional to the sentence: every gap is bounded, nothing repeats without end.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache

from bot.rules.sentences import fold

_PIECE = re.compile(r"\.{2,4}(?!\.)|[()|\[\]^$]|<[a-z_]+>|[^\s()|\[\]<>^$]+")
_WORD = re.compile(r"\*?[^\W_][^\W_'-]*(?:[-'’][^\W_]+)*[-]?\*?")
_OPTIONAL = re.compile(r"\[[^\[\]]*\]")
_GAPS = {"..": r"(?: \S++){0,2}?", "...": r"(?: \S++){0,6}?", "....": r"(?: \S++){0,12}?"}
#: A gap counts one, two or three by its length: bounds the ways in which one pattern can be tried at one place.
_MOST_GAPS = 6


@dataclass(frozen=True, slots=True)
class Pattern:
    """A pattern. Every part must be found; `source` is what the author wrote."""

    source: str
    _parts: tuple[str, ...]

    def spans(self, words: str) -> tuple[tuple[int, int], ...]:
        """Every place in a sentence's folded words, from the pattern's first word to its last.

        A pattern of several parts (`&`) is found once at most, from the first part to the last.
        """
        if len(self._parts) == 1:
            return tuple(_overlapping(_compiled(self._parts[0]), words))
        found = [match.span() for part in self._parts if (match := _compiled(part).search(words))]
        if len(found) < len(self._parts):
            return ()
        return ((min(start for start, _ in found), max(end for _, end in found)),)


@cache
def _compiled(part: str) -> re.Pattern[str]:
    """Compiled on first use: five languages are a second and a half, and most runs need one."""
    return re.compile(part)


def _overlapping(part: re.Pattern[str], words: str) -> Iterator[tuple[int, int]]:
    """One match per starting word: the second "send" of "don't send it, but send a photo" counts too."""
    match = part.search(words)
    while match and match.end() > match.start():
        yield match.span()
        match = part.search(words, match.start() + 1)


def compile_pattern(source: str, lists: Mapping[str, str]) -> Pattern:
    """Read one pattern; `lists` are the named word lists, written in the same language.

    Raises ValueError saying what is wrong with the pattern.
    """
    return Pattern(source, tuple(_part(part, lists) for part in source.split("&")))


def _part(source: str, lists: Mapping[str, str]) -> str:
    parser = _Parser(_PIECE.findall(source), lists, ())
    expression = parser.alternatives()
    if parser.pieces:
        raise ValueError(f"'{source}' has a stray '{parser.pieces[0]}'")
    if not _needs_a_word(source):
        raise ValueError(f"'{source}' would match anything")
    return expression


def _needs_a_word(source: str) -> bool:
    """Whether something is left of the pattern without its optional words, gaps and ends."""
    needed, before = source, ""
    while needed != before:
        needed, before = _OPTIONAL.sub("", needed), needed
    return bool(needed.strip(" .^$()|"))


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
