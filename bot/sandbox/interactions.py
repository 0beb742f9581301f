"""From a person's press to the app's acknowledgement, and what that answer does to the screen."""

from dataclasses import dataclass, field
from datetime import timedelta

from bot.sandbox import payloads
from bot.sandbox.events import Events
from bot.sandbox.records import Channel, Json, Message, User, View
from bot.sandbox.response_urls import ResponseUrls
from bot.sandbox.shown import message_json, view_json
from bot.sandbox.slack_api.calls import SlackError
from bot.sandbox.slack_api.views import push, replace
from bot.sandbox.slackcheck import check_message, check_view
from bot.sandbox.socket_mode import Delivery, SocketMode
from bot.sandbox.web_api import ApiCall, refusal
from bot.sandbox.workspace import Workspace

#: What may come with the acknowledgement of a submission, by response_action.
ACTIONS = {"errors": "errors", "update": "view", "push": "view", "clear": None}


@dataclass(frozen=True, slots=True)
class InteractionResult:
    """What the person sees at once."""

    #: False: no answer within the deadline, and Slack shows a warning sign.
    acknowledged: bool
    #: What came with the acknowledgement.
    payload: Json | None
    #: What the app was sent.
    sent: Json
    #: The app's objections to a submission, by block_id.
    errors: dict[str, str] = field(default_factory=dict)
    #: The confirmation dialog the person had to agree to first.
    confirm: Json | None = None
    #: ts of the message that the acknowledgement of a command left.
    ts: str | None = None

    @property
    def response_url(self) -> str | None:
        return self.sent.get("response_url")

    @property
    def trigger_id(self) -> str:
        return str(self.sent["trigger_id"])


@dataclass(slots=True)
class Interactions:
    """Sends interactions and carries out their answers; illegal answers go to `calls` as refused."""

    workspace: Workspace
    events: Events
    socket_mode: SocketMode
    response_urls: ResponseUrls
    calls: list[ApiCall]
    trigger_lifetime: timedelta
    #: The root of this server; set when it listens.
    root_url: str = ""

    async def block_actions(
        self,
        user: User,
        place: Json,
        *,
        confirm: Json | None,
        answers_to: tuple[Channel, str, str | None] | None = None,
        view_id: str | None = None,
    ) -> InteractionResult:
        """A press. In messages it comes with a response_url; in modals its trigger may push another."""
        sent = {**self._interaction("block_actions", user, view_id), **place}
        if answers_to:
            channel, ts, thread_ts = answers_to
            sent["response_url"] = self._response_url(user, channel, ts, thread_ts)
        delivery = await self.socket_mode.deliver("interactive", sent)
        if delivery.answer:
            self._refuse("block_actions", delivery.answer, "[ERROR] takes no body")
        return InteractionResult(delivery.acknowledged, delivery.answer, sent, confirm=confirm)

    async def message_action(
        self, user: User, channel: Channel, message: Message, callback_id: str
    ) -> InteractionResult:
        """A message shortcut."""
        sent = {
            **self._interaction("message_action", user),
            "callback_id": callback_id,
            "action_ts": self.workspace.new_ts(),
            "channel": payloads.channel_reference(channel),
            "message_ts": message.ts,
            "message": message_json(self.workspace, message),
            "response_url": self._response_url(user, channel, message.ts, message.thread_ts),
        }
        delivery = await self.socket_mode.deliver("interactive", sent)
        return InteractionResult(delivery.acknowledged, delivery.answer, sent)

    async def slash_command(self, user: User, channel: Channel, command: str, text: str) -> InteractionResult:
        """A command; text that comes with the acknowledgement is shown as a response_url post would be."""
        trigger = self.workspace.new_trigger(user.id, self.trigger_lifetime)
        sent = payloads.slash_command(
            self.workspace, user, channel, command=command, text=text, trigger_id=trigger.id
        )
        sent["response_url"] = self._response_url(user, channel)
        delivery = await self.socket_mode.deliver("slash_commands", sent)
        ts = None
        if delivery.answer:
            problems = check_message(delivery.answer)
            if problems:
                self._refuse(command, delivery.answer, *problems)
            else:
                url = self.workspace.new_response_url(user.id, channel.id)
                ts = self.response_urls.show(url, delivery.answer)
                self.workspace.changes.note()
        return InteractionResult(delivery.acknowledged, delivery.answer, sent, ts=ts)

    async def submission(self, user: User, view: View) -> InteractionResult:
        """A modal's submission. Unacknowledged it stays open; an empty acknowledgement closes it."""
        sent = {
            **self._interaction("view_submission", user, view.id),
            "view": view_json(self.workspace, view),
            "response_urls": [],
        }
        delivery = await self.socket_mode.deliver("interactive", sent)
        errors: dict[str, str] = {}
        if delivery.acknowledged:
            errors = self._carry_out(view, delivery)
            self.workspace.changes.note()
        return InteractionResult(delivery.acknowledged, delivery.answer, sent, errors)

    async def closing(self, user: User, view: View, *, whole_stack: bool) -> None:
        """Takes the modal off the screen, and tells the app if it asked to be told."""
        stack = self.workspace.views[user.id]
        stack.clear() if whole_stack else stack.pop()
        self.workspace.changes.note()
        if view.payload.get("notify_on_close"):
            sent = {
                **self._interaction("view_closed", user),
                "view": view_json(self.workspace, view),
                "is_cleared": whole_stack,
            }
            del sent["trigger_id"]
            await self.socket_mode.deliver("interactive", sent)

    def _carry_out(self, view: View, delivery: Delivery) -> dict[str, str]:
        """Does what the answer to a submission says; returns the errors to show."""
        stack = self.workspace.views[view.user_id]
        answer = delivery.answer or {}
        problems = _problems(view, answer)
        if problems:
            self._refuse("view_submission", answer, *problems)
            return {}
        kind = answer.get("response_action")
        if kind == "errors":
            return dict(answer["errors"])
        if kind == "clear":
            stack.clear()
        elif kind == "update":
            replace(self.workspace, view, answer["view"])
        elif kind == "push":
            self._push(view.user_id, answer)
        elif view in stack:
            stack.remove(view)
        return {}

    def _push(self, user_id: str, answer: Json) -> None:
        try:
            push(self.workspace, user_id, answer["view"])
        except SlackError as error:
            self._refuse("view_submission", answer, error.code)

    def _interaction(self, kind: str, user: User, view_id: str | None = None) -> Json:
        trigger = self.workspace.new_trigger(user.id, self.trigger_lifetime, view_id)
        return payloads.interaction(self.workspace, kind, user, trigger.id)

    def _response_url(
        self, user: User, channel: Channel, ts: str | None = None, thread_ts: str | None = None
    ) -> str:
        url = self.workspace.new_response_url(user.id, channel.id, ts, thread_ts)
        return f"{self.root_url}/response/{url.id}"

    def _refuse(self, what: str, answer: Json, *problems: str) -> None:
        refused = refusal(SlackError("invalid_acknowledgement", *problems))
        self.calls.append(ApiCall(f"acknowledgement of {what}", answer, refused))


def _problems(view: View, answer: Json) -> list[str]:
    """What Slack would not accept as an answer to this submission."""
    if not answer:
        return []
    kind = answer.get("response_action")
    if kind not in ACTIONS:
        return [f"[ERROR] unknown response_action {kind}"]
    needed = ACTIONS[kind]
    if answer.keys() != ({"response_action"} | ({needed} if needed else set())):
        return [f"[ERROR] {kind} takes {needed or 'nothing'} beside response_action"]
    if needed and not isinstance(answer[needed], dict):
        return [f"[ERROR] {needed} must be an object"]
    if kind == "errors":
        inputs = {block.get("block_id") for block in view.blocks if block["type"] == "input"}
        wrong = [key for key in answer["errors"] if key not in inputs]
        if not answer["errors"] or not all(answer["errors"].values()):
            return ["[ERROR] errors must say something"]
        return [f"[ERROR] no input block {key}" for key in wrong]
    return check_view(answer["view"]) if needed == "view" else []
