"""The words of every language, compiled from the packs' reading.yaml; the caller reads the files."""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from bot.rules.cues import CLAUSE_WORDS, NEGATIONS, Cue, Lists, parse_cue
from bot.rules.matching import Matcher, compile_cues
from bot.rules.topics import DENIABLE, GROUPS, INTENTS, STRENGTHS
from bot.rules.words import bare, fold

_KEYS = {"extends", "markers", "lists", "intents", *GROUPS, "order_words", "things"}


@dataclass(frozen=True, slots=True)
class Pack:
    """One language."""

    language: str
    matcher: Matcher
    lists: Mapping[str, frozenset[str]]
    #: Words seen in this language only, and words it shares with few others; in lower case, not folded.
    only: frozenset[str]
    common: frozenset[str]
    #: Words nobody writes in this language, though in its nearest neighbour.
    never: frozenset[str]
    #: Beginnings, endings and insides of words that show the language; None without any.
    pieces: re.Pattern[str] | None
    #: Words that stand before an order number.
    order_words: frozenset[str]
    #: Any form of a thing (folded) -> the form that fits a sentence.
    things: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class ReadingPacks:
    """Every language by its code."""

    packs: Mapping[str, Pack]
    #: Marker word -> the languages that have it; then the same typed without å, ä, ö.
    markers: Mapping[str, frozenset[str]]
    bare_markers: Mapping[str, frozenset[str]]
    #: What in a word shows a language, by language.
    pieces: Mapping[str, re.Pattern[str]]
    #: Words that stand before an order number, of all languages: "order no" is written everywhere.
    order_words: frozenset[str]

    def pack(self, language: str) -> Pack:
        """The pack of a language, English where there is none; ValueError without English."""
        found = self.packs.get(language) or self.packs.get("en")
        if found is None:
            raise ValueError("en: there is no reading pack")
        return found


def compile_packs(packs: Mapping[str, Mapping[str, object]]) -> ReadingPacks:
    """`packs[language]` is a parsed reading.yaml. ValueError names the language and the key that is wrong."""
    if "en" not in packs:
        raise ValueError("en: there is no reading pack")
    compiled = {language: _pack(language, _whole(language, packs)) for language in sorted(packs)}
    order_words = frozenset[str]().union(*(pack.order_words for pack in compiled.values()))
    pieces = {language: pack.pieces for language, pack in compiled.items() if pack.pieces}
    return ReadingPacks(compiled, _markers(compiled, False), _markers(compiled, True), pieces, order_words)


def _whole(language: str, packs: Mapping[str, Mapping[str, object]]) -> Mapping[str, object]:
    """The pack with what it extends: lists and cues are added, single values replaced."""
    own = packs[language]
    unknown = sorted(set(own) - _KEYS)
    if unknown:
        raise ValueError(f"{language}: {unknown[0]}: no such key")
    parent = own.get("extends")
    if parent is None:
        return own
    if not isinstance(parent, str) or parent not in packs or "extends" in packs[parent]:
        raise ValueError(f"{language}: extends: {parent!r} is no pack that stands alone")
    merged = _merged(packs[parent], {key: value for key, value in own.items() if key != "extends"})
    # A language's marker words are its own: they are what tells it from the one it extends.
    return {**merged, "markers": own.get("markers", {})}


def _merged(parent: Mapping[str, object], own: Mapping[str, object]) -> dict[str, object]:
    result = dict(parent)
    for key, value in own.items():
        before = result.get(key)
        if isinstance(before, Mapping) and isinstance(value, Mapping):
            result[key] = _merged(before, value)
        elif isinstance(before, str | list) and isinstance(value, str | list):
            result[key] = [*_split(before), *_split(value)]
        else:
            result[key] = value
    return result


def _split(value: str | list[object]) -> list[object]:
    return list(value.split()) if isinstance(value, str) else value


def _pack(language: str, raw: Mapping[str, object]) -> Pack:
    lists = Lists.read(dict(_rows_by_name(raw, "lists", language)))
    markers = dict(_rows_by_name(raw, "markers", language))
    only, common, never = (frozenset(markers.get(name, ())) for name in ("only", "common", "never"))
    cues = [
        cue
        for key, topic, weight, text in _lines(raw, language)
        for cue in _parsed(key, topic, weight, text, lists, language)
    ]
    negations, clause_words = (lists.words.get(name, frozenset()) for name in (NEGATIONS, CLAUSE_WORDS))
    matcher = compile_cues(cues, negations, clause_words, _fold_all(only | common))
    words = {
        name: rows | frozenset(" ".join(row) for row in lists.phrases[name])
        for name, rows in lists.words.items()
    }
    order_words = _fold_all(_strings(raw.get("order_words", []), language, "order_words"))
    return Pack(
        language,
        matcher,
        words,
        only,
        common,
        never,
        _pieces(markers.get("pieces", ())),
        order_words,
        _things(raw, language),
    )


def _parsed(key: str, topic: str, weight: float, text: str, lists: Lists, language: str) -> tuple[Cue, ...]:
    try:
        return parse_cue(text if topic in DENIABLE else f"~ {text.removeprefix('~ ')}", topic, weight, lists)
    except ValueError as error:
        raise ValueError(f"{language}: {key}: {error}") from error


def _lines(raw: Mapping[str, object], language: str) -> Iterator[tuple[str, str, float, str]]:
    """Every cue of a pack: where it stands, its topic, its weight and its text."""
    intents = _mapping(raw.get("intents", {}), language, "intents")
    for name, strengths in intents.items():
        key = f"intents.{name}"
        if name not in INTENTS:
            raise ValueError(f"{language}: {key}: no such intent")
        for strength, rows in _mapping(strengths, language, key).items():
            if strength not in STRENGTHS:
                raise ValueError(f"{language}: {key}.{strength}: use one of {', '.join(STRENGTHS)}")
            for text in _strings(rows, language, f"{key}.{strength}"):
                yield f"{key}.{strength}", f"intent.{name}", STRENGTHS[strength], text
    for group, topics in GROUPS.items():
        for name, rows in _mapping(raw.get(group, {}), language, group).items():
            if name not in topics:
                raise ValueError(f"{language}: {group}.{name}: use one of {', '.join(topics)}")
            for text in _strings(rows, language, f"{group}.{name}"):
                yield f"{group}.{name}", f"{group}.{name}", 1.0, text


def _things(raw: Mapping[str, object], language: str) -> dict[str, str]:
    things: dict[str, str] = {}
    for form, rows in _rows_by_name(raw, "things", language):
        for word in (form, *rows):
            things[fold(word)] = form
    return things


def _rows_by_name(raw: Mapping[str, object], key: str, language: str) -> Iterator[tuple[str, list[str]]]:
    for name, rows in _mapping(raw.get(key, {}), language, key).items():
        yield name, _strings(rows, language, f"{key}.{name}")


def _mapping(value: object, language: str, key: str) -> Mapping[str, object]:
    if isinstance(value, Mapping) and all(isinstance(name, str) for name in value):
        return value
    raise ValueError(f"{language}: {key}: must be names with a value each")


def _strings(value: object, language: str, key: str) -> list[str]:
    """A list of texts; also one text with blanks between single words, which is easier to write."""
    if isinstance(value, str):
        return value.split()
    if isinstance(value, Sequence) and all(isinstance(row, str) for row in value):
        return [str(row) for row in value]
    raise ValueError(
        f"{language}: {key}: must be a list of texts (put no, yes, on, off and numbers in quotes)"
    )


def _pieces(pieces: Sequence[str]) -> re.Pattern[str] | None:
    """`ud*` at the beginning, `*ede` at the end, `*tion*` anywhere: one linear pattern."""
    options = (
        ("" if piece.startswith("*") else "^")
        + re.escape(piece.strip("*"))
        + ("" if piece.endswith("*") else "$")
        for piece in pieces
    )
    return re.compile("|".join(options)) if pieces else None


def _fold_all(words: Iterable[str]) -> frozenset[str]:
    return frozenset(fold(word) for word in words)


def _markers(packs: Mapping[str, Pack], without_letters: bool) -> dict[str, frozenset[str]]:
    found: dict[str, frozenset[str]] = {}
    for language, pack in packs.items():
        for word in pack.only | pack.common:
            key = bare(fold(word)) if without_letters else word
            found[key] = found.get(key, frozenset()) | {language}
    return found
