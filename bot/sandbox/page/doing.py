"""What the page's forms do.

Each takes the playground, what the window looks at and the form, and says where to look next. Raises Unable, or
ImpossibleInSlack, with words for the page.
"""

import json
import re
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import replace
from datetime import timedelta

from bot.sandbox.interactions import InteractionResult
from bot.sandbox.page.board import Step, reached, upcoming
from bot.sandbox.page.looking import Looking
from bot.sandbox.page.playground import Playground, Unable
from bot.sandbox.page.windows import close, press_in_window, submit
from bot.sandbox.page.writing import write_mail
from storage.engine import read

Form = Mapping[str, str]
COMMAND = "/tillid"
NO_ANSWER = "No answer within three seconds: in Slack a warning sign would stand here."


async def write_chat(ground: Playground, looking: Looking, form: Form) -> Looking:
    """Tore writes in the shared channel."""
    stage = ground.stage
    await stage.slack.people.say(stage.guest.id, stage.shared.id, _something(form))
    return replace(looking, example="")


async def say(ground: Playground, looking: Looking, form: Form) -> Looking:
    """The person writes in the channel or a thread, or runs a command."""
    people, user, channel = ground.stage.slack.people, ground.person(looking), ground.channel(looking)
    text, thread_ts = _something(form), form.get("thread_ts") or None
    word, _, rest = text.partition(" ")
    if word.startswith("/"):
        if word != COMMAND:
            raise Unable(f"{word} is no command here. Try {COMMAND} help.")
        result = await people.command(user.id, channel.id, word, _linked(ground, rest.strip()))
        _check(result)
    else:
        await people.say(user.id, channel.id, _linked(ground, text), thread_ts=thread_ts)
    return looking


async def press(ground: Playground, looking: Looking, form: Form) -> Looking:
    """The person presses something on a message."""
    user, channel = ground.person(looking), ground.channel(looking)
    pressed = _pressed(form)
    option = form.get(pressed["field"]) if "field" in pressed else pressed.get("option")
    result = await ground.stage.slack.people.click(
        user.id,
        channel.id,
        form.get("ts", ""),
        pressed["action_id"],
        value=pressed.get("value"),
        option=option,
        block_id=pressed.get("block_id"),
    )
    _check(result)
    return looking


async def dismiss(ground: Playground, looking: Looking, form: Form) -> Looking:
    """The person takes a message away that only they see."""
    workspace, user = ground.stage.workspace, ground.person(looking)
    kept = [each for each in workspace.ephemerals if (each.ts, each.user_id) != (form.get("ts"), user.id)]
    workspace.ephemerals[:] = kept
    workspace.changes.note()
    return looking


async def window_press(ground: Playground, looking: Looking, form: Form) -> Looking:
    """The person presses something in the modal."""
    _check(await press_in_window(ground, ground.person(looking), form, _pressed(form)))
    return looking


async def window_submit(ground: Playground, looking: Looking, form: Form) -> Looking:
    """The person submits the modal."""
    _check(await submit(ground, ground.person(looking), form))
    return looking


async def window_close(ground: Playground, looking: Looking, form: Form) -> Looking:
    """The person closes the modal."""
    await close(ground, ground.person(looking), form)
    return looking


async def move_clock(ground: Playground, looking: Looking, form: Form) -> Looking:
    """Time passes."""
    stage = ground.stage
    try:
        step = Step(form.get("step", ""))
    except ValueError:
        raise Unable("The clock does not know this step.") from None
    async with ground.turn:
        now = stage.clock()
        ahead = await read(stage.running.parts.engine, upcoming, now)
        goal = reached(step, now, stage.running.parts.house.country, ahead)
        if goal is None:
            raise Unable("No follow-up is set, so there is no moment to go to.")
        try:
            await stage.move_clock(goal - now if goal > now else timedelta(0))
        except TimeoutError:
            raise Unable("Something is still on its way; try again when it has gone out.") from None
    stage.workspace.changes.note()
    return looking


FORMS: dict[str, Callable[[Playground, Looking, Form], Awaitable[Looking]]] = {
    "/mail": write_mail,
    "/chat": write_chat,
    "/say": say,
    "/press": press,
    "/dismiss": dismiss,
    "/window/press": window_press,
    "/window/submit": window_submit,
    "/window/close": window_close,
    "/clock": move_clock,
}


def _something(form: Form) -> str:
    text = form.get("text", "").strip()
    if not text:
        raise Unable("There is nothing to send: write something first.")
    return text


def _linked(ground: Playground, text: str) -> str:
    """`#channel` and `@name` as Slack's composer links them."""
    workspace = ground.stage.workspace
    channels = {each.name: each.id for each in workspace.channels.values() if each.name}
    users = {each.name: each.id for each in workspace.users.values()}
    text = re.sub(r"#([\w-]+)", lambda hit: f"<#{channels[hit[1]]}>" if hit[1] in channels else hit[0], text)
    return re.sub(r"(?<!\S)@([\w-]+)", lambda hit: f"<@{users[hit[1]]}>" if hit[1] in users else hit[0], text)


def _pressed(form: Form) -> dict[str, str]:
    try:
        pressed = json.loads(form.get("press", ""))
    except ValueError:
        pressed = None
    if not isinstance(pressed, dict) or "action_id" not in pressed:
        raise Unable("This button is not on the page any more.")
    return {str(name): str(value) for name, value in pressed.items()}


def _check(result: InteractionResult) -> None:
    if not result.acknowledged:
        raise Unable(NO_ANSWER)
