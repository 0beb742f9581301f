"""views.*: modals and the Home tab."""

import time

from bot.sandbox.records import Json, View
from bot.sandbox.screens import keep_values
from bot.sandbox.shown import view_json
from bot.sandbox.slack_api.calls import Arguments, Context, SlackError, refuse_new_blocks
from bot.sandbox.slackcheck import check_view
from bot.sandbox.workspace import Workspace

#: One opened and two pushed.
MOST_STACKED = 3


def open_view(context: Context, arguments: Arguments) -> Json:
    """Opens a modal for the person behind the trigger, in place of any that is open."""
    payload = _legal(context, arguments["view"], "modal")
    user_id, _ = _use_trigger(context, arguments["trigger_id"])
    view = new_view(context.workspace, user_id, payload)
    context.workspace.views[user_id] = [view]
    return {"view": view_json(context.workspace, view)}


def push_view(context: Context, arguments: Arguments) -> Json:
    """Puts a modal on top; the trigger must come from inside a modal."""
    payload = _legal(context, arguments["view"], "modal")
    user_id, from_view = _use_trigger(context, arguments["trigger_id"])
    if from_view is None:
        raise SlackError("invalid_trigger_id", "[ERROR] views.push needs a trigger from inside a modal")
    view = push(context.workspace, user_id, payload)
    return {"view": view_json(context.workspace, view)}


def update_view(context: Context, arguments: Arguments) -> Json:
    """Replaces an open modal's content, unless `hash` says that somebody else did so first."""
    view = _find(context.workspace, arguments)
    payload = _legal(context, arguments["view"], view.kind)
    if "hash" in arguments and arguments["hash"] != view.hash:
        raise SlackError("hash_conflict")
    replace(context.workspace, view, payload)
    return {"view": view_json(context.workspace, view)}


def publish_view(context: Context, arguments: Arguments) -> Json:
    """Sets a person's Home tab."""
    workspace = context.workspace
    payload = _legal(context, arguments["view"], "home")
    user_id = arguments["user_id"]
    if user_id not in workspace.users:
        raise SlackError("user_not_found")
    view = workspace.homes.get(user_id)
    if view is None:
        view = workspace.homes[user_id] = new_view(workspace, user_id, payload)
    elif "hash" in arguments and arguments["hash"] != view.hash:
        raise SlackError("hash_conflict")
    else:
        replace(workspace, view, payload)
    return {"view": view_json(workspace, view)}


def new_view(workspace: Workspace, user_id: str, payload: Json) -> View:
    """A view that is on no screen yet."""
    view_id = workspace.new_id("V")
    view = View(view_id, user_id, _named(workspace, payload), workspace.new_id("h."), root_view_id=view_id)
    view.values = keep_values(view.blocks, {})
    return view


def push(workspace: Workspace, user_id: str, payload: Json) -> View:
    """A view on top of the person's stack; `push_limit_reached` when it is full."""
    stack = workspace.views.setdefault(user_id, [])
    if len(stack) >= MOST_STACKED:
        raise SlackError("push_limit_reached")
    view = new_view(workspace, user_id, payload)
    if stack:
        view.root_view_id, view.previous_view_id = stack[0].id, stack[-1].id
    stack.append(view)
    return view


def replace(workspace: Workspace, view: View, payload: Json) -> None:
    """New content under the old id; what was typed stays where block_id and action_id are the same."""
    view.payload = _named(workspace, payload)
    view.hash = workspace.new_id("h.")
    view.values = keep_values(view.blocks, view.values)


def _named(workspace: Workspace, payload: Json) -> Json:
    return {**payload, "blocks": workspace.with_block_ids(payload["blocks"])}


def _legal(context: Context, payload: Json, kind: str) -> Json:
    errors = check_view(payload)
    refuse_new_blocks(context, payload.get("blocks", []))
    if payload.get("type") != kind:
        errors.append(f"[ERROR] must be a {kind} here [json-pointer:/view/type]")
    if any("view_too_large" in error for error in errors):
        raise SlackError("view_too_large", *errors)
    if errors:
        raise SlackError("invalid_arguments", *errors)
    return payload


def _use_trigger(context: Context, trigger_id: str) -> tuple[str, str | None]:
    """The person behind it and the modal it came from; once only, and within its lifetime."""
    trigger = context.workspace.triggers.get(trigger_id)
    if trigger is None:
        raise SlackError("invalid_trigger_id")
    if trigger.used:
        raise SlackError("exchanged_trigger_id")
    if time.monotonic() > trigger.expires:
        raise SlackError("expired_trigger_id")
    trigger.used = True
    return trigger.user_id, trigger.view_id


def _find(workspace: Workspace, arguments: Arguments) -> View:
    if "view_id" in arguments:
        found = workspace.view(arguments["view_id"])
    else:
        wanted = arguments.get("external_id")
        stacked = [view for stack in workspace.views.values() for view in stack]
        found = next((view for view in stacked if wanted and view.payload.get("external_id") == wanted), None)
    if found is None:
        raise SlackError("not_found")
    return found
