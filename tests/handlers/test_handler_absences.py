"""/tillid away and back, as they are typed."""

import pytest
from case_scenes import Office, conversation
from sqlmodel import col

from storage.tables import Agent

pytestmark = pytest.mark.asyncio(loop_scope="module")


async def test_away_until_a_day_with_a_buddy_and_back_again(office: Office) -> None:
    case = await office.case()
    await case.press(office.freja, "card_case", option="assign")
    buddy = f"<@{office.nils.id}|nils>"
    said = await office.command(office.freja, f"away until Monday {buddy}")
    assert "You are away until Monday 9 March 2026. Your open case is with Nils Berg." in said
    await office.stage.idle()
    (nils,) = await office.rows(Agent, col(Agent.slack_user_id) == office.nils.id)
    assert (await conversation(case)).agent_id == nils.id
    assert any("Freja Holm is away until Monday 9 March 2026" in each.text for each in await case.notes())
    assert "Nils Berg stands in" in await office.command(office.freja, "away")
    assert "You are here again" in await office.command(office.freja, "away back")
    assert "You are not away" in await office.command(office.freja, "back")


@pytest.mark.parametrize(
    ("words", "end"),
    [
        ("until 2026-12-01", "Tuesday 1 December 2026"),
        ("today", "Tuesday 3 March 2026"),
        ("til fredag", "Friday 6 March 2026"),
        ("till måndag", "Monday 9 March 2026"),
    ],
)
async def test_the_words_for_an_end(office: Office, words: str, end: str) -> None:
    assert f"You are away until {end}." in await office.command(office.signe, f"away {words}")
    assert "You are here again" in await office.command(office.signe, "back")


@pytest.mark.parametrize(
    ("words", "answer"),
    [
        ("away for ever", "Say until when"),
        ("away until monday @nils", "Pick your colleague from the list"),
        ("away until 2029-01-01", "At most 400 days"),
        ("away", "You are here."),
    ],
)
async def test_what_is_not_understood_says_the_way_out(office: Office, words: str, answer: str) -> None:
    assert answer in await office.command(office.nils, words)
    assert "You are not away" in await office.command(office.nils, "back")
