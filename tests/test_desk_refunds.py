"""Money at the desk: within the authority, never above what was paid, one key one refund."""

import pytest
from scenes import BROKEN, FREJA, NILS, SIGNE, Scene, keep_order, mail, order, wish

from bot import desk
from bot.errors import Refused
from bot.redrafting import redraft
from storage.tables import (
    CardState,
    Order,
    Refund,
    RefundState,
)


async def test_a_refund_within_the_limit_is_given_and_the_draft_tells_it(scene: Scene) -> None:
    scene.do(keep_order, order(captures=(49_900,)))
    await scene.receive(mail(BROKEN))
    refund = scene.do(desk.ask_refund, scene.desk, scene.press(), wish(49_900), scene.now)
    assert refund.state is RefundState.APPROVED
    await redraft(scene.parts, 1)
    card = scene.card()
    assert (card.rule, "499 kr." in card.text) == ("tell_what_was_given", True)
    scene.send()
    assert len(scene.rows(Refund)) == 1


async def test_a_refund_above_the_limit_is_asked_of_a_lead_and_nobody_approves_their_own(
    scene: Scene,
) -> None:
    scene.do(keep_order, order(captures=(499_900,), items=(("Gulvlampe", 499_900),)))
    await scene.receive(mail(BROKEN))
    refund = scene.do(desk.ask_refund, scene.desk, scene.press(), wish(499_900), scene.now)
    assert refund.state is RefundState.REQUESTED
    for who, reason in ((FREJA, "Only support leads"), (NILS, "Only support leads")):
        with pytest.raises(Refused, match=reason):
            scene.do(desk.decide_refund, who, refund.id, approve=True, now=scene.now)
    approved = scene.do(desk.decide_refund, SIGNE, refund.id, approve=True, now=scene.now)
    assert approved.state is RefundState.APPROVED
    with pytest.raises(Refused, match="decided before"):
        scene.do(desk.decide_refund, SIGNE, refund.id, approve=False, now=scene.now)
    await redraft(scene.parts, 1)
    assert "4.999 kr." in scene.card().text


async def test_a_lead_decides_on_a_request_of_another_not_on_their_own(scene: Scene) -> None:
    scene.do(keep_order, order(captures=(4_999_900,), items=(("Lysekrone", 4_999_900),)))
    await scene.receive(mail(BROKEN))
    refund = scene.do(desk.ask_refund, scene.desk, scene.press(SIGNE), wish(4_999_900), scene.now)
    assert refund.state is RefundState.REQUESTED
    with pytest.raises(Refused, match="another lead decides"):
        scene.do(desk.decide_refund, SIGNE, refund.id, approve=True, now=scene.now)


async def test_never_more_than_was_paid_whoever_asks(scene: Scene) -> None:
    scene.do(keep_order, order(captures=(49_900,)))
    await scene.receive(mail(BROKEN))
    scene.do(desk.ask_refund, scene.desk, scene.press(), wish(30_000), scene.now)
    with pytest.raises(Refused, match="Less than that is left"):
        scene.do(desk.ask_refund, scene.desk, scene.press(SIGNE), wish(30_000, "window:V2"), scene.now)
    assert len(scene.rows(Refund)) == 1


async def test_the_limit_is_for_the_whole_case_however_it_is_cut(scene: Scene) -> None:
    scene.do(keep_order, order(captures=(499_900,), items=(("Gulvlampe", 499_900),)))
    await scene.receive(mail(BROKEN))
    first = scene.do(desk.ask_refund, scene.desk, scene.press(), wish(150_000), scene.now)
    second = scene.do(desk.ask_refund, scene.desk, scene.press(), wish(150_000, "window:V2"), scene.now)
    assert (first.state, second.state) == (RefundState.APPROVED, RefundState.REQUESTED)


async def test_a_claim_that_our_books_do_not_know_counts_against_the_limit(scene: Scene) -> None:
    await scene.receive(mail("I har trukket 49.000 kr. to gange for ordre 99999."))
    claimed = scene.do(desk.ask_refund, scene.desk, scene.press(), wish(4_900_000, order_id=None), scene.now)
    assert claimed.state is RefundState.REQUESTED


async def test_after_a_refund_that_came_to_nothing_another_can_be_given(paid_twice: Scene) -> None:
    paid_twice.send()
    await paid_twice.work()
    failed = paid_twice.rows(Refund)[0]
    paid_twice.do(desk.settle_refund, paid_twice.desk, NILS, failed.id, done=False, now=paid_twice.now)
    again = paid_twice.do(desk.ask_refund, paid_twice.desk, paid_twice.press(), wish(49_900), paid_twice.now)
    assert again.state is RefundState.APPROVED
    assert paid_twice.rows(Order)[0].given_back_minor == 49_900


async def test_the_same_window_twice_is_one_refund(scene: Scene) -> None:
    scene.do(keep_order, order(captures=(49_900,)))
    await scene.receive(mail(BROKEN))
    scene.do(desk.ask_refund, scene.desk, scene.press(), wish(10_000), scene.now)
    assert scene.do(desk.ask_refund, scene.desk, scene.press(), wish(10_000), scene.now) is None
    assert scene.rows(Order)[0].given_back_minor == 10_000


async def test_a_declined_refund_frees_its_money(scene: Scene) -> None:
    scene.do(keep_order, order(captures=(499_900,), items=(("Gulvlampe", 499_900),)))
    await scene.receive(mail(BROKEN))
    refund = scene.do(desk.ask_refund, scene.desk, scene.press(), wish(499_900), scene.now)
    scene.do(desk.decide_refund, SIGNE, refund.id, approve=False, now=scene.now)
    assert scene.rows(Order)[0].given_back_minor == 0


async def test_a_refund_that_cannot_be_paid_becomes_the_agents_task_with_the_correction(
    paid_twice: Scene,
) -> None:
    paid_twice.send()
    await paid_twice.work()
    refund = paid_twice.rows(Refund)[0]
    paid_twice.do(desk.settle_refund, paid_twice.desk, NILS, refund.id, done=False, now=paid_twice.now)
    await redraft(paid_twice.parts, 1)
    card = paid_twice.card()
    assert (card.state, card.template) == (CardState.NEW, "reply/refund_corrected")
    assert paid_twice.rows(Order)[0].given_back_minor == 0


async def test_a_large_restitution_is_checked_by_a_second_pair_of_eyes(scene: Scene) -> None:
    scene.do(keep_order, order(captures=(2_499_900, 2_499_900), items=(("Lysekrone", 2_499_900),)))
    await scene.receive(mail("I har trukket pengene to gange for ordre 10432."))
    scene.send()
    refund = scene.rows(Refund)[0]
    assert refund.needs_second_check
    with pytest.raises(Refused, match="other than the one who asked"):
        scene.do(desk.settle_refund, scene.desk, FREJA, refund.id, done=True, now=scene.now)
    settled = scene.do(desk.settle_refund, scene.desk, NILS, refund.id, done=True, now=scene.now)
    assert settled.state is RefundState.SETTLED
