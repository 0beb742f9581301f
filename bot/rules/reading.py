"""Puts together what the customer wrote: text in, `Reading` out. Pure, the same answer every time."""

from collections.abc import Mapping, Sequence

from bot.rules.amounts import read_amounts
from bot.rules.courtesy import is_content, read_courtesy
from bot.rules.customer_types import read_customer_type
from bot.rules.facts import Intent, Reading
from bot.rules.feelings import is_second_bad_experience, is_urgent, read_feeling
from bot.rules.intents import read_intents
from bot.rules.language import read_language
from bot.rules.matching import Match
from bot.rules.nouns import read_noun
from bot.rules.order_numbers import read_order_numbers
from bot.rules.owner_only import read_owner_only
from bot.rules.questions import read_questions
from bot.rules.reading_packs import Pack, ReadingPacks, compile_packs
from bot.rules.words import LONGEST_TEXT, Wording, prepare

__all__ = ["LONGEST_TEXT", "ReadingPacks", "compile_packs", "read_message"]

_NEIGHBOURS = {"da": ("nb",), "nb": ("nn", "da"), "nn": ("nb",), "sv": ("nb",)}
_UNSURE, _GUESS = 0.7, 0.5


def read_message(
    text: str,
    packs: ReadingPacks,
    *,
    subject: str = "",
    scores: Mapping[str, float],
    known_languages: Sequence[str] = (),
    domain: str = "",
    house_language: str = "en",
    intent_scores: Mapping[str, float] | None = None,
) -> Reading:
    """What one message says. Reads the first `LONGEST_TEXT` code points, never raises.

    `scores`: the language model's; `known_languages`: those the customer used before, latest last;
    `domain`: of the sender's address; `intent_scores`: an intent model's, 0..1 by name, weighed with the cues.
    """
    wording = prepare(text, subject)
    language, confidence = read_language(wording, packs, scores, known_languages, domain, house_language)
    pack, found = _matches(wording, packs, language, confidence)
    owner_only = _owner_only(wording, packs, language, confidence, found)
    intents = read_intents(wording, found, intent_scores)
    every = (pack, *packs.packs.values())
    thanks_only, greeting_only = read_courtesy(wording, every)
    if thanks_only or greeting_only:
        intents = _bare(intents)
    feeling, questions = read_feeling(wording, found), read_questions(wording, found)
    praises = intents[0].name == "praise"
    settled = is_content(wording, every, asks=bool(questions), feeling=feeling, praises=praises)
    orders = read_order_numbers(wording, packs.order_words)
    spans = [(start, end) for _, start, end in orders]
    customer_type, shown = read_customer_type(wording, found, intents[0].name)
    return Reading(
        language=language,
        language_confidence=confidence,
        intents=intents,
        feeling=feeling,
        urgent=is_urgent(found),
        second_bad_experience=is_second_bad_experience(found),
        amounts=read_amounts(wording, packs.pack(language), spans, domain, house_language),
        order_numbers=tuple(number for number, _, _ in orders),
        questions=questions,
        customer_type=None if thanks_only or greeting_only else customer_type,
        customer_type_because=() if thanks_only or greeting_only else shown,
        owner_only=owner_only,
        thanks_only=thanks_only,
        greeting_only=greeting_only,
        content=settled,
        noun=read_noun(wording, packs.pack(language), frozenset(intent.name for intent in intents)),
    )


def _matches(
    wording: Wording, packs: ReadingPacks, language: str, confidence: float
) -> tuple[Pack, dict[str, list[Match]]]:
    """The cues of the language; of its neighbour where the language is unsure and the neighbour finds more."""
    pack = packs.pack(language)
    found = pack.matcher.find(wording)
    # Who writes Bokmål may mix in a word of Nynorsk, whose pack holds both; no other language is that near.
    sure = ("nn",) if language == "nb" else ()
    for neighbour in sure if confidence >= _UNSURE else _others(packs, language, confidence):
        other = packs.packs.get(neighbour)
        if other is None or other is pack:
            continue
        more = other.matcher.find(wording)
        if _weight(more) > _weight(found) + 1.0:
            pack, found = other, more
    return pack, found


def _others(packs: ReadingPacks, language: str, confidence: float) -> tuple[str, ...]:
    """The languages the message may be in instead: the neighbours, or all where it is a mere guess."""
    near = _NEIGHBOURS.get(language, ())
    if confidence >= _GUESS:
        return near
    return (*near, *(other for other in packs.packs if other != language and other not in near))


def _weight(found: Mapping[str, Sequence[Match]]) -> float:
    rows = (row for topic, matches in found.items() if topic.startswith("intent.") for row in matches)
    return sum(row.weight for row in rows if row.weight > 0)


def _owner_only(
    wording: Wording,
    packs: ReadingPacks,
    language: str,
    confidence: float,
    found: Mapping[str, Sequence[Match]],
) -> str | None:
    """Asked of the other likely languages as well: a missed word here is worse than a false alarm."""
    reason = read_owner_only(found)
    for neighbour in _others(packs, language, confidence):
        other = packs.packs.get(neighbour)
        if reason is None and other is not None:
            reason = read_owner_only(other.matcher.find(wording))
    return reason


def _bare(intents: tuple[Intent, ...]) -> tuple[Intent, ...]:
    kept = tuple(intent for intent in intents if intent.name == "praise")
    return kept or (Intent("other", 0.5),)
