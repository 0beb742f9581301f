"""Each answer of a Slack server, and what the sender makes of it: one key is one message, however often tried."""

import asyncio
from collections.abc import AsyncIterator
from datetime import timedelta

import pytest
from outgoing_items import closed_port, post
from slack_sdk.web.async_client import AsyncWebClient

from bot.errors import PermanentFailure, TemporaryFailure, UnknownOutcome
from bot.outbound.slack import LOOK_BACK, SlackSender
from bot.sandbox.records import Channel, Message
from bot.sandbox.slack_server import SlackServer
from bot.sandbox.workspace import Workspace
from bot.settings import Settings
from bot.slack_parts import slack_client


class Office:
    """A workspace with one channel for cards."""

    def __init__(self) -> None:
        self.workspace = Workspace("Lampehuset")
        self.freja = self.workspace.add_user("freja")
        self.triage: Channel = self.workspace.add_channel("triage", [self.freja], is_private=True)
        self.slack = SlackServer(self.workspace)

    @property
    def said(self) -> list[Message]:
        """What the program has posted."""
        return self.workspace.said_by_bot(self.triage.id)

    def times(self, method: str) -> int:
        """How often a method was called."""
        return sum(call.method == method for call in self.slack.calls)


@pytest.fixture
async def office() -> AsyncIterator[Office]:
    opened = Office()
    async with opened.slack:
        yield opened


@pytest.fixture
def send(office: Office) -> SlackSender:
    """A sender whose client never tries again by itself, so that each answer is seen."""
    client = AsyncWebClient(office.slack.bot_token, base_url=office.slack.api_url, retry_handlers=[])
    return SlackSender(client)


# ---- posting and updating -----------------------------------------------------------------------------------


async def test_a_post_gives_its_place(office: Office, send: SlackSender) -> None:
    receipt = await send(post(office.triage.id))
    (said,) = office.said
    assert receipt == {"channel": office.triage.id, "ts": said.ts}
    assert said.text == "A draft is ready."
    assert said.blocks[0]["type"] == "section"
    assert office.slack.refused == []


async def test_the_metadata_holds_only_the_key(office: Office, send: SlackSender) -> None:
    await send(post(office.triage.id, key="reply:17:2"))
    assert office.said[0].metadata == {"event_type": "tillid_item", "event_payload": {"k": "reply:17:2"}}


async def test_a_newer_version_updates_the_message_in_place(office: Office, send: SlackSender) -> None:
    receipt = await send(post(office.triage.id))
    again = await send(post(office.triage.id, receipt=receipt, text="Freja sent this reply."))
    (said,) = office.said
    assert again == receipt
    assert said.text == "Freja sent this reply."
    assert said.metadata == {"event_type": "tillid_item", "event_payload": {"k": "card:1"}}


async def test_a_note_stands_in_the_thread_of_its_card(office: Office, send: SlackSender) -> None:
    card = await send(post(office.triage.id))
    await send(post(office.triage.id, key="note:1", thread_ts=card["ts"]))
    assert [each.thread_ts for each in office.said] == [None, card["ts"]]


async def test_a_card_that_somebody_deleted_is_posted_anew(office: Office, send: SlackSender) -> None:
    receipt = await send(post(office.triage.id))
    client = AsyncWebClient(office.slack.bot_token, base_url=office.slack.api_url)
    await client.chat_delete(channel=office.triage.id, ts=receipt["ts"])
    again = await send(post(office.triage.id, receipt=receipt, text="The customer wrote again."))
    (said,) = office.said
    assert said.text == "The customer wrote again."
    assert again == {"channel": office.triage.id, "ts": said.ts}


# ---- Slack's answers ----------------------------------------------------------------------------------------


async def test_being_told_to_wait_names_the_time(office: Office, send: SlackSender) -> None:
    office.slack.fault("chat.postMessage", "rate_limited", retry_after=7)
    with pytest.raises(TemporaryFailure, match="ratelimited") as caught:
        await send(post(office.triage.id))
    assert caught.value.retry_after == timedelta(seconds=7)
    assert office.said == []


async def test_the_programs_own_client_waits_as_it_was_told(
    monkeypatch: pytest.MonkeyPatch, office: Office
) -> None:
    settings = Settings(
        _env_file=None,
        slack_bot_token=office.slack.bot_token,
        tillid_slack_api_url=office.slack.api_url,
        tillid_triage_channel=office.triage.id,
    )
    office.slack.fault("chat.postMessage", "rate_limited", retry_after=7)
    asked_for: list[float] = []
    sleep = asyncio.sleep

    async def short(seconds: float) -> None:
        asked_for.append(seconds)
        await sleep(0)

    monkeypatch.setattr(asyncio, "sleep", short)
    await SlackSender(slack_client(settings))(post(office.triage.id))
    assert [each for each in asked_for if 7 <= each < 8]
    assert office.times("chat.postMessage") == 2
    assert len(office.said) == 1


@pytest.mark.parametrize("code", ["internal_error", "fatal_error", "service_unavailable", "http_500"])
async def test_slacks_own_trouble_is_tried_again(office: Office, send: SlackSender, code: str) -> None:
    office.slack.fault("chat.postMessage", code)
    with pytest.raises(TemporaryFailure):
        await send(post(office.triage.id))
    await send(post(office.triage.id, attempt=2))
    assert len(office.said) == 1


@pytest.mark.parametrize("code", ["channel_not_found", "is_archived", "invalid_auth", "not_in_channel"])
async def test_a_lasting_no_is_told_with_slacks_word(office: Office, send: SlackSender, code: str) -> None:
    office.slack.fault("chat.postMessage", code)
    with pytest.raises(PermanentFailure, match=code):
        await send(post(office.triage.id))


async def test_blocks_that_slack_does_not_take_are_told_with_the_reason(
    office: Office, send: SlackSender
) -> None:
    bad = [{"type": "section", "text": {"type": "plain_text", "text": "x" * 3001}}]
    with pytest.raises(PermanentFailure, match=r"invalid_blocks .*3000.*/blocks/0/text"):
        await send(post(office.triage.id, blocks=bad))
    assert office.said == []


async def test_a_slack_that_is_not_there_is_tried_again() -> None:
    client = AsyncWebClient("xoxb-1", base_url=f"http://127.0.0.1:{closed_port()}/api/", retry_handlers=[])
    with pytest.raises(TemporaryFailure, match="cannot be reached"):
        await SlackSender(client)(post("C1"))


async def test_a_slack_that_answers_too_late_may_have_taken_it(office: Office) -> None:
    office.slack.fault("chat.postMessage", "delay", seconds=1.3)
    hurried = AsyncWebClient(
        office.slack.bot_token, base_url=office.slack.api_url, retry_handlers=[], timeout=1
    )
    with pytest.raises(UnknownOutcome):
        await SlackSender(hurried)(post(office.triage.id))


# ---- an attempt whose outcome nobody knows ------------------------------------------------------------------


async def test_a_post_that_was_taken_unheard_is_found_again(office: Office, send: SlackSender) -> None:
    await send(post(office.triage.id, key="card:2"))
    office.slack.fault("chat.postMessage", "drop_after_store")
    with pytest.raises(UnknownOutcome):
        await send(post(office.triage.id))
    taken = office.said[-1]
    await send(post(office.triage.id, key="card:3"))
    receipt = await send(post(office.triage.id, attempt=2, text="Newer words."))
    assert receipt["ts"] == taken.ts
    assert [each.text for each in office.said] == ["A draft is ready.", "Newer words.", "A draft is ready."]


async def test_a_note_that_was_taken_unheard_is_found_in_its_thread(
    office: Office, send: SlackSender
) -> None:
    card = await send(post(office.triage.id))
    note = post(office.triage.id, key="note:1", thread_ts=card["ts"])
    office.slack.fault("chat.postMessage", "drop_after_store")
    with pytest.raises(UnknownOutcome):
        await send(note)
    receipt = await send(post(office.triage.id, key="note:1", thread_ts=card["ts"], attempt=2))
    assert len(office.said) == 2
    assert receipt["ts"] == office.said[1].ts


async def test_a_note_is_found_in_a_thread_of_many_pages(office: Office, send: SlackSender) -> None:
    card = await send(post(office.triage.id))
    for number in range(LOOK_BACK + 20):
        chatter = Message(office.triage.id, office.workspace.new_ts(), office.freja.id, f"{number}")
        chatter.thread_ts = card["ts"]
        office.workspace.add_message(chatter)
    office.slack.fault("chat.postMessage", "drop_after_store")
    with pytest.raises(UnknownOutcome):
        await send(post(office.triage.id, key="note:1", thread_ts=card["ts"]))
    await send(post(office.triage.id, key="note:1", thread_ts=card["ts"], attempt=2))
    assert len(office.said) == 2


async def test_a_post_that_was_not_taken_is_posted_by_the_next_attempt(
    office: Office, send: SlackSender
) -> None:
    office.slack.fault("chat.postMessage", "drop")
    with pytest.raises(UnknownOutcome):
        await send(post(office.triage.id))
    assert office.said == []
    await send(post(office.triage.id, attempt=2))
    assert len(office.said) == 1


async def test_a_first_attempt_does_not_search(office: Office, send: SlackSender) -> None:
    await send(post(office.triage.id))
    assert office.times("conversations.history") == 0


async def test_the_message_of_another_key_is_never_taken_for_ours(office: Office, send: SlackSender) -> None:
    await send(post(office.triage.id, key="card:1"))
    await send(post(office.triage.id, key="card:11", attempt=2))
    assert len(office.said) == 2
