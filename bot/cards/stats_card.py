"""An answer in figures."""

from collections.abc import Sequence

from bot.cards.elements import bullets, context, header, leaf, paragraph
from bot.cards.shapes import Card
from bot.cards.texts import escaped, line, sentence
from bot.speech import say, say_number

MOST_LINES = 40


def stats(title: str, lines: Sequence[tuple[str, str]], source: str) -> Card:
    """What was asked as `title`, the answer as (label, value) lines, and where the figures come from."""
    shown = [(line(label, 80, otherwise="-"), line(value, 100)) for label, value in lines[:MOST_LINES]]
    nothing = say("Nothing to show for this.")
    rows = [[leaf(f"{label}: "), leaf(value or "-", bold=True)] for label, value in shown]
    blocks = [header(title), bullets(rows) if rows else paragraph(nothing)]
    left_out = len(lines) - MOST_LINES
    if left_out > 0:
        blocks.append(context(say_number(left_out, "And {number} more lines", "And {number} more lines")))
    if counted_from := line(source, 500):
        blocks.append(context(counted_from))
    said = "; ".join(f"{label}: {value}" for label, value in shown) or nothing
    named = line(title, 150, otherwise=say("Figures"))
    return Card(escaped(f"{named}. {sentence(said)}"), blocks)
