"""The customer card: opened from a case or by /tillid customer, its notes, and who is the same person."""

import json
from collections.abc import Awaitable, Callable, Mapping
from datetime import datetime, timedelta
from typing import Any

from slack_sdk.web.async_client import AsyncWebClient
from sqlalchemy import select
from sqlmodel import Session, col

from bot import desk
from bot.cards import modals
from bot.cards.customer import LASTING, TITLE, customer_card
from bot.cards.shapes import Block
from bot.errors import Refused
from bot.handlers import pressing
from bot.parts import Parts
from bot.redrafting import mark_outdated, redraft_asked
from bot.speech import mark, say
from bot.views.customer import customer_view
from storage import customers, persons
from storage.engine import commit, read
from storage.tables import Customer, Order

Ack = Callable[..., Awaitable[Any]]
Respond = Callable[..., Awaitable[Any]]
GONE = mark("This customer is not here any more.")


class Customers:
    """What colleagues do about a person."""

    def __init__(self, parts: Parts) -> None:
        self._parts = parts

    # ---- The window

    async def open(self, ack: Ack, body: Mapping[str, Any], client: AsyncWebClient, respond: Respond) -> None:
        """The button on a case's card."""
        try:
            who = pressing.person(body, self._parts)
        except Refused as refusal:
            await pressing.refuse(ack, respond, refusal)
            return
        await self.show(ack, client, str(body["trigger_id"]), who, int(pressing.pressed(body)["k"]))

    async def show(
        self, ack: Ack, client: AsyncWebClient, trigger_id: str, who: str, customer_id: int
    ) -> None:
        """Open the window, and record who looks before anything is shown."""
        opened = await client.views_open(
            trigger_id=trigger_id, view=modals.loading(say(TITLE), "customer", json.dumps({"k": customer_id}))
        )
        await ack()
        try:
            customer_id = await commit(
                self._parts.engine, desk.view_customer, who, customer_id, self._parts.clock()
            )
            view = await self._card(customer_id)
        except Refused as refusal:
            view = modals.notice(say(TITLE), str(refusal))
        await client.views_update(view_id=opened["view"]["id"], view=view)

    async def _card(self, customer_id: int, trouble: str = "") -> Block:
        view = await read(
            self._parts.engine, customer_view, customer_id, self._parts.house, self._parts.clock()
        )
        if view is None:
            return modals.notice(say(TITLE), say(GONE))
        return customer_card(view, json.dumps({"k": customer_id}), trouble)

    async def save_note(self, ack: Ack, body: Mapping[str, Any]) -> None:
        """A note typed into the window."""
        customer_id = int(json.loads(body["view"]["private_metadata"])["k"])
        picked = pressing.typed(body, "lasts") or {}
        days = int(picked.get("value") or LASTING[0][0])
        try:
            who = pressing.person(body, self._parts)
            await commit(
                self._parts.engine,
                desk.add_note,
                who,
                customer_id,
                str(pressing.typed(body, "note") or ""),
                timedelta(days=days),
                self._parts.clock(),
            )
            view = await self._card(customer_id)
        except Refused as refusal:
            await ack(response_action="errors", errors={"note": str(refusal)})
            return
        await ack(response_action="update", view=view)

    async def remove_note(self, ack: Ack, body: Mapping[str, Any], client: AsyncWebClient) -> None:
        """A note's button in the window."""
        await ack()
        ids, trouble = pressing.pressed(body), ""
        try:
            who = pressing.person(body, self._parts)
            await commit(
                self._parts.engine, desk.remove_note, who, int(ids["k"]), int(ids["n"]), self._parts.clock()
            )
        except Refused as refusal:
            trouble = str(refusal)
        await self._renew(client, body, int(ids["k"]), trouble)

    async def _renew(
        self, client: AsyncWebClient, body: Mapping[str, Any], customer_id: int, trouble: str
    ) -> None:
        try:
            # Whoever is no colleague (any more) reads nothing new in a window that stood open.
            await read(self._parts.engine, desk.acting, pressing.person(body, self._parts))
            view = await self._card(customer_id, trouble)
        except Refused as refusal:
            view = modals.notice(say(TITLE), str(refusal))
        await client.views_update(view_id=body["view"]["id"], hash=body["view"].get("hash"), view=view)

    # ---- Who is who

    async def same(self, ack: Ack, body: Mapping[str, Any], client: AsyncWebClient, respond: Respond) -> None:
        """Two are one."""
        await self._settle(ack, body, client, respond, desk.same_person)

    async def other(
        self, ack: Ack, body: Mapping[str, Any], client: AsyncWebClient, respond: Respond
    ) -> None:
        """Two are two."""
        await self._settle(ack, body, client, respond, desk.somebody_else)

    async def part(self, ack: Ack, body: Mapping[str, Any], client: AsyncWebClient, respond: Respond) -> None:
        """Two who were joined are two again."""
        await self._settle(ack, body, client, respond, desk.part)

    async def _settle(
        self,
        ack: Ack,
        body: Mapping[str, Any],
        client: AsyncWebClient,
        respond: Respond,
        decide: Callable[..., Any],
    ) -> None:
        ids, trouble = pressing.pressed(body), ""
        cases: list[int] = []
        try:
            who = pressing.person(body, self._parts)
            # Other facts are known now. A reply that is on its way is not drafted again.
            there = int(ids["c"]) if decide is desk.same_person and not body.get("view") else None
            now = self._parts.clock()
            cases = await commit(self._parts.engine, settled, decide, who, int(ids["j"]), there, now)
        except Refused as refusal:
            trouble = str(refusal)
        await ack()
        if body.get("view"):
            shown = int(json.loads(body["view"]["private_metadata"])["k"])
            await self._renew(client, body, await read(self._parts.engine, _now_known_as, shown), trouble)
        elif trouble:
            await respond(text=trouble, response_type="ephemeral", replace_original=False)
        await redraft_asked(self._parts, cases)
        self._parts.written.set()

    async def confirm(self, ack: Ack, body: Mapping[str, Any], respond: Respond) -> None:
        """A colleague knows who writes: the draft is made anew with the facts."""
        try:
            ids = pressing.pressed(body)
            press = desk.Press(pressing.person(body, self._parts), int(ids["c"]), int(ids["v"]))
            await commit(self._parts.engine, desk.confirm_person, press, self._parts.clock())
            await redraft_asked(self._parts, (press.conversation_id,))
        except Refused as refusal:
            await pressing.refuse(ack, respond, refusal)
            return
        await ack()
        self._parts.written.set()


def settled(
    session: Session, decide: Callable[..., Any], who: str, join_id: int, there: int | None, now: datetime
) -> list[int]:
    """Settle it; the cases whose drafts it puts out of date, with that one where it has a draft."""
    decide(session, who, join_id, now)
    return mark_outdated(session, join_id, there, now)


def _now_known_as(session: Session, customer_id: int) -> int:
    """After a joining the window goes on with the one who was kept."""
    customer = session.get(Customer, customer_id)
    return (customers.kept(session, customer).id if customer else None) or customer_id


def the_customer(session: Session, who: str) -> int:
    """The one customer that an address, a number or an order means. Raises Refused where none or several are meant."""
    if not who:
        raise Refused(
            say("Say who: /tillid customer mette@example.dk, or a phone number, or an order's number.")
        )
    number = who.removeprefix("#")
    here = select(col(Order.customer_id)).where(col(Order.number) == number)
    by_order = session.execute(here).scalar()
    found = [by_order] if by_order else persons.find(session, number)
    if not found:
        raise Refused(
            say("No customer is known by that. Give an address, a phone number or an order's number.")
        )
    if len(found) > 1:
        raise Refused(
            say("That means {number} customers. Give an address or an order's number.", number=len(found))
        )
    return found[0]
