"""Money on an order is promised once: refused at Send in a second case, told in a draft that is made later."""

import pytest
from scenes import SIGNE, TWICE, Scene, keep_order, mail, order, wish
from together_scenes import draft, press, send

from bot import desk
from bot.errors import Refused
from bot.redrafting import redraft
from storage import refunds
from storage.refunds import Ask
from storage.tables import CardState, Order, OutboxItem, Refund, RefundState


async def apart(scene: Scene) -> Scene:
    """Mette tells of one double charge in two mails, and a colleague has taken the two cases apart."""
    scene.do(keep_order, order())
    await scene.receive(mail(TWICE, subject="Betalt to gange", message_id="<1@example.dk>"))
    scene.pass_time(minutes=5)
    await scene.receive(mail(TWICE, subject="Igen", message_id="<2@example.dk>"))
    scene.do(desk.take_apart, press(scene, 1), scene.now)
    await redraft(scene.parts, 1)
    await redraft(scene.parts, 2)
    return scene


def given_in(scene: Scene, case: int, state: RefundState, **fields: object) -> None:
    """A refund of 499 kr. that stands in the ledger in that state."""
    by = {"kind": "refund", "amount_minor": 49_900} | fields
    ask = Ask("k", case, 1, str(by["kind"]), "A", int(str(by["amount_minor"])), "DKK")
    approved = state is not RefundState.REQUESTED and state is not RefundState.DECLINED
    refund = scene.do(refunds.add, ask, 1, approved=approved, now=scene.now)
    if state is RefundState.DECLINED:
        scene.do(refunds.decide, refund.id, 3, approve=False, now=scene.now)
    if state in (RefundState.SETTLED, RefundState.FAILED):
        scene.do(refunds.settle, refund.id, 2, done=state is RefundState.SETTLED, now=scene.now)


async def test_a_second_send_of_the_same_money_is_refused_and_names_the_case(scene: Scene) -> None:
    await apart(scene)
    send(scene, 1)
    with pytest.raises(desk.OutOfDate, match=r"499 kr\. on order 10432 is promised in case 1 already"):
        send(scene, 2)
    assert draft(scene, 2).state is CardState.NEW
    assert len(scene.rows(Refund)) == 1
    assert [each.key for each in scene.rows(OutboxItem) if each.kind == "mail"] == ["reply:1:2"]


async def test_the_draft_made_anew_tells_of_the_first_and_gives_nothing(scene: Scene) -> None:
    await apart(scene)
    send(scene, 1)
    await redraft(scene.parts, 2)
    told = draft(scene, 2)
    assert (told.rule, told.template) == ("tell_what_is_promised", "reply/refund_status_granted")
    assert told.remedy is not None and told.remedy["given"]
    assert "499 kr." in told.text
    assert "Jeg sender" not in told.text
    assert send(scene, 2) == "Sent."
    assert len(scene.rows(Refund)) == 1
    assert scene.rows(Order)[0].given_back_minor == 49_900


@pytest.mark.parametrize("state", [RefundState.APPROVED, RefundState.SETTLED])
async def test_a_case_that_begins_after_the_promise_offers_no_second_one(
    scene: Scene, state: RefundState
) -> None:
    scene.do(keep_order, order())
    await scene.receive(mail(TWICE, subject="A", message_id="<1@example.dk>"))
    given_in(scene, 1, state)
    scene.pass_time(days=1)
    await scene.receive(mail(TWICE, subject="B", message_id="<2@example.dk>"))
    told = draft(scene, 2)
    assert told.rule == "tell_what_is_promised"
    assert told.remedy is not None and told.remedy["given"]
    assert any("promised in another case already (case 1)" in each for each in hints(scene, 2))


def hints(scene: Scene, case: int) -> tuple[str, ...]:
    from bot.views import card_view

    found = scene.do(card_view, case, scene.parts.house, scene.now)
    return tuple(found.hints)


@pytest.mark.parametrize(
    ("state", "kind", "refused"),
    [
        (RefundState.REQUESTED, "refund", "A lead is being asked about 499 kr"),
        (RefundState.APPROVED, "refund", "promised in case 1 already"),
        (RefundState.APPROVED, "shipping_refund", "promised in case 1 already"),
        (RefundState.SETTLED, "refund", "promised in case 1 already"),
        (RefundState.DECLINED, "refund", ""),
        (RefundState.FAILED, "refund", ""),
        (RefundState.APPROVED, "credit", ""),
        (RefundState.APPROVED, "release", ""),
    ],
)
async def test_what_stands_in_the_way_of_a_second_promise(
    scene: Scene, state: RefundState, kind: str, refused: str
) -> None:
    await apart(scene)
    given_in(scene, 1, state, kind=kind)
    if refused:
        with pytest.raises(Refused, match=refused):
            send(scene, 2)
        return
    assert send(scene, 2).startswith("Sent.")


async def test_another_amount_is_another_line_of_the_order(scene: Scene) -> None:
    await apart(scene)
    given_in(scene, 1, RefundState.APPROVED, amount_minor=4_900)
    assert send(scene, 2).startswith("Sent.")
    assert sorted(each.amount_minor for each in scene.rows(Refund)) == [4_900, 49_900]


async def test_the_same_case_may_state_what_was_given_by_hand_before(scene: Scene) -> None:
    await apart(scene)
    given_in(scene, 2, RefundState.APPROVED)
    assert send(scene, 2) == "Sent."
    assert len(scene.rows(Refund)) == 1


async def test_somebody_elses_case_on_the_order_counts_too(scene: Scene) -> None:
    """Nils answers for his wife: his case is about her order, because a colleague is sure who he is."""
    await apart(scene)
    other = mail(TWICE, sender="Jens <jens@example.dk>", subject="Min kone", message_id="<3@example.dk>")
    await scene.receive(other)
    scene.do(desk.confirm_person, press(scene, 3), scene.now)
    await redraft(scene.parts, 3)
    assert draft(scene, 3).situation == "granted"
    send(scene, 1)
    with pytest.raises(Refused, match="promised in case 1 already"):
        send(scene, 3)


async def test_the_refund_window_stays_open_for_what_is_truly_left(scene: Scene) -> None:
    await apart(scene)
    send(scene, 1)
    refund = scene.do(desk.ask_refund, scene.desk, press(scene, 2), wish(49_900), scene.now)
    assert refund.state is RefundState.APPROVED
    with pytest.raises(Refused, match="Less than that is left"):
        scene.do(desk.ask_refund, scene.desk, press(scene, 2, SIGNE), wish(100, "window:V2"), scene.now)


async def test_two_mails_of_one_person_at_one_moment_are_one_card(scene: Scene) -> None:
    scene.do(keep_order, order())
    await scene.hear(mail(TWICE, subject="A", message_id="<1@example.dk>"))
    await scene.hear(mail(TWICE, subject="B", message_id="<2@example.dk>"))
    await scene.work()
    last = {each.key: str(each.payload) for each in scene.sent if each.key.startswith("card:")}
    assert [("card_send" in last[key], "Take It Apart" in last[key]) for key in ("card:1", "card:2")] == [
        (False, True),
        (True, False),
    ]
