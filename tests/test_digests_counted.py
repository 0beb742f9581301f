"""What the morning's message counts: every card once, the longest wait first, and each day's own message."""

from datetime import timedelta

from promise_scenes import answer
from scenes import BROKEN, FREJA, NILS, SIGNE, Scene, keep_order, mail, order, wish
from sqlalchemy import update
from sqlmodel import col
from test_digests import morning, rows, texts
from together_scenes import two_cases

from bot import desk
from bot.errors import TemporaryFailure
from storage.tables import Conversation, OutboxItem, OutboxState

NEXT = "Hej, hvor er min pakke?"


async def test_several_cases_of_one_person_that_share_a_card_are_one(scene: Scene) -> None:
    await two_cases(scene)
    scene.do(desk.assign, desk.Press(FREJA, 2, 1), scene.now)
    assert len({each.agent_id for each in scene.rows(Conversation)}) == 1
    assert texts(await morning(scene))[FREJA].startswith("1 case of yours waits for an answer")


async def test_the_case_that_has_waited_longest_is_the_one_to_begin_with(asked: Scene) -> None:
    asked.pass_time(hours=2)
    await asked.receive(mail(NEXT, sender="Ole <ole@example.dk>", message_id="<9@example.dk>"))
    for case in (2, 1):
        asked.do(desk.assign, desk.Press(FREJA, case, 1), asked.now)
    said = texts(await morning(asked))[FREJA]
    assert said.startswith("2 cases of yours wait for an answer, the longest since 2 Mar 2026 09:00 UTC: ")


async def test_one_that_could_not_go_is_not_told_beside_the_next_days(asked: Scene) -> None:
    asked.do(desk.take_next, asked.desk, FREJA, asked.now)
    asked.troubles["digest"] = [TemporaryFailure("Slack cannot be reached", timedelta(hours=24))]
    assert await morning(asked, "2026-03-03T09:00") == []
    (said,) = await morning(asked, "2026-03-04T09:01")
    assert said.key.endswith("2026-03-04")
    states = {each.payload["day"]: each.state for each in rows(asked) if each.payload["user"] == FREJA}
    assert states == {"2026-03-03": OutboxState.WITHDRAWN, "2026-03-04": OutboxState.SENT}


async def test_a_promise_leads_to_its_card(asked: Scene) -> None:
    await answer(asked, "Hej Mette\n\nSenest onsdag skriver jeg, hvornår den kommer.\n\nFreja")
    posted = update(OutboxItem).where(col(OutboxItem.key) == "card:1")
    receipt = {"channel": "CTRIAGE", "ts": "1772442000.000100"}
    asked.do(lambda session: session.execute(posted.values(receipt=receipt)))
    (said,) = await morning(asked, "2026-03-04T09:00")
    assert "1 promise falls due today. <https://" in str(said.payload["blocks"])
    assert "message_ts=1772442000.000100|Open>" in str(said.payload["blocks"])


async def test_refunds_are_told_to_leads_alone(scene: Scene) -> None:
    scene.do(keep_order, order(captures=(900_000,)))
    await scene.receive(mail(BROKEN, message_id="<1@example.dk>"))
    scene.do(desk.ask_refund, scene.desk, scene.press(FREJA), wish(500_000), scene.now)
    found = texts(await morning(scene))
    assert found[SIGNE] == "1 refund waits for a yes."
    assert NILS not in found
