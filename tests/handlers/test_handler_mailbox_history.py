"""Mail from before our first contact: known afterwards, and nobody is bothered with it."""

import hashlib
from datetime import UTC, date, datetime

import pytest
from mailbox_scenes import Post, mail, reading
from scenes import OURS, TWICE, Scene, keep_order, order, planned
from scenes import mail as letter
from scripted_imap import Trouble, reset

from bot import desk, pipeline
from bot.mail.reading import parse_mail
from storage import inbox
from storage.tables import (
    Conversation,
    ConversationState,
    Customer,
    FollowUp,
    InboxItem,
    Message,
    OutboxItem,
    Suggestion,
)

pytestmark = pytest.mark.asyncio(loop_scope="module")
LONG_AGO = "Mon, 05 Jan 2026 12:00:00 +0000"


def _answers(post: Post) -> Trouble:
    return post.server._uid_fetch


async def test_what_was_there_before_us_is_history_and_what_comes_is_not(post: Post) -> None:
    await post.deliver(mail("old"), received_at=datetime(2026, 2, 3, 12, tzinfo=UTC))
    async with reading(post.mailbox(since=date(2026, 2, 1))):
        await post.until_stored(1)
        await post.deliver(mail("new"))
        assert await post.until_stored(2) == ["old", "new"]
    assert [each.kind for each in await post.rows(InboxItem)] == ["mail_old", "mail"]


async def test_history_that_is_cut_off_half_way_stays_history(scripted: Post) -> None:
    for number in range(60):
        await scripted.server.deliver(mail(number))
    answers = _answers(scripted)
    scripted.server.troubles["UID FETCH"] = [answers, answers, answers, reset]
    async with reading(scripted.mailbox(since=date(2020, 1, 1), first_wait=0.02)):
        await scripted.until_stored(25)
        await scripted.server.deliver(mail("new"))
        await scripted.until_stored(61)
    items = await scripted.rows(InboxItem)
    assert [each.kind for each in items] == ["mail_old"] * 60 + ["mail"]


# ---- what becomes of it -------------------------------------------------------------------------------------


async def remembers(scene: Scene, *raws: bytes) -> None:
    arrivals = []
    for raw in raws:
        seen = parse_mail(raw)
        refers = (*seen.in_reply_to, *reversed(seen.references))
        key = hashlib.sha256(raw).hexdigest()
        arrivals.append(inbox.Arrived(f"mail:{OURS}", key, inbox.OLD_MAIL, raw, seen.message_id, refers))
    await pipeline.accept(scene.parts, arrivals)
    await scene.work()


async def test_history_becomes_conversations_without_drafts_cards_or_letters(scene: Scene) -> None:
    await remembers(
        scene,
        letter(TWICE, message_id="<1@example.dk>", Date=LONG_AGO),
        letter("Er der nyt?", message_id="<2@example.dk>", answers="1@example.dk", Date=LONG_AGO),
        letter("Ingen dato", message_id="<3@example.dk>"),
    )
    where = {each.message_id: each.conversation_id for each in scene.rows(Message)}
    assert where["1@example.dk"] == where["2@example.dk"] != where["3@example.dk"]
    conversations = {each.id: each for each in scene.rows(Conversation)}
    assert len(conversations) == 2
    first, second = conversations[where["1@example.dk"]], conversations[where["3@example.dk"]]
    then = datetime(2026, 1, 5, 12, tzinfo=UTC)
    assert (first.state, first.opened_at, first.answer_to) == (
        ConversationState.RESOLVED,
        then,
        "mette@example.dk",
    )
    assert second.opened_at == scene.now
    (customer,) = scene.rows(Customer)
    assert customer.since_at == then
    assert scene.rows(Suggestion) == []
    assert scene.rows(OutboxItem) == []
    assert scene.inbox_states() == ["done"] * 3


async def test_a_customer_who_writes_on_an_old_thread_gets_a_card_in_it(scene: Scene) -> None:
    await remembers(scene, letter(TWICE, message_id="<1@example.dk>", Date=LONG_AGO))
    await scene.receive(
        letter("Jeg venter stadig på pengene.", message_id="<9@example.dk>", answers="1@example.dk")
    )
    (conversation,) = scene.rows(Conversation)
    assert scene.card().conversation_id == conversation.id
    assert len(scene.rows(Customer)) == 1
    assert len(scene.rows(Suggestion)) == 1


async def test_history_cancels_no_follow_up_and_withdraws_no_card(scene: Scene) -> None:
    scene.do(keep_order, order())
    await scene.receive(letter(TWICE, subject="Betalt to gange", message_id="<1@example.dk>"))
    scene.send()
    await scene.work()
    scene.do(desk.resolve, scene.press(), planned(scene), scene.now)
    await scene.work()
    before = [(each.state, each.due_at) for each in scene.rows(FollowUp)]
    assert before
    sent = len(scene.sent)
    scene.pass_time(minutes=1)
    await remembers(
        scene,
        letter("Hvor er min pakke?", message_id="<0@example.dk>", answers="1@example.dk", Date=LONG_AGO),
    )
    assert [(each.state, each.due_at) for each in scene.rows(FollowUp)] == before
    assert len(scene.sent) == sent
    assert {each.message_id for each in scene.rows(Message)} >= {"0@example.dk", "1@example.dk"}


async def test_a_date_in_the_future_is_not_believed(scene: Scene) -> None:
    await remembers(scene, letter(TWICE, Date="Mon, 05 Jan 2099 12:00:00 +0000"))
    assert scene.rows(Conversation)[0].opened_at == scene.now


async def test_history_in_two_mailboxes_or_loaded_twice_is_there_once(scene: Scene) -> None:
    raw = letter(TWICE, message_id="<1@example.dk>", Date=LONG_AGO)
    await remembers(scene, raw)
    await remembers(
        scene, raw, raw.replace(b"To: hej@", b"To: Hej <hej@").replace(b".example\n", b".example>\n", 1)
    )
    assert len(scene.rows(Message)) == 1


async def test_a_mailbox_full_of_history_goes_through(scene: Scene) -> None:
    ids = [f"<{number}@example.dk>" for number in range(200)]
    raws = [letter(f"Spørgsmål {each}", message_id=each, Date=LONG_AGO) for each in ids]
    await remembers(scene, *raws)
    assert len(scene.rows(Message)) == 200
