"""Which language a customer writes: the model's scores, marker words, earlier messages, the mail domain."""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from bot.rules.reading_packs import ReadingPacks
from bot.rules.words import Word, Wording, bare

#: Under this many characters a message says too little to leave the language the customer used before.
SHORT = 40
_LANGUAGES = ("da", "nb", "nn", "sv", "en", "de", "fi")
_DOMAINS = {
    ".dk": "da",
    ".no": "nb",
    ".se": "sv",
    ".de": "de",
    ".at": "de",
    ".fi": "fi",
    ".uk": "en",
    ".ie": "en",
}
_LETTERS = {"æ": ("da", "nb", "nn"), "ø": ("da", "nb", "nn"), "å": ("da", "nb", "nn", "sv")}
_LETTERS |= {"ä": ("sv", "de", "fi"), "ö": ("sv", "de", "fi"), "ü": ("de",), "ß": ("de",)}
#: Points of evidence; 1 point multiplies the odds by e. A word counts by how many languages have it.
_WORD = {1: 1.6, 2: 0.9, 3: 0.5}
_ANY_WORD = 0.25
_PIECE = 0.6
_LETTER = 0.5
#: The model's word on the language, and on which of Danish and Norwegian it is.
_MODEL, _MODEL_WITHIN = 0.6, 0.2
#: The language of the latest message, of each of the two before it, of the mail domain.
_LATEST, _EARLIER, _DOMAIN = 1.6, 0.6, 1.2
#: What the reading network says counts in full: chosen on the train half.
_NETWORK = 1.0
#: Most customers write the house's own language: it tips the scale where nothing else does.
_HOUSE = 0.3
#: Languages that count as one here: Bokmål and Nynorsk are told apart later, "I" is only written by these two.
_PAIRS = (frozenset({"nb", "nn"}), frozenset({"da", "en"}))
_AFTER_YOU = frozenset({"har", "kan", "maa", "vil", "skal", "skrev", "sendte"})
_MOST_WORDS, _MOST_PIECES, _SHORTEST_SHOWING = 20, 6, 3
_LOWEST_SCORE = 1e-3
_LOW = 0.35
#: So many words without as many points for a language are in none of ours.
_MANY_WORDS, _LEAST_SHOWN = 8, 0.1
#: Everyday words of languages we do not speak: the model would put them in one of ours, and be sure of it.
_FOREIGN = frozenset(
    "je est le une vous pas pour mon ma et que los por para una gracias ik het een niet mijn voor van en nie jest "
    "proszę się che sono non per il mi mam czy el la pedido que commande paquet pakket pakiet".split()
)
_MOST_FOREIGN = 3
_UNSURE, _NEARLY = 0.45, 0.6


@dataclass(frozen=True, slots=True)
class _Signs:
    """What the words show: points by language, and the words no other language has."""

    points: Mapping[str, float]
    only: Mapping[str, frozenset[str]]
    foreign: bool = False


def read_language(
    wording: Wording,
    packs: ReadingPacks,
    scores: Mapping[str, float],
    known_languages: Sequence[str] = (),
    domain: str = "",
    house_language: str = "en",
    judged: Mapping[str, float] | None = None,
) -> tuple[str, float]:
    """The language and how sure that is (0..1). Unsure: the latest known language, then the house's.

    `judged`: the shares the reading network gives each language; it tells Bokmål and Nynorsk apart as well.
    """
    known = [language for language in known_languages if language in _LANGUAGES]
    fallback = known[-1] if known else house_language
    signs = _signs(wording, packs)
    # Each word once, as its points are counted once; the points of a long mail have an upper bound.
    different = {word.folded for sentence in wording.sentences for word in sentence.words}
    words = min(sum(word[0].isalpha() for word in different), _MOST_WORDS * 10)
    shown = max(signs.points.values(), default=0.0)
    if not (scores or shown) or signs.foreign or (words >= _MANY_WORDS and shown < words * _LEAST_SHOWN):
        return fallback, _LOW if known else 0.0
    evidence = _evidence(wording, scores, signs, known, domain)
    for language, share in (judged or {}).items():
        evidence[language] += _NETWORK * math.log(max(share, _LOWEST_SCORE))
    if house_language in evidence:
        evidence[house_language] += _HOUSE
    shares = _shares(evidence)
    best = max(_LANGUAGES, key=lambda language: (shares[language], language == fallback))
    best = best if judged else _norwegian(best, wording, packs, known)
    sure = shares["nb"] + shares["nn"] if best in ("nb", "nn") else shares[best]
    if best != fallback and known and (sure < _UNSURE or _stays(wording, best, fallback, signs)):
        return fallback, _LOW
    if sure < _UNSURE and shares.get(fallback, 0.0) > sure * _NEARLY:
        return fallback, _LOW
    return best, round(min(sure, 0.99), 3)


def _signs(wording: Wording, packs: ReadingPacks) -> _Signs:
    points: dict[str, float] = {}
    only: dict[str, frozenset[str]] = {}
    seen: set[str] = set()
    for sentence in wording.sentences:
        for place, word in enumerate(sentence.words):
            key = _key(wording, sentence.words, place)
            if key in seen or len(seen) > _MOST_WORDS * 10:
                continue
            seen.add(key)
            languages = packs.markers.get(key)
            if languages is None and not wording.accented:
                languages = packs.bare_markers.get(bare(word.folded))
            pair = languages in _PAIRS
            for language in languages or ():
                weight = _WORD[1] if pair else _WORD.get(len(languages or ()), _ANY_WORD)
                points[language] = points.get(language, 0.0) + weight
                if pair or len(languages or ()) == 1:
                    only[language] = only.get(language, frozenset()) | {key}
    longer = [word for word in seen if len(word) > _SHORTEST_SHOWING]
    for language, pieces in packs.pieces.items():
        hits = sum(pieces.search(word) is not None for word in longer)
        points[language] = points.get(language, 0.0) + _PIECE * min(hits, _MOST_PIECES)
    most = {language: min(value, _MOST_WORDS * _WORD[1]) for language, value in points.items()}
    own = max((len(words) for words in only.values()), default=0)
    return _Signs(most, only, len(seen & _FOREIGN) >= max(_MOST_FOREIGN, own + 1))


def _key(wording: Wording, words: Sequence[Word], place: int) -> str:
    """The word in lower case; "I" where it means "you" (Danish) or "me" (English) and not "in"."""
    written = wording.text[words[place].start : words[place].end]
    following = words[place + 1].folded if place + 1 < len(words) else ""
    if written == "I" and (
        place or following in _AFTER_YOU or (len(following) > 4 and following.endswith("er"))
    ):
        return written
    return written.lower()


def _evidence(
    wording: Wording, scores: Mapping[str, float], signs: _Signs, known: Sequence[str], domain: str
) -> dict[str, float]:
    points = {language: signs.points.get(language, 0.0) for language in _LANGUAGES}
    # On short texts the model is sure and wrong: its word weighs more the more there is to read.
    length = min(1.0, (10 + len(wording.text)) / 150)
    # It knows Danish-or-Norwegian from the rest, but mixes the two up: there it only has a small say.
    group = scores.get("da", 0.0) + scores.get("no", 0.0)
    for language in _LANGUAGES if scores else ():
        model = scores.get("no" if language in ("nb", "nn") else language, 0.0)
        within = language in ("da", "nb", "nn")
        points[language] += _MODEL * length * math.log(max(group if within else model, _LOWEST_SCORE))
        if within and group:
            points[language] += _MODEL_WITHIN * length * math.log(max(model / group, _LOWEST_SCORE))
    lowered = wording.text.lower()
    for letter, languages in _LETTERS.items():
        if letter in lowered:
            for language in languages:
                points[language] += _LETTER
    for place, language in enumerate(reversed(known[-3:])):
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


def _norwegian(best: str, wording: Wording, packs: ReadingPacks, known: Sequence[str]) -> str:
    """Nynorsk needs two words of its own and none of Bokmål's; one will do for who wrote it before."""
    nynorsk = packs.packs.get("nn")
    if best not in ("nb", "nn") or nynorsk is None:
        return best
    words = (word for sentence in wording.sentences for word in sentence.words)
    written = {wording.text[word.start : word.end].lower() for word in words}
    own = [word for word in written & nynorsk.only if packs.markers[word].isdisjoint(("nb", "da"))]
    needed = 1 if known[-1:] == ["nn"] else 2
    return "nn" if len(own) >= needed and written.isdisjoint(nynorsk.never) else "nb"


def _stays(wording: Wording, best: str, fallback: str, signs: _Signs) -> bool:
    """A short message leaves the language of the earlier ones only on unmistakable words."""
    if len(wording.text) >= SHORT:
        return False
    here, there = (signs.only.get(language, frozenset()) for language in (best, fallback))
    return len(here - there) < 2 or bool(there - here)
