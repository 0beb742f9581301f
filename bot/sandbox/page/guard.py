"""Keeps other web pages out: the page answers this machine's browser, and only to what it showed itself."""

import secrets
from collections.abc import Awaitable, Callable

from aiohttp import web
from aiohttp.typedefs import Middleware

Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]


def guard(token: str, port: Callable[[], int]) -> Middleware:
    """A middleware that refuses foreign names (DNS rebinding), foreign origins and forms without the token."""

    @web.middleware
    async def check(request: web.Request, handler: Handler) -> web.StreamResponse:
        hosts = {f"{name}:{port()}" for name in ("127.0.0.1", "localhost")}
        if request.headers.get("Host") not in hosts:
            raise web.HTTPMisdirectedRequest(text="This page answers under 127.0.0.1 only.")
        if request.method not in ("GET", "HEAD"):
            origins = {f"http://{host}" for host in hosts}
            if request.headers.get("Origin", next(iter(origins))) not in origins:
                raise web.HTTPForbidden(text="This came from another page.")
            if request.headers.get("Sec-Fetch-Site", "same-origin") != "same-origin":
                raise web.HTTPForbidden(text="This came from another page.")
            given = str((await request.post()).get("token", ""))
            if not secrets.compare_digest(given.encode(), token.encode()):
                raise web.HTTPForbidden(text="The page is from before the last start: load it again.")
        return await handler(request)

    return check
