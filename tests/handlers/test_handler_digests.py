"""The morning's message as colleagues get it in Slack: alone, once, with the way to the card."""

from datetime import datetime, timedelta

import pytest
from case_scenes import Case, Office
from sqlmodel import col

from bot.sandbox.records import Message, User
from storage.tables import OutboxItem, OutboxState

pytestmark = pytest.mark.asyncio(loop_scope="module")
DAY = timedelta(days=1)


def direct(office: Office, user: User) -> list[Message]:
    """What the program has written to somebody alone."""
    workspace = office.stage.workspace
    return workspace.said_by_bot(workspace.direct_message(user.id).id)


async def mine(office: Office, user: User) -> Case:
    """A customer waits, and somebody has their case."""
    case = await office.case()
    card = await case.card()
    await office.people.react(user.id, card.channel_id, card.ts, "eyes")
    await office.stage.idle()
    return case


def working_day(office: Office, hour: int) -> datetime:
    """That hour, UTC, of the next working day; the house opens at eight."""
    at = (office.stage.clock() + DAY).replace(hour=hour, minute=0, second=0)
    while at.weekday() > 4:
        at += DAY
    return at


async def next_morning(office: Office, hour: int = 8) -> None:
    """It is that hour of the next working day."""
    await office.stage.move_clock(working_day(office, hour) - office.stage.clock())


async def test_who_has_a_case_that_waits_reads_it_in_the_morning_with_the_way_to_its_card(
    office: Office,
) -> None:
    case = await mine(office, office.freja)
    link = f"message_ts={(await case.card()).ts}"
    before = len(direct(office, office.freja))
    await next_morning(office)
    (said,) = direct(office, office.freja)[before:]
    assert "waits for an answer" in said.text
    assert link in str(said.blocks)
    assert case.name.split()[0] not in f"{said.text}{said.blocks}"
    assert direct(office, office.nils) == []
    await office.stage.move_clock(timedelta(hours=1))
    assert len(direct(office, office.freja)) == before + 1


async def test_quiet_stops_it_for_that_morning(office: Office) -> None:
    await mine(office, office.nils)
    await office.command(office.nils, "quiet 24h")
    await next_morning(office)
    assert direct(office, office.nils) == []
    await office.command(office.nils, "quiet off")
    await next_morning(office)
    assert len(direct(office, office.nils)) == 1


async def test_a_program_that_was_down_makes_up_for_it_until_noon_and_not_after(office: Office) -> None:
    await mine(office, office.freja)
    before = len(direct(office, office.freja))
    await office.stage.stop_program()
    office.stage.clock.set(working_day(office, 12))
    await office.stage.start_program()
    await office.stage.move_clock(timedelta(minutes=1))
    assert len(direct(office, office.freja)) == before
    await next_morning(office, hour=10)
    assert len(direct(office, office.freja)) == before + 1
    await office.stage.stop_program()
    await office.stage.start_program()
    await office.stage.move_clock(timedelta(minutes=1))
    assert len(direct(office, office.freja)) == before + 1


async def test_an_answer_that_slack_lost_is_found_and_not_written_a_second_time(office: Office) -> None:
    stage = office.stage
    await mine(office, office.freja)
    before = len(direct(office, office.freja))
    stage.slack.fault("chat.postMessage", "drop_after_store", times=9)
    async with stage.running.quiet():
        stage.clock.set(working_day(office, 8))
    await stage.running.remind_all()

    async def is_unknown() -> bool:
        rows = await office.rows(OutboxItem, col(OutboxItem.kind) == "digest")
        return any(each.state is OutboxState.SENDING and each.error for each in rows)

    async def is_settled() -> bool:
        rows = await office.rows(OutboxItem)
        return all(each.state not in (OutboxState.PENDING, OutboxState.SENDING) for each in rows)

    await stage.until(is_unknown)
    async with stage.running.quiet():
        stage.clock.move(timedelta(minutes=2))
    await stage.running.tick()
    await stage.until(is_settled)
    stage.slack.clear_faults()
    assert len(direct(office, office.freja)) == before + 1
