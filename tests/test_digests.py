"""The morning's message: one a working day to whoever has something before them, never late, and it names nobody."""

import asyncio
from dataclasses import replace
from datetime import UTC, timedelta

import pytest
from promise_scenes import answer, at
from scenes import BROKEN, FREJA, NILS, PLACES, SIGNE, Scene, house, keep_order, mail, order, planned, wish
from sqlalchemy import Engine, update
from sqlmodel import Session

from bot import desk, pipeline
from bot.cards.digest import digest
from bot.desk.reactions import solve
from bot.digests import before_them, write_digests
from bot.errors import PermanentFailure, TemporaryFailure, UnknownOutcome
from bot.messages import Outgoing
from bot.parts import Parts
from bot.speech import speaking
from storage import agents, outbox
from storage.engine import reading
from storage.tables import Agent, Conversation, FollowUp, OutboxItem, OutboxState, RefundState, Role

OPENING = "2026-03-03T09:00"


async def morning(scene: Scene, moment: str = OPENING) -> list[Outgoing]:
    """The clock looks at a moment; the messages that go then."""
    scene.now = at(moment)
    before = len(scene.sent)
    await write_digests(scene.parts)
    await scene.work()
    return [each for each in scene.sent[before:] if each.key.startswith("digest:")]


def texts(sent: list[Outgoing]) -> dict[str, str]:
    """What each reads, by Slack id."""
    return {each.payload["channel"]: each.payload["text"] for each in sent}


def rows(scene: Scene) -> list[OutboxItem]:
    return [each for each in scene.rows(OutboxItem) if each.kind == "digest"]


@pytest.fixture
async def taken(asked: Scene) -> Scene:
    """Mette has asked, and Freja has her case."""
    asked.do(desk.take_next, asked.desk, FREJA, asked.now)
    return asked


async def test_whoever_has_a_case_that_waits_hears_of_it_at_opening_and_nobody_else(taken: Scene) -> None:
    assert await morning(taken, "2026-03-03T08:59") == []
    sent = await morning(taken)
    assert set(texts(sent)) == {FREJA}
    said = texts(sent)[FREJA]
    assert said.startswith("1 case of yours waits for an answer, since 2 Mar 2026 09:00 UTC: ")
    assert "<!date^" in str(sent[0].payload["blocks"])


async def test_it_comes_once_a_day_whatever_else_happens_and_again_the_next_day(taken: Scene) -> None:
    assert len(await morning(taken)) == 1
    assert await morning(taken, "2026-03-03T11:30") == []
    assert await morning(taken, "2026-03-03T16:00") == []
    assert len(await morning(taken, "2026-03-04T09:01")) == 1
    assert await morning(taken, "2026-03-07T09:30") == []  # Saturday


async def test_it_names_no_customer_and_quotes_nothing(taken: Scene) -> None:
    await answer(taken, "Hej Mette\n\nSenest tirsdag skriver jeg, hvornår den kommer.\n\nFreja")
    await taken.receive(
        mail("Og en ting til: har I den i rød?", message_id="<2@example.dk>", answers="1@example.dk")
    )
    (sent,) = await morning(taken)
    shown = f"{sent.payload}"
    for word in ("Mette", "Hansen", "mette@example.dk", "rød", "tirsdag"):
        assert word not in shown
    (row,) = [each for each in rows(taken) if each.state is OutboxState.SENT]
    assert row.payload == {"user": FREJA, "day": "2026-03-03"}


async def test_whoever_has_nothing_before_them_gets_no_message(scene: Scene) -> None:
    assert await morning(scene) == []
    assert {each.state for each in rows(scene)} == {OutboxState.WITHDRAWN}


async def test_what_comes_later_in_the_morning_waits_for_the_next_one(asked: Scene) -> None:
    assert await morning(asked) == []
    asked.do(desk.take_next, asked.desk, FREJA, asked.now)
    assert await morning(asked, "2026-03-03T10:00") == []
    assert len(await morning(asked, "2026-03-04T09:00")) == 1


@pytest.mark.parametrize(("moment", "comes"), [("2026-03-03T11:59", 1), ("2026-03-03T12:00", 0)])
async def test_a_morning_that_was_missed_is_made_up_for_until_noon(
    taken: Scene, moment: str, comes: int
) -> None:
    assert len(await morning(taken, moment)) == comes


async def test_one_that_could_not_go_before_noon_is_left(taken: Scene) -> None:
    taken.troubles["digest"] = [TemporaryFailure("Slack cannot be reached", timedelta(hours=4))]
    assert await morning(taken) == []
    taken.now = at("2026-03-03T13:30")
    await taken.work()
    assert not [each for each in taken.sent if each.key.startswith("digest:")]
    assert {each.state for each in rows(taken)} == {OutboxState.WITHDRAWN}


async def test_who_is_quiet_away_or_gone_gets_none(taken: Scene) -> None:
    taken.do(desk.be_quiet, FREJA, at("2026-03-03T10:00"), taken.now)
    assert await morning(taken) == []
    assert await morning(taken, "2026-03-03T10:30") == []
    taken.do(lambda session: session.execute(update(Agent).values(away_until=at("2026-03-20T09:00"))))
    assert await morning(taken, "2026-03-04T09:00") == []
    taken.do(lambda session: session.execute(update(Agent).values(away_until=None)))
    assert len(await morning(taken, "2026-03-05T09:00")) == 1
    taken.do(agents.keep, {NILS: "Nils Berg", SIGNE: "Signe Lund"}, {SIGNE: Role.LEAD}, taken.now)
    assert await morning(taken, "2026-03-06T09:00") == []


async def test_who_leaves_or_gets_quiet_while_it_is_on_its_way_gets_none(taken: Scene) -> None:
    for leaves in (False, True):
        taken.now = at("2026-03-04T09:00" if leaves else OPENING)
        await write_digests(taken.parts)
        if leaves:
            taken.do(agents.keep, {NILS: "Nils Berg", SIGNE: "Signe Lund"}, {SIGNE: Role.LEAD}, taken.now)
        else:
            taken.do(desk.be_quiet, FREJA, taken.now + timedelta(hours=1), taken.now)
        await taken.work()
        assert not [each for each in taken.sent if each.key.startswith("digest:")]


async def test_processes_that_look_at_the_same_moment_write_it_once(taken: Scene, engine: Engine) -> None:
    taken.now = at(OPENING)
    other = Parts(engine, lambda: taken.now, house(), PLACES, taken.parts.senders)
    written = await asyncio.gather(*(write_digests(each) for each in (taken.parts, other) * 3))
    assert sum(written) == 3  # Freja, Nils and Signe: a row each
    await taken.work()
    assert len([each for each in taken.sent if each.key.startswith("digest:")]) == 1
    again = Scene(engine)
    again.now = taken.now
    assert await morning(again) == []


async def test_an_attempt_that_nobody_knows_the_outcome_of_is_looked_for_and_not_repeated(
    taken: Scene,
) -> None:
    taken.troubles["digest"] = [UnknownOutcome("Slack did not confirm")]
    assert await morning(taken) == []
    (again,) = await morning(taken, "2026-03-03T09:05")
    # The sender then looks in the direct message for this key before it posts anything.
    assert (again.uncertain, again.attempt > 1) == (1, True)


async def test_promises_due_today_and_broken_ones_are_told_to_whoever_has_the_case(asked: Scene) -> None:
    await answer(asked, "Hej Mette\n\nSenest onsdag skriver jeg, hvornår den kommer.\n\nFreja")
    assert await morning(asked, "2026-03-03T09:00") == []
    today = texts(await morning(asked, "2026-03-04T09:00"))
    assert today == {FREJA: "1 promise falls due today."}
    nils = next(each.id for each in asked.rows(Agent) if each.slack_user_id == NILS)
    asked.do(lambda session: session.execute(update(Conversation).values(agent_id=nils)))
    later = texts(await morning(asked, "2026-03-05T09:00"))
    assert later == {NILS: "1 promise is broken: write to this customer first."}


async def test_what_never_reached_the_customer_is_no_promise_to_keep(asked: Scene) -> None:
    asked.troubles["mail"] = [PermanentFailure("no such address")]
    await answer(asked, "Hej Mette\n\nSenest onsdag skriver jeg, hvornår den kommer.\n\nFreja")
    with reading(asked.parts.engine) as session:
        found = before_them(session, freja(session), asked.parts, at("2026-03-05T09:00"))
    assert (found.broken, found.due) == (0, 0)


def freja(session: Session) -> Agent:
    agent = agents.by_slack_id(session, FREJA)
    assert agent is not None
    return agent


async def test_follow_ups_that_go_today_are_told_on_their_day(paid_twice: Scene) -> None:
    paid_twice.send()
    await paid_twice.work()
    approved = replace(planned(paid_twice), due_at=at("2026-03-05T14:00"))
    paid_twice.do(desk.resolve, paid_twice.press(), approved, paid_twice.now)
    await paid_twice.work()
    assert await morning(paid_twice, "2026-03-04T09:00") == []
    found = texts(await morning(paid_twice, "2026-03-05T09:00"))
    assert found == {FREJA: "1 follow-up goes out in your name today."}
    shadow = replace(paid_twice.parts, places=replace(PLACES, shadow=True))
    with reading(paid_twice.parts.engine) as session:
        assert before_them(session, freja(session), shadow, at("2026-03-05T09:00")).is_empty


async def test_a_lead_hears_of_refunds_that_somebody_else_asked_for(scene: Scene) -> None:
    scene.do(keep_order, order(captures=(900_000,)))
    await scene.receive(mail(BROKEN, message_id="<1@example.dk>"))
    scene.do(desk.ask_refund, scene.desk, scene.press(FREJA), wish(500_000), scene.now)
    found = texts(await morning(scene))
    assert "1 refund waits for a yes." in found[SIGNE]
    assert "refund" not in found.get(FREJA, "")


async def test_a_lead_is_not_told_of_a_refund_of_their_own(scene: Scene) -> None:
    scene.do(keep_order, order(captures=(4_999_900,), items=(("Lysekrone", 4_999_900),)))
    await scene.receive(mail(BROKEN, message_id="<1@example.dk>"))
    refund = scene.do(desk.ask_refund, scene.desk, scene.press(SIGNE), wish(4_999_900), scene.now)
    assert refund.state is RefundState.REQUESTED
    assert "refund" not in texts(await morning(scene)).get(SIGNE, "")


async def test_a_follow_up_that_is_only_proposed_waits_for_a_word_on_its_day(paid_twice: Scene) -> None:
    paid_twice.send()
    await paid_twice.work()
    case = paid_twice.card().conversation_id
    assert paid_twice.do(solve, FREJA, case, "Ev1", paid_twice.now)
    (follow_up,) = paid_twice.rows(FollowUp)
    day = follow_up.due_at.astimezone(UTC).date()
    assert await morning(paid_twice, f"{day - timedelta(days=1)}T09:00") == []
    (said,) = texts(await morning(paid_twice, f"{day}T09:00")).values()
    assert "1 follow-up for today is not set yet: press Follow Up on its card." in said
    # Nobody is reminded for ever.
    later = texts(await morning(paid_twice, f"{day + timedelta(days=21)}T09:00"))
    assert "follow-up" not in later.get(FREJA, "")


async def test_each_reads_it_in_the_language_they_chose(taken: Scene) -> None:
    taken.do(desk.choose_language, FREJA, "sv", taken.now)
    heard = []

    async def send(item: Outgoing) -> dict[str, str]:
        heard.append(item.payload["text"])
        return {"ts": "1"}

    parts = replace(taken.parts, senders={**taken.parts.senders, "digest": send})
    taken.now = at(OPENING)
    await write_digests(parts)
    while await pipeline.deliver(parts):
        pass
    with reading(taken.parts.engine) as session, speaking("en", "sv"):
        assert heard == [digest(before_them(session, freja(session), parts, taken.now)).text]


async def test_three_direct_messages_a_day_are_the_most(taken: Scene) -> None:
    taken.now = at("2026-03-03T08:00")
    for number in range(3):
        alert = {"text": "The triage channel is shared.", "to": FREJA}
        taken.do(outbox.put, f"standing:{number}", "alert", alert, taken.now, lane=f"standing:{FREJA}")
    await taken.work()
    assert await morning(taken) == []
    assert len(await morning(taken, "2026-03-04T09:00")) == 1


async def test_one_that_slack_refuses_for_all_is_told_to_the_operators_once(taken: Scene) -> None:
    await taken.receive(
        mail("Hej, hvor er min pakke?", sender="Ole <ole@example.dk>", message_id="<9@example.dk>")
    )
    taken.do(desk.take_next, taken.desk, NILS, taken.now)
    taken.troubles["digest"] = [PermanentFailure("Slack said missing_scope")] * 2
    assert await morning(taken) == []
    told = [each for each in taken.sent if each.key.startswith("undelivered:digest")]
    assert len(told) == 1
    assert "morning message could not be posted: Slack said missing_scope" in told[0].payload["text"]


async def test_rows_of_long_ago_are_forgotten(taken: Scene) -> None:
    await morning(taken)
    await morning(taken, "2026-04-15T09:00")
    assert {each.payload["day"] for each in rows(taken)} == {"2026-04-15"}
