"""The HTTP side of the workspace: tokens, arguments, faults, and a record of every call."""

import asyncio
import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from aiohttp import web

from bot.sandbox.faults import Fault, FaultKind, Faults
from bot.sandbox.records import Json
from bot.sandbox.slack_api.calls import Context, Method, SlackError, read_arguments
from bot.sandbox.slack_api.table import METHODS


@dataclass(slots=True)
class ApiCall:
    """One request to the Web API and what became of it."""

    method: str
    #: As they were sent; the token is left out.
    arguments: Json
    #: The answer's body; None where the connection was dropped or the answer was not JSON.
    answer: Json | None = None
    #: The kind of the fault it ran into.
    fault: str | None = None

    @property
    def error(self) -> str | None:
        """Slack's error code, or None when all went well."""
        return None if self.answer is None or self.answer["ok"] else str(self.answer["error"])


@dataclass(slots=True)
class WebApi:
    """Answers /api/METHOD."""

    context: Context
    faults: Faults
    #: The methods; the server adds apps.connections.open, which belongs to Socket Mode.
    bot_token: str
    app_token: str
    methods: dict[str, Method] = field(default_factory=lambda: dict(METHODS))
    calls: list[ApiCall] = field(default_factory=list)

    async def handle(self, request: web.Request) -> web.StreamResponse:
        """One call, from the request to its answer."""
        name = request.match_info["method"]
        call = ApiCall(name, {})
        self.calls.append(call)
        try:
            call.arguments, token = await _read_request(request)
            return await self._answer(request, call, token, self.faults.take(name))
        except ValueError:
            call.answer = refusal(SlackError("invalid_json"))
            return web.json_response(call.answer)
        finally:
            self.context.workspace.changes.note()

    async def _answer(
        self, request: web.Request, call: ApiCall, token: str, fault: Fault | None
    ) -> web.StreamResponse:
        call.fault = fault.kind if fault else None
        if fault and fault.kind == FaultKind.RATE_LIMITED:
            call.answer = {"ok": False, "error": "ratelimited"}
            return web.json_response(call.answer, status=429, headers={"Retry-After": str(fault.retry_after)})
        if fault and fault.kind == FaultKind.HTTP_500:
            return web.Response(status=500, text="<h1>Internal Server Error</h1>", content_type="text/html")
        if fault and fault.kind == FaultKind.DROP:
            return _drop(request)
        if fault and fault.kind == FaultKind.DELAY:
            await asyncio.sleep(fault.seconds)
        call.answer = self._run(call, token, fault)
        if fault and fault.kind == FaultKind.DROP_AFTER_STORE:
            call.answer = None
            return _drop(request)
        granted = ",".join(self.context.workspace.scopes)
        return web.json_response(call.answer, headers={"x-oauth-scopes": granted})

    def _run(self, call: ApiCall, token: str, fault: Fault | None) -> Json:
        try:
            if fault and fault.kind not in list(FaultKind):
                raise SlackError(fault.kind)
            method = self.methods.get(call.method)
            if method is None:
                raise SlackError("unknown_method", f"[ERROR] the sandbox has no method {call.method}")
            self._check_token(method, token)
            arguments = read_arguments(method, call.arguments)
            self.context.drop_share = fault is not None and fault.kind == FaultKind.DROP_SHARE
            return {"ok": True, **method.run(self.context, arguments)}
        except SlackError as error:
            return refusal(error)

    def _check_token(self, method: Method, token: str) -> None:
        """`not_authed` without a token, `invalid_auth` with a wrong one; and of the method's kind."""
        if not method.wants:
            return
        if not token:
            raise SlackError("not_authed")
        if token not in (self.bot_token, self.app_token):
            raise SlackError("invalid_auth")
        if not token.startswith(method.wants):
            raise SlackError("not_allowed_token_type", f"[ERROR] needs a token {method.wants}…")


def refusal(error: SlackError) -> Json:
    """The body of a refused call, in Slack's form."""
    body: Json = {"ok": False, "error": error.code}
    if error.messages:
        body["response_metadata"] = {"messages": list(error.messages)}
    return body


async def _read_request(request: web.Request) -> tuple[Json, str]:
    """Arguments from query, form or JSON body, and the token from the header or from among them."""
    given: dict[str, Any] = dict(request.query)
    if request.content_type == "application/json":
        text = await request.text()
        body = json.loads(text) if text else {}
        given |= body if isinstance(body, Mapping) else {}
    else:
        given |= {name: value for name, value in (await request.post()).items() if isinstance(value, str)}
    scheme, _, token = request.headers.get("Authorization", "").partition(" ")
    if scheme != "Bearer":
        token = str(given.get("token", ""))
    given.pop("token", None)
    return given, token


def _drop(request: web.Request) -> web.StreamResponse:
    """Closes the connection under the client; the response returned is never sent."""
    if request.transport is not None:
        request.transport.abort()
    return web.Response()
