"""Buttons, commands, shortcuts and response URLs, answered by a real Bolt app."""

from typing import Any

import aiohttp
import pytest
from sandbox_cards import Body, actions, button, card
from sandbox_office import Office
from slack_bolt.app.async_app import AsyncApp
from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient

from bot.sandbox.screens import ImpossibleInSlack
from bot.sandbox.slack_server import SlackServer


async def test_a_click_carries_who_pressed_what_where(
    slack: SlackServer, office: Office, app: AsyncApp, client: AsyncWebClient
) -> None:
    bodies: list[Body] = []

    @app.action("send")
    async def send(ack: Any, body: Body) -> None:
        bodies.append(body)
        await ack()

    ts = await card(client, office.shared.id, button("send", "a"), button("dismiss", "b"))
    result = await slack.people.click(office.customer.id, office.shared.id, ts, "send")

    assert result.acknowledged
    (body,) = bodies
    assert body["user"]["team_id"] == office.customer.team_id
    assert body["team"]["id"] == office.workspace.team_id
    assert body["container"] == {
        "type": "message",
        "message_ts": ts,
        "channel_id": office.shared.id,
        "is_ephemeral": False,
    }
    assert body["message"]["blocks"][0]["block_id"] == "card:1:v1"
    (pressed,) = body["actions"]
    assert (pressed["action_id"], pressed["block_id"], pressed["value"]) == ("send", "card:1:v1", "a")
    assert slack.refused == []


async def test_a_button_that_is_not_there_cannot_be_pressed(
    slack: SlackServer, office: Office, app: AsyncApp, client: AsyncWebClient
) -> None:
    ts = await card(client, office.triage.id, button("send", "a"))
    await client.chat_update(channel=office.triage.id, ts=ts, text="Sent by Ingrid")
    with pytest.raises(ImpossibleInSlack, match="0 elements send"):
        await slack.people.click(office.agent.id, office.triage.id, ts, "send")


async def test_equal_buttons_are_told_apart_by_their_value(
    slack: SlackServer, office: Office, app: AsyncApp, client: AsyncWebClient
) -> None:
    values: list[str] = []

    @app.action("take")
    async def take(ack: Any, action: Body) -> None:
        values.append(action["value"])
        await ack()

    blocks = [*actions(button("take", "1"), block_id="a"), *actions(button("take", "2"), block_id="b")]
    posted = await client.chat_postMessage(channel=office.triage.id, text="Two", blocks=blocks)
    with pytest.raises(ImpossibleInSlack, match="2 elements"):
        await slack.people.click(office.agent.id, office.triage.id, posted["ts"], "take")
    await slack.people.click(office.agent.id, office.triage.id, posted["ts"], "take", value="2")
    assert values == ["2"]


async def test_a_click_that_nobody_acknowledges_is_reported_to_the_person(
    impatient: SlackServer, office: Office, app: AsyncApp, client: AsyncWebClient
) -> None:
    ts = await card(client, office.triage.id, button("send", "a"))
    result = await impatient.people.click(office.agent.id, office.triage.id, ts, "send")
    assert not result.acknowledged
    assert [one.kind for one in impatient.unacknowledged] == ["interactive"]


async def test_a_chosen_option_arrives_whole(
    slack: SlackServer, office: Office, app: AsyncApp, client: AsyncWebClient
) -> None:
    chosen: list[Body] = []

    @app.action("more")
    async def more(ack: Any, action: Body) -> None:
        chosen.append(action["selected_option"])
        await ack()

    option = {"text": {"type": "plain_text", "text": "Not a request"}, "value": "no"}
    ts = await card(client, office.triage.id, {"type": "overflow", "action_id": "more", "options": [option]})
    with pytest.raises(ImpossibleInSlack, match="no option yes"):
        await slack.people.click(office.agent.id, office.triage.id, ts, "more", option="yes")
    await slack.people.click(office.agent.id, office.triage.id, ts, "more", option="no")
    assert chosen == [option]


async def test_the_answer_to_a_command_is_shown_to_the_person_alone(
    slack: SlackServer, office: Office, app: AsyncApp
) -> None:
    @app.command("/tillid")
    async def command(ack: Any, command: Body) -> None:
        await ack(text=f"You asked for {command['text']}")

    result = await slack.people.command(office.agent.id, office.triage.id, "/tillid", "stats")
    assert result.payload == {"text": "You asked for stats"}
    (shown,) = office.workspace.ephemerals
    assert (shown.user_id, shown.text, shown.ts) == (office.agent.id, "You asked for stats", result.ts)


async def test_an_illegal_answer_to_a_command_is_refused(
    slack: SlackServer, office: Office, app: AsyncApp
) -> None:
    @app.command("/tillid")
    async def command(ack: Any) -> None:
        await ack(text="Stats", blocks=[{"type": "section"}])

    await slack.people.command(office.agent.id, office.triage.id, "/tillid", "stats")
    assert [call.error for call in slack.refused] == ["invalid_acknowledgement"]
    assert office.workspace.ephemerals == []


async def test_a_shortcut_carries_the_message_it_was_used_on(
    slack: SlackServer, office: Office, app: AsyncApp
) -> None:
    seen: list[Body] = []

    @app.message_shortcut("draft_reply")
    async def draft(ack: Any, body: Body) -> None:
        seen.append(body)
        await ack()

    ts = await slack.people.say(office.customer.id, office.shared.id, "It came broken")
    await slack.people.shortcut(office.agent.id, "draft_reply", office.shared.id, ts)
    assert seen[0]["message"]["text"] == "It came broken"
    assert seen[0]["message_ts"] == ts


async def test_an_ephemeral_message_is_seen_pressed_and_removed_by_one_person(
    slack: SlackServer, office: Office, app: AsyncApp, client: AsyncWebClient
) -> None:
    @app.action("fine")
    async def fine(ack: Any, respond: Any) -> None:
        await ack()
        await respond(delete_original=True)

    answer = await client.chat_postEphemeral(
        channel=office.shared.id,
        user=office.agent.id,
        text="Only you see this",
        blocks=actions(button("fine", "1")),
    )
    ts = answer["message_ts"]
    with pytest.raises(ImpossibleInSlack, match="no message"):
        await slack.people.click(office.customer.id, office.shared.id, ts, "fine")
    with pytest.raises(SlackApiError, match="message_not_found"):
        await client.chat_update(channel=office.shared.id, ts=ts, text="changed")
    result = await slack.people.click(office.agent.id, office.shared.id, ts, "fine")
    assert "message" not in result.sent
    await slack.wait_for(lambda workspace: not workspace.ephemerals)


async def test_a_response_url_replaces_the_message_and_is_good_for_five_uses(
    slack: SlackServer, office: Office, app: AsyncApp, client: AsyncWebClient
) -> None:
    @app.action("send")
    async def send(ack: Any) -> None:
        await ack()

    ts = await card(client, office.triage.id, button("send", "1"))
    result = await slack.people.click(office.agent.id, office.triage.id, ts, "send")
    answers: list[tuple[int, str]] = []
    async with aiohttp.ClientSession() as session:
        for _ in range(6):
            body = {"replace_original": True, "text": "Sent"}
            async with session.post(str(result.response_url), json=body) as answer:
                answers.append((answer.status, await answer.text()))

    assert answers == [(200, "ok")] * 5 + [(404, "used_url")]
    message = office.workspace.message(office.triage.id, ts)
    assert message is not None
    assert (message.text, message.blocks) == ("Sent", [])


async def test_an_illegal_post_to_a_response_url_is_refused(
    slack: SlackServer, office: Office, app: AsyncApp, client: AsyncWebClient
) -> None:
    @app.action("send")
    async def send(ack: Any) -> None:
        await ack()

    ts = await card(client, office.triage.id, button("send", "1"))
    result = await slack.people.click(office.agent.id, office.triage.id, ts, "send")
    async with (
        aiohttp.ClientSession() as session,
        session.post(str(result.response_url), json={"text": "Sent", "block": []}) as answer,
    ):
        assert answer.status == 400
    assert [call.error for call in slack.refused] == ["invalid_blocks"]
