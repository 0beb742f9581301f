"""Dates the law sets are told in time, once, to the colleague and to everybody."""

from datetime import UTC, datetime, timedelta

import builders
import pytest
from builders import NOW, identity
from scenes import Scene
from sqlalchemy import update

from bot.legal_clocks import month_after, warn_of_dates
from storage import refunds
from storage.engine import transaction
from storage.tables import Conversation, ConversationState, OutboxItem, Refund, RefundState

DAY = timedelta(days=1)


@pytest.mark.parametrize(
    ("came", "due"),
    [((2026, 3, 2), (2026, 4, 2)), ((2026, 1, 31), (2026, 2, 28)), ((2024, 1, 30), (2024, 2, 29)),
     ((2026, 12, 31), (2027, 1, 31))],
)  # fmt: skip
def test_a_month_is_the_same_day_of_the_next_one(
    came: tuple[int, int, int], due: tuple[int, int, int]
) -> None:
    assert month_after(datetime(*came, tzinfo=UTC)) == datetime(*due, tzinfo=UTC)


def case_of(scene: Scene, intent: str, *, agent: bool = True, order: bool = False) -> int:
    """A case that began now, understood so."""
    with transaction(scene.parts.engine) as session:
        signer = builders.agent(session, slack_user_id="UFREJA9999")
        case = builders.conversation(
            session, intent=intent, agent_id=signer.id if agent else None,
            order_id=builders.order(session, country="NO") if order else None,
        )  # fmt: skip
        builders.suggestion(session, case, intent=intent)
        return identity(case)


def told(scene: Scene) -> list[OutboxItem]:
    return [row for row in scene.rows(OutboxItem) if row.key.startswith("clock:")]


async def warned(scene: Scene, after: timedelta) -> int:
    scene.now = NOW + after
    return await warn_of_dates(scene.parts)


async def test_a_data_request_is_warned_of_seven_days_before_its_month_is_over(scene: Scene) -> None:
    case = case_of(scene, "data_request")
    assert await warned(scene, 23 * DAY) == 0
    assert await warned(scene, 24 * DAY) == 1
    note, everybody = told(scene)
    assert (note.kind, note.conversation_id, note.payload["mention"]) == ("note", case, "UFREJA9999")
    assert "2 April" in note.payload["text"]
    assert (everybody.kind, everybody.payload["for"]) == ("alert", "agents")
    assert f"Case {case}" in everybody.payload["text"]


async def test_each_is_told_once(scene: Scene) -> None:
    case_of(scene, "data_request", agent=False)
    assert [await warned(scene, days * DAY) for days in (25, 26, 40)] == [1, 0, 0]
    assert len(told(scene)) == 2


async def test_a_return_is_warned_of_three_days_before_the_money_is_due(scene: Scene) -> None:
    case_of(scene, "return", order=True)
    assert await warned(scene, 10 * DAY) == 0
    assert await warned(scene, 11 * DAY) == 1
    assert "16 March" in told(scene)[0].payload["text"]


async def test_one_that_is_late_already_says_so(scene: Scene) -> None:
    case_of(scene, "return")
    assert await warned(scene, 30 * DAY) == 1
    assert "had to be with the customer by 16 March" in told(scene)[0].payload["text"]


async def test_what_is_settled_is_no_trouble(scene: Scene) -> None:
    request, returned, open_money = (
        case_of_each(scene, intent) for intent in ("data_request", "return", "return")
    )
    with transaction(scene.parts.engine) as session:
        session.execute(update(Conversation).values(state=ConversationState.RESOLVED, resolved_at=NOW))
        agent = builders.agent(session)
        case = session.get_one(Conversation, open_money)
        refunds.add(session, builders.ask(case, None), identity(agent), approved=True, now=NOW)
    assert request and returned
    assert await warned(scene, 40 * DAY) == 1
    assert {row.conversation_id for row in told(scene)} == {open_money}


def case_of_each(scene: Scene, intent: str) -> int:
    with transaction(scene.parts.engine) as session:
        case = builders.conversation(session, intent=intent)
        builders.suggestion(session, case, intent=intent)
        return identity(case)


async def test_money_that_is_back_settles_a_return_that_is_still_open(scene: Scene) -> None:
    number = case_of_each(scene, "return")
    with transaction(scene.parts.engine) as session:
        agent, case = builders.agent(session), session.get_one(Conversation, number)
        refunds.add(session, builders.ask(case, None), identity(agent), approved=True, now=NOW)
        session.execute(update(Refund).values(state=RefundState.SETTLED))
    assert await warned(scene, 40 * DAY) == 0


async def test_other_cases_have_no_such_date(scene: Scene) -> None:
    case_of_each(scene, "double_charge")
    assert await warned(scene, 400 * DAY) == 0
