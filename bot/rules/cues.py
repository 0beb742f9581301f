"""The small language of the word packs: what a support lead writes down as a sign of something.

    trukket .. pengene .. to gange    these words in this order, up to four others in each gap (`...`: nine)
    retur*  *gebyr  *abonnement*      any ending, any beginning, both
    pakke/pakken                      one or the other
    sms-kode  byttet_om               two words, as one option
    {parcel}                          any entry of the list `parcel` of the pack
    #                                 any number, in digits or from the list `numbers`
    ^ annuller                        at the beginning of a sentence
    ikke & levering*                  both in one sentence, in any order
    ~ ...                             counts also where a negation stands beside it

Where a negation can take a wish or a claim back (see DENIABLE in topics.py), a cue without one of its own
does not count where one stands in its gaps or right before it.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import product

from bot.rules.words import fold

_GAPS = {"..": 4, "...": 9}
_MOST_VARIANTS = 400
NUMBER = "#"
#: The list of the words for numbers.
NUMBERS = "numbers"
#: The list whose words take a cue back, and the one whose words end their reach.
NEGATIONS = "not"
CLAUSE_WORDS = "clause"


@dataclass(frozen=True, slots=True)
class Step:
    """One place in a cue: any of `options` (folded, with their stars), at most `gap` other words before it."""

    options: frozenset[str]
    gap: int = 0


@dataclass(frozen=True, slots=True)
class Part:
    """Steps that follow each other; `anchored` at the beginning of the sentence."""

    steps: tuple[Step, ...]
    anchored: bool = False


@dataclass(frozen=True, slots=True)
class Cue:
    """Parts that all stand in one sentence. `keeps` is True where a negation does not take it back."""

    topic: str
    weight: float
    parts: tuple[Part, ...]
    keeps: bool = False


@dataclass(frozen=True, slots=True)
class Lists:
    """A pack's named lists: single words, and phrases of several words."""

    words: Mapping[str, frozenset[str]]
    phrases: Mapping[str, tuple[tuple[str, ...], ...]]

    @classmethod
    def read(cls, lists: Mapping[str, Sequence[str]]) -> "Lists":
        """Entries with a blank are phrases; the others may carry stars."""
        entries = {name: [_folded(_apart(entry)) for entry in rows] for name, rows in lists.items()}
        return cls(
            {name: frozenset(row for row in rows if " " not in row) for name, rows in entries.items()},
            {name: tuple(tuple(row.split()) for row in rows if " " in row) for name, rows in entries.items()},
        )


def parse_cue(text: str, topic: str, weight: float, lists: Lists) -> tuple[Cue, ...]:
    """The cue a line stands for, one for each phrase of the lists it names. ValueError says what is wrong."""
    words = text.split()
    keeps = words[:1] == ["~"]
    if keeps:
        words = words[1:]
    variants = list(_variants(words, lists))
    if not variants or len(variants) > _MOST_VARIANTS:
        raise ValueError(f"{text!r} stands for {len(variants)} patterns, at most {_MOST_VARIANTS} are read")
    negations = lists.words.get(NEGATIONS, frozenset())
    cues = []
    for variant in variants:
        parts = tuple(_part(piece, text) for piece in _split(variant))
        own = any(step.options & negations for part in parts for step in part.steps)
        cues.append(Cue(topic, weight, parts, keeps or own))
    return tuple(cues)


_Item = str | frozenset[str]


def _variants(words: Sequence[str], lists: Lists) -> Iterator[tuple[_Item, ...]]:
    choices: list[list[tuple[_Item, ...]]] = []
    for word in words:
        if word in _GAPS or word in ("&", "^"):
            choices.append([(word,)])
            continue
        singles, phrases = _options(word, lists)
        choice: list[tuple[_Item, ...]] = [(singles,)] if singles else []
        choice += [tuple(frozenset((piece,)) for piece in phrase) for phrase in phrases]
        choices.append(choice)
    count = 1
    for choice in choices:
        count *= len(choice)
    if count > _MOST_VARIANTS:
        raise ValueError(
            f"{' '.join(words)!r} stands for {count} patterns, at most {_MOST_VARIANTS} are read"
        )
    for combination in product(*choices):
        yield tuple(item for group in combination for item in group)


def _options(word: str, lists: Lists) -> tuple[frozenset[str], list[tuple[str, ...]]]:
    singles: set[str] = set()
    phrases: list[tuple[str, ...]] = []
    for option in word.split("/"):
        if option.startswith("{") and option.endswith("}"):
            name = option[1:-1]
            if name not in lists.words:
                raise ValueError(f"no list is called {name!r}")
            singles |= lists.words[name]
            phrases += lists.phrases[name]
        elif option == NUMBER:
            singles |= {NUMBER} | lists.words.get(NUMBERS, frozenset())
        elif " " in _apart(option):
            phrases.append(tuple(_folded(_apart(option)).split()))
        elif option.strip("*"):
            singles.add(_folded(option))
        else:
            raise ValueError(f"{word!r} has an empty option")
    return frozenset(singles), phrases


def _apart(entry: str) -> str:
    """A hyphen ends a word in a message, so it does here."""
    return entry.replace("-", " ").replace("_", " ").strip()


def _folded(entry: str) -> str:
    return " ".join(fold(piece) for piece in entry.split())


def _split(items: Sequence[_Item]) -> Iterator[list[_Item]]:
    piece: list[_Item] = []
    for item in items:
        if item == "&":
            yield piece
            piece = []
        else:
            piece.append(item)
    yield piece


def _part(items: Sequence[_Item], text: str) -> Part:
    steps: list[Step] = []
    gap = 0
    for item in items:
        if isinstance(item, frozenset):
            steps.append(Step(item, gap))
            gap = 0
        elif item in _GAPS:
            gap = _GAPS[item]
    if not steps or gap or (items[0] != "^" and "^" in items):
        raise ValueError(f"{text!r} has a gap or a mark where a word should stand")
    return Part(tuple(steps), items[0] == "^")
