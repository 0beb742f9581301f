"""Files between colleagues and us: what customers sent is opened, what a colleague picked is fetched from Slack."""

import asyncio
from collections.abc import Awaitable, Callable, Mapping, Sequence
from typing import Any
from urllib.parse import urlsplit

import aiohttp
from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient

from bot import desk, logs
from bot.cards import modals
from bot.cards.files import files_window
from bot.errors import Refused
from bot.files import SENDABLE, describe, is_disguised, kind_of
from bot.handlers import pressing
from bot.mail.files import MailFile
from bot.parts import Parts
from bot.speech import say
from bot.views.files import received_files
from storage.engine import commit, read
from storage.files import NewFile

Ack = Callable[..., Awaitable[Any]]
Respond = Callable[..., Awaitable[Any]]
log = logs.get(__name__)

MAX_FILE_BYTES = 10 * 1024 * 1024
#: Slack wants an answer to a window within three seconds.
PATIENCE_SECONDS = 2.0
FETCH_SECONDS = 60.0
#: Files fetched for windows that have not gone yet.
MOST_HELD = 10


class ReceivedFiles:
    """The window behind Open Files."""

    def __init__(self, parts: Parts) -> None:
        self._parts = parts

    async def open(self, ack: Ack, body: Mapping[str, Any], client: AsyncWebClient, respond: Respond) -> None:
        """List what came with the case, and have what can be shown posted below the card."""
        try:
            ids = pressing.pressed(body)
            press = desk.Press(pressing.person(body, self._parts), int(ids["c"]), int(ids["v"]))
        except Refused as refusal:
            await pressing.refuse(ack, respond, refusal)
            return
        opened = await client.views_open(
            trigger_id=body["trigger_id"], view=modals.loading(say("Files"), "files", "")
        )
        await ack()
        view_id = opened["view"]["id"]
        try:
            begun = await commit(self._parts.engine, desk.open_files, press, self._parts.clock())
        except Refused as refusal:
            await client.views_update(view_id=view_id, view=modals.notice(say("Files"), str(refusal)))
            return
        self._parts.written.set()
        files = await read(self._parts.engine, received_files, press.conversation_id)
        try:
            await client.views_update(view_id=view_id, view=files_window(files, begun))
        except SlackApiError:
            # Slack takes a picture only once it has looked at it itself; the list is worth more than the pictures.
            await client.views_update(view_id=view_id, view=files_window(files, begun, pictures=False))


class PickedFiles:
    """What colleagues picked in a window, fetched once, however often the window is sent off."""

    def __init__(self) -> None:
        self._fetching: dict[str, asyncio.Task[NewFile]] = {}

    async def fetch(self, client: AsyncWebClient, file_ids: Sequence[str]) -> tuple[NewFile, ...]:
        """The files, checked. Raises Refused, with words for the window, when one cannot go or is still coming."""
        tasks = [self._task(client, file_id) for file_id in file_ids]
        if not tasks:
            return ()
        _, pending = await asyncio.wait(tasks, timeout=PATIENCE_SECONDS)
        if pending:
            raise Refused(
                say("The files are still on their way from Slack. Press the button again in a moment.")
            )
        for file_id, task in zip(file_ids, tasks, strict=True):
            if task.exception() is not None:
                self.forget([file_id])
        return tuple([task.result() for task in tasks])

    def forget(self, file_ids: Sequence[str]) -> None:
        """They have gone."""
        for file_id in file_ids:
            self._fetching.pop(file_id, None)

    def _task(self, client: AsyncWebClient, file_id: str) -> asyncio.Task[NewFile]:
        if file_id not in self._fetching:
            while len(self._fetching) >= MOST_HELD:
                self._fetching.pop(next(iter(self._fetching))).cancel()
            self._fetching[file_id] = asyncio.create_task(fetch(client, file_id))
        return self._fetching[file_id]


async def fetch(client: AsyncWebClient, file_id: str) -> NewFile:
    """One file of a colleague's, by its id in Slack. Raises Refused, with words for the window."""
    try:
        async with asyncio.timeout(FETCH_SECONDS):
            told: dict[str, Any] = (await client.files_info(file=file_id))["file"]
            content = await _content(client, told)
    except SlackApiError as error:
        code = str(error.response.get("error"))
        log.warning("file_not_fetched", error=code)
        raise Refused(say("Slack does not hand the file over ({code}).", code=code)) from error
    except (aiohttp.ClientError, TimeoutError, OSError) as error:
        log.warning("file_not_fetched", error=type(error).__name__)
        raise Refused(say("Slack does not hand the file over just now. Please try again.")) from error
    declared = str(told.get("mimetype") or "")
    return checked(describe(MailFile(str(told.get("name") or ""), declared, content, len(content))))


def checked(file: NewFile) -> NewFile:
    """The file, if it is of a kind that may go to a customer. Raises Refused with words."""
    if not file.content:
        raise Refused(say("{file} is empty.", file=file.name))
    if kind_of(file.name, file.type) not in SENDABLE or is_disguised(file.name, file.type):
        raise Refused(
            say("{file} cannot go: only pictures, PDFs, texts and office documents do.", file=file.name)
        )
    return file


async def _content(client: AsyncWebClient, told: Mapping[str, Any]) -> bytes:
    name = str(told.get("name") or say("The file"))
    if int(told.get("size") or 0) > MAX_FILE_BYTES:
        raise _too_large(name)
    url = str(told.get("url_private_download") or "")
    if not _is_slacks(url, client.base_url):
        raise Refused(say("{file} is a link to another service, not a file.", file=name))
    content = bytearray()
    head = {"Authorization": f"Bearer {client.token}"}
    # Never on to another address: the token goes along.
    async with aiohttp.ClientSession() as web, web.get(url, headers=head, allow_redirects=False) as answer:
        if answer.status != 200:
            raise Refused(
                say("Slack does not hand {file} over (status {status}).", file=name, status=answer.status)
            )
        async for chunk in answer.content.iter_chunked(64 * 1024):
            content += chunk
            if len(content) > MAX_FILE_BYTES:
                raise _too_large(name)
    return bytes(content)


def _too_large(name: str) -> Refused:
    most = MAX_FILE_BYTES // 1024**2
    return Refused(say("{file} is too large: at most {number} MB a file.", file=name, number=most))


def _is_slacks(url: str, base_url: str) -> bool:
    """Whether our token may be shown there: at Slack's own file servers, or where Slack's API is for us."""
    there, api = urlsplit(url), urlsplit(base_url)
    if (there.scheme, there.netloc) == (api.scheme, api.netloc):
        return True
    host = there.hostname or ""
    return there.scheme == "https" and there.port in (None, 443) and host.endswith(".slack.com")
