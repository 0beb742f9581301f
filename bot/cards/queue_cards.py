"""The next case, shown to the colleague who has it; the card in the triage channel stays the one for all."""

from collections.abc import Sequence

from bot.cards.elements import actions, paragraph
from bot.cards.presses import next_button, undo_button
from bot.cards.shapes import Card, CardView
from bot.cards.suggestion import suggestion_card
from bot.speech import say, say_number


def next_case(view: CardView, passed: Sequence[int] = ()) -> Card:
    """The whole card with its buttons, and one to pass it over; `passed` are the cases left before it."""
    card = suggestion_card(view)
    skip = next_button(*passed, view.conversation_id, label=say("Skip This One"))
    return Card(card.text, [*card.blocks, actions(f"queue:{view.conversation_id}", skip)])


def done(said: str, conversation_id: int, undo_version: int = 0) -> Card:
    """What was done with the case, the way back while there is one, and the way to the next one."""
    undo = [undo_button(conversation_id, undo_version)] if undo_version else []
    row = actions(f"queue:{conversation_id}", *undo, next_button(conversation_id))
    return Card(said, [paragraph(said), row])


def nobody(with_colleagues: int) -> Card:
    """Nothing is left to take."""
    said = say("Nobody waits for you.")
    if with_colleagues:
        others = say_number(
            with_colleagues,
            "{number} customer waits for a colleague.",
            "{number} customers wait for a colleague.",
        )
        said = f"{said} {others}"
    return Card(said, [paragraph(said)])
