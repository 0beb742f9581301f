"""A message cut into sentences and words, folded so that typing habits do not matter. Pure and linear."""

import re
import unicodedata
from dataclasses import dataclass

#: Code points that are read of one message; what follows is ignored. A customer's mail is a tenth of it.
LONGEST_TEXT = 20_000
#: Words that are looked at, for the same reason.
MOST_WORDS = 4_000

_TOKEN = re.compile(
    r"[^\W\d_]+(?:['’´`][^\W\d_]+)*|\d+(?:[.,:]\d+)*|[.!?…]+|\n[ \t\n]*|[,;:()–—]|[\u2600-\u27bf\U0001f300-\U0001faff]"
)
_FOLDS = str.maketrans(
    {
        "æ": "ae",
        "ä": "ae",
        "å": "aa",
        "ø": "oe",
        "ö": "oe",
        "ü": "ue",
        "ß": "ss",
        "é": "e",
        "è": "e",
        "ê": "e",
    }
    | {"á": "a", "à": "a", "ó": "o", "ò": "o", "ô": "o", "'": "", "’": "", "´": "", "`": ""}
)
_SPECIAL = frozenset("æøåäöüÆØÅÄÖÜ")
#: A full stop after one of these does not end a sentence.
_ABBREVIATIONS = frozenset(
    [
        "kr",
        "nr",
        "ordrenr",
        "kl",
        "ca",
        "eks",
        "bl",
        "dvs",
        "tlf",
        "mr",
        "ms",
        "mrs",
        "dr",
        "hr",
        "fru",
        "st",
        "stk",
        "inkl",
        "incl",
        "ekskl",
        "evt",
        "ang",
        "vedr",
        "jf",
        "mvh",
        "t",
        "ex",
        "ev",
        "m",
        "d",
        "v",
        "s",
        "a",
        "f",
        "o",
        "no",
        "jan",
        "feb",
        "mar",
        "apr",
        "aug",
        "sep",
        "sept",
        "okt",
        "nov",
        "dec",
        "des",
        "art",
        "mob",
        "tel",
        "bzw",
        "zb",
        "z",
        "b",
    ]
)


@dataclass(frozen=True, slots=True)
class Word:
    """One word, number or mark, folded; `start` and `end` are code-point offsets into the message's text."""

    folded: str
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Sentence:
    """A run of words. `mark` is "?", "!" or empty: how it ends."""

    start: int
    end: int
    words: tuple[Word, ...]
    mark: str = ""


@dataclass(frozen=True, slots=True)
class Wording:
    """A message ready for matching. `body_start` is where the text after the subject begins."""

    text: str
    sentences: tuple[Sentence, ...]
    #: False where nobody typed å, ä, ö, æ or ø: then letters may simply be missing.
    accented: bool
    body_start: int = 0
    #: True where the subject is one of an answer ("Re: …"): it speaks of what was written before.
    answers: bool = False

    def body(self) -> tuple[Sentence, ...]:
        """The sentences after the subject."""
        return tuple(sentence for sentence in self.sentences if sentence.start >= self.body_start)


def fold(word: str) -> str:
    """Lower case, å as aa, ä and æ as ae, ö and ø as oe, without apostrophes."""
    return word.lower().translate(_FOLDS)


def bare(folded: str) -> str:
    """A folded word as it looks when typed without the special letters at all."""
    return folded.replace("aa", "a").replace("ae", "a").replace("oe", "o").replace("ue", "u")


def clean(text: str) -> str:
    """The first `LONGEST_TEXT` code points, composed, without control characters (line breaks stay)."""
    text = unicodedata.normalize("NFC", text[:LONGEST_TEXT].replace("\r\n", "\n").replace("\r", "\n"))
    if text.isprintable():
        return text[:LONGEST_TEXT]
    kept = (character if character == "\n" or character.isprintable() else " " for character in text)
    return "".join(kept)[:LONGEST_TEXT]


_ANSWER = re.compile(r"\s*(?:(?:re|sv|vs|aw|fw|fwd|vb|vl)\s?:\s?)+", re.IGNORECASE)


def prepare(text: str, subject: str = "") -> Wording:
    """The message with its subject in front as sentences of its own."""
    body = clean(text)
    title = clean(subject[:500]).replace("\n", " ").strip()
    answer = _ANSWER.match(title)
    title = title[answer.end() :] if answer else title
    whole = f"{title}\n\n{body}" if title else body
    sentences = _sentences(whole)
    accented = not _SPECIAL.isdisjoint(whole)
    return Wording(whole, sentences, accented, len(title) + 2 if title else 0, answer is not None)


def _sentences(text: str) -> tuple[Sentence, ...]:
    found: list[Sentence] = []
    words: list[Word] = []
    count = 0
    for token in _TOKEN.finditer(text):
        piece = token.group()
        if _ends_sentence(piece, token.end(), words, text):
            if words:
                found.append(_sentence(words, piece, token.end()))
                words = []
        elif piece[0] not in "\n.!?…":
            folded = "," if piece[0] in ",;:()–—" else fold(piece)
            words.append(Word(folded, token.start(), token.end()))
            count += 1
            if count >= MOST_WORDS:
                break
    if words:
        found.append(_sentence(words, "", words[-1].end))
    return tuple(found)


def _sentence(words: list[Word], ending: str, end: int) -> Sentence:
    mark = "?" if "?" in ending else "!" if "!" in ending else ""
    return Sentence(words[0].start, end if ending[:1] != "\n" else words[-1].end, tuple(words), mark)


def _ends_sentence(piece: str, end: int, words: list[Word], text: str) -> bool:
    following = text[end : end + 1]
    if piece[0] == "\n":
        # A mail program breaks long lines: a single break before a small letter is no end.
        return piece.count("\n") > 1 or not following.islower()
    if piece[0] not in ".!?…":
        return False
    if piece[0] != "." or len(piece) > 1:
        return True
    if following and not following.isspace():
        return following.isupper()
    if not words:
        return False
    last = words[-1].folded
    return not (last in _ABBREVIATIONS or (last[0].isdigit() and text[end + 1 : end + 2].islower()))
