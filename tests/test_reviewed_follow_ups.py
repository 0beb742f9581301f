"""A follow-up and a customer who writes, or a server that does not take it: what must not happen on the way out."""

from datetime import datetime, timedelta

import pytest
from scenes import FREJA, TWICE, Scene, keep_order, mail, order, row, told
from sqlalchemy import text

from bot import desk, pipeline
from bot.desk.follow_ups import Approved
from bot.errors import PermanentFailure, TemporaryFailure, UnknownOutcome
from bot.outgoing import outgoing
from storage import audit, follow_ups, inbox, outbox
from storage.engine import transaction
from storage.tables import (
    FollowUp,
    FollowUpState,
    InboxItem,
    InboxState,
    OutboxItem,
    OutboxState,
)

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


async def test_a_follow_up_that_fails_is_told_to_its_agent(due: Scene) -> None:
    due.troubles["mail"] = [PermanentFailure("the mail server said 550 no such user")]
    await remind(due)
    assert follow_up_of(due).state is FollowUpState.FAILED
    note = told(due, "failed:follow_up:1").payload
    assert note["mention"] == FREJA
    assert note["text"].endswith("Your follow-up did not go: the mail server said 550 no such user")


async def test_a_note_that_cannot_be_posted_is_told_and_a_failed_alert_tells_nothing_more(due: Scene) -> None:
    await due.hear(mail(STILL_NOTHING, message_id="<2@example.dk>", answers="1@example.dk"))
    await pipeline.remind(due.parts)
    due.troubles["note"] = [PermanentFailure("Slack said msg_too_long")]
    due.troubles["alert"] = [PermanentFailure("Slack said channel_not_found")]
    await due.work()
    alerts = [each for each in due.rows(OutboxItem) if each.kind == "alert"]
    assert [(each.key, each.state) for each in alerts] == [("undelivered:left_out:1:1", OutboxState.FAILED)]
    assert "A note in the thread of conversation 1" in alerts[0].payload["text"]


async def test_a_forgotten_follow_up_is_not_sent(due: Scene) -> None:
    await pipeline.remind(due.parts)
    claimed = next(each for each in due.do(outbox.claim, due.now) if each.key == "follow_up:1")
    due.do(follow_ups.forget, 1)
    assert due.do(outgoing, claimed, due.parts) is None
