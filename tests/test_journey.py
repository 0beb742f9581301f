"""The whole journey on real protocols, over SQLite and PostgreSQL: a message in, a personal follow-up out."""

from collections.abc import AsyncIterator
from datetime import timedelta
from email import message_from_bytes
from email.message import Message as Mail
from pathlib import Path
from typing import Any

import pytest
from scenes import MORNING, mail, order
from sqlalchemy import select
from sqlmodel import SQLModel

from bot.sandbox.records import Message as Post
from bot.sandbox.records import User
from bot.sandbox.stage import Stage
from storage import orders
from storage.engine import reading, transaction
from storage.tables import FollowUp, FollowUpState, OutboxItem, OutboxState, Refund, RefundState, Suggestion

DISTRUST = "Send et skærmbillede, så jeg kan se det."


@pytest.fixture
async def stage(database_url: str, tmp_path: Path) -> AsyncIterator[Stage]:
    async with Stage(tmp_path, database_url=database_url, morning=MORNING) as stage:
        yield stage
        assert stage.slack.refused == []


def rows(stage: Stage, table: type[SQLModel]) -> list[Any]:
    with reading(stage.running.parts.engine) as session:
        return list(session.execute(select(table).order_by(table.id)).scalars())  # type: ignore[attr-defined]


def letters(stage: Stage) -> list[Mail]:
    return [message_from_bytes(each.raw) for each in stage.mail.mails]


def words(letter: Mail) -> str:
    (plain,) = (each for each in letter.walk() if each.get_content_type() == "text/plain")
    payload = plain.get_payload(decode=True)
    assert isinstance(payload, bytes)
    return payload.decode()


async def click(stage: Stage, who: User, post: Post, action: str, **more: Any) -> None:
    await stage.slack.people.click(who.id, stage.triage.id, post.ts, action, **more)
    await stage.idle()


async def books(stage: Stage, *records: orders.OrderRecord) -> None:
    with transaction(stage.running.parts.engine) as session:
        for record in records:
            orders.keep(session, record, stage.clock())


async def window(stage: Stage, who: User) -> Any:
    """The content of the window that has just opened."""
    await stage.slack.wait_for(
        lambda _: (view := stage.slack.people.screen(who.id)) is not None and "submit" in view.payload
    )
    return stage.slack.people.screen(who.id)


def typed(stage: Stage, who: User) -> str:
    """What stands in the reply field of the window on top."""
    view = stage.slack.people.screen(who.id)
    assert view is not None
    field = next(block for block in view.payload["blocks"] if block["type"] == "input")
    return str(field["element"]["initial_value"])


async def test_mettes_journey(stage: Stage) -> None:
    await books(stage, order())
    await stage.receive(mail("I har trukket 499 kr. to gange for ordre 10432.", message_id="<1@example.dk>"))
    card = stage.card("charged twice")
    assert "499" in str(card.blocks)
    assert letters(stage) == []

    # The agent's own wording is caught, and a kinder sentence is taken.
    await click(stage, stage.freja, card, "card_edit")
    view = await window(stage, stage.freja)
    draft = view.payload["blocks"]
    field = next(block for block in draft if block["type"] == "input")
    text = field["element"]["initial_value"].replace("Du behøver ikke gøre noget.", DISTRUST)
    assert DISTRUST in text
    await stage.slack.people.submit(stage.freja.id, view.id, {field["block_id"]: {"text": text}})
    view = stage.slack.people.screen(stage.freja.id)
    assert view is not None
    assert "skærmbillede" in str(view.payload)
    await stage.slack.people.click_view(stage.freja.id, view.id, "use_kinder", value="0")
    await stage.slack.wait_for(lambda _: DISTRUST not in typed(stage, stage.freja))
    await stage.slack.people.submit(stage.freja.id, view.id)
    await stage.idle()

    (letter,) = letters(stage)
    assert "skærmbillede" not in words(letter)
    assert "499 kr." in words(letter)
    (refund,) = rows(stage, Refund)
    assert refund.state is RefundState.APPROVED

    # The money leaves, the case is solved, the follow-up goes when it is due.
    payout = next(
        each
        for each in stage.workspace.thread(stage.triage.id, card.ts)
        if "499" in each.text and each.ts != card.ts
    )
    await click(stage, stage.nils, payout, "refund_done")
    await click(stage, stage.freja, stage.card("charged twice"), "card_resolve")
    view = await window(stage, stage.freja)
    await stage.slack.people.submit(stage.freja.id, view.id)
    await stage.idle()
    (follow_up,) = rows(stage, FollowUp)
    assert follow_up.state is FollowUpState.SCHEDULED
    await stage.move_clock(follow_up.due_at - stage.clock() + timedelta(minutes=5))
    assert len(letters(stage)) == 2
    assert rows(stage, FollowUp)[0].state is FollowUpState.SENT

    # Her answer returns to the same agent.
    ours = str(letters(stage)[1]["Message-ID"]).strip("<>")
    await stage.receive(mail("Nej, de er her ikke endnu.", message_id="<2@example.dk>", answers=ours))
    thread = stage.workspace.thread(stage.triage.id, card.ts)
    assert any(
        f"<@{stage.freja.id}>" in str(each.blocks) + each.text or stage.freja.id in str(each.blocks)
        for each in thread
    )
    await every_mail_has_one_row_and_one_copy(stage)


async def every_mail_has_one_row_and_one_copy(stage: Stage) -> None:
    sent = [row for row in rows(stage, OutboxItem) if row.kind == "mail"]
    assert all(row.state is OutboxState.SENT for row in sent)
    ids = [str(letter["Message-ID"]).strip("<>") for letter in letters(stage)]
    assert sorted(ids) == sorted(row.payload["message_id"] for row in sent)
    approved = {card.final_text or card.text for card in rows(stage, Suggestion)} | {
        row.text for row in rows(stage, FollowUp)
    }
    for row in sent:
        assert any(row.payload["text"].split("\n")[2] in text for text in approved)


async def test_a_guest_in_slack_is_answered_in_the_thread_and_the_lead_approves_a_large_refund(
    stage: Stage,
) -> None:
    people = stage.slack.people
    await people.command(stage.signe.id, stage.triage.id, "/tillid", f"watch <#{stage.shared.id}>")
    ts = await people.say(
        stage.guest.id,
        stage.shared.id,
        "Hei, lampen dere sendte er knust. Vi vil ha pengene tilbake, 4 999 kr.",
    )
    await stage.slack.wait_for(lambda _: len(stage.cards()) == 1)
    await stage.idle()
    card = stage.cards()[0]
    assert [each.text for each in stage.workspace.thread(stage.shared.id, ts)] == [
        stage.workspace.message(stage.shared.id, ts).text  # type: ignore[union-attr]
    ]
    await click(stage, stage.freja, card, "card_refund")
    view = await window(stage, stage.freja)
    await people.submit(stage.freja.id, view.id, {"amount": {"amount": "4999"}})
    await stage.idle()
    (refund,) = rows(stage, Refund)
    assert refund.state is RefundState.REQUESTED
    ask = stage.workspace.thread(stage.triage.id, card.ts)[-1]
    await click(stage, stage.freja, ask, "refund_approve")
    assert rows(stage, Refund)[0].state is RefundState.REQUESTED
    await click(stage, stage.signe, ask, "refund_approve")
    assert rows(stage, Refund)[0].state is RefundState.APPROVED
    await click(stage, stage.freja, stage.cards()[0], "card_send")
    answer = stage.workspace.thread(stage.shared.id, ts)[-1]
    assert "4 999 kr" in answer.text.replace("\xa0", " ")
    assert "Freja" in str(answer.blocks)
    said = await people.command(stage.marius.id, stage.triage.id, "/tillid", "stats today")
    assert "approved by a lead" in str(said.payload)
