"""The cards, buttons and modals that the tests of interactions use."""

from typing import Any

from slack_sdk.web.async_client import AsyncWebClient

Body = dict[str, Any]


def button(action_id: str, value: str, **more: Any) -> Body:
    label = {"type": "plain_text", "text": action_id.title()}
    return {"type": "button", "action_id": action_id, "value": value, "text": label, **more}


def actions(*elements: Body, block_id: str = "card:1:v1") -> list[Body]:
    return [{"type": "actions", "block_id": block_id, "elements": list(elements)}]


REPLY: Body = {
    "type": "modal",
    "callback_id": "reply",
    "title": {"type": "plain_text", "text": "Edit reply"},
    "submit": {"type": "plain_text", "text": "Send"},
    "private_metadata": "card-1",
    "notify_on_close": True,
    "blocks": [
        {
            "type": "input",
            "block_id": "text",
            "label": {"type": "plain_text", "text": "Reply"},
            "element": {"type": "plain_text_input", "action_id": "text", "initial_value": "Hello Dana"},
        },
        {
            "type": "input",
            "block_id": "when",
            "optional": True,
            "label": {"type": "plain_text", "text": "Follow up"},
            "element": {
                "type": "static_select",
                "action_id": "when",
                "options": [{"text": {"type": "plain_text", "text": "Tomorrow"}, "value": "tomorrow"}],
            },
        },
    ],
}


async def card(client: AsyncWebClient, channel_id: str, *elements: Body) -> str:
    answer = await client.chat_postMessage(channel=channel_id, text="A card", blocks=actions(*elements))
    return str(answer["ts"])
