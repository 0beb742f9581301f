"""A case passes to a colleague with all that belongs to it, and the customer reads who writes now."""

from dataclasses import replace

import pytest
from passing_scenes import INTRODUCED, answered, assigned, hands_over, notes, whose
from scenes import FREJA, NILS, SIGNE, TWICE, Scene, keep_order, mail, order, planned

from bot import desk
from bot.desk.replies import Wording
from bot.errors import Refused
from storage.tables import (
    Agent,
    CardState,
    FollowUp,
    Promise,
)


async def test_the_case_passes_with_a_note_and_the_draft_says_who_writes_now(paid_twice: Scene) -> None:
    await answered(paid_twice)
    await hands_over(paid_twice)
    assert whose(paid_twice) == NILS
    (note,) = notes(paid_twice)
    assert note.startswith(f"<@{NILS}> Freja Holm hands this case over to you. Ring ikke før ti.")
    card = paid_twice.card()
    assert INTRODUCED in card.text
    assert "\nNils" in card.text
    paid_twice.send(NILS)
    await paid_twice.work()
    assert INTRODUCED in paid_twice.mails()[-1].payload["text"]


async def test_it_is_said_once(paid_twice: Scene) -> None:
    await answered(paid_twice)
    await hands_over(paid_twice)
    paid_twice.send(NILS)
    await paid_twice.work()
    await paid_twice.receive(
        mail("Og hvornår kommer de?", message_id="<3@example.dk>", answers="1@example.dk")
    )
    assert paid_twice.card().state is CardState.NEW
    assert "overtaget" not in paid_twice.card().text


async def test_a_customer_who_knows_nobody_is_not_told_of_anybody(paid_twice: Scene) -> None:
    await assigned(paid_twice, FREJA)
    await hands_over(paid_twice)
    assert "overtaget" not in paid_twice.card().text
    assert "\nNils" in paid_twice.card().text


async def test_the_colleague_whom_the_customer_knows_is_not_introduced_again(paid_twice: Scene) -> None:
    await answered(paid_twice)
    await hands_over(paid_twice)
    await hands_over(paid_twice, NILS, FREJA, "")
    assert "overtaget" not in paid_twice.card().text
    assert "hedder" not in paid_twice.card().text


async def test_what_was_promised_is_the_new_colleagues(paid_twice: Scene) -> None:
    text = paid_twice.card().text.replace("‹agent›", "Freja") + "\n\nJeg skriver igen senest onsdag."
    paid_twice.send(FREJA, wording=Wording(text))
    await paid_twice.work()
    await hands_over(paid_twice)
    nils = next(each.id for each in paid_twice.rows(Agent) if each.slack_user_id == NILS)
    assert {each.agent_id for each in paid_twice.rows(Promise)} == {nils}


async def test_the_follow_up_is_signed_by_the_new_colleague_who_says_so(paid_twice: Scene) -> None:
    paid_twice.send(FREJA)
    await paid_twice.work()
    approved = replace(planned(paid_twice), text="Hej Mette,\n\nKom pengene?\n\nVenlig hilsen\nFreja")
    paid_twice.do(desk.set_follow_up, paid_twice.press(), approved, paid_twice.now)
    await hands_over(paid_twice)
    (follow_up,) = paid_twice.rows(FollowUp)
    assert follow_up.text == f"Hej Mette,\n\n{INTRODUCED}\n\nKom pengene?\n\nVenlig hilsen\nNils"
    assert follow_up.state == "scheduled"


async def test_a_case_is_taken_from_a_colleague_who_hears_of_it(paid_twice: Scene) -> None:
    await answered(paid_twice)
    await assigned(paid_twice, NILS)
    assert whose(paid_twice) == NILS
    assert notes(paid_twice) == [f"<@{FREJA}> Nils Berg has this case now."]
    assert INTRODUCED in paid_twice.card().text


async def test_nobodys_case_is_taken_without_a_word(paid_twice: Scene) -> None:
    await assigned(paid_twice, NILS)
    assert whose(paid_twice) == NILS
    assert notes(paid_twice) == []


@pytest.mark.parametrize(
    ("to", "why"), [("UTORE00001", "Pick a colleague"), ("", "Pick a colleague"), (FREJA, "has this case")]
)
async def test_a_case_passes_to_colleagues_only(paid_twice: Scene, to: str, why: str) -> None:
    await assigned(paid_twice, FREJA)
    with pytest.raises(Refused, match=why):
        await hands_over(paid_twice, FREJA, to)
    assert whose(paid_twice) == FREJA


async def test_nobody_takes_what_they_have(paid_twice: Scene) -> None:
    await assigned(paid_twice, NILS)
    with pytest.raises(Refused, match="You have this case already"):
        await assigned(paid_twice, NILS)


async def test_cases_on_one_card_pass_together(scene: Scene) -> None:
    scene.do(keep_order, order())
    await scene.receive(mail(TWICE, subject="Betalt to gange", message_id="<1@example.dk>"))
    scene.pass_time(minutes=1)
    await scene.receive(mail(TWICE, subject="Igen", message_id="<2@example.dk>"))
    await hands_over(scene)
    assert (whose(scene, 1), whose(scene, 2)) == (NILS, NILS)


async def test_a_reply_that_waits_is_not_held_up_by_a_hand_over(paid_twice: Scene) -> None:
    paid_twice.send(FREJA)
    await hands_over(paid_twice, SIGNE)
    await paid_twice.work()
    assert [item.payload["agent"] for item in paid_twice.mails()] == ["Freja Holm"]
    assert whose(paid_twice) == NILS
