"""A customer's open cases share one card: who leads, what one reply closes, and the way back."""

import pytest
from scenes import TWICE, Scene, keep_order, mail, order, planned
from together_scenes import (
    DATA,
    LATE,
    LAWYER,
    card,
    case,
    draft,
    events,
    leads,
    posted,
    press,
    send,
    shown,
    two_cases,
)

from bot import desk
from bot.desk.follow_ups import Approved
from bot.errors import Refused
from bot.redrafting import redraft_lead
from storage.engine import reading
from storage.figures import figures
from storage.tables import (
    CardState,
    Conversation,
    ConversationState,
    FollowUp,
    FollowUpState,
    Message,
    WaitingOn,
)


async def test_the_case_with_the_newest_message_leads_and_the_other_is_one_line(scene: Scene) -> None:
    await two_cases(scene)
    assert (leads(scene, 1), leads(scene, 2)) == (2, None)
    (other,) = card(scene, 2).shared
    assert (other.case_id, other.answered_too, "pakke" in other.words) == (1, True, True)
    assert "Send is one reply, and also closes case 1 (the mail of 2 March)" in shown(scene, 2)
    assert card(scene, 2).other_cases == ()
    folded = posted(scene, 1)
    assert "Answered together with case 2" in folded
    assert "Take It Apart" in folded
    assert "card_send" not in folded


async def test_the_leading_draft_names_both_matters(scene: Scene) -> None:
    await two_cases(scene)
    assert draft(scene, 2).speaks_for == [1]
    assert "499 kr." in draft(scene, 2).text
    assert "leveringen" in draft(scene, 2).text


async def test_a_new_message_in_the_other_case_makes_that_one_lead(scene: Scene) -> None:
    await two_cases(scene)
    scene.pass_time(minutes=5)
    await scene.receive(
        mail("Hvor er min pakke? Jeg venter stadig.", answers="1@example.dk", message_id="<3@x.dk>")
    )
    assert (leads(scene, 1), leads(scene, 2)) == (None, 1)
    assert draft(scene, 1).speaks_for == [2]
    assert "Answered together with case 1" in posted(scene, 2)
    with pytest.raises(Refused, match="newest message is in case 1"):
        send(scene, 2)


@pytest.mark.parametrize("text", [DATA, LAWYER])
async def test_what_needs_a_date_or_a_named_person_keeps_a_card_of_its_own(scene: Scene, text: str) -> None:
    scene.do(keep_order, order())
    await scene.receive(mail(text, subject="A", message_id="<1@example.dk>"))
    scene.pass_time(minutes=5)
    await scene.receive(mail(LATE, subject="B", message_id="<2@example.dk>"))
    assert (leads(scene, 1), leads(scene, 2)) == (None, None)
    assert card(scene, 2).shared == ()


async def test_a_mail_that_failed_its_authentication_shares_nothing(scene: Scene) -> None:
    scene.do(keep_order, order())
    await scene.receive(mail(LATE, subject="A", message_id="<1@example.dk>"))
    scene.pass_time(minutes=5)
    forged = mail(TWICE, subject="B", message_id="<2@example.dk>", Reply_To="else@evil.example")
    await scene.receive(forged)
    assert draft(scene, 2).speaks_for == []
    assert (leads(scene, 1), leads(scene, 2)) == (None, None)


async def test_a_case_that_was_answered_or_solved_stands_on_no_card(scene: Scene) -> None:
    scene.do(keep_order, order())
    await scene.receive(mail(LATE, subject="A", message_id="<1@example.dk>"))
    send(scene, 1)
    await scene.work()
    scene.pass_time(minutes=5)
    await scene.receive(mail(TWICE, subject="B", message_id="<2@example.dk>"))
    assert card(scene, 2).shared == ()
    assert len(card(scene, 2).other_cases) == 1


async def test_one_reply_answers_both_and_the_other_is_recorded_and_counted(scene: Scene) -> None:
    await two_cases(scene)
    old = press(scene, 1)
    send(scene, 2)
    await scene.work()
    assert [each.key for each in scene.mails()] == ["reply:2:1"]
    other = case(scene, 1)
    assert (other.answered_with_id, other.waiting_on) == (2, WaitingOn.CUSTOMER)
    assert (draft(scene, 1).state, draft(scene, 2).state) == (CardState.WITHDRAWN, CardState.SENT)
    (stands_for,) = [each for each in scene.rows(Message) if each.kind == "answered_with"]
    assert (stands_for.conversation_id, stands_for.text) == (1, "Answered in case 2.")
    (event,) = events(scene, "answered_together")
    assert (event.conversation_id, event.details["answered_in"]) == (1, 2)
    with reading(scene.parts.engine) as session:
        counted = figures(session, scene.now.replace(hour=0), scene.now.replace(hour=23))
    assert (counted.conversations, counted.answered, counted.waiting) == (2, 2, 0)
    with pytest.raises(Refused, match="answered together with case 2"):
        scene.do(desk.send, scene.desk, old, scene.now)
    with pytest.raises(Refused, match="answered together with case 2"):
        scene.do(desk.dismiss, old, "", scene.now)
    assert "Answered together with case 2" in posted(scene, 1)


async def test_a_tick_that_is_taken_out_leaves_the_other_case_a_card_of_its_own(scene: Scene) -> None:
    await two_cases(scene)
    send(scene, 2, text="Hej Mette, dine 499 kr. er på vej tilbage.", closing=())
    await scene.work()
    assert (leads(scene, 1), case(scene, 1).answered_with_id) == (None, None)
    assert "card_send" in posted(scene, 1)


async def test_a_case_that_moved_on_while_the_window_was_open_is_not_closed_unread(scene: Scene) -> None:
    await two_cases(scene)
    scene.do(desk.dismiss, press(scene, 1), "", scene.now)
    with pytest.raises(Refused, match="Case 1 does not wait any more"):
        send(scene, 2, text="Hej Mette, dine 499 kr. er på vej tilbage.", closing=(1,))
    assert scene.mails() == []
    assert draft(scene, 2).state is CardState.NEW


async def test_a_draft_that_speaks_of_a_case_that_is_gone_is_not_sent_and_is_made_anew(scene: Scene) -> None:
    await two_cases(scene)
    scene.do(desk.dismiss, press(scene, 1), "", scene.now)
    with pytest.raises(desk.OutOfDate, match="also speaks of case 1"):
        send(scene, 2)
    await redraft_lead(scene.parts, 2)
    assert (draft(scene, 2).version, draft(scene, 2).speaks_for) == (2, [])
    assert "leveringen" not in draft(scene, 2).text
    assert send(scene, 2).startswith("Sent.")


async def test_both_are_solved_together_with_one_follow_up(scene: Scene) -> None:
    await two_cases(scene)
    early = Approved("delivered", "Kom den?", "Hej Mette, kom pakken? Freja", scene.now.replace(day=9), "x")
    scene.do(desk.set_follow_up, press(scene, 1), early, scene.now)
    send(scene, 2)
    await scene.work()
    plan = planned(scene)
    scene.do(desk.resolve, press(scene, 2), plan, scene.now)
    await scene.work()
    states = {each.conversation_id: each.state for each in scene.rows(FollowUp)}
    assert states == {1: FollowUpState.CANCELLED, 2: FollowUpState.SCHEDULED}
    assert [each.state for each in scene.rows(Conversation)] == [ConversationState.RESOLVED] * 2
    assert "and solved with it" in posted(scene, 1)
    with pytest.raises(Refused, match="one follow-up there is for both"):
        scene.do(desk.set_follow_up, press(scene, 1), plan, scene.now)


async def test_the_customer_who_writes_in_the_other_case_again_cancels_the_one_follow_up(
    scene: Scene,
) -> None:
    await two_cases(scene)
    send(scene, 2)
    await scene.work()
    scene.do(desk.resolve, press(scene, 2), planned(scene), scene.now)
    scene.pass_time(hours=3)
    await scene.receive(mail("Pakken er stadig ikke kommet.", answers="1@example.dk", message_id="<9@x.dk>"))
    assert [each.state for each in scene.rows(FollowUp)] == [FollowUpState.CANCELLED]
    again = case(scene, 1)
    assert (again.state, again.answered_with_id) == (ConversationState.OPEN, None)
    assert case(scene, 2).state is ConversationState.RESOLVED
    assert "card_send" in posted(scene, 1)


async def test_a_reply_that_fails_is_said_on_the_other_card_too(scene: Scene) -> None:
    from bot.errors import PermanentFailure

    await two_cases(scene)
    scene.troubles["mail"] = [PermanentFailure("no such mailbox")]
    send(scene, 2)
    await scene.work()
    assert draft(scene, 2).state is CardState.FAILED
    assert "did not go out: see there" in posted(scene, 1)
