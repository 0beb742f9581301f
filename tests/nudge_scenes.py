"""A customer asks in a thread, and a colleague answers by hand."""

from scenes import FREJA, Scene

from bot.messages import Outgoing
from storage.tables import Nudge

TWICE = "Vi er blevet trukket 499 kr. to gange på ordre 10432. Kan I se på det?"


UNKIND = "Send et billede som bevis."


KIND = "Hej Tore. Du har ret, og pengene er på vej."


COLD = "Systemet siger, at pakken er leveret."


async def asks(scene: Scene) -> str:
    """A customer writes in a thread of their own; its ts."""
    scene.pass_time(seconds=1)
    ts = f"{scene.now.timestamp():.6f}"
    await scene.hear_slack(TWICE, ts=ts)
    await scene.work()
    return ts


async def writes(scene: Scene, thread: str, text: str = UNKIND, who: str = FREJA) -> None:
    """A colleague writes by hand in it."""
    scene.pass_time(seconds=1)
    await scene.hear_slack(text, who, "TLAMPE", thread_ts=thread)
    await scene.work()


def shown(scene: Scene, who: str = "") -> list[Outgoing]:
    made = [each for each in scene.sent if each.key.startswith("nudge:")]
    return [each for each in made if who in ("", each.payload["user"])]


async def made(scene: Scene, text: str = UNKIND, who: str = FREJA) -> int:
    """One more remark, on a thread of its own; its number."""
    before = {each.created_at for each in scene.rows(Nudge)}
    await writes(scene, await asks(scene), text, who)
    (new,) = [each for each in scene.rows(Nudge) if each.created_at not in before]
    return int(new.id)


HOSTILE = (
    f"<!channel> {UNKIND}",
    f"{UNKIND} \u202egnp.exe",
    UNKIND * 400,
    "\U0001f469\u200d\U0001f467" * 300 + f" {UNKIND}",
    "<@U1>" * 500,
)
