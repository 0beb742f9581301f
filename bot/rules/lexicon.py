"""The linter's word lists in compiled form: what is looked for, what excuses it, what to write instead."""

from collections.abc import Mapping
from dataclasses import dataclass

from bot.rules.phrase_patterns import Pattern

CATEGORIES = (
    "demands_proof",
    "system_says",
    "policy_hiding",
    "blame",
    "conditional_apology",
    "make_repeat",
    "command_tone",
    "premature_referral",
    "coldness",
)
SEVERITIES = ("high", "medium", "low")
#: complaint: the customer reports something we did wrong; small_talk: questions and praise; usual: the rest.
MOODS = ("complaint", "usual", "small_talk")


@dataclass(frozen=True, slots=True)
class Rule:
    """A pattern and the patterns that excuse it in the same sentence."""

    find: Pattern
    unless: tuple[Pattern, ...] = ()

    def spans(self, words: str) -> tuple[tuple[int, int], ...]:
        """Where the rule hits in a sentence's folded words."""
        spans = self.find.spans(words)
        if spans and any(pattern.spans(words) for pattern in self.unless):
            return ()
        return spans


@dataclass(frozen=True, slots=True)
class Rewrite:
    """A kinder sentence, for the sentences and intents it fits; empty `when` and `intents` fit all."""

    text: str
    when: tuple[Pattern, ...] = ()
    intents: frozenset[str] = frozenset()
    #: The times that the sentence names are said after it.
    keeps: bool = False

    def fits(self, words: str, intent: str | None) -> bool:
        """Whether this rewrite suits the sentence."""
        if self.intents and intent not in self.intents:
            return False
        return not self.when or any(pattern.spans(words) for pattern in self.when)


@dataclass(frozen=True, slots=True)
class Category:
    """One kind of distrust in one language. The last rewrite fits every sentence."""

    name: str
    severity: Mapping[str, str]
    why: str
    skip_questions: bool
    phrases: tuple[Rule, ...]
    concepts: tuple[Rule, ...]
    unless: tuple[Pattern, ...]
    unless_next: tuple[Pattern, ...]
    allowed: Mapping[str, tuple[Pattern, ...]]
    rewrites: tuple[Rewrite, ...]

    def rewrite(self, words: str, intent: str | None) -> Rewrite:
        """The first rewrite that fits."""
        return next(rewrite for rewrite in self.rewrites if rewrite.fits(words, intent))


@dataclass(frozen=True, slots=True)
class Kept:
    """A time that a kinder sentence may not lose: `find` it, take `what` is in it, and `say` that in place of {}."""

    find: Pattern
    what: Pattern
    say: str


@dataclass(frozen=True, slots=True)
class LanguageLexicon:
    """One language. `exceptions` excuse every concept, not the phrases.

    An excuse does not reach over a word of contrast: "thanks for the photo, but we need the receipt" is found.
    `reported` opens what the customer asked or was told by others; the words right after it are not ours.
    """

    language: str
    categories: tuple[Category, ...]
    exceptions: tuple[Pattern, ...]
    contrast: Pattern
    reported: tuple[Rule, ...] = ()
    #: Openings that a sentence can do without.
    openings: tuple[Pattern, ...] = ()
    #: Words that may begin a sentence where the verb comes second; empty in a language without that rule.
    subjects: frozenset[str] = frozenset()
    #: Words whose place differs between a main clause and a that-clause.
    negations: frozenset[str] = frozenset()
    kept: tuple[Kept, ...] = ()


@dataclass(frozen=True, slots=True)
class Lexicon:
    """All languages, by code."""

    languages: Mapping[str, LanguageLexicon]
