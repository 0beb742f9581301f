"""Who stands behind a reply in Slack is said to customers in their own language."""

import pytest
from scenes import Scene
from sqlmodel import Session

from bot.speech import speaking
from storage.tables import Conversation

ENGLISH = "Hello, where is my parcel? It should have been here yesterday."


async def _answered(scene: Scene, text: str) -> None:
    await scene.hear_slack(text)
    await scene.work()
    scene.send()


async def _line_below(scene: Scene) -> str:
    await scene.work()
    (reply,) = scene.mails()
    return str(reply.payload["blocks"][-1]["elements"][0]["text"])


@pytest.mark.parametrize(
    ("text", "signed", "spoken"),
    [
        ("Hej, hvornår kommer pakken? Den skulle have været her i går.", "Læst igennem og sendt af", "sv"),
        ("Hei, hvor blir det av pakken vår? Den skulle vært her i går.", "Lest gjennom og sendt av", "da"),
        ("Hei, kvar blir det av pakken vår? Eg har ikkje fått noko enno.", "Lese gjennom og sendt av", "nb"),
        ("Hej, var är mitt paket? Det skulle ha kommit i går.", "Granskat och skickat av", "en"),
        (ENGLISH, "Reviewed and sent by", "da"),
    ],
)
async def test_a_reply_in_slack_is_signed_in_its_customers_language_whatever_colleagues_speak(
    scene: Scene, text: str, signed: str, spoken: str
) -> None:
    with speaking(spoken):
        await _answered(scene, text)
        assert await _line_below(scene) == f"{signed} Freja Holm · Tillid"


async def test_where_nobody_knows_the_customers_language_it_is_the_houses(scene: Scene) -> None:
    def forget(session: Session) -> None:
        for case in scene.rows(Conversation):
            session.merge(case).language = ""

    await _answered(scene, ENGLISH)
    scene.do(forget)
    assert (await _line_below(scene)).startswith("Læst igennem og sendt af")
