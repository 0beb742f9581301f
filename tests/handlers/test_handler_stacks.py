"""A stack in Slack: its card, the window of drafts, and what colleagues press there, on the strict sandbox."""

from datetime import datetime, timedelta

import pytest
from case_scenes import Case, Office, _action, text_of

from bot.card_rows import stack_key
from bot.event_outcomes import Outcome
from bot.sandbox.records import Message, User, View
from bot.sandbox.screens import ImpossibleInSlack, elements
from bot.shop_events import Kind, Told
from bot.telling_events import Delivery, tell_all
from storage import orders, outbox
from storage.engine import commit
from storage.orders import Line, Movement, OrderRecord
from storage.tables import Conversation, PaymentKind, Stack

pytestmark = pytest.mark.asyncio(loop_scope="module")


class Shop:
    """The shop tells of a delay; everybody it concerns has an order of their own."""

    def __init__(self, office: Office, key: str) -> None:
        self.office, self.key = office, key
        self.parts = office.stage.running.parts
        self.id = 0

    async def tells(self, *emails: str) -> None:
        now = self.office.stage.clock()
        for email in emails:
            await commit(self.parts.engine, orders.keep, _order(f"{self.key}-{email}", email, now), now)
        told = [
            Told(
                self.key, Kind.DELAY, now - timedelta(hours=1), email=each, order_number=f"{self.key}-{each}"
            )
            for each in emails
        ]
        found = await commit(self.parts.engine, tell_all, self.parts.house, told, Delivery(), now)
        assert set(found) == {Outcome.NEW}
        self.parts.written.set()
        await self.office.stage.idle()
        self.id = (await self.office.rows(Stack))[-1].id or 0

    async def card(self) -> Message:
        posted = await self.office.read(lambda session: outbox.receipt(session, stack_key(self.id)))
        found = self.office.stage.workspace.message(self.office.stage.triage.id, posted["ts"])
        assert found is not None
        return found

    async def window(self, user: User) -> View:
        """Somebody presses Read and Send; the window with its drafts."""
        card = await self.card()
        result = await self.office.people.click(user.id, card.channel_id, card.ts, "stack_open")
        assert result.acknowledged
        return await self._shown(user, "")

    async def _shown(self, user: User, before: str) -> View:
        def there(_: object) -> View | None:
            shown = self.office.people.screen(user.id)
            ready = shown is not None and shown.hash != before and "One moment" not in str(shown.blocks)
            return shown if ready else None

        found = await self.office.stage.slack.wait_for(there)
        assert found is not None
        return found

    async def sends(self, user: User, view: View, *unticked: str) -> View | None:
        """Somebody unticks some by the name on the tick, and sends the rest; what the window shows then."""
        fields: dict[str, dict[str, list[str]]] = {
            each["block_id"]: {_action(each["block_id"]): []}
            for each in view.blocks
            if each["type"] == "input" and any(name in each["label"]["text"] for name in unticked)
        }
        assert len(fields) == len(unticked)
        result = await self.office.people.submit(user.id, view.id, fields)
        assert result.acknowledged
        await self.office.stage.idle()
        shown = self.office.people.screen(user.id)
        if shown is not None and "One moment" in str(shown.blocks):  # many letters on a slow machine
            shown = await self._shown(user, shown.hash)
            await self.office.stage.idle()
        return shown

    def mails_to(self, email: str) -> list[str]:
        return [
            str(each.raw, "utf-8", "replace")
            for each in self.office.stage.mail.mails
            if email in each.recipients
        ]


def _order(number: str, email: str, now: datetime) -> OrderRecord:
    placed_at = now - timedelta(days=2)
    return OrderRecord(
        number=number,
        email=email,
        name="Mette",
        language="da",
        currency="DKK",
        country="DK",
        placed_at=placed_at,
        lines=(Line("item", "Bordlampe", 49_900),),
        movements=(Movement(PaymentKind.CAPTURE, "p1", 49_900, placed_at),),
    )


def ticks(view: View) -> int:
    return sum(each["type"] == "input" for each in view.blocks)


async def test_a_window_shows_each_letter_whole_and_sends_what_stays_ticked(office: Office) -> None:
    shop = Shop(office, "send")
    await shop.tells("s1@example.dk", "s2@example.dk", "s3@example.dk")
    assert "3 drafts" in (await shop.card()).text
    view = await shop.window(office.freja)
    assert ticks(view) == 3
    assert str(view.blocks).count("Venlig hilsen\\nFreja") == 3
    after = await shop.sends(office.freja, view, "s2@example.dk")
    assert after is not None
    assert "2 sent." in str(after.blocks) and "1 draft stays" in str(after.blocks)
    assert [len(shop.mails_to(f"s{number}@example.dk")) for number in (1, 2, 3)] == [1, 0, 1]
    assert "1 to read and send" in str((await shop.card()).blocks)
    office.stage.workspace.views.clear()
    again = await shop.window(office.freja)
    assert ticks(again) == 1


async def test_twenty_five_at_a_time(office: Office) -> None:
    shop = Shop(office, "many")
    await shop.tells(*(f"m{number}@example.dk" for number in range(30)))
    first = await shop.window(office.nils)
    assert ticks(first) == 25
    second = await shop.sends(office.nils, first)
    assert second is not None
    assert (ticks(second), "25 sent." in str(second.blocks)) == (5, True)
    third = await shop.sends(office.nils, second)
    assert third is not None
    assert (ticks(third), "None is left to send." in str(third.blocks)) == (0, True)
    assert all(len(shop.mails_to(f"m{number}@example.dk")) == 1 for number in range(30))
    with pytest.raises(ImpossibleInSlack):
        await shop.window(office.nils)


async def test_two_colleagues_with_the_same_window_open_send_nothing_twice(office: Office) -> None:
    shop = Shop(office, "twice")
    await shop.tells("t1@example.dk", "t2@example.dk")
    mine, theirs = await shop.window(office.freja), await shop.window(office.nils)
    await shop.sends(office.freja, mine, "t2@example.dk")
    after = await shop.sends(office.nils, theirs)
    assert after is not None
    assert "1 sent." in str(after.blocks)
    assert "Not sent to Mette: Freja Holm" in str(after.blocks)
    assert [len(shop.mails_to(f"t{number}@example.dk")) for number in (1, 2)] == [1, 1]


async def test_a_customer_who_has_written_stands_first_with_their_words(office: Office) -> None:
    case: Case = await office.case("Hvornår kommer min pakke? Det er ordre {order}.", captures=(49_900,))
    shop = Shop(office, "wrote")
    await shop.tells("w1@example.dk")
    now = office.stage.clock()
    told = [Told("wrote", Kind.DELAY, now - timedelta(hours=1), email=case.address, order_number=case.order)]
    await commit(shop.parts.engine, tell_all, shop.parts.house, told, Delivery(), now)
    shop.parts.written.set()
    await office.stage.idle()
    assert "1 of them has written already" in (await shop.card()).text
    view = await shop.window(office.freja)
    first = next(each for each in view.blocks if each["type"] == "input")
    assert case.address in first["label"]["text"]
    assert "Hvornår kommer min pakke" in str(view.blocks)
    await shop.sends(office.freja, view)
    assert "senere, end vi har lovet" in text_of(case.mails()[-1])
    assert "Sent by" in str((await case.card()).blocks)


async def test_one_is_taken_out_and_the_window_goes_on_without_it(office: Office) -> None:
    shop = Shop(office, "out")
    await shop.tells("o1@example.dk", "o2@example.dk")
    view = await shop.window(office.freja)
    cases = await office.rows(Conversation, Conversation.answer_to == "o1@example.dk")
    (button,) = [
        element
        for block, element in elements(view.blocks)
        if element.get("action_id") == "stack_take_out" and f":{cases[0].id}:" in block["block_id"]
    ]
    seen = view.hash
    await office.people.click_view(
        office.freja.id, view.id, "stack_take_out", value=button["value"], block_id=f"text:{cases[0].id}:1"
    )
    await office.stage.idle()
    view = await shop._shown(office.freja, seen)
    await office.stage.idle()
    assert ticks(view) == 1
    posted = await office.read(lambda session: outbox.receipt(session, f"card:{cases[0].id}"))
    card = office.stage.workspace.message(office.stage.triage.id, posted["ts"])
    assert card is not None and "The shop told us" in str(card.blocks)


async def test_a_stack_is_put_aside_after_a_second_look(office: Office) -> None:
    shop = Shop(office, "aside")
    await shop.tells("a1@example.dk")
    card = await shop.card()
    result = await office.people.click(office.signe.id, card.channel_id, card.ts, "stack_close")
    assert result.confirm is not None
    await office.stage.idle()
    assert "None is left to send." in (await shop.card()).text
    assert shop.mails_to("a1@example.dk") == []
