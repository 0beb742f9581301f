"""A bare "thanks" or "hello": friendly words and nothing else."""

from bot.rules.reading_packs import Pack
from bot.rules.words import Wording

_MOST_WORDS = 14
_MOST_NAMES = 3


def read_courtesy(wording: Wording, pack: Pack) -> tuple[bool, bool]:
    """(thanks only, greeting only), of the body; the subject does not count. Names and emoji are let pass."""
    words = [word for sentence in wording.body() for word in sentence.words if word.folded[0].isalnum()]
    if not words or len(words) > _MOST_WORDS or any(sentence.mark == "?" for sentence in wording.body()):
        return False, False
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
    return thanked, greeted and not thanked
