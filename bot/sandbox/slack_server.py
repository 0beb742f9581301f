"""A local Slack: Web API, Socket Mode, response URLs and file uploads on one loopback port."""

import asyncio
from collections.abc import Callable, Sequence
from datetime import timedelta
from types import TracebackType
from typing import Self, TypeVar

from aiohttp import web

from bot.sandbox.events import Events
from bot.sandbox.faults import Fault, Faults
from bot.sandbox.interactions import Interactions
from bot.sandbox.people import People
from bot.sandbox.records import Channel, Json
from bot.sandbox.response_urls import ResponseUrls
from bot.sandbox.slack_api.calls import Context, Method
from bot.sandbox.socket_mode import Delivery, SocketMode
from bot.sandbox.upkeep import Upkeep
from bot.sandbox.web_api import ApiCall, WebApi
from bot.sandbox.workspace import Workspace

Seen = TypeVar("Seen")

#: Slack's own times.
ACK_DEADLINE = timedelta(seconds=3)
REDELIVERY_DELAYS = (timedelta(0), timedelta(minutes=1), timedelta(minutes=5))
TRIGGER_LIFETIME = timedelta(seconds=3)
#: Tokens that open nothing outside this process.
OF_THE_BOT, OF_THE_APP = "xoxb-sandbox", "xapp-sandbox"


class SlackServer:
    """Serves a workspace; an async context manager.

    Point an app at `api_url` with `bot_token` and `app_token`. `people` is what people can do, `upkeep`
    what administrators can. Everything runs on the loop that entered it.
    """

    def __init__(
        self,
        workspace: Workspace,
        *,
        port: int = 0,
        ack_deadline: timedelta = ACK_DEADLINE,
        redelivery_delays: Sequence[timedelta] = REDELIVERY_DELAYS,
        trigger_lifetime: timedelta = TRIGGER_LIFETIME,
        bot_token: str = OF_THE_BOT,
        app_token: str = OF_THE_APP,
    ) -> None:
        self.workspace = workspace
        self.bot_token, self.app_token = bot_token, app_token
        self._port = port
        self._faults = Faults()
        self._runner: web.AppRunner | None = None
        self.socket_mode = SocketMode(workspace, ack_deadline, redelivery_delays)
        self.events = Events(workspace, self.socket_mode.start_event)
        self._context = Context(workspace, self.events, "", trigger_lifetime)
        self.web_api = WebApi(self._context, self._faults, bot_token, app_token)
        connect = Method(self.socket_mode.open_connection, (), (), "xapp-")
        self.web_api.methods["apps.connections.open"] = connect
        self._response_urls = ResponseUrls(workspace, self.events, self.web_api.calls)
        self._interactions = Interactions(
            workspace,
            self.events,
            self.socket_mode,
            self._response_urls,
            self.web_api.calls,
            trigger_lifetime,
        )
        self.people = People(workspace, self._interactions)
        self.upkeep = Upkeep(workspace, self.events)

    async def __aenter__(self) -> Self:
        app = web.Application(client_max_size=64 * 1024**2)
        app.router.add_route("*", "/api/{method}", self.web_api.handle)
        app.router.add_get("/link", self.socket_mode.link)
        app.router.add_post("/response/{id}", self._response_urls.handle)
        app.router.add_post("/upload/{id}", self._upload)
        app.router.add_get("/files/{id}/{name}", self._download)
        self._runner = web.AppRunner(app, access_log=None, shutdown_timeout=1)
        await self._runner.setup()
        site = web.TCPSite(self._runner, "127.0.0.1", self._port)
        await site.start()
        self._port = self._runner.addresses[0][1]
        self._context.root_url = self._interactions.root_url = self.root_url
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self.socket_mode.stop()
        if self._runner is not None:
            await self._runner.cleanup()

    @property
    def root_url(self) -> str:
        return f"http://127.0.0.1:{self._port}"

    @property
    def api_url(self) -> str:
        """The `base_url` for a Slack client."""
        return f"{self.root_url}/api/"

    # What happened

    @property
    def calls(self) -> list[ApiCall]:
        """Every request of the app, in order: Web API, response URLs, and illegal acknowledgements."""
        return self.web_api.calls

    @property
    def refused(self) -> list[ApiCall]:
        """The calls answered with an error, but not those that ran into a fault on order."""
        return [call for call in self.calls if call.error is not None and call.fault is None]

    @property
    def deliveries(self) -> list[Delivery]:
        """Every envelope, redeliveries included."""
        return self.socket_mode.deliveries

    @property
    def unacknowledged(self) -> list[Delivery]:
        """Envelopes the app let pass their deadline."""
        return self.socket_mode.unacknowledged

    async def wait_for(
        self,
        predicate: Callable[[Workspace], Seen],
        patience: float = 30,
    ) -> Seen:
        """Waits until the predicate is truthy and returns what it returned; looked at after every change.

        Raises TimeoutError after `patience` seconds, saying what the app did last.
        """
        try:
            async with asyncio.timeout(patience):
                while not (seen := predicate(self.workspace)):
                    await self.workspace.changes.wait()
                return seen
        except TimeoutError:
            raise TimeoutError(f"not seen within {patience} s; {self._report()}") from None

    async def wait_until_idle(self, patience: float = 30) -> None:
        """Waits until every event was acknowledged or given up."""
        await self.wait_for(lambda _: self.socket_mode.is_idle, patience)

    async def wait_until_connected(self, patience: float = 30) -> None:
        """Waits until the app has a Socket Mode connection."""
        await self.wait_for(lambda _: self.socket_mode.connections, patience)

    # Trouble on order

    def fault(
        self, method: str, kind: str, *, times: int = 1, retry_after: int = 1, seconds: float = 0.2
    ) -> None:
        """The next `times` calls of `method` run into this: a FaultKind, or any error code of Slack's.

        `retry_after` is in seconds, for rate_limited; `seconds` is how long delay takes.
        """
        self._faults.add(Fault(method, kind, times, retry_after, seconds))

    def clear_faults(self) -> None:
        """Faults that nothing has run into yet are taken back."""
        self._faults.clear()

    async def disconnect_all(self, reason: str = "refresh_requested") -> None:
        """Sends every Socket Mode connection away: `warning`, `refresh_requested` or `link_disabled`."""
        await self.socket_mode.disconnect_all(reason)

    def emit(self, event: Json, channel: Channel | None = None) -> str | None:
        """Sends any event, such as `{"type": "channel_archive", …}`; returns its event_id."""
        return self.events.emit(event, channel)

    def _report(self) -> str:
        refused = [(call.method, call.error) for call in self.refused[-3:]]
        unacknowledged = [delivery.kind for delivery in self.unacknowledged[-3:]]
        last = [call.method for call in self.calls[-5:]]
        return f"last calls {last}, refused {refused}, unacknowledged {unacknowledged}"

    async def _download(self, request: web.Request) -> web.StreamResponse:
        """Without the bot's token Slack leads to its login page."""
        if request.headers.get("Authorization") != f"Bearer {self.bot_token}":
            return web.Response(status=302, headers={"Location": f"{self.root_url}/login"})
        file = self.workspace.files.get(request.match_info["id"])
        if file is None or file.content is None:
            return web.Response(status=404)
        return web.Response(body=file.content, content_type="application/octet-stream")

    async def _upload(self, request: web.Request) -> web.StreamResponse:
        file = self.workspace.files.get(request.match_info["id"])
        if file is None or file.content is not None:
            return web.Response(status=404, text="no such upload")
        if request.content_type == "multipart/form-data":
            parts = [part for part in (await request.post()).values() if isinstance(part, web.FileField)]
            file.content = parts[0].file.read() if parts else b""
        else:
            file.content = await request.read()
        self.workspace.changes.note()
        return web.Response(text=f"OK - {len(file.content)}")
