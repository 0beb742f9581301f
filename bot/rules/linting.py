"""The trust linter: where our own words make a customer feel disbelieved or brushed off (R0-24..R0-31).

It reads drafts and notes of ours, never the customer's words, and it advises: nothing here blocks.
"""

from collections.abc import Iterator
from dataclasses import dataclass

from bot.rules.lexicon import Category, LanguageLexicon, Lexicon
from bot.rules.lexicon_reading import compile_lexicon
from bot.rules.phrase_patterns import Pattern
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
    for sentence, following in zip(own, (*own[1:], None), strict=False):
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
    for category in pack.categories:
        if category.name == "premature_referral" and referral_allowed:
            continue
        if category.skip_questions and sentence.is_question:
            continue
        if following and any(pattern.spans(following.words) for pattern in category.unless_next):
            continue
        spans = _spans(category, pack, sentence.words, intent)
        if spans:
            start, end = sentence.place(min(start for start, _ in spans), max(end for _, end in spans))
            severity = category.severity[_mood(intent)]
            rewrite = category.rewrite(sentence.words, intent)
            yield Finding(category.name, severity, start, end, text[start:end], category.why, rewrite)


def _spans(
    category: Category, pack: LanguageLexicon, words: str, intent: str | None
) -> list[tuple[int, int]]:
    """Where the category's rules hit without an excuse."""
    phrases = [span for rule in category.phrases for span in rule.spans(words)]
    concepts = [span for rule in category.concepts for span in rule.spans(words)]
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
