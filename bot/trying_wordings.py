"""A wording tried before a customer can get it: whether it renders, what it says, and what may be heard in it."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from bot.checking import check
from bot.errors import ConfigError
from bot.house import House
from bot.house_files import Problem
from bot.house_templates import EXAMPLE, problem_of
from bot.published import PublishedTexts
from bot.rendering import BrokenTemplate, Rendered, environment_of, render
from bot.rules.decisions import INTENTS
from bot.rules.linting import Finding
from bot.speech import say
from bot.wording_parts import HEAD, WHOLE, Place, misplaced, missing, place_of, text_of

#: A finding of this severity needs a press of its own to be published all the same.
HIGH = "high"
#: What a letter says where no case is at hand, in words of the language.
_WORDS: dict[str, dict[str, object]] = {
    "da": {"noun": "lampen", "amount": "499 kr.", "shipping_amount": "49 kr.", "offer_amount": "50 kr."},
    "nb": {"noun": "lampen", "amount": "499 kr", "shipping_amount": "49 kr", "offer_amount": "50 kr"},
    "nn": {"noun": "lampa", "amount": "499 kr", "shipping_amount": "49 kr", "offer_amount": "50 kr"},
    "sv": {"noun": "lampan", "amount": "499 kr", "shipping_amount": "49 kr", "offer_amount": "50 kr"},
    "en": {"noun": "the lamp", "amount": "DKK 499", "shipping_amount": "DKK 49", "offer_amount": "DKK 50"},
}
_DAYS: dict[str, dict[str, str]] = {
    "sv": {"by_date": "26 november", "answer_by": "28 november", "delivery_date": "27 november"},
    "en": {"by_date": "26 November", "answer_by": "28 November", "delivery_date": "27 November"},
}
#: What moves sentences in and out of a letter: the trust check reads it with each.
_MOODS: tuple[Mapping[str, object], ...] = (
    {},
    {"feeling": 2, "second_time": True, "release": True, "wish": "refund"},
    {"customer_type": "thinker", "wish": "replacement", "also": ()},
    {"customer_type": "feeler", "our_fault": False, "by_date": "", "delivery_date": "", "first": False},
    {"customer_type": "doer", "noun": "", "amount": "", "shipping_amount": ""},
)


@dataclass(frozen=True, slots=True)
class Case:
    """A real case in which this letter was drafted, with what the template was given."""

    conversation_id: int
    name: str
    at: datetime
    context: Mapping[str, object]


@dataclass(frozen=True, slots=True)
class Fault:
    """Why a wording cannot be published. `part` is "" where it lies in none of them."""

    part: str
    line: int
    reason: str


@dataclass(frozen=True, slots=True)
class Trial:
    """What came of it. The letters are those of the cases, or one with sample facts (its case is None)."""

    text: str
    fault: Fault | None
    letters: tuple[tuple[Case | None, Rendered], ...] = ()
    findings: tuple[Finding, ...] = ()

    @property
    def high(self) -> int:
        """How many findings need a press of their own."""
        return sum(each.severity == HIGH for each in self.findings)


def sample(house: House, language: str) -> dict[str, object]:
    """Every name a letter may use, with a value that fits the language."""
    days = _DAYS.get(language, {})
    more = {"also": (), "house": house.name, "sent_on": days.get("by_date", EXAMPLE["sent_on"])}
    return {**EXAMPLE, **_WORDS.get(language, {}), **days, **more}


def try_wording(
    house: House, letter: str, language: str, parts: Mapping[str, str], cases: Sequence[Case]
) -> Trial:
    """Try a letter made of `parts` in every way it may be written, and in these cases."""
    text = text_of(parts)
    if fault := _unmade(parts):
        return Trial(text, fault)
    name = f"{language}/{letter}.j2"
    assert house.file_templates.loader is not None
    env = environment_of(PublishedTexts(house.file_templates.loader, {name: text}))
    if problem := problem_of(env, name, text):
        place = place_of(parts, problem.line) if problem.file.endswith(name) else None
        return Trial(text, _fault(place, problem.reason if place else _elsewhere(problem)))
    try:
        if fault := _rude(render(env, letter, language, sample(house, language)), house, parts):
            return Trial(text, fault)
        asked: list[tuple[Case | None, Mapping[str, object]]] = [(case, case.context) for case in cases]
        letters = [
            (case, render(env, letter, language, context))
            for case, context in asked or [(None, sample(house, language))]
        ]
        said = [render(env, letter, language, {**sample(house, language), **mood}) for mood in _MOODS]
    except BrokenTemplate as broken:
        reason = say("{reason}, in a real case", reason=broken.reason)
        return Trial(text, _fault(place_of(parts, broken.line), reason))
    texts = [each.text for _, each in letters] + [each.text for each in said]
    return Trial(text, None, tuple(letters), tuple(_findings(house, letter, language, texts)))


def saying(house: House, letter: str, language: str, text: str) -> Rendered | None:
    """What a template says with sample facts; None where it cannot be written any more."""
    assert house.file_templates.loader is not None
    texts = {f"{language}/{letter}.j2": text} if text else {}
    env = environment_of(PublishedTexts(house.file_templates.loader, texts))
    try:
        return render(env, letter, language, sample(house, language))
    except ConfigError:
        return None


def _unmade(parts: Mapping[str, str]) -> Fault | None:
    if (name := misplaced(parts)) is not None:
        return Fault(name, 0, say("A part cannot hold {% block %} or {% endblock %}."))
    if (name := missing(parts)) is not None:
        return Fault(name, 0, say("Every letter needs this."))
    return None


def _elsewhere(problem: Problem) -> str:
    """A reason that lies in a file which the letter shares."""
    return say(
        "{reason} (in {file}, line {line})", reason=problem.reason, file=problem.file, line=problem.line
    )


def _fault(place: Place | None, reason: str) -> Fault:
    said = reason if reason.endswith((".", "?", "!")) else f"{reason}."
    return Fault(place.part if place else "", place.line if place else 0, said[:1].upper() + said[1:])


def _rude(letter: Rendered, house: House, parts: Mapping[str, str]) -> Fault | None:
    """A letter without greeting or name below it."""
    lines = [line for line in letter.text.splitlines() if line.strip()]
    where = WHOLE if WHOLE in parts else HEAD
    if str(EXAMPLE["name"]) not in lines[0]:
        reason = say("The letter does not greet the customer by {{ name }} in its first line.")
        return Fault(where, 0, reason)
    signer = str(EXAMPLE["agent"]).split()[0]
    if signer not in lines[-1] and house.name not in lines[-1]:
        return Fault(where, 0, say("The letter does not end with {{ agent }} or {{ house }}."))
    return None


def _findings(house: House, letter: str, language: str, texts: Sequence[str]) -> Iterator[Finding]:
    """Each finding once, whatever it was found in."""
    name = letter.rpartition("/")[2].rpartition("_")[0]
    intent = name if name in INTENTS else None
    seen: set[tuple[str, str]] = set()
    for text in dict.fromkeys(texts):
        for each in check(house, text, language=language, intent=intent):
            if (each.category, each.text) not in seen:
                seen.add((each.category, each.text))
                yield each
