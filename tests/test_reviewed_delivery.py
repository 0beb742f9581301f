"""What must not happen on the way out: a follow-up to somebody who wrote, a failure nobody hears of, a leak."""

import asyncio
from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from scenes import FREJA, MORNING, SIGNE, Scene, keep_order, mail, order
from slack_sdk.web.async_client import AsyncWebClient
from sqlalchemy import Engine, text
from sqlalchemy.exc import IntegrityError

from bot import desk, pipeline
from bot.app import _finder
from bot.cards.replies import MOST_REPLY
from bot.desk.follow_ups import Approved
from bot.errors import ConfigError, PermanentFailure, TemporaryFailure, UnknownOutcome
from bot.handlers.slack_commands import Commands
from bot.messages import Outgoing
from bot.outbound.mail import MailSender
from bot.outgoing import outgoing
from bot.sandbox.stage import Stage
from bot.settings import Settings
from storage import audit, customers, follow_ups, inbox, outbox
from storage.engine import transaction
from storage.tables import (
    AddressKind,
    CardState,
    Customer,
    FollowUp,
    FollowUpState,
    InboxItem,
    InboxState,
    OutboxItem,
    OutboxState,
)

TWICE = "Hej, I har trukket 499 kr. to gange for ordre 10432. Kan I give mig pengene tilbage?"
STILL_NOTHING = "Pengene er her ikke. Hvor er de?"


async def solve(scene: Scene, number: int = 1) -> FollowUp:
    """The newest case is answered and resolved; its follow-up is set."""
    scene.send()
    await scene.work()
    plan = scene.card().follow_up
    assert plan is not None
    due_at = datetime.fromisoformat(plan["due_at"])
    approved = Approved(plan["kind"], "Kom pengene?", "Hej Mette, kom pengene? Freja", due_at, plan["why"])
    scene.do(desk.resolve, scene.press(), approved, scene.now)
    await scene.work()
    follow_up = scene.rows(FollowUp)[number - 1]
    assert isinstance(follow_up, FollowUp)
    scene.pass_time(minutes=1)
    return follow_up


@pytest.fixture
async def due(scene: Scene) -> Scene:
    """A case that was solved, in the moment its follow-up is due."""
    scene.do(keep_order, order())
    await scene.receive(mail(TWICE, subject="Betalt to gange", message_id="<1@example.dk>"))
    scene.now = (await solve(scene)).due_at + timedelta(minutes=1)
    return scene


async def remind(scene: Scene) -> None:
    await pipeline.remind(scene.parts)
    await scene.work()


def follow_up_of(scene: Scene) -> FollowUp:
    found = scene.rows(FollowUp)[0]
    assert isinstance(found, FollowUp)
    return found


def told(scene: Scene, key: str) -> Outgoing:
    """The one post of that key."""
    (found,) = [item for item in scene.sent if item.key == key]
    return found


def row(scene: Scene, key: str) -> OutboxItem:
    (found,) = [each for each in scene.rows(OutboxItem) if each.key == key]
    assert isinstance(found, OutboxItem)
    return found


# ---- a follow-up and a customer who writes ----------------------------------------------------------------


async def test_a_follow_up_held_up_on_its_way_does_not_go_once_the_customer_has_written(due: Scene) -> None:
    due.troubles["mail"] = [TemporaryFailure("the mail server is away")]
    await remind(due)
    assert follow_up_of(due).state is FollowUpState.SENDING
    due.pass_time(minutes=5)
    # The customer's message is understood before the held-up row is looked at again.
    await due.hear(mail(STILL_NOTHING, message_id="<2@example.dk>", answers="1@example.dk"))
    await pipeline.process(due.parts)
    due.pass_time(hours=3)
    await due.work()
    assert [item.key for item in due.mails()] == ["reply:1:1"]
    follow_up = follow_up_of(due)
    assert (follow_up.state, follow_up.cancelled_because) == (
        FollowUpState.CANCELLED,
        "the customer wrote first",
    )
    assert row(due, "follow_up:1").state is OutboxState.WITHDRAWN
    note = told(due, "left_out:1").payload
    assert note["mention"] == FREJA
    assert "did not go: the customer wrote first" in note["text"]


async def test_a_follow_up_that_may_have_gone_is_not_said_to_have_stayed_here(due: Scene) -> None:
    due.troubles["mail"] = [UnknownOutcome("silence")]
    await remind(due)
    await due.hear(mail(STILL_NOTHING, message_id="<2@example.dk>", answers="1@example.dk"))
    await pipeline.process(due.parts)
    due.pass_time(hours=1)
    await due.work()
    assert [item.key for item in due.mails()] == ["reply:1:1"]
    assert "not sent once more" in told(due, "left_out:1").payload["text"]


async def test_a_follow_up_waits_for_nothing_when_nobody_wrote(due: Scene) -> None:
    due.troubles["mail"] = [TemporaryFailure("the mail server is away")]
    await remind(due)
    due.pass_time(hours=3)
    await due.work()
    assert [item.key for item in due.mails()] == ["reply:1:1", "follow_up:1"]
    assert follow_up_of(due).state is FollowUpState.SENT


@pytest.mark.parametrize("state", [InboxState.NEW, InboxState.QUARANTINED])
async def test_a_mail_that_nobody_has_understood_yet_stops_the_follow_up(
    due: Scene, state: InboxState
) -> None:
    await due.hear(mail(STILL_NOTHING, message_id="<2@example.dk>", answers="1@example.dk"))
    if state is InboxState.QUARANTINED:
        due.do(inbox.quarantine, due.rows(InboxItem)[-1].id, "ValueError: no", "", due.now)
    assert due.rows(InboxItem)[-1].state is state
    await pipeline.remind(due.parts)
    assert follow_up_of(due).state is FollowUpState.CANCELLED
    assert [each for each in due.rows(OutboxItem) if each.key == "follow_up:1"] == []


async def test_such_a_mail_stops_a_follow_up_on_its_way_too(due: Scene) -> None:
    await pipeline.remind(due.parts)
    assert follow_up_of(due).state is FollowUpState.SENDING
    await due.hear(mail(STILL_NOTHING, message_id="<2@example.dk>", answers="1@example.dk"))
    while await pipeline.deliver(due.parts):
        pass
    assert [item.key for item in due.mails()] == ["reply:1:1"]
    assert follow_up_of(due).state is FollowUpState.CANCELLED


async def test_what_came_in_before_the_approval_or_elsewhere_stops_nothing(due: Scene) -> None:
    lane = due.rows(InboxItem)[0].lane
    await due.hear(mail("Hvornår åbner I?", message_id="<elsewhere@example.dk>"))
    since = due.now - timedelta(hours=1)
    assert not due.do(inbox.unread_since, lane, since)
    await due.hear(mail(STILL_NOTHING, message_id="<2@example.dk>", answers="1@example.dk"))
    assert due.do(inbox.unread_since, lane, since)
    assert not due.do(inbox.unread_since, lane, due.now)


async def test_only_what_went_out_counts_as_sent(due: Scene) -> None:
    await pipeline.remind(due.parts)
    assert due.do(follow_ups.last_sent, 1) is None
    await due.work()
    assert due.do(follow_ups.last_sent, 1).id == 1


async def test_one_follow_up_that_the_database_refuses_does_not_stop_the_others(scene: Scene) -> None:
    for number, sender in enumerate(("mette@example.dk", "anna@example.dk"), start=1):
        scene.do(keep_order, order(f"1043{number}", email=sender))
        words = TWICE.replace("10432", f"1043{number}")
        await scene.receive(mail(words, sender=sender, message_id=f"<{number}@example.dk>"))
        scene.now = (await solve(scene, number)).created_at + timedelta(minutes=1)
    scene.now = max(each.due_at for each in scene.rows(FollowUp)) + timedelta(minutes=1)
    # The first one's record is there already, and may be there once.
    scene.do(audit.record, "follow_up_sent", scene.now, conversation_id=1)
    once = "CREATE UNIQUE INDEX once ON audit_events (conversation_id) WHERE action = 'follow_up_sent'"
    with transaction(scene.parts.engine) as session:
        session.execute(text(once))
    assert await pipeline.remind(scene.parts) == 1
    states = [each.state for each in scene.rows(FollowUp)]
    assert states == [FollowUpState.SCHEDULED, FollowUpState.SENDING]


# ---- what fails for good is told --------------------------------------------------------------------------


async def test_a_follow_up_that_fails_is_told_to_its_agent(due: Scene) -> None:
    due.troubles["mail"] = [PermanentFailure("the mail server said 550 no such user")]
    await remind(due)
    assert follow_up_of(due).state is FollowUpState.FAILED
    note = told(due, "failed:follow_up:1").payload
    assert note["mention"] == FREJA
    assert note["text"].endswith("Your follow-up did not go: the mail server said 550 no such user")


async def test_a_card_that_cannot_be_posted_is_told_to_the_operators_once(scene: Scene) -> None:
    scene.troubles["card"] = [PermanentFailure("Slack said invalid_blocks")]
    await scene.receive(mail(TWICE))
    alert = told(scene, "undelivered:card:1:1").payload
    assert alert["text"] == "The card of conversation 1 could not be posted: Slack said invalid_blocks"
    assert alert["channel"] == scene.parts.places.operators_channel


async def test_a_note_that_cannot_be_posted_is_told_and_a_failed_alert_tells_nothing_more(due: Scene) -> None:
    await due.hear(mail(STILL_NOTHING, message_id="<2@example.dk>", answers="1@example.dk"))
    await pipeline.remind(due.parts)
    due.troubles["note"] = [PermanentFailure("Slack said msg_too_long")]
    due.troubles["alert"] = [PermanentFailure("Slack said channel_not_found")]
    await due.work()
    alerts = [each for each in due.rows(OutboxItem) if each.kind == "alert"]
    assert [(each.key, each.state) for each in alerts] == [("undelivered:left_out:1:1", OutboxState.FAILED)]
    assert "A note in the thread of conversation 1" in alerts[0].payload["text"]


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


# ---- the edges --------------------------------------------------------------------------------------------


def test_an_address_that_is_reached_again_has_not_bounced(scene: Scene) -> None:
    door = customers.Door(AddressKind.EMAIL, "mette@example.dk")
    scene.do(customers.ensure, door, name="Mette", source="mail", now=scene.now)
    scene.do(customers.mark_bounced, "Mette@example.dk", scene.now)
    assert scene.do(customers.has_bounced, "mette@example.dk")
    scene.do(customers.clear_bounced, "METTE@example.dk")
    assert not scene.do(customers.has_bounced, "mette@example.dk")


async def test_a_forgotten_follow_up_is_not_sent(due: Scene) -> None:
    await pipeline.remind(due.parts)
    claimed = next(each for each in due.do(outbox.claim, due.now) if each.key == "follow_up:1")
    due.do(follow_ups.forget, 1)
    assert due.do(outgoing, claimed, due.parts) is None


@pytest.fixture
async def silent_port() -> AsyncIterator[int]:
    """A server that takes the connection and says nothing."""
    over = asyncio.Event()

    async def say_nothing(_reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await over.wait()
        writer.close()

    server = await asyncio.start_server(say_nothing, "127.0.0.1", 0)
    yield server.sockets[0].getsockname()[1]
    over.set()
    server.close()
    await server.wait_closed()


async def test_a_slow_mail_server_has_not_taken_the_mail(silent_port: int) -> None:
    send = MailSender(f"smtp://127.0.0.1:{silent_port}", lambda: MORNING, deadline=30, reach_deadline=0.3)
    payload = {
        "from": "Lampehuset <hej@lampehuset.example>",
        "to": "mette@example.dk",
        "subject": "Hej",
        "message_id": "t-1@lampehuset.example",
        "token": "abc",
        "text": "Hej",
    }
    with pytest.raises(TemporaryFailure, match="too slow"):
        await send(Outgoing("reply:1:1", payload, 1))


async def test_a_person_whom_slack_cannot_be_asked_about_is_unknown_and_holds_nothing_up(
    silent_port: int,
) -> None:
    away = AsyncWebClient("xoxb-1", base_url="http://127.0.0.1:9/api/", timeout=1)
    silent = AsyncWebClient("xoxb-1", base_url=f"http://127.0.0.1:{silent_port}/api/", timeout=1)
    for client in (away, silent):
        assert await _finder(client)("UTORE00001") is None


class Leaky(Stage):
    """A house whose operators would be told in a channel that a customer reads too."""

    def settings(self) -> Settings:
        return super().settings().model_copy(update={"tillid_operators_channel": self.shared.id})


async def test_a_shared_operators_channel_is_refused_at_the_start(tmp_path: Path) -> None:
    async with Leaky(tmp_path, only=()) as stage:
        with pytest.raises(ConfigError, match="TILLID_OPERATORS_CHANNEL: that channel is shared"):
            await stage.start_program(["slack"])


async def test_the_operators_channel_is_not_watched(scene: Scene) -> None:
    places = replace(scene.parts.places, operators_channel="COPERATORS")
    commands = Commands(replace(scene.parts, places=places))
    said: list[str] = []

    async def ack(**answer: Any) -> None:
        said.append(answer["text"])

    body = {"text": "watch <#COPERATORS|drift>", "team_id": "TLAMPE", "user_id": SIGNE}
    await commands.run(ack, body)
    assert said == ["That is the operators' channel: customers do not write there."]
