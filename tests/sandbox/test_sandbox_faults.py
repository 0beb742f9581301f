"""Trouble on order: what slack_sdk's client runs into, and what is left behind by it."""

import aiohttp
import pytest
from sandbox_office import Office
from slack_sdk.errors import SlackApiError
from slack_sdk.http_retry.builtin_async_handlers import AsyncRateLimitErrorRetryHandler
from slack_sdk.web.async_client import AsyncWebClient
from test_sandbox_web_api import METADATA

from bot.sandbox.slack_server import SlackServer


async def test_a_dropped_share_is_answered_as_if_it_had_happened(
    slack: SlackServer, client: AsyncWebClient, office: Office
) -> None:
    slack.fault("files.completeUploadExternal", "drop_share")
    uploaded = await client.files_upload_v2(filename="a.png", content=b"x", channel=office.triage.id)
    info = await client.files_info(file=uploaded["file"]["id"])
    assert info["file"]["shares"] == {}
    assert office.workspace.said_by_bot(office.triage.id) == []


async def test_a_rate_limit_says_how_long_and_then_lets_go(
    slack: SlackServer, client: AsyncWebClient, office: Office
) -> None:
    slack.fault("chat.postMessage", "rate_limited", retry_after=7)
    with pytest.raises(SlackApiError) as limited:
        await client.chat_postMessage(channel=office.triage.id, text="x")
    assert limited.value.response.status_code == 429
    assert limited.value.response.headers["Retry-After"] == "7"
    assert office.workspace.said_by_bot(office.triage.id) == []
    await client.chat_postMessage(channel=office.triage.id, text="x")
    assert slack.refused == []


async def test_the_sdk_waits_as_long_as_it_is_told(slack: SlackServer, office: Office) -> None:
    slack.fault("chat.postMessage", "rate_limited", retry_after=0)
    patient = AsyncWebClient(
        slack.bot_token, base_url=slack.api_url, retry_handlers=[AsyncRateLimitErrorRetryHandler()]
    )
    await patient.chat_postMessage(channel=office.triage.id, text="x")
    assert [call.fault for call in slack.calls] == ["rate_limited", None]


async def test_a_drop_after_store_leaves_the_message_and_no_answer(
    slack: SlackServer, client: AsyncWebClient, office: Office
) -> None:
    slack.fault("chat.postMessage", "drop_after_store")
    with pytest.raises(aiohttp.ClientError):
        await client.chat_postMessage(channel=office.triage.id, text="once", metadata=METADATA)
    (message,) = office.workspace.said_by_bot(office.triage.id)
    assert message.metadata == METADATA


async def test_the_sdks_own_retries_post_twice_after_a_drop(slack: SlackServer, office: Office) -> None:
    slack.fault("chat.postMessage", "drop_after_store")
    eager = AsyncWebClient(slack.bot_token, base_url=slack.api_url)
    await eager.chat_postMessage(channel=office.triage.id, text="twice")
    assert len(office.workspace.said_by_bot(office.triage.id)) == 2


@pytest.mark.parametrize("kind", ["drop", "http_500", "internal_error", "edit_window_closed"])
async def test_other_trouble_leaves_nothing_behind(
    slack: SlackServer, client: AsyncWebClient, office: Office, kind: str
) -> None:
    slack.fault("chat.postMessage", kind, times=2)
    for _ in range(2):
        with pytest.raises((aiohttp.ClientError, SlackApiError)):
            await client.chat_postMessage(channel=office.triage.id, text="x")
    assert office.workspace.said_by_bot(office.triage.id) == []
    await client.chat_postMessage(channel=office.triage.id, text="x")
