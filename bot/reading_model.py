"""The reading network: text in, shares out. What a customer writes: wishes, feeling, language; what an agent writes:
how it is heard. Loads a model file and nothing else.
"""

import json
import re
from collections.abc import Mapping, Sequence
from functools import lru_cache
from importlib import resources
from typing import Any

import numpy
import onnxruntime

from bot.rules.scores import NO_SCORES, NOTHING_HEARD, Heard, Scores
from bot.word_pieces import Cut, WordPieces

#: What is read of a text: the rest of a long mail costs time and seldom says more.
LONGEST_TEXT = 2_000
_MOST_PIECES = 256
_SHORTEST = 3
_SHORTEST_WORD, _LATIN_ENDS = 2, "\u0250"
#: Sentences of agents; some of every draft are the same.
_REMEMBERED = 2_000
#: Whose words are told, and how many of them.
_LIKELY, _MOST_WORDS = 0.15, 4
_SIGNS = ".,:;!?()\"'“”„»«…-–"
_WORD = re.compile(r"\S+")
_BLOCK, _BLOCK_BYTES, _ZERO = 32, 18, 8
Numbers = Any


class ReadingModel:
    """Reads one message or sentence at a time on one core; the same answer every time, and from any thread.

    Keeps what it made of the latest sentences of agents, and nothing of customers' messages.
    """

    def __init__(
        self, pieces: WordPieces, vectors: Numbers, head: Mapping[str, Any], graphs: Mapping[str, bytes]
    ) -> None:
        """`vectors`: a row of four-bit blocks for each piece; `head`: the labels of messages, and of sentences.

        `graphs`, in ONNX: `begun` from vectors to states, `reading` and `hearing` from states to what each piece
        says to each label.
        """
        self._sessions = {name: _session(graph) for name, graph in graphs.items()}
        self._pieces, self._vectors = pieces, vectors
        self._labels: Mapping[str, Sequence[str]] = head["labels"]
        self._heard: Sequence[str] = head["heard"]
        # A draft is looked at when it is made, shown, changed and sent.
        self._remembered = lru_cache(maxsize=_REMEMBERED)(self._hear)

    @classmethod
    def load(cls) -> "ReadingModel":
        """Read the weights that ship with the program."""
        with (resources.files("bot") / "reading.model").open("rb") as file, numpy.load(file) as stored:
            head = json.loads(stored["head"].tobytes())
            pieces = stored["pieces"].tobytes().decode().split("\n")
            costs = stored["costs"].astype(float).tolist()
            vectors = stored["vectors"]
            graphs = {name: stored[name].tobytes() for name in ("begun", "reading", "hearing")}
        return cls(WordPieces.of(pieces, costs), vectors, head, graphs)

    def scores(self, text: str) -> Scores:
        """What the message says. `NO_SCORES` without words, or in letters that we do not read. Never raises."""
        read = self._said(text[:LONGEST_TEXT], "reading")
        if read is None:
            return NO_SCORES
        cut, said = read
        parts, start = {}, 0
        for name, labels in self._labels.items():
            parts[name] = said[:, start : start + len(labels)]
            start += len(labels)
        because = self._because(cut, parts["intents"])
        parts = {name: part.mean(0) for name, part in parts.items()}
        feeling = _shares(parts["feeling"])
        return Scores(
            intents=self._named("intents", parts),
            feeling=(feeling[0], feeling[1], feeling[2]),
            urgent=_chance(parts["urgent"][0]),
            second_bad_experience=_chance(parts["second"][0]),
            owner_only=self._named("owner", parts),
            languages=self._named("language", parts),
            because=because,
        )

    def heard(self, sentence: str) -> Heard:
        """What a customer hears in a sentence of an agent's. `NOTHING_HEARD` without words. Never raises."""
        return self._remembered(sentence)

    def _hear(self, sentence: str) -> Heard:
        read = self._said(sentence[:LONGEST_TEXT], "hearing")
        if read is None:
            return NOTHING_HEARD
        cut, said = read
        shares = {name: _chance(number) for name, number in zip(self._heard, said.mean(0), strict=True)}
        spans = {
            name: _span(sentence, cut, said[:, column])
            for column, name in enumerate(self._heard)
            if shares[name] >= _LIKELY
        }
        return Heard(shares, spans)

    def _said(self, text: str, graph: str) -> tuple[Cut, Numbers] | None:
        """What each piece says to each label; None where there is nothing to read."""
        if not _is_readable(text):
            return None
        cut = self._pieces.cut(text, _MOST_PIECES)
        if len(cut.numbers) < _SHORTEST:
            return None
        states = self._sessions["begun"].run(None, {"given": _unpacked(self._vectors[cut.numbers])[None]})[0]
        return cut, self._sessions[graph].run(None, {"given": states})[0]

    def _because(self, cut: Cut, said: Numbers) -> dict[str, tuple[str, ...]]:
        """The words that say most: what their pieces say to a wish, beyond what they say to all of them."""
        shares = _shares(said.mean(0))
        beyond = said - said.mean(1, keepdims=True)
        found = {}
        for column, name in enumerate(self._labels["intents"]):
            if shares[column] >= _LIKELY:
                by_word = [0.0] * len(cut.words)
                for row, word in enumerate(cut.word_of):
                    if word is not None:
                        by_word[word] += float(beyond[row, column])
                found[name] = _phrases(cut.words, by_word)
        return found

    def _named(self, name: str, parts: Mapping[str, Numbers]) -> dict[str, float]:
        return dict(zip(self._labels[name], _shares(parts[name]), strict=True))


def _session(graph: bytes) -> Any:
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = options.inter_op_num_threads = 1
    options.enable_cpu_mem_arena = False
    options.log_severity_level = 3
    return onnxruntime.InferenceSession(graph, options, providers=["CPUExecutionProvider"])


def _phrases(words: Sequence[str], weights: Sequence[float]) -> tuple[str, ...]:
    """The heaviest words, neighbours together, in the order of the text."""
    heavy = [
        place for place, weight in enumerate(weights) if weight > 0 and words[place].strip(_SIGNS).isalpha()
    ]
    chosen = sorted(sorted(heavy, key=lambda place: -weights[place])[:_MOST_WORDS])
    phrases: list[list[int]] = []
    for place in chosen:
        if phrases and place - phrases[-1][-1] == 1:
            phrases[-1].append(place)
        else:
            phrases.append([place])
    return tuple(dict.fromkeys(" ".join(words[place] for place in each).strip(_SIGNS) for each in phrases))


def _span(sentence: str, cut: Cut, said: Numbers) -> tuple[int, int]:
    """The run of words that says most to a label, beyond what the others say; else the whole sentence."""
    places = [match.span() for match in _WORD.finditer(sentence)]
    if len(places) < len(cut.words):
        # Characters that nobody sees part words for the network, and not here.
        return 0, len(sentence)
    weights = [0.0] * len(cut.words)
    usual = float(said.mean())
    for row, word in enumerate(cut.word_of):
        if word is not None:
            weights[word] += float(said[row]) - usual
    best, begun, most, total = (0, len(weights) - 1), 0, 0.0, 0.0
    for place, weight in enumerate(weights):
        if total <= 0:
            begun, total = place, 0.0
        total += weight
        if total > most:
            best, most = (begun, place), total
    return places[best[0]][0], places[best[1]][1]


def _is_readable(text: str) -> bool:
    """Whether there is a word, and most letters are Latin ones: of others the network only makes guesses."""
    letters = [character for character in text if character.isalpha()]
    latin = sum(character < _LATIN_ENDS for character in letters)
    return latin >= _SHORTEST_WORD and latin * 2 > len(letters)


def _unpacked(blocks: Numbers) -> Numbers:
    """Rows of blocks as numbers: a block is a half-precision step and 32 weights of four bits."""
    parted = blocks.reshape(len(blocks), -1, _BLOCK_BYTES)
    steps = parted[:, :, :2].copy().view("<f2").astype(numpy.float32)
    weights = numpy.concatenate([parted[:, :, 2:] & 15, parted[:, :, 2:] >> 4], axis=2).astype(numpy.float32)
    return ((weights - _ZERO) * steps).reshape(len(blocks), parted.shape[1] * _BLOCK)


def _shares(numbers: Numbers) -> list[float]:
    powers = numpy.exp(numbers - numbers.max())
    shares: list[float] = (powers / powers.sum()).round(5).tolist()
    return shares


def _chance(number: float) -> float:
    return round(float(1 / (1 + numpy.exp(-number))), 5)
