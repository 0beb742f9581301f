"""Which language a customer writes: the model's scores, marker words, earlier messages, the mail domain."""

import math
from collections.abc import Mapping, Sequence

from bot.rules.reading_packs import ReadingPacks
from bot.rules.words import Wording, bare

#: Under this many characters a message says too little to leave the language the customer used before.
SHORT = 40
_LANGUAGES = ("da", "nb", "nn", "sv", "en", "de", "fi")
_DOMAINS = {".dk": "da", ".no": "nb", ".se": "sv", ".de": "de", ".at": "de", ".fi": "fi", ".uk": "en", ".ie": "en"}
_LETTERS = {"æ": ("da", "nb", "nn"), "ø": ("da", "nb", "nn"), "å": ("da", "nb", "nn", "sv")}
_LETTERS |= {"ä": ("sv", "de", "fi"), "ö": ("sv", "de", "fi"), "ü": ("de",), "ß": ("de",)}
#: Points of evidence; 1 point multiplies the odds by e.
_ONLY, _COMMON, _MODEL, _LETTER, _LATEST, _EARLIER, _DOMAIN = 1.6, 0.45, 0.35, 0.5, 1.6, 0.6, 0.9
_LOWEST_SCORE = 1e-5
_LOW = 0.35


def read_language(
    wording: Wording,
    packs: ReadingPacks,
    scores: Mapping[str, float],
    known_languages: Sequence[str] = (),
    domain: str = "",
    house_language: str = "en",
) -> tuple[str, float]:
    """The language and how sure that is (0..1). Unsure: the latest known language, then the house's."""
    only, common = _markers(wording, packs)
    fallback = next((known for known in reversed(known_languages) if known in _LANGUAGES), house_language)
    if not (scores or only or common):
        return fallback, 0.0 if not known_languages else _LOW
    words = sum(len(sentence.words) for sentence in wording.sentences)
    if words >= 8 and not only and sum(common.values()) < words / 10:
        return fallback, _LOW
    evidence = _evidence(wording, scores, only, common, known_languages, domain)
    shares = _shares(evidence)
    best = max(_LANGUAGES, key=lambda language: (shares[language], language == fallback))
    best = _norwegian(best, wording, packs, known_languages)
    sure = shares["nb"] + shares["nn"] if best in ("nb", "nn") else shares[best]
    if _stays(wording, best, fallback, only, known_languages):
        return fallback, round(max(shares[fallback], _LOW), 3)
    if sure < 0.45:
        return fallback, _LOW
    return best, round(min(sure, 0.99), 3)


def _markers(wording: Wording, packs: ReadingPacks) -> tuple[dict[str, set[str]], dict[str, int]]:
    """The words only one language has, by language; how many words it shares with others."""
    only: dict[str, set[str]] = {}
    common: dict[str, int] = {}
    for sentence in wording.sentences:
        for word in sentence.words:
            written = wording.text[word.start : word.end].lower()
            rows = packs.markers.get(written)
            if rows is None and not wording.accented:
                rows = packs.bare_markers.get(bare(word.folded))
            for language, sole in rows or ():
                if sole:
                    only.setdefault(language, set()).add(written)
                else:
                    common[language] = common.get(language, 0) + 1
    return only, common


def _evidence(
    wording: Wording,
    scores: Mapping[str, float],
    only: Mapping[str, set[str]],
    common: Mapping[str, int],
    known_languages: Sequence[str],
    domain: str,
) -> dict[str, float]:
    points = dict.fromkeys(_LANGUAGES, 0.0)
    # On short texts the model is sure and wrong: its word weighs more the more there is to read.
    weight = _MODEL * min(1.0, 0.35 + len(wording.text) / 200)
    for language in _LANGUAGES:
        model = scores.get("no" if language in ("nb", "nn") else language, 0.0)
        points[language] += weight * math.log(max(model, _LOWEST_SCORE)) if scores else 0.0
        points[language] += _ONLY * min(len(only.get(language, ())), 8)
        points[language] += _COMMON * min(common.get(language, 0), 10)
    lowered = wording.text.lower()
    for letter, languages in _LETTERS.items():
        if letter in lowered:
            for language in languages:
                points[language] += _LETTER
    for place, language in enumerate(reversed(known_languages[-3:])):
        if language in points:
            points[language] += _LATEST if place == 0 else _EARLIER
    for ending, language in _DOMAINS.items():
        if domain.lower().endswith(ending):
            points[language] += _DOMAIN
    return points


def _shares(points: Mapping[str, float]) -> dict[str, float]:
    highest = max(points.values())
    odds = {language: math.exp(max(value - highest, -50.0)) for language, value in points.items()}
    total = sum(odds.values())
    return {language: value / total for language, value in odds.items()}


def _norwegian(best: str, wording: Wording, packs: ReadingPacks, known_languages: Sequence[str]) -> str:
    """Nynorsk needs two words of its own and none of Bokmål's; one will do for who wrote it before."""
    nynorsk = packs.packs.get("nn")
    if best not in ("nb", "nn") or nynorsk is None:
        return best
    words = (word for sentence in wording.sentences for word in sentence.words)
    written = {wording.text[word.start : word.end].lower() for word in words}
    own = [word for word in written & nynorsk.only if len(packs.markers[word]) == 1]
    needed = 1 if known_languages and known_languages[-1] == "nn" else 2
    return "nn" if len(own) >= needed and written.isdisjoint(nynorsk.never) else "nb"


def _stays(
    wording: Wording, best: str, fallback: str, only: Mapping[str, set[str]], known_languages: Sequence[str]
) -> bool:
    """A short message leaves the language of the earlier ones only on unmistakable words."""
    if not known_languages or best == fallback or len(wording.text) >= SHORT:
        return False
    return len(only.get(best, ())) < 2 or bool(only.get(fallback))
