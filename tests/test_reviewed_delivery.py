"""What must not happen on the way out: a failure that nobody hears of, a leak."""

from typing import Any

import pytest
from scenes import MORNING, TWICE, Scene, mail, row, told
from sqlalchemy import Engine
from sqlalchemy.exc import IntegrityError

from bot import pipeline
from bot.cards.replies import MOST_REPLY
from bot.errors import PermanentFailure, UnknownOutcome
from bot.messages import Outgoing
from storage import customers, outbox
from storage.engine import transaction
from storage.tables import (
    AddressKind,
    CardState,
    Customer,
    OutboxItem,
    OutboxState,
)


async def test_a_card_that_cannot_be_posted_is_told_to_the_operators_once(scene: Scene) -> None:
    scene.troubles["card"] = [PermanentFailure("Slack said invalid_blocks")]
    await scene.receive(mail(TWICE))
    alert = told(scene, "undelivered:card:1:1").payload
    assert alert["text"] == "The card of conversation 1 could not be posted: Slack said invalid_blocks"
    assert alert["channel"] == scene.parts.places.operators_channel


async def test_a_card_that_a_newer_version_replaces_is_no_failure(scene: Scene) -> None:
    await scene.receive(mail(TWICE))
    scene.send()
    claimed = next(each for each in scene.do(outbox.claim, scene.now) if each.kind == "card")
    scene.do(outbox.refresh, "card:1", "card", {}, scene.now, conversation_id=1)
    scene.troubles["card"] = [PermanentFailure("Slack said invalid_blocks")]
    await pipeline.deliver_row(scene.parts, claimed)
    await scene.work()
    assert row(scene, "card:1").state is OutboxState.SENT
    assert [each for each in scene.rows(OutboxItem) if each.kind == "alert"] == []


async def test_an_answer_too_long_for_slack_is_given_up_at_once_with_its_words(scene: Scene) -> None:
    await scene.hear_slack("Hei, hvor blir det av pakken vår?")
    await scene.work()
    payload = {"text": "x" * (MOST_REPLY + 1), "agent": "Freja", "house": "Lampehuset", "channel": "CSHARED"}
    scene.do(outbox.put, "reply:1:9", "slack_reply", payload, scene.now, lane="x", conversation_id=1)
    await scene.work()
    reply = row(scene, "reply:1:9")
    assert (reply.state, reply.attempts) == (OutboxState.FAILED, 1)
    assert "Shorten it" in reply.error


async def test_a_side_that_never_says_whether_it_took_it_is_not_asked_for_ever(scene: Scene) -> None:
    scene.troubles["card"] = [UnknownOutcome("Slack did not confirm")] * 30
    await scene.receive(mail(TWICE))
    for _ in range(15):
        scene.pass_time(minutes=2)
        await scene.work()
    card = row(scene, "card:1")
    assert (card.state, card.attempts) == (OutboxState.FAILED, pipeline.UNKNOWN_ATTEMPTS)
    assert "did not confirm" in told(scene, "undelivered:card:1:1").payload["text"]


async def test_a_reply_that_fails_is_still_told_on_its_card(scene: Scene) -> None:
    await scene.receive(mail(TWICE))
    scene.send()
    scene.troubles["mail"] = [PermanentFailure("550 no")]
    await scene.work()
    assert scene.card().state is CardState.FAILED
    assert [each for each in scene.rows(OutboxItem) if each.kind in ("alert", "note")] == []


# ---- personal data in errors ------------------------------------------------------------------------------


def write_an_address(engine: Engine) -> None:
    """A stranger comes to have this address."""
    with transaction(engine) as session:
        customer = Customer(since_at=MORNING, created_at=MORNING)
        session.add(customer)
        session.flush()
        door = customers.Door(AddressKind.EMAIL, "mette@example.dk")
        customers.add_address(session, customer.id or 0, door, source="mail", now=MORNING)


def one_row_twice(engine: Engine) -> IntegrityError:
    """What the database says when the address is somebody's already."""
    write_an_address(engine)
    with pytest.raises(IntegrityError) as raised:
        write_an_address(engine)
    return raised.value


def test_a_database_error_does_not_hold_the_values_of_its_statement(engine: Engine) -> None:
    error = one_row_twice(engine)
    assert "parameters hidden" in str(error)
    assert "mette" not in str(error).replace(str(error.orig), "")


async def test_what_is_kept_of_a_database_error_names_nobody(scene: Scene) -> None:
    error = one_row_twice(scene.parts.engine)

    async def send(item: Outgoing) -> dict[str, Any]:
        raise error

    scene.parts.senders["card"] = send  # type: ignore[index]  # a dict behind the Mapping
    await scene.receive(mail("Hvor er min pakke?", sender="Anna <anna@example.dk>"))
    kept = row(scene, "card:1").error
    assert kept.startswith("IntegrityError: ")
    assert "mette" not in kept
    assert "\n" not in kept


# ---- addresses --------------------------------------------------------------------------------------------


def test_an_address_that_is_reached_again_has_not_bounced(scene: Scene) -> None:
    door = customers.Door(AddressKind.EMAIL, "mette@example.dk")
    scene.do(customers.ensure, door, name="Mette", source="mail", now=scene.now)
    scene.do(customers.mark_bounced, "Mette@example.dk", scene.now)
    assert scene.do(customers.has_bounced, "mette@example.dk")
    scene.do(customers.clear_bounced, "METTE@example.dk")
    assert not scene.do(customers.has_bounced, "mette@example.dk")
