"""One valid object of each shape, and the readers the card tests share."""

import json
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

from bot.cards.shapes import Card, CardView, FindingLine, FollowUpLine, RefundLine
from bot.sandbox.slackcheck import check_message

NOW = datetime(2026, 11, 5, 9, 30, tzinfo=UTC)
STATES = ("new", "sending", "sent", "failed", "dismissed", "withdrawn", "shown")

FINDING = FindingLine(
    category="demands_proof",
    severity="high",
    text="send us a screenshot",
    why="It sounds as if we doubt them.",
    rewrite="I can see both payments here.",
)
FOLLOW_UP = FollowUpLine("money_arrived", NOW, "the bank needs five days", "planned")
REFUND = RefundLine(7, "499 kr.", "refund", "requested", "U0PRIYA", "U0LEAD", "U0DONE", False, True)


def card_view(**changes: Any) -> CardView:
    """A new card of a customer who paid twice, with a draft, within authority."""
    view = CardView(
        conversation_id=12, version=3, state="new", channel="email", customer_name="Mette Larsen",
        address="mette@example.dk", subject="Ordre 10432", headline="charged twice",
        customer_text="I har trukket 499 kr. to gange.", received_at=NOW, attachments=(), permalink="",
        language="da", language_name="Danish", feeling=1, urgent=False, second_chance=False, open_cases=1,
        customer_type=None, customer_type_because=(), automatic=None, owner_only=None, owner_id="",
        draft="Hej Mette\n\nDu har ret, og pengene er på vej.", subject_line="Re: Ordre 10432", findings=(),
        hints=(), rule="give_back_double_charge", passed=("ignore_automatic_mail",), because=("to gange",),
        facts=("Order 10432: two captures of 499 kr.",), intent="double_charge",
        intents=(("double_charge", 86), ("refund_status", 9)), remedy="", remedy_amount="", remedy_kind="",
        within_authority=True, needs_second_check=False, known=True, send_refunds=False, follow_up=None,
        refunds=(), assigned_to="", answers_follow_up=False, bala="need", decided_by="", decided_at=None,
        sent_text="", edited=False, problem="", waiting_since=NOW,
    )  # fmt: skip
    return replace(view, **changes)


def refund(**changes: Any) -> RefundLine:
    """A refund that waits for a lead."""
    return replace(REFUND, **changes)


def errors_of(card: Card) -> list[str]:
    """What Slack would refuse, and what we ask of ourselves beyond that."""
    errors = check_message({"channel": "C1", "text": card.text, "blocks": card.blocks})
    if len(card.text) > 4000:
        errors.append("chat.update refuses a text this long")
    try:
        raw_json(card).encode("utf-8")
    except UnicodeEncodeError:
        errors.append("holds half a character, which no request can carry")
    return errors


def raw_json(card: Card) -> str:
    """The whole card with every character as it is."""
    return json.dumps([card.text, card.blocks], ensure_ascii=False)


def walked(value: Any) -> Iterator[dict[str, Any]]:
    """Every object anywhere inside."""
    if isinstance(value, dict):
        yield value
        for item in value.values():
            yield from walked(item)
    elif isinstance(value, list):
        for item in value:
            yield from walked(item)


def texts(card: Card) -> str:
    """All words in the blocks, a line each."""
    return "\n".join(one["text"] for one in walked(card.blocks) if isinstance(one.get("text"), str))


def mrkdwn_texts(blocks: Any) -> list[str]:
    """Every text Slack reads as markup."""
    return [one["text"] for one in walked(blocks) if one.get("type") == "mrkdwn"]


def labels(card: Card) -> list[str]:
    """What the buttons say, in order."""
    return [one["text"]["text"] for one in walked(card.blocks) if one.get("type") == "button"]


def action_ids(card: Card) -> list[str]:
    """What can be pressed, in order."""
    return [one["action_id"] for one in walked(card.blocks) if "action_id" in one]


def menu(card: Card) -> list[str]:
    """The values behind the dots."""
    menus = [one for one in walked(card.blocks) if one.get("type") == "overflow"]
    return [option["value"] for option in menus[0]["options"]] if menus else []
