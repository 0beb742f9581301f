"""Mail of ours that came back: told at the case it belongs to, once, and answered by nobody."""

import pytest
from reports import Line, report
from scenes import FREJA, Scene, mail, planned, solved

from bot import pipeline
from bot.outgoing import outgoing
from storage import customers, outbox
from storage.engine import reading
from storage.tables import (
    AuditEvent,
    Conversation,
    ConversationState,
    FollowUp,
    FollowUpState,
    InboxState,
    Message,
    OutboxItem,
    Suggestion,
    WaitingOn,
)

GONE: Line = ("mette@example.dk", "failed", "5.1.1")
SLOW: Line = ("mette@example.dk", "delayed", "4.4.1")
GIVEN_UP: Line = ("mette@example.dk", "failed", "4.4.7")


@pytest.fixture
async def answered(paid_twice: Scene) -> Scene:
    """Mette has her answer, by mail."""
    paid_twice.send()
    await paid_twice.work()
    return paid_twice


def our_id(scene: Scene) -> str:
    return str(scene.mails()[0].payload["message_id"])


def told(scene: Scene, kind: str) -> list[str]:
    return [str(item.payload["text"]) for item in scene.sent if item.key.startswith(f"{kind}:")]


def shown(scene: Scene) -> str:
    """The words of the card as it stands now."""
    with reading(scene.parts.engine) as session:
        row = outbox.by_key(session, "card:1")
        assert row is not None and row.id is not None
        claimed = outbox.Claimed(row.id, row.key, "card", 1, {}, row.version, 1, 0, scene.now)
        item = outgoing(session, claimed, scene.parts)
        assert item is not None
        return str(item.payload["text"]) + str(item.payload["blocks"])


@pytest.mark.parametrize("whole", [False, True])
async def test_a_report_is_told_at_the_case_of_the_mail_it_returns(answered: Scene, whole: bool) -> None:
    await answered.receive(report(GONE, about=our_id(answered), whole=whole))
    assert len(answered.rows(Conversation)) == 1
    (text,) = told(answered, "bounced")
    assert "did not reach the customer at mette@example.dk (5.1.1)" in text
    (note,) = [item for item in answered.sent if item.key.startswith("bounced:")]
    assert note.payload["mention"] == FREJA
    assert "5.1.1" in shown(answered)
    assert "mail_returned" in [event.action for event in answered.rows(AuditEvent)]


async def test_a_report_with_our_token_alone_finds_its_case(answered: Scene) -> None:
    token = answered.rows(Conversation)[0].reply_token
    await answered.receive(report(GONE, token=token))
    by_address = report(GONE, to=f"hej+t-{token}@lampehuset.example", number=2)
    await answered.receive(by_address)
    assert len(answered.rows(Conversation)) == 1
    assert len(told(answered, "bounced")) == 2


async def test_a_delay_is_told_as_one_and_stops_nothing(paid_twice: Scene) -> None:
    await solved(paid_twice)
    await paid_twice.receive(report(SLOW, about=our_id(paid_twice)))
    (text,) = told(paid_twice, "delayed")
    assert "keep trying" in text
    assert told(paid_twice, "bounced") == []
    assert paid_twice.rows(FollowUp)[0].state is FollowUpState.SCHEDULED
    assert not paid_twice.do(customers.has_bounced, "mette@example.dk")


async def test_a_failure_after_a_delay_is_what_the_card_says(answered: Scene) -> None:
    await answered.receive(report(SLOW, about=our_id(answered)))
    assert "is delayed" in shown(answered)
    await answered.receive(report(GONE, about=our_id(answered), number=2))
    await answered.receive(report(SLOW, about=our_id(answered), number=3))
    assert "did not reach" in shown(answered)


async def test_servers_that_gave_up_are_told_and_say_nothing_of_the_address(answered: Scene) -> None:
    await answered.receive(report(GIVEN_UP, about=our_id(answered)))
    (text,) = told(answered, "bounced")
    assert "4.4.7" in text
    assert not answered.do(customers.has_bounced, "mette@example.dk")


@pytest.mark.parametrize("status", ["5.0.0", "5.1.1", "5.1.10", "5.2.2", "5.4.1", "5.7.1"])
async def test_every_lasting_status_counts(answered: Scene, status: str) -> None:
    await answered.receive(report(("mette@example.dk", "failed", status), about=our_id(answered)))
    assert answered.do(customers.has_bounced, "mette@example.dk")


@pytest.mark.parametrize(
    ("lines", "bounced"),
    [
        ((SLOW, ("bo@example.dk", "failed", "5.1.1")), False),
        ((("bo@example.dk", "delayed", "4.4.1"), GONE), True),
        ((("bo@example.dk", "delivered", "2.0.0"), GONE), True),
    ],
)
async def test_each_recipient_of_a_report_counts_for_itself(
    answered: Scene, lines: tuple[Line, ...], bounced: bool
) -> None:
    await answered.receive(report(*lines, about=our_id(answered)))
    assert answered.do(customers.has_bounced, "mette@example.dk") is bounced
    assert len(told(answered, "bounced" if bounced else "delayed")) == 1


async def test_a_mail_that_was_forwarded_and_came_back_from_there_is_told(answered: Scene) -> None:
    await answered.receive(report(("mette@work.example", "failed", "5.2.2"), about=our_id(answered)))
    (text,) = told(answered, "bounced")
    assert "mette@work.example" in text
    assert not answered.do(customers.has_bounced, "mette@example.dk")


async def test_an_open_case_whose_answer_did_not_arrive_waits_for_us_again(answered: Scene) -> None:
    assert answered.rows(Conversation)[0].waiting_on is WaitingOn.CUSTOMER
    await answered.receive(report(GONE, about=our_id(answered)))
    assert answered.rows(Conversation)[0].waiting_on is WaitingOn.US


async def test_a_lasting_failure_stops_the_follow_up_and_reopens_nothing(paid_twice: Scene) -> None:
    await solved(paid_twice)
    await paid_twice.receive(report(GONE, about=our_id(paid_twice)))
    assert paid_twice.rows(FollowUp)[0].state is FollowUpState.CANCELLED
    assert paid_twice.rows(Conversation)[0].state is ConversationState.RESOLVED
    assert len(paid_twice.rows(Suggestion)) == 1


async def test_a_lasting_failure_stops_the_follow_ups_of_other_cases_too(paid_twice: Scene) -> None:
    await solved(paid_twice)
    await paid_twice.receive(mail("Hvor er min anden pakke?", subject="Pakke", message_id="<2@example.dk>"))
    paid_twice.send()
    await paid_twice.work()
    second = str(paid_twice.mails()[-1].payload["message_id"])
    await paid_twice.receive(report(GONE, about=second))
    paid_twice.now = paid_twice.rows(FollowUp)[0].due_at
    await pipeline.remind(paid_twice.parts)
    await paid_twice.work()
    assert [item.key for item in paid_twice.mails()] == ["reply:1:1", "reply:2:1"]
    assert len(told(paid_twice, "left_out")) == 1


async def test_a_follow_up_that_comes_back_is_told_and_makes_no_mail(paid_twice: Scene) -> None:
    await solved(paid_twice)
    assert planned(paid_twice)
    paid_twice.now = paid_twice.rows(FollowUp)[0].due_at
    await pipeline.remind(paid_twice.parts)
    await paid_twice.work()
    sent = len(paid_twice.mails())
    follow_up = str(paid_twice.mails()[-1].payload["message_id"])
    await paid_twice.receive(report(GONE, about=follow_up))
    await paid_twice.receive(report(GONE, about="report-1@mx.example.dk", number=2))
    paid_twice.pass_time(days=30)
    await pipeline.remind(paid_twice.parts)
    await paid_twice.work()
    assert len(told(paid_twice, "bounced")) == 1
    assert len(paid_twice.mails()) == sent


@pytest.mark.parametrize("to", ["<>", "hej@lampehuset.example", "undisclosed-recipients:;"])
async def test_a_report_that_fits_nothing_is_shown_once_and_never_answered(scene: Scene, to: str) -> None:
    raw = report(("nobody@example.dk", "failed", "5.1.1"), about="unknown@elsewhere.example", to=to)
    await scene.receive(raw)
    await scene.receive(raw)
    (case,) = scene.rows(Conversation)
    assert case.state is ConversationState.RESOLVED
    (card,) = scene.rows(Suggestion)
    assert card.text == ""
    assert [item.key for item in scene.sent] == ["card:1"]
    assert [row for row in scene.rows(OutboxItem) if row.kind == "mail"] == []


async def test_a_report_from_nobody_is_taken_like_any_other(answered: Scene) -> None:
    nameless = report(GONE, about=our_id(answered), sender='"" (Mail Delivery System)')
    await answered.receive(nameless)
    assert answered.inbox_states() == [InboxState.DONE, InboxState.DONE]
    assert len(told(answered, "bounced")) == 1


async def test_a_forged_report_that_knows_only_the_customers_own_mail_switches_nothing_off(
    answered: Scene,
) -> None:
    await answered.receive(report(GONE, about="1@example.dk", sender="x@evil.example"))
    assert not answered.do(customers.has_bounced, "mette@example.dk")
    assert len(told(answered, "automatic")) == 1


async def test_a_customer_who_quotes_a_report_is_a_customer(answered: Scene) -> None:
    words = (
        "Hej, jeg fik den her retur, da jeg skrev til jer. Hvad betyder den?\n\n"
        "> This is the mail system at host mx.example.dk.\n"
        "> <bo@example.dk>: host said: 550 5.1.1 User unknown (in reply to RCPT TO command)\n"
        f"> Message-ID: <{our_id(answered)}>\n"
    )
    await answered.receive(mail(words, message_id="<2@example.dk>", answers=our_id(answered)))
    assert answered.rows(Message)[-1].automatic is None
    assert answered.card().version == 2
    assert told(answered, "bounced") == []


async def test_whoever_has_no_address_is_nobody_elses_self(scene: Scene) -> None:
    for number in (1, 2):
        raw = report(
            ("nobody@example.dk", "failed", "5.1.1"), sender='"" (Mail Delivery System)', number=number
        )
        await scene.receive(raw)
    first, second = scene.rows(Conversation)
    assert first.customer_id != second.customer_id
