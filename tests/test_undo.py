"""A reply waits for some seconds after Send, and Undo takes it back as if nobody had pressed."""

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from typing import Any

import pytest
from scenes import FREJA, NILS, TWICE, Scene, keep_order, mail, order, row
from sqlalchemy import Engine, select
from sqlmodel import SQLModel, col

from bot import desk
from bot.cards.suggestion import suggestion_card
from bot.desk.replies import Wording
from bot.errors import Refused, TemporaryFailure
from bot.redrafting import redraft
from bot.views import card_view
from storage import outbox
from storage.engine import connect, reading, transaction
from storage.files import NewFile
from storage.tables import (
    CardState,
    Conversation,
    Message,
    Order,
    OutboxItem,
    Promise,
    Refund,
    StoredFile,
    Suggestion,
    WaitingOn,
)

#: What is no part of how a case stands: the record, what waits to go, and the count of changes.
_ASIDE = {"audit_events", "outbox", "inbox"}


def waits(scene: Scene, seconds: int = 15) -> Scene:
    ours = scene.parts.house
    ours = replace(ours, policy=replace(ours.policy, undo_seconds=seconds))
    scene.parts = replace(scene.parts, house=ours)
    scene.desk = desk.Desk(ours, scene.desk.places)
    return scene


@pytest.fixture
def slow(paid_twice: Scene) -> Scene:
    """Mette was charged twice, her card is there, and replies wait for fifteen seconds."""
    return waits(paid_twice)


def undo(scene: Scene, press: desk.Press) -> desk.Undone:
    done = scene.do(desk.undo, press, scene.now)
    assert isinstance(done, desk.Undone)
    return done


def everything(scene: Scene) -> dict[str, list[dict[str, Any]]]:
    """Every row but the newest card's, without its count of changes."""
    found = {}
    with reading(scene.parts.engine) as session:
        for table in SQLModel.metadata.sorted_tables:
            if table.name in _ASIDE:
                continue
            rows = [dict(each) for each in session.execute(select(table).order_by(table.c.id)).mappings()]
            found[table.name] = [
                {key: value for key, value in each.items() if key not in ("version", "stored_at")}
                for each in rows
            ]
    newest = found.pop("suggestions")[-1]
    found["card"] = [{key: newest[key] for key in ("state", "text", "final_text", "speaks_for", "remedy")}]
    return found


def told(scene: Scene) -> str:
    """The card as it stands."""
    with reading(scene.parts.engine) as session:
        view = card_view(session, scene.card().conversation_id, scene.parts.house, scene.now)
    assert view is not None
    card = suggestion_card(view)
    return f"{card.text}\n{card.blocks}"


async def test_a_reply_goes_out_when_its_seconds_have_passed_and_not_before(slow: Scene) -> None:
    said = slow.send()
    await slow.work()
    assert said.startswith("Goes out in 15 seconds.")
    assert slow.mails() == []
    slow.pass_time(seconds=14)
    await slow.work()
    assert slow.mails() == []
    slow.pass_time(seconds=2)
    await slow.work()
    assert [item.key for item in slow.mails()] == ["reply:1:1"]
    assert slow.card().state is CardState.SENT


async def test_nobody_hears_of_the_money_before_the_reply_goes(slow: Scene) -> None:
    slow.send()
    await slow.work()
    assert not [item for item in slow.sent if item.key.startswith("refund:")]
    assert "499" not in told(slow).split("Goes out 15 seconds")[1]
    slow.pass_time(seconds=16)
    await slow.work()
    assert [item.key for item in slow.sent if item.key.startswith("refund:")] == ["refund:1"]


async def test_undo_leaves_every_row_as_it_was_before_send(slow: Scene) -> None:
    before = everything(slow)
    slow.send()
    await slow.work()
    assert everything(slow) != before
    assert len(slow.rows(Refund)) == 1
    assert slow.rows(Order)[0].given_back_minor == 49_900
    undone = undo(slow, slow.press())
    assert undone == desk.Undone("Taken back. Nothing was sent.")
    assert everything(slow) == before
    assert [each.key for each in slow.rows(OutboxItem) if each.kind in ("mail", "refund")] == []
    slow.pass_time(minutes=5)
    await slow.work()
    assert slow.mails() == []


async def test_what_was_taken_back_can_be_sent_again_and_goes_once(slow: Scene) -> None:
    slow.send()
    undo(slow, slow.press())
    assert slow.card().version == 2
    assert "Send and Refund" in told(slow)
    slow.send()
    slow.pass_time(seconds=16)
    await slow.work()
    assert [item.key for item in slow.mails()] == ["reply:1:2"]
    (refund,) = slow.rows(Refund)
    assert (refund.state, slow.rows(Order)[0].given_back_minor) == ("approved", 49_900)


async def test_an_edited_text_with_its_files_comes_back_whole(slow: Scene) -> None:
    text = slow.card().text.replace("‹agent›", "Freja") + "\n\nPS: Jeg skriver igen senest onsdag."
    picked = NewFile("kvittering.pdf", "application/pdf", "application/pdf", b"%PDF-1.4", 8)
    slow.send(wording=Wording(text, 0, 1, files=(picked,)))
    assert len(slow.rows(Promise)) == 2
    await slow.work()
    undo(slow, slow.press())
    assert slow.rows(Promise) == []
    assert (slow.card().final_text, slow.card().state) == (text.strip(), CardState.NEW)
    assert "onsdag" in told(slow)
    assert "kvittering.pdf" in told(slow)
    slow.send()
    slow.pass_time(seconds=16)
    await slow.work()
    (gone,) = slow.mails()
    assert gone.payload["text"] == text.strip()
    assert [each["name"] for each in gone.payload["files"]] == ["kvittering.pdf"]
    (stored,) = slow.rows(StoredFile)
    (ours,) = [each for each in slow.rows(Message) if each.direction == "out"]
    assert stored.message_row_id == ours.id
    assert (slow.card().findings_caught, slow.card().final_text) == (1, text.strip())


async def test_an_earlier_promise_is_open_again(slow: Scene) -> None:
    waits(slow, 0)
    text = slow.card().text.replace("‹agent›", "Freja") + "\n\nJeg skriver igen senest onsdag."
    slow.send(wording=Wording(text))
    await slow.work()
    await slow.receive(mail("Tak. Og min anden ordre?", message_id="<2@example.dk>", answers="1@example.dk"))
    waits(slow, 15)
    slow.send(wording=Wording("Hej Mette\n\nJeg ser på det.\n\nFreja"))
    assert {each.state for each in slow.rows(Promise)} == {"kept"}
    undo(slow, slow.press())
    assert {(each.state, each.settled_at) for each in slow.rows(Promise)} == {("open", None)}


async def test_too_late_is_said_in_a_sentence_and_nothing_changes(slow: Scene) -> None:
    slow.send()
    press = slow.press()
    slow.pass_time(seconds=16)
    await slow.work()
    with pytest.raises(Refused, match="Too late: the reply has gone out"):
        undo(slow, press)
    assert (slow.card().state, len(slow.rows(Refund))) == (CardState.SENT, 1)


async def test_a_reply_that_was_tried_once_is_not_taken_back(slow: Scene) -> None:
    slow.troubles["mail"] = [TemporaryFailure("the server is busy")]
    slow.send()
    slow.pass_time(seconds=16)
    await slow.work()
    with pytest.raises(Refused, match="on its way"):
        undo(slow, slow.press())
    assert len(slow.waiting("mail")) == 1


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
