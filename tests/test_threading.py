"""Which conversation a mail belongs to: what it answers decides, and nothing else."""

from dataclasses import replace

import pytest
from scenes import OURS, Scene, mail, solved
from sqlmodel import Session

from bot import desk
from bot.letters import Letter, send_letter
from bot.outbound.composing import compose, written
from storage.tables import (
    AuditEvent,
    CardState,
    Conversation,
    ConversationState,
    FeedbackAnswer,
    Message,
    Suggestion,
)

UNKNOWN = "ghost@nowhere.example"


@pytest.fixture
async def three(scene: Scene) -> Scene:
    """Mette has three cases: 1, 2 and 3, begun by the mails of those numbers."""
    for number in (1, 2, 3):
        await scene.receive(
            mail(
                f"Hvor er pakke nummer {number}?",
                subject=f"Pakke {number}",
                message_id=f"<{number}@example.dk>",
            )
        )
    return scene


async def joined(scene: Scene, **headers: str) -> int:
    """The case that a mail with these headers was put into."""
    await scene.receive(mail("Er der nyt?", message_id="<new@example.dk>", subject="Re: Pakke 3", **headers))
    return int(scene.rows(Message)[-1].conversation_id)


def token(scene: Scene, number: int) -> str:
    return str(scene.rows(Conversation)[number - 1].reply_token)


async def test_a_token_comes_before_everything_else(three: Scene) -> None:
    address = f"hej+t-{token(three, 1)}@lampehuset.example"
    assert await joined(three, Cc=address, In_Reply_To="<2@example.dk>", References="<3@example.dk>") == 1


async def test_a_token_in_the_header_we_write_counts_like_one_in_the_address(three: Scene) -> None:
    assert await joined(three, X_Tillid_Thread=token(three, 2), In_Reply_To="<3@example.dk>") == 2


async def test_what_it_answers_comes_before_what_it_refers_to(three: Scene) -> None:
    assert await joined(three, In_Reply_To="<2@example.dk>", References="<1@example.dk> <3@example.dk>") == 2


async def test_of_references_the_last_one_counts(three: Scene) -> None:
    references = f"<1@example.dk> <2@example.dk> <{UNKNOWN}>"
    assert await joined(three, In_Reply_To=f"<{UNKNOWN}>", References=references) == 2


async def test_a_token_nobody_knows_leaves_the_rest_to_decide(three: Scene) -> None:
    stranger = "abcdefgh12345678"
    assert await joined(three, X_Tillid_Thread=stranger, In_Reply_To="<2@example.dk>") == 2


async def test_a_subject_joins_nothing(three: Scene) -> None:
    assert await joined(three) == 4


@pytest.mark.parametrize(
    "value",
    [
        f"<{UNKNOWN}> <2@example.dk>",
        "2@example.dk",
        "<2@example.dk> (Mette Hansen's message of Monday)",
        'Your message of "Mon, 2 Mar 2026" <2@example.dk>',
        "<2@example.dk",
        f"<{UNKNOWN}>,<2@example.dk>",
    ],
)
async def test_an_id_is_found_however_it_is_written(three: Scene, value: str) -> None:
    assert await joined(three, In_Reply_To=value) == 2


@pytest.mark.parametrize(
    "header",
    [b"In-Reply-To:\r\n <odd@part@example.dk>\r\n", b"In-Reply-To: <odd@\r\n part@example.dk>\r\n"],
)
async def test_an_id_with_two_signs_is_found_also_when_it_is_folded(scene: Scene, header: bytes) -> None:
    def raw(text: str, head: bytes) -> bytes:
        return head + f"From: Mette <mette@example.dk>\r\nTo: {OURS}\r\n\r\n{text}\r\n".encode()

    await scene.receive(raw("Hvor er min pakke?", b"Message-ID: <odd@part@example.dk>\r\n"))
    await scene.receive(raw("Er der nyt?", header))
    assert len(scene.rows(Conversation)) == 1


async def test_references_that_go_round_in_circles_end(scene: Scene) -> None:
    await scene.receive(mail("Et", message_id="<a@example.dk>", References="<b@example.dk> <a@example.dk>"))
    await scene.receive(mail("To", message_id="<b@example.dk>", References="<a@example.dk> <b@example.dk>"))
    await scene.receive(mail("Tre", message_id="<c@example.dk>", answers="c@example.dk"))
    assert [message.conversation_id for message in scene.rows(Message)] == [1, 1, 2]


async def test_three_thousand_references_are_read_in_bounds_and_the_last_still_counts(three: Scene) -> None:
    many = " ".join(f"<{number}@ghost.example>" for number in range(3_000))
    raw = mail("Er der nyt?", message_id="<new@example.dk>")
    await three.receive(f"References: {many} <2@example.dk>\r\n".encode() + raw)
    assert three.rows(Message)[-1].conversation_id == 2


# ---- our token in the address -----------------------------------------------------------------------------


def letter_of(scene: Scene) -> bytes:
    return written(compose(scene.mails()[-1], scene.now))


async def test_our_mails_ask_for_answers_with_the_token_where_the_house_has_plus_addresses(
    three: Scene,
) -> None:
    places = replace(three.desk.places, plus_address=True)
    three.desk = desk.Desk(three.desk.house, places)
    three.send()
    await three.work()
    back = f"hej+t-{token(three, 3)}@lampehuset.example"
    assert f"Reply-To: Lampehuset <{back}>".encode() in letter_of(three)
    # Its provider gave our mail another id, and her program names nothing: the address is enough.
    answer = mail("Tak. Og regningen?", message_id="<x@example.dk>").replace(OURS.encode(), back.encode())
    await three.receive(answer)
    assert three.rows(Message)[-1].conversation_id == 3


async def test_without_plus_addresses_our_mails_name_no_other_way_back(three: Scene) -> None:
    three.send()
    await three.work()
    assert b"Reply-To" not in letter_of(three).replace(b"In-Reply-To", b"")
    assert f"X-Tillid-Thread: {token(three, 3)}".encode() in letter_of(three)


async def test_our_answer_names_the_last_person_and_no_machine(paid_twice: Scene) -> None:
    await paid_twice.receive(
        mail("Væk", message_id="<auto@example.dk>", answers="1@example.dk", Auto_Submitted="auto-replied")
    )
    paid_twice.send()
    await paid_twice.work()
    assert paid_twice.mails()[0].payload["in_reply_to"] == "1@example.dk"


# ---- solved cases -----------------------------------------------------------------------------------------


async def test_an_answer_to_a_solved_case_opens_it_again_and_its_colleague_hears_of_it(
    paid_twice: Scene,
) -> None:
    await solved(paid_twice)
    paid_twice.pass_time(days=59)
    await paid_twice.receive(
        mail("Pengene er her ikke.", message_id="<2@example.dk>", answers="1@example.dk")
    )
    (case,) = paid_twice.rows(Conversation)
    assert case.state is ConversationState.OPEN
    (note,) = [item for item in paid_twice.sent if item.key.startswith("reopened:")]
    assert note.payload["mention"] == "UFREJA0001"


async def test_a_case_at_rest_for_two_months_is_continued_in_a_new_one_that_says_so(
    paid_twice: Scene,
) -> None:
    await solved(paid_twice)
    paid_twice.pass_time(days=61)
    await paid_twice.receive(
        mail("Hej, hvor er min pakke?", message_id="<2@example.dk>", answers="1@example.dk")
    )
    old, new = paid_twice.rows(Conversation)
    assert (old.state, new.state) == (ConversationState.RESOLVED, ConversationState.OPEN)
    # The colleague she knows, and not the matter of then.
    assert new.agent_id == old.agent_id
    assert (old.intent, new.intent) == ("double_charge", "late_delivery")
    (note,) = [item for item in paid_twice.sent if item.key == f"continues:{new.id}"]
    assert "“Betalt to gange” from 2 March 2026" in str(note.payload["text"])
    (event,) = [each for each in paid_twice.rows(AuditEvent) if each.action == "conversation_continued"]
    assert (event.conversation_id, event.subject_id) == (new.id, old.id)
    # Whatever of the two she answers from now on, it is one case.
    await paid_twice.receive(mail("Er der nyt?", message_id="<3@example.dk>", answers="1@example.dk"))
    assert len(paid_twice.rows(Conversation)) == 2
    assert paid_twice.rows(Message)[-1].conversation_id == new.id


async def test_an_open_case_never_grows_too_old_to_be_answered(paid_twice: Scene) -> None:
    paid_twice.pass_time(days=200)
    await paid_twice.receive(mail("Er der nyt?", message_id="<2@example.dk>", answers="1@example.dk"))
    assert len(paid_twice.rows(Conversation)) == 1


async def test_the_answer_to_a_late_follow_up_belongs_to_its_case(paid_twice: Scene) -> None:
    await solved(paid_twice)
    paid_twice.pass_time(days=50)
    paid_twice.do(_write_follow_up, paid_twice)
    await paid_twice.work()
    paid_twice.pass_time(days=50)
    await paid_twice.receive(
        mail("Nej, de er her ikke.", message_id="<2@example.dk>", answers="1@example.dk")
    )
    assert len(paid_twice.rows(Conversation)) == 1


def _write_follow_up(session: Session, scene: Scene) -> None:
    case = session.get(Conversation, 1)
    assert case is not None
    letter = Letter("late:1", "Kom pengene?", "Hej Mette, kom pengene?", case.agent_id or 0, "Lampehuset")
    send_letter(session, case, scene.parts.places, letter, scene.now)


async def test_a_bare_thanks_opens_nothing_however_late(paid_twice: Scene) -> None:
    await solved(paid_twice)
    await paid_twice.receive(mail("Tusind tak!", message_id="<2@example.dk>", answers="1@example.dk"))
    assert paid_twice.rows(Conversation)[0].state is ConversationState.RESOLVED
    assert [card.state for card in paid_twice.rows(Suggestion)] == [CardState.SENT]
    assert paid_twice.rows(FeedbackAnswer) == []
    paid_twice.pass_time(days=90)
    await paid_twice.receive(mail("Tusind tak!", message_id="<3@example.dk>", answers="1@example.dk"))
    assert [each.state for each in paid_twice.rows(Conversation)] == [ConversationState.RESOLVED] * 2
    assert paid_twice.waiting("note") == []
