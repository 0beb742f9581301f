"""Socket Mode: the websocket over which the app hears events and interactions and acknowledges them."""

import asyncio
import json
from collections.abc import Coroutine, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import timedelta

from aiohttp import WSMsgType, web

from bot.sandbox.records import Json
from bot.sandbox.slack_api.calls import Arguments, Context
from bot.sandbox.workspace import Workspace

#: How long an app has to leave after it was told to.
GRACE = timedelta(seconds=1)


@dataclass(slots=True)
class Delivery:
    """One envelope that was sent, or that found nobody to send it to."""

    envelope_id: str
    #: events_api, interactive or slash_commands.
    kind: str
    payload: Json
    #: 0 for the first, up to 3 for redelivered events.
    attempt: int
    #: Which connection it went to, counted from 1; 0 for none.
    connection: int = 0
    #: The acknowledgement arrived in time.
    acknowledged: bool = False
    #: Its deadline has passed, or its acknowledgement came.
    settled: bool = False
    #: What came with the acknowledgement.
    answer: Json | None = None

    @property
    def event_id(self) -> str | None:
        """The same for every attempt of one event."""
        return self.payload.get("event_id")


@dataclass(slots=True)
class Connection:
    """One websocket of the app."""

    number: int
    socket: web.WebSocketResponse


@dataclass(slots=True)
class SocketMode:
    """All connections of one app. Each envelope goes to one of them, in turn."""

    workspace: Workspace
    ack_deadline: timedelta
    #: How long after each failed attempt an event is sent again.
    redelivery_delays: Sequence[timedelta]
    deliveries: list[Delivery] = field(default_factory=list)
    connections: list[Connection] = field(default_factory=list)
    _tickets: set[str] = field(default_factory=set)
    _waiting: dict[str, asyncio.Future[Json]] = field(default_factory=dict)
    _tasks: set[asyncio.Task[None]] = field(default_factory=set)
    _turn: int = 0
    _opened: int = 0

    @property
    def unacknowledged(self) -> list[Delivery]:
        """Envelopes whose deadline passed without an acknowledgement."""
        return [one for one in self.deliveries if one.settled and not one.acknowledged]

    @property
    def is_idle(self) -> bool:
        """Nothing is under way: every event was acknowledged or given up."""
        return not self._tasks and not self._waiting

    def open_connection(self, context: Context, _arguments: Arguments) -> Json:
        """apps.connections.open: an address that is good for one connection."""
        ticket = self.workspace.new_id("ticket-")
        self._tickets.add(ticket)
        root = context.root_url.replace("http://", "ws://", 1)
        return {"url": f"{root}/link?ticket={ticket}&app_id={self.workspace.app_id}"}

    async def link(self, request: web.Request) -> web.StreamResponse:
        """One connection from hello to close."""
        ticket = request.query.get("ticket", "")
        if ticket not in self._tickets:
            return web.Response(status=403, text="ticket used or unknown")
        self._tickets.discard(ticket)
        socket = web.WebSocketResponse()
        await socket.prepare(request)
        self._opened += 1
        connection = Connection(self._opened, socket)
        await socket.send_json(self._hello())
        self.connections.append(connection)
        self.workspace.changes.note()
        try:
            async for message in socket:
                if message.type == WSMsgType.TEXT:
                    self._acknowledge(json.loads(message.data))
        finally:
            self._leave(connection)
            self.workspace.changes.note()
        return socket

    def start_event(self, payload: Json) -> None:
        """Delivers an event in the background, with redeliveries."""
        self._start(self._deliver_event(payload))

    async def deliver(self, kind: str, payload: Json, *, attempt: int = 0) -> Delivery:
        """Sends one envelope and waits for its acknowledgement, at most until the deadline.

        Without a connection it waits that long for one to be opened.
        """
        delivery = Delivery(self.workspace.new_id("env-"), kind, payload, attempt)
        self.deliveries.append(delivery)
        answer: asyncio.Future[Json] = asyncio.get_running_loop().create_future()
        self._waiting[delivery.envelope_id] = answer
        self.workspace.changes.note()
        try:
            async with asyncio.timeout(self.ack_deadline.total_seconds()):
                await self._send(delivery)
                delivery.answer = (await answer).get("payload")
                delivery.acknowledged = True
        except TimeoutError:
            pass
        finally:
            del self._waiting[delivery.envelope_id]
            delivery.settled = True
            self.workspace.changes.note()
        return delivery

    async def disconnect_all(self, reason: str) -> None:
        """Tells every connection to go: `warning`, `refresh_requested` or `link_disabled`.

        The app then opens a new one. After a warning the old one still gets envelopes; else it gets none and
        is closed by us if the app does not do so itself.
        """
        told = list(self.connections)
        if reason != "warning":
            self.connections.clear()
        for connection in told:
            with suppress(ConnectionError):
                await connection.socket.send_json({"type": "disconnect", "reason": reason, "debug_info": {}})
            if reason != "warning":
                self._start(_close_soon(connection.socket))

    async def stop(self) -> None:
        """Ends all deliveries and connections."""
        tasks = list(self._tasks)
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        for connection in list(self.connections):
            await connection.socket.close()

    async def _deliver_event(self, payload: Json) -> None:
        for attempt, delay in enumerate((timedelta(0), *self.redelivery_delays)):
            await asyncio.sleep(delay.total_seconds())
            if (await self.deliver("events_api", payload, attempt=attempt)).acknowledged:
                return

    async def _send(self, delivery: Delivery) -> None:
        envelope: Json = {
            "envelope_id": delivery.envelope_id,
            "type": delivery.kind,
            "accepts_response_payload": delivery.kind != "events_api",
            "payload": delivery.payload,
        }
        if delivery.kind == "events_api":
            envelope["retry_attempt"] = delivery.attempt
            envelope["retry_reason"] = "timeout" if delivery.attempt else ""
        while True:
            connection = await self._next_connection()
            try:
                await connection.socket.send_json(envelope)
            except ConnectionError:
                self._leave(connection)  # it was closed under us; the next one may be alive
                continue
            delivery.connection = connection.number
            return

    async def _next_connection(self) -> Connection:
        while True:
            alive = [one for one in self.connections if not one.socket.closed]
            if alive:
                self._turn += 1
                return alive[self._turn % len(alive)]
            await self.workspace.changes.wait()

    def _leave(self, connection: Connection) -> None:
        """No more envelopes for it."""
        if connection in self.connections:
            self.connections.remove(connection)

    def _acknowledge(self, answer: Json) -> None:
        """Late and unknown acknowledgements change nothing."""
        waiting = self._waiting.get(str(answer.get("envelope_id")))
        if waiting is not None and not waiting.done():
            waiting.set_result(answer)

    def _hello(self) -> Json:
        return {
            "type": "hello",
            "num_connections": len(self.connections) + 1,
            "debug_info": {"host": "sandbox", "build_number": 1, "approximate_connection_time": 18060},
            "connection_info": {"app_id": self.workspace.app_id},
        }

    def _start(self, work: Coroutine[None, None, None]) -> None:
        task = asyncio.get_running_loop().create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._finished)

    def _finished(self, task: asyncio.Task[None]) -> None:
        self._tasks.discard(task)
        self.workspace.changes.note()


async def _close_soon(socket: web.WebSocketResponse) -> None:
    await asyncio.sleep(GRACE.total_seconds())
    await socket.close()
