"""Lanes: whatever belongs to one thread queues in one line, in whatever order it arrives."""

import builders
import pytest
from builders import NOW
from sqlalchemy import Engine, select
from sqlmodel import Session, col

from storage import inbox
from storage.engine import transaction
from storage.tables import InboxItem

#: (what a message is called, what it refers to: nearest first), in the order they arrive.
ARRIVALS = {
    "in order": [("root", ()), ("reply", ("root",))],
    "a reply that overtakes its original": [("reply", ("root",)), ("root", ())],
    "two replies before their original": [("one", ("root",)), ("two", ("root",)), ("root", ())],
    "a whole thread backwards": [("third", ("second", "root")), ("second", ("root",)), ("root", ())],
    "a reply that names only its parent overtakes it": [("third", ("second",)), ("second", ("root",))],
    "a reply that names its parent, which came before": [("second", ("root",)), ("third", ("second",))],
    "one mail in two mailboxes": [("root", ()), ("root", ())],
}


@pytest.mark.parametrize("arrivals", ARRIVALS.values(), ids=ARRIVALS.keys())
def test_a_thread_is_one_lane(engine: Engine, arrivals: list[tuple[str, tuple[str, ...]]]) -> None:
    with transaction(engine) as session:
        lanes = {_lane(session, name, refers_to=refers_to) for name, refers_to in arrivals}
    assert len(lanes) == 1


def test_strangers_have_lanes_of_their_own(engine: Engine) -> None:
    with transaction(engine) as session:
        assert _lane(session, "one") != _lane(session, "two")


def test_mails_without_any_id_have_lanes_of_their_own(engine: Engine) -> None:
    bare = inbox.Arrived("mail:a@example.dk", "one", "mail", b"", "")
    other = inbox.Arrived("mail:a@example.dk", "two", "mail", b"", "")
    with transaction(engine) as session:
        inbox.add(session, bare, NOW)
        inbox.add(session, other, NOW)
        assert len(set(session.execute(select(col(InboxItem.lane))).scalars())) == 2


def test_an_answer_with_our_token_joins_its_conversations_lane(engine: Engine) -> None:
    with transaction(engine) as session:
        case = builders.conversation(session)
        assert _lane(session, "new", reply_token=case.reply_token) == case.lane


def test_an_unknown_token_is_no_lane(engine: Engine) -> None:
    with transaction(engine) as session:
        assert _lane(session, "new", reply_token="never-given-out") == "mail:new"


def test_an_answer_to_a_stored_message_joins_its_conversations_lane(engine: Engine) -> None:
    with transaction(engine) as session:
        case = builders.conversation(session)
        stored = builders.message(session, case)
        assert _lane(session, "new", refers_to=("unknown", str(stored.message_id))) == case.lane


def test_of_two_conversations_the_nearest_message_names_the_lane(engine: Engine) -> None:
    with transaction(engine) as session:
        older, newer = builders.conversation(session), builders.conversation(session)
        builders.message(session, older, message_id="far")
        builders.message(session, newer, message_id="near")
        assert _lane(session, "a", refers_to=("near", "far")) == newer.lane
        assert _lane(session, "b", refers_to=("far", "near")) == older.lane


def _lane(session: Session, message_id: str, **fields: object) -> str:
    item = inbox.add(session, builders.arrived(message_id, **fields), NOW)
    return session.get_one(InboxItem, item).lane
