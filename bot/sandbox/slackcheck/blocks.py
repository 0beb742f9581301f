"""The blocks, one table each, and the surfaces each may stand on."""

from collections.abc import Mapping
from typing import Any

from bot.sandbox.slackcheck.elements import ACCESSORY, ACTIONS_ELEMENT, IMAGE, INPUT_ELEMENT, exactly_one_of
from bot.sandbox.slackcheck.objects import IDENTIFIER, SLACK_FILE, URL, mrkdwn, plain, text
from bot.sandbox.slackcheck.rich_text import RICH_TEXT
from bot.sandbox.slackcheck.shapes import (
    Check,
    Place,
    agreeing,
    array,
    choice,
    flag,
    record,
    string,
    variant,
)
from bot.sandbox.slackcheck.tables import DATA_TABLE, DATA_VISUALIZATION, TABLE

ID = {"block_id": IDENTIFIER}


def says_something(value: Any, place: Place) -> None:
    """A section needs text or fields."""
    if not ("text" in value or "fields" in value):
        place.refuse("needs text or fields")


def collapses_only_if_collapsible(value: Any, place: Place) -> None:
    """A container that starts collapsed must be one that can be opened again."""
    if value.get("default_collapsed") and not value.get("is_collapsible"):
        place.at("default_collapsed").refuse("needs is_collapsible")


HEADER = record({"type": choice("header"), "text": plain(150)}, ID)
SECTION = agreeing(
    record(
        {"type": choice("section")},
        {**ID, "text": text(3000), "fields": array(text(2000), 10), "accessory": ACCESSORY, "expand": flag},
    ),
    says_something,
)
CONTEXT = record(
    {
        "type": choice("context"),
        "elements": array(
            variant({"image": IMAGE, "mrkdwn": mrkdwn(3000), "plain_text": plain(3000)}, "context element"),
            10,
        ),
    },
    ID,
)
ACTIONS = record({"type": choice("actions"), "elements": array(ACTIONS_ELEMENT, 25)}, ID)
DIVIDER = record({"type": choice("divider")}, ID)
INPUT = record(
    {"type": choice("input"), "label": plain(2000), "element": INPUT_ELEMENT},
    {**ID, "hint": plain(2000), "optional": flag, "dispatch_action": flag},
)
IMAGE_BLOCK = agreeing(
    record(
        {"type": choice("image"), "alt_text": string(2000)},
        {**ID, "image_url": URL, "slack_file": SLACK_FILE, "title": plain(2000)},
    ),
    exactly_one_of("image_url", "slack_file"),
)
MARKDOWN = record({"type": choice("markdown"), "text": string(12_000)}, ID)
ALERT = record(
    {"type": choice("alert"), "text": text(200)},
    {**ID, "level": choice("default", "info", "warning", "error", "success")},
)

IN_CONTAINER: dict[str, Check] = {
    "actions": ACTIONS,
    "context": CONTEXT,
    "divider": DIVIDER,
    "header": HEADER,
    "image": IMAGE_BLOCK,
    "input": INPUT,
    "rich_text": RICH_TEXT,
    "section": SECTION,
    "table": TABLE,
}
CONTAINER = agreeing(
    record(
        {
            "type": choice("container"),
            "title": plain(150),
            "child_blocks": array(variant(IN_CONTAINER, "block in a container"), 10),
        },
        {
            **ID,
            "subtitle": text(150),
            "width": choice("narrow", "standard", "wide", "full"),
            "icon": IMAGE,
            "is_collapsible": flag,
            "default_collapsed": flag,
            "has_header_divider": flag,
        },
    ),
    collapses_only_if_collapsible,
)
FIGURES: dict[str, Check] = {"data_table": DATA_TABLE, "data_visualization": DATA_VISUALIZATION}

MESSAGE_BLOCKS = {**IN_CONTAINER, **FIGURES, "container": CONTAINER, "markdown": MARKDOWN}
HOME_BLOCKS = {**IN_CONTAINER, **FIGURES, "container": CONTAINER}
MODAL_BLOCKS = {
    **{kind: check for kind, check in IN_CONTAINER.items() if kind != "table"},
    "alert": ALERT,
}


def walk(blocks: Any, place: Place) -> list[tuple[Mapping[str, Any], Place]]:
    """Every block that is an object, with the children of containers, in order."""
    found: list[tuple[Mapping[str, Any], Place]] = []
    for index, block in enumerate(listed(blocks)):
        if isinstance(block, Mapping):
            found.append((block, place.at(index)))
            found += walk(block.get("child_blocks"), place.at(index).at("child_blocks"))
    return found


def elements_of(block: Mapping[str, Any]) -> list[Mapping[str, Any]]:
    """The interactive elements a block holds itself, children of containers not included."""
    if block.get("type") == "rich_text":
        return []
    rows = [row for row in listed(block.get("rows")) if isinstance(row, list)]
    cells = [cell.get("element") for row in rows for cell in row if isinstance(cell, Mapping)]
    held = [*listed(block.get("elements")), block.get("accessory"), block.get("element"), *cells]
    return [item for item in held if isinstance(item, Mapping)]


def listed(value: Any) -> list[Any]:
    """The value if it is a list, else nothing: the tables report what is not one."""
    return value if isinstance(value, list) else []
