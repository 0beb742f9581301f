"""The customer's own word for the thing ("jakken"), so that an answer need not say "the item"."""

from collections.abc import Iterator

from bot.rules.reading_packs import Pack
from bot.rules.words import Sentence, Wording

#: Intents that are about a thing; elsewhere a word such as "bogen" is too likely about something else.
_ABOUT_THINGS = frozenset(
    [
        "damaged_item",
        "missing_item",
        "wrong_item",
        "late_delivery",
        "return",
        "product_question",
        "refund_status",
    ]
)
_SHORTEST = 5


def read_noun(wording: Wording, pack: Pack, intents: frozenset[str]) -> str:
    """In the definite form of the language, ready for a sentence; empty unless exactly one thing is meant."""
    if intents.isdisjoint(_ABOUT_THINGS):
        return ""
    named = {thing for sentence in wording.sentences for thing in _named(sentence, pack)}
    if not named:
        named = {thing for sentence in wording.sentences for thing in _guessed(sentence, pack, wording.text)}
    return named.pop() if len(named) == 1 else ""


def _named(sentence: Sentence, pack: Pack) -> Iterator[str]:
    for word in sentence.words:
        thing = pack.things.get(word.folded)
        if thing:
            yield thing


def _guessed(sentence: Sentence, pack: Pack, text: str) -> Iterator[str]:
    """A definite form where things stand: after "returnere", or first in the sentence and followed by "er"."""
    endings = tuple(pack.lists.get("definite_endings", ()))
    before = pack.lists.get("thing_before", frozenset())
    after = pack.lists.get("thing_after", frozenset())
    words = sentence.words
    for position, word in enumerate(words):
        if not endings or not word.folded.endswith(endings) or len(word.folded) < _SHORTEST:
            continue
        if (
            word.folded in pack.lists.get("not_things", frozenset())
            or word.folded in pack.matcher.vocabulary.known
        ):
            continue
        behind = position > 0 and words[position - 1].folded in before
        ahead = position == 0 and len(words) > 1 and words[1].folded in after
        if behind or ahead:
            yield text[word.start : word.end].lower()
