"""What the customer has already asked for, and whether an earlier answer left the matter open."""

from collections.abc import Mapping, Sequence

from bot.rules.matching import Match

_WISHES = ("replacement", "refund")


def read_wish(found: Mapping[str, Sequence[Match]]) -> str:
    """The wish, "replacement" or "refund"; "" where nothing is asked for, either would do, or it is not clear which.

    What is only the second choice ("otherwise the money") is no wish, nor is a question where a refund is.
    """
    asked = [wish for wish in _WISHES if _stands(found, f"wish.{wish}", f"wish.not_{wish}")]
    return asked[0] if len(asked) == 1 and not found.get("wish.either") else ""


def is_unsolved(found: Mapping[str, Sequence[Match]]) -> bool:
    """The customer says that it still is not in order. A first message can say so as well ("still not here")."""
    return _stands(found, "tone.unsolved", "tone.not_unsolved")


def _stands(found: Mapping[str, Sequence[Match]], topic: str, against: str) -> bool:
    """Whether a cue of the topic is in a sentence without a word that speaks against it."""
    taken_back = {match.sentence for match in found.get(against, ())}
    return any(match.sentence not in taken_back for match in found.get(topic, ()))
