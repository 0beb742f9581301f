"""One message once, and two messages twice, however they arrive."""

import asyncio

import pytest
from scenes import OURS, Scene, mail
from sqlalchemy import delete
from sqlmodel import Session, col

from bot import pipeline
from storage.tables import (
    CardState,
    Conversation,
    InboxItem,
    InboxState,
    Message,
    OutboxItem,
    Suggestion,
)

ORDERS = "ordre@lampehuset.example"
WHERE = "Hej, hvor er min pakke?"


def through(raw: bytes, mailbox: str) -> bytes:
    """The mail as that mailbox has it: each server on the way writes lines of its own."""
    return f"Delivered-To: {mailbox}\r\nReceived: from mx by {mailbox}; Mon, 2 Mar 2026\r\n".encode() + raw


def without_id(text: str = WHERE, **headers: str) -> bytes:
    """A mail that no program gave a Message-ID."""
    lines = mail(text, message_id="<none@example.dk>", **headers).split(b"\n")
    return b"\n".join(line for line in lines if not line.startswith(b"Message-ID:"))


async def test_a_mail_fetched_by_two_workers_at_once_is_one_message(scene: Scene) -> None:
    raw = mail(WHERE)
    await asyncio.gather(*(scene.hear(raw) for _ in range(4)))
    await asyncio.gather(*(pipeline.process(scene.parts) for _ in range(4)))
    await scene.work()
    assert len(scene.rows(InboxItem)) == 1
    assert len(scene.rows(Message)) == 1
    assert [item.key for item in scene.sent] == ["card:1"]


async def test_a_mail_that_a_moved_mailbox_hands_over_anew_is_one_message(scene: Scene) -> None:
    await scene.receive(through(mail(WHERE), "old-server"))
    scene.send()
    await scene.work()
    scene.pass_time(days=20)
    await scene.receive(through(mail(WHERE), "new-server"))
    assert scene.inbox_states() == [InboxState.DONE, InboxState.DONE]
    assert len(scene.rows(Message)) == 2  # hers, and our answer
    assert [card.state for card in scene.rows(Suggestion)] == [CardState.SENT]


async def test_a_mail_to_two_of_our_mailboxes_is_shown_once_and_answered_once(scene: Scene) -> None:
    raw = mail(WHERE, Cc=ORDERS)
    await scene.hear(through(raw, OURS), OURS)
    await scene.hear(through(raw, ORDERS), ORDERS)
    await scene.work()
    assert len(scene.rows(Conversation)) == 1
    assert len(scene.rows(Message)) == 1
    assert [card.state for card in scene.rows(Suggestion)] == [CardState.NEW]


async def test_a_copy_with_a_line_put_below_it_joins_the_first_and_has_one_answer(scene: Scene) -> None:
    raw = mail(WHERE, message_id="<1@example.dk>")
    await scene.receive(through(raw, OURS))
    await scene.hear(through(raw + b"\n-- \nDenne mail kom udefra.\n", ORDERS), ORDERS)
    await scene.work()
    assert len(scene.rows(Conversation)) == 1
    assert len(scene.rows(Message)) == 2
    assert [card.state for card in scene.rows(Suggestion)] == [CardState.WITHDRAWN, CardState.NEW]


async def test_two_mails_of_one_id_and_other_words_are_both_kept_and_both_shown(scene: Scene) -> None:
    await scene.receive(mail("Hej, hvor er min pakke?", message_id="<same@example.dk>"))
    await scene.receive(mail("Pakken kom, men lampen er knust.", message_id="<same@example.dk>"))
    assert [each.reply.strip() for each in scene.rows(Message)] == [
        "Hej, hvor er min pakke?",
        "Pakken kom, men lampen er knust.",
    ]
    assert "knust" in str(scene.sent[-1].payload["blocks"])


async def test_one_id_written_by_two_people_is_two_cases(scene: Scene) -> None:
    await scene.receive(mail(WHERE, message_id="<form@shop.example>"))
    await scene.receive(mail(WHERE + " Bo", sender="Bo <bo@example.dk>", message_id="<form@shop.example>"))
    first, second = scene.rows(Conversation)
    assert first.customer_id != second.customer_id


async def test_a_mail_without_an_id_is_kept_once_however_often_it_comes(scene: Scene) -> None:
    raw = without_id()
    await scene.receive(raw)
    await scene.receive(raw)
    await scene.hear(raw, ORDERS)
    await scene.work()
    (message,) = scene.rows(Message)
    assert message.message_id is None
    assert len(scene.rows(Conversation)) == 1


async def test_two_copies_without_an_id_in_two_mailboxes_at_once_are_one(scene: Scene) -> None:
    await asyncio.gather(scene.hear(without_id(), OURS), scene.hear(without_id(), ORDERS))
    await scene.work()
    assert len(scene.rows(Message)) == 1


async def test_two_mails_without_an_id_in_one_second_are_two(scene: Scene) -> None:
    date = "Mon, 02 Mar 2026 09:12:00 +0100"
    await scene.receive(without_id("Hej, hvor er min pakke?", Date=date))
    await scene.receive(without_id("Hej, hvor er min anden pakke?", Date=date))
    assert len(scene.rows(Message)) == 2


@pytest.mark.parametrize("raw", [mail(WHERE), without_id()])
async def test_a_case_deleted_here_does_not_come_back_from_the_mailbox(scene: Scene, raw: bytes) -> None:
    await scene.receive(raw)
    scene.do(_delete_case)
    for _ in range(2):
        scene.pass_time(days=40)
        await scene.receive(raw)
    assert scene.rows(Conversation) == []
    assert scene.rows(Message) == []


async def test_an_answer_to_a_deleted_case_is_a_case_of_its_own(scene: Scene) -> None:
    await scene.receive(mail(WHERE, message_id="<1@example.dk>"))
    scene.do(_delete_case)
    await scene.receive(mail("Er der nyt?", message_id="<2@example.dk>", answers="1@example.dk"))
    assert len(scene.rows(Conversation)) == 1
    assert scene.card().state is CardState.NEW


def _delete_case(session: Session) -> None:
    session.execute(delete(OutboxItem).where(col(OutboxItem.conversation_id).is_not(None)))
    session.execute(delete(Conversation))
