"""Accept, process, deliver: on both databases, with senders that keep what they are given."""

import asyncio

import pytest
from scenes import FREJA, Scene, keep_order, mail, order

from bot import desk, pipeline
from bot.card_rows import Moved
from bot.drafting import compose
from bot.gathering import gather
from bot.writing_down import write_down
from storage import conversations, inbox
from storage.tables import (
    AuditEvent,
    CardState,
    Conversation,
    ConversationState,
    Customer,
    InboxItem,
    InboxState,
    Message,
    Quarantine,
    Suggestion,
    WaitingOn,
)

TWICE = "Hej, I har trukket 499 kr. to gange for ordre 10432. Kan I give mig pengene tilbage?"


async def test_a_mail_becomes_a_conversation_a_draft_and_one_card(scene: Scene) -> None:
    scene.do(keep_order, order())
    await scene.receive(mail(TWICE, subject="Betalt to gange"))
    card = scene.card()
    assert (card.rule, card.state, card.language) == ("give_back_double_charge", CardState.NEW, "da")
    assert card.remedy is not None
    assert (card.remedy["amount_minor"], card.remedy["known"]) == (49_900, True)
    assert "499 kr." in card.text
    assert "Hej Mette," in card.text
    assert [item.key for item in scene.sent] == ["card:1"]
    assert scene.inbox_states() == [InboxState.DONE]


async def test_nothing_reaches_the_customer_before_a_person_presses(scene: Scene) -> None:
    await scene.receive(mail(TWICE))
    scene.pass_time(days=30)
    await pipeline.remind(scene.parts)
    await scene.work()
    assert scene.mails() == []


async def test_a_second_delivery_of_the_same_mail_changes_nothing(scene: Scene) -> None:
    raw = mail(TWICE)
    await scene.receive(raw)
    before = len(scene.rows(AuditEvent))
    await scene.receive(raw)
    assert len(scene.rows(InboxItem)) == 1
    assert len(scene.rows(AuditEvent)) == before


async def test_the_same_mail_in_two_of_our_mailboxes_is_one_message(scene: Scene) -> None:
    raw = mail(TWICE)
    await scene.hear(raw, "hej@lampehuset.example")
    await scene.hear(raw, "ordre@lampehuset.example")
    await scene.work()
    assert len(scene.rows(Message)) == 1
    assert len(scene.rows(Suggestion)) == 1


async def test_two_mails_with_one_message_id_and_other_words_are_both_kept(scene: Scene) -> None:
    await scene.receive(mail("Hvor er min pakke?", message_id="<same@example.dk>"))
    await scene.receive(mail("Pakken kom, men lampen er knust.", message_id="<same@example.dk>"))
    assert len(scene.rows(Message)) == 2


async def test_two_workers_on_one_new_thread_make_one_conversation(scene: Scene) -> None:
    await scene.hear(mail("Hvor er min pakke?", message_id="<a@example.dk>"))
    await scene.hear(mail("Har I set min mail?", message_id="<b@example.dk>", answers="a@example.dk"))

    async def worker() -> None:
        for _ in range(10):
            if not await pipeline.process(scene.parts):
                await asyncio.sleep(0.01)

    await asyncio.gather(worker(), worker())
    assert len(scene.rows(Conversation)) == 1
    assert len(scene.rows(Customer)) == 1
    assert [each.reply.strip() for each in scene.rows(Message)] == [
        "Hvor er min pakke?",
        "Har I set min mail?",
    ]


async def test_two_workers_on_two_threads_of_one_stranger_make_one_customer(scene: Scene) -> None:
    for number in range(6):
        await scene.hear(
            mail(f"Spørgsmål nummer {number}: hvornår åbner I?", message_id=f"<{number}@example.dk>")
        )

    async def worker() -> None:
        for _ in range(10):
            await pipeline.process(scene.parts)

    await asyncio.gather(worker(), worker())
    assert len(scene.rows(Customer)) == 1
    assert len(scene.rows(Conversation)) == 6


async def test_a_reply_joins_by_token_reference_and_in_reply_to(scene: Scene) -> None:
    await scene.receive(mail(TWICE, message_id="<first@example.dk>"))
    scene.send()
    await scene.work()
    ours = str(scene.mails()[0].payload["message_id"])
    token = str(scene.mails()[0].payload["token"])
    await scene.receive(mail("Hvornår kommer pengene?", message_id="<2@example.dk>", answers=ours))
    await scene.receive(mail("Er der nyt?", message_id="<3@example.dk>", References="<first@example.dk>"))
    await scene.receive(mail("Hallo?", message_id="<4@example.dk>", X_Tillid_Thread=token))
    assert len(scene.rows(Conversation)) == 1


async def test_the_same_subject_alone_joins_nothing(scene: Scene) -> None:
    await scene.receive(mail("Hvor er min pakke?", subject="Re: Ordre"))
    await scene.receive(mail("Hvor er min anden pakke?", subject="Re: Ordre"))
    assert len(scene.rows(Conversation)) == 2


async def test_a_human_message_reopens_and_withdraws_the_old_draft(scene: Scene) -> None:
    await scene.receive(mail(TWICE, message_id="<1@example.dk>"))
    await scene.receive(
        mail("Og lampen er også gået i stykker.", message_id="<2@example.dk>", answers="1@example.dk")
    )
    first, second = scene.rows(Suggestion)
    assert (first.state, second.state) == (CardState.WITHDRAWN, CardState.NEW)
    assert second.version == 2


async def test_a_bare_thanks_and_an_automatic_mail_reopen_nothing(scene: Scene) -> None:
    await scene.receive(mail(TWICE, message_id="<1@example.dk>"))
    scene.send()
    await scene.work()
    scene.do(desk.resolve, scene.press(), None, scene.now)
    await scene.receive(mail("Tusind tak!", message_id="<2@example.dk>", answers="1@example.dk"))
    absent = mail(
        "Jeg er på ferie.", subject="Autosvar", Auto_Submitted="auto-replied", answers="1@example.dk"
    )
    await scene.receive(absent)
    assert scene.rows(Conversation)[0].state is ConversationState.RESOLVED
    assert len(scene.rows(Suggestion)) == 1
    assert len(scene.rows(Message)) == 4


async def test_our_own_mail_coming_back_is_kept_and_shown_nowhere(scene: Scene) -> None:
    await scene.receive(mail("Hej", sender="Lampehuset <hej@lampehuset.example>"))
    assert scene.rows(Conversation) == []
    assert scene.inbox_states() == [InboxState.DONE]


async def test_an_unreadable_mail_is_put_aside_reported_once_and_holds_nobody_up(scene: Scene) -> None:
    await scene.hear(b"\x00\xff\xfe\x00")
    await scene.hear(mail(TWICE))
    await scene.work()
    assert scene.inbox_states() == [InboxState.QUARANTINED, InboxState.DONE]
    assert [item.key.partition(":2")[0] for item in scene.sent] == ["quarantined:1", "card:1"]
    entry = scene.rows(Quarantine)[0]
    assert "MalformedMessage" in entry.error
    scene.pass_time(minutes=1)
    assert scene.do(inbox.replay, entry.id, scene.now) is True
    await scene.work()
    assert scene.inbox_states()[0] == InboxState.QUARANTINED
    assert len([item for item in scene.sent if item.key.startswith("quarantined:1:")]) == 2


async def test_an_item_that_was_put_back_is_taken_by_a_later_turn(scene: Scene) -> None:
    await scene.hear(mail(TWICE))
    item = scene.do(inbox.claim, scene.now)[0]
    scene.do(inbox.release, item.id, scene.now)
    await scene.work()
    assert scene.inbox_states() == [InboxState.DONE]


async def test_a_conversation_that_moved_since_it_was_read_is_not_written(scene: Scene) -> None:
    await scene.receive(mail(TWICE, message_id="<1@example.dk>"))
    await scene.hear(mail("Hallo, er I der?", message_id="<2@example.dk>", answers="1@example.dk"))
    item = scene.do(inbox.claim, scene.now)[0]
    incoming = await pipeline.translate(scene.parts, item)
    snapshot = scene.do(gather, incoming)
    draft = compose(scene.parts.house, incoming, snapshot, scene.now)
    assert scene.do(conversations.claim_version, 1, snapshot.version)
    with pytest.raises(Moved):
        scene.do(write_down, item, incoming, snapshot, draft, scene.now)
    assert scene.inbox_states() == [InboxState.DONE, InboxState.NEW]
    await pipeline.process_item(scene.parts, item)
    assert len(scene.rows(Message)) == 2


async def test_a_slack_message_of_an_outsider_becomes_a_case_and_its_thread_stays_one(scene: Scene) -> None:
    await scene.hear_slack("Hei, vi er belastet to ganger for ordre 20117", ts="1772442000.000100")
    await scene.hear_slack("Kan dere se på det?", ts="1772442060.000200", thread_ts="1772442000.000100")
    await scene.work()
    assert len(scene.rows(Conversation)) == 1
    assert scene.card().language == "nb"


async def test_a_colleagues_own_answer_in_the_thread_withdraws_the_draft(scene: Scene) -> None:
    await scene.hear_slack("Hei, hvor blir det av pakken vår?", ts="1772442000.000100")
    await scene.work()
    await scene.hear_slack(
        "Den kommer i morgen.",
        user=FREJA,
        team="TLAMPE",
        ts="1772442060.000200",
        thread_ts="1772442000.000100",
    )
    await scene.work()
    assert scene.card().state is CardState.WITHDRAWN
    assert scene.rows(Conversation)[0].waiting_on is WaitingOn.CUSTOMER


async def test_a_member_of_the_workspace_who_is_no_agent_is_nobody(scene: Scene) -> None:
    await scene.hear_slack("Husk julefrokosten", user="UOTHER0001", team="TLAMPE")
    await scene.work()
    assert scene.rows(Conversation) == []


async def test_secret_numbers_are_masked_before_they_are_stored(scene: Scene) -> None:
    await scene.receive(
        mail("Mit kort er 4571 0000 0000 0001 og mit cpr 010190-1234. Jeg er trukket to gange.")
    )
    message = scene.rows(Message)[0]
    assert "4571 0000" not in message.text
    assert "010190" not in message.reply


async def test_a_bounce_is_told_and_stops_what_would_follow(scene: Scene) -> None:
    await scene.receive(mail(TWICE, message_id="<1@example.dk>"))
    scene.send()
    await scene.work()
    ours = scene.mails()[0].payload["message_id"]
    report = (
        "From: MAILER-DAEMON@example.dk\r\nTo: hej@lampehuset.example\r\nSubject: Undelivered\r\n"
        "Auto-Submitted: auto-replied\r\nMIME-Version: 1.0\r\n"
        'Content-Type: multipart/report; report-type=delivery-status; boundary="b"\r\n\r\n'
        "--b\r\nContent-Type: text/plain\r\n\r\nNot delivered\r\n"
        "--b\r\nContent-Type: message/delivery-status\r\n\r\nReporting-MTA: dns; example.dk\r\n\r\n"
        "Final-Recipient: rfc822; mette@example.dk\r\nAction: failed\r\nStatus: 5.1.1\r\n\r\n"
        f"--b\r\nContent-Type: text/rfc822-headers\r\n\r\nMessage-ID: <{ours}>\r\n\r\n--b--\r\n"
    )
    await scene.receive(report.encode())
    assert len(scene.rows(Conversation)) == 1
    notes = [item for item in scene.sent if item.key.startswith("bounced:")]
    assert len(notes) == 1
    assert "5.1.1" in str(notes[0].payload["text"])
