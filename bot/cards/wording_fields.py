"""The fields in which the parts of a letter are edited.

A field takes 3,000 characters: a longer part stands in several. Read what was typed with `typed_parts` only.
"""

import re
from collections.abc import Mapping
from typing import Any

from bot.cards.reply_modals import pieces
from bot.cards.shapes import Block
from bot.cards.texts import clean
from bot.cards.views import MOST_INPUT, input_block
from bot.speech import mark, say

#: The parts by name, as leads read them: `say` them where they are shown.
LABELS = {
    "subject": mark("Subject"),
    "fix": mark("First line: the result, short"),
    "heard": mark("What we heard: the apology, the feeling, what happened"),
    "next_step": mark("What happens now, with days and amounts"),
    "question": mark("The one question, last"),
    "head": mark("What it borrows from the shared files (leave it as it is, unless you need another)"),
    "whole": mark("The whole letter"),
}
#: In this order; what it borrows stands last.
ORDER = tuple(LABELS)
_NEEDED = ("subject", "fix", "whole")
#: What stood between a field and the one before it, by the letter in its block id.
_JOINTS = {"p": "\n\n", "l": "\n", "w": " ", "c": ""}
_FIELD = re.compile(r"part:\d+:([a-z_]+)(?::(\d+)([plwc]))?")


def part_fields(parts: Mapping[str, str], number: int) -> list[Block]:
    """Fields for the parts. A window needs a `number` of its own each time: Slack keeps what it knows by block id."""
    blocks = []
    for name in (each for each in ORDER if each in parts):
        held = pieces(clean(parts[name]))
        for index, (joint, text) in enumerate(held, start=1):
            more = "" if index == 1 else f":{index}{joint}"
            label = say(LABELS[name])
            if len(held) > 1:
                label = say("{part}, {number} of {count}", part=label, number=index, count=len(held))
            optional = name not in _NEEDED or index > 1
            blocks.append(
                input_block(f"part:{number}:{name}{more}", label, _field(text, name), optional=optional)
            )
    return blocks


def typed_parts(values: Mapping[str, Mapping[str, Mapping[str, Any]]]) -> dict[str, str]:
    """The parts from a view's `state.values`, their fields joined again."""
    held: dict[str, list[tuple[int, str, str]]] = {}
    for block_id, fields in values.items():
        found = _FIELD.fullmatch(block_id)
        if found and "text" in fields:
            typed = clean(str(fields["text"].get("value") or ""))
            piece = (int(found.group(2) or 1), _JOINTS[found.group(3) or "c"], typed)
            held.setdefault(found.group(1), []).append(piece)
    return {name: _joined(sorted(pieces_)) for name, pieces_ in held.items()}


def field_of(values: Mapping[str, Any], part: str, line: int) -> tuple[str, int]:
    """The block id of the field that holds a line of a part, and the line in that field; the first field without."""
    fields = sorted(
        (int(found.group(2) or 1), block_id)
        for block_id in values
        if (found := _FIELD.fullmatch(block_id)) and found.group(1) == part
    )
    if not fields:
        return next((each for each in values if _FIELD.fullmatch(each)), "part:1:subject"), 0
    for _, block_id in fields:
        found = _FIELD.fullmatch(block_id)
        lines = str(values[block_id]["text"].get("value") or "").count("\n") + 1
        if line <= lines or block_id == fields[-1][1]:
            return block_id, line
        line -= lines + (1 if found and found.group(3) == "p" else 0)
    return fields[0][1], 0


def _joined(held: list[tuple[int, str, str]]) -> str:
    whole = ""
    for _, joint, typed in held:
        whole += joint + typed if whole and typed else typed
    return whole


def _field(text: str, name: str) -> Block:
    field: Block = {
        "type": "plain_text_input",
        "action_id": "text",
        "multiline": name != "subject" or "\n" in text or len(text) > 120,
        "max_length": MOST_INPUT,
    }
    return {**field, "initial_value": text} if text else field
