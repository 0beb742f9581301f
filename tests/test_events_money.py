"""Money in letters about an event: what the books support and the agent may give, once."""

from datetime import timedelta
from typing import Any

import pytest
from event_scenes import live, on_its_way, posted, send_all, tell, told
from scenes import MORNING, Scene, keep_order, order

from bot.event_outcomes import Outcome
from bot.shop_events import Kind, Told
from storage.orders import Line, Parcel
from storage.tables import Refund, RefundState, ShipmentStatus


async def test_who_is_told_first_gets_the_shipping_back_as_who_asks_does(scene: Scene) -> None:
    late = Parcel("PostNord", "PN1", ShipmentStatus.SENT, MORNING - timedelta(days=2))
    lines = (Line("item", "Bordlampe", 45_000), Line("shipping", "Fragt", 4_900))
    scene.do(keep_order, on_its_way(parcels=(late,), lines=lines))
    tell(scene, told(order_number="10432"))
    assert "fragten på 49 kr. tilbage" in scene.card().text
    send_all(scene)
    await scene.work()
    (refund,) = scene.rows(Refund)
    assert (refund.kind, refund.amount_minor, refund.state) == (
        "shipping_refund",
        4_900,
        RefundState.APPROVED,
    )


# ---- A price that falls after the purchase (R3-30) --------------------------------------------------------


async def test_the_difference_goes_back_with_the_letter_and_is_paid_out_below_the_stack(scene: Scene) -> None:
    scene.do(keep_order, on_its_way())
    tell(scene, told(Kind.PRICE_DROP, order_number="10432"))
    assert "Du får 100 kr. tilbage." in scene.card().text
    await scene.work()
    send_all(scene)
    await scene.work()
    (refund,) = scene.rows(Refund)
    assert (refund.kind, refund.amount_minor, refund.state) == (
        "price_difference",
        10_000,
        RefundState.APPROVED,
    )
    (post,) = [item for item in scene.sent if item.key.startswith("refund:")]
    (card,) = [item for item in scene.sent if item.key.startswith("stack:")][:1]
    assert post.payload["thread_ts"] == str(scene.sent.index(card) + 1)
    assert posted(scene, "card") == []


def told_drop(**fields: Any) -> Told:
    return told(Kind.PRICE_DROP, order_number="10432", **fields)


@pytest.mark.parametrize(
    ("days", "given", "amount"),
    [
        (13, {}, "100 kr."),
        (15, {}, ""),
        (5, {"price_now_minor": 100, "paid_minor": 49_900 * 8}, ""),  # above an agent's limit
        (5, {"currency": "SEK"}, ""),
    ],
)
def test_money_is_named_within_fourteen_days_and_the_agents_own_authority(
    scene: Scene, days: int, given: dict[str, Any], amount: str
) -> None:
    captures = (49_900 * 8,) if given.get("paid_minor") else (49_900,)
    placed_at = MORNING - timedelta(days=days)
    scene.do(keep_order, order("10432", captures=captures, placed_at=placed_at))
    tell(scene, told_drop(**given))
    text = scene.card().text
    assert ("tilbage" in text) == bool(amount)
    assert amount in text
    send_all(scene)
    assert len(scene.rows(Refund)) == bool(amount)


async def test_a_price_that_falls_twice_gives_only_what_is_left_of_the_difference(scene: Scene) -> None:
    scene.do(keep_order, on_its_way())
    tell(scene, told_drop())
    picked = [(each.conversation.id or 0, each.suggestion.version) for each in live(scene)]
    assert len(picked) == 1
    send_all(scene)
    assert tell(scene, told_drop(key="e2")) == [Outcome.NOT_NEEDED]
    assert tell(scene, told_drop(key="e3", price_now_minor=35_000)) == [Outcome.NEW]
    assert "Du får 49 kr. tilbage." in scene.card().text
