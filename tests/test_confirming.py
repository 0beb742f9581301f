"""Who is writing: facts stay hidden until a colleague is sure, and then for that address in that case only."""

import pytest
from scenes import FREJA, Scene, keep_order, mail, order
from sqlmodel import Session

from bot import desk
from bot.cards.shapes import CardView
from bot.errors import Refused
from bot.redrafting import redraft
from bot.views import card_view
from storage import persons, refunds
from storage.engine import reading
from storage.refunds import Ask
from storage.tables import AuditEvent, CardState, ConfirmedPerson, Customer, Join, Message, Suggestion

OTHER = "Mette Hansen <mette.privat@example.com>"
MOVED = "Hej, jeg er flyttet til Nygade 4, 8000 Aarhus. Vil I rette adressen på ordre 10432?"
STOLEN = "Hej, I har trukket 499 kr. to gange for ordre 10432. Kan I give mig pengene tilbage?"


def view(scene: Scene) -> CardView:
    with reading(scene.parts.engine) as session:
        found = card_view(session, scene.card().conversation_id, scene.parts.house, scene.now)
    assert found is not None
    return found


async def confirm(scene: Scene, who: str = FREJA) -> Suggestion:
    press = scene.press(who)
    scene.do(desk.confirm_person, press, scene.now)
    await redraft(scene.parts, press.conversation_id)
    await scene.work()
    return scene.card()


def actions(scene: Scene) -> list[str]:
    return [each.action for each in scene.rows(AuditEvent)]


async def test_a_new_address_that_names_an_order_sees_nothing_until_a_colleague_is_sure(scene: Scene) -> None:
    scene.do(keep_order, order())
    await scene.receive(mail(STOLEN, sender=OTHER))
    assert "499" not in scene.card().text
    assert view(scene).doubt.startswith("Order 10432 is in the name of Mette")
    card = await confirm(scene)
    assert "499" in card.text
    assert view(scene).doubt == ""
    (row,) = scene.rows(ConfirmedPerson)
    assert (row.address, row.customer_id, row.agent_id) == ("mette.privat@example.com", 1, 1)
    (event,) = [each for each in scene.rows(AuditEvent) if each.action == "person_confirmed"]
    assert (event.agent_id, event.subject_id, event.details) == (1, 1, {"confirmation": row.id})


async def test_an_address_change_is_promised_only_after_it(scene: Scene) -> None:
    scene.do(keep_order, order(captures=(49_900,)))
    await scene.receive(mail(MOVED, sender=OTHER))
    assert (scene.card().intent, scene.card().situation) == ("address_change", "looking")
    assert (await confirm(scene)).situation == "granted"


async def test_what_is_written_next_from_there_is_believed_and_another_address_is_not(scene: Scene) -> None:
    scene.do(keep_order, order())
    await scene.receive(mail(STOLEN, sender=OTHER, message_id="<1@example.com>"))
    await confirm(scene)
    await scene.receive(mail("Ordre 10432 altså.", sender=OTHER, answers="1@example.com"))
    assert "499" in scene.card().text
    third = "Mette Hansen <mette@third.example>"
    await scene.receive(mail(STOLEN, sender=third, answers="1@example.com"))
    assert "499" not in scene.card().text
    assert view(scene).doubted_address == "mette@third.example"
    await confirm(scene)
    assert len(scene.rows(ConfirmedPerson)) == 2


async def test_a_confirmation_holds_in_its_own_case_only(scene: Scene) -> None:
    scene.do(keep_order, order())
    await scene.receive(mail(STOLEN, sender=OTHER))
    await confirm(scene)
    await scene.receive(mail(STOLEN, sender=OTHER, subject="Igen"))
    assert "499" not in scene.card().text


async def test_only_members_of_the_triage_channel_can_be_sure_and_only_where_something_is_hidden(
    scene: Scene,
) -> None:
    scene.do(keep_order, order())
    await scene.receive(mail(STOLEN, sender=OTHER))
    with pytest.raises(Refused, match="support staff"):
        scene.do(desk.confirm_person, scene.press("USTRANGER"), scene.now)
    assert scene.rows(ConfirmedPerson) == []
    await confirm(scene)
    with pytest.raises(Refused, match="Nothing is hidden"):
        scene.do(desk.confirm_person, scene.press(), scene.now)


async def test_mail_that_failed_authentication_is_believed_once_and_the_next_is_asked_again(
    paid_twice: Scene,
) -> None:
    def forge(session: Session) -> None:
        session.get_one(Message, len(paid_twice.rows(Message))).authentication = "fail"

    paid_twice.do(forge)
    await redraft(paid_twice.parts, 1)
    assert "499" not in paid_twice.card().text
    assert "authentication" in view(paid_twice).doubt
    paid_twice.pass_time(minutes=1)
    assert "499" in (await confirm(paid_twice)).text
    paid_twice.pass_time(minutes=1)
    await paid_twice.receive(mail("Hvor bliver de af?", answers="1@example.dk"))
    paid_twice.do(forge)
    await redraft(paid_twice.parts, 1)
    assert "499" not in paid_twice.card().text


async def test_the_address_that_named_the_order_is_proposed_as_the_same_person(scene: Scene) -> None:
    scene.do(keep_order, order())
    await scene.receive(mail(STOLEN, sender=OTHER))
    (join,) = scene.rows(Join)
    assert (join.state.value, join.kept_id, join.gone_id) == ("proposed", 1, 2)
    assert [each.name for each in view(scene).likenesses] == ["Mette"]
    with pytest.raises(Refused, match="support staff"):
        scene.do(desk.same_person, "USTRANGER", join.id, scene.now)
    scene.do(desk.same_person, FREJA, join.id, scene.now)
    await redraft(scene.parts, scene.card().conversation_id)
    assert "499" in scene.card().text
    assert view(scene).likenesses == ()
    with pytest.raises(Refused, match="answered this already"):
        scene.do(desk.somebody_else, FREJA, join.id, scene.now)
    scene.do(desk.part, FREJA, join.id, scene.now)
    await redraft(scene.parts, scene.card().conversation_id)
    assert "499" not in scene.card().text
    assert {"customers_joined", "customers_parted"} <= set(actions(scene))


async def test_a_refund_promised_in_one_open_case_is_told_in_the_other(paid_twice: Scene) -> None:
    await paid_twice.receive(mail(STOLEN, subject="Har I set min mail?", message_id="<2@example.dk>"))
    first = paid_twice.rows(Suggestion)[0]
    assert any("offered in another open case" in each for each in view(paid_twice).hints)
    assert [each.case_id for each in view(paid_twice).shared] == [first.conversation_id]
    ask = Ask("k", first.conversation_id, 1, "refund", "A", 49_900, "DKK")
    paid_twice.do(refunds.add, ask, 1, approved=True, now=paid_twice.now)
    hints = view(paid_twice).hints
    assert any("promised in another case" in each and "499" in each for each in hints)


async def test_looking_at_a_customer_is_recorded_and_a_forgotten_one_is_not_shown(paid_twice: Scene) -> None:
    assert paid_twice.do(desk.view_customer, FREJA, 1, paid_twice.now) == 1
    (event,) = [each for each in paid_twice.rows(AuditEvent) if each.action == "customer_viewed"]
    assert (event.agent_id, event.subject_id, event.details) == (1, 1, {})
    with pytest.raises(Refused, match="support staff"):
        paid_twice.do(desk.view_customer, "USTRANGER", 1, paid_twice.now)

    def forget(session: Session) -> None:
        session.get_one(Customer, 1).erased_at = paid_twice.now

    paid_twice.do(forget)
    with pytest.raises(Refused, match="not here any more"):
        paid_twice.do(desk.view_customer, FREJA, 1, paid_twice.now)
    assert paid_twice.card().state is CardState.NEW
    with reading(paid_twice.parts.engine) as session:
        assert persons.whole(session, 1).ids == (1,)
