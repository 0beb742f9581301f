"""The shipped packs and the language model, loaded once for the tests of understanding."""

from collections.abc import Sequence
from functools import cache
from pathlib import Path
from typing import Any

import yaml

from bot.models import LanguageModel
from bot.rules.facts import Reading
from bot.rules.reading import ReadingPacks, compile_packs, read_message

_PACKS = Path(__file__).parents[2] / "bot" / "rules" / "packs"
_SETS = Path(__file__).parents[1] / "data" / "reading"


@cache
def raw_packs() -> dict[str, Any]:
    """Every reading.yaml as parsed, by language."""
    return {
        path.parent.name: yaml.safe_load(path.read_text("utf-8")) for path in _PACKS.glob("*/reading.yaml")
    }


@cache
def packs() -> ReadingPacks:
    """The compiled packs."""
    return compile_packs(raw_packs())


@cache
def model() -> LanguageModel:
    """The language model."""
    return LanguageModel.load()


def read(
    text: str,
    *,
    subject: str = "",
    known: Sequence[str] = (),
    domain: str = "",
    house: str = "en",
) -> Reading:
    """What the program would read."""
    return read_message(
        text,
        packs(),
        subject=subject,
        scores=model().scores(text),
        known_languages=known,
        domain=domain,
        house_language=house,
    )


def labelled(name: str) -> dict[str, dict[str, list[str]]]:
    """A labelled set: language -> intent -> messages."""
    loaded: dict[str, dict[str, list[str]]] = yaml.safe_load((_SETS / f"{name}.yaml").read_text("utf-8"))
    return loaded
