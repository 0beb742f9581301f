"""Puts together what the customer wrote: text in, `Reading` out. Pure, the same answer every time."""

from collections.abc import Mapping, Sequence
from dataclasses import replace

from bot.rules.amounts import read_amounts
from bot.rules.courtesy import is_content, read_courtesy
from bot.rules.customer_types import read_customer_type
from bot.rules.facts import Intent, Reading
from bot.rules.feelings import is_second_bad_experience, is_urgent, read_feeling
from bot.rules.intents import read_intents
from bot.rules.language import read_language
from bot.rules.matching import Match
from bot.rules.nouns import read_noun
from bot.rules.order_numbers import labelled_numbers, read_order_numbers
from bot.rules.owner_only import heard_owner_only, read_owner_only
from bot.rules.questions import read_questions
from bot.rules.reading_packs import Pack, ReadingPacks, compile_packs
from bot.rules.scores import NO_SCORES, Scores
from bot.rules.wishes import is_unsolved, read_wish
from bot.rules.words import LONGEST_TEXT, Wording, prepare

__all__ = ["LONGEST_TEXT", "ReadingPacks", "compile_packs", "read_message"]

_NEIGHBOURS = {"da": ("nb",), "nb": ("nn", "da"), "nn": ("nb",), "sv": ("nb",)}
_UNSURE, _GUESS, _BEYOND_DOUBT = 0.7, 0.5, 0.9
_MADE_GOOD = frozenset({"damaged_item", "missing_item", "wrong_item", "late_delivery", "return"})


def read_message(
    text: str,
    packs: ReadingPacks,
    *,
    subject: str = "",
    scores: Mapping[str, float],
    known_languages: Sequence[str] = (),
    domain: str = "",
    house_language: str = "en",
    judged: Scores = NO_SCORES,
) -> Reading:
    """What one message says. Reads the first `LONGEST_TEXT` code points, never raises.

    `scores`: the language model's; `known_languages`: those the customer used before, latest last;
    `domain`: of the sender's address; `judged`: what the reading network makes of it, weighed with the words.
    """
    wording = prepare(text, subject)
    language, confidence = read_language(
        wording, packs, scores, known_languages, domain, house_language, judged.languages
    )
    pack, found = _matches(wording, packs, language, confidence)
    read = _what_is_said(wording, packs, pack, found, judged)
    orders = read_order_numbers(wording, packs.order_words)
    labelled = labelled_numbers(wording, packs.order_words)
    spans = [(start, end) for _, start, end in orders]
    return replace(
        read,
        language=language,
        language_confidence=confidence,
        amounts=read_amounts(wording, packs.pack(language), spans, domain, house_language),
        order_numbers=tuple(number for number, _, _ in orders),
        bare_numbers=tuple(number for number, _, _ in orders if number not in labelled),
        owner_only=heard_owner_only(_owner_only(wording, packs, language, confidence, found), judged),
        noun=read_noun(wording, packs.pack(language), frozenset(intent.name for intent in read.intents)),
    )


def _what_is_said(
    wording: Wording,
    packs: ReadingPacks,
    pack: Pack,
    found: Mapping[str, Sequence[Match]],
    judged: Scores,
) -> Reading:
    """Wishes, feeling and manner; what hangs on the language of the reading is added by the caller."""
    intents = read_intents(wording, found, judged)
    every = (pack, *packs.packs.values())
    thanks_only, greeting_only = read_courtesy(wording, every)
    bare = thanks_only or greeting_only
    if bare:
        intents = _bare(intents)
    feeling, questions = read_feeling(wording, found, judged), read_questions(wording, found)
    praises = intents[0].name == "praise"
    customer_type, shown = read_customer_type(wording, found, intents[0].name)
    return Reading(
        language=pack.language,
        language_confidence=0.0,
        intents=intents,
        feeling=feeling,
        urgent=is_urgent(found, judged),
        second_bad_experience=is_second_bad_experience(found, judged),
        questions=questions,
        customer_type=None if bare else customer_type,
        customer_type_because=() if bare else shown,
        thanks_only=thanks_only,
        greeting_only=greeting_only,
        content=is_content(wording, every, asks=bool(questions), feeling=feeling, praises=praises),
        wish=_wish(intents, found),
        unsolved=is_unsolved(found),
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
    """Asked of the other likely languages as well: a missed word here is worse than a false alarm.

    Not where the language is beyond doubt: a Swedish parcel waits at an "ombud", a Norwegian complains to one.
    """
    reason = read_owner_only(found)
    for neighbour in () if confidence >= _BEYOND_DOUBT else _others(packs, language, confidence):
        other = packs.packs.get(neighbour)
        if reason is None and other is not None:
            reason = read_owner_only(other.matcher.find(wording))
    return reason


def _wish(intents: tuple[Intent, ...], found: Mapping[str, Sequence[Match]]) -> str:
    """Only beside a matter that a new item or money can put right: "send a new one" may mean an invoice."""
    return read_wish(found) if intents[0].name in _MADE_GOOD else ""


def _bare(intents: tuple[Intent, ...]) -> tuple[Intent, ...]:
    kept = tuple(intent for intent in intents if intent.name == "praise")
    return kept or (Intent("other", 0.5),)
