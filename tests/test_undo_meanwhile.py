"""Undo, and what others did meanwhile: a customer who wrote, the sender, cases answered together."""

from concurrent.futures import ThreadPoolExecutor

import pytest
from scenes import FREJA, NILS, TWICE, Scene, keep_order, mail, order, row
from sqlalchemy import Engine, select
from sqlmodel import col
from undo_scenes import everything, told, undo, waits

from bot import desk
from bot.desk.replies import Wording
from bot.errors import Refused
from bot.redrafting import redraft
from storage import outbox
from storage.engine import connect, reading, transaction
from storage.tables import (
    CardState,
    Conversation,
    Order,
    Refund,
    Suggestion,
    WaitingOn,
)


async def test_undo_pressed_twice_is_done_once(slow: Scene) -> None:
    slow.send()
    press = slow.press()
    undo(slow, press)
    with pytest.raises(Refused, match="taken back before"):
        undo(slow, press)
    with pytest.raises(Refused, match="made anew"):
        slow.do(desk.send, slow.desk, press, slow.now)
    assert slow.card().version == 2


async def test_of_undo_and_the_sender_exactly_one_wins(slow: Scene, engine: Engine) -> None:
    slow.send()
    press = slow.press()
    slow.pass_time(seconds=16)
    other = connect(engine.url.render_as_string(hide_password=False))

    def take_back() -> bool:
        try:
            with transaction(other) as session:
                desk.undo(session, press, slow.now)
        except Refused:
            return False
        return True

    def claim() -> bool:
        with transaction(engine) as session:
            return any(each.kind == "mail" for each in outbox.claim(session, slow.now))

    with ThreadPoolExecutor(2) as pool:
        first, second = pool.submit(take_back), pool.submit(claim)
        undone, went = first.result(), second.result()
    other.dispose()
    assert undone != went
    assert len(slow.rows(Refund)) == int(went)
    assert slow.rows(Order)[0].given_back_minor == (49_900 if went else 0)


async def test_a_customer_who_writes_meanwhile_does_not_hold_the_reply_up(slow: Scene) -> None:
    slow.send()
    slow.pass_time(seconds=5)
    await slow.receive(mail("Hvor bliver I af?", message_id="<2@example.dk>", answers="1@example.dk"))
    assert "Something newer came in while your reply waits" in told(slow)
    assert "card_undo" in told(slow)
    slow.pass_time(seconds=11)
    await slow.work()
    assert [item.key for item in slow.mails()] == ["reply:1:1"]
    assert "card_undo" not in told(slow)
    assert slow.rows(Conversation)[0].waiting_on is WaitingOn.US
    assert [each.state for each in slow.rows(Suggestion)] == [CardState.SENT, CardState.NEW]


async def test_a_reply_taken_back_after_the_customer_wrote_leaves_its_words_below_the_card(
    slow: Scene,
) -> None:
    slow.send(
        wording=Wording(slow.card().text.replace("‹agent›", "Freja") + "\n\nPS: Tak for tålmodigheden.")
    )
    slow.pass_time(seconds=5)
    await slow.receive(mail("Hvor bliver I af?", message_id="<2@example.dk>", answers="1@example.dk"))
    undone = undo(slow, slow.press(version=1))
    assert undone.outdated == (1,)
    for each in undone.outdated:
        await redraft(slow.parts, each)
    await slow.work()
    assert slow.rows(Refund) == []
    (note,) = [item for item in slow.sent if item.key.startswith("undone:")]
    assert "PS: Tak for tålmodigheden." in note.payload["text"]
    slow.pass_time(minutes=1)
    await slow.work()
    assert slow.mails() == []
    assert slow.card().state is CardState.NEW


async def test_what_somebody_has_built_on_is_not_taken_back(slow: Scene) -> None:
    slow.send()
    await slow.receive(mail("Hvor bliver I af?", message_id="<2@example.dk>", answers="1@example.dk"))
    slow.send(wording=Wording("Hej Mette\n\nJeg ser på det nu.\n\nFreja"))
    with pytest.raises(Refused, match="Take that one back first"):
        undo(slow, slow.press(version=1))
    undo(slow, slow.press())
    slow.do(desk.resolve, slow.press(), None, slow.now)
    with pytest.raises(Refused, match="called solved"):
        undo(slow, slow.press(version=1))
    slow.pass_time(seconds=16)
    await slow.work()
    assert [item.key for item in slow.mails()] == ["reply:1:1"]


async def test_two_cases_answered_together_are_both_as_they_were(scene: Scene) -> None:
    waits(scene)
    scene.do(keep_order, order())
    await scene.receive(mail(TWICE, subject="Betalt to gange", message_id="<1@example.dk>"))
    scene.pass_time(minutes=1)
    await scene.receive(mail(TWICE, subject="Igen: betalt to gange", message_id="<2@example.dk>"))
    assert scene.card().speaks_for == [1]
    before = everything(scene)
    scene.send()
    assert scene.rows(Conversation)[0].answered_with_id == 2
    undo(scene, scene.press())
    assert everything(scene) == before
    with reading(scene.parts.engine) as session:
        live = select(col(Suggestion.conversation_id), col(Suggestion.version)).where(
            col(Suggestion.state) == CardState.NEW
        )
        assert sorted(map(tuple, session.execute(live))) == [(1, 1), (2, 2)]


async def test_a_case_taken_by_send_is_nobodys_again(slow: Scene) -> None:
    slow.send(NILS)
    assert slow.rows(Conversation)[0].agent_id is not None
    undo(slow, slow.press(FREJA))
    assert slow.rows(Conversation)[0].agent_id is None


async def test_strangers_take_nothing_back(slow: Scene) -> None:
    slow.send()
    with pytest.raises(Refused, match="support staff"):
        undo(slow, slow.press("USTRANGER1"))


async def test_the_card_says_when_the_mail_server_had_it(slow: Scene) -> None:
    slow.send()
    slow.pass_time(seconds=16)
    await slow.work()
    at = row(slow, "reply:1:1").sent_at
    assert at is not None
    assert f"✓ Delivered to the mail server · <!date^{int(at.timestamp())}" in told(slow)


async def test_with_no_seconds_a_reply_goes_at_once(paid_twice: Scene) -> None:
    assert paid_twice.send().startswith("Sent.")
    await paid_twice.work()
    assert len(paid_twice.mails()) == 1
    with pytest.raises(Refused, match="gone out"):
        undo(paid_twice, paid_twice.press())
