"""Modals and the Home tab, answered by a real Bolt app."""

from typing import Any

import pytest
from sandbox_cards import REPLY, Body, actions, button, card
from sandbox_office import Office
from slack_bolt.app.async_app import AsyncApp
from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient

from bot.sandbox.screens import ImpossibleInSlack
from bot.sandbox.slack_server import SlackServer


async def open_modal(slack: SlackServer, office: Office, app: AsyncApp, client: AsyncWebClient) -> str:
    """The reply modal on the agent's screen."""

    @app.action("edit")
    async def edit(ack: Any, body: Body) -> None:
        await ack()
        await client.views_open(trigger_id=body["trigger_id"], view=REPLY)

    ts = await card(client, office.triage.id, button("edit", "1"))
    await slack.people.click(office.agent.id, office.triage.id, ts, "edit")
    view = await slack.wait_for(lambda _: slack.people.screen(office.agent.id))
    assert view is not None
    return view.id


async def test_a_modal_is_submitted_with_what_it_holds_and_what_was_typed(
    slack: SlackServer, office: Office, app: AsyncApp, client: AsyncWebClient
) -> None:
    states: list[Body] = []

    @app.view("reply")
    async def reply(ack: Any, view: Body) -> None:
        states.append(view)
        await ack()

    view_id = await open_modal(slack, office, app, client)
    await slack.people.submit(office.agent.id, view_id, {"when": {"when": "tomorrow"}})

    values = states[0]["state"]["values"]
    assert values["text"]["text"]["value"] == "Hello Dana"
    assert values["when"]["when"]["selected_option"]["value"] == "tomorrow"
    assert states[0]["private_metadata"] == "card-1"
    assert slack.people.screen(office.agent.id) is None


async def test_errors_keep_the_modal_and_what_was_typed(
    slack: SlackServer, office: Office, app: AsyncApp, client: AsyncWebClient
) -> None:
    @app.view("reply")
    async def reply(ack: Any) -> None:
        await ack(response_action="errors", errors={"text": "Leave the date out."})

    view_id = await open_modal(slack, office, app, client)
    result = await slack.people.submit(office.agent.id, view_id, {"text": {"text": "On Friday"}})

    assert result.errors == {"text": "Leave the date out."}
    view = slack.people.screen(office.agent.id)
    assert view is not None
    assert view.values["text"]["text"]["value"] == "On Friday"
    assert slack.refused == []


async def test_errors_for_a_block_that_is_not_there_are_refused(
    slack: SlackServer, office: Office, app: AsyncApp, client: AsyncWebClient
) -> None:
    @app.view("reply")
    async def reply(ack: Any) -> None:
        await ack(response_action="errors", errors={"amount": "Too much."})

    view_id = await open_modal(slack, office, app, client)
    await slack.people.submit(office.agent.id, view_id)
    assert [call.error for call in slack.refused] == ["invalid_acknowledgement"]


async def test_a_submission_can_update_push_and_clear(
    slack: SlackServer, office: Office, app: AsyncApp, client: AsyncWebClient
) -> None:
    answers: list[Body] = [
        {"response_action": "update", "view": REPLY},
        {"response_action": "push", "view": {**REPLY, "callback_id": "reply"}},
        {"response_action": "clear"},
    ]

    @app.view("reply")
    async def reply(ack: Any) -> None:
        await ack(**answers.pop(0))

    first = await open_modal(slack, office, app, client)
    before = office.workspace.views[office.agent.id][0].hash
    await slack.people.submit(office.agent.id, first, {"text": {"text": "kept"}})
    (view,) = office.workspace.views[office.agent.id]
    assert (view.id, view.values["text"]["text"]["value"]) == (first, "kept")
    assert view.hash != before

    await slack.people.submit(office.agent.id, first)
    second = slack.people.screen(office.agent.id)
    assert second is not None
    assert second.previous_view_id == first
    with pytest.raises(ImpossibleInSlack, match="not on top"):
        await slack.people.submit(office.agent.id, first)

    await slack.people.submit(office.agent.id, second.id)
    assert office.workspace.views[office.agent.id] == []


async def test_an_illegal_view_in_an_acknowledgement_is_refused(
    slack: SlackServer, office: Office, app: AsyncApp, client: AsyncWebClient
) -> None:
    too_long = {**REPLY, "title": {"type": "plain_text", "text": "x" * 25}}

    @app.view("reply")
    async def reply(ack: Any) -> None:
        await ack(response_action="update", view=too_long)

    view_id = await open_modal(slack, office, app, client)
    await slack.people.submit(office.agent.id, view_id)
    assert [call.error for call in slack.refused] == ["invalid_acknowledgement"]


async def test_a_required_field_must_be_filled_in_before_anything_is_sent(
    slack: SlackServer, office: Office, app: AsyncApp, client: AsyncWebClient
) -> None:
    view_id = await open_modal(slack, office, app, client)
    with pytest.raises(ImpossibleInSlack, match="must be filled in"):
        await slack.people.submit(office.agent.id, view_id, {"text": {"text": ""}})


async def test_a_closed_modal_is_told(
    slack: SlackServer, office: Office, app: AsyncApp, client: AsyncWebClient
) -> None:
    closed: list[str] = []

    @app.view_closed("reply")
    async def close(ack: Any, view: Body) -> None:
        closed.append(view["id"])
        await ack()

    view_id = await open_modal(slack, office, app, client)
    await slack.people.close_view(office.agent.id, view_id)
    assert closed == [view_id]
    assert slack.people.screen(office.agent.id) is None


async def test_a_trigger_opens_one_modal(
    slack: SlackServer, office: Office, app: AsyncApp, client: AsyncWebClient
) -> None:
    @app.action("edit")
    async def edit(ack: Any) -> None:
        await ack()

    ts = await card(client, office.triage.id, button("edit", "1"))
    trigger = (await slack.people.click(office.agent.id, office.triage.id, ts, "edit")).trigger_id
    await client.views_open(trigger_id=trigger, view=REPLY)
    with pytest.raises(SlackApiError, match="exchanged_trigger_id"):
        await client.views_open(trigger_id=trigger, view=REPLY)

    trigger = (await slack.people.click(office.agent.id, office.triage.id, ts, "edit")).trigger_id
    office.workspace.triggers[trigger].expires -= 10
    with pytest.raises(SlackApiError, match="expired_trigger_id"):
        await client.views_open(trigger_id=trigger, view=REPLY)


async def test_a_view_is_updated_only_under_the_hash_it_was_read_with(
    slack: SlackServer, office: Office, app: AsyncApp, client: AsyncWebClient
) -> None:
    view_id = await open_modal(slack, office, app, client)
    view = office.workspace.view(view_id)
    assert view is not None
    old = view.hash
    await client.views_update(view_id=view_id, hash=old, view=REPLY)
    with pytest.raises(SlackApiError, match="hash_conflict"):
        await client.views_update(view_id=view_id, hash=old, view=REPLY)


async def test_the_home_tab_is_published_and_pressed(
    slack: SlackServer, office: Office, app: AsyncApp, client: AsyncWebClient
) -> None:
    pressed: list[Body] = []

    @app.event("app_home_opened")
    async def opened(event: Body) -> None:
        view = {"type": "home", "blocks": actions(button("stats", "week"))}
        await client.views_publish(user_id=event["user"], view=view)

    @app.action("stats")
    async def stats(ack: Any, body: Body) -> None:
        pressed.append(body)
        await ack()

    await slack.people.open_home(office.agent.id)
    home = await slack.wait_for(lambda workspace: workspace.homes.get(office.agent.id))
    assert home is not None
    result = await slack.people.click_view(office.agent.id, home.id, "stats")
    assert result.response_url is None
    assert pressed[0]["container"] == {"type": "view", "view_id": home.id}
