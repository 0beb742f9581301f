"""What to write instead of a sentence that shows distrust: its own facts stay, whatever else is put kinder."""

from bot.rules.lexicon import Category, LanguageLexicon
from bot.rules.sentences import Sentence

#: A shorter rest says nothing by itself.
_FEWEST_WORDS = 3
#: How far into the rest a word of another word order would stand: "note that we not can".
_ORDER_WORDS = 4
#: In folded words, each with a space before it.
_THAT = (" at", " att", " that")
_MARKS = " ,:;–-"


def rewritten_sentence(
    text: str,
    sentence: Sentence,
    span: tuple[int, int],
    category: Category,
    pack: LanguageLexicon,
    intent: str | None,
) -> str:
    """A kinder sentence for the one that holds the finding at `span`, both in code points of `text`.

    Where only the opening is at fault ("please note that", "as I told you"), it is the sentence without it.
    Otherwise a rewrite of the word list, with the days and times of the sentence where that rewrite keeps them.
    """
    rest = _without_opening(text, sentence, span, pack)
    if rest:
        return rest
    rewrite = category.rewrite(sentence.words, intent)
    kept = _kept(text, sentence, pack) if rewrite.keeps else []
    return " ".join([rewrite.text, *(each for each in kept if each not in rewrite.text)])


def _without_opening(text: str, sentence: Sentence, span: tuple[int, int], pack: LanguageLexicon) -> str:
    for pattern in pack.openings:
        for start, end in pattern.spans(sentence.words):
            if start != 0 or end >= len(sentence.words):
                continue
            _, opening_end = sentence.place(start, end)
            if span[1] > opening_end:
                continue
            rest = text[opening_end : sentence.end].lstrip(_MARKS)
            return _begun(rest, pack, is_that_clause=sentence.words[:end].endswith(_THAT))
    return ""


def _begun(rest: str, pack: LanguageLexicon, *, is_that_clause: bool) -> str:
    """The rest as a sentence of its own; empty where its words would stand in the wrong order."""
    words = rest.split()
    folded = [word.strip(".,!?").casefold() for word in words]
    if len(words) < _FEWEST_WORDS or pack.negations & set(folded[:_ORDER_WORDS]):
        return ""
    if is_that_clause:
        pass  # without a word like "not" it has the order of a main clause
    elif pack.subjects and folded[0] not in pack.subjects and folded[1] in pack.subjects:
        # After an opening clause the verb came first: "takes it five days".
        words[:2] = [words[1], words[0]]
    elif pack.subjects and folded[0] not in pack.subjects:
        return ""
    return words[0][:1].upper() + words[0][1:] + " " + " ".join(words[1:])


def _kept(text: str, sentence: Sentence, pack: LanguageLexicon) -> list[str]:
    """The times that the sentence names, each in a sentence of its own."""
    found = []
    for kept in pack.kept:
        for start, end in kept.find.spans(sentence.words):
            for first, last in kept.what.spans(sentence.words[start:end])[:1]:
                begin, finish = sentence.place(start + first, start + last)
                found.append(kept.say.replace("{}", text[begin:finish]))
    return list(dict.fromkeys(found))
