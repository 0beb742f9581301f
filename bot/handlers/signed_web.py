"""What deliveries of the shop have in common: signed, of these five minutes, not too large, each taken once."""

import asyncio
import hashlib
from collections import Counter
from collections.abc import Callable
from enum import StrEnum
from typing import Any, Concatenate, ParamSpec, TypeVar

from aiohttp import web
from sqlalchemy.exc import IntegrityError, OperationalError
from sqlmodel import Session

from bot import logs
from bot.card_rows import Moved
from bot.orders_json import WrongOrders
from bot.parts import Parts
from bot.signatures import SIGNATURE, TIMESTAMP, is_fresh, is_signed
from storage.engine import commit

log = logs.get(__name__)
MOST_BYTES = 5_000_000
#: Seconds in which a body must have come.
PATIENCE = 30.0
LONGEST_KEY = 255
#: How often a delivery is tried while somebody else is in the way.
TRIES = 4
Given = ParamSpec("Given")
Kept = TypeVar("Kept")
Outcome = TypeVar("Outcome", bound=StrEnum)


class NotTaken(Exception):
    """The delivery is refused: the status, and why."""

    def __init__(self, status: int, reason: str) -> None:
        super().__init__(reason)
        self.status = status


async def signed_body(parts: Parts, request: web.Request) -> bytes:
    """The body, once it is sure that the shop wrote it just now. Raises NotTaken."""
    if not parts.orders_secret:
        raise NotTaken(503, "TILLID_ORDERS_SECRET is not set here")
    timestamp, given = request.headers.get(TIMESTAMP, ""), request.headers.get(SIGNATURE, "")
    if not (timestamp and given):
        raise NotTaken(401, f"{SIGNATURE} and {TIMESTAMP} are needed")
    if not is_fresh(timestamp, parts.clock()):
        raise NotTaken(401, f"{TIMESTAMP} is not of the last five minutes, in whole seconds")
    if len(request.headers.get("Idempotency-Key", "")) > LONGEST_KEY:
        raise NotTaken(400, f"Idempotency-Key has more than {LONGEST_KEY} characters")
    try:
        body = await _body(request)
    except TimeoutError:
        raise NotTaken(408, "the body did not come in time") from None
    if body is None:
        raise NotTaken(413, f"the body is larger than {MOST_BYTES} bytes; send less at once")
    if not is_signed(parts.orders_secret, timestamp, body, given):
        raise NotTaken(401, f"{SIGNATURE} is not that of this body and {TIMESTAMP}")
    return body


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


def keys_of(what: str, request: web.Request, body: bytes) -> list[str]:
    """By which the same delivery is known again: the sender's own key, where there is one, and the body."""
    key = request.headers.get("Idempotency-Key", "")
    named = hashlib.sha256(key.encode("utf-8", "surrogateescape")).hexdigest()
    body_key = f"{what}:body:{hashlib.sha256(body).hexdigest()}"
    return [f"{what}:key:{named}", body_key] if key else [body_key]


async def kept(
    parts: Parts,
    work: Callable[Concatenate[Session, Given], Kept],
    *args: Given.args,
    **more: Given.kwargs,
) -> Kept:
    """Commit it, again while somebody else is in the way. Raises DBAPIError or Moved where they do not go away."""
    for attempt in range(1, TRIES + 1):
        try:
            return await commit(parts.engine, work, *args, **more)
        except (IntegrityError, OperationalError, Moved):
            # Somebody wrote about the same people or orders at this moment, or the database was held.
            if attempt == TRIES:
                raise
            await asyncio.sleep(0.05 * attempt)
    raise AssertionError  # the last attempt returns or raises


def figures(outcomes: type[Outcome], counts: Counter[Outcome]) -> dict[str, Any]:
    """How many had each outcome, also where none had."""
    return {outcome.value: counts[outcome] for outcome in outcomes}


def misshapen(what: str, wrong: WrongOrders) -> web.Response:
    """The answer to a body that is not by the schema: where it is not, and nothing of what it holds."""
    log.warning("post_refused", what=what, status=400, faults=len(wrong.faults))
    faults = [{"path": path, "reason": reason} for path, reason in wrong.faults]
    return web.json_response({"error": "not by the schema", "faults": faults}, status=400)


def not_kept(what: str, error: Exception, reason: str) -> web.Response:
    """The answer to a delivery that the database did not take: it is to come again."""
    log.error("post_not_kept", what=what, error=type(error).__name__)
    return refused(what, 503, reason)


def refused(what: str, status: int, reason: str) -> web.Response:
    """The answer to a delivery that is not taken; nothing of it is repeated."""
    log.warning("post_refused", what=what, status=status)
    return web.json_response({"error": reason}, status=status)
