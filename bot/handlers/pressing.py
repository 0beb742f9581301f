"""What every press has in common: who, where, on which version of which card."""

import asyncio
import json
import re
from collections.abc import Awaitable, Callable, Mapping
from typing import Any

from bot.desk import Press
from bot.desk.press import STAFF_ONLY
from bot.errors import Refused
from bot.parts import Parts
from bot.speech import say

Answer = Callable[..., Awaitable[Any]]
CARD = re.compile(r"card:(\d+):v(\d+)(?::person)?")


def person(body: Mapping[str, Any], parts: Parts) -> str:
    """The Slack id of who pressed. Raises Refused for people of another workspace.

    Bolt's own team of the actor is wrong for presses in shared channels; the user's own team is right.
    """
    user = body.get("user") or {}
    team = user.get("team_id")
    if parts.places.team and team and team != parts.places.team:
        raise Refused(say(STAFF_ONLY))
    return str(user.get("id") or body.get("user_id") or "")


async def refuse(ack: Answer, respond: Answer, refusal: Refused) -> None:
    """Tell only whoever pressed why nothing was done; the card stays."""
    await ack()
    await respond(text=str(refusal), response_type="ephemeral", replace_original=False)


def is_private(body: Mapping[str, Any]) -> bool:
    """Whether the button stands on a message that only this person sees."""
    return bool((body.get("container") or {}).get("is_ephemeral"))


def on_card(body: Mapping[str, Any], parts: Parts) -> Press:
    """A press of a button on a card."""
    action = body["actions"][0]
    found = CARD.fullmatch(str(action.get("block_id") or ""))
    if found is None:
        raise Refused(say("This button is from an older card. Use the newest one."))
    return Press(person(body, parts), int(found.group(1)), int(found.group(2)))


def pressed(body: Mapping[str, Any]) -> dict[str, Any]:
    """The ids that a button carries."""
    ids: dict[str, Any] = json.loads(body["actions"][0]["value"])
    return ids


def on_value(body: Mapping[str, Any], parts: Parts) -> Press:
    """A press of a button that carries its case and version itself, wherever it stands."""
    ids = pressed(body)
    return Press(person(body, parts), int(ids["c"]), int(ids["v"]))


def wake_when_due(parts: Parts) -> None:
    """Look at what is to go once more when the seconds for Undo have passed: nobody waits for the next tick."""
    seconds = parts.house.policy.undo_seconds
    if seconds:
        asyncio.get_running_loop().call_later(seconds + 0.1, parts.written.set)


def on_order(body: Mapping[str, Any], parts: Parts) -> tuple[Press, int]:
    """A choice in a card's menu of orders, and the order's id."""
    ids = json.loads(body["actions"][0]["selected_option"]["value"])
    return Press(person(body, parts), int(ids["c"]), int(ids["v"])), int(ids["o"])


def on_refund(body: Mapping[str, Any]) -> int:
    """The refund a button is about."""
    return int(pressed(body)["r"])


def on_promise(body: Mapping[str, Any]) -> int:
    """The promise a button is about."""
    return int(pressed(body)["p"])


def metadata(press: Press, **more: object) -> str:
    """What a window remembers: ids and counts only."""
    return json.dumps({"c": press.conversation_id, "v": press.version, **more})


def on_window(body: Mapping[str, Any], parts: Parts) -> tuple[Press, dict[str, Any]]:
    """A window's press and what it remembers."""
    remembered: dict[str, Any] = json.loads(body["view"]["private_metadata"])
    return Press(person(body, parts), int(remembered["c"]), int(remembered["v"])), remembered


def typed(body: Mapping[str, Any], block_id: str) -> Any:
    """What stands in one field of a window (block id and action id are the same), or None."""
    field = body["view"]["state"]["values"].get(block_id, {}).get(block_id, {})
    for key in ("value", "selected_date_time", "selected_option", "selected_options", "selected_user"):
        if field.get(key) is not None:
            return field[key]
    return None
