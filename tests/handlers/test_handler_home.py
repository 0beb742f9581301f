"""Opening the app: each sees what their role needs, it stays true while they look, and Slack is not asked too often."""

from datetime import timedelta
from typing import Any

import pytest
from case_scenes import Office
from home_scenes import SECONDS, home_of, opened, shown
from sqlalchemy import update
from sqlmodel import Session, col

from bot.handlers.slack_events import find_members
from bot.sandbox.records import User
from storage import audit, homes, outbox
from storage.engine import commit
from storage.tables import Agent, OutboxState, Role

pytestmark = pytest.mark.asyncio(loop_scope="module")


def published(office: Office, user: User) -> int:
    """How often their Home was set."""
    calls = [each for each in office.stage.slack.calls if each.method == "views.publish" and not each.error]
    return sum(each.arguments["user_id"] == user.id for each in calls)


def stamped(payload: Any) -> str:
    """Without the moment it was made."""
    return str(payload["blocks"][1:])


async def row_of(office: Office, user: User) -> Any:
    return await office.read(lambda session: outbox.by_key(session, homes.key_of(user.id)))


async def test_an_agent_sees_whom_they_can_answer_and_what_they_sent(office: Office) -> None:
    waits, answered, theirs = await office.case(), await office.case(), await office.case()
    await answered.press(office.freja, "card_send")
    await theirs.press(office.nils, "card_send")
    seen = await opened(office, office.freja)
    assert "Waiting on you" in seen and waits.name.split()[0] in seen
    assert "reply, <!date" in seen
    assert "Nobody's yet" in seen
    assert "Refunds awaiting a yes" not in seen
    mine = seen[seen.index("What Tillid sent in your name") :]
    assert mine.count("charged twice") == 1


async def test_a_case_that_a_colleague_has_is_not_waiting_on_me(office: Office) -> None:
    case = await office.case()
    posted = await case.card()
    await office.people.react(office.nils.id, posted.channel_id, posted.ts, "eyes")
    await office.stage.idle()
    link = f"message_ts={posted.ts}"
    assert link in await opened(office, office.nils)
    assert link not in await opened(office, office.freja)


async def test_follow_ups_that_are_set_stand_there_until_they_go(office: Office) -> None:
    case = await office.case()
    view = await case.window(office.freja, "card_follow_up")
    await case.send_off(
        office.freja, view, {"due": int((office.stage.clock() + timedelta(days=2)).timestamp())}
    )
    assert "goes out <!date" in await opened(office, office.freja)
    assert "goes out <!date" not in await opened(office, office.nils)


async def test_a_lead_sees_the_refunds_that_wait_for_a_yes(office: Office) -> None:
    case = await office.case(captures=(900_000,))
    view = await case.window(office.freja, "card_refund")
    await case.send_off(office.freja, view, {"amount": "5000"})
    seen = await opened(office, office.stage.signe)
    assert "Refund 5.000 kr." in seen and f"<@{office.freja.id}>" in seen
    assert "Refund 5.000 kr." in await opened(office, office.stage.marius)
    assert "Refund 5.000" not in await opened(office, office.freja)


async def test_a_manager_sees_the_week_in_figures(office: Office) -> None:
    case = await office.case()
    await case.press(office.freja, "card_send")
    seen = await opened(office, office.stage.marius)
    assert "this week" in seen and "(n = " in seen and "data_table" in seen
    assert "Waiting on you" not in seen


async def test_where_slack_has_no_such_table_the_figures_are_lines(office: Office) -> None:
    await office.case()
    office.stage.workspace.refused_block_types.add("data_table")
    try:
        seen = await opened(office, office.stage.marius)
    finally:
        office.stage.workspace.refused_block_types.clear()
        office.stage.slack.calls.clear()
    assert "data_table" not in seen and "rich_text_list" in seen and "this week" in seen


async def test_outsiders_guests_and_colleagues_of_other_teams_learn_nothing(office: Office) -> None:
    workspace = office.stage.workspace
    guest = workspace.add_user("gaest", real_name="Gry Gæst", is_restricted=True)
    olav = workspace.add_user("olav", real_name="Olav Dal")
    office.stage.triage.members.append(guest.id)
    try:
        await office.stage.slack.wait_until_idle()
        case = await office.case()
        for user in (office.stage.guest, guest, olav):
            seen = await opened(office, user)
            assert len(home_of(office, user)["blocks"]) == 2
            assert case.name.split()[0] not in seen and "Updated" not in seen
    finally:
        office.stage.triage.members.remove(guest.id)


async def test_a_guest_in_the_triage_channel_is_no_colleague(office: Office) -> None:
    guest = office.stage.workspace.add_user("gry", is_restricted=True)
    office.stage.triage.members.append(guest.id)
    try:
        from bot.slack_parts import slack_client

        members = await find_members(slack_client(office.stage.settings()), office.stage.triage.id)
    finally:
        office.stage.triage.members.remove(guest.id)
    assert guest.id not in members and office.freja.id in members


async def test_the_messages_tab_makes_no_home(office: Office) -> None:
    kari = office.stage.workspace.add_user("kari")
    await office.people.open_home(kari.id, tab="messages")
    await office.stage.idle()
    assert kari.id not in office.stage.workspace.homes


async def test_what_changes_is_shown_without_opening_it_again_and_once_in_ten_seconds(office: Office) -> None:
    await opened(office, office.freja)
    before, times = stamped(home_of(office, office.freja)), published(office, office.freja)
    await office.case()
    await office.case()
    assert (published(office, office.freja), stamped(home_of(office, office.freja))) == (times, before)
    await office.stage.move_clock(11 * SECONDS)
    await office.stage.until(lambda: _came(office, times + 1))
    assert stamped(home_of(office, office.freja)) != before
    await office.stage.move_clock(60 * SECONDS)
    assert published(office, office.freja) == times + 1


async def _came(office: Office, times: int) -> bool:
    return published(office, office.freja) == times


async def test_opening_it_ten_times_in_a_row_asks_slack_once_and_once_later(office: Office) -> None:
    await office.stage.move_clock(11 * SECONDS)
    times = published(office, office.nils)
    for _ in range(10):
        await office.people.open_home(office.nils.id)
    await office.stage.idle()
    assert published(office, office.nils) == times + 1
    await office.stage.move_clock(11 * SECONDS)
    await office.stage.idle()
    assert published(office, office.nils) <= times + 2


async def test_whoever_has_not_looked_for_a_day_is_shown_it_when_they_look_again(office: Office) -> None:
    await opened(office, office.freja)
    await office.stage.move_clock(timedelta(hours=9))
    times = published(office, office.freja)
    await office.case()
    await office.stage.move_clock(11 * SECONDS)
    assert published(office, office.freja) == times
    await opened(office, office.freja)
    assert published(office, office.freja) == times + 1


async def test_somebody_who_is_forgotten_leaves_every_home_at_once(office: Office) -> None:
    case = await office.case()
    assert case.name.split()[1] not in shown(office, office.freja)
    seen = await opened(office, office.freja)
    times = published(office, office.freja)
    posted = await case.card()
    assert posted.ts in seen
    await office.stage.move_clock(timedelta(hours=9))
    await commit(office.stage.running.parts.engine, _erased, office)
    await office.stage.move_clock(11 * SECONDS)
    await office.stage.until(lambda: _came(office, times + 1))


def _erased(session: Session, office: Office) -> None:
    audit.record(session, "customer_erased", office.stage.clock(), subject_id=1)


async def test_whoever_leaves_the_team_sees_nothing_of_it_any_more(office: Office) -> None:
    assert "Waiting on you" in await opened(office, office.nils)
    engine = office.stage.running.parts.engine
    try:
        await commit(engine, _active, office.nils.id, False)
        await office.stage.move_clock(timedelta(hours=9))
        await office.stage.until(lambda: _short(office))
        assert "Waiting on you" not in shown(office, office.nils)
    finally:
        await commit(engine, _active, office.nils.id, True)


async def _short(office: Office) -> bool:
    return len(home_of(office, office.nils)["blocks"]) == 2


def _active(session: Session, slack_id: str, active: bool) -> None:
    session.execute(update(Agent).where(col(Agent.slack_user_id) == slack_id).values(active=active))


async def test_a_newer_home_of_another_process_is_not_overwritten_but_built_anew(office: Office) -> None:
    await opened(office, office.freja)
    before = stamped(home_of(office, office.freja))
    office.stage.workspace.homes[office.freja.id].hash = "somebody-was-quicker"
    times = published(office, office.freja)
    office.stage.clock.move(11 * SECONDS)
    await office.people.open_home(office.freja.id)
    await office.stage.until(lambda: _put_off(office))
    assert (published(office, office.freja), stamped(home_of(office, office.freja))) == (times, before)
    # It is asked for again after half a minute, built from the rows as they are then, and taken as it is.
    engine = office.stage.running.parts.engine
    await commit(engine, _role, office.freja.id, Role.LEAD)
    try:
        office.stage.clock.move(40 * SECONDS)
        await office.stage.running.tick()
        await office.stage.until(lambda: _came(office, times + 1))
        assert "Refunds awaiting a yes" in shown(office, office.freja)
    finally:
        await commit(engine, _role, office.freja.id, Role.AGENT)
        office.stage.slack.calls.clear()


def _role(session: Session, slack_id: str, role: Role) -> None:
    session.execute(update(Agent).where(col(Agent.slack_user_id) == slack_id).values(role=role))


async def _put_off(office: Office) -> bool:
    row = await row_of(office, office.freja)
    return bool(row.state is OutboxState.PENDING and row.error)


async def test_a_home_that_slack_refuses_is_told_to_the_operators_and_comes_when_it_is_opened_again(
    office: Office,
) -> None:
    office.stage.slack.fault("views.publish", "not_enabled", times=9)
    office.stage.clock.move(11 * SECONDS)
    await office.people.open_home(office.freja.id)
    await office.stage.until(lambda: _is(office, OutboxState.FAILED))
    await office.stage.idle()
    assert "A Home could not be posted: Slack said not_enabled" in office.stage.cards()[-1].text
    office.stage.slack.clear_faults()
    await opened(office, office.freja)
    await office.stage.until(lambda: _is(office, OutboxState.SENT))


async def _is(office: Office, state: OutboxState) -> bool:
    return bool((await row_of(office, office.freja)).state is state)


async def test_a_home_event_delivered_twice_changes_nothing(office: Office) -> None:
    await opened(office, office.nils)
    heard = [each for each in office.stage.slack.deliveries if "tab" in each.payload.get("event", {})]
    times = published(office, office.nils)
    again = await office.stage.slack.socket_mode.deliver("events_api", heard[-1].payload, attempt=1)
    await office.stage.idle()
    assert (again.acknowledged, published(office, office.nils)) == (True, times)


async def test_the_database_holds_nobodys_name_for_a_home(office: Office) -> None:
    case = await office.case()
    await opened(office, office.freja)
    row = await row_of(office, office.freja)
    assert case.name.split()[0] not in f"{row.payload}{row.receipt}"
    assert set(row.receipt) == {"hash", "seen", "role"}
