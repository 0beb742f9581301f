"""Learn bot/intents.model from labelled messages. Needs scikit-learn, which the program itself never does.

    pip install scikit-learn && python -m bench.train_intents

Learns from bench/messages, the development sentences and the train half of tests/data/understanding; the test half
is never read here. Prints how well each fifth of the train half is told when it was left out.
"""

import gzip
import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy
import yaml
from scipy.sparse import csr_matrix
from sklearn.feature_extraction.text import TfidfTransformer
from sklearn.model_selection import KFold
from sklearn.preprocessing import normalize
from sklearn.svm import LinearSVC

from bench.understanding import messages
from bot.models import PLACES, pieces

HERE = Path(__file__).parent
MODEL = HERE.parent / "bot" / "intents.model"
Example = tuple[str, list[str]]
#: How strongly the weights follow the examples: chosen on the left-out fifths of the train half.
FREEDOM = 0.5
#: Rarity is kept as a byte, in these steps.
RARITY_STEPS = 20


def texts_of(message: dict[str, Any]) -> Example:
    """A labelled message as the program will see it."""
    return f"{message.get('subject') or ''}\n{message['text']}", list(message["intents"])


def further_examples() -> list[Example]:
    """All other labelled messages."""
    found: list[Example] = []
    for path in sorted((HERE / "messages").glob("*.tsv")):
        for line in path.read_text("utf-8").splitlines():
            fields = line.split("\t")
            if len(fields) == 3:
                found.append((fields[2].replace("\\n", "\n"), fields[0].split(",")))
    for name in ("dev", "heldout"):
        path = HERE.parent / "tests" / "data" / "reading" / f"{name}.yaml"
        for by_intent in yaml.safe_load(path.read_text("utf-8")).values():
            found += [(text, [intent]) for intent, texts in by_intent.items() for text in texts]
    return found


def matrix(examples: list[Example]) -> csr_matrix:
    """Examples as rows of weighted places."""
    rows, places, values = [], [], []
    for row, (text, _) in enumerate(examples):
        for place, value in pieces(text).items():
            rows.append(row)
            places.append(place)
            values.append(value)
    return csr_matrix((values, (rows, places)), shape=(len(examples), PLACES))


@dataclass
class Learned:
    """A linear model, and how telling each place is."""

    rarity: numpy.ndarray
    model: LinearSVC

    def margins(self, examples: list[Example]) -> numpy.ndarray:
        """How far each example lies on each intent's side."""
        return numpy.asarray(self.model.decision_function(weighed(matrix(examples), self.rarity)))


def weighed(counted: csr_matrix, rarity: numpy.ndarray) -> csr_matrix:
    """Rows of length one, rare pieces weighing more."""
    return normalize(counted.multiply(rarity / RARITY_STEPS).tocsr())


def learned(examples: list[Example]) -> Learned:
    """A model of the main intent."""
    counted = matrix(examples)
    idf = TfidfTransformer().fit(counted).idf_
    rarity = numpy.clip(numpy.rint(idf * RARITY_STEPS), 1, 255).astype(numpy.uint8)
    model = LinearSVC(C=FREEDOM).fit(weighed(counted, rarity), [intents[0] for _, intents in examples])
    return Learned(rarity, model)


def left_out(train: list[Example], further: list[Example]) -> float:
    """The share of train messages told right by a model that has not seen them."""
    right = 0
    for known, unknown in KFold(5, shuffle=True, random_state=0).split(train):
        model = learned([*further, *(train[index] for index in known)])
        margins = model.margins([train[index] for index in unknown])
        said = model.model.classes_[margins.argmax(axis=1)]
        right += sum(name in train[index][1] for name, index in zip(said, unknown, strict=True))
    return right / len(train)


def save(found: Learned) -> None:
    """Weights as single bytes: a hundredth of the size, and no measurable difference."""
    model = found.model
    step = float(numpy.abs(model.coef_).max()) / 127
    small = numpy.rint(model.coef_.T / step).astype(numpy.int8)
    bias = [round(float(each), 4) for each in model.intercept_]
    head = {"names": list(model.classes_), "bias": bias, "step": step}
    body = json.dumps(head).encode() + b"\n" + found.rarity.tobytes() + small.tobytes()
    MODEL.write_bytes(gzip.compress(body, 9, mtime=0))


def main() -> None:
    """Learn, tell how well, and write the model."""
    train = [texts_of(each) for each in messages("train")]
    further = further_examples()
    print(f"{len(train)} train messages, {len(further)} further ones")
    print(f"left out and told right: {left_out(train, further):.3f}")
    save(learned([*further, *train]))
    print(f"written: {MODEL.stat().st_size // 1024} KB")


if __name__ == "__main__":
    main()
