"""The word pieces that customers and agents of seven languages need, of the 250,000 that the pretrained network has."""

from wordfreq import top_n_list

from bench.reading_examples import train_half, written
from bench.reading_network import Pretrained
from bench.wording_examples import agent_sentences
from bot.word_pieces import WORD_START, WordPieces

#: How many of the most frequent words of each language are looked at.
WORDS = {"da": 29_000, "nb": 30_000, "sv": 30_000, "en": 20_000, "de": 20_000, "fi": 30_000}
_LATIN_ENDS = 0x250
_EMOJI = range(0x1F300, 0x1FB00)
_SIGNS = range(0x2600, 0x27C0)


def kept_pieces(weights: Pretrained) -> list[int]:
    """The numbers of the pieces that are kept, in order; always the same for the same messages."""
    pieces = WordPieces.of(weights.pieces, [float(cost) for cost in weights.costs])
    kept = {0, 1, 2, 3}
    for text in (example.text for example in (*written(), *train_half(), *agent_sentences())):
        kept.update(pieces.numbers(text, 100_000))
    for language, count in WORDS.items():
        for word in top_n_list(language, count):
            kept.update(pieces.numbers(word, 1_000))
            kept.update(pieces.numbers(word.capitalize(), 1_000))
    for place, piece in enumerate(weights.pieces):
        letter = piece.removeprefix(WORD_START)
        if len(letter) <= 1 and (
            not letter or ord(letter) < _LATIN_ENDS or ord(letter) in _EMOJI or ord(letter) in _SIGNS
        ):
            kept.add(place)
    return sorted(kept)
