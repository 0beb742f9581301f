"""Delivery: what is due goes out, what failed is tried again or told, and nothing goes twice."""

from datetime import timedelta

from scenes import Scene, mail

from bot.errors import PermanentFailure, TemporaryFailure, UnknownOutcome
from storage import inbox
from storage.tables import (
    CardState,
    Message,
    OutboxItem,
    OutboxState,
)

TWICE = "Hej, I har trukket 499 kr. to gange for ordre 10432. Kan I give mig pengene tilbage?"


async def test_a_temporary_failure_is_tried_again_later_and_a_lasting_one_is_told(scene: Scene) -> None:
    await scene.receive(mail(TWICE))
    scene.send()
    scene.troubles["mail"] = [TemporaryFailure("busy"), PermanentFailure("no such mailbox")]
    await scene.work()
    assert len(scene.waiting("mail")) == 1
    scene.pass_time(hours=1)
    await scene.work()
    reply = next(row for row in scene.rows(OutboxItem) if row.kind == "mail")
    assert (reply.state, reply.error) == (OutboxState.FAILED, "no such mailbox")
    assert scene.card().state is CardState.FAILED
    assert scene.sent[-1].key == "card:1"


async def test_an_unknown_outcome_is_repeated_once_with_the_same_message_id(scene: Scene) -> None:
    await scene.receive(mail(TWICE))
    scene.send()
    scene.troubles["mail"] = [UnknownOutcome("silence"), UnknownOutcome("silence")]
    ids = set()
    for _ in range(5):
        await scene.work()
        ids |= {row.payload["message_id"] for row in scene.rows(OutboxItem) if row.kind == "mail"}
        scene.pass_time(minutes=5)
    reply = next(row for row in scene.rows(OutboxItem) if row.kind == "mail")
    assert len(ids) == 1
    assert reply.state is OutboxState.FAILED
    assert reply.attempts == 3
    assert scene.troubles["mail"] == []


async def test_no_transaction_is_open_while_we_wait_for_somebody_elses_server(scene: Scene) -> None:
    await scene.receive(mail(TWICE))
    await scene.receive(mail("Hvor er min pakke?", sender="Anna Bech <anna@example.dk>"))
    assert scene.open_connections == [0, 0]


async def test_slack_being_away_never_holds_up_a_customers_mail(scene: Scene) -> None:
    await scene.receive(mail(TWICE))
    scene.send()
    scene.troubles["card"] = [TemporaryFailure("away")] * 5
    await scene.work()
    assert len(scene.mails()) == 1


async def test_a_card_overwritten_while_it_is_sent_goes_once_more(scene: Scene) -> None:
    await scene.receive(mail(TWICE))
    scene.send()
    await scene.work()
    versions = [item.payload["text"] for item in scene.sent if item.key == "card:1"]
    assert len(versions) >= 2
    assert scene.sent[-1].key == "card:1"
    assert scene.sent[-1].receipt != {}


async def test_raw_mail_is_forgotten_after_its_time_and_its_key_is_not(scene: Scene) -> None:
    raw = mail(TWICE)
    await scene.receive(raw)
    assert scene.do(inbox.forget_raw, scene.now + timedelta(days=1)) == 1
    await scene.receive(raw)
    assert len(scene.rows(Message)) == 1
