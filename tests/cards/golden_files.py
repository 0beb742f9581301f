"""Every card, window and Home as it was agreed, a file each.

After a change that is meant, `python tests/cards/golden_files.py` writes all of them anew and removes those that no
case makes any more; read the difference before you keep it. A few are kept in Danish, Norwegian and Swedish too, from
the day on which their catalogues in bot/speech are filled: then the same command writes these as well.
"""

import json
from functools import partial
from pathlib import Path
from typing import Any

import home_views
from golden_conversations import conversations
from golden_messages import messages
from golden_stacks import stacks
from golden_windows import windows
from golden_wordings import wordings

from bot.cards.shapes import Card
from bot.speech import ENGLISH, SPOKEN, say, speaking

HERE = Path(__file__).parent
GOLDEN = HERE / "golden"
RENEW = "python tests/cards/golden_files.py"
#: These are kept in every language we speak to colleagues.
IN_ALL_LANGUAGES = ("suggestion_new", "edit_reply", "home_agent")
OTHER_LANGUAGES = tuple(language for language in SPOKEN if language != ENGLISH)


def cases() -> dict[str, partial[Any]]:
    """Every case by name: a builder with what it is given. Made anew: it may hold words in the language spoken now."""
    homes = {f"home_{name}": case for name, case in home_views.cases().items()}
    return conversations() | messages() | windows() | stacks() | wordings() | homes


def payload(made: Any) -> Any:
    """What goes to Slack, as JSON holds it."""
    return {"text": made.text, "blocks": made.blocks} if isinstance(made, Card) else made


def made_in(language: str) -> dict[str, Any]:
    """What every case comes to in a language."""
    with speaking(language):
        return {name: case() for name, case in cases().items()}


def places() -> dict[Path, tuple[str, str]]:
    """Where the golden files belong, each with the case it keeps and the language of that."""
    found = {_place(name): (name, ENGLISH) for name in cases()}
    for language in filter(is_translated, OTHER_LANGUAGES):
        found |= {GOLDEN / f"{name}.{language}.json": (name, language) for name in IN_ALL_LANGUAGES}
    return found


def written(name: str, language: str) -> str:
    """What the golden file of a case holds."""
    with speaking(language):
        return json.dumps(payload(cases()[name]()), ensure_ascii=False, indent=1) + "\n"


def is_translated(language: str) -> bool:
    """Whether its catalogue is filled: days and amounts are written in a language's own way even before that."""
    with speaking(language):
        return say("Cancel") != "Cancel"


def kept() -> set[Path]:
    """The golden files that are there."""
    return {*GOLDEN.glob("*.json"), *home_views.GOLDEN.glob("*.json")}


def _place(name: str) -> Path:
    own, _, of_home = name.partition("home_")
    return GOLDEN / f"{name}.json" if own else home_views.GOLDEN / f"{of_home}.json"


if __name__ == "__main__":
    for gone in kept() - places().keys():
        gone.unlink()
    for place, (name, language) in places().items():
        place.write_text(written(name, language), encoding="utf-8")
