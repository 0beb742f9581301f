"""Cases that pass to a colleague, sleep and wake."""

from datetime import timedelta
from typing import Any

from scenes import FREJA, NILS, Scene, mail

from bot import desk
from bot.redrafting import redraft
from storage.tables import (
    Agent,
    Conversation,
)

AGAIN = "Pengene er ikke kommet. Hvor er de?"


INTRODUCED = "Jeg hedder Nils og har overtaget din sag fra Freja, så nu er det mig, du skriver med."


async def answered(scene: Scene) -> None:
    """Freja has answered, and the customer has written again."""
    scene.send(FREJA)
    await scene.work()
    scene.pass_time(hours=1)
    await scene.receive(mail(AGAIN, subject="Re: Hej", message_id="<2@example.dk>", answers="1@example.dk"))


async def hands_over(scene: Scene, who: str = FREJA, to: str = NILS, note: str = "Ring ikke før ti.") -> None:
    for each in scene.do(desk.hand_over, scene.press(who), to, note, scene.now):
        await redraft(scene.parts, each)
    await scene.work()


async def assigned(scene: Scene, who: str) -> None:
    for each in scene.do(desk.assign, scene.press(who), scene.now):
        await redraft(scene.parts, each)
    await scene.work()


def whose(scene: Scene, conversation: int = 1) -> str:
    case = scene.rows(Conversation)[conversation - 1]
    names = {each.id: str(each.slack_user_id) for each in scene.rows(Agent)}
    return names.get(case.agent_id, "")


def notes(scene: Scene) -> list[str]:
    return [str(item.payload["text"]) for item in scene.sent if item.key.startswith("passed:")]


def in_turn(scene: Scene, who: str = FREJA) -> Any:
    return scene.do(desk.take_next, scene.desk, who, scene.now)


async def woken(scene: Scene) -> int:
    from bot.waking import wake_snoozed

    number = await wake_snoozed(scene.parts)
    await scene.work()
    return number


async def snoozed(scene: Scene, **length: float) -> None:
    scene.do(desk.snooze, scene.press(), scene.now + timedelta(**length), scene.now)
    await scene.work()
