"""The trust linter: where our own words make a customer feel disbelieved or brushed off (R0-24..R0-31).

It reads drafts and notes of ours, never the customer's words, and it advises: nothing here blocks.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from bot.rules.lexicon import Category, LanguageLexicon, Lexicon, Rule
from bot.rules.lexicon_reading import compile_lexicon
from bot.rules.phrase_patterns import Pattern
from bot.rules.rewriting import rewritten_sentence
from bot.rules.scores import NOTHING_HEARD, Heard
from bot.rules.sentences import Sentence, sentences

__all__ = ["Finding", "Lexicon", "compile_lexicon", "lint", "rewritten"]

#: What we failed at: here the customer hears distrust at once, and the linter is strict (R0-24).
COMPLAINTS = frozenset(
    {
        "damaged_item", "missing_item", "wrong_item", "late_delivery", "double_charge", "duplicate_fee",
        "refund_status", "service_complaint", "technical_fault",
    }
)  # fmt: skip
#: Small talk: the same words weigh less.
QUIET = frozenset({"product_question", "praise", "other"})

#: From here on the model's word is enough; under the other it gainsays a concept of the word lists.
IS, MAY_BE = 0.65, 0.1
#: What the model must be for a sentence that the word lists excuse.
BEYOND_EXCUSE = 0.95

_FALLBACK = "en"
#: So many words after "you asked whether" still belong to what was asked.
_REPORTED_WORDS = 3


@dataclass(frozen=True, slots=True)
class Finding:
    """Words that show distrust. `start` and `end` are code points into the linted text; `text` stands there.

    `why` is for the agent; `rewrite` can stand in for the whole sentence around the words, see `rewritten`.
    """

    category: str
    severity: str
    start: int
    end: int
    text: str
    why: str
    rewrite: str


def lint(
    text: str,
    lexicon: Lexicon,
    *,
    language: str,
    intent: str | None = None,
    referral_allowed: bool = False,
    heard: Sequence[Heard] = (),
) -> tuple[Finding, ...]:
    """What a customer may hear in our own `text` as distrust, in reading order, one per category and sentence.

    Quoted lines, quotations and signatures are skipped, and only the first 20,000 characters are read. A
    language without a lexicon is read with the English one. `referral_allowed` says that asking for a
    recommendation is in order. `heard`: what a model hears in each of `sentences(text)`; without it the words
    decide alone. A phrase of the word lists always counts, a concept only where the model does not gainsay it, and
    the model finds what no list has.
    """
    pack = lexicon.languages.get(language) or lexicon.languages.get(_FALLBACK)
    if pack is None:
        return ()
    own = sentences(text)
    found: list[Finding] = []
    for place, sentence in enumerate(own):
        around = _Around(
            following=own[place + 1] if place + 1 < len(own) else None,
            heard=heard[place] if place < len(heard) else NOTHING_HEARD,
            intent=intent,
            referral_allowed=referral_allowed,
        )
        found.extend(_findings(text, sentence, around, pack))
    return tuple(sorted(found, key=lambda finding: (finding.start, finding.end, finding.category)))


def rewritten(text: str, finding: Finding) -> str:
    """`text` with the whole sentence around the finding replaced by its rewrite."""
    for sentence in sentences(text):
        if sentence.start <= finding.start and finding.end <= sentence.end:
            return text[: sentence.start] + finding.rewrite + text[sentence.end :]
    return text


@dataclass(frozen=True, slots=True)
class _Around:
    """What bears on a sentence from outside it."""

    following: Sentence | None
    heard: Heard
    intent: str | None
    referral_allowed: bool


def _findings(text: str, sentence: Sentence, around: _Around, pack: LanguageLexicon) -> Iterator[Finding]:
    for category in pack.categories:
        if category.name == "premature_referral" and around.referral_allowed:
            continue
        if category.skip_questions and sentence.is_question:
            continue
        following = around.following
        if following and any(pattern.spans(following.words) for pattern in category.unless_next):
            continue
        place = _place(category, pack, sentence, around)
        if place is not None:
            start, end = place
            severity = category.severity[_mood(around.intent)]
            rewrite = rewritten_sentence(text, sentence, place, category, pack, around.intent)
            yield Finding(category.name, severity, start, end, text[start:end], category.why, rewrite)


def _place(
    category: Category, pack: LanguageLexicon, sentence: Sentence, around: _Around
) -> tuple[int, int] | None:
    """Where in the text the category shows itself, by the words or by what the model hears; None if nowhere."""
    share = around.heard.shares.get(category.name)
    concepts = category.concepts if share is None or share >= MAY_BE else ()
    spans = _spans(category, concepts, pack, sentence.words, around.intent)
    if spans:
        return sentence.place(min(start for start, _ in spans), max(end for _, end in spans))
    if share is None or share < (BEYOND_EXCUSE if _is_excusable(category, pack, sentence.words) else IS):
        return None
    if _places(category.allowed.get(around.intent or "", ()), sentence.words):
        return None
    start, end = around.heard.spans.get(category.name, (0, sentence.end - sentence.start))
    return sentence.start + start, min(sentence.start + end, sentence.end)


def _is_excusable(category: Category, pack: LanguageLexicon, words: str) -> bool:
    """Whether an excuse of the word lists stands in the sentence, and no "but" that it would have to reach over."""
    excuses = _places((*category.unless, *pack.exceptions), words)
    return bool(excuses) and not pack.contrast.spans(words)


def _spans(
    category: Category, concept_rules: tuple[Rule, ...], pack: LanguageLexicon, words: str, intent: str | None
) -> list[tuple[int, int]]:
    """Where the category's rules hit without an excuse."""
    phrases = [span for rule in category.phrases for span in rule.spans(words)]
    concepts = [span for rule in concept_rules for span in rule.spans(words)]
    if not phrases and not concepts:
        return []
    contrasts = [start for start, _ in pack.contrast.spans(words)]
    excuses = _places((*category.unless, *category.allowed.get(intent or "", ())), words)
    spared = _places(pack.exceptions, words)
    left = [span for span in phrases if not _excused(span, excuses, contrasts)]
    left += [span for span in concepts if not _excused(span, excuses + spared, contrasts)]
    openings = [span for rule in pack.reported for span in rule.spans(words)]
    return [span for span in left if not any(_repeats(opening, span, words) for opening in openings)]


def _places(patterns: tuple[Pattern, ...], words: str) -> list[tuple[int, int]]:
    return [span for pattern in patterns for span in pattern.spans(words)]


def _excused(span: tuple[int, int], excuses: list[tuple[int, int]], contrasts: list[int]) -> bool:
    """Whether an excuse stands beside or after the span, or before it with no "but" between them."""
    return any(not any(end <= contrast < span[0] for contrast in contrasts) for _, end in excuses)


def _repeats(opening: tuple[int, int], span: tuple[int, int], words: str) -> bool:
    """Whether the span lies in the clause that the opening reports: "you asked whether you must return it"."""
    begin, end = opening
    return begin <= span[0] and (span[0] < end or words.count(" ", end, span[0]) <= _REPORTED_WORDS)


def _mood(intent: str | None) -> str:
    if intent in COMPLAINTS:
        return "complaint"
    return "small_talk" if intent in QUIET else "usual"
