"""Whoever has several cases on one card waits as long as the oldest of them, whichever of them leads."""

from scenes import FREJA, NILS, Scene, keep_order, mail, order
from together_scenes import LATE, leads, two_cases

from bot import desk
from bot.desk.queue import in_order
from storage import agents
from storage.engine import reading

DEFECT = "Hej, min lampe blinker. Kan I hjælpe?"


async def a_new_case_behind_an_old_one(scene: Scene) -> None:
    """Freja has answered Mette, who writes of something else; then Bo writes; then Mette goes on in the first case."""
    scene.do(keep_order, order())
    await scene.receive(mail(DEFECT, subject="Lampen", message_id="<1@example.dk>"))
    scene.send(FREJA)
    await scene.work()
    scene.pass_time(minutes=10)
    await scene.receive(mail(LATE, subject="Min pakke", message_id="<2@example.dk>"))
    scene.pass_time(minutes=10)
    await scene.receive(mail(DEFECT, sender="Bo <bo@example.dk>", message_id="<3@example.dk>"))
    scene.pass_time(minutes=10)
    await scene.receive(
        mail("Den blinker stadig. Kan I hjælpe?", message_id="<4@example.dk>", answers="1@example.dk")
    )
    assert (leads(scene, 2), leads(scene, 1)) == (1, None)


async def test_the_one_who_has_waited_longest_comes_first_though_their_older_case_is_nobodys(
    scene: Scene,
) -> None:
    await a_new_case_behind_an_old_one(scene)
    assert scene.do(desk.take_next, scene.desk, FREJA, scene.now) == 1
    assert scene.do(desk.take_next, scene.desk, FREJA, scene.now, (1,)) == 3


async def test_nobody_else_is_given_a_card_that_is_a_colleague_s(scene: Scene) -> None:
    await a_new_case_behind_an_old_one(scene)
    assert scene.do(desk.take_next, scene.desk, NILS, scene.now) == 3
    assert scene.do(desk.take_next, scene.desk, NILS, scene.now, (3,)) is None


async def test_a_person_waits_once_since_their_oldest_words(scene: Scene) -> None:
    since = scene.now
    await two_cases(scene)
    with reading(scene.parts.engine) as session:
        freja = agents.by_slack_id(session, FREJA)
        assert freja is not None
        waiting = in_order(session, scene.desk, freja, (), scene.now)
    assert [(each.conversation_id, each.since) for each in waiting] == [(2, since)]
