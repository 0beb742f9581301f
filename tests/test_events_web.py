"""POST /events on a real port: signed, once, unknown people named by their place, and nothing of it in the log."""

import asyncio
import json
from collections.abc import AsyncIterator
from datetime import timedelta
from importlib.resources import files
from typing import Any

import aiohttp
import pytest
from builders import MINUTE, NOW, order_record
from scenes import house
from serving import serving
from sqlalchemy import Engine, select

from bot.events_json import MOST_CONCERNED, read_event_json, schema
from bot.handlers.web import application
from bot.orders_json import WrongOrders
from bot.parts import Parts, Places
from bot.signatures import SIGNATURE, TIMESTAMP, signature
from storage import orders
from storage.engine import reading, transaction
from storage.tables import AuditEvent, OutboxItem, ShopEvent, Stack, Suggestion

SECRET = "a-secret-of-the-shop-and-of-nobody-else"


def delay(**fields: Any) -> dict[str, Any]:
    """One event as the shop posts it, about Mette's order."""
    return {
        "key": "delay-1",
        "kind": "delay",
        "happened_at": (NOW - timedelta(hours=1)).isoformat(),
        "new_date": "2026-03-10",
        "concerned": [{"order_number": "10432"}],
    } | fields


class Shop:
    """Somebody who posts events to the running program."""

    def __init__(self, engine: Engine, port: int) -> None:
        self.engine = engine
        self.url = f"http://127.0.0.1:{port}/events"

    async def post(self, said: object, *, secret: str = SECRET, **headers: str) -> tuple[int, dict[str, Any]]:
        body = said if isinstance(said, bytes) else json.dumps(said).encode()
        stamp = str(int(NOW.timestamp()))
        signed = {TIMESTAMP: stamp, SIGNATURE: signature(secret, stamp, body)} | headers
        sent = {name: value for name, value in signed.items() if value}
        async with aiohttp.ClientSession() as session, session.post(self.url, data=body, headers=sent) as got:
            return got.status, await got.json()

    def rows(self, table: Any) -> list[Any]:
        with reading(self.engine) as session:
            return list(session.execute(select(table).order_by(table.id)).scalars())


@pytest.fixture
async def shop(engine: Engine) -> AsyncIterator[Shop]:
    with transaction(engine) as session:
        orders.keep(session, order_record(parcels=()), NOW)
        orders.keep(session, order_record(number="2", email="nils@example.dk", parcels=()), NOW)
    parts = Parts(engine, lambda: NOW, house(), Places(), orders_secret=SECRET)
    async with serving(application(lambda: NOW, lambda: NOW, parts)) as port:
        yield Shop(engine, port)


async def test_one_event_makes_drafts_and_names_the_place_of_whoever_is_unknown(shop: Shop) -> None:
    concerned = [{"order_number": "10432"}, {"email": "nobody@example.dk"}, {"email": "NILS@example.dk"}]
    status, said = await shop.post(delay(concerned=concerned))
    assert (status, said["concerned"], said["new"], said["unknown"], said["repeated"]) == (
        202,
        3,
        2,
        1,
        False,
    )
    assert [each["path"] for each in said["without_draft"]] == ["$.concerned[1]"]
    assert len(shop.rows(Suggestion)) == 2
    assert [each.kind for each in shop.rows(OutboxItem)] == ["stack"]  # nothing goes to a customer


async def test_a_delivery_that_comes_again_changes_nothing(shop: Shop) -> None:
    await shop.post(delay(), **{"Idempotency-Key": "k1"})
    assert (await shop.post(delay()))[1]["repeated"] is True
    other = delay(key="delay-2")
    assert (await shop.post(other, **{"Idempotency-Key": "k1"}))[1]["repeated"] is True
    assert len(shop.rows(ShopEvent)) == 1


async def test_a_newer_delivery_makes_the_draft_anew_and_an_older_one_is_left(shop: Shop) -> None:
    await shop.post(delay(updated_at=(NOW - 2 * MINUTE).isoformat()))
    status, said = await shop.post(delay(new_date="2026-03-12", updated_at=(NOW - MINUTE).isoformat()))
    assert (status, said["changed"]) == (202, 1)
    late = delay(new_date="2026-03-11", updated_at=(NOW - 3 * MINUTE).isoformat())
    assert (await shop.post(late))[1]["older"] == 1
    assert "12. marts" in shop.rows(Suggestion)[-1].text
    assert len(shop.rows(Stack)) == 1


@pytest.mark.parametrize(
    ("headers", "secret"),
    [
        ({SIGNATURE: ""}, SECRET),
        ({TIMESTAMP: ""}, SECRET),
        ({}, "another secret"),
        ({TIMESTAMP: "1"}, SECRET),
    ],
)
async def test_unsigned_wrongly_signed_and_old_deliveries_are_refused(
    shop: Shop, headers: dict[str, str], secret: str
) -> None:
    status, said = await shop.post(delay(), secret=secret, **headers)
    assert (status, "error" in said) == (401, True)
    assert shop.rows(ShopEvent) == []


@pytest.mark.parametrize(
    ("said", "path"),
    [
        (b"{", "$"),
        (b"\xff", "$"),
        (delay(kind="strike"), "$.kind"),
        (delay(happened_at="2026-03-01"), "$.happened_at"),
        (delay(happened_at=(NOW + timedelta(hours=1)).isoformat()), "$.happened_at"),
        (delay(new_date="10.3.2026"), "$.new_date"),
        (delay(new_date="2026-02-30"), "$.new_date"),
        (delay(new_date="2025-03-10"), "$.concerned[0]"),
        (delay(concerned=[]), "$.concerned"),
        (delay(concerned=[{"order_number": "1"}] * (MOST_CONCERNED + 1)), "$.concerned"),
        (delay(concerned=[{"order_number": "10432"}, {}]), "$.concerned[1]"),
        (delay(concerned=[{"email": "mette at example.dk"}]), "$.concerned[0].email"),
        (delay(concerned=[{"order_number": "10432", "name": "Mette"}]), "$.concerned[0].name"),
        (delay(amount_minor=100, currency="DKK"), "$.concerned[0]"),
        (delay(kind="outage", new_date=None), "$.concerned[0]"),
        (delay(reason="see https://example.dk"), "$.concerned[0]"),
        (delay(reason="x" * 201), "$.reason"),
        (delay(kind="bill", new_date=None, amount_minor="349", currency="DKK"), "$.amount_minor"),
    ],
)
async def test_what_is_not_by_the_schema_is_refused_whole_with_its_path(
    shop: Shop, said: object, path: str
) -> None:
    status, told = await shop.post(said)
    assert (status, told["faults"][0]["path"]) == (400, path)
    assert shop.rows(ShopEvent) == []


async def test_many_at_once_about_the_same_people_make_one_draft_each(shop: Shop) -> None:
    both = [{"order_number": "10432"}, {"order_number": "2"}]
    bodies = [
        delay(concerned=both if turn % 2 else both[::-1], new_date=f"2026-03-1{turn}") for turn in range(5)
    ]
    answers = await asyncio.gather(*(shop.post(each) for each in bodies))
    assert {status for status, _ in answers} <= {202, 503}
    assert len(shop.rows(ShopEvent)) == 2
    live = [each for each in shop.rows(Suggestion) if each.state == "new"]
    assert len(live) == 2


async def test_what_was_taken_is_on_record_without_names(
    shop: Shop, capfd: pytest.CaptureFixture[str]
) -> None:
    await shop.post(delay(concerned=[{"email": "mette@example.dk"}]))
    await shop.post(delay(concerned=[{"email": "mette"}]))
    taken = [each for each in shop.rows(AuditEvent) if each.action == "events_taken"]
    assert taken[0].details["new"] == 1
    assert "mette" not in "".join(capfd.readouterr())


def test_details_of_one_customer_count_before_those_of_the_event() -> None:
    bill = delay(
        kind="bill",
        new_date=None,
        currency="DKK",
        amount_minor=100,
        concerned=[{"email": "a@example.dk"}, {"email": "b@example.dk", "amount_minor": 200}],
    )
    told = read_event_json(json.dumps(bill).encode(), NOW)
    assert [each.details["amount_minor"] for each in told] == [100, 200]


def test_a_fault_never_repeats_what_came() -> None:
    secret = delay(kind="outage", new_date=None, what="Mette Hansen https://example.dk")
    with pytest.raises(WrongOrders) as wrong:
        read_event_json(json.dumps(secret).encode(), NOW)
    assert "Mette" not in str(wrong.value)


def test_the_schema_that_is_handed_out_is_the_one_that_is_checked() -> None:
    shipped = (files("bot") / "events.schema.json").read_text(encoding="utf-8")
    assert json.loads(shipped) == schema()
