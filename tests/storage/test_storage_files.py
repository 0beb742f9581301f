"""Files of conversations in the database, on both of them."""

from scenes import MORNING, Scene, mail
from sqlmodel import Session

from storage import files
from storage.engine import reading, transaction
from storage.files import NewFile
from storage.tables import Direction, Message


def new(name: str, content: bytes = b"hej", preview: bytes = b"", left_out: str = "") -> NewFile:
    return NewFile(name, "text/plain", "text/plain", content, len(content), left_out, preview)


def message(session: Session, conversation_id: int, direction: Direction = Direction.OUT) -> int:
    """Another message of a conversation."""
    row = Message(conversation_id=conversation_id, direction=direction, text="", reply="", at=MORNING)
    session.add(row)
    session.flush()
    assert row.id is not None
    return row.id


async def test_files_are_read_back_in_their_order_without_their_content(scene: Scene) -> None:
    await scene.receive(mail("Hej, hvor er min pakke?"))
    with transaction(scene.parts.engine) as session:
        ids = files.add(
            session,
            1,
            1,
            [new("b.txt"), new("a.txt", preview=b"x"), new("c", b"", left_out="too_large")],
            MORNING,
        )
    with reading(scene.parts.engine) as session:
        found = files.of_message(session, 1)
        assert [each.id for each in found] == ids
        assert [(each.name, each.has_preview, each.left_out) for each in found] == [
            ("b.txt", False, ""),
            ("a.txt", True, ""),
            ("c", False, "too_large"),
        ]
        stored = files.get(session, ids[0])
        assert stored is not None
        assert stored.content == b"hej"
        assert stored.sha256.startswith("9c478bf6")


async def test_what_came_stands_newest_message_first_and_what_we_sent_is_not_among_it(scene: Scene) -> None:
    await scene.receive(mail("Hej, hvor er min pakke?"))
    with transaction(scene.parts.engine) as session:
        later, ours = message(session, 1, Direction.IN), message(session, 1)
        files.add(session, 1, 1, [new("first.txt")], MORNING)
        files.add(session, 1, later, [new("second.txt"), new("third.txt")], MORNING)
        files.add(session, 1, ours, [new("label.pdf")], MORNING)
        files.add(session, 1, None, [new("waits.pdf")], MORNING)
    with reading(scene.parts.engine) as session:
        assert [each.name for each in files.received(session, 1)] == ["second.txt", "third.txt", "first.txt"]


async def test_files_are_given_to_an_answer_once_and_only_in_their_own_conversation(scene: Scene) -> None:
    await scene.receive(mail("Hej, hvor er min pakke?"))
    await scene.receive(mail("Hallo, hvor er pakken?", sender="Ole <ole@example.no>"))
    with transaction(scene.parts.engine) as session:
        ids = files.add(session, 1, None, [new("a.pdf"), new("b.pdf")], MORNING)
        ours, theirs = message(session, 1), message(session, 2)
        assert files.give_to_message(session, 2, ids, theirs) == 0
        assert files.give_to_message(session, 1, ids[::-1], ours) == 2
        assert files.give_to_message(session, 1, ids, ours) == 0
        assert files.give_to_message(session, 1, [], ours) == 0
    with reading(scene.parts.engine) as session:
        assert [each.name for each in files.of_message(session, ours)] == ["b.pdf", "a.pdf"]
        assert [each.name for each in files.lines(session, ids)] == ["a.pdf", "b.pdf"]
