"""What the app is told, over Socket Mode, by a real Bolt app."""

import asyncio
from typing import Any

import pytest
from sandbox_office import Office
from slack_bolt.adapter.socket_mode.aiohttp import AsyncSocketModeHandler
from slack_bolt.app.async_app import AsyncApp
from slack_sdk.web.async_client import AsyncWebClient

from bot.sandbox.screens import ImpossibleInSlack
from bot.sandbox.slack_server import SlackServer

Body = dict[str, Any]


async def test_a_message_reaches_the_app_and_is_acknowledged(
    slack: SlackServer, office: Office, app: AsyncApp
) -> None:
    heard: list[Body] = []

    @app.event("message")
    async def listen(body: Body) -> None:
        heard.append(body)

    ts = await slack.people.say(office.customer.id, office.shared.id, "Where is my lamp?")
    await slack.wait_until_idle()

    assert [body["event"]["ts"] for body in heard] == [ts]
    assert heard[0]["is_ext_shared_channel"] is True
    assert heard[0]["event"]["user_team"] == office.customer.team_id
    assert slack.unacknowledged == []


async def test_what_an_outsider_does_in_a_shared_channel_comes_under_their_workspace(
    slack: SlackServer, office: Office, app: AsyncApp
) -> None:
    heard: dict[str, Body] = {}

    @app.event("message")
    async def listen(body: Body) -> None:
        heard[body["event"]["user"]] = body

    await slack.people.say(office.customer.id, office.shared.id, "Where is my lamp?")
    await slack.people.say(office.agent.id, office.shared.id, "On its way.")
    await slack.wait_until_idle()

    ours = office.workspace.team_id
    assert heard[office.customer.id]["team_id"] == office.customer.team_id != ours
    assert heard[office.agent.id]["team_id"] == ours
    assert all(body["authorizations"][0]["team_id"] == ours for body in heard.values())


async def test_an_event_whose_middleware_raises_comes_again_with_the_same_event_id(
    impatient: SlackServer, office: Office, app: AsyncApp
) -> None:
    seen: list[str] = []

    @app.middleware
    async def store(body: Body, next_: Any) -> None:
        seen.append(body["event_id"])
        if len(seen) < 3:
            raise OSError("the disk is full")
        await next_()

    @app.event("message")
    async def listen() -> None: ...

    await impatient.people.say(office.agent.id, office.triage.id, "hello")
    await impatient.wait_until_idle()

    assert len(seen) == 3
    assert len(set(seen)) == 1
    assert [delivery.attempt for delivery in impatient.deliveries] == [0, 1, 2]
    assert len({delivery.envelope_id for delivery in impatient.deliveries}) == 3
    assert [delivery.acknowledged for delivery in impatient.deliveries] == [False, False, True]


async def test_an_event_that_nobody_listens_to_is_redelivered_three_times_and_given_up(
    impatient: SlackServer, office: Office, app: AsyncApp
) -> None:
    await impatient.people.say(office.agent.id, office.triage.id, "hello")
    await impatient.wait_until_idle()
    assert len(impatient.unacknowledged) == 4
    assert impatient.unacknowledged[-1].attempt == 3


async def test_the_app_sees_that_an_event_is_a_retry(
    impatient: SlackServer, office: Office, app: AsyncApp
) -> None:
    numbers: list[str | None] = []

    @app.middleware
    async def count(request: Any, next_: Any) -> None:
        numbers.append((request.headers.get("x-slack-retry-num") or [None])[0])
        if len(numbers) == 1:
            raise OSError("not yet")
        await next_()

    @app.event("message")
    async def listen() -> None: ...

    await impatient.people.say(office.agent.id, office.triage.id, "hello")
    await impatient.wait_until_idle()
    assert numbers == ["0", "1"]


async def test_a_mention_arrives_twice_with_two_event_ids(
    slack: SlackServer, office: Office, app: AsyncApp
) -> None:
    heard: list[Body] = []

    @app.event("message")
    @app.event("app_mention")
    async def listen(body: Body) -> None:
        heard.append(body)

    await slack.people.say(office.agent.id, office.triage.id, f"<@{office.workspace.bot.id}> stats")
    await slack.wait_until_idle()

    assert sorted(body["event"]["type"] for body in heard) == ["app_mention", "message"]
    assert len({body["event_id"] for body in heard}) == 2
    assert len({body["event"]["ts"] for body in heard}) == 1


async def test_edits_deletions_reactions_and_joins_are_told(
    slack: SlackServer, office: Office, app: AsyncApp
) -> None:
    heard: list[tuple[str, str | None]] = []

    @app.event("message")
    @app.event("reaction_added")
    @app.event("member_joined_channel")
    async def listen(event: Body) -> None:
        heard.append((event["type"], event.get("subtype")))

    people, agent, triage = slack.people, office.agent.id, office.triage.id
    ts = await people.say(agent, triage, "first")
    await slack.wait_until_idle()
    await people.edit_message(agent, triage, ts, "second")
    await slack.wait_until_idle()
    await people.react(agent, triage, ts, "eyes")
    await slack.wait_until_idle()
    await people.delete_message(agent, triage, ts)
    await slack.wait_until_idle()
    await people.join(office.workspace.add_user("per").id, triage)
    await slack.wait_until_idle()

    assert heard == [
        ("message", None),
        ("message", "message_changed"),
        ("reaction_added", None),
        ("message", "message_deleted"),
        ("member_joined_channel", None),
    ]


async def test_the_app_hears_nothing_of_channels_it_is_not_in(
    slack: SlackServer, office: Office, app: AsyncApp
) -> None:
    private = office.workspace.add_channel("private", [office.agent], with_bot=False)
    await slack.people.say(office.agent.id, private.id, "among us")
    assert slack.deliveries == []


async def test_what_a_person_types_arrives_escaped(slack: SlackServer, office: Office) -> None:
    mention = f"<@{office.agent.id}>"
    ts = await slack.people.say(office.agent.id, office.triage.id, f"{mention} 1 < 2 & <b>")
    message = office.workspace.message(office.triage.id, ts)
    assert message is not None
    assert message.text == f"{mention} 1 &lt; 2 &amp; &lt;b&gt;"


async def test_two_connections_share_the_traffic(
    slack: SlackServer, office: Office, app: AsyncApp, client: AsyncWebClient
) -> None:
    heard: list[str] = []
    for bolt in (app, other := AsyncApp(client=client)):

        @bolt.event("message")
        async def listen(event: Body) -> None:
            heard.append(event["text"])

    second = AsyncSocketModeHandler(other, slack.app_token)
    await second.connect_async()
    try:
        await slack.wait_for(lambda _: len(slack.socket_mode.connections) == 2)
        for number in range(6):
            await slack.people.say(office.agent.id, office.triage.id, str(number))
        await slack.wait_until_idle()
    finally:
        await second.close_async()

    assert sorted(heard) == [str(number) for number in range(6)]
    assert {delivery.connection for delivery in slack.deliveries} == {1, 2}


@pytest.mark.parametrize("reason", ["refresh_requested", "warning"])
async def test_after_a_disconnect_the_app_is_back_and_hears_what_was_said_meanwhile(
    slack: SlackServer, office: Office, app: AsyncApp, reason: str
) -> None:
    heard: list[str] = []

    @app.event("message")
    async def listen(event: Body) -> None:
        heard.append(event["text"])

    await slack.disconnect_all(reason)
    await slack.people.say(office.agent.id, office.triage.id, "still there?")
    await slack.wait_for(lambda _: heard == ["still there?"])
    await slack.wait_for(lambda _: any(one.number > 1 for one in slack.socket_mode.connections))


async def test_an_event_said_before_the_app_connects_is_delivered_when_it_does(
    slack: SlackServer, office: Office, client: AsyncWebClient
) -> None:
    heard: list[str] = []
    await slack.people.say(office.agent.id, office.triage.id, "early")
    bolt = AsyncApp(client=client)

    @bolt.event("message")
    async def listen(event: Body) -> None:
        heard.append(event["text"])

    handler = AsyncSocketModeHandler(bolt, slack.app_token)
    await handler.connect_async()
    try:
        await slack.wait_for(lambda _: heard == ["early"])
    finally:
        await handler.close_async()


async def test_any_event_can_be_sent(slack: SlackServer, office: Office, app: AsyncApp) -> None:
    heard: list[Body] = []

    @app.event("channel_id_changed")
    async def listen(event: Body) -> None:
        heard.append(event)

    slack.emit({"type": "channel_id_changed", "old_channel_id": "G1", "new_channel_id": "C1"})
    await slack.wait_for(lambda _: heard)
    assert heard[0]["new_channel_id"] == "C1"


async def test_people_cannot_do_what_slack_would_not_let_them(slack: SlackServer, office: Office) -> None:
    people = slack.people
    with pytest.raises(ImpossibleInSlack, match="not in triage"):
        await people.say(office.customer.id, office.triage.id, "hello")
    ts = await people.say(office.agent.id, office.shared.id, "hello")
    with pytest.raises(ImpossibleInSlack, match="somebody else"):
        await people.edit_message(office.customer.id, office.shared.id, ts, "bye")
    with pytest.raises(ImpossibleInSlack, match="other organisations"):
        await people.command(office.customer.id, office.shared.id, "/tillid")
    with pytest.raises(ImpossibleInSlack, match="other organisations"):
        await people.shortcut(office.customer.id, "draft", office.shared.id, ts)


async def test_waiting_ends_with_a_report_of_what_was_seen(slack: SlackServer, office: Office) -> None:
    asyncio.get_running_loop().call_later(0.02, office.workspace.changes.note)
    with pytest.raises(TimeoutError, match="last calls"):
        await slack.wait_for(lambda workspace: workspace.said_by_bot(office.triage.id), patience=0.05)
