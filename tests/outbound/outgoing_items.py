"""What a sender is handed in these tests."""

import socket
from datetime import UTC, datetime
from typing import Any

from bot.messages import Outgoing

NOW = datetime(2026, 3, 2, 8, 30, tzinfo=UTC)


def clock() -> datetime:
    """Always the same moment."""
    return NOW


def letter(*, attempt: int = 1, **changed: Any) -> Outgoing:
    """A mail to a customer, as the outbox hands it over."""
    payload: dict[str, Any] = {
        "from": "Lampehuset <hej@lampehuset.example>",
        "sender_name": "Freja Holm",
        "to": "mette@example.dk",
        "subject": "Re: Bordlampe",
        "message_id": "t-1.2@lampehuset.example",
        "in_reply_to": "m2@example.dk",
        "references": ["m1@example.dk", "m2@example.dk"],
        "token": "43b43719c475",
        "text": "Hej Mette\n\nPengene er på vej.\n\nVenlig hilsen\nFreja",
    }
    return Outgoing("reply:1:1", payload | changed, attempt)


def post(channel: str, *, key: str = "card:1", attempt: int = 1, **more: Any) -> Outgoing:
    """A post to Slack, as the outbox hands it over. `receipt` is what an earlier success returned."""
    receipt = more.pop("receipt", {})
    said = {"type": "section", "text": {"type": "plain_text", "text": "A draft is ready."}}
    payload = {"channel": channel, "text": "A draft is ready.", "blocks": [said]}
    return Outgoing(key, payload | more, attempt, receipt=receipt)


def closed_port() -> int:
    """A port of this machine on which nobody listens."""
    with socket.socket() as held:
        held.bind(("127.0.0.1", 0))
        port: int = held.getsockname()[1]
        return port
