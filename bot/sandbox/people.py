"""What people do in the workspace: say, press, fill in, run commands. As in Slack's window, no more."""

import uuid
from collections.abc import Mapping, Sequence
from typing import Any

from bot.sandbox import payloads
from bot.sandbox.composer import typed
from bot.sandbox.interactions import InteractionResult, Interactions
from bot.sandbox.records import File, Json, Message, View
from bot.sandbox.screens import HOLDS, ImpossibleInSlack, find_element, held, is_empty, option_of
from bot.sandbox.shown import file_json, message_json, view_json
from bot.sandbox.sight import Sight
from bot.sandbox.workspace import Workspace


class People:
    """The people's side of the sandbox. Users, channels and messages are named by id and ts.

    Raises ImpossibleInSlack where a real person could not do the thing, and waits for the app's
    acknowledgement wherever Slack would.
    """

    def __init__(self, workspace: Workspace, interactions: Interactions) -> None:
        self._workspace = workspace
        self._sight = Sight(workspace)
        self._interactions = interactions
        self._events = interactions.events

    # Messages

    async def say(
        self,
        user_id: str,
        channel_id: str,
        text: str,
        *,
        thread_ts: str | None = None,
        files: Sequence[tuple[str, bytes]] = (),
    ) -> str:
        """Posts as a person, `text` as it is typed; returns its ts. Files are names with contents.

        `<@U…>` mentions somebody, `<!channel>` everybody; any other `<`, `>` and `&` arrive escaped.
        """
        self._sight.present(user_id, channel_id)
        if thread_ts and self._sight.message(channel_id, thread_ts).thread_ts:
            raise ImpossibleInSlack(f"{thread_ts} is itself a reply")
        message = Message(channel_id, self._workspace.new_ts(), user_id, typed(text))
        message.thread_ts = thread_ts
        message.client_msg_id = str(uuid.uuid4())
        for name, content in files:
            file = File(self._workspace.new_id("F"), name, user_id, content, name)
            file.shares.append((channel_id, message.ts))
            self._workspace.files[file.id] = file
            message.file_ids.append(file.id)
            message.subtype = "file_share"
        self._events.posted(self._workspace.add_message(message))
        return message.ts

    async def edit_message(self, user_id: str, channel_id: str, ts: str, text: str) -> None:
        """Changes the person's own message."""
        message = self._sight.own(user_id, channel_id, ts)
        before = message_json(self._workspace, message)
        message.text = typed(text)
        message.edited = (user_id, self._workspace.new_ts())
        self._events.changed(message, before)

    async def delete_message(self, user_id: str, channel_id: str, ts: str) -> None:
        """Deletes the person's own message."""
        message = self._sight.own(user_id, channel_id, ts)
        before = message_json(self._workspace, message)
        self._workspace.messages[channel_id].remove(message)
        self._events.deleted(message, before)

    async def react(self, user_id: str, channel_id: str, ts: str, name: str, *, remove: bool = False) -> None:
        """Sets an emoji, or takes the person's own away."""
        self._sight.present(user_id, channel_id)
        message = self._sight.message(channel_id, ts)
        users = message.reactions.setdefault(name, [])
        if (user_id in users) != remove:
            raise ImpossibleInSlack(f"{name} is {'not ' if remove else 'already '}there")
        if remove:
            users.remove(user_id)
        else:
            users.append(user_id)
        if not users:
            del message.reactions[name]
        self._events.reacted("reaction_removed" if remove else "reaction_added", user_id, message, name)

    async def join(self, user_id: str, channel_id: str, *, inviter_id: str = "") -> None:
        """Adds a person, or the bot, to a channel."""
        channel = self._workspace.channels[channel_id]
        if user_id in channel.members:
            raise ImpossibleInSlack("is in the channel already")
        channel.members.append(user_id)
        self._events.joined(user_id, channel, inviter_id)

    async def open_home(self, user_id: str, *, tab: str = "home") -> None:
        """Looks at the app: its Home tab, or with `messages` the direct message with it."""
        channel = self._workspace.direct_message(user_id)
        event: Json = {"type": "app_home_opened", "user": user_id, "channel": channel.id, "tab": tab}
        if tab == "home" and (view := self._workspace.homes.get(user_id)):
            event["view"] = view_json(self._workspace, view)
        self._events.emit(event)

    # Interactions

    async def click(
        self,
        user_id: str,
        channel_id: str,
        ts: str,
        action_id: str,
        *,
        value: str | None = None,
        option: Any = None,
        block_id: str | None = None,
    ) -> InteractionResult:
        """Uses an element of a message: presses a button, or chooses `option` in a menu.

        `value` (of a button) and `block_id` tell apart elements with the same action_id. Whoever can see the
        message can press, people of other organisations included.
        """
        user, channel = self._sight.present(user_id, channel_id)
        shown = self._sight.shown(user_id, channel_id, ts)
        block, element = find_element(shown.blocks, action_id, block_id=block_id, value=value)
        place = payloads.in_message(self._workspace, channel, shown)
        now = _chosen(element, option)
        if element["type"] in HOLDS:
            place["state"]["values"].setdefault(block["block_id"], {})[action_id] = now
        place["actions"] = [payloads.action(self._workspace, block, element, now)]
        return await self._interactions.block_actions(
            user, place, confirm=element.get("confirm"), answers_to=(channel, ts, shown.thread_ts)
        )

    async def click_view(
        self,
        user_id: str,
        view_id: str,
        action_id: str,
        *,
        value: str | None = None,
        option: Any = None,
        block_id: str | None = None,
    ) -> InteractionResult:
        """Uses an element of a modal or a Home tab."""
        user, view = self._workspace.users[user_id], self._sight.view(user_id, view_id)
        block, element = find_element(view.blocks, action_id, block_id=block_id, value=value)
        now = _chosen(element, option)
        if element["type"] in HOLDS:
            view.values.setdefault(block["block_id"], {})[action_id] = now
        place = payloads.in_view(self._workspace, view)
        place["actions"] = [payloads.action(self._workspace, block, element, now)]
        return await self._interactions.block_actions(
            user, place, confirm=element.get("confirm"), view_id=view_id if view.kind == "modal" else None
        )

    async def submit(
        self, user_id: str, view_id: str, values: Mapping[str, Mapping[str, Any]] | None = None
    ) -> InteractionResult:
        """Fills in and submits the modal on top; fields that are not named keep what they hold.

        A file picker takes names with contents; they are uploaded as Slack does it, before the modal goes off.

        The result's `errors` are what the app found wrong, by block_id; the modal then stays open.
        """
        view = self._sight.top(user_id, view_id)
        for block_id, fields in (values or {}).items():
            for action_id, value in fields.items():
                _, element = find_element(view.blocks, action_id, block_id=block_id)
                if element["type"] == "file_input":
                    value = [self._uploaded(user_id, name, content) for name, content in value or ()]
                view.values[block_id][action_id] = held(element, value)
        _refuse_empty_fields(view)
        if "submit" not in view.payload:
            raise ImpossibleInSlack("this modal has no button to submit it")
        return await self._interactions.submission(self._workspace.users[user_id], view)

    def _uploaded(self, user_id: str, name: str, content: bytes) -> Json:
        file = File(self._workspace.new_id("F"), name, user_id, content, name)
        self._workspace.files[file.id] = file
        return {**file_json(file), "size": len(content)}

    async def close_view(self, user_id: str, view_id: str, *, whole_stack: bool = False) -> None:
        """Closes the modal on top without submitting; with `whole_stack` all of them, by the cross."""
        view = self._sight.top(user_id, view_id)
        await self._interactions.closing(self._workspace.users[user_id], view, whole_stack=whole_stack)

    async def command(self, user_id: str, channel_id: str, command: str, text: str = "") -> InteractionResult:
        """Runs a slash command; `payload` of the result is what came back with the acknowledgement.

        Not in threads, and not for people of other organisations: Slack offers it to neither.
        """
        _, channel = self._sight.present(user_id, channel_id)
        user = self._sight.member_of_team(user_id, "slash commands")
        return await self._interactions.slash_command(user, channel, command, text)

    async def shortcut(self, user_id: str, callback_id: str, channel_id: str, ts: str) -> InteractionResult:
        """Uses a message shortcut on a message, in a thread or not; not for people of other organisations."""
        _, channel = self._sight.present(user_id, channel_id)
        user = self._sight.member_of_team(user_id, "message shortcuts")
        message = self._sight.message(channel_id, ts)
        return await self._interactions.message_action(user, channel, message, callback_id)

    def screen(self, user_id: str) -> View | None:
        """The modal on top of a person's screen."""
        return self._sight.screen(user_id)


def _chosen(element: Json, option: Any) -> Json:
    """What a press or a choice leaves in the element; buttons hold nothing."""
    kind = str(element["type"])
    if kind == "button":
        return {}
    if kind == "overflow":
        return {"selected_option": option_of(element, str(option))}
    return held(element, option)


def _refuse_empty_fields(view: View) -> None:
    """Slack asks for what is required before it sends anything."""
    for block in view.blocks:
        if block["type"] == "input" and not block.get("optional"):
            fields = view.values.get(block["block_id"], {})
            if any(is_empty(value) for value in fields.values()):
                raise ImpossibleInSlack(f"{block['block_id']} must be filled in")
