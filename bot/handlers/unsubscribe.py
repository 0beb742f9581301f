"""/unsubscribe/{token}: a customer stops our follow-ups, by one press on the page or by their mail program (RFC 8058).

Looking changes nothing: mail scanners open every link. No cookies, and the request's body is not read.
"""

from functools import partial
from importlib.resources import files
from pathlib import Path

from aiohttp import web
from sqlalchemy.exc import DBAPIError

from bot import logs
from bot.house import House
from bot.parts import Parts
from bot.rendering import environment
from bot.rules.unsubscribe_words import words
from storage import unsubscribing
from storage.engine import commit, read

log = logs.get(__name__)
PATH = "/unsubscribe/{token}"
TEMPLATE = "mail/unsubscribe.html.j2"
#: The address is the customer's key: it is told to nobody, and kept nowhere.
HEADERS = {
    "Cache-Control": "no-store",
    "Referrer-Policy": "no-referrer",
    "X-Robots-Tag": "noindex",
    "X-Content-Type-Options": "nosniff",
    "Content-Security-Policy": "default-src 'none'; style-src 'unsafe-inline'; form-action 'self'; "
    "frame-ancestors 'none'; base-uri 'none'",
}


def routes(parts: Parts) -> list[web.RouteDef]:
    """Asking and doing."""
    return [web.get(PATH, partial(_ask, parts)), web.post(PATH, partial(_stop, parts))]


async def _ask(parts: Parts, request: web.Request) -> web.Response:
    """The page with the button."""
    try:
        language = await read(parts.engine, unsubscribing.language, request.match_info["token"])
    except DBAPIError as error:
        return _away(parts.house, error)
    return _unknown(parts.house) if language is None else _page(parts.house, language, "ask")


async def _stop(parts: Parts, request: web.Request) -> web.Response:
    """The customer wants no more follow-ups. The second time is like the first."""
    token = request.match_info["token"]
    try:
        language = await commit(parts.engine, unsubscribing.opt_out, token, parts.clock())
    except DBAPIError as error:
        return _away(parts.house, error)
    if language is None:
        return _unknown(parts.house)
    log.info("follow_ups_declined")
    return _page(parts.house, language, "done")


def _unknown(house: House) -> web.Response:
    return _page(house, "", "unknown", status=404)


def _away(house: House, error: DBAPIError) -> web.Response:
    log.error("unsubscribe_failed", error=type(error).__name__)
    return _page(house, "", "away", status=503)


def _page(house: House, language: str, says: str, *, status: int = 200) -> web.Response:
    tongue = language or house.language
    spoken = words(tongue)
    template = environment(Path(str(files("bot"))) / "templates").get_template(TEMPLATE)
    said: str = getattr(spoken, says)
    body = template.render(
        language=tongue,
        title=spoken.title,
        button=spoken.button,
        house=house.name,
        said=said.replace("{house}", house.name),
        still=spoken.still if status == 200 else "",
        asks=says == "ask",
    )
    return web.Response(text=body, status=status, content_type="text/html", headers=HEADERS)
