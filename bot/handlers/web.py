"""The HTTP side: /healthz for whoever watches us, /unsubscribe for customers, /orders and /events for the shop."""

from collections.abc import Callable
from datetime import datetime, timedelta

from aiohttp import web

from bot.handlers import events_web, orders_web, unsubscribe
from bot.parts import Parts

#: Without a finished tick for this long the process is not healthy.
SILENCE = timedelta(seconds=120)


def application(
    last_tick: Callable[[], datetime | None], clock: Callable[[], datetime], parts: Parts | None = None
) -> web.Application:
    """The web application. `last_tick`: when the clock's last tick finished; None before the first.

    With `parts` it answers customers too.
    """

    async def healthz(_request: web.Request) -> web.Response:
        at = last_tick()
        healthy = at is not None and clock() - at < SILENCE
        body = {"healthy": healthy, "last_tick": at.isoformat() if at else None}
        return web.json_response(body, status=200 if healthy else 503)

    app = web.Application()
    app.router.add_get("/healthz", healthz)
    if parts is not None:
        app.router.add_routes(unsubscribe.routes(parts))
        app.router.add_routes(orders_web.routes(parts))
        app.router.add_routes(events_web.routes(parts))
    return app
