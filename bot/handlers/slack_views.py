"""Buttons that open a window. Slack waits three seconds: an empty window first, its content when it has been read."""

from collections.abc import Awaitable, Callable, Mapping
from datetime import datetime
from typing import Any

from slack_sdk.web.async_client import AsyncWebClient
from sqlmodel import Session

from bot import desk
from bot.cards import modals, reply_modals
from bot.cards.files import chosen, enclosing
from bot.cards.presses import send_label
from bot.cards.together import closing
from bot.desk import Press
from bot.drafting import follow_up_letter, signed
from bot.errors import ConfigError, Refused
from bot.handlers import pressing
from bot.handlers.opened_cases import Opened, findings, offered, open_case, reply_window
from bot.parts import Parts
from bot.rules.linting import rewritten
from bot.speech import say
from bot.wordings import keep_up
from storage.engine import commit, read

Ack = Callable[..., Awaitable[Any]]
Respond = Callable[..., Awaitable[Any]]


class Views:
    """Windows for editing, refunding, following up, dismissing and correcting."""

    def __init__(self, parts: Parts) -> None:
        self._parts = parts

    async def edit(self, ack: Ack, body: Mapping[str, Any], client: AsyncWebClient, respond: Respond) -> None:
        """Change the draft before it goes."""
        await self.open_window(ack, body, client, respond, say("Edit reply"), "edit_reply", self._edit)

    def _edit(self, press: Press, opened: Opened) -> dict[str, Any]:
        view = opened.view
        files = enclosing(1, offered(opened, {}), by_mail=view.channel == "email")
        files += closing(view)
        return reply_modals.edit_reply(
            signed(
                opened.suggestion.final_text or opened.suggestion.text, opened.agent, known_in=opened.known_in
            ),
            pressing.metadata(press, round=1, caught=0),
            target=view.customer_name,
            amount=view.remedy_amount if view.send_refunds else "",
            version=1,
            send_label=send_label(view),
            enclosing=files,
        )

    async def refund(
        self, ack: Ack, body: Mapping[str, Any], client: AsyncWebClient, respond: Respond
    ) -> None:
        """Give money back by hand."""
        await self.open_window(ack, body, client, respond, say("Refund"), "refund", self._refund)

    def _refund(self, press: Press, opened: Opened) -> dict[str, Any]:
        book, remedy = opened.book, opened.suggestion.remedy or {}
        amounts = opened.suggestion.reading.get("amounts") or [{}]
        currency = (
            (book.order.currency if book else "") or remedy.get("currency") or amounts[0].get("currency")
        )
        return modals.refund(
            book.order.number if book else "",
            remedy.get("amount_minor") or amounts[0].get("amount_minor"),
            str(currency or "DKK"),
            book.order.paid_minor - book.order.given_back_minor if book else None,
            pressing.metadata(press, currency=str(currency or "DKK")),
        )

    async def follow_up(
        self, ack: Ack, body: Mapping[str, Any], client: AsyncWebClient, respond: Respond
    ) -> None:
        """Set the personal follow-up."""
        title = say("Set follow-up")
        await self.open_window(ack, body, client, respond, title, "follow_up", self._follow_up)

    async def resolve(
        self, ack: Ack, body: Mapping[str, Any], client: AsyncWebClient, respond: Respond
    ) -> None:
        """Call the case solved, and see and approve its follow-up."""
        await self.open_window(ack, body, client, respond, say("Resolve"), "follow_up", self._resolve)

    def _follow_up(self, press: Press, opened: Opened) -> dict[str, Any]:
        return self.follow_up_window(press, opened, resolving=False)

    def _resolve(self, press: Press, opened: Opened) -> dict[str, Any]:
        return self.follow_up_window(press, opened, resolving=True)

    def follow_up_window(self, press: Press, opened: Opened, *, resolving: bool) -> dict[str, Any]:
        planned = opened.suggestion.follow_up or {}
        kind = str(planned.get("kind") or "how_is_it")
        context = {**opened.suggestion.context, "agent": opened.agent}
        subject = text = ""
        if opened.suggestion.context and (planned or not resolving):
            try:
                letter = follow_up_letter(self._parts.house, context, kind, opened.suggestion.language)
                subject, text = letter.subject, letter.text
            except ConfigError:
                # A house template that cannot be rendered leaves the field empty: the agent writes it by hand.
                text = ""
        due = datetime.fromisoformat(planned["due_at"]) if planned else None
        remembered = pressing.metadata(
            press,
            kind=kind,
            subject=subject,
            resolving=resolving,
            compulsory=bool(planned.get("compulsory")),
        )
        return modals.follow_up(
            text,
            due,
            str(planned.get("why") or ""),
            remembered,
            resolving=resolving,
            kind=kind,
            compulsory=bool(planned.get("compulsory")),
        )

    async def dismiss(
        self, ack: Ack, body: Mapping[str, Any], client: AsyncWebClient, respond: Respond
    ) -> None:
        """Put the draft aside."""
        await self.open_window(
            ack,
            body,
            client,
            respond,
            say("Dismiss suggestion"),
            "dismiss",
            lambda press, _: modals.dismiss(pressing.metadata(press)),
        )

    async def more(self, ack: Ack, body: Mapping[str, Any], client: AsyncWebClient, respond: Respond) -> None:
        """What hides behind the dots."""
        chosen = body["actions"][0]["selected_option"]["value"]
        if chosen == "resolve":
            await self.resolve(ack, body, client, respond)
        elif chosen == "correct_intent":
            await self.open_window(
                ack, body, client, respond, say("Correct the reading"), "correct_intent", _intent
            )
        elif chosen == "cancel_follow_up":
            await self._at_once(ack, body, respond, desk.cancel_follow_up)
        elif chosen == "not_a_request":
            await self._at_once(ack, body, respond, desk.not_a_request)

    async def _at_once(
        self,
        ack: Ack,
        body: Mapping[str, Any],
        respond: Respond,
        act: Callable[[Session, Press, datetime], str],
    ) -> None:
        try:
            press = pressing.on_card(body, self._parts)
            await commit(self._parts.engine, act, press, self._parts.clock())
        except Refused as refusal:
            await respond(text=str(refusal), response_type="ephemeral", replace_original=False)
        await ack()
        self._parts.written.set()

    async def use_kinder(self, ack: Ack, body: Mapping[str, Any], client: AsyncWebClient) -> None:
        """Take a kinder sentence: the text in the window changes, what else was typed stays."""
        await ack()
        text = reply_modals.typed_reply(body["view"]["state"]["values"])
        try:
            press, remembered = pressing.on_window(body, self._parts)
            opened = await read(self._parts.engine, open_case, press, self._parts)
        except Refused as refusal:
            told = modals.notice(say("Edit reply"), str(refusal))
            await client.views_update(view_id=body["view"]["id"], view=told)
            return
        found = findings(self._parts, opened.suggestion, text)
        index = int(body["actions"][0]["value"])
        if index < len(found):
            text = rewritten(text, found[index])
        remembered["round"] = int(remembered.get("round", 1)) + 1
        remembered["files"] = chosen(body["view"]["state"]["values"], offered(opened, remembered))
        view = reply_window(self._parts, opened, text, remembered)
        await client.views_update(view_id=body["view"]["id"], hash=body["view"].get("hash"), view=view)

    async def open_window(
        self,
        ack: Ack,
        body: Mapping[str, Any],
        client: AsyncWebClient,
        respond: Respond,
        title: str,
        callback_id: str,
        content: Callable[[Press, Opened], dict[str, Any]],
    ) -> None:
        """A window about the case of a card: at once, and filled when the case has been read."""
        try:
            press = pressing.on_card(body, self._parts)
        except Refused as refusal:
            await pressing.refuse(ack, respond, refusal)
            return
        loading = modals.loading(title, callback_id, pressing.metadata(press))
        opened = await client.views_open(trigger_id=body["trigger_id"], view=loading)
        await ack()
        try:
            await keep_up(self._parts)
            case = await read(self._parts.engine, open_case, press, self._parts)
            view = content(press, case)
        except Refused as refusal:
            view = modals.notice(title, str(refusal))
        await client.views_update(view_id=opened["view"]["id"], view=view)


def _intent(press: Press, opened: Opened) -> dict[str, Any]:
    return modals.correct_intent(opened.view.intent, pressing.metadata(press), opened.view.language)
