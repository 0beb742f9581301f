"""The labelled sentences of agents that the reading network learns distrust from: never the test half of the drafts."""

import itertools
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path

import yaml
from jinja2 import Environment

from bench.linting import CLEAN, HALVES, drafts
from bench.replies import TEMPLATES, context
from bot.house_words import house_words
from bot.rendering import environment, render
from bot.rules.lexicon import CATEGORIES
from bot.rules.sentences import sentences
from bot.rules.topics import INTENTS

#: What changes the sentences of a letter.
_CASES: Mapping[str, tuple[object, ...]] = {
    "customer_type": ("", "thinker", "feeler", "doer"),
    "feeling": (0, 2),
    "our_fault": (False, True),
    "wish": ("", "refund"),
    "noun": ("", "lampen"),
    "delivery_date": ("", "day 3"),
}
LANGUAGES = ("da", "nb", "nn", "sv", "en")
HERE = Path(__file__).parent
TESTS = HERE.parent / "tests" / "data" / "linting"


@dataclass(slots=True)
class AgentSentence:
    """A sentence or two of an agent's, and what a customer hears in it; no category: nothing."""

    text: str
    categories: frozenset[str]
    language: str
    numbers: list[int] = field(default_factory=list)


def agent_sentences() -> list[AgentSentence]:
    """All of bench/drafts, the development half of the drafts, and the sentences the word lists were written with."""
    found: list[AgentSentence] = []
    for path in sorted((HERE / "drafts").glob("*.tsv")):
        for line in path.read_text("utf-8").splitlines():
            names, text = line.split("\t")
            found.append(_sentence(text, names.split("+"), path.stem[:2]))
    found += [
        _sentence(each.text, [each.category], each.language) for each in drafts() if each.half == HALVES[1]
    ]
    return [*found, *_of_the_word_lists(), *_of_our_letters()]


def held_out() -> list[AgentSentence]:
    """Sentences that nothing is learned from, and that how long to learn may be chosen by."""
    return [each for language in LANGUAGES for each in _listed(TESTS / f"held_out_{language}.yaml", language)]


def _of_our_letters() -> Iterator[AgentSentence]:
    """Every sentence of our letters and of the kinder sentences is one that a customer may hear."""
    # Not open_house: it loads the network that is yet to be taught.
    templates = environment(TEMPLATES)
    lexicon, _ = house_words("linting", LANGUAGES, TEMPLATES.parent / "rules" / "packs", None)
    for language in LANGUAGES:
        for category in lexicon.languages[language].categories:
            yield from (_sentence(rewrite.text, [CLEAN], language) for rewrite in category.rewrites)
        said = {each for letter in _letters(templates, language) for each in _sentences(letter)}
        yield from (_sentence(text, [CLEAN], language) for text in sorted(said))


def _letters(templates: Environment, language: str) -> Iterator[str]:
    folder = TEMPLATES / language
    for path in sorted(folder.glob("*/[a-z]*.j2")):
        letter = path.relative_to(folder).with_suffix("").as_posix()
        for values in itertools.product(*_CASES.values()):
            case = context(path.stem, language, dict(zip(_CASES, values, strict=True)))
            yield render(templates, letter, language, case).text
        for intent in INTENTS if path.stem == "ask_open" else ():
            case = context(path.stem, language, {"question_key": intent})
            yield render(templates, letter, language, case).text


def _sentences(letter: str) -> Iterator[str]:
    yield from (letter[each.start : each.end] for each in sentences(letter))


def _of_the_word_lists() -> Iterator[AgentSentence]:
    for language in LANGUAGES:
        yield from _listed(TESTS / f"{language}.yaml", language)


def _listed(path: Path, language: str) -> Iterator[AgentSentence]:
    document = yaml.safe_load(path.read_text("utf-8"))
    for category, texts in document["flagged"].items():
        yield from (_sentence(text, [category], language) for text in texts)
    yield from (_sentence(text, [CLEAN], language) for text in document["clean"])


def _sentence(text: str, names: list[str], language: str) -> AgentSentence:
    assert {*names} <= {*CATEGORIES, CLEAN}, (names, text)
    return AgentSentence(text, frozenset(names) - {CLEAN}, language)
