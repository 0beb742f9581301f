"""The trust linter: where our own words make a customer feel disbelieved or brushed off (R0-24..R0-31).

It reads drafts and notes of ours, never the customer's words, and it advises: nothing here blocks.
"""

from collections.abc import Iterator
from dataclasses import dataclass

from bot.rules.lexicon import Category, LanguageLexicon, Lexicon
from bot.rules.lexicon_reading import compile_lexicon
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

_FALLBACK = "en"


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
    text: str, lexicon: Lexicon, *, language: str, intent: str | None = None, referral_allowed: bool = False
) -> tuple[Finding, ...]:
    """What a customer may hear in our own `text` as distrust, in reading order, one per category and sentence.

    Quoted lines, quotations and signatures are skipped, and only the first 20,000 characters are read. A
    language without a lexicon is read with the English one. `referral_allowed` says that asking for a
    recommendation is in order.
    """
    pack = lexicon.languages.get(language) or lexicon.languages.get(_FALLBACK)
    if pack is None:
        return ()
    own = sentences(text)
    found: list[Finding] = []
    for sentence, following in zip(own, (*own[1:], None), strict=True):
        found.extend(_findings(text, sentence, following, pack, intent, referral_allowed))
    return tuple(sorted(found, key=lambda finding: (finding.start, finding.end, finding.category)))


def rewritten(text: str, finding: Finding) -> str:
    """`text` with the whole sentence around the finding replaced by its rewrite."""
    for sentence in sentences(text):
        if sentence.start <= finding.start and finding.end <= sentence.end:
            return text[: sentence.start] + finding.rewrite + text[sentence.end :]
    return text


def _findings(
    text: str,
    sentence: Sentence,
    following: Sentence | None,
    pack: LanguageLexicon,
    intent: str | None,
    referral_allowed: bool,
) -> Iterator[Finding]:
    excused = any(pattern.span(sentence.words) for pattern in pack.exceptions)
    for category in pack.categories:
        if category.name == "premature_referral" and referral_allowed:
            continue
        if _guarded(category, sentence, following, intent):
            continue
        span = _span(category, sentence.words, excused)
        if span is not None:
            start, end = sentence.place(*span)
            severity = category.severity[_mood(intent)]
            rewrite = category.rewrite(sentence.words, intent)
            yield Finding(category.name, severity, start, end, text[start:end], category.why, rewrite)


def _guarded(category: Category, sentence: Sentence, following: Sentence | None, intent: str | None) -> bool:
    if category.skip_questions and sentence.is_question:
        return True
    if any(pattern.span(sentence.words) for pattern in category.unless):
        return True
    if any(pattern.span(sentence.words) for pattern in category.allowed.get(intent or "", ())):
        return True
    return following is not None and any(pattern.span(following.words) for pattern in category.unless_next)


def _span(category: Category, words: str, excused: bool) -> tuple[int, int] | None:
    """From the first to the last word that any rule of the category found; None when none did."""
    rules = category.phrases if excused else (*category.phrases, *category.concepts)
    spans = [span for rule in rules if (span := rule.span(words))]
    if not spans:
        return None
    return min(start for start, _ in spans), max(end for _, end in spans)


def _mood(intent: str | None) -> str:
    if intent in COMPLAINTS:
        return "complaint"
    return "small_talk" if intent in QUIET else "usual"
