"""What is decided about money, and about who is who, reaches the draft also where whoever pressed dies at once."""

import pytest
from scenes import BROKEN, FREJA, NILS, SIGNE, Scene, keep_order, mail, order, wish
from test_confirming import OTHER, STOLEN

from bot import desk
from bot.handlers.slack_customer import settled
from bot.redrafting import redraft_asked
from storage.tables import CardState, Conversation, Join, Refund, RefundState, Suggestion


async def made_up_for(scene: Scene) -> Suggestion:
    """The next to look makes the draft, once, and until then nobody sends the old one."""
    if scene.card().state is CardState.NEW:
        with pytest.raises(desk.OutOfDate, match="being made anew"):
            scene.send()
    assert await redraft_asked(scene.parts) == 1
    assert await redraft_asked(scene.parts) == 0
    return scene.card()


async def asked_for(scene: Scene, amount_minor: int) -> Refund:
    """Mette's broken thing, and Freja gives its price back, or asks for that."""
    scene.do(keep_order, order(captures=(amount_minor,), items=(("Gulvlampe", amount_minor),)))
    await scene.receive(mail(BROKEN))
    refund: Refund = scene.do(desk.ask_refund, scene.desk, scene.press(), wish(amount_minor), scene.now)
    return refund


async def test_what_an_agent_gave_is_told(scene: Scene) -> None:
    await asked_for(scene, 49_900)
    card = await made_up_for(scene)
    assert (card.rule, "499 kr." in card.text) == ("tell_what_was_given", True)


async def test_what_a_lead_was_asked_for_changes_no_draft_before_the_answer(scene: Scene) -> None:
    assert (await asked_for(scene, 499_900)).state is RefundState.REQUESTED
    assert await redraft_asked(scene.parts) == 0


async def test_a_leads_yes_is_told(scene: Scene) -> None:
    refund = await asked_for(scene, 499_900)
    scene.do(desk.decide_refund, SIGNE, refund.id, approve=True, now=scene.now)
    card = await made_up_for(scene)
    assert (card.rule, "4.999 kr." in card.text) == ("tell_what_was_given", True)


async def test_a_leads_no_is_told(scene: Scene) -> None:
    refund = await asked_for(scene, 499_900)
    scene.do(desk.decide_refund, SIGNE, refund.id, approve=False, now=scene.now)
    card = await made_up_for(scene)
    assert (card.template, "4.999 kr." in card.text) == ("reply/declined", False)


async def test_money_that_could_not_be_moved_is_told(paid_twice: Scene) -> None:
    paid_twice.send()
    await paid_twice.work()
    (refund,) = paid_twice.rows(Refund)
    paid_twice.do(desk.settle_refund, paid_twice.desk, NILS, refund.id, done=False, now=paid_twice.now)
    card = await made_up_for(paid_twice)
    assert (card.state, card.template) == (CardState.NEW, "reply/refund_corrected")


async def test_money_that_was_moved_asks_for_no_draft(paid_twice: Scene) -> None:
    paid_twice.send()
    await paid_twice.work()
    (refund,) = paid_twice.rows(Refund)
    paid_twice.do(desk.settle_refund, paid_twice.desk, NILS, refund.id, done=True, now=paid_twice.now)
    assert await redraft_asked(paid_twice.parts) == 0


async def test_only_what_was_decided_since_is_told(scene: Scene) -> None:
    refund = await asked_for(scene, 499_900)
    scene.do(desk.decide_refund, SIGNE, refund.id, approve=False, now=scene.now)
    assert (await made_up_for(scene)).template == "reply/declined"
    scene.pass_time(minutes=5)
    scene.do(desk.resolve, scene.press(), None, scene.now)
    scene.do(desk.reopen, scene.press(), scene.now)
    assert (await made_up_for(scene)).template != "reply/declined"


async def test_who_is_the_same_person_is_known_in_the_draft(scene: Scene) -> None:
    scene.do(keep_order, order())
    await scene.receive(mail(STOLEN, sender=OTHER))
    (join,) = scene.rows(Join)
    case = scene.card().conversation_id
    assert scene.do(settled, desk.same_person, FREJA, join.id, case, scene.now) == [case]
    assert "499" in (await made_up_for(scene)).text
    assert [each.redraft_since for each in scene.rows(Conversation)] == [None]
