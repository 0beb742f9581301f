"""A bare "thanks" or "hello": friendly words and nothing else."""

from collections.abc import Iterable, Sequence

from bot.rules.reading_packs import Pack
from bot.rules.words import Word, Wording

_MOST_WORDS = 14
_MOST_NAMES = 3


def read_courtesy(wording: Wording, packs: Iterable[Pack]) -> tuple[bool, bool]:
    """(thanks only, greeting only), of the body; the subject does not count. Names and emoji are let pass.

    The first pack that knows all the words decides: "thanks" is written in every language.
    """
    words = [word for sentence in wording.body() for word in sentence.words if word.folded[0].isalnum()]
    if not words or len(words) > _MOST_WORDS or any(sentence.mark == "?" for sentence in wording.body()):
        return False, False
    for pack in packs:
        thanked, greeted = _friendly(wording, words, pack)
        if thanked or greeted:
            return thanked, greeted and not thanked
    return False, False


def _friendly(wording: Wording, words: Sequence[Word], pack: Pack) -> tuple[bool, bool]:
    """(thanked, greeted) where every word is friendly or a name, else neither."""
    thanks = pack.lists.get("thanks", frozenset())
    greetings = pack.lists.get("greetings", frozenset())
    friendly = thanks | greetings | pack.lists.get("courtesy", frozenset())
    names = 0
    for place, word in enumerate(words):
        if word.folded in friendly:
            continue
        first = wording.text[word.start]
        previous = words[place - 1].folded if place else ""
        may_be_name = first.isupper() and (place == 0 or previous in friendly or names > 0)
        if not may_be_name or (place == 0 and len(words) > 1):
            return False, False
        names += 1
    if names > _MOST_NAMES:
        return False, False
    thanked = any(word.folded in thanks for word in words)
    greeted = any(word.folded in greetings for word in words)
    return thanked, greeted
