"""Where an app answers an interaction afterwards: /response/ID."""

import json
from typing import Any

from aiohttp import web

from bot.sandbox.events import Events
from bot.sandbox.records import Ephemeral, Json, Message, ResponseUrl
from bot.sandbox.shown import message_json
from bot.sandbox.slackcheck import check_message
from bot.sandbox.web_api import ApiCall
from bot.sandbox.workspace import Workspace

CONTENT = ("text", "blocks", "mrkdwn", "unfurl_links", "unfurl_media")
KEYS = frozenset((*CONTENT, "response_type", "replace_original", "delete_original", "thread_ts"))


class ResponseUrls:
    """Takes the posts and shows them. `calls` is the record that the Web API also writes to."""

    def __init__(self, workspace: Workspace, events: Events, calls: list[ApiCall]) -> None:
        self._workspace = workspace
        self._events = events
        self._calls = calls

    async def handle(self, request: web.Request) -> web.StreamResponse:
        """404 used_url or expired_url; 400 with the reasons for an illegal message; else "ok"."""
        try:
            body = json.loads(await request.text())
        except ValueError:
            body = None
        call = ApiCall("response_url", body if isinstance(body, dict) else {})
        self._calls.append(call)
        url = self._workspace.response_urls.get(request.match_info["id"])
        status, problems = self._refuse(url, body)
        if url is None or problems:
            call.answer = {"ok": False, "error": problems[0], "response_metadata": {"messages": problems}}
        else:
            call.answer = {"ok": True}
            self.show(url, call.arguments)
        self._workspace.changes.note()
        return web.Response(status=status, text="ok" if call.error is None else call.error)

    def _refuse(self, url: ResponseUrl | None, body: Any) -> tuple[int, list[str]]:
        if url is None or url.uses_left <= 0:
            return 404, ["used_url"]
        if self._workspace.now() >= url.expires_at:
            return 404, ["expired_url"]
        if not isinstance(body, dict):
            return 400, ["invalid_payload"]
        unknown = [f"[ERROR] unknown key: {key}" for key in sorted(body.keys() - KEYS)]
        problems = unknown + check_message(body)
        return (400, ["invalid_blocks", *problems]) if problems else (200, [])

    def show(self, url: ResponseUrl, body: Json) -> str:
        """Does what an accepted body says; returns the ts of the message it left or removed."""
        url.uses_left -= 1
        url.posts.append(body)
        if url.message_ts and (body.get("delete_original") or body.get("replace_original")):
            self._change_original(url, url.message_ts, body)
            return url.message_ts
        workspace, ts = self._workspace, self._workspace.new_ts()
        blocks = workspace.with_block_ids(body.get("blocks", []))
        thread_ts = body.get("thread_ts")
        if body.get("response_type") == "in_channel":
            message = Message(url.channel_id, ts, workspace.bot.id, body["text"], blocks, workspace.bot_id)
            message.thread_ts = thread_ts or url.thread_ts
            self._events.posted(workspace.add_message(message))
        else:
            workspace.ephemerals.append(
                Ephemeral(url.channel_id, ts, url.user_id, body["text"], blocks, thread_ts or url.thread_ts)
            )
        return ts

    def _change_original(self, url: ResponseUrl, ts: str, body: Json) -> None:
        workspace = self._workspace
        if ephemeral := workspace.ephemeral(url.channel_id, ts):
            if body.get("delete_original"):
                workspace.ephemerals.remove(ephemeral)
            else:
                ephemeral.text = body["text"]
                ephemeral.blocks = workspace.with_block_ids(body.get("blocks", []))
        elif message := workspace.message(url.channel_id, ts):
            before = message_json(workspace, message)
            if body.get("delete_original"):
                workspace.messages[url.channel_id].remove(message)
                self._events.deleted(message, before)
            else:
                message.text = body["text"]
                message.blocks = workspace.with_block_ids(body.get("blocks", []))
                message.edited = (workspace.bot.id, workspace.new_ts())
                self._events.changed(message, before)
