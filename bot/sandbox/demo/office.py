"""A day at Lampehuset: customers write, colleagues press the real buttons, and we read back what came of it."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from bot.sandbox.demo.blocks import Reader
from bot.sandbox.demo.delivery import DeliveryProcess
from bot.sandbox.demo.letters import ZONE, Received, raw_mail, received, written_at
from bot.sandbox.demo.moments import Letter, Slip
from bot.sandbox.demo.reading_back import (
    case_of,
    conversation_of_next,
    intent_of,
    last_message,
    latest_words,
)
from bot.sandbox.interactions import InteractionResult
from bot.sandbox.records import Message, User, View
from bot.sandbox.screens import elements
from bot.sandbox.stage import Stage
from storage import outbox
from storage.engine import read


class Office:
    """The stage, with the delivery process beside it, and the handful of things people do there."""

    def __init__(self, stage: Stage, delivery: DeliveryProcess) -> None:
        self.stage = stage
        self.delivery = delivery
        self.people = stage.slack.people
        workspace = stage.workspace
        names = {user.id: user.real_name.split()[0] for user in workspace.users.values()}
        names |= {channel.id: channel.name for channel in workspace.channels.values()}
        self.reader = Reader(names, ZONE)

    # Time

    def now(self) -> datetime:
        """What the clock on the wall shows."""
        return self.stage.clock().astimezone(ZONE)

    async def until(self, moment: datetime) -> None:
        """Let time pass until then; a moment that is over changes nothing."""
        left = moment - self.stage.clock()
        if left > timedelta(0):
            await self.stage.move_clock(left)

    async def wait(self, minutes: int) -> None:
        """A few minutes pass."""
        await self.stage.move_clock(timedelta(minutes=minutes))

    # Customers

    async def mail_comes(self, name: str, answers: Received | None = None) -> int:
        """A customer's mail arrives at the minute it was written; the id of the conversation it is in."""
        raw = raw_mail(name, answers)
        await self.until(written_at(raw))
        before = await self._last_heard()
        await self.stage.receive(raw)
        return await self._conversation_since(before)

    async def tore_says(self, text: str, thread_ts: str | None = None) -> tuple[int, str]:
        """The customer in the shared channel writes; the conversation and the message's ts."""
        before = await self._last_heard()
        guest, channel = self.stage.guest, self.stage.shared
        ts = await self.people.say(guest.id, channel.id, text, thread_ts=thread_ts)
        await self.stage.slack.wait_until_idle()
        await self.stage.idle()
        return await self._conversation_since(before), ts

    def thread_with_tore(self, ts: str) -> list[Message]:
        """His thread in the shared channel, oldest first, as he sees it."""
        return self.stage.workspace.thread(self.stage.shared.id, ts)

    def in_his_thread(self, ts: str) -> Slip:
        """The latest there, to be drawn."""
        message = self.thread_with_tore(ts)[-1]
        return Slip(self.reader.lines(message.blocks), f"#{self.stage.shared.name}, in Tore's thread")

    def mails_to(self, address: str) -> list[Received]:
        """What lies in a customer's mailbox, oldest first, read from the SMTP server."""
        return [received(mail) for mail in self.stage.mail.mails if address in mail.recipients]

    # Colleagues

    async def press(self, who: User, ts: str, action_id: str, option: str | None = None) -> InteractionResult:
        """Press a button in the triage channel and wait for everything it led to. RuntimeError: it was refused."""
        before = len(self.stage.workspace.ephemerals)
        result = await self.people.click(who.id, self.stage.triage.id, ts, action_id, option=option)
        await self.stage.idle()
        refusals = [each.text for each in self.stage.workspace.ephemerals[before:] if each.user_id == who.id]
        if refusals:
            raise RuntimeError(f"{who.real_name} pressed {action_id} and was told: {refusals[0]}")
        return result

    async def open_window(self, who: User, ts: str, action_id: str, option: str | None = None) -> View:
        """Press a button that opens a window; the window once it can be filled in."""
        await self.people.click(who.id, self.stage.triage.id, ts, action_id, option=option)
        return await self._window(who)

    async def press_in_window(self, who: User, view: View, action_id: str, value: str) -> View:
        """Press a button inside a window; the window as it is after that."""
        seen = view.hash
        await self.people.click_view(who.id, view.id, action_id, value=value)
        return await self._window(who, seen)

    async def submit(
        self, who: User, view: View, values: Mapping[str, Mapping[str, Any]]
    ) -> InteractionResult:
        """Fill the window in and send it off; what it leads to has happened when this returns."""
        result = await self.people.submit(who.id, view.id, values)
        if result.errors:
            raise RuntimeError(f"the window said {result.errors}")
        await self.stage.idle()
        return result

    async def command(self, who: User, text: str) -> Slip:
        """Run `/tillid ...`; what came back."""
        result = await self.people.command(who.id, self.stage.triage.id, "/tillid", text)
        said = result.payload or {}
        lines = self.reader.lines(said.get("blocks") or [_plain(str(said.get("text", "")))])
        return Slip(lines, f"/tillid {text}", "")

    def colleague(self, name: str) -> User:
        """By first name."""
        return next(user for user in self.stage.workspace.users.values() if user.name == name)

    async def _window(self, who: User, before: str = "") -> View:
        def there(_: object) -> View | None:
            view = self.people.screen(who.id)
            ready = view is not None and view.hash != before and any(elements(view.blocks))
            return view if ready else None

        found = await self.stage.slack.wait_for(there)
        assert found is not None
        return found

    # Reading back

    async def card(self, conversation_id: int) -> Message:
        """The card of a conversation as it hangs in the triage channel."""
        receipt = await read(self.stage.running.parts.engine, outbox.receipt, f"card:{conversation_id}")
        message = self.stage.workspace.message(str(receipt["channel"]), str(receipt["ts"]))
        assert message is not None
        return message

    async def version(self, conversation_id: int) -> int:
        """How often its draft was made, as the card's buttons name it."""
        card = await self.card(conversation_id)
        rows = [str(block["block_id"]) for block in card.blocks if block["type"] == "actions"]
        return max(int(row.rpartition(":v")[2].partition(":")[0]) for row in rows)

    async def intent(self, conversation_id: int) -> str:
        """What the program takes it to be about."""
        return await read(self.stage.running.parts.engine, intent_of, conversation_id)

    async def new_draft(self, conversation_id: int, version: int) -> None:
        """Wait until the card has a newer draft than that."""

        async def changed() -> bool:
            return await self.version(conversation_id) > version

        await self.stage.until(changed)
        await self.stage.idle()

    async def card_slip(self, conversation_id: int) -> Slip:
        """That card, to be drawn."""
        message = await self.card(conversation_id)
        return Slip(self.reader.lines(message.blocks), f"#{self.stage.triage.name}")

    async def posts_below(self, conversation_id: int) -> list[Message]:
        """What the program wrote in the card's thread, oldest first."""
        card = await self.card(conversation_id)
        thread = self.stage.workspace.thread(card.channel_id, card.ts)
        return [each for each in thread if each.ts != card.ts]

    def post_slip(self, message: Message) -> Slip:
        """A post in a thread, to be drawn."""
        return Slip(self.reader.lines(message.blocks), f"#{self.stage.triage.name}, in the thread")

    def window_slip(self, view: View, typed: InteractionResult | None = None) -> Slip:
        """A window, with what was typed into it when it was sent off."""
        payload = typed.sent["view"] if typed else view.payload
        values = typed.sent["view"]["state"]["values"] if typed else view.values
        owner = self.stage.workspace.users[view.user_id].real_name.split()[0]
        submit = str((payload.get("submit") or {}).get("text", ""))
        lines = self.reader.lines(payload["blocks"], values)
        return Slip(lines, f"{owner}'s screen", str(payload["title"]["text"]), submit)

    async def words(self, conversation_id: int) -> Letter:
        """The customer's latest message there, as it was stored."""
        return await read(self.stage.running.parts.engine, latest_words, conversation_id)

    async def case_of(self, address: str) -> int:
        """The newest conversation with the customer of that address."""
        return await read(self.stage.running.parts.engine, case_of, address)

    async def _last_heard(self) -> int:
        return await read(self.stage.running.parts.engine, last_message)

    async def _conversation_since(self, message_row_id: int) -> int:
        return await read(self.stage.running.parts.engine, conversation_of_next, message_row_id)


def _plain(text: str) -> dict[str, Any]:
    return {"type": "section", "text": {"type": "mrkdwn", "text": text}}
