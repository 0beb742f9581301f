"""Write bot/reading.model: vocabulary, four-bit piece vectors, and the layers with weights of one byte each."""

import json
import tempfile
import warnings
from collections.abc import Sequence
from pathlib import Path

import numpy
import torch
from onnxruntime.quantization import QuantType, quantize_dynamic
from torch import nn

from bench.reading_examples import LANGUAGES, OWNER
from bench.reading_network import OUTPUTS, SHARED, WIDTH, Begun, Ended, Pretrained, ReadingNetwork
from bot.rules.lexicon import CATEGORIES
from bot.rules.topics import INTENTS

MODEL = Path(__file__).parent.parent / "bot" / "reading.model"
LABELS = {
    "intents": INTENTS,
    "feeling": ("0", "1", "2"),
    "urgent": ("yes",),
    "second": ("yes",),
    "owner": OWNER,
    "language": LANGUAGES,
}


def write(network: ReadingNetwork, weights: Pretrained, kept: Sequence[int]) -> None:
    """One file, read by bot/models.py."""
    assert list(LABELS) == list(OUTPUTS)
    network.eval()
    graphs = {
        "begun": _graph(Begun(network).eval()),
        "reading": _graph(Ended(network.layers[SHARED:], network.last).eval()),
        "hearing": _graph(Ended(network.hearing, network.hearing_last).eval()),
    }
    vectors = weights.four_bits("emb.word", WIDTH, len(weights.pieces))[list(kept)]
    head = {"labels": LABELS, "heard": CATEGORIES, "width": WIDTH}
    pieces = "\n".join(weights.pieces[place] for place in kept)
    with MODEL.open("wb") as file:
        numpy.savez(
            file,
            head=_bytes(json.dumps(head).encode()),
            pieces=_bytes(pieces.encode()),
            costs=weights.costs[list(kept)].astype(numpy.float16),
            vectors=vectors,
            **{name: _bytes(graph) for name, graph in graphs.items()},
        )
    print(f"written: {MODEL.stat().st_size / 1e6:.1f} MB")


def _bytes(data: bytes) -> numpy.ndarray:
    return numpy.frombuffer(data, numpy.uint8)


def _graph(model: nn.Module) -> bytes:
    with tempfile.TemporaryDirectory() as folder, warnings.catch_warnings():
        warnings.simplefilter("ignore")
        whole, small = Path(folder, "whole.onnx"), Path(folder, "small.onnx")
        torch.onnx.export(
            model,
            (torch.randn(1, 20, WIDTH),),
            str(whole),
            input_names=["given"],
            output_names=["answer"],
            dynamic_axes={"given": {1: "length"}},
            opset_version=17,
            dynamo=False,
        )
        quantize_dynamic(whole, small, weight_type=QuantType.QInt8, per_channel=True)
        return small.read_bytes()
