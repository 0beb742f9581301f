"""Posts about a person are taken down from Slack, against a Slack server of our own."""

from collections.abc import AsyncIterator

import pytest
from slack_sdk.web.async_client import AsyncWebClient

from bot.errors import TemporaryFailure
from bot.messages import Outgoing
from bot.outbound.slack import SlackSender
from bot.outbound.slack_erasing import SlackEraser
from bot.outbound.slack_files import SlackFileSender
from bot.sandbox.records import Channel
from bot.sandbox.slack_server import SlackServer
from bot.sandbox.workspace import Workspace


class Office:
    """A workspace with one channel for cards."""

    def __init__(self) -> None:
        self.workspace = Workspace("Lampehuset")
        freja = self.workspace.add_user("freja")
        self.triage: Channel = self.workspace.add_channel("triage", [freja], is_private=True)
        self.slack = SlackServer(self.workspace)

    @property
    def client(self) -> AsyncWebClient:
        return AsyncWebClient(self.slack.bot_token, base_url=self.slack.api_url, retry_handlers=[])

    def texts(self) -> list[str]:
        return [each.text for each in self.workspace.said_by_bot(self.triage.id)]


@pytest.fixture
async def office() -> AsyncIterator[Office]:
    opened = Office()
    async with opened.slack:
        yield opened


async def posted(office: Office, key: str = "card:1", text: str = "Mette skrev", **more: object) -> str:
    block = {"type": "section", "text": {"type": "plain_text", "text": text}}
    payload = {"channel": office.triage.id, "text": text, "blocks": [block], **more}
    return str((await SlackSender(office.client)(Outgoing(key, payload, 1)))["ts"])


async def erase(office: Office, **told: str) -> None:
    payload = {"channel": office.triage.id, "ts": "", "file": "", "key": "", "thread_ts": ""} | told
    assert await SlackEraser(office.client)(Outgoing("erase:1", payload, 1)) == {}


async def test_a_card_and_its_notes_are_taken_down(office: Office) -> None:
    card = await posted(office)
    note = await posted(office, "note:1", "Mette skrev igen", thread_ts=card)
    await posted(office, "card:2", "Tore skrev")
    await erase(office, ts=note)
    await erase(office, ts=card)
    assert office.texts() == ["Tore skrev"]
    assert office.slack.refused == []


async def test_twice_is_the_same(office: Office) -> None:
    card = await posted(office)
    await erase(office, ts=card)
    await erase(office, ts=card)
    await erase(office, file="F404")
    await erase(office, channel="C404", ts="1.2")
    assert office.texts() == []


async def test_a_post_of_which_we_never_heard_is_found_by_its_key(office: Office) -> None:
    await posted(office, "card:1")
    await posted(office, "card:2", "Tore skrev")
    await erase(office, key="card:1")
    await erase(office, key="card:404")
    assert office.texts() == ["Tore skrev"]


async def test_a_file_goes_with_the_post_that_shared_it(office: Office) -> None:
    card = await posted(office)
    payload = {
        "channel": office.triage.id, "thread_ts": card, "filename": "kasse-1.jpg", "title": "kasse",
        "content": b"\xff\xd8\xff",
    }  # fmt: skip
    receipt = await SlackFileSender(office.client)(Outgoing("file:1", payload, 1))
    assert office.workspace.files
    await erase(office, file=receipt["file"])
    assert office.workspace.files == {}
    assert office.texts() == ["Mette skrev"]


async def test_slack_being_away_is_tried_again(office: Office) -> None:
    client = AsyncWebClient(office.slack.bot_token, base_url="http://127.0.0.1:9/api/", retry_handlers=[])
    payload = {"channel": office.triage.id, "ts": "1.2", "file": "", "key": "", "thread_ts": ""}
    with pytest.raises(TemporaryFailure):
        await SlackEraser(client)(Outgoing("erase:1", payload, 1))
