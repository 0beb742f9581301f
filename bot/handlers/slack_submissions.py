"""Windows that are sent off: what was typed is checked, and nothing typed is ever lost."""

import json
from collections.abc import Awaitable, Callable, Mapping, Sequence
from datetime import UTC, datetime
from typing import Any

from slack_sdk.web.async_client import AsyncWebClient

from bot import desk
from bot.cards import modals, reply_modals
from bot.cards.files import HOUSE_FILE, KEPT, chosen
from bot.cards.together import closed_too
from bot.desk.follow_ups import Approved
from bot.desk.refunds import Wish
from bot.desk.replies import Wording
from bot.errors import Refused
from bot.handlers import pressing
from bot.handlers.opened_cases import findings, offered, open_case, reply_window
from bot.handlers.slack_files import PickedFiles
from bot.parts import Parts
from bot.redrafting import redraft_asked, redraft_lead
from bot.speech import say
from storage.engine import commit, read
from storage.files import NewFile

Ack = Callable[..., Awaitable[Any]]


class Submissions:
    """What becomes of a window."""

    def __init__(self, parts: Parts) -> None:
        self._parts = parts
        self._desk = desk.Desk(parts.house, parts.places)
        self._picked = PickedFiles()

    async def edit_reply(self, ack: Ack, body: Mapping[str, Any], client: AsyncWebClient) -> None:
        """Send a changed draft. Wording that signals distrust is shown first, once; it can be sent all the same."""
        values = body["view"]["state"]["values"]
        text = reply_modals.typed_reply(values)
        block_id = next(iter(values), "reply:1")
        try:
            press, remembered = pressing.on_window(body, self._parts)
            opened = await read(self._parts.engine, open_case, press, self._parts)
            found = findings(self._parts, opened.suggestion, text)
            going = chosen(values, offered(opened, remembered))
            if found and not remembered.get("shown"):
                remembered |= {
                    "files": going,
                    "shown": True,
                    "caught": len(found),
                    "round": int(remembered.get("round", 1)) + 1,
                }
                view = reply_window(self._parts, opened, text, remembered)
                await ack(response_action="update", view=view)
                return
            picked = [value for value, _ in going if value != HOUSE_FILE and not value.startswith(KEPT)]
            files = await self._fetched(ack, client, values, picked)
            if files is None:
                return
            caught = max(int(remembered.get("caught", 0)) - len(found), 0)
            wording = Wording(
                text,
                len(found),
                caught,
                files,
                HOUSE_FILE in dict(going),
                tuple(int(value.removeprefix(KEPT)) for value, _ in going if value.startswith(KEPT)),
                closing=closed_too(values),
            )
            await commit(
                self._parts.engine, desk.send, self._desk, press, self._parts.clock(), wording=wording
            )
            await redraft_lead(self._parts, press.conversation_id)
        except Refused as refusal:
            await ack(response_action="errors", errors={block_id: str(refusal)})
            return
        await ack()
        self._picked.forget(picked)
        self._parts.written.set()
        pressing.wake_when_due(self._parts)

    async def _fetched(
        self, ack: Ack, client: AsyncWebClient, values: Mapping[str, Any], picked: Sequence[str]
    ) -> tuple[NewFile, ...] | None:
        """What was picked, with its content; None when the window has been told why it cannot go."""
        try:
            return await self._picked.fetch(client, picked)
        except Refused as refusal:
            block_id = next(each for each in values if each.startswith("files:"))
            await ack(response_action="errors", errors={block_id: str(refusal)})
            return None

    async def refund(self, ack: Ack, body: Mapping[str, Any]) -> None:
        """Give money back, or ask a lead."""
        try:
            press, remembered = pressing.on_window(body, self._parts)
            wish = await self._wish(body, press, str(remembered["currency"]))
            await commit(self._parts.engine, desk.ask_refund, self._desk, press, wish, self._parts.clock())
        except Refused as refusal:
            await ack(response_action="errors", errors={"amount": str(refusal)})
            return
        await ack()
        await redraft_asked(self._parts, (press.conversation_id,))
        self._parts.written.set()

    async def _wish(self, body: Mapping[str, Any], press: desk.Press, currency: str) -> Wish:
        try:
            amount_minor = modals.amount_minor_of(str(pressing.typed(body, "amount") or ""), currency)
        except (ArithmeticError, ValueError):
            raise Refused(say("Enter an amount in {currency}, such as 49.50.", currency=currency)) from None
        opened = await read(self._parts.engine, open_case, press, self._parts)
        kind = str((pressing.typed(body, "kind") or {}).get("value") or "refund")
        order_id = opened.book.order.id if opened.book else None
        return Wish(f"window:{body['view']['id']}", kind, amount_minor, currency, order_id)

    async def follow_up(self, ack: Ack, body: Mapping[str, Any]) -> None:
        """Schedule a follow-up, or resolve the case with it or without."""
        text = str(pressing.typed(body, "text") or "").strip()
        try:
            press, remembered = pressing.on_window(body, self._parts)
            resolving = bool(remembered.get("resolving"))
            skipped = resolving and bool(pressing.typed(body, "skip"))
            if skipped and remembered.get("compulsory") and not pressing.typed(body, "reason"):
                raise Refused(say("We let this customer down before. Say why there is no follow-up."))
            approved = None if skipped or (resolving and not text) else self._approved(body, remembered, text)
            if approved is not None and await self._warned(ack, press, remembered, approved):
                return
            now = self._parts.clock()
            if resolving:
                await commit(self._parts.engine, desk.resolve, press, approved, now)
            elif approved is not None:
                await commit(self._parts.engine, desk.set_follow_up, press, approved, now)
        except Refused as refusal:
            await ack(response_action="errors", errors={"text": str(refusal)})
            return
        await ack()
        self._parts.written.set()

    def _approved(self, body: Mapping[str, Any], remembered: dict[str, Any], text: str) -> Approved:
        due = pressing.typed(body, "due")
        if due is None:
            raise Refused(say("Pick when it goes out."))
        return Approved(
            kind=str(remembered.get("kind") or "how_is_it"),
            subject=str(remembered.get("subject") or ""),
            text=text,
            due_at=datetime.fromtimestamp(int(due), tz=UTC),
            why=str(remembered.get("why") or ""),
        )

    async def _warned(
        self,
        ack: Ack,
        press: desk.Press,
        remembered: dict[str, Any],
        approved: Approved,
    ) -> bool:
        """Show once what a customer may hear as distrust in the follow-up; True when it was shown just now."""
        if remembered.get("shown"):
            return False
        opened = await read(self._parts.engine, open_case, press, self._parts)
        found = findings(self._parts, opened.suggestion, approved.text)
        if not found:
            return False
        advice = say(
            "{why} Kinder: {rewrite} Press the button again to keep your words.",
            why=found[0].why,
            rewrite=found[0].rewrite,
        )
        view = modals.follow_up(
            approved.text,
            approved.due_at,
            advice,
            json.dumps({**remembered, "shown": True}),
            resolving=bool(remembered.get("resolving")),
            kind=approved.kind,
        )
        await ack(response_action="update", view=view)
        return True

    async def dismiss(self, ack: Ack, body: Mapping[str, Any]) -> None:
        """Put the draft aside, with or without a reason."""
        try:
            press, _ = pressing.on_window(body, self._parts)
            reason = str(pressing.typed(body, "reason") or "")
            await commit(self._parts.engine, desk.dismiss, press, reason, self._parts.clock())
        except Refused as refusal:
            told = modals.notice(say("Dismiss suggestion"), str(refusal))
            await ack(response_action="update", view=told)
            return
        await ack()
        self._parts.written.set()

    async def correct_intent(self, ack: Ack, body: Mapping[str, Any]) -> None:
        """Say what it is really about, and in which language: the draft is made anew at once."""
        try:
            press, _ = pressing.on_window(body, self._parts)
            intent = str((pressing.typed(body, "intent") or {}).get("value") or "")
            language = str((pressing.typed(body, "language") or {}).get("value") or "")
            now = self._parts.clock()
            await commit(self._parts.engine, desk.correct_reading, press, intent, language, now)
        except Refused as refusal:
            await ack(response_action="errors", errors={"intent": str(refusal)})
            return
        await ack()
        await redraft_asked(self._parts, (press.conversation_id,))
