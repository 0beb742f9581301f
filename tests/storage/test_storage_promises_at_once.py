"""Colleagues who press Send at one moment on several cases of one person: one letter, and one promise of money."""

from functools import partial

from scenes import FREJA, NILS, SIGNE, TWICE, Scene, keep_order, mail, order
from sqlmodel import Session
from storage_races import race_apart

from bot import desk
from bot.errors import Refused
from bot.redrafting import redraft
from storage.tables import Order, OutboxItem, Refund, Suggestion


async def two_cases(scene: Scene) -> Scene:
    """Mette tells of one double charge in two mails."""
    scene.do(keep_order, order())
    await scene.receive(mail(TWICE, subject="A", message_id="<1@example.dk>"))
    scene.pass_time(minutes=5)
    await scene.receive(mail(TWICE, subject="B", message_id="<2@example.dk>"))
    return scene


def press(scene: Scene, case: int, who: str = FREJA) -> desk.Press:
    (*_, draft) = [each for each in scene.rows(Suggestion) if each.conversation_id == case]
    return desk.Press(who, case, draft.version)


async def test_of_two_sends_at_once_in_two_cases_one_promises(scene: Scene) -> None:
    await two_cases(scene)
    scene.do(desk.take_apart, press(scene, 1), scene.now)
    for case in (1, 2):
        await redraft(scene.parts, case)
    sends = [partial(_try, scene, press(scene, case, who)) for case, who in ((1, FREJA), (2, NILS))]
    done = race_apart(scene.parts.engine, sends)
    assert sorted(each.split()[0] for each in done) == ["499", "Sent."]
    assert len(scene.rows(Refund)) == 1
    assert scene.rows(Order)[0].given_back_minor == 49_900
    assert len([each for each in scene.rows(OutboxItem) if each.kind == "mail"]) == 1


async def test_of_eight_presses_on_a_card_for_two_cases_one_letter_goes_out(scene: Scene) -> None:
    await two_cases(scene)
    presses = [press(scene, case, who) for case in (1, 2) for who in (FREJA, NILS, SIGNE, FREJA)]
    done = race_apart(scene.parts.engine, [partial(_try, scene, each) for each in presses])
    assert [each.startswith("Sent.") for each in done].count(True) == 1
    assert len(scene.rows(Refund)) == 1
    assert [each.key for each in scene.rows(OutboxItem) if each.kind == "mail"] == ["reply:2:1"]


def _try(scene: Scene, pressed: desk.Press, session: Session) -> str:
    try:
        return desk.send(session, scene.desk, pressed, scene.now)
    except Refused as refusal:
        session.rollback()
        return str(refusal)
