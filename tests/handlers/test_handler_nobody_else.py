"""Every button, window, shortcut and command, pressed by everybody who is not staff: a refusal, and nothing else.

The names come from the program itself, so that a new one is tested without being named here; where its payload is
of a shape of its own, it says so below, or this fails.
"""

import json
from collections.abc import AsyncIterator, Iterator
from pathlib import Path
from typing import Any

import pytest
import pytest_asyncio
from case_scenes import Office
from nobody_scenes import Scenery, registered

from bot.sandbox import payloads
from bot.sandbox.records import Json
from bot.sandbox.screens import elements
from bot.sandbox.stage import Stage

pytestmark = pytest.mark.asyncio(loop_scope="module")
NAMES = registered()
#: Pressed in a window or a Home; all others are pressed on messages.
IN_WINDOWS = frozenset(
    {
        "home_language", "use_kinder", "note_remove", "stack_take_out", "stack_undo_own", "wording_versions",
        "wording_undo", "wording_bring_back",
    }
)  # fmt: skip
#: Pressed in either.
IN_BOTH = frozenset({"join_same", "join_other", "join_part"})
LETTER = {"n": "reply/declined", "l": "da", "b": 0, "v": 1}
#: What the buttons carry whose value is of a shape of its own.
VALUES: dict[str, Any] = {
    "queue_next": {"p": [1]},
    "use_kinder": "0",
    "quiet_unmute": "demands_proof",
    **dict.fromkeys(("wording_versions", "wording_undo", "wording_bring_back"), LETTER),
}
#: What can be chosen in menus, where that is no order.
OPTIONS = {
    "card_more": ("resolve", "correct_intent", "cancel_follow_up"),
    "card_case": ("assign", "hand_over", "snooze"),
    "nudge_more": ("mute",),
}
#: What windows remember that is of a shape of its own.
REMEMBERED: dict[str, Any] = {"wording_edit": LETTER}
WORDS = (
    "next",
    "queue",
    "due",
    "stats",
    "whoami",
    "status",
    "quiet 2h",
    "customer 20001",
    "template",
    "watch #x",
)


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def desk_of(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Scenery]:
    folder: Path = tmp_path_factory.mktemp("nobody")
    async with Stage(folder) as stage:
        office = Office(stage)
        case = await office.paid_twice()
        yield await Scenery.made(office, case)


def presses() -> Iterator[tuple[str, str, str]]:
    """Every action with its place, and with each option of its menu."""
    for name in dict.fromkeys(NAMES.actions):
        for place in (
            ("window",) if name in IN_WINDOWS else ("message", "window") if name in IN_BOTH else ("message",)
        ):
            for option in OPTIONS.get(name, ("",)):
                yield name, place, option


async def test_there_is_something_to_test() -> None:
    assert len(NAMES.actions) >= 30
    assert len(NAMES.views) >= 8
    assert NAMES.shortcuts
    assert NAMES.commands == ["/tillid"]
    assert not IN_WINDOWS - set(NAMES.actions), "a name that is not there any more"


@pytest.mark.parametrize(("name", "place", "option"), list(presses()))
async def test_a_button_does_nothing_for_whoever_is_no_staff(
    desk_of: Scenery, name: str, place: str, option: str
) -> None:
    for who in desk_of.people.values():
        sent = desk_of.interaction("block_actions", who)
        value = json.dumps(desk_of.ids) if name not in VALUES else VALUES[name]
        value = value if isinstance(value, str) else json.dumps(value)
        block = "nudge:1" if name.startswith("nudge_") else f"card:{desk_of.case.id}:v1"
        action: Json = {"action_id": name, "block_id": block, "type": "button", "action_ts": "1.1"}
        choice = {"text": {"type": "plain_text", "text": "x"}, "value": option or value}
        sent["actions"] = [{**action, "value": value, "selected_option": choice}]
        if place == "window":
            remembered = REMEMBERED.get(name, LETTER if name.startswith("wording") else desk_of.ids)
            sent["view"] = desk_of.window(who, "told", remembered)
            sent["container"] = {"type": "view", "view_id": sent["view"]["id"]}
            desk_of.office.stage.workspace.triggers[sent["trigger_id"]].view_id = sent["view"]["id"]
        else:
            card = await desk_of.case.card()
            sent["container"] = {"type": "message", "message_ts": card.ts, "channel_id": card.channel_id}
            sent["message"] = {"ts": card.ts, "type": "message"}
        desk_of.refused(await desk_of.pressed(who, sent))


@pytest.mark.parametrize("name", list(dict.fromkeys(NAMES.views)))
async def test_a_window_that_stood_open_does_nothing_for_whoever_is_no_staff_any_more(
    desk_of: Scenery, name: str
) -> None:
    remembered = REMEMBERED.get(
        name,
        {
            **desk_of.ids, "currency": "DKK", "round": 1, "channel": desk_of.office.stage.shared.id,
            "thread": "1.1", "from": None, "to": None, "shown": True, "warned": True,
        },
    )  # fmt: skip
    for who in desk_of.people.values():
        sent = desk_of.interaction("view_submission", who)
        del sent["channel"], sent["response_url"]
        sent |= {"view": desk_of.window(who, name, remembered), "response_urls": []}
        desk_of.refused(await desk_of.pressed(who, sent))


@pytest.mark.parametrize("name", list(dict.fromkeys(NAMES.shortcuts)))
async def test_a_shortcut_does_nothing_for_whoever_is_no_staff(desk_of: Scenery, name: str) -> None:
    card = await desk_of.case.card()
    for who in desk_of.people.values():
        sent = desk_of.interaction("message_action", who)
        message = {"type": "message", "ts": card.ts, "text": "Hej", "user": str(who["id"])}
        sent |= {"callback_id": name, "action_ts": "1.1", "message_ts": card.ts, "message": message}
        desk_of.refused(await desk_of.pressed(who, sent))


@pytest.mark.parametrize("words", WORDS)
async def test_the_command_tells_strangers_nothing(desk_of: Scenery, words: str) -> None:
    stage = desk_of.office.stage
    for who in desk_of.people.values():
        trigger = stage.workspace.new_trigger(str(who["id"]), stage.slack._context.trigger_lifetime)
        sent = payloads.slash_command(
            stage.workspace, stage.freja, stage.triage, command="/tillid", text=words, trigger_id=trigger.id
        )
        url = stage.workspace.new_response_url(str(who["id"]), stage.triage.id)
        sent |= {"user_id": who["id"], "user_name": who["name"], "team_id": who.get("team_id", "")}
        sent["response_url"] = f"{stage.slack.root_url}/response/{url.id}"
        desk_of.refused(await desk_of.pressed(who, sent, "slash_commands"))


async def test_every_button_that_is_shown_is_registered(desk_of: Scenery) -> None:
    """What stands on the card is among what is tested above; what is not does nothing for anybody."""
    card = await desk_of.case.card()
    shown = {str(element["action_id"]) for _, element in elements(card.blocks) if "action_id" in element}
    links = {name for name in shown if name not in NAMES.actions}
    assert all("url" in element for _, element in elements(card.blocks) if element.get("action_id") in links)
