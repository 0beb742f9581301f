"""Filling in Slack's windows, and showing them short."""

from typing import Any

from bot.sandbox.demo.moments import Slip
from bot.sandbox.records import Json, View
from bot.sandbox.screens import elements


def into(window: View, text: str) -> dict[str, dict[str, Any]]:
    """`text` for the window's first text field."""
    block, element = _text_field(window)
    return {str(block["block_id"]): {str(element["action_id"]): text}}


def field_text(window: View) -> str:
    """What its first text field starts with."""
    _, element = _text_field(window)
    return str(element.get("initial_value", ""))


def without_fields(slip: Slip) -> Slip:
    """A window without its long fields, for the terminal."""
    kept = tuple(line for line in slip.lines if line.kind != "field")
    return Slip(kept, slip.place, slip.window, slip.submit)


def about_the_limit(card: Slip) -> Slip:
    """What a card says of the agent's limit."""
    return Slip(tuple(line for line in card.lines if "limit" in line.text), f"{card.place}, on the card")


def changed_lines(text: str, draft: str) -> str:
    """The lines that were not in the draft."""
    before = set(draft.splitlines())
    return "\n".join(line for line in text.splitlines() if line not in before)


def _text_field(window: View) -> tuple[Json, Json]:
    return next(pair for pair in elements(window.blocks) if pair[1]["type"] == "plain_text_input")
