"""Reads the linter's word lists from plain data (the parsed linting.yaml of each language)."""

from collections.abc import Mapping, Sequence
from dataclasses import replace

from bot.rules.lexicon import (
    CATEGORIES,
    MOODS,
    SEVERITIES,
    Category,
    Kept,
    LanguageLexicon,
    Lexicon,
    Rewrite,
    Rule,
)
from bot.rules.phrase_patterns import Pattern, compile_pattern

_KEYS = {
    "severity",
    "why",
    "skip_questions",
    "phrases",
    "concepts",
    "unless",
    "unless_next",
    "allowed",
    "rewrites",
}


def compile_lexicon(packs: Mapping[str, Mapping[str, object]]) -> Lexicon:
    """Compile `packs[language]`, the parsed linting.yaml of each language; the patterns are described in it.

    Raises ValueError naming the language and the key that is malformed.
    """
    own = {language: _Reader(language, pack) for language, pack in packs.items()}
    compiled = {language: reader.lexicon() for language, reader in own.items()}
    borrowed = dict(compiled)
    for language, reader in own.items():
        for lender in reader.borrows():
            if lender not in own:
                raise ValueError(f"{language}: borrows: there is no pack '{lender}'")
            borrowed[language] = _with_borrowed(borrowed[language], compiled[lender])
    return Lexicon(borrowed)


def _with_borrowed(own: LanguageLexicon, other: LanguageLexicon) -> LanguageLexicon:
    """`own` finds and excuses also what `other` does; why and rewrites stay its own."""
    lent = {category.name: category for category in other.categories}
    categories = tuple(_joined(category, lent[category.name]) for category in own.categories)
    return replace(
        own,
        categories=categories,
        exceptions=own.exceptions + other.exceptions,
        reported=own.reported + other.reported,
    )


def _joined(own: Category, lent: Category) -> Category:
    intents = {*own.allowed, *lent.allowed}
    return replace(
        own,
        phrases=own.phrases + lent.phrases,
        concepts=own.concepts + lent.concepts,
        unless=own.unless + lent.unless,
        unless_next=own.unless_next + lent.unless_next,
        allowed={intent: (*own.allowed.get(intent, ()), *lent.allowed.get(intent, ())) for intent in intents},
    )


class _Reader:
    """Reads one language's plain data; every complaint names the language and the key."""

    def __init__(self, language: str, pack: Mapping[str, object]) -> None:
        self._language = language
        self._pack = self._mapping(pack, "linting.yaml")
        words = self._mapping(self._pack.get("words", {}), "words")
        self._lists = {name: self._text(value, f"words.{name}") for name, value in words.items()}
        for name in self._lists:
            self._pattern(f"<{name}>", f"words.{name}")

    def borrows(self) -> tuple[str, ...]:
        return tuple(
            self._text(name, "borrows") for name in self._list(self._pack.get("borrows", []), "borrows")
        )

    def lexicon(self) -> LanguageLexicon:
        given = self._mapping(self._pack.get("categories"), "categories")
        for name in given:
            if name not in CATEGORIES:
                raise self._wrong(f"categories.{name}", "is not one of " + ", ".join(CATEGORIES))
        categories = tuple(self._category(name, given.get(name)) for name in CATEGORIES)
        exceptions = self._patterns(self._pack.get("exceptions", []), "exceptions")
        contrast = self._pattern(self._text(self._pack.get("contrast"), "contrast"), "contrast")
        return LanguageLexicon(
            self._language,
            categories,
            exceptions,
            contrast,
            reported=self._rules(self._pack.get("reported", []), "reported"),
            openings=self._patterns(self._pack.get("openings", []), "openings"),
            subjects=self._words("subjects"),
            negations=self._words("negations"),
            kept=self._kept(self._pack.get("kept", []), "kept"),
        )

    def _words(self, key: str) -> frozenset[str]:
        given = self._list(self._pack.get(key, []), key)
        return frozenset(self._text(word, f"{key}[{at}]").casefold() for at, word in enumerate(given))

    def _kept(self, given: object, key: str) -> tuple[Kept, ...]:
        found = []
        for at, entry in enumerate(self._list(given, key)):
            here = f"{key}[{at}]"
            values = self._mapping(entry, here)
            find, what, say = (
                self._text(values.get(name), f"{here}.{name}") for name in ("find", "what", "say")
            )
            if "{}" not in say:
                raise self._wrong(f"{here}.say", "needs {} where the time is to stand")
            found.append(Kept(self._pattern(find, f"{here}.find"), self._pattern(what, f"{here}.what"), say))
        return tuple(found)

    def _category(self, name: str, given: object) -> Category:
        key = f"categories.{name}"
        values = self._mapping(given, key)
        for unknown in values.keys() - _KEYS:
            raise self._wrong(f"{key}.{unknown}", "is not known here")
        return Category(
            name=name,
            severity=self._severity(values.get("severity"), f"{key}.severity"),
            why=self._text(values.get("why"), f"{key}.why"),
            skip_questions=values.get("skip_questions") is True,
            phrases=self._rules(values.get("phrases", []), f"{key}.phrases"),
            concepts=self._rules(values.get("concepts", []), f"{key}.concepts"),
            unless=self._patterns(values.get("unless", []), f"{key}.unless"),
            unless_next=self._patterns(values.get("unless_next", []), f"{key}.unless_next"),
            allowed={
                intent: self._patterns(patterns, f"{key}.allowed.{intent}")
                for intent, patterns in self._mapping(values.get("allowed", {}), f"{key}.allowed").items()
            },
            rewrites=self._rewrites(values.get("rewrites"), f"{key}.rewrites"),
        )

    def _severity(self, given: object, key: str) -> Mapping[str, str]:
        severity = {
            mood: self._text(level, f"{key}.{mood}") for mood, level in self._mapping(given, key).items()
        }
        if set(severity) != set(MOODS) or not set(severity.values()) <= set(SEVERITIES):
            raise self._wrong(key, f"needs {', '.join(MOODS)}, each {', '.join(SEVERITIES)}")
        return severity

    def _rules(self, given: object, key: str) -> tuple[Rule, ...]:
        return tuple(self._rule(entry, f"{key}[{at}]") for at, entry in enumerate(self._list(given, key)))

    def _rule(self, given: object, key: str) -> Rule:
        if isinstance(given, str):
            return Rule(self._pattern(given, key))
        entry = self._mapping(given, key)
        unless = self._patterns(entry.get("unless", []), f"{key}.unless")
        return Rule(self._pattern(self._text(entry.get("find"), f"{key}.find"), f"{key}.find"), unless)

    def _rewrites(self, given: object, key: str) -> tuple[Rewrite, ...]:
        rewrites = tuple(
            self._rewrite(entry, f"{key}[{at}]") for at, entry in enumerate(self._list(given, key))
        )
        if not rewrites or rewrites[-1].when or rewrites[-1].intents:
            raise self._wrong(key, "must end with a text that fits every sentence")
        return rewrites

    def _rewrite(self, given: object, key: str) -> Rewrite:
        entry = self._mapping(given, key)
        intents = self._list(entry.get("intents", []), f"{key}.intents")
        return Rewrite(
            text=self._text(entry.get("text"), f"{key}.text"),
            when=self._patterns(entry.get("when", []), f"{key}.when"),
            intents=frozenset(self._text(intent, f"{key}.intents") for intent in intents),
            keeps=entry.get("keeps") is True,
        )

    def _patterns(self, given: object, key: str) -> tuple[Pattern, ...]:
        entries = enumerate(self._list(given, key))
        return tuple(
            self._pattern(self._text(entry, f"{key}[{at}]"), f"{key}[{at}]") for at, entry in entries
        )

    def _pattern(self, source: str, key: str) -> Pattern:
        try:
            return compile_pattern(source, self._lists)
        except ValueError as error:
            raise self._wrong(key, str(error)) from error

    def _text(self, given: object, key: str) -> str:
        if not isinstance(given, str) or not given.strip():
            raise self._wrong(key, "must be a text")
        return given.strip()

    def _list(self, given: object, key: str) -> Sequence[object]:
        if not isinstance(given, list):
            raise self._wrong(key, "must be a list")
        return given

    def _mapping(self, given: object, key: str) -> Mapping[str, object]:
        if not isinstance(given, Mapping) or not all(isinstance(name, str) for name in given):
            raise self._wrong(key, "must be a mapping")
        return given

    def _wrong(self, key: str, complaint: str) -> ValueError:
        return ValueError(f"{self._language}: {key}: {complaint}")
