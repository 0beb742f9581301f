"""Many drafts sent together: each once, each by its own checks, and what goes wrong with one holds up no other."""

from dataclasses import replace

import pytest
from event_scenes import (
    counts,
    live,
    on_its_way,
    posted,
    send_all,
    stack_id,
    stack_text,
    tell,
    told,
    with_customers,
)
from scenes import FREJA, NILS, Scene, keep_order, mail

from bot import desk
from bot.cards.stack_cards import PAGE
from bot.errors import PermanentFailure, Refused
from bot.event_outcomes import Outcome
from bot.shop_events import Kind
from bot.views.stacks import stack_page
from storage import outbox
from storage.engine import reading
from storage.figures import figures
from storage.tables import (
    AuditEvent,
    CardState,
    Conversation,
    ConversationState,
    OutboxItem,
    Refund,
    Suggestion,
)

TWO = ("mette@example.dk", "nils@example.dk")


def two(scene: Scene) -> None:
    with_customers(scene, *TWO)
    tell(scene, *(told(email=each) for each in TWO))


async def test_each_draft_goes_by_its_own_letter_and_its_own_record(scene: Scene) -> None:
    two(scene)
    done = send_all(scene)
    await scene.work()
    assert (done.sent, done.refused) == (2, [])
    assert sorted(each.key for each in scene.mails()) == ["reply:1:1", "reply:2:1"]
    assert all("Freja" in each.payload["text"] for each in scene.mails())
    actions = [each.action for each in scene.rows(AuditEvent)]
    assert (actions.count("reply_sent"), actions.count("stack_sent")) == (2, 1)
    assert {each.state for each in scene.rows(Conversation)} == {ConversationState.RESOLVED}
    assert stack_text(scene) == "Delay, 2 March: 2 drafts. None is left to send."


async def test_two_colleagues_with_the_same_window_send_nothing_twice(scene: Scene) -> None:
    two(scene)
    seen = [(each.conversation.id or 0, each.suggestion.version) for each in live(scene)]
    first = scene.do(desk.send_stack, scene.desk, FREJA, stack_id(scene), seen[:1], scene.now)
    second = scene.do(desk.send_stack, scene.desk, NILS, stack_id(scene), seen, scene.now)
    assert (first.sent, second.sent) == (1, 1)
    assert [why for _, why in second.refused] == ["Freja Holm is sending this reply."]
    await scene.work()
    assert len(scene.mails()) == 2


async def test_what_is_pressed_on_a_card_of_its_own_is_gone_from_the_stack(scene: Scene) -> None:
    scene.do(keep_order, on_its_way("20001"))
    await scene.receive(mail("Hej, hvor er min pakke? Det gælder ordre 20001."))
    tell(scene, told(order_number="20001"))
    seen = [(each.conversation.id or 0, each.suggestion.version) for each in live(scene)]
    scene.send()
    late = scene.do(desk.send_stack, scene.desk, NILS, stack_id(scene), seen, scene.now)
    assert (late.sent, len(late.refused)) == (0, 1)
    await scene.work()
    assert len(scene.mails()) == 1


async def test_a_draft_can_be_taken_out_and_answered_as_any_other(scene: Scene) -> None:
    two(scene)
    await scene.work()
    first = live(scene)[0]
    press = desk.Press(FREJA, first.conversation.id or 0, first.suggestion.version)
    scene.do(desk.take_out, press, scene.now)
    await scene.work()
    assert posted(scene, "card") == ["card:1"]
    card = next(item for item in scene.sent if item.key == "card:1")
    assert "The shop told us" in str(card.payload["blocks"])
    assert "card_send" in str(card.payload["blocks"])
    assert (counts(scene).waiting, counts(scene).taken_out) == (1, 1)
    with pytest.raises(Refused, match="already"):
        scene.do(desk.take_out, press, scene.now)
    late = scene.do(desk.send_stack, scene.desk, NILS, stack_id(scene), [(1, 1)], scene.now)
    assert late.refused[0][1] == "Somebody took it out: it has a card of its own."
    # Told otherwise, a draft on its own card is made anew too.
    assert tell(scene, told(new_date="2026-03-12")) == [Outcome.CHANGED]
    with pytest.raises(Refused, match="made anew"):
        scene.do(desk.send, scene.desk, press, scene.now)
    scene.do(desk.send, scene.desk, replace(press, version=2), scene.now)
    await scene.work()
    (sent,) = scene.mails()
    assert "12. marts" in sent.payload["text"]


async def test_a_letter_that_does_not_go_gets_a_card_with_retry(scene: Scene) -> None:
    two(scene)
    scene.troubles["mail"] = [PermanentFailure("no such mailbox")]
    send_all(scene)
    await scene.work()
    (failed,) = [each for each in scene.rows(Suggestion) if each.state is CardState.FAILED]
    assert posted(scene, "card") == [f"card:{failed.conversation_id}"]
    scene.do(desk.retry, desk.Press(NILS, failed.conversation_id, failed.version), scene.now)
    await scene.work()
    assert len(scene.mails()) == 2
    assert counts(scene).sent == 2


async def test_one_that_may_not_go_holds_up_no_other(scene: Scene) -> None:
    with_customers(scene, *TWO)
    tell(scene, *(told(Kind.PRICE_DROP, email="", order_number=each) for each in ("20001", "20002")))
    scene.do(keep_order, on_its_way("20001", TWO[0], captures=()))  # the shop has given everything back since
    done = send_all(scene)
    assert (done.sent, len(done.refused)) == (1, 1)
    assert (len(scene.rows(Refund)), counts(scene).waiting) == (1, 1)
    await scene.work()
    assert [each.payload["to"] for each in scene.mails()] == [TWO[1]]


async def test_a_stack_that_is_put_aside_leaves_those_who_have_written_their_cards(scene: Scene) -> None:
    with_customers(scene, *TWO)
    await scene.receive(mail("Hej, hvor er min pakke? Det gælder ordre 20001."))
    tell(scene, *(told(email="", order_number=each) for each in ("20001", "20002")))
    assert scene.do(desk.close_stack, FREJA, stack_id(scene), scene.now) == 1
    assert (counts(scene).waiting, counts(scene).taken_out, counts(scene).gone) == (0, 1, 1)
    await scene.work()
    scene.do(desk.send, scene.desk, desk.Press(FREJA, 1, 2), scene.now)
    await scene.work()
    assert [each.payload["to"] for each in scene.mails()] == [TWO[0]]


def test_in_shadow_mode_nothing_is_sent_from_a_stack(scene: Scene) -> None:
    two(scene)
    shadow = replace(scene.desk, places=replace(scene.desk.places, shadow=True))
    with pytest.raises(Refused, match="Shadow"):
        scene.do(desk.send_stack, shadow, FREJA, stack_id(scene), [(1, 1)], scene.now)
    assert counts(scene).waiting == 2


def test_a_window_holds_twenty_five_and_goes_on_behind_them_with_who_has_written_first(
    scene: Scene,
) -> None:
    emails = [f"kunde{number}@example.dk" for number in range(PAGE + 5)]
    with_customers(scene, *emails)
    tell(scene, *(told(email=each) for each in emails))
    with reading(scene.parts.engine) as session:
        first = stack_page(session, stack_id(scene), "Freja", None)
        assert first is not None
        second = stack_page(session, stack_id(scene), "Freja", first[1])
    assert second is not None
    assert (len(first[0].lines), len(second[0].lines), first[0].waiting) == (PAGE, 5, PAGE + 5)
    shown = {each.conversation_id for page in (first, second) for each in page[0].lines}
    assert len(shown) == PAGE + 5
    assert "Venlig hilsen\nFreja" in first[0].lines[0].text


async def test_a_stack_is_one_post_however_often_it_changes(scene: Scene) -> None:
    two(scene)
    await scene.work()
    send_all(scene)
    await scene.work()
    rows = [each for each in scene.rows(OutboxItem) if each.kind == "stack"]
    assert [(each.key, each.conversation_id) for each in rows] == [(f"stack:{stack_id(scene)}", None)]
    with reading(scene.parts.engine) as session:
        assert outbox.receipt(session, rows[0].key) != {}


def test_letters_that_answer_nobody_are_no_answers_in_the_figures(scene: Scene) -> None:
    two(scene)
    send_all(scene)
    scene.pass_time(minutes=1)
    with reading(scene.parts.engine) as session:
        found = figures(session, scene.now.replace(hour=0), scene.now)
    assert (found.conversations, found.answered, found.waiting, found.sent_unchanged) == (0, 0, 0, 2)
