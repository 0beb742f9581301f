"""The only place that loads model files: text in, scores out, nothing else."""

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
