"""POST /orders: the shop tells us of orders as they change. Signed, and the same again changes nothing.

Nothing of a body is ever logged or told back: only paths, counts and reasons.
"""

import asyncio
from collections import Counter
from collections.abc import Sequence
from datetime import datetime
from functools import partial

from aiohttp import web
from sqlalchemy.exc import DBAPIError
from sqlmodel import Session

from bot import logs
from bot.handlers.signed_web import (
    NotTaken,
    figures,
    kept,
    keys_of,
    misshapen,
    not_kept,
    refused,
    signed_body,
)
from bot.orders_json import WrongOrders, read_orders_json
from bot.parts import Parts
from storage import audit, signed_posts
from storage.order_batches import keep_many
from storage.order_copies import Outcome
from storage.orders import OrderRecord

log = logs.get(__name__)
PATH = "/orders"
WHAT = "orders"


def routes(parts: Parts) -> list[web.RouteDef]:
    """The one route."""
    return [web.post(PATH, partial(_post, parts))]


async def _post(parts: Parts, request: web.Request) -> web.Response:
    try:
        body = await signed_body(parts, request)
    except NotTaken as error:
        return refused(WHAT, error.status, str(error))
    return await _take(parts, body, keys_of(WHAT, request, body))


async def _take(parts: Parts, body: bytes, keys: Sequence[str]) -> web.Response:
    now = parts.clock()
    try:
        records = await asyncio.to_thread(read_orders_json, body, now)
    except WrongOrders as wrong:
        return misshapen(WHAT, wrong)
    try:
        outcomes = await kept(parts, _keep, records, keys, now)
    except DBAPIError as error:
        return not_kept(WHAT, error, "they cannot be kept just now; send them again")
    counts = figures(Outcome, Counter(outcomes or ()))
    log.info("orders_taken", orders=len(records), repeated=outcomes is None, **counts)
    return web.json_response({"orders": len(records), "repeated": outcomes is None, **counts}, status=202)


def _keep(
    session: Session, records: Sequence[OrderRecord], keys: Sequence[str], now: datetime
) -> list[Outcome] | None:
    """The outcome of each; None when this delivery was taken before."""
    if not signed_posts.take(session, keys, now):
        return None
    # In the order in which it happened, so that the newest of an order that comes twice is what stays.
    outcomes = keep_many(session, sorted(records, key=_told_at), now)
    audit.record(session, "orders_taken", now, **figures(Outcome, Counter(outcomes)))
    return outcomes


def _told_at(record: OrderRecord) -> datetime:
    assert record.updated_at is not None  # the schema requires it
    return record.updated_at
