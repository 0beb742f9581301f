"""POST /events: the shop tells us of one event and of those it concerns. Signed, and the same again changes nothing.

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
from bot.card_rows import Moved
from bot.event_outcomes import DONE, REASONS, Outcome
from bot.events_json import read_event_json
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
from bot.orders_json import WrongOrders
from bot.parts import Parts
from bot.shop_events import Told
from bot.telling_events import Delivery, tell_all
from bot.wordings import keep_up
from storage import audit, signed_posts
from storage.engine import commit, read

log = logs.get(__name__)
PATH = "/events"
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
        return misshapen(WHAT, wrong)
    try:
        outcomes = await _kept(parts, told, keys_of(WHAT, request, body), now)
    except (DBAPIError, Moved) as error:
        return not_kept(WHAT, error, "it cannot be kept just now; send it again")
    parts.written.set()
    counts = figures(Outcome, Counter(outcomes or ()))
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
        outcomes += await kept(parts, _tell, parts, batch, delivery, now)
    taken = await commit(parts.engine, _remember, keys, Counter(outcomes), now)
    return outcomes if taken else None


def _tell(
    session: Session, parts: Parts, told: Sequence[Told], delivery: Delivery, now: datetime
) -> list[Outcome]:
    return tell_all(session, parts.house, told, delivery, now)


def _remember(session: Session, keys: Sequence[str], counts: Counter[Outcome], now: datetime) -> bool:
    """Taken; False when the same delivery was taken beside us."""
    taken = signed_posts.take(session, keys, now)
    if taken:
        audit.record(session, "events_taken", now, **figures(Outcome, counts))
    return taken
