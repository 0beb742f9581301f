"""Messages that only a named person may answer. Better a false alarm than a draft to somebody who is hurt."""

from collections.abc import Mapping, Sequence

from bot.rules.matching import Match
from bot.rules.scores import NO_SCORES, Scores
from bot.rules.topics import OWNER_REASONS


def read_owner_only(found: Mapping[str, Sequence[Match]]) -> str | None:
    """The gravest reason, or None. A figure of speech around the words ("dying to see it") is no reason."""
    harmless = [(match.start, match.end) for match in found.get("owner_only.harmless", ())]
    for reason in OWNER_REASONS:
        for match in found.get(f"owner_only.{reason}", ()):
            if not any(start <= match.start and match.end <= end for start, end in harmless):
                return reason
    return None


#: From this share on the network's word is enough: a false alarm costs a colleague a minute.
_ALARM = 0.2
_NOTHING = "none"


def heard_owner_only(named: str | None, judged: Scores = NO_SCORES) -> str | None:
    """The reason that the words give, else the one that the network hears without them."""
    if named is not None or not judged.owner_only or 1 - judged.owner_only.get(_NOTHING, 1.0) < _ALARM:
        return named
    return max(OWNER_REASONS, key=lambda reason: judged.owner_only.get(reason, 0.0))
