"""The page over HTTP: one page, one stream that says when it has changed, and the forms."""

import asyncio
import json
import secrets
from collections.abc import Mapping
from dataclasses import replace
from importlib.resources import files
from types import TracebackType
from typing import Any, Self

from aiohttp import web
from jinja2 import Environment, FileSystemLoader, StrictUndefined

from bot.sandbox.page.board import board
from bot.sandbox.page.doing import FORMS
from bot.sandbox.page.guard import guard
from bot.sandbox.page.looking import Looking
from bot.sandbox.page.panels import customer_panel, slack_panel
from bot.sandbox.page.playground import Playground, Unable
from bot.sandbox.page.windows import field_name
from bot.sandbox.page.words import Words
from bot.sandbox.records import Json
from bot.sandbox.screens import ImpossibleInSlack
from storage.engine import read

#: Seconds after which a page that nothing happens on is told to look again: the clock goes on.
HEARTBEAT = 15.0
#: Seconds in which changes count as one.
TOGETHER = 0.05
MOST_BYTES = 1024**2
POLICY = (
    "default-src 'none'; img-src data:; style-src 'nonce-{0}'; script-src 'nonce-{0}'; connect-src 'self'; "
    "form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
)


class PageServer:
    """Serves the page on 127.0.0.1; an async context manager. Port 0 takes a free one."""

    def __init__(self, ground: Playground, port: int) -> None:
        self._ground = ground
        self._port = port
        self._words = Words(ground.stage.workspace, ground.zone)
        self._templates = _templates(self._words)
        self._runner: web.AppRunner | None = None
        self._watching: asyncio.Task[None] | None = None

    async def __aenter__(self) -> Self:
        app = web.Application(
            client_max_size=MOST_BYTES, middlewares=[guard(self._ground.token, lambda: self._port)]
        )
        app.router.add_get("/", self._page)
        app.router.add_get("/changes", self._changes)
        for path in FORMS:
            app.router.add_post(path, self._form)
        self._runner = web.AppRunner(app, access_log=None, shutdown_timeout=0.2)
        await self._runner.setup()
        site = web.TCPSite(self._runner, "127.0.0.1", self._port)
        await site.start()
        self._port = self._runner.addresses[0][1]
        self._watching = asyncio.create_task(self._ground.bell.watch(self._ground.stage.workspace.changes))
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._watching is not None:
            self._watching.cancel()
            await asyncio.gather(self._watching, return_exceptions=True)
        if self._runner is not None:
            await self._runner.cleanup()

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self._port}/"

    async def _page(self, request: web.Request) -> web.StreamResponse:
        looking = Looking.read(request.query)
        ground, stage = self._ground, self._ground.stage
        now = stage.clock()
        question = "stats week" if looking.figures == "week" else "stats today"
        nonce = secrets.token_urlsafe(16)
        html = self._templates.get_template("page.html.j2").render(
            looking=looking,
            token=ground.token,
            nonce=nonce,
            said=ground.notices.get(looking.said),
            left=customer_panel(ground, looking),
            middle=slack_panel(ground, looking),
            right=await read(stage.running.parts.engine, board, question, now, ground.zone),
            now=now.astimezone(ground.zone),
            guest=stage.guest,
            shop=stage.running.parts.house.name,
            shared=stage.shared,
        )
        headers = {
            "Content-Security-Policy": POLICY.format(nonce),
            "Cache-Control": "no-store",
            "Referrer-Policy": "same-origin",
            "X-Content-Type-Options": "nosniff",
        }
        return web.Response(text=html, content_type="text/html", headers=headers)

    async def _changes(self, request: web.Request) -> web.StreamResponse:
        """Server-sent events: the number of changes so far, each time it has grown."""
        bell = self._ground.bell
        response = web.StreamResponse(
            headers={"Content-Type": "text/event-stream", "Cache-Control": "no-store"}
        )
        await response.prepare(request)
        version = bell.version
        try:
            while True:
                await response.write(f"data: {version}\n\n".encode())
                try:
                    async with asyncio.timeout(HEARTBEAT):
                        await bell.after(version)
                except TimeoutError:
                    pass
                await asyncio.sleep(TOGETHER)
                version = bell.version
        except ConnectionError:
            return response

    async def _form(self, request: web.Request) -> web.StreamResponse:
        looking = Looking.read(request.query)
        given = {name: value for name, value in (await request.post()).items() if isinstance(value, str)}
        try:
            after = await FORMS[request.path](self._ground, replace(looking, said=""), given)
        except (Unable, ImpossibleInSlack) as refusal:
            after = replace(looking, said=self._ground.notices.keep(str(refusal)))
        raise web.HTTPSeeOther(after.url())


def _templates(words: Words) -> Environment:
    folder = str(files(__package__).joinpath("templates"))
    environment = Environment(
        loader=FileSystemLoader(folder),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    filters = {"mrkdwn": words.mrkdwn, "leaf": words.leaf, "at": words.at, "minute": words.minute}
    environment.filters |= filters | {"name_of": words.name, "initials": _initials, "press": _press}
    environment.globals["field_name"] = field_name
    return environment


def _initials(name: str) -> str:
    parts = [part for part in name.split() if part[:1].isalpha()]
    return "".join(part[0] for part in (parts[:1] + parts[1:][-1:])).upper() or "?"


def _press(element: Json, block: Mapping[str, Any], **more: str) -> str:
    """What a button of the page sends for an element."""
    pressed = {"action_id": element["action_id"], "block_id": block.get("block_id"), **more}
    if element["type"] == "button":
        pressed["value"] = element.get("value")
    return json.dumps({name: value for name, value in pressed.items() if value is not None})
