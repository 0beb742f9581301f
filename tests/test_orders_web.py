"""POST /orders on a real port: signed, once, in whatever order it comes; and nothing of it in the log."""

import asyncio
import io
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace
from datetime import timedelta
from importlib.resources import files
from typing import Any

import aiohttp
import pytest
from builders import MINUTE, NOW
from scenes import house
from serving import serving
from sqlalchemy import Engine, func, select
from sqlmodel import col

from bot.handlers.signed_web import MOST_BYTES
from bot.handlers.web import application
from bot.orders_json import MOST_ORDERS, WrongOrders, read_orders_json, schema
from bot.parts import Parts, Places
from bot.signatures import SIGNATURE, TIMESTAMP, signature
from storage.engine import reading, transaction
from storage.tables import AuditEvent, Order, SignedPost

SECRET = "a-secret-of-the-shop-and-of-nobody-else"


def order(number: str = "10432", **fields: Any) -> dict[str, Any]:
    """One order as the shop posts it."""
    return {
        "number": number,
        "email": "Mette@Example.dk",
        "name": "Mette Hansen",
        "language": "da",
        "currency": "DKK",
        "country": "DK",
        "placed_at": "2026-02-27T19:12:00+01:00",
        "updated_at": NOW.isoformat(),
        "lines": [
            {"name": "Bordlampe", "amount_minor": 45_000},
            {"kind": "shipping", "name": "Fragt", "amount_minor": 4_900},
        ],
        "payments": [
            {"kind": "capture", "reference": "p1", "amount_minor": 49_900, "at": "2026-02-27T19:13:00+01:00"}
        ],
        "shipments": [{"carrier": "PostNord", "tracking": "PN1", "status": "sent"}],
    } | fields


class Shop:
    """Somebody who posts orders to the running program."""

    def __init__(self, engine: Engine, port: int) -> None:
        self.engine = engine
        self.url = f"http://127.0.0.1:{port}/orders"

    async def post(
        self, said: object, *, secret: str = SECRET, at: Any = NOW, **headers: str
    ) -> tuple[int, dict[str, Any]]:
        body = said if isinstance(said, bytes) else json.dumps(said).encode()
        stamp = str(int(at.timestamp()))
        signed = {TIMESTAMP: stamp, SIGNATURE: signature(secret, stamp, body)} | headers
        return await self.post_raw(body, {name: value for name, value in signed.items() if value})

    async def post_raw(self, body: bytes, headers: dict[str, str]) -> tuple[int, dict[str, Any]]:
        async with (
            aiohttp.ClientSession() as session,
            session.post(self.url, data=io.BytesIO(body), headers=headers) as answer,
        ):
            return answer.status, await answer.json()

    def paid(self) -> dict[str, int]:
        with reading(self.engine) as session:
            return {
                row[0]: row[1] for row in session.execute(select(col(Order.number), col(Order.paid_minor)))
            }


@asynccontextmanager
async def shop_of(engine: Engine, secret: str) -> AsyncIterator[Shop]:
    parts = Parts(engine, lambda: NOW, house(), Places(), orders_secret=secret)
    async with serving(application(lambda: NOW, lambda: NOW, parts)) as port:
        yield Shop(engine, port)


@pytest.fixture
async def shop(engine: Engine) -> AsyncIterator[Shop]:
    async with shop_of(engine, SECRET) as opened:
        yield opened


@pytest.fixture
async def closed_shop(engine: Engine) -> AsyncIterator[Shop]:
    async with shop_of(engine, "") as closed:
        yield closed


async def test_one_order_and_a_list_are_taken_and_counted(shop: Shop) -> None:
    status, said = await shop.post(order())
    assert (status, said["orders"], said["new"], said["repeated"]) == (202, 1, 1, False)
    status, said = await shop.post([order(), order("2")])
    assert (status, said["orders"], said["new"], said["same"]) == (202, 2, 1, 1)
    assert shop.paid() == {"10432": 49_900, "2": 49_900}


async def test_a_delivery_that_comes_again_changes_nothing(shop: Shop) -> None:
    await shop.post(order())
    later = order(updated_at=(NOW + MINUTE).isoformat(), payments=[])
    assert (await shop.post(later, **{"Idempotency-Key": "k1"}))[1]["changed"] == 1
    assert shop.paid() == {"10432": 0}
    assert (await shop.post(order()))[1]["repeated"] is True  # the same body
    other = order("3")
    assert (await shop.post(other, **{"Idempotency-Key": "k1"}))[1]["repeated"] is True  # the same key
    assert shop.paid() == {"10432": 0}


async def test_deliveries_out_of_order_end_with_the_newest(shop: Shop) -> None:
    newer = order(updated_at=NOW.isoformat(), lines=[])
    older = order(updated_at=(NOW - MINUTE).isoformat(), payments=[])
    await shop.post(newer)
    status, said = await shop.post(older)
    assert (status, said["older"]) == (202, 1)
    assert shop.paid() == {"10432": 49_900}
    status, said = await shop.post(
        [
            order("5", updated_at=NOW.isoformat()),
            order("5", updated_at=(NOW - MINUTE).isoformat(), payments=[]),
        ]
    )
    assert status == 202
    assert shop.paid()["5"] == 49_900


async def test_many_at_once_with_the_same_customer_and_orders_are_all_taken(shop: Shop) -> None:
    bodies = [
        [order(str(number), updated_at=(NOW + timedelta(seconds=turn)).isoformat()) for number in range(5)]
        for turn in range(6)
    ]
    answers = await asyncio.gather(*(shop.post(each) for each in bodies))
    assert [status for status, _ in answers] == [202] * 6
    assert len(shop.paid()) == 5


@pytest.mark.parametrize(
    ("headers", "at", "secret"),
    [
        ({SIGNATURE: ""}, NOW, SECRET),
        ({TIMESTAMP: ""}, NOW, SECRET),
        ({}, NOW, "another secret"),
        ({SIGNATURE: "sha256=é"}, NOW, SECRET),
        ({}, NOW - timedelta(minutes=6), SECRET),
        ({}, NOW + timedelta(minutes=6), SECRET),
        ({TIMESTAMP: "1" * 400}, NOW, SECRET),
        ({TIMESTAMP: "٣"}, NOW, SECRET),
    ],
)
async def test_unsigned_wrongly_signed_and_old_deliveries_are_refused(
    shop: Shop, headers: dict[str, str], at: Any, secret: str
) -> None:
    status, said = await shop.post(order(), at=at, secret=secret, **headers)
    assert (status, "error" in said) == (401, True)
    assert shop.paid() == {}


async def test_a_signature_is_for_its_body_and_its_time(shop: Shop) -> None:
    body, stamp = json.dumps(order()).encode(), str(int(NOW.timestamp()))
    signed = signature(SECRET, stamp, body)
    assert (await shop.post_raw(body + b" ", {TIMESTAMP: stamp, SIGNATURE: signed}))[0] == 401
    assert (await shop.post_raw(body, {TIMESTAMP: str(int(stamp) + 1), SIGNATURE: signed}))[0] == 401
    assert (await shop.post_raw(body, {TIMESTAMP: stamp, SIGNATURE: signed}))[0] == 202


@pytest.mark.parametrize(
    ("said", "path"),
    [
        (b"{", "$"),
        (b"null", "$"),
        (b"\xff", "$"),
        (order(currency="kroner"), "$.currency"),
        (order(placed_at="2026-02-27"), "$.placed_at"),
        (order(placed_at="2026-02-27T10:00:00"), "$.placed_at"),
        (order(payment=[]), "$.payment"),
        (order(updated_at=(NOW + timedelta(hours=1)).isoformat()), "$.updated_at"),
        ([order(), order("2", lines=[{"name": "x", "amount_minor": "499"}])], "$[1].lines[0].amount_minor"),
        ([order(), order("2", lines=[{"name": "x", "amount_minor": -1}])], "$[1].lines[0].amount_minor"),
        (order(name="nul\0"), "$.name"),
        (order(payments=order()["payments"] * 2), "$"),
        ([order()] * (MOST_ORDERS + 1), "$"),
    ],
)
async def test_what_is_not_by_the_schema_is_refused_whole_with_its_path(
    shop: Shop, said: object, path: str
) -> None:
    status, told = await shop.post(said)
    assert (status, told["faults"][0]["path"]) == (400, path)
    assert shop.paid() == {}
    # A refused delivery was not taken: the same one is looked at again.
    assert (await shop.post(said))[0] == 400


async def test_more_than_five_megabytes_is_refused_also_when_nobody_said_so_before(shop: Shop) -> None:
    assert (await shop.post(b" " * (MOST_BYTES + 1)))[0] == 413

    async def pieces() -> AsyncIterator[bytes]:
        for _ in range(6):
            yield b" " * 1_000_000

    stamp = str(int(NOW.timestamp()))
    headers = {TIMESTAMP: stamp, SIGNATURE: "sha256=0"}
    async with (
        aiohttp.ClientSession() as session,
        session.post(shop.url, data=pieces(), headers=headers) as answer,
    ):
        assert answer.status == 413


async def test_without_a_secret_nothing_is_taken(closed_shop: Shop) -> None:
    assert (await closed_shop.post(order(), secret=""))[0] == 503
    assert closed_shop.paid() == {}


async def test_what_was_taken_is_on_record_without_names(
    shop: Shop, capfd: pytest.CaptureFixture[str]
) -> None:
    await shop.post(order(), **{"Idempotency-Key": "mette@example.dk"})
    await shop.post(order(currency="Mette"))
    with reading(shop.engine) as session:
        (event,) = session.execute(select(AuditEvent)).scalars().all()
        assert (event.action, event.details["new"]) == ("orders_taken", 1)
        keys = session.execute(select(col(SignedPost.key))).scalars().all()
        assert len(keys) == 2
    shown = "".join(capfd.readouterr()) + str(keys) + str(event.details)
    assert "ette" not in shown and "10432" not in shown


async def test_a_customer_who_is_here_already_is_the_same_one(shop: Shop) -> None:
    await shop.post([order("1"), order("2", email="METTE@example.DK")])
    with transaction(shop.engine) as session:
        assert session.execute(select(func.count(func.distinct(col(Order.customer_id))))).scalar_one() == 1


def test_the_schema_that_is_handed_out_is_the_one_that_is_checked() -> None:
    shipped = (files("bot") / "orders.schema.json").read_text(encoding="utf-8")
    assert json.loads(shipped) == schema()


def test_a_fault_never_repeats_what_came() -> None:
    with pytest.raises(WrongOrders) as wrong:
        read_orders_json(json.dumps(order(email="mette at example.dk", currency="hemmelig")).encode(), NOW)
    assert "mette" not in str(wrong.value) and "hemmelig" not in str(wrong.value)
    (record,) = read_orders_json(json.dumps(order()).encode(), NOW)
    assert replace(record, updated_at=None).name == "Mette"
