"""Many alike: sixty mails about one carrier's breakdown open as one stack, and each customer gets one answer."""

from dataclasses import replace

from alike_scenes import ANGRY, address, case_of, delayed, many_write, newest, write, writes_again
from event_scenes import counts, live, posted, send_all, stack_id, stack_text
from scenes import FREJA, NILS, SIGNE, Scene, keep_order, mail
from sqlmodel import Session

from bot import desk
from bot.cards.stack_cards import PAGE
from bot.errors import PermanentFailure
from bot.redrafting import redraft
from bot.views.stacks import stack_page
from storage.engine import reading
from storage.queue import waiting
from storage.tables import CardState, ConversationState, Message, Stack, StackedDraft, Suggestion


def card_of(scene: Scene, place: int) -> str:
    """The card of that customer's case as it stands in the channel."""
    return card(scene, case_of(scene, place).id or 0)


def card(scene: Scene, case_id: int) -> str:
    key = f"card:{case_id}"
    return str([item for item in scene.sent if item.key == key][-1].payload["blocks"])


def pick(scene: Scene, limit: int = 100) -> list[tuple[int, int]]:
    return [(each.conversation.id or 0, each.suggestion.version) for each in live(scene, limit)]


async def test_sixty_mails_about_one_breakdown_are_read_in_windows_and_sent_once_each(scene: Scene) -> None:
    await many_write(scene, range(60))
    assert counts(scene).waiting == 60
    assert stack_text(scene) == "Late delivery, PostNord, 2 March: 60 drafts. Press Read and Send."
    after, sizes, left = None, [], None
    for _ in range(3):
        with reading(scene.parts.engine) as session:
            found = stack_page(session, stack_id(scene), "Freja", after)
        assert found is not None
        page, after = found
        sizes.append(len(page.lines))
        assert all(each.words and "Freja" in each.text and not each.is_doubtful for each in page.lines)
        picked = [(each.conversation_id, each.version) for each in page.lines]
        if left is None:
            left = picked.pop(7)
        done = scene.do(desk.send_stack, scene.desk, FREJA, stack_id(scene), picked, scene.now)
        assert (done.sent, done.refused) == (len(picked), [])
        # The same window, sent off once more.
        again = scene.do(desk.send_stack, scene.desk, FREJA, stack_id(scene), picked, scene.now)
        assert (again.sent, len(again.refused)) == (0, len(picked))
    assert sizes == [PAGE, PAGE, 10]
    assert pick(scene) == [left]
    await scene.work()
    assert len(scene.mails()) == len({each.payload["to"] for each in scene.mails()}) == 59
    assert (counts(scene).sent, counts(scene).waiting) == (59, 1)
    # What was sent from the stack waits for nobody of us any more; what was unticked does.
    assert [each.conversation_id for each in scene.do(waiting)] == [left[0]]
    assert scene.do(desk.take_next, scene.desk, NILS, scene.now) == left[0]


async def test_four_alike_mails_make_no_stack_and_the_fifth_makes_one(scene: Scene) -> None:
    await many_write(scene, range(4))
    assert scene.rows(Stack) == []
    assert "card_send" in card_of(scene, 0)
    await many_write(scene, range(4, 5))
    assert counts(scene).waiting == 5
    assert posted(scene, "stack") == ["stack:1"]
    for place in range(5):
        assert "Stands in the stack" in card_of(scene, place)
        assert "card_send" not in card_of(scene, place)
    await many_write(scene, range(5, 7))
    assert (counts(scene).waiting, len(set(posted(scene, "stack")))) == (7, 1)


async def test_the_house_says_from_how_many_on_and_whether_at_all(scene: Scene) -> None:
    for stack_from, expected in ((0, 0), (2, 1)):
        house = scene.parts.house
        house = replace(house, policy=replace(house.policy, stack_from=stack_from))
        scene.parts = replace(scene.parts, house=house)
        await many_write(scene, range(10 * stack_from, 10 * stack_from + 6))
        assert len(scene.rows(Stack)) == expected


async def test_whoever_is_angry_and_was_let_down_before_is_answered_as_one_person(scene: Scene) -> None:
    await write(scene, 50, ANGRY)
    await many_write(scene, range(5))
    await many_write(scene, range(51, 52))
    assert case_of(scene, 50).id not in [each.conversation_id for each in scene.rows(StackedDraft)]
    assert counts(scene).waiting == 6
    assert "card_send" in card_of(scene, 50)


async def test_two_carriers_make_two_stacks_or_none(scene: Scene) -> None:
    silent = "Hej, jeg har ikke fået min pakke endnu. Den skulle være kommet i går. Ordre {number}."
    for place in range(4):
        await write(scene, place, silent)
        await write(scene, place + 10, silent, carrier="GLS")
    await scene.work()
    assert scene.rows(Stack) == []
    await write(scene, 4, silent)
    await write(scene, 14, silent, carrier="GLS")
    await scene.work()
    assert sorted(each.cause for each in scene.rows(Stack)) == ["GLS", "PostNord"]
    cause = {each.id: each.cause for each in scene.rows(Stack)}
    stood = {each.conversation_id: cause[each.stack_id] for each in scene.rows(StackedDraft)}
    assert stood == {
        case_of(scene, place + more).id: carrier
        for more, carrier in ((0, "PostNord"), (10, "GLS"))
        for place in range(5)
    }


async def test_another_wish_is_no_part_of_it(scene: Scene) -> None:
    await many_write(scene, range(4))
    broken = "Hej, lampen fra ordre {number} kom frem i tusind stykker."
    await many_write(scene, range(10, 11), text=broken)
    assert newest(scene, 10).intent == "damaged_item"
    assert scene.rows(Stack) == []


async def test_what_is_used_on_its_own_card_meanwhile_is_not_sent_twice(scene: Scene) -> None:
    await many_write(scene, range(6))
    seen = pick(scene)
    mine = newest(scene, 0)
    scene.do(desk.send, scene.desk, desk.Press(NILS, mine.conversation_id, mine.version), scene.now)
    assert counts(scene).waiting == 5
    late = scene.do(desk.send_stack, scene.desk, FREJA, stack_id(scene), seen, scene.now)
    assert (late.sent, [why for _, why in late.refused]) == (5, ["Nils Berg is sending this reply."])
    await scene.work()
    assert len(scene.mails()) == len({each.payload["to"] for each in scene.mails()}) == 6
    assert counts(scene).sent == 6


async def test_a_case_that_somebody_takes_leaves_the_stack_and_comes_back_when_it_is_left(
    scene: Scene,
) -> None:
    await many_write(scene, range(6))
    taken = scene.do(desk.take_next, scene.desk, NILS, scene.now)
    await scene.work()
    assert (counts(scene).waiting, counts(scene).taken_out) == (5, 1)
    assert "card_send" in card(scene, taken)
    late = scene.do(desk.send_stack, scene.desk, FREJA, stack_id(scene), [(taken, 1)], scene.now)
    assert [why for _, why in late.refused] == [
        "Nils Berg has this case now: it is answered on its own card."
    ]
    other = scene.do(desk.take_next, scene.desk, NILS, scene.now, (taken,))
    assert other != taken
    await scene.work()
    assert taken in [case for case, _ in pick(scene)]
    assert "Stands in the stack" in card(scene, taken)


async def test_what_a_colleague_has_or_has_answered_is_not_put_there(scene: Scene) -> None:
    await many_write(scene, range(3))
    taken = scene.do(desk.take_next, scene.desk, NILS, scene.now)
    await many_write(scene, range(3, 5))
    assert scene.rows(Stack) == []
    await many_write(scene, range(5, 6))
    assert taken not in [each.conversation_id for each in scene.rows(StackedDraft)]
    assert counts(scene).waiting == 5


async def test_a_person_with_two_open_cases_is_answered_on_one_card(scene: Scene) -> None:
    await many_write(scene, range(6))
    elsewhere = mail(
        "Hej, jeg venter stadig på pakken. Ordre 20000.",
        sender=f"Kunde 0 <{address(0)}>",
        subject="Endnu en gang",
        message_id="<other@example.dk>",
    )
    await scene.receive(elsewhere)
    assert len(pick(scene)) == 5
    assert address(0) not in {each.conversation.answer_to for each in live(scene)}
    assert counts(scene).taken_out == 1


async def test_who_writes_again_stays_where_it_is_the_same_and_leaves_where_it_is_not(scene: Scene) -> None:
    await many_write(scene, range(6))
    await writes_again(scene, 1, "Er der nyt om pakken? Jeg venter stadig.")
    assert newest(scene, 1).version == 2
    assert (case_of(scene, 1).id, 2) in pick(scene)
    assert counts(scene).waiting == 6
    await writes_again(scene, 2, ANGRY.format(number="20002"))
    assert case_of(scene, 2).id not in [case for case, _ in pick(scene)]
    assert (counts(scene).waiting, counts(scene).taken_out, counts(scene).gone) == (5, 1, 0)
    assert "card_send" in card_of(scene, 2)
    # Calm again, they are still somebody who was angry.
    await writes_again(scene, 2, "Okay. Hvornår kommer pakken?")
    assert case_of(scene, 2).id not in [case for case, _ in pick(scene)]


async def test_a_draft_that_is_made_anew_stands_there_in_its_new_version(scene: Scene) -> None:
    await many_write(scene, range(5))
    case_id = case_of(scene, 3).id or 0
    await redraft(scene.parts, case_id)
    await scene.work()
    assert (case_id, 2) in pick(scene)
    assert "Stands in the stack" in card_of(scene, 3)


async def test_one_that_is_taken_out_is_a_whole_card_and_stays_out(scene: Scene) -> None:
    await many_write(scene, range(6))
    first = newest(scene, 0)
    scene.do(desk.take_out, desk.Press(FREJA, first.conversation_id, first.version), scene.now)
    await scene.work()
    assert "card_send" in card_of(scene, 0)
    assert (counts(scene).waiting, counts(scene).taken_out) == (5, 1)
    await writes_again(scene, 0, "Er der nyt om pakken?")
    assert (counts(scene).waiting, counts(scene).taken_out) == (5, 1)


async def test_a_stack_that_is_put_aside_gives_everybody_their_card_back_and_takes_no_more(
    scene: Scene,
) -> None:
    await many_write(scene, range(5))
    assert scene.do(desk.close_stack, SIGNE, stack_id(scene), scene.now) == 0
    await many_write(scene, range(5, 8))
    assert (counts(scene).waiting, counts(scene).taken_out) == (0, 5)
    assert all("card_send" in card_of(scene, place) for place in range(8))
    assert {each.state for each in scene.rows(Suggestion)} == {CardState.NEW}


async def test_what_comes_two_days_later_is_another_matter(scene: Scene) -> None:
    await many_write(scene, range(5))
    send_all(scene)
    scene.pass_time(hours=49)
    await many_write(scene, range(10, 14))
    assert len(scene.rows(Stack)) == 1
    assert counts(scene).drafts == 5
    await many_write(scene, range(14, 15))
    assert [each.cause for each in scene.rows(Stack)] == ["PostNord", "PostNord"]


async def test_who_has_had_the_letter_is_not_sent_it_again_from_there(scene: Scene) -> None:
    await many_write(scene, range(6))
    send_all(scene)
    await scene.work()
    scene.do(keep_order, delayed("30000", address(0)))
    again = "Hej, min anden pakke mangler også. Hvornår kommer den? Ordre 30000."
    new = mail(again, sender=f"Kunde 0 <{address(0)}>", subject="Ny pakke", message_id="<new@example.dk>")
    await scene.receive(new)
    assert newest_card_is_pressable(scene)
    assert (counts(scene).drafts, counts(scene).waiting) == (6, 0)


def newest_card_is_pressable(scene: Scene) -> bool:
    return scene.card().state is CardState.NEW and "card_send" in str(scene.sent[-1].payload["blocks"])


async def test_a_letter_that_does_not_go_stands_on_its_card_with_retry(scene: Scene) -> None:
    await many_write(scene, range(5))
    scene.troubles["mail"] = [PermanentFailure("no such mailbox")]
    send_all(scene)
    await scene.work()
    failed = [each for each in scene.rows(Suggestion) if each.state is CardState.FAILED]
    assert len(failed) == 1
    assert len(scene.mails()) == 4


def write_more(session: Session, message_row_id: int) -> None:
    message = session.get_one(Message, message_row_id)
    message.reply += " Vi rejser på lørdag." * 50
    session.add(message)


async def test_long_words_and_files_are_not_ticked_by_themselves(scene: Scene) -> None:
    await many_write(scene, range(5))
    await write(scene, 5, file="kvittering.pdf")
    await scene.work()
    scene.do(write_more, newest(scene, 4).message_row_id)
    with reading(scene.parts.engine) as session:
        found = stack_page(session, stack_id(scene), "Freja", None)
    assert found is not None
    unticked = {each.address for each in found[0].lines if each.is_doubtful}
    assert (unticked, len(found[0].lines)) == ({address(4), address(5)}, 6)


async def test_what_is_put_off_waits_outside(scene: Scene) -> None:
    await many_write(scene, range(6))
    first = newest(scene, 0)
    press = desk.Press(NILS, first.conversation_id, first.version)
    scene.do(desk.snooze, press, scene.now.replace(hour=15), scene.now)
    assert case_of(scene, 0).state is ConversationState.SNOOZED
    assert (counts(scene).waiting, counts(scene).taken_out) == (5, 1)
