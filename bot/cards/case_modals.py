"""Windows about whose a case is, and when it is worked on."""

from collections.abc import Sequence
from datetime import datetime

from bot.cards import labels
from bot.cards.elements import context, option, paragraph, plain, quote
from bot.cards.shapes import Block
from bot.cards.texts import cut, day_in_words
from bot.cards.views import input_block, modal
from bot.speech import mark, say

OWN_TIME = "own"
SIBLING = mark("In your language")
MOST_SHOWN = 2900
_WHEN = {
    "today": mark("Later today"),
    "tomorrow": mark("The next working day"),
    "next_week": mark("Next week"),
}


def hand_over(metadata: str, *, warned: bool = False) -> Block:
    """To whom a case passes, and what they should know. Without a note one is asked for it once."""
    colleague: Block = {"type": "users_select", "action_id": "colleague"}
    note = {
        "type": "plain_text_input",
        "action_id": "note",
        "multiline": True,
        "max_length": 2000,
        "placeholder": plain(say("What was said, what was promised, how they feel about it"), 150),
    }
    passes = say("What was promised to the customer, and the follow-up that is set, pass on with the case.")
    missing = say(
        "Without a note your colleague has to read everything anew. Press Hand Over again to leave it out."
    )
    blocks = [
        paragraph(passes),
        input_block("colleague", say("Who takes over"), colleague),
        input_block("note", say("Note for them"), note, optional=True),
        *([context(missing)] if warned else []),
    ]
    return modal(say("Hand over"), "hand_over", metadata, blocks, submit=say("Hand Over"))


def snooze(choices: Sequence[tuple[str, datetime]], metadata: str) -> Block:
    """When a case comes back; `choices` are times on the wall of the house, the first one is ticked."""
    options = [option(f"{say(_WHEN[name])}, {_spelled(at)}", name) for name, at in choices]
    options.append(option(say("At a time of my own"), OWN_TIME))
    radio: Block = {
        "type": "radio_buttons",
        "action_id": "when",
        "options": options,
        "initial_option": options[0],
    }
    own: Block = {"type": "datetimepicker", "action_id": "own"}
    blocks = [
        input_block("when", say("When it comes back"), radio),
        input_block("own", say("My own time"), own, optional=True),
        context(say("It comes back at once when the customer writes; a bare thanks leaves it where it is.")),
    ]
    return modal(say("Snooze"), "snooze", metadata, blocks, submit=say("Snooze"))


def _spelled(at: datetime) -> str:
    return say("{day} at {time}", day=day_in_words(at, "EEEE d MMMM"), time=f"{at:%H:%M}")


def sibling(text: str, language: str, theirs: str) -> Block:
    """The draft in the agent's own language, to be read only."""
    if not text:
        said = say(
            "This draft has no sibling in another language: it was written by hand, or for this case alone."
        )
        return modal(say(SIBLING), "sibling", "", [paragraph(said)], close=say("Close"))
    languages = say(
        "In {language}. The customer gets it in {theirs}.",
        language=labels.language_inside(language),
        theirs=labels.language_inside(theirs),
    )
    blocks = [context(languages), quote(cut(text, MOST_SHOWN))]
    return modal(say(SIBLING), "sibling", "", blocks, close=say("Close"))
