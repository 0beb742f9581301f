"""A bare "thanks" or "hello": friendly words and nothing else."""

import re
from collections.abc import Iterable, Sequence

from bot.rules.reading_packs import Pack
from bot.rules.words import Word, Wording

_MOST_WORDS = 14
_MOST_NAMES = 3
#: How people say that it is over, in all our languages; folded as `words.prepare` folds.
_SETTLED = re.compile(
    r"\b(?:er|var|is|are|have|has|har|aer|ist|sind|on)\W+(?:\w+\W+){0,2}"
    r"(?:kommet|kome|komme|kommit|ankommet|modtaget|mottatt|motteke|mottagit|fremme|framme|framkommet|loest|loeyst"
    r"|ordnet|ordna|ordnat|arrived|received|sorted|fixed|back|here|faaet|faatt|faatt|her|haer|angekommen|da|saapunut"
    r"|perille|paa plads|i orden)\b|\b(?:virker|fungerer|fungerar|verkar|works|funktioniert|toimii)\b"
)
_NOT_SETTLED = re.compile(
    r"\b(?:ikke|ikkje|inte|not|never|aldrig|aldri|nicht|ei|stadig|fortsatt|fremdeles|framleis|fortfarande|still"
    r"|endnu|enno|aennu|yet|men|but|aber|mutta|dog|bare|naar|hvornaar|when)\W+(?:\w+\W+){0,3}"
    r"(?:kommet|kome|kommit|modtaget|mottatt|faaet|faatt|loest|arrived|received|her|haer|here|back)\b"
    r"|\b(?:men|but|aber|mutta)\b"
)
#: Words of asking: a request behind a thanks must never be left to rest, so any of them is enough.
_ASKS = re.compile(
    r"\b(?:send|sende|skicka|skicke|vil|vill|want|would|gerne|gjerne|gaerna|please|byt|bytt|byta|ring|skriv|refunder"
    r"|kan|can|could|behoever|trenger|treng|behoever|need|moechte|bitte|haluan|mangler|manglar|saknas|missing|ny|nytt"
    r"|new|anden|annen|annan|another|exchange|cancel|opsig|refund)\b"
)


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


def is_content(wording: Wording, packs: Iterable[Pack], *, asks: bool, feeling: int, praises: bool) -> bool:
    """Whether the customer thanks us and lets it rest: calm, no question, no "but", settled or pleased."""
    words = [word.folded for sentence in wording.body() for word in sentence.words]
    thanked = any(pack.lists.get("thanks", frozenset()) & set(words) for pack in packs)
    if asks or feeling or not thanked:
        return False
    said = " ".join(words)
    if _NOT_SETTLED.search(said) or _ASKS.search(said):
        return False
    return praises or _SETTLED.search(said) is not None
