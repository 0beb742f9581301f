"""How the customer feels, whether it hurries, whether it went wrong before."""

from collections.abc import Mapping, Sequence

from bot.rules.matching import Match
from bot.rules.words import Wording

#: Words in capitals are shouting; shorter ones are mostly abbreviations.
_SHORTEST_SHOUT = 4
_SHOUTS = 2


def read_feeling(wording: Wording, found: Mapping[str, Sequence[Match]]) -> int:
    """0 calm, 1 annoyed or disappointed, 2 angry or threatens to leave."""
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


def is_urgent(found: Mapping[str, Sequence[Match]]) -> bool:
    """The customer names a near date or says that it hurries, and does not say that it does not."""
    return bool(found.get("tone.urgent")) and not found.get("feeling.calm")


def is_second_bad_experience(found: Mapping[str, Sequence[Match]]) -> bool:
    """The customer says that something went wrong before as well."""
    return bool(found.get("tone.second_bad_experience"))
