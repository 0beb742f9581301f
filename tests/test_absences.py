"""Colleagues away: who has their cases, who is called, and what the customer reads."""

from datetime import timedelta

import pytest
from scenes import FREJA, NILS, SIGNE, Scene, mail, planned

from bot import desk
from bot.desk.replies import Wording
from bot.errors import Refused
from bot.pipeline import remind
from bot.promising import watch_promises
from bot.redrafting import redraft
from bot.waking import end_absences
from storage.tables import Agent, AuditEvent, CardState, Conversation, FollowUp

AGAIN = "Pengene er ikke kommet. Hvor er de?"
OTHER = "Hvor bliver min pakke af? Den skulle være kommet i går."


async def goes_away(scene: Scene, who: str = FREJA, buddy: str = NILS, days: int = 7) -> desk.Away:
    until = scene.now + timedelta(days=days)
    away = scene.do(desk.go_away, who, until, "Monday 9 March", buddy, scene.now)
    assert isinstance(away, desk.Away)
    for each in away.outdated:
        await redraft(scene.parts, each)
    await scene.work()
    return away


def whose(scene: Scene, conversation: int = 1) -> str:
    case = scene.rows(Conversation)[conversation - 1]
    names = {each.id: str(each.slack_user_id) for each in scene.rows(Agent)}
    return names.get(case.agent_id, "")


def notes(scene: Scene) -> list[str]:
    return [str(item.payload["text"]) for item in scene.sent if item.key.startswith("away:")]


async def says(scene: Scene, text: str, number: int) -> None:
    await scene.receive(mail(text, message_id=f"<{number}@example.dk>", answers="1@example.dk"))


@pytest.fixture
async def frejas(paid_twice: Scene) -> Scene:
    """Freja has answered Mette, who has written again."""
    paid_twice.send(FREJA)
    await paid_twice.work()
    paid_twice.pass_time(hours=1)
    await says(paid_twice, AGAIN, 2)
    return paid_twice


async def test_the_buddy_has_the_cases_and_is_called_once(frejas: Scene) -> None:
    await frejas.receive(mail(OTHER, sender="Bo <bo@example.dk>", message_id="<8@example.dk>"))
    frejas.do(desk.assign, frejas.press(FREJA), frejas.now)
    away = await goes_away(frejas)
    assert (away.buddy, away.cases) == ("Nils Berg", 2)
    assert (whose(frejas, 1), whose(frejas, 2)) == (NILS, NILS)
    told = sorted(notes(frejas))
    assert len(told) == 2
    assert told[0].startswith(
        f"<@{NILS}> Freja Holm is away until Monday 9 March. Nils Berg has this case now."
    )
    assert "2 open cases" in told[0]
    assert f"<@{NILS}>" not in told[1]


async def test_the_draft_introduces_the_buddy(frejas: Scene) -> None:
    await goes_away(frejas)
    assert "Jeg hedder Nils og har overtaget din sag fra Freja" in frejas.card().text
    assert "\nNils" in frejas.card().text


async def test_without_a_buddy_the_cases_are_nobodys(frejas: Scene) -> None:
    away = await goes_away(frejas, buddy="")
    assert (away.buddy, whose(frejas)) == ("", "")
    assert frejas.do(desk.take_next, frejas.desk, SIGNE, frejas.now) == 1
    (note,) = notes(frejas)
    assert "This case is nobody's now" in note


@pytest.mark.parametrize(("sender", "introduced"), [(NILS, True), (FREJA, False)])
async def test_a_free_case_introduces_whoever_sends_unless_the_customer_knows_them(
    frejas: Scene, sender: str, introduced: bool
) -> None:
    await goes_away(frejas, buddy="")
    frejas.send(sender)
    await frejas.work()
    gone = str(frejas.mails()[-1].payload["text"])
    assert ("Jeg hedder Nils og har overtaget din sag fra Freja" in gone) is introduced
    assert "‹agent›" not in gone
    assert frejas.card().final_text is None


async def test_what_comes_meanwhile_goes_to_the_buddy(paid_twice: Scene) -> None:
    paid_twice.send(FREJA)
    await paid_twice.work()
    paid_twice.do(desk.resolve, paid_twice.press(FREJA), None, paid_twice.now)
    await goes_away(paid_twice)
    assert whose(paid_twice) == FREJA
    paid_twice.pass_time(days=1)
    await says(paid_twice, AGAIN, 2)
    assert whose(paid_twice) == NILS
    assert "Jeg hedder Nils og har overtaget din sag fra Freja" in paid_twice.card().text
    (note,) = [item for item in paid_twice.sent if item.key.startswith("reopened:")]
    assert note.payload["text"].startswith(f"<@{NILS}>")


async def test_a_bare_thanks_moves_nothing(paid_twice: Scene) -> None:
    paid_twice.send(FREJA)
    await paid_twice.work()
    paid_twice.do(desk.resolve, paid_twice.press(FREJA), None, paid_twice.now)
    await goes_away(paid_twice)
    await says(paid_twice, "Tak!", 2)
    assert whose(paid_twice) == FREJA


async def test_an_answer_to_a_follow_up_is_the_buddys(paid_twice: Scene) -> None:
    paid_twice.send(FREJA)
    await paid_twice.work()
    paid_twice.do(desk.resolve, paid_twice.press(FREJA), planned(paid_twice), paid_twice.now)
    await goes_away(paid_twice, days=30)
    paid_twice.now = paid_twice.rows(FollowUp)[0].due_at
    assert await remind(paid_twice.parts) == 1
    await paid_twice.work()
    assert paid_twice.mails()[-1].payload["agent"] == "Freja Holm"
    paid_twice.pass_time(hours=2)
    await says(paid_twice, "Nej, pengene er ikke kommet endnu.", 2)
    assert whose(paid_twice) == NILS
    (note,) = [item for item in paid_twice.sent if item.key.startswith("answered:")]
    assert note.payload["text"].startswith(f"<@{NILS}>")


async def test_an_answer_to_a_follow_up_after_the_absence_is_theirs_who_have_the_case(frejas: Scene) -> None:
    frejas.send(FREJA)
    await frejas.work()
    frejas.do(desk.set_follow_up, frejas.press(FREJA), planned(frejas), frejas.now)
    await goes_away(frejas, days=1)
    frejas.now = frejas.rows(FollowUp)[0].due_at
    assert await end_absences(frejas.parts) == 1
    assert await remind(frejas.parts) == 1
    await frejas.work()
    assert frejas.mails()[-1].payload["agent"] == "Freja Holm"
    frejas.pass_time(hours=2)
    await says(frejas, "Nej, pengene er ikke kommet endnu.", 3)
    (note,) = [item for item in frejas.sent if item.key.startswith("answered:")]
    assert (whose(frejas), note.payload["text"].startswith(f"<@{NILS}>")) == (NILS, True)


@pytest.mark.parametrize(("buddy", "called"), [(NILS, NILS), ("", SIGNE)])
async def test_a_promise_that_is_near_calls_somebody_who_is_here(
    paid_twice: Scene, buddy: str, called: str
) -> None:
    text = "Hej Mette\n\nJeg skriver igen senest onsdag.\n\nFreja"
    paid_twice.send(FREJA, wording=Wording(text))
    await paid_twice.work()
    await goes_away(paid_twice, buddy=buddy)
    paid_twice.pass_time(days=2, hours=3)
    await watch_promises(paid_twice.parts)
    await paid_twice.work()
    near = [item for item in paid_twice.sent if item.key.startswith("promise:")]
    assert near
    assert all(str(item.payload["text"]).startswith(f"<@{called}>") for item in near)


async def test_back_takes_nothing_from_anybody_and_new_words_come_home(paid_twice: Scene) -> None:
    paid_twice.send(FREJA)
    await paid_twice.work()
    await paid_twice.receive(mail(OTHER, sender="Bo <bo@example.dk>", message_id="<8@example.dk>"))
    paid_twice.do(desk.resolve, paid_twice.press(FREJA, 1, 1), None, paid_twice.now)
    paid_twice.do(desk.assign, paid_twice.press(FREJA), paid_twice.now)
    await goes_away(paid_twice)
    assert paid_twice.do(desk.come_back, FREJA, paid_twice.now)
    assert not paid_twice.do(desk.come_back, FREJA, paid_twice.now)
    assert whose(paid_twice, 2) == NILS
    await says(paid_twice, AGAIN, 2)
    assert whose(paid_twice, 1) == FREJA
    assert "overtaget" not in paid_twice.card().text


async def test_the_clock_ends_an_absence(paid_twice: Scene) -> None:
    await goes_away(paid_twice)
    assert await end_absences(paid_twice.parts) == 0
    paid_twice.pass_time(days=7)
    assert await end_absences(paid_twice.parts) == 1
    assert await end_absences(paid_twice.parts) == 0
    freja = next(each for each in paid_twice.rows(Agent) if each.slack_user_id == FREJA)
    assert (freja.away_until, freja.buddy_id) == (None, None)
    assert [each.action for each in paid_twice.rows(AuditEvent)].count("came_back") == 1


async def test_a_buddy_who_goes_away_too_passes_it_further(paid_twice: Scene) -> None:
    paid_twice.send(FREJA)
    await paid_twice.work()
    await goes_away(paid_twice)
    await goes_away(paid_twice, NILS, SIGNE)
    assert whose(paid_twice) == SIGNE
    paid_twice.do(desk.resolve, paid_twice.press(SIGNE), None, paid_twice.now)
    await goes_away(paid_twice, SIGNE, "")
    await says(paid_twice, AGAIN, 2)
    assert whose(paid_twice) == ""
    assert paid_twice.card().state is CardState.NEW


@pytest.mark.parametrize(
    ("who", "buddy", "why"),
    [
        (FREJA, FREJA, "somebody else"),
        (FREJA, "UTORE00001", "triage channel"),
        (FREJA, SIGNE, "Signe Lund is away too"),
        ("UTORE00001", NILS, "support staff"),
    ],
)
async def test_who_cannot_stand_in_is_refused(paid_twice: Scene, who: str, buddy: str, why: str) -> None:
    await goes_away(paid_twice, SIGNE, "")
    with pytest.raises(Refused, match=why):
        await goes_away(paid_twice, who, buddy)


async def test_nobody_hands_a_case_to_somebody_who_is_away(paid_twice: Scene) -> None:
    await goes_away(paid_twice, NILS, "")
    press = paid_twice.press(FREJA)
    with pytest.raises(Refused, match="Nils Berg is away"):
        paid_twice.do(desk.hand_over, press, NILS, "Tak", paid_twice.now)
