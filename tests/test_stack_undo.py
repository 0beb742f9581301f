"""A whole sending from a stack is taken back while it waits: all of it, as if nothing had been pressed."""

import pytest
from alike_scenes import address, case_of, many_write, newest, writes_again
from event_scenes import counts, live, send_all, stack_id, tell, told, with_customers
from scenes import FREJA, NILS, Scene
from undo_scenes import everything, waits

from bot import desk
from bot.cards.stack_cards import stack_card
from bot.desk.stacks import StackUndone
from bot.errors import Refused
from bot.views.stacks import stack_view
from storage.engine import reading
from storage.tables import CardState, Conversation, ConversationState, OutboxItem, Suggestion


def undo(scene: Scene, who: str = FREJA, *, only_own: bool = True) -> StackUndone:
    done = scene.do(desk.undo_stack, who, stack_id(scene), scene.now, only_own=only_own)
    assert isinstance(done, StackUndone)
    return done


def card(scene: Scene) -> str:
    with reading(scene.parts.engine) as session:
        view = stack_view(session, stack_id(scene))
    assert view is not None
    return str(stack_card(view).blocks)


def as_it_stood(scene: Scene) -> dict[str, object]:
    """Every row of the cases, the drafts by what they say and not by how often they were copied."""
    rows: dict[str, object] = dict(everything(scene))
    rows.pop("card")
    drafts = [each for each in scene.rows(Suggestion) if each.state is CardState.NEW]
    rows["drafts"] = sorted((each.conversation_id, each.text, str(each.remedy)) for each in drafts)
    return rows


async def test_all_that_waits_comes_back_into_the_stack_and_can_be_sent_again(scene: Scene) -> None:
    waits(scene)
    await many_write(scene, range(6))
    before = as_it_stood(scene)
    done = send_all(scene)
    assert (done.sent, done.seconds) == (6, 15)
    await scene.work()
    assert scene.mails() == []
    assert "6 letters go out in a few seconds" in card(scene)
    assert undo(scene).taken_back == 6
    after = as_it_stood(scene)
    before_rows, after_rows = before.pop("stacked_drafts"), after.pop("stacked_drafts")
    assert after == before
    assert len(after_rows) == len(before_rows) == 6  # type: ignore[arg-type]  # both are lists of rows
    assert (counts(scene).waiting, counts(scene).sent) == (6, 0)
    assert "stack_undo" not in card(scene)
    scene.pass_time(minutes=1)
    await scene.work()
    assert scene.mails() == []
    assert send_all(scene).sent == 6
    scene.pass_time(minutes=1)
    await scene.work()
    assert len(scene.mails()) == len({each.payload["to"] for each in scene.mails()}) == 6


async def test_letters_that_we_write_first_are_taken_back_too_and_their_cases_are_open_again(
    scene: Scene,
) -> None:
    waits(scene)
    with_customers(scene, "mette@example.dk", "nils@example.dk")
    tell(scene, *(told(email=each) for each in ("mette@example.dk", "nils@example.dk")))
    before = as_it_stood(scene)
    assert send_all(scene).sent == 2
    assert {each.state for each in scene.rows(Conversation)} == {ConversationState.RESOLVED}
    assert undo(scene).taken_back == 2
    after = as_it_stood(scene)
    before.pop("stacked_drafts"), after.pop("stacked_drafts")
    assert after == before
    await scene.work()
    # They stand in the stack as before, and still have no card of their own.
    assert counts(scene).waiting == 2
    assert not [each for each in scene.rows(OutboxItem) if each.kind == "card"]
    assert send_all(scene).sent == 2
    scene.pass_time(minutes=1)
    await scene.work()
    assert len(scene.mails()) == 2
    assert {each.state for each in scene.rows(Conversation)} == {ConversationState.RESOLVED}


async def test_what_has_gone_is_not_taken_back_and_the_rest_is(scene: Scene) -> None:
    waits(scene)
    await many_write(scene, range(6))
    picked = [(each.conversation.id or 0, each.suggestion.version) for each in live(scene)]
    scene.do(desk.send_stack, scene.desk, FREJA, stack_id(scene), picked[:2], scene.now)
    scene.pass_time(seconds=16)
    await scene.work()
    scene.do(desk.send_stack, scene.desk, FREJA, stack_id(scene), picked[2:], scene.now)
    assert undo(scene).taken_back == 4
    assert (counts(scene).sent, counts(scene).waiting) == (2, 4)
    with pytest.raises(Refused, match="Too late"):
        undo(scene)


async def test_a_window_takes_back_ones_own_and_the_card_whatever_waits(scene: Scene) -> None:
    waits(scene)
    await many_write(scene, range(6))
    picked = [(each.conversation.id or 0, each.suggestion.version) for each in live(scene)]
    scene.do(desk.send_stack, scene.desk, FREJA, stack_id(scene), picked[:3], scene.now)
    with pytest.raises(Refused, match="Too late"):
        undo(scene, NILS)
    scene.do(desk.send_stack, scene.desk, NILS, stack_id(scene), picked[3:], scene.now)
    assert undo(scene, NILS).taken_back == 3
    assert counts(scene).sent == 3
    assert undo(scene, NILS, only_own=False).taken_back == 3
    assert counts(scene).waiting == 6


async def test_one_to_which_the_customer_wrote_meanwhile_has_a_newer_draft_and_the_rest_comes_back(
    scene: Scene,
) -> None:
    waits(scene)
    await many_write(scene, range(6))
    send_all(scene)
    await writes_again(scene, 2, "Jeg kan godt vente. Men pakken må ikke stilles i carporten.")
    assert undo(scene) == StackUndone(6, {case_of(scene, 2).id or 0})
    assert newest(scene, 2).state is CardState.NEW
    assert case_of(scene, 2).state is ConversationState.OPEN
    await scene.work()
    assert scene.mails() == []


async def test_one_that_a_colleague_called_solved_goes_and_the_rest_comes_back(scene: Scene) -> None:
    waits(scene)
    await many_write(scene, range(6))
    send_all(scene)
    await writes_again(scene, 1, "Nu er pakken kommet. Tak for hjælpen, og hvornår har I åbent?")
    one = newest(scene, 1)
    scene.do(desk.resolve, desk.Press(NILS, one.conversation_id, one.version), None, scene.now)
    assert undo(scene).taken_back == 5
    scene.pass_time(minutes=1)
    await scene.work()
    assert [each.payload["to"] for each in scene.mails()] == [address(1)]


async def test_each_can_be_taken_back_on_its_own_card_and_is_in_the_stack_again(scene: Scene) -> None:
    waits(scene)
    await many_write(scene, range(5))
    send_all(scene)
    one = newest(scene, 1)
    scene.do(desk.undo, desk.Press(NILS, one.conversation_id, one.version), scene.now)
    assert (counts(scene).waiting, counts(scene).sent) == (1, 4)
    scene.pass_time(minutes=1)
    await scene.work()
    assert len(scene.mails()) == 4
