"""Messages that only a named person may answer. Better a false alarm than a draft to somebody who is hurt."""

from collections.abc import Mapping, Sequence

from bot.rules.matching import Match
from bot.rules.topics import OWNER_REASONS


def read_owner_only(found: Mapping[str, Sequence[Match]]) -> str | None:
    """The gravest reason, or None. A figure of speech around the words ("dying to see it") is no reason."""
    harmless = [(match.start, match.end) for match in found.get("owner_only.harmless", ())]
    for reason in OWNER_REASONS:
        for match in found.get(f"owner_only.{reason}", ()):
            if not any(start <= match.start and match.end <= end for start, end in harmless):
                return reason
    return None
