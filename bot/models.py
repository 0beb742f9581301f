"""The only place that loads model files: text in, scores out, nothing else."""

import gzip
import json
import math
import re
import zlib
from array import array
from collections.abc import Sequence
from importlib import resources
from typing import Any

from langdetect.detector_factory import DetectorFactory
from langdetect.lang_detect_exception import LangDetectException

#: The languages told apart; `no` is both Bokmål and Nynorsk. Other profiles would only add wrong answers.
LANGUAGES = ("da", "no", "sv", "en", "de", "fi")
#: A language shows itself long before this; the rest of a long mail costs time and says nothing new.
LONGEST_TEXT = 2_000
_SEED = 0
_WARM_UP = ("Jeg har ikke fået min pakke endnu", "I have not received my parcel yet", "Đặng")


class LanguageModel:
    """Says how much a text looks like each of `LANGUAGES`; the same answer every time, from any thread."""

    def __init__(self, factory: Any) -> None:
        self._factory = factory

    @classmethod
    def load(cls) -> "LanguageModel":
        """Read the profiles (about 30 ms). Touches no state that another user of langdetect shares."""
        profiles = resources.files("langdetect") / "profiles"
        factory: Any = DetectorFactory()
        factory.load_json_profile([(profiles / name).read_text(encoding="utf-8") for name in LANGUAGES])
        factory.set_seed(_SEED)
        model = cls(factory)
        # langdetect fills class-wide tables on first use; two threads doing that at once get wrong answers.
        for text in _WARM_UP:
            model.scores(text)
        return model

    def scores(self, text: str) -> dict[str, float]:
        """Probabilities by language, summing to 1; empty for a text without letters it knows. Never raises."""
        detector: Any = self._factory.create()
        detector.append(_readable(text))
        try:
            detector.get_probabilities()
        except LangDetectException:
            return {}
        return dict(zip(detector.langlist, detector.langprob, strict=True))


def _readable(text: str) -> str:
    """The letters of the part that is scored, in lower case: langdetect skips words in capitals."""
    part = text[:LONGEST_TEXT].lower()
    return "".join(character if character.isalpha() or character in "'’" else " " for character in part)


class IntentModel:
    """Says how likely each intent is: one weight per piece of a word and intent, learned by bench/train_intents.py.

    The same answer every time, from any thread; nothing is kept between two calls.
    """

    def __init__(
        self, names: Sequence[str], bias: Sequence[float], step: float, rarity: bytes, weights: "array[int]"
    ) -> None:
        """`weights` holds one row of len(names) for each place, `rarity` how telling each place is, both as bytes."""
        self._names, self._bias, self._step = tuple(names), tuple(bias), step
        self._rarity, self._weights = rarity, weights

    @classmethod
    def load(cls) -> "IntentModel":
        """Read the weights that ship with the program (about 20 ms)."""
        packed = (resources.files("bot") / "intents.model").read_bytes()
        head, _, body = gzip.decompress(packed).partition(b"\n")
        described = json.loads(head)
        weights = array("b", body[PLACES:])
        return cls(described["names"], described["bias"], described["step"], body[:PLACES], weights)

    def scores(self, text: str) -> dict[str, float]:
        """How likely each intent is, summing to 1; empty for a text without words. Never raises."""
        found = {place: value * self._rarity[place] for place, value in pieces(text).items()}
        length = math.sqrt(sum(value * value for value in found.values()))
        if not length:
            return {}
        count = len(self._names)
        sums = [0.0] * count
        for place, value in found.items():
            start = place * count
            for index, weight in enumerate(self._weights[start : start + count]):
                sums[index] += value * weight
        raw = [total * self._step / length + bias for total, bias in zip(sums, self._bias, strict=True)]
        top = max(raw)
        powers = [math.exp(_SHARPNESS * (each - top)) for each in raw]
        whole = sum(powers)
        return {name: power / whole for name, power in zip(self._names, powers, strict=True)}


#: Turns the margins of the model into shares: chosen so that they are about as often right as they say.
_SHARPNESS = 6.0
#: Places a piece of a word can have in the table of weights.
PLACES = 1 << 15
_FOLDED = str.maketrans(
    {
        "æ": "ae", "ä": "ae", "å": "aa", "ø": "oe", "ö": "oe", "ü": "ue", "ß": "ss",
        "é": "e", "è": "e", "ê": "e", "á": "a", "à": "a", "ó": "o", "ô": "o",
    }
)  # fmt: skip
_TOKEN = re.compile(r"[a-z]+|\d+|[?!]+|[\U0001f300-\U0001faff\u2600-\u27bf]")
_MOST_TOKENS = 400


def pieces(text: str) -> dict[int, float]:
    """A text as weighted places: its words, pairs of words, and three to five letters of each word.

    Numbers count by their length only, so that no order number or amount is ever learned.
    """
    words = [_shape(word) for word in _TOKEN.findall(text[:LONGEST_TEXT].lower().translate(_FOLDED))]
    counted: dict[int, int] = {}
    before = "^"
    for word in words[:_MOST_TOKENS]:
        for piece in (f"w{word}", f"b{before} {word}", *_letters(word)):
            place = zlib.crc32(piece.encode()) % PLACES
            counted[place] = counted.get(place, 0) + 1
        before = word
    return {place: 1 + math.log(count) for place, count in counted.items()}


def _shape(word: str) -> str:
    return "0" * min(len(word), 6) if word.isdigit() else word


def _letters(word: str) -> list[str]:
    if len(word) < 3 or not word.isalpha():
        return []
    framed = f"<{word}>"
    return [f"c{framed[i : i + size]}" for size in (3, 4, 5) for i in range(len(framed) - size + 1)]
