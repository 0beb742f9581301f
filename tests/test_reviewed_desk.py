"""What a hunt for bugs found at the desk and at the door: each once, on both databases."""

import pytest
from scenes import BROKEN, FREJA, NILS, SIGNE, TWICE, Scene, keep_order, mail, order, planned, wish

from bot import desk
from bot.desk.replies import Wording
from bot.errors import PermanentFailure, Refused
from bot.redrafting import redraft
from storage.tables import (
    CardState,
    Conversation,
    ConversationState,
    InboxState,
    Message,
    Order,
    Refund,
    RefundState,
    Suggestion,
    WaitingOn,
)


async def test_an_answer_asked_to_another_address_gets_no_order_facts(scene: Scene) -> None:
    scene.do(keep_order, order())
    await scene.receive(mail(TWICE, Reply_To="evil@example.com"))
    card = scene.card()
    assert card.situation == "looking"
    assert any("evil@example.com" in hint for hint in card.hints)
    assert scene.rows(Conversation)[0].order_id is None


async def test_whoever_joins_a_thread_sees_nobodys_facts_and_is_nobody_elses_self(paid_twice: Scene) -> None:
    await paid_twice.receive(
        mail(
            "Hvad har hun betalt? Der er trukket to gange.",
            sender="Evil <evil@example.com>",
            answers="1@example.dk",
        )
    )
    card = paid_twice.card()
    assert card.situation == "looking"
    assert "not by this case's customer" in " ".join(card.hints)
    first, second = paid_twice.rows(Message)
    assert first.customer_id != second.customer_id
    assert paid_twice.rows(Conversation)[0].answer_to == "mette@example.dk"


async def test_a_forged_member_of_a_strangers_thread_brings_no_facts_into_it(scene: Scene) -> None:
    scene.do(keep_order, order())
    await scene.receive(
        mail("Jeg har et spørgsmål.", sender="Evil <evil@example.com>", message_id="<e@example.com>")
    )
    await scene.receive(mail(TWICE, answers="e@example.com", message_id="<2@example.dk>"))
    assert scene.card().situation == "looking"
    assert scene.rows(Conversation)[0].order_id is None
    assert scene.rows(Conversation)[0].answer_to == "evil@example.com"


async def test_many_small_refunds_without_an_order_meet_the_limit_together(scene: Scene) -> None:
    await scene.receive(mail("I har trukket 499 kr. to gange for ordre 99999."))
    states = []
    for number in range(6):
        refund = scene.do(
            desk.ask_refund,
            scene.desk,
            scene.press(),
            wish(49_900, f"window:V{number}", order_id=None),
            scene.now,
        )
        states.append(refund.state)
    assert states == [RefundState.APPROVED] * 4 + [RefundState.REQUESTED] * 2


async def test_a_leads_yes_is_for_one_refund(scene: Scene) -> None:
    await scene.receive(mail("I har trukket 19.999 kr. to gange for ordre 99999."))
    big = wish(1_999_900, "window:V1", order_id=None)
    asked = scene.do(desk.ask_refund, scene.desk, scene.press(), big, scene.now)
    scene.do(desk.decide_refund, SIGNE, asked.id, approve=True, now=scene.now)
    await redraft(scene.parts, 1)
    again = wish(1_999_900, "window:V2", order_id=None)
    second = scene.do(desk.ask_refund, scene.desk, scene.press(), again, scene.now)
    assert second.state is RefundState.REQUESTED


async def test_one_double_charge_told_in_two_threads_goes_back_once(paid_twice: Scene) -> None:
    await paid_twice.receive(
        mail("Hallo? Der er trukket 499 kr. to gange, ordre 10432.", message_id="<9@example.dk>")
    )
    first, second = paid_twice.rows(Suggestion)
    old, newest = (desk.Press(FREJA, each.conversation_id, each.version) for each in (first, second))
    paid_twice.do(desk.send, paid_twice.desk, newest, paid_twice.now)
    with pytest.raises(Refused, match="answered together with case 2"):
        paid_twice.do(desk.send, paid_twice.desk, old, paid_twice.now)
    assert len(paid_twice.rows(Refund)) == 1
    assert paid_twice.rows(Order)[0].given_back_minor == 49_900


async def test_a_customer_who_writes_while_the_reply_is_on_its_way_is_heard_at_once(
    paid_twice: Scene,
) -> None:
    paid_twice.send()
    await paid_twice.hear(
        mail(
            "Jeg glemte: lampen er også gået i stykker.", message_id="<2@example.dk>", answers="1@example.dk"
        )
    )
    from bot import pipeline

    await pipeline.process(paid_twice.parts)
    assert paid_twice.inbox_states() == [InboxState.DONE, InboxState.DONE]
    states = [card.state for card in paid_twice.rows(Suggestion)]
    assert states == [CardState.SENDING, CardState.NEW]
    await paid_twice.work()
    assert [card.state for card in paid_twice.rows(Suggestion)] == [CardState.SENT, CardState.NEW]


async def test_an_old_window_resolves_nothing_and_sets_nothing(paid_twice: Scene) -> None:
    old, plan = paid_twice.press(), planned(paid_twice)
    await paid_twice.receive(mail("Vent, der er mere.", message_id="<2@example.dk>", answers="1@example.dk"))
    for act in (desk.resolve, desk.set_follow_up):
        with pytest.raises(Refused, match="read the new one"):
            paid_twice.do(act, old, plan, paid_twice.now)
    with pytest.raises(Refused, match="read the new one"):
        paid_twice.do(desk.ask_refund, paid_twice.desk, old, wish(49_900), paid_twice.now)
    assert paid_twice.rows(Conversation)[0].state is ConversationState.OPEN


async def test_a_refund_that_fails_after_a_thanks_still_becomes_a_task(paid_twice: Scene) -> None:
    paid_twice.send()
    await paid_twice.work()
    await paid_twice.receive(mail("Tak!", message_id="<2@example.dk>", answers="1@example.dk"))
    refund = paid_twice.rows(Refund)[0]
    paid_twice.do(desk.settle_refund, paid_twice.desk, NILS, refund.id, done=False, now=paid_twice.now)
    await redraft(paid_twice.parts, 1)
    card = paid_twice.card()
    assert (card.template, card.state, "499 kr." in card.text) == (
        "reply/refund_corrected",
        CardState.NEW,
        True,
    )
    assert paid_twice.rows(Conversation)[0].waiting_on is WaitingOn.US


async def test_a_reply_that_failed_is_told_on_the_newer_card_and_not_tried_again(paid_twice: Scene) -> None:
    paid_twice.troubles["mail"] = [PermanentFailure("550 no such user")]
    old = paid_twice.press()
    paid_twice.send()
    await paid_twice.work()
    await paid_twice.receive(mail("Hallo?", message_id="<2@example.dk>", answers="1@example.dk"))
    assert "550 no such user" in str(paid_twice.sent[-1].payload["blocks"])
    with pytest.raises(Refused, match="read the new one"):
        paid_twice.do(desk.retry, old, paid_twice.now)


async def test_a_text_may_promise_no_money_that_no_row_gives(scene: Scene) -> None:
    await scene.receive(mail(TWICE))
    with pytest.raises(Refused, match="another amount"):
        scene.send(wording=Wording("Hej Mette, jeg sender 499 kr. tilbage til dig i dag. Freja"))


async def test_the_choice_of_a_new_one_or_the_money_can_be_sent(scene: Scene) -> None:
    scene.do(keep_order, order(captures=(49_900,)))
    await scene.receive(mail(BROKEN))
    assert "Sent" in scene.send()
    assert scene.rows(Refund) == []


async def test_a_report_about_another_address_switches_nothing_off(paid_twice: Scene) -> None:
    from storage import customers

    paid_twice.send()
    await paid_twice.work()
    ours = paid_twice.mails()[0].payload["message_id"]
    report = (
        "From: MAILER-DAEMON@evil.example\r\nTo: hej@lampehuset.example\r\nSubject: Undelivered\r\n"
        "Auto-Submitted: auto-replied\r\nMIME-Version: 1.0\r\n"
        'Content-Type: multipart/report; report-type=delivery-status; boundary="b"\r\n\r\n'
        "--b\r\nContent-Type: text/plain\r\n\r\nNot delivered\r\n"
        "--b\r\nContent-Type: message/delivery-status\r\n\r\nReporting-MTA: dns; evil.example\r\n\r\n"
        "Final-Recipient: rfc822; somebody@example.dk\r\nAction: failed\r\nStatus: 5.1.1\r\n\r\n"
        f"--b\r\nContent-Type: text/rfc822-headers\r\n\r\nMessage-ID: <{ours}>\r\n\r\n--b--\r\n"
    )
    await paid_twice.receive(report.encode())
    assert not paid_twice.do(customers.has_bounced, "somebody@example.dk")
    assert not paid_twice.do(customers.has_bounced, "mette@example.dk")
