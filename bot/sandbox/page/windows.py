"""Modals: what is typed into their fields, and the buttons in and under them."""

import json
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from bot.sandbox.interactions import InteractionResult
from bot.sandbox.page.playground import Playground, Unable
from bot.sandbox.records import Json, User, View
from bot.sandbox.screens import HOLDS, elements, held

GONE = "This window has changed meanwhile: read it again and press once more."


def field_name(block_id: str, action_id: str) -> str:
    """The name of a field in the page's form."""
    return json.dumps(["field", block_id, action_id])


async def press_in_window(
    ground: Playground, user: User, form: Mapping[str, str], pressed: Mapping[str, str]
) -> InteractionResult:
    """A button inside the modal; the app hears what has been typed so far, as in Slack."""
    view = _on_top(ground, user, form)
    for block_id, fields in _typed(view, form, ground).items():
        view.values.setdefault(block_id, {}).update(
            {action_id: held(element, value) for action_id, (element, value) in fields.items()}
        )
    ground.objections.pop(view.id, None)
    return await ground.stage.slack.people.click_view(
        user.id,
        view.id,
        pressed["action_id"],
        value=pressed.get("value"),
        option=form.get(pressed["field"]) if "field" in pressed else pressed.get("option"),
        block_id=pressed.get("block_id"),
    )


async def submit(ground: Playground, user: User, form: Mapping[str, str]) -> InteractionResult:
    """The button under the modal. What the app objects to is kept for the page."""
    view = _on_top(ground, user, form)
    values = {
        block_id: {action_id: value for action_id, (_, value) in fields.items()}
        for block_id, fields in _typed(view, form, ground).items()
    }
    ground.objections.pop(view.id, None)
    result = await ground.stage.slack.people.submit(user.id, view.id, values)
    if result.errors:
        ground.objections[view.id] = result.errors
        ground.stage.workspace.changes.note()
    return result


async def close(ground: Playground, user: User, form: Mapping[str, str]) -> None:
    """The cross, or the button that closes."""
    view = ground.stage.slack.people.screen(user.id)
    if view is not None and view.id == form.get("view"):
        await ground.stage.slack.people.close_view(user.id, view.id)


def _on_top(ground: Playground, user: User, form: Mapping[str, str]) -> View:
    view = ground.stage.slack.people.screen(user.id)
    if view is None or (view.id, view.hash) != (form.get("view"), form.get("hash")):
        raise Unable(GONE)
    return view


def _typed(view: View, form: Mapping[str, str], ground: Playground) -> dict[str, dict[str, tuple[Json, Any]]]:
    """What the form holds for every field of the modal, with the field's element."""
    typed: dict[str, dict[str, tuple[Json, Any]]] = {}
    for block, element in elements(view.blocks):
        if element["type"] not in HOLDS or "action_id" not in element:
            continue
        value = _value(element, form, field_name(block["block_id"], element["action_id"]), ground)
        typed.setdefault(block["block_id"], {})[element["action_id"]] = (element, value)
    return typed


def _value(element: Json, form: Mapping[str, str], name: str, ground: Playground) -> Any:
    if element["type"] == "checkboxes":
        options = [str(option["value"]) for option in element["options"]]
        return [value for index, value in enumerate(options) if form.get(f"{name}:{index}")]
    value = form.get(name, "").replace("\r\n", "\n")
    if not value.strip():
        return None
    if element["type"] == "datetimepicker":
        try:
            return int(datetime.fromisoformat(value).replace(tzinfo=ground.zone).timestamp())
        except ValueError:
            raise Unable("That is no date and time.") from None
    return value
