"""The frame of a modal and of one input in it."""

from collections.abc import Sequence

from bot.cards.elements import plain
from bot.cards.shapes import Block
from bot.speech import say

#: Slack takes no more in one text field.
MOST_INPUT = 3000
MOST_TITLE = 24


def modal(
    title: str,
    callback_id: str,
    metadata: str,
    blocks: Sequence[Block],
    *,
    submit: str = "",
    close: str = "",
) -> Block:
    """A view for views.open, push and update.

    Without `submit` it can only be closed; without `close` that is called Cancel.
    """
    view: Block = {
        "type": "modal",
        "callback_id": callback_id,
        "private_metadata": metadata,
        "title": plain(title, MOST_TITLE),
        "close": plain(close or say("Cancel"), MOST_TITLE),
        "blocks": list(blocks),
    }
    if submit:
        view["submit"] = plain(submit, MOST_TITLE)
    return view


def input_block(block_id: str, label: str, element: Block, *, optional: bool = False) -> Block:
    """One field with its label."""
    return {
        "type": "input",
        "block_id": block_id,
        "label": plain(label, 200),
        "element": element,
        "optional": optional,
    }
