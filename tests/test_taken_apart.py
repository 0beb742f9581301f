"""Cases that shared a card and are taken apart; doors whose answers others read; persons joined and parted."""

import pytest
from scenes import FREJA, NILS, TWICE, Scene, keep_order, mail, order
from together_scenes import LATE, card, case, draft, events, leads, posted, press, send, shown, two_cases

from bot import desk
from bot.errors import Refused
from bot.records.erasing import erase_person
from bot.redrafting import redraft, redraft_lead
from storage import joining
from storage.tables import (
    CardState,
    Conversation,
    Message,
    Suggestion,
    WaitingOn,
)


async def test_a_case_taken_apart_has_its_own_card_and_stays_apart(scene: Scene) -> None:
    await two_cases(scene)
    assert scene.do(desk.take_apart, press(scene, 1), scene.now) == 2
    await redraft_lead(scene.parts, 1)
    await scene.work()
    assert (leads(scene, 1), leads(scene, 2), draft(scene, 2).speaks_for) == (None, None, [])
    assert "card_send" in posted(scene, 1)
    assert [each.conversation_id for each in events(scene, "taken_apart")] == [1]
    scene.pass_time(minutes=5)
    await scene.receive(mail("Hvor er pakken?", answers="1@example.dk", message_id="<3@x.dk>"))
    assert (leads(scene, 1), leads(scene, 2)) == (None, None)
    with pytest.raises(Refused, match="a card of its own already"):
        scene.do(desk.take_apart, press(scene, 1), scene.now)


async def test_what_was_answered_together_can_be_taken_apart_and_answered_alone(scene: Scene) -> None:
    await two_cases(scene)
    send(scene, 2)
    await scene.work()
    scene.do(desk.take_apart, press(scene, 1, NILS), scene.now)
    await redraft(scene.parts, 1)
    await scene.work()
    assert (case(scene, 1).answered_with_id, case(scene, 1).waiting_on) == (None, WaitingOn.US)
    send(scene, 1, NILS)
    await scene.work()
    assert len(scene.mails()) == 2


async def test_what_was_written_by_mail_is_not_told_in_a_channel_unless_somebody_ticks_it(
    scene: Scene,
) -> None:
    scene.do(keep_order, order())
    await scene.receive(mail(TWICE, subject="A", message_id="<1@example.dk>"))
    scene.pass_time(minutes=5)
    await scene.hear_slack("Where is my parcel? It was due on Friday.")
    await scene.work()
    scene.do(joining.join, 1, 2, "by hand", scene.now)
    await redraft(scene.parts, 2)
    assert leads(scene, 1) == 2
    assert draft(scene, 2).speaks_for == []
    (other,) = card(scene, 2).shared
    assert (other.read_by_others, other.answered_too) == (True, False)
    assert "others read this channel" in shown(scene, 2)
    send(scene, 2)
    await scene.work()
    assert (leads(scene, 1), case(scene, 1).answered_with_id) == (None, None)


async def test_a_tick_closes_a_mail_from_a_channel_too(scene: Scene) -> None:
    await scene.receive(mail(TWICE, subject="A", message_id="<1@example.dk>"))
    scene.pass_time(minutes=5)
    await scene.hear_slack("Where is my parcel? It was due on Friday.")
    await scene.work()
    scene.do(joining.join, 1, 2, "by hand", scene.now)
    send(scene, 2, text="I have written to you by mail.", closing=(1,))
    assert case(scene, 1).answered_with_id == 2


async def test_two_who_are_joined_share_a_card_and_two_who_are_parted_do_not(scene: Scene) -> None:
    await scene.receive(mail(LATE, subject="A", message_id="<1@example.dk>"))
    scene.pass_time(minutes=5)
    other = mail(TWICE, sender="Mette <mh@work.example>", subject="B", message_id="<2@work.example>")
    await scene.receive(other)
    assert leads(scene, 1) is None
    join = scene.do(joining.join, 1, 2, "by hand", scene.now)
    assert leads(scene, 1) == 2
    scene.do(joining.undo, join.id, scene.now)
    assert leads(scene, 1) is None


async def test_what_one_letter_answered_for_two_who_are_two_waits_again(scene: Scene) -> None:
    await scene.receive(mail(LATE, subject="A", message_id="<1@example.dk>"))
    scene.pass_time(minutes=5)
    other = mail(TWICE, sender="Mette <mh@work.example>", subject="B", message_id="<2@work.example>")
    await scene.receive(other)
    join = scene.do(joining.join, 1, 2, "by hand", scene.now)
    await redraft(scene.parts, 2)
    send(scene, 2)
    await scene.work()
    assert case(scene, 1).answered_with_id == 2
    scene.do(joining.undo, join.id, scene.now)
    again = case(scene, 1)
    assert (again.customer_id, again.answered_with_id, again.waiting_on) == (1, None, WaitingOn.US)
    assert (draft(scene, 1).state, draft(scene, 1).version) == (CardState.NEW, 2)
    assert [each.subject_id for each in events(scene, "answered_apart")] == [2]


async def test_of_two_cases_answered_together_nothing_is_left_when_the_person_is_forgotten(
    scene: Scene,
) -> None:
    await scene.receive(mail(LATE, subject="Min pakke", message_id="<1@example.dk>"))
    scene.pass_time(minutes=10)
    await scene.receive(mail(TWICE, subject="Betalt to gange", message_id="<2@example.dk>"))
    send(scene, 2)
    await scene.work()
    assert case(scene, 1).answered_with_id == 2
    erase_person(scene.parts.engine, 1, scene.parts.clock)
    assert (scene.rows(Conversation), scene.rows(Message), scene.rows(Suggestion)) == ([], [], [])
    await scene.work()


async def test_an_erased_person_is_answered_nowhere_although_the_card_was_open(scene: Scene) -> None:
    await two_cases(scene)
    pressed = press(scene, 2)
    erase_person(scene.parts.engine, 1, scene.parts.clock)
    with pytest.raises(Refused):
        scene.do(desk.send, scene.desk, pressed, scene.now)
    with pytest.raises(Refused):
        scene.do(desk.take_apart, desk.Press(FREJA, 1, 1), scene.now)
    assert scene.mails() == []
