"""Mette asks, and what she is promised is watched."""

from datetime import UTC, datetime, timedelta

from scenes import FREJA, Scene, mail

from bot import promising
from bot.cards.shapes import PromiseLine
from bot.desk.replies import Wording
from bot.views import card_view
from storage.engine import reading
from storage.tables import (
    AuditEvent,
    Promise,
)

DAY = timedelta(days=1)


def at(text: str) -> datetime:
    """An instant on the wall in Copenhagen in March, before summer time."""
    return datetime.fromisoformat(f"{text}+01:00").astimezone(UTC)


async def answer(scene: Scene, text: str, who: str = FREJA) -> None:
    """A colleague's own wording goes out."""
    scene.send(who, wording=Wording(text))
    await scene.work()


async def answer_again(scene: Scene, text: str, who: str = FREJA) -> None:
    """Mette writes once more, and is answered."""
    scene.pass_time(minutes=5)
    number = len(scene.sent)
    again = mail(
        f"Og en ting til ({number}): har I den i rød?",
        message_id=f"<{number}@example.dk>",
        answers="1@example.dk",
    )
    await scene.receive(again)
    await answer(scene, text, who)


async def tick(scene: Scene, moment: str = "") -> list[str]:
    """The clock looks at a moment; what colleagues are told of promises then."""
    if moment:
        scene.now = at(moment)
    before = len(scene.sent)
    await promising.watch_promises(scene.parts)
    await scene.work()
    return [each.payload["text"] for each in scene.sent[before:] if each.key.startswith("promise:")]


def only(scene: Scene) -> Promise:
    (promise,) = scene.rows(Promise)
    assert isinstance(promise, Promise)
    return promise


def shown(scene: Scene) -> PromiseLine | None:
    with reading(scene.parts.engine) as session:
        view = card_view(session, scene.card().conversation_id, scene.parts.house, scene.now)
    assert view is not None
    return view.promise


def actions(scene: Scene) -> list[str]:
    return [each.action for each in scene.rows(AuditEvent) if each.action.startswith("promise")]
