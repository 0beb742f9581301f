"""Teach the reading network how a customer hears an agent's sentence. What it makes of messages stays as it is.

    python -m bench.train_hearing --load WHOLE --save BOTH        then `bench.train_reading write --load BOTH`

Learns from bench/drafts, the development half of tests/data/linting/drafts.tsv, the sentences the word lists were
written with, and our own letters. Needs torch, as bench/train_reading.py; about ten minutes on two cores.
"""

import argparse
import random
import time
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import numpy
import torch
from torch import nn
from torch.nn import functional

from bench.reading_examples import roughened
from bench.reading_network import Pretrained, ReadingNetwork
from bench.reading_vocabulary import kept_pieces
from bench.train_reading import LAST_SPEED, MOST_PIECES, load
from bench.wording_examples import AgentSentence, agent_sentences, held_out
from bot.rules.lexicon import CATEGORIES
from bot.word_pieces import WordPieces

BATCH, SPEED = 48, 1e-4
#: No label is quite certain.
SURE = 0.96


def tensors(batch: Sequence[AgentSentence]) -> tuple[torch.Tensor, torch.Tensor]:
    """Piece numbers, and where there are any."""
    lengths = torch.tensor([len(each.numbers) for each in batch])
    numbers = torch.ones(len(batch), int(lengths.max()), dtype=torch.long)
    for row, each in enumerate(batch):
        numbers[row, : len(each.numbers)] = torch.tensor(each.numbers)
    return numbers, torch.arange(numbers.shape[1])[None] < lengths[:, None]


def batches(sentences: Sequence[AgentSentence], chance: random.Random) -> list[list[AgentSentence]]:
    """Every sentence once, those of about the same length together."""
    order = sorted(sentences, key=lambda each: (len(each.numbers), chance.random()))
    found = [order[start : start + BATCH] for start in range(0, len(order), BATCH)]
    chance.shuffle(found)
    return found


def wrong(said: torch.Tensor, batch: Sequence[AgentSentence]) -> torch.Tensor:
    """How wrong the batch was heard."""
    meant = torch.tensor([[float(name in each.categories) for name in CATEGORIES] for each in batch])
    return functional.binary_cross_entropy_with_logits(said, meant * SURE + (1 - SURE) / 2)


def report(network: ReadingNetwork, sentences: Sequence[AgentSentence]) -> str:
    """The share of faulty sentences heard as what they are, where one clean one in twenty is let be flagged."""
    network.eval()
    with torch.no_grad():
        shares = torch.cat([torch.sigmoid(network.hear(*tensors([each])).float()) for each in sentences])
    worst = shares[[row for row, each in enumerate(sentences) if not each.categories]].max(1).values
    limit = float(worst.sort(descending=True).values[len(worst) // 20])
    rows = [(row, each) for row, each in enumerate(sentences) if each.categories]
    caught = [
        any(shares[row, CATEGORIES.index(name)] > limit for name in each.categories) for row, each in rows
    ]
    return f"{numpy.mean(caught):.3f} caught at {limit:.2f}"


def learn(network: ReadingNetwork, pieces: WordPieces, epochs: int) -> None:
    """Epochs over all sentences, each time typed a little differently."""
    chance = random.Random(0)  # noqa: S311  # no secret: the same seed makes the same file again
    sentences, held = agent_sentences(), held_out()
    for each in held:
        each.numbers = pieces.numbers(each.text, MOST_PIECES)
    optimizer = torch.optim.AdamW(
        [
            {"params": network.hearing.parameters(), "lr": SPEED},
            {"params": network.hearing_last.parameters(), "lr": SPEED * LAST_SPEED},
        ]
    )
    speeds = [group["lr"] for group in optimizer.param_groups]
    every, step, began = -(-len(sentences) // BATCH) * epochs, 0, time.monotonic()
    for epoch in range(epochs):
        typed = [
            replace(each, numbers=pieces.numbers(roughened(each.text, chance), MOST_PIECES))
            for each in sentences
        ]
        network.train()
        for batch in batches(typed, chance):
            share = min(1.0, (step + 1) / (every * 0.06)) * max(0.02, 1 - step / every)
            for group, most in zip(optimizer.param_groups, speeds, strict=True):
                group["lr"] = most * share
            with torch.autocast("cpu", torch.bfloat16):
                said = network.hear(*tensors(batch)).float()
            mistake = wrong(said, batch)
            optimizer.zero_grad()
            mistake.backward()
            nn.utils.clip_grad_norm_(network.hearing.parameters(), 1.0)
            optimizer.step()
            step += 1
            if step % 100 == 0:
                print(f"{step}/{every} {mistake.item():.3f} {time.monotonic() - began:.0f} s", flush=True)
        print(f"epoch {epoch + 1}: {report(network, held)}", flush=True)


def main() -> None:
    """Learn and save."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--load", type=Path, required=True)
    parser.add_argument("--save", type=Path, required=True)
    parser.add_argument("--epochs", type=int, default=5)
    wanted = parser.parse_args()
    torch.manual_seed(0)
    torch.set_flush_denormal(True)  # vanishing numbers make a processor many times slower
    weights = Pretrained.read()
    kept = kept_pieces(weights)
    network = ReadingNetwork(weights, kept)
    load(network, wanted.load)
    pieces = WordPieces.of(
        [weights.pieces[place] for place in kept], [float(weights.costs[place]) for place in kept]
    )
    learn(network, pieces, wanted.epochs)
    torch.save(network.state_dict(), wanted.save)


if __name__ == "__main__":
    main()
