"""Why this answer: what was read, what is known, where the case stands and which rule said so."""

from collections.abc import Sequence

from bot.cards import labels
from bot.cards.elements import bullets, folded, leaf
from bot.cards.shapes import Block, CardView
from bot.cards.texts import capitalized, line

MOST_FACTS = 6
MOST_WORDS = 6
MOST_RULES = 10


def why_this_answer(view: CardView) -> Block:
    """A block that opens on a press; everything of the customer's in it stands in text leaves."""
    points = [
        ("Read as", _intents(view)),
        ("Because of", _quoted(view.because)),
        *(("Known", line(fact, 150)) for fact in view.facts[:MOST_FACTS]),
        ("Also known", _left_out(len(view.facts) - MOST_FACTS)),
        ("Reads like", _customer_type(view)),
        ("BALA", labels.bala(view.bala)),
        ("Rule", capitalized(_rule(view.rule))),
        ("Rules before it", ", ".join(_rule(name) for name in view.passed[:MOST_RULES])),
    ]
    shown = [[leaf(f"{name}: ", bold=True), leaf(said)] for name, said in points if said]
    return folded("Why this answer", [bullets(shown)], f"why:{view.conversation_id}:v{view.version}")


def _intents(view: CardView) -> str:
    read = [
        f"{labels.named(labels.INTENTS, name).lower()} ({percent} %)" for name, percent in view.intents[:3]
    ]
    return capitalized(line(", ".join(read) or labels.named(labels.INTENTS, view.intent), 160))


def _customer_type(view: CardView) -> str:
    if not view.customer_type:
        return ""
    because = _quoted(view.customer_type_because)
    kind = f"a {line(view.customer_type, 20)}"
    return f"{kind}, because of {because}" if because else kind


def _quoted(words: Sequence[str]) -> str:
    return ", ".join(f"“{line(word, 40)}”" for word in words[:MOST_WORDS] if word.strip())


def _left_out(number: int) -> str:
    return f"{number} more" if number > 0 else ""


def _rule(name: str) -> str:
    return line(name.replace("_", " "), 40)
