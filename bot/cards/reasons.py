"""Why this answer: what was read, what is known, where the case stands and which rule said so."""

from collections.abc import Sequence

from bot.cards import labels
from bot.cards.elements import bullets, folded, leaf
from bot.cards.shapes import Block, CardView
from bot.cards.texts import capitalized, line, quoted
from bot.speech import mark, say

MOST_FACTS = 6
MOST_WORDS = 6
MOST_RULES = 10
_TYPES = {"thinker": mark("a thinker"), "feeler": mark("a feeler"), "doer": mark("a doer")}


def why_this_answer(view: CardView, most: int = MOST_RULES) -> Block:
    """A block that opens on a press; everything of the customer's in it stands in text leaves."""
    points = [
        (say("Read as"), _intents(view)),
        (say("Because of"), _quoted(view.because[:most])),
        *((say("Known"), line(fact, 150)) for fact in view.facts[: min(MOST_FACTS, most)]),
        (say("Also known"), _left_out(len(view.facts) - min(MOST_FACTS, most))),
        (say("Reads like"), _customer_type(view)),
        ("BALA", labels.bala(view.bala)),
        (say("Rule"), capitalized(_rule(view.rule))),
        (say("Rules before it"), ", ".join(_rule(name) for name in view.passed[: min(MOST_RULES, most)])),
    ]
    shown = [[leaf(f"{name}: ", bold=True), leaf(said)] for name, said in points if said]
    return folded(say("Why this answer"), [bullets(shown)], f"why:{view.conversation_id}:v{view.version}")


def _intents(view: CardView) -> str:
    read = [
        f"{labels.named(labels.INTENTS, name).lower()} ({percent} %)" for name, percent in view.intents[:3]
    ]
    return capitalized(line(", ".join(read) or labels.named(labels.INTENTS, view.intent), 160))


def _customer_type(view: CardView) -> str:
    if not view.customer_type:
        return ""
    because = _quoted(view.customer_type_because)
    named = _TYPES.get(view.customer_type)
    kind = say(named) if named else say("a {type}", type=line(view.customer_type, 20))
    return say("{kind}, because of {words}", kind=kind, words=because) if because else kind


def _quoted(words: Sequence[str]) -> str:
    return ", ".join(quoted(line(word, 40)) for word in words[:MOST_WORDS] if word.strip())


def _left_out(number: int) -> str:
    return say("{number} more", number=number) if number > 0 else ""


def _rule(name: str) -> str:
    return line(name.replace("_", " "), 40)
