"""Windows about whose a case is, and when it is worked on."""

from collections.abc import Sequence
from datetime import datetime

from bot.cards import labels
from bot.cards.elements import context, option, paragraph, plain, quote
from bot.cards.shapes import Block
from bot.cards.texts import cut
from bot.cards.views import input_block, modal

OWN_TIME = "own"
SIBLING = "In your language"
MOST_SHOWN = 2900
_WHEN = {"today": "Later today", "tomorrow": "The next working day", "next_week": "Next week"}


def hand_over(metadata: str, *, warned: bool = False) -> Block:
    """To whom a case passes, and what they should know. Without a note one is asked for it once."""
    colleague: Block = {"type": "users_select", "action_id": "colleague"}
    note = {
        "type": "plain_text_input",
        "action_id": "note",
        "multiline": True,
        "max_length": 2000,
        "placeholder": plain("What was said, what was promised, how they feel about it", 150),
    }
    missing = (
        "Without a note your colleague has to read everything anew. Press Hand Over again to leave it out."
    )
    blocks = [
        paragraph("What was promised to the customer, and the follow-up that is set, pass on with the case."),
        input_block("colleague", "Who takes over", colleague),
        input_block("note", "Note for them", note, optional=True),
        *([context(missing)] if warned else []),
    ]
    return modal("Hand over", "hand_over", metadata, blocks, submit="Hand Over")


def snooze(choices: Sequence[tuple[str, datetime]], metadata: str) -> Block:
    """When a case comes back; `choices` are times on the wall of the house, the first one is ticked."""
    options = [option(f"{_WHEN[name]}, {_spelled(at)}", name) for name, at in choices]
    options.append(option("At a time of my own", OWN_TIME))
    radio: Block = {
        "type": "radio_buttons",
        "action_id": "when",
        "options": options,
        "initial_option": options[0],
    }
    blocks = [
        input_block("when", "When it comes back", radio),
        input_block("own", "My own time", {"type": "datetimepicker", "action_id": "own"}, optional=True),
        context("It comes back at once when the customer writes; a bare thanks leaves it where it is."),
    ]
    return modal("Snooze", "snooze", metadata, blocks, submit="Snooze")


def _spelled(at: datetime) -> str:
    return f"{at:%A} {at.day} {at:%B} at {at:%H:%M}"


def sibling(text: str, language: str, theirs: str) -> Block:
    """The draft in the agent's own language, to be read only."""
    if not text:
        said = (
            "This draft has no sibling in another language: it was written by hand, or for this case alone."
        )
        return modal(SIBLING, "sibling", "", [paragraph(said)], close="Close")
    shown = labels.named(labels.ANSWERED, language)
    goes = labels.named(labels.ANSWERED, theirs)
    blocks = [context(f"In {shown}. The customer gets it in {goes}."), quote(cut(text, MOST_SHOWN))]
    return modal(SIBLING, "sibling", "", blocks, close="Close")
