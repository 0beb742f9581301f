"""POST /orders: the shop tells us of orders as they change. Signed, and the same again changes nothing.

Nothing of a body is ever logged or told back: only paths, counts and reasons.
"""

import asyncio
import hashlib
from collections import Counter
from collections.abc import Sequence
from datetime import datetime
from functools import partial
from typing import Any

from aiohttp import web
from sqlalchemy.exc import DBAPIError, IntegrityError, OperationalError
from sqlmodel import Session

from bot import logs
from bot.orders_json import WrongOrders, read_orders_json
from bot.parts import Parts
from bot.signatures import SIGNATURE, TIMESTAMP, is_fresh, is_signed
from storage import audit, signed_posts
from storage.engine import commit
from storage.order_batches import keep_many
from storage.order_copies import Outcome
from storage.orders import OrderRecord

log = logs.get(__name__)
PATH = "/orders"
MOST_BYTES = 5_000_000
#: Seconds in which a body must have come.
PATIENCE = 30.0
LONGEST_KEY = 255
TRIES = 4


def routes(parts: Parts) -> list[web.RouteDef]:
    """The one route."""
    return [web.post(PATH, partial(_post, parts))]


async def _post(parts: Parts, request: web.Request) -> web.Response:
    if not parts.orders_secret:
        return _refused(503, "TILLID_ORDERS_SECRET is not set here")
    timestamp, given = request.headers.get(TIMESTAMP, ""), request.headers.get(SIGNATURE, "")
    if not (timestamp and given):
        return _refused(401, f"{SIGNATURE} and {TIMESTAMP} are needed")
    if not is_fresh(timestamp, parts.clock()):
        return _refused(401, f"{TIMESTAMP} is not of the last five minutes, in whole seconds")
    key = request.headers.get("Idempotency-Key", "")
    if len(key) > LONGEST_KEY:
        return _refused(400, f"Idempotency-Key has more than {LONGEST_KEY} characters")
    try:
        body = await _body(request)
    except TimeoutError:
        return _refused(408, "the body did not come in time")
    if body is None:
        return _refused(413, f"the body is larger than {MOST_BYTES} bytes; send fewer orders at once")
    if not is_signed(parts.orders_secret, timestamp, body, given):
        return _refused(401, f"{SIGNATURE} is not that of this body and {TIMESTAMP}")
    return await _take(parts, body, key)


async def _body(request: web.Request) -> bytes | None:
    """All of it; None when there is too much."""
    if (request.content_length or 0) > MOST_BYTES:
        return None
    body = bytearray()
    async with asyncio.timeout(PATIENCE):
        async for piece in request.content.iter_any():
            body += piece
            if len(body) > MOST_BYTES:
                return None
    return bytes(body)


async def _take(parts: Parts, body: bytes, key: str) -> web.Response:
    now = parts.clock()
    try:
        records = await asyncio.to_thread(read_orders_json, body, now)
    except WrongOrders as wrong:
        log.warning("orders_refused", status=400, faults=len(wrong.faults))
        faults = [{"path": path, "reason": reason} for path, reason in wrong.faults]
        return web.json_response({"error": "not by the schema", "faults": faults}, status=400)
    try:
        outcomes = await _kept(parts, records, _keys(body, key), now)
    except DBAPIError as error:
        log.error("orders_not_kept", error=type(error).__name__)
        return _refused(503, "they cannot be kept just now; send them again")
    counts = Counter(outcomes or ())
    log.info("orders_taken", orders=len(records), repeated=outcomes is None, **_shown(counts))
    return web.json_response(
        {"orders": len(records), "repeated": outcomes is None, **_shown(counts)}, status=202
    )


def _keys(body: bytes, key: str) -> list[str]:
    named = (
        [f"orders:key:{hashlib.sha256(key.encode('utf-8', 'surrogateescape')).hexdigest()}"] if key else []
    )
    return [*named, f"orders:body:{hashlib.sha256(body).hexdigest()}"]


async def _kept(
    parts: Parts, records: Sequence[OrderRecord], keys: Sequence[str], now: datetime
) -> list[Outcome] | None:
    for attempt in range(1, TRIES + 1):
        try:
            return await commit(parts.engine, _keep, records, keys, now)
        except (IntegrityError, OperationalError):
            # The same order or customer was stored by somebody else at this moment, or the database was held.
            if attempt == TRIES:
                raise
            await asyncio.sleep(0.05 * attempt)
    raise AssertionError  # the last attempt returns or raises


def _keep(
    session: Session, records: Sequence[OrderRecord], keys: Sequence[str], now: datetime
) -> list[Outcome] | None:
    """The outcome of each; None when this delivery was taken before."""
    if not signed_posts.take(session, keys, now):
        return None
    # In the order in which it happened, so that the newest of an order that comes twice is what stays.
    outcomes = keep_many(session, sorted(records, key=_told_at), now)
    audit.record(session, "orders_taken", now, **_shown(Counter(outcomes)))
    return outcomes


def _told_at(record: OrderRecord) -> datetime:
    assert record.updated_at is not None  # the schema requires it
    return record.updated_at


def _shown(counts: Counter[Outcome]) -> dict[str, Any]:
    return {outcome.value: counts[outcome] for outcome in Outcome}


def _refused(status: int, reason: str) -> web.Response:
    log.warning("orders_refused", status=status)
    return web.json_response({"error": reason}, status=status)
