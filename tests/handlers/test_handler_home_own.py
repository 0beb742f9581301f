"""What on a Home is its reader's own: promises to keep, remarks on their wording, and the language they read."""

import asyncio
from datetime import timedelta
from typing import Any

import pytest
from case_scenes import UNKIND, Case, Office
from home_scenes import home_of, opened, shown
from shared_rooms import TWICE, Room
from sqlalchemy import select, update
from sqlmodel import Session, col

from bot.records.erasing import erase_person
from bot.sandbox.interactions import InteractionResult
from bot.sandbox.records import User, View
from storage.engine import commit
from storage.tables import Agent, AuditEvent, Conversation, MutedCategory, Nudge, Promise

pytestmark = pytest.mark.asyncio(loop_scope="module")
LATE = "Hej, min lampe fra ordre {order} er ikke kommet endnu."


async def choose(office: Office, user: User, language: str) -> InteractionResult:
    """Somebody chooses in the menu of the Home they look at; what it leads to is done on return."""
    view = office.stage.workspace.homes[user.id]
    result = await office.people.click_view(user.id, view.id, "home_language", option=language)
    assert result.acknowledged
    await office.stage.idle()
    return result


def chosen(office: Office, user: User) -> str:
    """What stands in the menu."""
    menu = home_of(office, user)["blocks"][-1]["accessory"]
    return str(menu["initial_option"]["value"])


async def promised(office: Office, user: User) -> Case:
    """A customer whom somebody has answered with a date."""
    case = await office.case(LATE)
    await case.press(user, "card_send")
    (promise,) = await office.rows(Promise, col(Promise.conversation_id) == case.id)
    assert promise.sentence
    return case


def section(office: Office, user: User, head: str) -> str:
    """What stands below a headline."""
    blocks = home_of(office, user)["blocks"]
    heads = [number for number, each in enumerate(blocks) if each["type"] == "header"]
    (start,) = [number for number in heads if blocks[number]["text"]["text"] == head]
    end = min((number for number in heads if number > start), default=len(blocks))
    return str(blocks[start + 1 : end])


# ---- promises


async def test_who_promised_sees_it_with_the_way_to_the_card_and_nobody_else_does(office: Office) -> None:
    case = await promised(office, office.freja)
    link = f"message_ts={(await case.card()).ts}"
    await opened(office, office.freja)
    mine = section(office, office.freja, "Promises due")
    assert case.name.split()[0] in mine and link in mine
    await opened(office, office.nils)
    assert link not in section(office, office.nils, "Promises due")
    await case.press(office.freja, "promise_kept")
    await opened(office, office.freja)
    assert link not in section(office, office.freja, "Promises due")


async def test_a_broken_promise_stands_first_and_says_so(office: Office) -> None:
    broken = await promised(office, office.nils)
    await commit(office.stage.running.parts.engine, _due_before, broken.id, office.stage.clock())
    later = await promised(office, office.nils)
    await opened(office, office.nils)
    mine = section(office, office.nils, "Promises due")
    first, second = [(await each.card()).ts for each in (broken, later)]
    assert mine.index(first) < mine.index(second)
    assert mine.count("*broken: promised for") == 1


def _due_before(session: Session, case: int, now: Any) -> None:
    past = {"due_at": now - timedelta(hours=1), "warned_at": now, "broken_at": now}
    session.execute(update(Promise).where(col(Promise.conversation_id) == case).values(**past))


# ---- remarks


async def remarked(room: Room, user: User) -> int:
    """A colleague answers a customer by hand, unkindly; the number of the remark."""
    before = {each.id for each in await room.office.rows(Nudge)}
    thread = await room.people.say(room.guest.id, room.channel.id, TWICE)
    await room.settled()
    await room.people.say(user.id, room.channel.id, UNKIND, thread_ts=thread)
    await room.settled()
    (new,) = [each.id for each in await room.office.rows(Nudge) if each.id not in before]
    assert new is not None
    return new


async def test_a_remark_is_found_again_by_whom_it_was_for_and_by_nobody_else(room: Room) -> None:
    office = room.office
    number = await remarked(room, office.freja)
    for user in (office.freja, office.nils, office.signe, office.stage.marius):
        await opened(office, user)
    assert UNKIND.rstrip(".") in section(office, office.freja, "Remarks on your wording")
    for user in (office.nils, office.signe):
        assert "None in the last 7 days" in section(office, user, "Remarks on your wording")
        assert f"nudge:{number}" not in shown(office, user)
    assert "wording" not in shown(office, office.stage.marius)


async def test_better_wording_opens_from_the_home_and_not_for_others(room: Room) -> None:
    office = room.office
    number = await remarked(room, office.freja)
    await opened(office, office.freja)
    home = office.stage.workspace.homes[office.freja.id]
    result = await office.people.click_view(
        office.freja.id, home.id, "nudge_better", block_id=f"nudge:{number}"
    )
    assert result.acknowledged
    view = await window(office, office.freja)
    assert "preformatted" in str(view.blocks)
    await office.people.close_view(office.freja.id, view.id)
    await commit(office.stage.running.parts.engine, _given_to, number, office.nils.id)
    await office.people.click_view(office.freja.id, home.id, "nudge_better", block_id=f"nudge:{number}")
    assert "This remark was for a colleague." in str((await window(office, office.freja)).blocks)


async def window(office: Office, user: User) -> View:
    """The window on somebody's screen, with its content."""

    def there(_: object) -> View | None:
        view = office.people.screen(user.id)
        return view if view is not None and "One moment" not in str(view.blocks) else None

    view = await office.stage.slack.wait_for(there)
    assert view is not None
    return view


def _given_to(session: Session, number: int, slack_id: str) -> None:
    other = session.execute(select(col(Agent.id)).where(col(Agent.slack_user_id) == slack_id)).scalar_one()
    session.execute(update(Nudge).where(col(Nudge.id) == number).values(agent_id=other))


async def test_after_a_week_or_when_it_is_muted_it_is_gone(room: Room) -> None:
    office, engine = room.office, room.office.stage.running.parts.engine
    number = await remarked(room, office.signe)
    await opened(office, office.signe)
    assert f"nudge:{number}" in shown(office, office.signe)
    (nudge,) = await office.rows(Nudge, col(Nudge.id) == number)
    await commit(engine, _muted, nudge.agent_id, nudge.category, office.stage.clock())
    await opened(office, office.signe)
    assert f"nudge:{number}" not in shown(office, office.signe)
    await commit(engine, _aged, nudge.agent_id, number, office.stage.clock() - timedelta(days=7))
    await opened(office, office.signe)
    assert f"nudge:{number}" not in shown(office, office.signe)


def _muted(session: Session, agent_id: int, category: str, now: Any) -> None:
    session.add(MutedCategory(agent_id=agent_id, category=category, muted_at=now))


def _aged(session: Session, agent_id: int, number: int, at: Any) -> None:
    session.execute(update(MutedCategory).where(col(MutedCategory.agent_id) == agent_id).values(lifted_at=at))
    session.execute(update(Nudge).where(col(Nudge.id) == number).values(created_at=at))


async def test_what_was_said_to_somebody_who_is_forgotten_leaves_the_home(room: Room) -> None:
    office, parts = room.office, room.office.stage.running.parts
    number = await remarked(room, office.freja)
    await opened(office, office.freja)
    assert f"nudge:{number}" in shown(office, office.freja)
    (nudge,) = await office.rows(Nudge, col(Nudge.id) == number)
    (case,) = await office.rows(Conversation, col(Conversation.id) == nudge.conversation_id)
    customer = case.customer_id
    await asyncio.to_thread(
        erase_person, parts.engine, customer, office.stage.clock, channel=office.stage.triage.id
    )
    assert f"nudge:{number}" not in await opened(office, office.freja)


# ---- the language


async def test_the_home_is_anew_at_once_in_the_language_that_was_chosen(office: Office) -> None:
    await promised(office, office.freja)
    # Dates are in the reader's language, whatever else is translated.
    assert " March" in await opened(office, office.freja)
    assert chosen(office, office.freja) == "channel"
    await choose(office, office.freja, "da")
    assert chosen(office, office.freja) == "da"
    assert " March" not in shown(office, office.freja)
    await choose(office, office.freja, "channel")
    assert chosen(office, office.freja) == "channel"
    assert " March" in shown(office, office.freja)
    recorded = await office.rows(AuditEvent, col(AuditEvent.action) == "language_chosen")
    assert [each.details for each in recorded] == [{"language": "da"}, {"language": ""}]


async def test_it_is_one_s_own_choice_and_leads_and_managers_have_it_too(office: Office) -> None:
    for user in (office.nils, office.signe, office.stage.marius):
        await opened(office, user)
    await choose(office, office.stage.marius, "sv")
    assert chosen(office, office.stage.marius) == "sv"
    assert [chosen(office, each) for each in (office.nils, office.signe)] == ["channel", "channel"]
    await choose(office, office.signe, "nb")
    await choose(office, office.signe, "channel")
    await choose(office, office.stage.marius, "channel")


async def test_the_same_choice_again_changes_nothing(office: Office) -> None:
    await opened(office, office.nils)
    before = len(await office.rows(AuditEvent, col(AuditEvent.action) == "language_chosen"))
    await choose(office, office.nils, "channel")
    assert len(await office.rows(AuditEvent, col(AuditEvent.action) == "language_chosen")) == before


async def test_whoever_is_no_colleague_any_more_is_told_so_in_a_window(office: Office) -> None:
    engine = office.stage.running.parts.engine
    await opened(office, office.nils)
    await commit(engine, _active, office.nils.id, False)
    try:
        await choose(office, office.nils, "sv")
        assert "support staff" in str((await window(office, office.nils)).blocks)
    finally:
        await commit(engine, _active, office.nils.id, True)
    (nils,) = await office.rows(Agent, col(Agent.slack_user_id) == office.nils.id)
    assert nils.language == ""


def _active(session: Session, slack_id: str, active: bool) -> None:
    session.execute(update(Agent).where(col(Agent.slack_user_id) == slack_id).values(active=active))
