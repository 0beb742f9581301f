"""Numbers written as words, in the languages we read: "zehn", "femhundra", "atten tusen fire hundre". Linear."""

import re

_UNITS = (
    ("to tre fire fem seks syv sju aatte otte ni", (2, 3, 4, 5, 6, 7, 7, 8, 8, 9)),
    ("tvaa fyra sex sju aatta nio", (2, 4, 6, 7, 8, 9)),
    ("two three four five six seven eight nine", (2, 3, 4, 5, 6, 7, 8, 9)),
    ("zwei drei vier fuenf sechs sieben acht neun", (2, 3, 4, 5, 6, 7, 8, 9)),
    ("kaksi kolme neljae viisi kuusi seitsemaen kahdeksan yhdeksaen", (2, 3, 4, 5, 6, 7, 8, 9)),
    ("en et ett ein eit one eine", (1, 1, 1, 1, 1, 1, 1)),
)
_TEENS = (
    ("ti elleve tolv tretten fjorten femten seksten sytten atten nitten", range(10, 20)),
    ("tio elva tolv tretton fjorton femton sexton sjutton arton nitton", range(10, 20)),
    (
        "ten eleven twelve thirteen fourteen fifteen sixteen seventeen eighteen nineteen",
        range(10, 20),
    ),
    ("zehn elf zwoelf dreizehn vierzehn fuenfzehn sechzehn siebzehn achtzehn neunzehn", range(10, 20)),
    ("kymmenen yksitoista kaksitoista viisitoista", (10, 11, 12, 15)),
)
_TENS = (
    ("tyve tredive fyrre halvtreds tres halvfjerds firs halvfems", range(20, 100, 10)),
    ("tjue tretti foerti femti seksti sytti aatti nitti", range(20, 100, 10)),
    ("tjugo trettio fyrtio femtio sextio sjuttio aattio nittio", range(20, 100, 10)),
    ("twenty thirty forty fifty sixty seventy eighty ninety", range(20, 100, 10)),
    ("zwanzig dreissig vierzig fuenfzig sechzig siebzig achtzig neunzig", range(20, 100, 10)),
    (
        "kaksikymmentae kolmekymmentae neljaekymmentae viisikymmentae kuusikymmentae seitsemaenkymmentae"
        " kahdeksankymmentae yhdeksaenkymmentae",
        range(20, 100, 10),
    ),
)
_HUNDREDS = frozenset("hundrede hundred hundre hundra hundert sata sataa".split())
_THOUSANDS = frozenset("tusind tusinde tusen thousand tausend tuhat tuhatta".split())
_JOINING = frozenset(["og", "och", "and", "und"])
_VALUES = {
    word: value
    for words, values in (*_UNITS, *_TEENS, *_TENS)
    for word, value in zip(words.split(), values, strict=True)
}
_PIECES = sorted({*_VALUES, *_HUNDREDS, *_THOUSANDS, *_JOINING}, key=len, reverse=True)
_PIECE = re.compile("|".join(_PIECES))
_LONGEST_WORD = 40


def is_number_word(folded: str) -> bool:
    """Whether the whole word is made of number words; "og" alone joins, but is none."""
    return bool(_pieces(folded))


def value_of(folded: str) -> int:
    """The number that a run of folded words says, 0 where it says none."""
    total = current = 0
    counted = False
    for word in folded.split():
        pieces = _pieces(word)
        if not pieces:
            return 0
        for piece in pieces:
            counted = counted or piece not in _JOINING
            if piece in _THOUSANDS:
                total, current = total + max(current, 1) * 1000, 0
            elif piece in _HUNDREDS:
                current = max(current, 1) * 100
            else:
                current += _VALUES.get(piece, 0)
    return total + current if counted else 0


def _pieces(word: str) -> list[str]:
    """The word cut into number words, longest first; nothing where a rest remains."""
    found: list[str] = []
    position = 0
    while position < len(word) <= _LONGEST_WORD:
        match = _PIECE.match(word, position)
        if match is None:
            return []
        found.append(match.group())
        position = match.end()
    return found
