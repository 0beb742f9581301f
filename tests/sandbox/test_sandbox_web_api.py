"""The Web API as slack_sdk's client sees it: what it answers, and what it refuses."""

import json
from typing import Any

import aiohttp
import pytest
from sandbox_office import Office
from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient

from bot.sandbox.slack_server import SlackServer

TEXT = {"type": "section", "text": {"type": "mrkdwn", "text": "hello"}}
METADATA = {"event_type": "outbox", "event_payload": {"k": "key-1"}}


async def post(slack: SlackServer, method: str, **how: Any) -> dict[str, Any]:
    """A call without the SDK."""
    headers = {"Authorization": f"Bearer {slack.bot_token}"}
    async with (
        aiohttp.ClientSession() as session,
        session.post(slack.api_url + method, headers=headers, **how) as answer,
    ):
        body: dict[str, Any] = await answer.json()
        return body


async def test_forms_and_json_bodies_are_the_same(slack: SlackServer, office: Office) -> None:
    arguments = {"channel": office.triage.id, "text": "hello"}
    by_json = await post(slack, "chat.postMessage", json={**arguments, "blocks": [TEXT]})
    by_form = await post(slack, "chat.postMessage", data={**arguments, "blocks": json.dumps([TEXT])})
    assert by_json["ok"]
    assert by_form["ok"]
    first, second = office.workspace.said_by_bot(office.triage.id)
    assert first.text == second.text
    assert first.blocks[0]["text"] == second.blocks[0]["text"]


@pytest.mark.parametrize(
    ("token", "error"),
    [("", "not_authed"), ("xoxb-other", "invalid_auth"), ("xapp-sandbox", "not_allowed_token_type")],
)
async def test_a_call_needs_the_right_token(slack: SlackServer, token: str, error: str) -> None:
    headers = {"Authorization": f"Bearer {token}"} if token else {}
    async with (
        aiohttp.ClientSession() as session,
        session.post(slack.api_url + "auth.test", headers=headers) as answer,
    ):
        assert (await answer.json())["error"] == error


@pytest.mark.parametrize(
    ("method", "arguments", "error"),
    [
        ("chat.postMessages", {}, "unknown_method"),
        ("chat.postMessage", {"channel": "C404", "text": "x"}, "channel_not_found"),
        ("chat.postMessage", {"channel": "TRIAGE"}, "no_text"),
        ("chat.postMessage", {"text": "x"}, "invalid_arguments"),
        ("chat.postMessage", {"channel": "TRIAGE", "text": "x", "txet": "y"}, "invalid_arguments"),
        ("chat.postMessage", {"channel": "TRIAGE", "text": 7}, "invalid_arguments"),
        ("chat.postMessage", {"channel": "TRIAGE", "text": "x", "thread_ts": "1.000001"}, "thread_not_found"),
        ("chat.postMessage", {"channel": "TRIAGE", "text": "x", "metadata": {}}, "invalid_metadata_format"),
        ("chat.postMessage", {"channel": "OPEN", "text": "x"}, "not_in_channel"),
        ("chat.postMessage", {"channel": "ARCHIVED", "text": "x"}, "is_archived"),
        ("chat.postMessage", {"channel": "TRIAGE", "text": "x", "blocks": [{"type": "x"}]}, "invalid_blocks"),
        ("chat.update", {"channel": "TRIAGE", "ts": "1.000001", "text": "x"}, "message_not_found"),
        ("chat.postEphemeral", {"channel": "TRIAGE", "user": "CUSTOMER", "text": "x"}, "user_not_in_channel"),
        ("users.info", {"user": "U404"}, "user_not_found"),
        ("usergroups.users.list", {"usergroup": "S1"}, "plan_upgrade_required"),
        ("views.open", {"trigger_id": "1", "view": {"type": "modal"}}, "invalid_arguments"),
        (
            "reactions.add",
            {"channel": "TRIAGE", "timestamp": "1.000001", "name": "eyes"},
            "message_not_found",
        ),
        ("files.info", {"file": "F404"}, "file_not_found"),
        ("blocks.validate", {"blocks": [{"type": "section"}]}, "invalid_blocks"),
    ],
)
async def test_a_wrong_call_is_refused_and_recorded(
    slack: SlackServer, office: Office, method: str, arguments: dict[str, Any], error: str
) -> None:
    closed = office.workspace.add_channel("closed")
    closed.is_archived = True
    named = {
        "TRIAGE": office.triage.id,
        "OPEN": office.workspace.add_channel("open", with_bot=False).id,
        "ARCHIVED": closed.id,
        "CUSTOMER": office.customer.id,
    }
    sent = {
        name: named.get(value, value) if isinstance(value, str) else value
        for name, value in arguments.items()
    }
    answer = await post(slack, method, json=sent)
    assert answer["error"] == error
    assert [(call.method, call.error) for call in slack.refused] == [(method, error)]


async def test_a_refusal_names_what_is_wrong(slack: SlackServer, office: Office) -> None:
    wrong = {"channel": office.triage.id, "text": "x", "blocks": [{**TEXT, "colour": "red"}]}
    answer = await post(slack, "chat.postMessage", json=wrong)
    assert answer["response_metadata"]["messages"] == [
        "[ERROR] unknown key [json-pointer:/blocks/0/colour]",
    ]
    answer = await post(slack, "chat.postMessage", json={"channel": office.triage.id, "txet": "x"})
    assert answer["response_metadata"]["messages"] == ["[ERROR] unknown argument: txet"]


async def test_an_update_with_text_alone_takes_the_blocks_away(
    client: AsyncWebClient, office: Office
) -> None:
    triage = office.triage.id
    posted = await client.chat_postMessage(channel=triage, text="x", blocks=[TEXT], metadata=METADATA)
    await client.chat_update(channel=triage, ts=posted["ts"], text="y")
    message = office.workspace.message(triage, posted["ts"])
    assert message is not None
    assert (message.text, message.blocks, message.metadata) == ("y", [], METADATA)
    with pytest.raises(SlackApiError, match="msg_too_long"):
        await client.chat_update(channel=triage, ts=posted["ts"], text="y" * 4001)


async def test_only_our_own_messages_can_be_changed(
    slack: SlackServer, client: AsyncWebClient, office: Office
) -> None:
    ts = await slack.people.say(office.agent.id, office.triage.id, "mine")
    with pytest.raises(SlackApiError, match="cant_update_message"):
        await client.chat_update(channel=office.triage.id, ts=ts, text="ours")
    with pytest.raises(SlackApiError, match="cant_delete_message"):
        await client.chat_delete(channel=office.triage.id, ts=ts)


async def test_metadata_comes_back_only_when_it_was_asked_for(client: AsyncWebClient, office: Office) -> None:
    triage = office.triage.id
    root = (await client.chat_postMessage(channel=triage, text="root"))["ts"]
    await client.chat_postMessage(channel=triage, text="reply", thread_ts=root, metadata=METADATA)
    plain = (await client.conversations_replies(channel=triage, ts=root))["messages"]
    full = (await client.conversations_replies(channel=triage, ts=root, include_all_metadata=True))[
        "messages"
    ]
    assert [message["text"] for message in plain] == ["root", "reply"]
    assert "metadata" not in plain[1]
    assert full[1]["metadata"] == METADATA
    history = (await client.conversations_history(channel=triage))["messages"]
    assert [message["text"] for message in history] == ["root"]


async def test_long_lists_come_in_pages(client: AsyncWebClient, office: Office) -> None:
    for number in range(5):
        await client.chat_postMessage(channel=office.triage.id, text=str(number))
    texts: list[str] = []
    async for page in await client.conversations_history(channel=office.triage.id, limit=2):
        texts += [message["text"] for message in page["messages"]]
    assert texts == ["4", "3", "2", "1", "0"]


async def test_people_and_channels_can_be_looked_up(client: AsyncWebClient, office: Office) -> None:
    me = await client.auth_test()
    assert (me["user_id"], me["team_id"]) == (office.workspace.bot.id, office.workspace.team_id)
    customer = (await client.users_info(user=office.customer.id, include_locale=True))["user"]
    assert customer["team_id"] == office.customer.team_id
    assert "locale" not in customer
    listed = (await client.users_list())["members"]
    assert {user["id"] for user in listed} == {office.workspace.bot.id, office.agent.id}
    shared = (await client.conversations_info(channel=office.shared.id))["channel"]
    assert shared["is_ext_shared"]
    members = (await client.conversations_members(channel=office.triage.id))["members"]
    assert members == [office.agent.id, office.workspace.bot.id]
    both = await client.conversations_list(types="public_channel,private_channel")
    assert {channel["id"] for channel in both["channels"]} == {office.triage.id, office.shared.id}
    team = (await client.team_info(team=office.customer.team_id))["team"]
    assert team["name"] == "Fjordglass"


async def test_a_direct_message_is_opened_once(client: AsyncWebClient, office: Office) -> None:
    opened = (await client.conversations_open(users=office.agent.id))["channel"]["id"]
    posted = await client.chat_postMessage(channel=office.agent.id, text="Good morning")
    assert posted["channel"] == opened


async def test_reactions_are_set_once_and_taken_away_once(client: AsyncWebClient, office: Office) -> None:
    triage = office.triage.id
    ts = (await client.chat_postMessage(channel=triage, text="x"))["ts"]
    await client.reactions_add(channel=triage, timestamp=ts, name="eyes")
    with pytest.raises(SlackApiError, match="already_reacted"):
        await client.reactions_add(channel=triage, timestamp=ts, name="eyes")
    shown = (await client.reactions_get(channel=triage, timestamp=ts))["message"]["reactions"]
    assert shown == [{"name": "eyes", "users": [office.workspace.bot.id], "count": 1}]
    await client.reactions_remove(channel=triage, timestamp=ts, name="eyes")
    with pytest.raises(SlackApiError, match="no_reaction"):
        await client.reactions_remove(channel=triage, timestamp=ts, name="eyes")


async def test_a_file_is_uploaded_into_a_thread(
    slack: SlackServer, client: AsyncWebClient, office: Office
) -> None:
    office.workspace.polls_until_files_are_ready = 1
    root = (await client.chat_postMessage(channel=office.triage.id, text="Stats"))["ts"]
    uploaded = await client.files_upload_v2(
        filename="chart.png",
        content=b"\x89PNG",
        channel=office.triage.id,
        thread_ts=root,
        initial_comment="412 threads",
    )
    file_id = uploaded["file"]["id"]
    assert (await client.files_info(file=file_id))["file"]["shares"] == {}
    assert "private" in (await client.files_info(file=file_id))["file"]["shares"]
    reply = office.workspace.thread(office.triage.id, root)[-1]
    assert (reply.text, reply.file_ids) == ("412 threads", [file_id])
    assert office.workspace.files[file_id].content == b"\x89PNG"
    assert slack.refused == []


async def test_a_block_type_in_phased_rollout_is_refused(client: AsyncWebClient, office: Office) -> None:
    office.workspace.refused_block_types.add("data_visualization")
    pie = {"type": "pie", "segments": [{"label": "Mail", "value": 3}]}
    chart = {"type": "data_visualization", "title": "By channel", "chart": pie}
    with pytest.raises(SlackApiError, match="invalid_blocks"):
        await client.chat_postMessage(channel=office.triage.id, text="x", blocks=[chart])
    office.workspace.refused_block_types.clear()
    await client.chat_postMessage(channel=office.triage.id, text="x", blocks=[chart])


async def test_a_permalink_names_channel_message_and_thread(client: AsyncWebClient, office: Office) -> None:
    triage = office.triage.id
    root = (await client.chat_postMessage(channel=triage, text="x"))["ts"]
    reply = (await client.chat_postMessage(channel=triage, text="y", thread_ts=root))["ts"]
    link = (await client.chat_getPermalink(channel=triage, message_ts=reply))["permalink"]
    assert f"/archives/{triage}/p{reply.replace('.', '')}?thread_ts={root}" in link
