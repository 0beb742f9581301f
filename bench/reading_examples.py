"""The labelled messages that the reading network learns from: never the test half of tests/data/understanding."""

import random
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import yaml

from bench.understanding import messages
from bot.rules.topics import INTENTS, OWNER_REASONS

LANGUAGES = ("da", "nb", "nn", "sv", "en", "de", "fi")
OWNER = ("none", *OWNER_REASONS)
HERE = Path(__file__).parent
_BARE = str.maketrans(
    {"å": "aa", "æ": "ae", "ø": "oe", "ä": "a", "ö": "o", "ü": "u", "Å": "AA", "Ø": "OE", "Æ": "AE"}
)
_KEYBOARD = str.maketrans(
    {"å": "a", "æ": "a", "ø": "o", "ä": "a", "ö": "o", "ü": "u", "Å": "A", "Ø": "O", "Ä": "A", "Ö": "O"}
)


@dataclass(slots=True)
class Example:
    """A message and its labels; None where nobody gave one."""

    text: str
    #: Shares of the wishes, the most important first; they sum to 1.
    intents: dict[str, float]
    language: str | None = None
    feeling: int | None = None
    urgent: bool | None = None
    second: bool | None = None
    owner: str | None = None
    numbers: list[int] = field(default_factory=list)


def weighed(names: list[str]) -> dict[str, float]:
    """The first wish weighs more than the others."""
    weights = dict(zip(names, (0.7, 0.3, 0.2) if len(names) > 1 else (1.0,), strict=False))
    whole = sum(weights.values())
    return {name: weight / whole for name, weight in weights.items()}


def train_half() -> list[Example]:
    """The half of the measured messages that may be learned from."""
    return [_measured(each) for each in messages("train")]


def test_half() -> list[Example]:
    """The other half: for figures only."""
    return [_measured(each) for each in messages("test")]


def _measured(each: dict[str, Any]) -> Example:
    return Example(
        f"{each.get('subject') or ''}\n{each['text']}",
        weighed(each["intents"]),
        each["language"],
        each["feeling"],
        each["urgent"],
        each["second"],
        each["owner_only"] or "none",
    )


def written() -> list[Example]:
    """All messages of bench/messages, and the sentences that the word lists were written with."""
    found: list[Example] = []
    for path in sorted((HERE / "messages").glob("*.tsv")):
        language = path.stem[:2] if path.stem[:2] in LANGUAGES else None
        found += [
            _line(line, language) for line in path.read_text("utf-8").splitlines() if line.count("\t") > 1
        ]
    for name in ("dev", "heldout"):
        path = HERE.parent / "tests" / "data" / "reading" / f"{name}.yaml"
        for language, by_intent in yaml.safe_load(path.read_text("utf-8")).items():
            known = language if language in LANGUAGES else None
            found += [
                Example(text, {intent: 1.0}, known) for intent, texts in by_intent.items() for text in texts
            ]
    return [each for each in found if each.intents.keys() <= set(INTENTS)]


def _line(line: str, language: str | None) -> Example:
    """Three fields: intents, feeling, text; or four, with flags before the text ("us", "o:fire" or "-")."""
    intents, feeling, *flags, text = line.split("\t")
    example = Example(text.replace("\\n", "\n"), weighed(intents.split(",")), language, int(feeling))
    if flags:
        letters, _, owner = flags[0].partition("o:")
        example.urgent, example.second = "u" in letters, "s" in letters
        example.owner = owner if owner in OWNER_REASONS else "none"
    return example


def roughened(text: str, chance: random.Random) -> str:
    """The text as another hand might have typed it: no capitals, no å, a slip of the finger, no full stop."""
    roll = chance.random()
    if roll < 0.2:
        text = text.lower()
    elif roll < 0.24:
        text = text.upper()
    elif roll < 0.32:
        text = text.lower().translate(chance.choice((_BARE, _KEYBOARD)))
    if chance.random() < 0.1:
        text = "".join(character for character in text if character not in ".,!?;:")
    if chance.random() < 0.15:
        text = " ".join(_slipped(word, chance) for word in text.split(" "))
    return text


def _slipped(word: str, chance: random.Random) -> str:
    if len(word) < 5 or not word.isalpha() or chance.random() > 0.12:
        return word
    place = chance.randrange(1, len(word) - 2)
    kind = chance.randrange(3)
    if kind == 0:
        return word[:place] + word[place + 1 :]
    if kind == 1:
        return word[:place] + word[place + 1] + word[place] + word[place + 2 :]
    return word[:place] + word[place] + word[place:]


def joined(first: Example, second: Example) -> Example:
    """Two messages of one customer in one mail: both wishes, the worse feeling."""
    intents = {name: 0.55 * share for name, share in first.intents.items()}
    for name, share in second.intents.items():
        intents[name] = intents.get(name, 0.0) + 0.45 * share
    feelings = (first.feeling, second.feeling)
    owner = first.owner if first.owner not in (None, "none") else second.owner
    return Example(
        f"{first.text}\n{second.text}",
        intents,
        first.language,
        None if None in feelings else max(first.feeling or 0, second.feeling or 0),
        _both(first.urgent, second.urgent),
        _both(first.second, second.second),
        owner if first.owner is not None and second.owner is not None else None,
    )


def _both(one: bool | None, other: bool | None) -> bool | None:
    """Either; None where nobody labelled one of them."""
    return None if one is None or other is None else one or other
