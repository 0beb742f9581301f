"""A reply waits for some seconds after Send, and Undo takes it back as if nobody had pressed."""

import pytest
from scenes import Scene, mail
from sqlalchemy import update
from undo_scenes import everything, told, undo, waits

from bot import desk
from bot.desk.replies import Wording
from bot.errors import Refused, TemporaryFailure
from storage.files import NewFile
from storage.tables import (
    CardState,
    Message,
    Order,
    OutboxItem,
    Promise,
    Refund,
    StoredFile,
    Suggestion,
)


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


async def test_a_remark_on_a_draft_that_comes_back_is_counted_once(slow: Scene) -> None:
    slow.do(lambda session: session.execute(update(Suggestion).values(findings_drafted=2)))
    slow.send()
    undo(slow, slow.press())
    assert [each.findings_drafted for each in slow.rows(Suggestion)] == [0, 2]


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
    # Words keep what was to be said; the money is still on its way.
    assert {(each.is_money, each.state) for each in slow.rows(Promise)} == {(False, "kept"), (True, "open")}
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
