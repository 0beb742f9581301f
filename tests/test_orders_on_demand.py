"""Orders that we do not know are asked for when a message comes in; a shop that is silent costs a hint and no more."""

import asyncio
import json
from collections.abc import AsyncIterator
from dataclasses import replace
from typing import Any

import pytest
from aiohttp import web
from scenes import BROKEN, MORNING, TWICE, Scene, keep_order, mail, order
from serving import serving
from test_orders_web import order as posted

from bot.orders_on_demand import NOT_ANSWERED, find_orders
from bot.outbound.orders import OrderService, OrdersUnavailable
from bot.signatures import SIGNATURE, TIMESTAMP, is_signed
from storage.tables import Order

SECRET = "a-secret-of-the-shop-and-of-nobody-else"


class Shop:
    """The shop's order service."""

    def __init__(self) -> None:
        self.url = ""
        self.questions: list[dict[str, str]] = []
        self.signed: list[bool] = []
        #: What it answers, by what was asked; else nothing is known.
        self.orders: dict[str, list[dict[str, Any]]] = {}
        #: The next answers: a status, or seconds of silence.
        self.troubles: list[int | float] = []
        self.body: bytes | None = None
        self.asked = asyncio.Event()

    async def answer(self, request: web.Request) -> web.Response:
        self.questions.append(dict(request.query))
        self.asked.set()
        stamp, given = request.headers.get(TIMESTAMP, ""), request.headers.get(SIGNATURE, "")
        self.signed.append(is_signed(SECRET, stamp, request.rel_url.raw_query_string.encode(), given))
        trouble = self.troubles.pop(0) if self.troubles else 200
        if isinstance(trouble, float):
            await asyncio.sleep(trouble)
        elif trouble != 200:
            return web.Response(status=trouble)
        said = self.orders.get(next(iter(request.query.values())), [])
        return web.Response(body=self.body if self.body is not None else json.dumps(said).encode())


@pytest.fixture
async def shop() -> AsyncIterator[Shop]:
    made = Shop()
    app = web.Application()
    app.router.add_get("/orders", made.answer)
    async with serving(app, shutdown_timeout=0.1) as port:
        made.url = f"http://127.0.0.1:{port}/orders"
        yield made


@pytest.fixture
def asking(scene: Scene, shop: Shop) -> Scene:
    """A scene that asks the shop."""
    parts = scene.parts
    finder = find_orders(shop.url, SECRET, parts.engine, parts.clock, parts.house)
    scene.parts = replace(parts, find_orders=finder)
    return scene


def charged_twice() -> dict[str, Any]:
    captures = [
        {"kind": "capture", "reference": f"c{number}", "amount_minor": 49_900, "at": "2026-02-27T10:00:00Z"}
        for number in (1, 2)
    ]
    return posted("10432", payments=captures, updated_at=MORNING.isoformat())


async def test_a_senders_orders_are_there_before_their_first_message_is_answered(
    asking: Scene, shop: Shop
) -> None:
    shop.orders["mette@example.dk"] = [charged_twice()]
    await asking.receive(mail(TWICE))
    assert shop.questions == [{"email": "mette@example.dk"}]
    assert shop.signed == [True]
    card = asking.card()
    assert card.remedy is not None and card.remedy["known"] is True
    assert NOT_ANSWERED not in card.hints


async def test_who_has_orders_is_not_asked_for_again_unless_the_number_is_unknown(
    asking: Scene, shop: Shop
) -> None:
    asking.do(keep_order, order())
    await asking.receive(mail(TWICE))
    assert shop.questions == []
    await asking.receive(mail("Hvor er min pakke? Ordre 20555.", subject="Pakke"))
    assert shop.questions == [{"number": "20555"}]


async def test_an_order_found_by_its_number_shows_nothing_to_who_is_not_on_it(
    asking: Scene, shop: Shop
) -> None:
    shop.orders["10432"] = [charged_twice()]
    await asking.receive(mail(TWICE, sender="Ole <ole@example.dk>"))
    assert shop.questions == [{"email": "ole@example.dk"}, {"number": "10432"}]
    assert [each.number for each in asking.rows(Order)] == ["10432"]
    card = asking.card()
    assert card.remedy is None or card.remedy["known"] is False


async def test_the_same_question_is_not_asked_twice_within_minutes(asking: Scene, shop: Shop) -> None:
    await asking.receive(mail(BROKEN))
    await asking.receive(mail("Har I set min mail?", subject="Igen"))
    assert [each for each in shop.questions if "email" in each] == [{"email": "mette@example.dk"}]
    asking.pass_time(minutes=6)
    await asking.receive(mail("Nu?", subject="Endnu en gang"))
    assert len([each for each in shop.questions if "email" in each]) == 2


@pytest.mark.parametrize("body", [b"<html>", b'[{"number": "1"}]', b"\xff"])
async def test_an_answer_nobody_can_read_leaves_a_card_that_says_so(
    asking: Scene, shop: Shop, body: bytes
) -> None:
    shop.body = body
    await asking.receive(mail(BROKEN))
    assert asking.card().hints[0] == NOT_ANSWERED
    assert asking.card().text


async def test_a_shop_that_is_not_there_leaves_a_card_that_says_so(asking: Scene, shop: Shop) -> None:
    shop.troubles = [503, 503]
    await asking.receive(mail(BROKEN))
    assert asking.card().hints[0] == NOT_ANSWERED
    assert len(shop.questions) == 2  # one retry


async def test_a_stumble_is_tried_once_more(asking: Scene, shop: Shop) -> None:
    shop.orders["mette@example.dk"] = [charged_twice()]
    shop.troubles = [502]
    await asking.receive(mail(TWICE))
    assert NOT_ANSWERED not in asking.card().hints


async def test_nobody_waits_longer_than_the_deadline_and_a_failing_shop_is_left_alone_for_a_minute(
    scene: Scene, shop: Shop
) -> None:
    service = OrderService(shop.url, "", scene.parts.clock, deadline=0.2)
    shop.troubles = [5.0, 5.0, 5.0]
    for _ in range(3):
        with pytest.raises(OrdersUnavailable, match="TimeoutError"):
            await service.ask("email", "mette@example.dk")
    with pytest.raises(OrdersUnavailable, match="left alone"):
        await service.ask("email", "mette@example.dk")
    assert len(shop.questions) == 3
    scene.pass_time(seconds=61)
    assert await service.ask("email", "mette@example.dk") == b"[]"


async def test_what_is_asked_is_signed_letter_for_letter(scene: Scene, shop: Shop) -> None:
    service = OrderService(f"{shop.url}?shop=dk", SECRET, scene.parts.clock)
    await service.ask("email", "a+b&c=æ@example.dk")
    assert shop.questions == [{"shop": "dk", "email": "a+b&c=æ@example.dk"}]
    assert shop.signed == [True]


@pytest.mark.parametrize("status", [301, 401, 403])
async def test_a_redirect_or_a_refusal_is_not_followed_and_not_tried_again(
    scene: Scene, shop: Shop, status: int
) -> None:
    shop.troubles = [status]
    with pytest.raises(OrdersUnavailable):
        await OrderService(shop.url, SECRET, scene.parts.clock).ask("number", "1")
    assert len(shop.questions) == 1


async def test_no_transaction_is_open_while_the_shop_thinks(asking: Scene, shop: Shop) -> None:
    shop.troubles = [0.3]
    seen: list[int] = []

    async def look() -> None:
        await shop.asked.wait()
        seen.append(asking.parts.engine.pool.checkedout())  # type: ignore[attr-defined]  # the pool in use has it

    await asyncio.gather(asking.receive(mail(BROKEN)), look())
    assert seen == [0]
