"""The card asks which order it is about; an agent chooses from its menu in Slack, and the letter follows."""

import json
from collections.abc import AsyncIterator
from email import message_from_bytes
from pathlib import Path
from typing import Any

import pytest
from scenes import MORNING, keep_order, mail, order
from sqlalchemy import select
from sqlmodel import SQLModel, col

from bot.sandbox.records import Message, User
from bot.sandbox.stage import Stage
from storage.engine import reading, transaction
from storage.tables import AuditEvent, Conversation, Order, Refund

PAID_TWICE, PAID_ONCE = "10432", "10440"
ASKS = "Which order?"


@pytest.fixture
async def stage(database_url: str, tmp_path: Path) -> AsyncIterator[Stage]:
    """Mette has two orders that fit, one of them paid twice, and names none."""
    async with Stage(tmp_path, database_url=database_url, morning=MORNING) as stage:
        with transaction(stage.running.parts.engine) as session:
            keep_order(session, order(PAID_TWICE))
            keep_order(session, order(PAID_ONCE, captures=(9_900,), items=(("Pære", 9_900),)))
        await stage.receive(mail("Hej, I har trukket beløbet to gange på mit kort. Hvad gør vi?"))
        yield stage
        assert stage.slack.refused == []


def rows(stage: Stage, table: type[SQLModel]) -> list[Any]:
    with reading(stage.running.parts.engine) as session:
        return list(session.execute(select(table).order_by(table.id)).scalars())  # type: ignore[attr-defined]  # every table has one


def menu(stage: Stage) -> dict[str, Any]:
    """The select on the card, as Slack shows it."""
    (block,) = [each for each in stage.card(ASKS).blocks if ASKS in json.dumps(each)]
    found: dict[str, Any] = block["accessory"]
    return found


async def choose(stage: Stage, who: User, number: str, card: Message | None = None) -> None:
    """Somebody opens the menu and takes the order with that number."""
    card = card or stage.card(ASKS)
    (wanted,) = [each["value"] for each in menu(stage)["options"] if each["text"]["text"].startswith(number)]
    await stage.slack.people.click(who.id, stage.triage.id, card.ts, "card_order", option=wanted)
    await stage.idle()


async def test_the_order_an_agent_chooses_in_the_menu_is_what_the_letter_is_about(stage: Stage) -> None:
    assert "initial_option" not in menu(stage)
    assert "499" not in str(stage.card(ASKS).blocks)
    await choose(stage, stage.freja, PAID_TWICE)
    assert menu(stage)["initial_option"]["text"]["text"].startswith(PAID_TWICE)
    assert "499" in str(stage.card(ASKS).blocks)
    await stage.slack.people.click(stage.freja.id, stage.triage.id, stage.card(ASKS).ts, "card_send")
    await stage.idle()
    (sent,) = stage.mail.mails
    assert PAID_TWICE in str(message_from_bytes(sent.raw)) and PAID_ONCE not in str(
        message_from_bytes(sent.raw)
    )
    with reading(stage.running.parts.engine) as session:
        of_order = select(col(Order.number)).join(Refund, col(Refund.order_id) == col(Order.id))
        assert session.execute(of_order).scalars().all() == [PAID_TWICE]


async def test_another_choice_takes_the_first_one_back_as_long_as_nothing_was_sent(stage: Stage) -> None:
    await choose(stage, stage.freja, PAID_TWICE)
    await choose(stage, stage.nils, PAID_ONCE)
    assert menu(stage)["initial_option"]["text"]["text"].startswith(PAID_ONCE)
    assert "499" not in str(stage.card(ASKS).blocks)
    chosen = {each.number: each.id for each in rows(stage, Order)}
    assert [each.order_id for each in rows(stage, Conversation)] == [chosen[PAID_ONCE]]
    events = [each.subject_id for each in rows(stage, AuditEvent) if each.action == "order_chosen"]
    assert events == [chosen[PAID_TWICE], chosen[PAID_ONCE]]
    assert stage.mail.mails == []
