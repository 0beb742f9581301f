"""Mette writes twice, and her open cases share a card."""

from typing import Any

from scenes import FREJA, TWICE, Scene, keep_order, mail, order

from bot import desk
from bot.cards.suggestion import suggestion_card
from bot.desk.replies import Wording
from bot.together import lead_of
from bot.views import card_view
from storage.engine import reading
from storage.tables import (
    AuditEvent,
    Conversation,
    Suggestion,
)

LATE = "Hej, hvor bliver min pakke af? Den skulle være kommet i fredags. Ordre 10432."


DATA = "Jeg vil gerne vide, hvilke oplysninger I har om mig efter GDPR."


LAWYER = "Nu har jeg talt med min advokat om ordre 10432."


async def two_cases(scene: Scene) -> Scene:
    """Mette asks where her parcel is, and ten minutes later, in another mail, about being charged twice."""
    scene.do(keep_order, order())
    await scene.receive(mail(LATE, subject="Min pakke", message_id="<1@example.dk>"))
    scene.pass_time(minutes=10)
    await scene.receive(mail(TWICE, subject="Betalt to gange", message_id="<2@example.dk>"))
    return scene


def card(scene: Scene, case: int) -> Any:
    """The card of a case as its view."""
    with reading(scene.parts.engine) as session:
        found = card_view(session, case, scene.parts.house, scene.now)
    assert found is not None
    return found


def shown(scene: Scene, case: int) -> str:
    """The card of a case as Slack would get it."""
    made = suggestion_card(card(scene, case))
    return f"{made.text} {made.blocks}"


def posted(scene: Scene, case: int) -> str:
    """The card of a case as it was last posted or updated."""
    return str([each.payload for each in scene.sent if each.key == f"card:{case}"][-1])


def draft(scene: Scene, case: int) -> Suggestion:
    found = [each for each in scene.rows(Suggestion) if each.conversation_id == case][-1]
    assert isinstance(found, Suggestion)
    return found


def press(scene: Scene, case: int, who: str = FREJA) -> desk.Press:
    return desk.Press(who, case, draft(scene, case).version)


def send(scene: Scene, case: int, who: str = FREJA, **wording: Any) -> str:
    given = Wording(**wording) if wording else None
    return str(scene.do(desk.send, scene.desk, press(scene, case, who), scene.now, given))


def case(scene: Scene, number: int) -> Conversation:
    (found,) = [each for each in scene.rows(Conversation) if each.id == number]
    assert isinstance(found, Conversation)
    return found


def events(scene: Scene, action: str) -> list[AuditEvent]:
    return [each for each in scene.rows(AuditEvent) if each.action == action]


def leads(scene: Scene, number: int) -> int | None:
    with reading(scene.parts.engine) as session:
        lead = lead_of(session, session.get_one(Conversation, number))
    return lead.id if lead else None
