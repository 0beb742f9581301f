"""The letters by the names that leads read: grouped to choose from, and found by a few words."""

from collections.abc import Iterable, Sequence
from difflib import get_close_matches

from bot.cards import labels
from bot.cards.stack_cards import KINDS
from bot.speech import mark, say

LANGUAGES = {
    "da": mark("Danish"),
    "nb": mark("Norwegian (Bokmål)"),
    "nn": mark("Norwegian (Nynorsk)"),
    "sv": mark("Swedish"),
    "en": mark("English"),
}
_SITUATIONS = {
    "granted": mark("done now"),
    "approval": mark("a lead is asked"),
    "looking": mark("looked into"),
    "open": mark("owned"),
}
_OTHERS = {
    "ask_open": mark("One open question"),
    "praise_thanks": mark("Praise: thanks"),
    "thanks": mark("All is well: a warm line"),
    "still_not_solved": mark("Still not solved"),
    "refund_granted": mark("Money given by hand"),
    "refund_corrected": mark("A refund that did not go through"),
    "declined": mark("An honest no"),
}
_PARCELS = (
    "damaged_item missing_item wrong_item late_delivery return cancellation product_question technical_fault"
)
_GROUPS = {
    mark("Money"): "double_charge duplicate_fee refund_status refund price_discount billing_question".split(),
    mark("Parcels and goods"): _PARCELS.split(),
    mark("Account and data"): "account_access address_change data_request".split(),
}
#: Where no group holds it.
_REST, _LATER, _NEWS = mark("Whatever it is about"), mark("Follow-ups"), mark("News from the shop")


def letter_label(letter: str) -> str:
    """ "reply/double_charge_granted" as "Charged twice: done now"."""
    kind, _, name = letter.partition("/")
    if kind == "follow_up":
        return labels.named(labels.FOLLOW_UPS, name)
    if kind == "event":
        return labels.named(KINDS, name)
    if name in _OTHERS:
        return say(_OTHERS[name])
    intent, _, situation = name.rpartition("_")
    if intent not in labels.INTENTS:
        return labels.in_words(name)
    stands = _SITUATIONS.get(situation)
    how = say(stands) if stands else labels.in_words(situation).lower()
    return f"{say(labels.INTENTS[intent])}: {how}"


def grouped(letters: Iterable[str]) -> list[tuple[str, list[str]]]:
    """The letters by group, each group in the order of its labels."""
    groups: dict[str, list[str]] = {name: [] for name in (*_GROUPS, _REST, _NEWS, _LATER)}
    for letter in sorted(letters, key=letter_label):
        groups[_group(letter)].append(letter)
    return [(say(name), held) for name, held in groups.items() if held]


def _group(letter: str) -> str:
    kind, _, name = letter.partition("/")
    if kind != "reply":
        return _LATER if kind == "follow_up" else _NEWS
    for group, about in _GROUPS.items():
        if name.rpartition("_")[0] in about:
            return group
    return _REST


#: The languages as leads type them, in each of those they read.
_NAMED = {
    **dict.fromkeys(("danish", "dansk", "danska"), "da"),
    **dict.fromkeys(("norwegian", "norsk", "norska", "bokmål"), "nb"),
    **dict.fromkeys(("nynorsk", "nynorska"), "nn"),
    **dict.fromkeys(("swedish", "svensk", "svenska"), "sv"),
    **dict.fromkeys(("english", "engelsk", "engelska"), "en"),
}


def language_in(words: str) -> tuple[str, str]:
    """The language that one of the words names, or "", and the other words."""
    named = {code: code for code in LANGUAGES} | _NAMED
    kept, found = [], ""
    for word in words.split():
        code = named.get(word.casefold().strip(".,:"), "")
        found = found or code
        if not code:
            kept.append(word)
    return found, " ".join(kept)


def matching(letters: Sequence[str], words: str) -> list[str]:
    """The letters whose name or label holds all the words, or begins of them; the nearest where there are none."""
    wanted = _spelled(words).split()
    if _spelled(words).replace(" ", "_") in {letter.rpartition("/")[2] for letter in letters}:
        return [each for each in letters if each.rpartition("/")[2] == _spelled(words).replace(" ", "_")]
    found = [each for each in letters if all(f" {word}" in f" {_searched(each)}" for word in wanted)]
    if found or not wanted:
        return found
    near = {word: get_close_matches(word, _vocabulary(letters), n=1, cutoff=0.75) for word in wanted}
    if not all(near.values()):
        return []
    meant = [hit[0] for hit in near.values()]
    return [each for each in letters if all(f" {word}" in f" {_searched(each)}" for word in meant)]


def _searched(letter: str) -> str:
    return f"{_spelled(letter)} {_spelled(letter_label(letter))}"


def _vocabulary(letters: Iterable[str]) -> list[str]:
    return sorted({word for each in letters for word in _searched(each).split()})


def _spelled(words: str) -> str:
    return " ".join("".join(c if c.isalnum() else " " for c in words.casefold()).split())
