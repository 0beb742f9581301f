"""POST /events: the shop tells us of one event and of those it concerns. Signed, and the same again changes nothing.

Nothing of a body is ever logged or told back: only paths, counts and reasons.
"""

import asyncio
from collections import Counter
from collections.abc import Sequence
from datetime import datetime
from functools import partial
from typing import Any

from aiohttp import web
from sqlalchemy.exc import DBAPIError, IntegrityError, OperationalError
from sqlmodel import Session

from bot import logs
from bot.card_rows import Moved
from bot.event_outcomes import DONE, REASONS, Outcome
from bot.events_json import read_event_json
from bot.handlers.signed_web import NotTaken, keys_of, refused, signed_body
from bot.orders_json import WrongOrders
from bot.parts import Parts
from bot.shop_events import Told
from bot.telling_events import Delivery, tell_all
from bot.wordings import keep_up
from storage import audit, signed_posts
from storage.engine import commit, read

log = logs.get(__name__)
PATH = "/events"
TRIES = 4
#: People a commit.
BATCH = 25
WHAT = "events"


def routes(parts: Parts) -> list[web.RouteDef]:
    """The one route."""
    return [web.post(PATH, partial(_post, parts))]


async def _post(parts: Parts, request: web.Request) -> web.Response:
    try:
        body = await signed_body(parts, request)
    except NotTaken as error:
        return refused(WHAT, error.status, str(error))
    now = parts.clock()
    try:
        told = await asyncio.to_thread(read_event_json, body, now)
    except WrongOrders as wrong:
        log.warning("events_refused", status=400, faults=len(wrong.faults))
        faults = [{"path": path, "reason": reason} for path, reason in wrong.faults]
        return web.json_response({"error": "not by the schema", "faults": faults}, status=400)
    try:
        outcomes = await _kept(parts, told, keys_of(WHAT, request, body), now)
    except (DBAPIError, Moved) as error:
        log.error("events_not_kept", error=type(error).__name__)
        return refused(WHAT, 503, "it cannot be kept just now; send it again")
    parts.written.set()
    counts = _shown(Counter(outcomes or ()))
    log.info("events_taken", concerned=len(told), repeated=outcomes is None, **counts)
    without = [
        {"path": f"$.concerned[{place}]", "outcome": outcome.value, "reason": REASONS[outcome]}
        for place, outcome in enumerate(outcomes or ())
        if outcome not in DONE
    ]
    answer = {"concerned": len(told), "repeated": outcomes is None, **counts, "without_draft": without}
    return web.json_response(answer, status=202)


async def _kept(
    parts: Parts, told: Sequence[Told], keys: Sequence[str], now: datetime
) -> list[Outcome] | None:
    """What became of each; None when this delivery was taken before.

    A few people a commit, so that nobody else waits long. One that breaks off is sent again, and goes on.
    """
    if await read(parts.engine, signed_posts.was_taken, keys):
        return None
    await keep_up(parts)
    outcomes: list[Outcome] = []
    delivery = Delivery()
    for start in range(0, len(told), BATCH):
        batch = told[start : start + BATCH]
        outcomes += await _again_and_again(parts, _tell, parts, batch, delivery, now)
    taken = await commit(parts.engine, _remember, keys, Counter(outcomes), now)
    return outcomes if taken else None


async def _again_and_again(parts: Parts, work: Any, *args: Any) -> Any:
    """Commit it, again while somebody else is in the way."""
    for attempt in range(1, TRIES + 1):
        try:
            return await commit(parts.engine, work, *args)
        except (IntegrityError, OperationalError, Moved):
            # Somebody wrote about the same people at this moment, or the database was held.
            if attempt == TRIES:
                raise
            await asyncio.sleep(0.05 * attempt)
    raise AssertionError  # the last attempt returns or raises


def _tell(
    session: Session, parts: Parts, told: Sequence[Told], delivery: Delivery, now: datetime
) -> list[Outcome]:
    return tell_all(session, parts.house, told, delivery, now)


def _remember(session: Session, keys: Sequence[str], counts: Counter[Outcome], now: datetime) -> bool:
    """Taken; False when the same delivery was taken beside us."""
    taken = signed_posts.take(session, keys, now)
    if taken:
        audit.record(session, "events_taken", now, **_shown(counts))
    return taken


def _shown(counts: Counter[Outcome]) -> dict[str, Any]:
    return {outcome.value: counts[outcome] for outcome in Outcome}
