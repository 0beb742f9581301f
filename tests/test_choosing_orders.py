"""Which order a message is about: its number, the only recent one, or the one that a person picks on the card."""

from datetime import timedelta
from typing import Any

import pytest
from builders import NOW
from scenes import FREJA, MORNING, Scene, house, keep_order, mail, order

from bot import desk
from bot.cards.suggestion import suggestion_card
from bot.choosing_orders import choose_order, order_choices
from bot.errors import Refused
from bot.gathering import KnownOrder, Snapshot
from bot.redrafting import redraft
from bot.rules.facts import OrderFacts, Reading
from bot.rules.reading import read_message
from bot.views import card_view
from storage.engine import reading
from storage.orders import Parcel
from storage.tables import AuditEvent, Conversation, Order, ShipmentStatus


def known(number: str, order_id: int = 1, days: int = 5, tracking: tuple[str, ...] = ()) -> KnownOrder:
    return KnownOrder(
        order_id, NOW - timedelta(days=days), OrderFacts(number, "DKK", 49_900, 49_900), tracking
    )


def read(text: str) -> Reading:
    return read_message(text, house().packs, scores={"da": 0.99}, house_language="da")


@pytest.mark.parametrize(
    ("text", "chosen"),
    [
        ("Hvor er ordre 10432?", "10432"),
        ("Hvor er ordre 10499?", None),
        ("Hvor er min lampe?", "10432"),
        ("Hvor er min lampe? Jeg har ventet længe.\n\nMette\n20445566", "10432"),
        ("Hvor er min pakke 370012345?", "10432"),
        ("Hvor er LH-204455?", "10432"),
    ],
)
def test_a_number_that_nothing_calls_an_order_does_not_hide_the_only_recent_one(
    text: str, chosen: str | None
) -> None:
    snapshot = Snapshot(orders=(known("10432"),))
    found = choose_order(snapshot, read(text), NOW)
    assert (found.facts.number if found else None) == chosen


def test_a_parcels_number_names_its_order() -> None:
    snapshot = Snapshot(orders=(known("1001", 1), known("1002", 2, tracking=("PN-445566",))))
    found = choose_order(snapshot, Reading("da", 1.0, (), order_numbers=("pn-445566",)), NOW)
    assert found is not None and found.id == 2


@pytest.mark.parametrize(
    ("numbers", "offered"),
    [((), (1, 2)), (("1001",), ()), (("1001", "1003"), (1, 3)), (("99",), (1, 2))],
)
def test_several_that_fit_are_offered(numbers: tuple[str, ...], offered: tuple[int, ...]) -> None:
    snapshot = Snapshot(orders=(known("1001", 1), known("1002", 2), known("1003", 3, days=200)))
    assert tuple(each.id for each in order_choices(snapshot, numbers, NOW)) == offered


# ---- on the card --------------------------------------------------------------------------------------------


@pytest.fixture
async def unsure(scene: Scene) -> Scene:
    """Mette has two orders and names none."""
    scene.do(keep_order, order("10432"))
    parcel = Parcel("PostNord", "PN7", ShipmentStatus.SENT)
    scene.do(keep_order, order("10440", captures=(9_900,), items=(("Pære", 9_900),), parcels=(parcel,)))
    await scene.receive(mail("Hej, lampen kom frem i stykker. Hvad gør vi?"))
    return scene


def menu(scene: Scene) -> dict[str, Any]:
    with reading(scene.parts.engine) as session:
        view = card_view(session, 1, house(), scene.now)
    assert view is not None
    found = [block["accessory"] for block in suggestion_card(view).blocks if "accessory" in block]
    return found[0] if found else {}


def facts(scene: Scene) -> tuple[str, ...]:
    with reading(scene.parts.engine) as session:
        view = card_view(session, 1, house(), scene.now)
    assert view is not None
    return view.facts


async def test_the_card_asks_which_order_and_the_answer_makes_the_draft_anew(unsure: Scene) -> None:
    options = [each["text"]["text"] for each in menu(unsure)["options"]]
    assert sorted(each.split(",")[0] for each in options) == ["10432", "10440"]
    assert facts(unsure) == ()
    wanted = next(each.id for each in unsure.rows(Order) if each.number == "10440")
    unsure.do(desk.choose_order, unsure.press(), wanted, unsure.now)
    await redraft(unsure.parts, 1)
    assert unsure.rows(Conversation)[0].order_id == wanted
    assert unsure.card().version == 2
    assert menu(unsure)["initial_option"]["text"]["text"].startswith("10440")
    assert [each.subject_id for each in unsure.rows(AuditEvent) if each.action == "order_chosen"] == [wanted]


async def test_every_fact_on_the_card_says_how_old_it_is(unsure: Scene) -> None:
    wanted = next(each.id for each in unsure.rows(Order) if each.number == "10440")
    unsure.do(desk.choose_order, unsure.press(), wanted, unsure.now)
    unsure.now = MORNING + timedelta(hours=3)
    first, *others = facts(unsure)
    assert first == "Order 10440, as of 3 h ago"
    assert any(each.startswith("Parcel PN7 with PostNord: sent") for each in others)


async def test_only_the_customers_own_orders_may_be_chosen_and_only_by_colleagues(unsure: Scene) -> None:
    unsure.do(keep_order, order("777", email="ole@example.dk"))
    strange = next(each.id for each in unsure.rows(Order) if each.number == "777")
    with pytest.raises(Refused, match="not this customer"):
        unsure.do(desk.choose_order, unsure.press(), strange, unsure.now)
    with pytest.raises(Refused):
        unsure.do(desk.choose_order, desk.Press("USTRANGER", 1, 1), 1, unsure.now)
    with pytest.raises(Refused, match="wrote again"):
        unsure.do(desk.choose_order, desk.Press(FREJA, 1, 0), 1, unsure.now)


async def test_a_card_whose_writer_is_not_surely_the_customer_offers_no_orders(scene: Scene) -> None:
    scene.do(keep_order, order("10432"))
    scene.do(keep_order, order("10440"))
    text = "Hej, lampen kom frem i stykker. Hvad gør vi?"
    await scene.receive(mail(text, Reply_To="thief@example.com"))
    assert menu(scene) == {}
