"""What a person can see and touch: elements in blocks, and the values they hold."""

from collections.abc import Iterator
from typing import Any

from bot.sandbox.records import Json
from bot.sandbox.slackcheck.blocks import elements_of, walk
from bot.sandbox.slackcheck.shapes import Place

#: For each element that holds a value: the key of that value, and the key of what it starts with.
HOLDS: dict[str, tuple[str, str]] = {
    "plain_text_input": ("value", "initial_value"),
    "number_input": ("value", "initial_value"),
    "static_select": ("selected_option", "initial_option"),
    "radio_buttons": ("selected_option", "initial_option"),
    "checkboxes": ("selected_options", "initial_options"),
    "users_select": ("selected_user", "initial_user"),
    "conversations_select": ("selected_conversation", "initial_conversation"),
    "datepicker": ("selected_date", "initial_date"),
    "datetimepicker": ("selected_date_time", "initial_date_time"),
    # Nothing is there at first: Slack has no initial files.
    "file_input": ("files", "initial_files"),
}


class ImpossibleInSlack(Exception):
    """Slack's own window would not let a person do this: the button is not there, the field is empty."""


def elements(blocks: list[Json]) -> Iterator[tuple[Json, Json]]:
    """Every interactive element with the block it stands in."""
    for block, _ in walk(blocks, Place([])):
        for element in elements_of(block):
            yield dict(block), dict(element)


def find_element(
    blocks: list[Json], action_id: str, *, block_id: str | None = None, value: str | None = None
) -> tuple[Json, Json]:
    """The one element with this action_id; `block_id` and a button's `value` tell equal ones apart."""
    found = [
        (block, element)
        for block, element in elements(blocks)
        if element.get("action_id") == action_id
        and block_id in (None, block.get("block_id"))
        and (value is None or element.get("type") != "button" or element.get("value") == value)
    ]
    if len(found) != 1:
        there = sorted(str(element.get("action_id")) for _, element in elements(blocks))
        raise ImpossibleInSlack(f"{len(found)} elements {action_id} on the screen, which shows {there}")
    return found[0]


def keep_values(blocks: list[Json], before: dict[str, dict[str, Json]]) -> dict[str, dict[str, Json]]:
    """The values that elements hold: what was there before, else what they start with."""
    values: dict[str, dict[str, Json]] = {}
    for block, element in elements(blocks):
        kind, action_id = str(element["type"]), element.get("action_id")
        if kind not in HOLDS or action_id is None:
            continue
        key, first = HOLDS[kind]
        start = element.get(first, [] if kind in ("checkboxes", "file_input") else None)
        old = before.get(block["block_id"], {}).get(action_id, {})
        kept = old if old.get("type") == kind else {"type": kind, key: start}
        values.setdefault(block["block_id"], {})[action_id] = kept
    return values


def held(element: Json, value: Any) -> Json:
    """The value a person gives an element, as Slack sends it.

    Options are named by their value, several of them by a list; dates are YYYY-MM-DD, times seconds since
    1970; files are file objects.
    """
    kind = str(element["type"])
    key, _ = HOLDS[kind]
    if kind == "checkboxes":
        return {"type": kind, key: [option_of(element, one) for one in value]}
    if kind == "file_input":
        return {"type": kind, key: _picked(element, value or [])}
    if value is None:
        return {"type": kind, key: None}
    if kind in ("static_select", "radio_buttons"):
        return {"type": kind, key: option_of(element, str(value))}
    if kind == "datetimepicker":
        return {"type": kind, key: int(value)}
    return {"type": kind, key: _typed(element, str(value))}


def option_of(element: Json, value: str) -> Json:
    """The option with this value."""
    groups = [element, *element.get("option_groups", [])]
    options: list[Json] = [option for group in groups for option in group.get("options", [])]
    found = next((option for option in options if option["value"] == value), None)
    if found is None:
        there = [option["value"] for option in options]
        raise ImpossibleInSlack(f"no option {value} in {element.get('action_id')}, which offers {there}")
    return found


def _picked(element: Json, files: list[Json]) -> list[Json]:
    """Files as the picker takes them: so many, and of the endings it offers."""
    if len(files) > element.get("max_files", 10):
        raise ImpossibleInSlack(f"{element.get('action_id')} takes {element.get('max_files', 10)} files")
    offered = element.get("filetypes")
    for file in files:
        if offered and file["name"].rpartition(".")[2].lower() not in offered:
            raise ImpossibleInSlack(f"{element.get('action_id')} does not take {file['name']}")
    return files


def _typed(element: Json, value: str) -> str:
    """Text as the field takes it: not too long or short, and a number within its bounds."""
    name = element.get("action_id")
    if element["type"] == "plain_text_input":
        if not element.get("min_length", 0) <= len(value) <= element.get("max_length", 3000):
            raise ImpossibleInSlack(f"{name} does not take {len(value)} characters")
    elif element["type"] == "number_input":
        try:
            amount = float(value)
        except ValueError:
            raise ImpossibleInSlack(f"{name} takes numbers only") from None
        low, high = float(element.get("min_value", "-inf")), float(element.get("max_value", "inf"))
        if not low <= amount <= high or (amount % 1 and not element.get("is_decimal_allowed")):
            raise ImpossibleInSlack(f"{name} does not take {value}")
    return value


def is_empty(value: Json) -> bool:
    """Nothing typed, nothing chosen."""
    return all(item in (None, "", []) for key, item in value.items() if key != "type")
