"""How the customer feels, whether it hurries, whether it went wrong before."""

import math
from collections.abc import Mapping, Sequence

from bot.rules.matching import Match
from bot.rules.scores import NO_SCORES, Scores
from bot.rules.words import Wording

#: Words in capitals are shouting; shorter ones are mostly abbreviations.
_SHORTEST_SHOUT = 4
_SHOUTS = 2
#: How much the words weigh beside the network's shares, and when both together are enough; chosen on messages that
#: neither had seen.
_WORDS_FEELING, _WORDS_FLAG, _ENOUGH = 0.5, 0.3, 0.4
_LOWEST_SHARE = 1e-4
#: The most words of a text that may speak of nothing but a feeling.
_OUTBURST = 8
#: What a text that names no matter may still speak of.
_NO_MATTER = frozenset({"intent.service_complaint", "intent.other"})


def read_feeling(wording: Wording, found: Mapping[str, Sequence[Match]], judged: Scores = NO_SCORES) -> int:
    """0 calm, 1 annoyed or disappointed, 2 angry or threatens to leave."""
    shown = _shown(wording, found)
    if not judged.intents:
        return shown
    odds = [
        math.log(max(share, _LOWEST_SHARE)) + _WORDS_FEELING * (feeling == shown)
        for feeling, share in enumerate(judged.feeling)
    ]
    heard = odds.index(max(odds))
    return max(heard, shown) if is_outburst(wording, found) else heard


def is_outburst(wording: Wording, found: Mapping[str, Sequence[Match]]) -> bool:
    """A few unhappy words, no matter, no question and no number: "I am furious".

    The network learned from messages that want something, and takes such words for praise as soon as for anger.
    """
    text = wording.text[wording.body_start :]
    if sum(len(part.words) for part in wording.body()) > _OUTBURST or not _shown(wording, found):
        return False
    named = {topic for topic, matches in found.items() if any(match.weight > 0 for match in matches)}
    names_a_matter = any(topic.startswith("intent.") for topic in named - _NO_MATTER)
    return not names_a_matter and "?" not in text and not any(each.isdigit() for each in text)


def _shown(wording: Wording, found: Mapping[str, Sequence[Match]]) -> int:
    """What the words alone show."""
    if found.get("feeling.angry"):
        return 2
    annoyed = len(found.get("feeling.annoyed", ())) + len(found.get("tone.sarcasm", ()))
    loud = _shouts(wording) or "!!!" in wording.text
    if found.get("feeling.calm") and annoyed <= 1 and not loud:
        return 0
    if annoyed and loud:
        return 2
    unhappy = not found.get("intent.praise")
    return 1 if annoyed or (loud and unhappy and _shouts(wording)) else 0


def _shouts(wording: Wording) -> bool:
    words = (wording.text[word.start : word.end] for part in wording.body() for word in part.words)
    return (
        sum(word.isupper() and len(word) >= _SHORTEST_SHOUT and word.isalpha() for word in words) >= _SHOUTS
    )


def is_urgent(found: Mapping[str, Sequence[Match]], judged: Scores = NO_SCORES) -> bool:
    """The customer names a near date or says that it hurries, and does not say that it does not."""
    named = bool(found.get("tone.urgent")) and not found.get("feeling.calm")
    return _either(named, judged, judged.urgent)


def is_second_bad_experience(found: Mapping[str, Sequence[Match]], judged: Scores = NO_SCORES) -> bool:
    """The customer says that something went wrong before as well."""
    return _either(bool(found.get("tone.second_bad_experience")), judged, judged.second_bad_experience)


def _either(named: bool, judged: Scores, share: float) -> bool:
    """Words alone where there is no model; else both together."""
    return named if not judged.intents else share + _WORDS_FLAG * named > _ENOUGH
