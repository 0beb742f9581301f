"""Conversations and their cards: one writer at a time, one card that can be pressed, pressed once."""

from functools import partial
from typing import Any

import builders
import pytest
from builders import MINUTE, NOW
from sqlalchemy import Engine, update
from sqlalchemy.exc import IntegrityError
from sqlmodel import Session, col
from storage_races import WORKERS, race, race_apart

from storage import conversations
from storage.engine import transaction
from storage.tables import CardState, Conversation, ConversationState, Direction, Message, Suggestion


def test_one_of_eight_writers_gets_the_version_they_all_read(engine: Engine) -> None:
    case = _case(engine)
    won = race(engine, lambda session: conversations.claim_version(session, case, 0))
    assert won.count(True) == 1
    with transaction(engine) as session:
        assert session.get_one(Conversation, case).version == 1
        assert conversations.claim_version(session, case, 1)


def test_a_loaded_conversation_knows_its_new_version(engine: Engine) -> None:
    with transaction(engine) as session:
        case = builders.conversation(session)
        assert conversations.claim_version(session, builders.identity(case), 0)
        assert case.version == 1


def test_one_of_eight_presses_settles_the_card(engine: Engine) -> None:
    case = _case_with_card(engine)
    agents = _agents(engine)

    def press(agent_id: int, session: Session) -> Suggestion | None:
        return conversations.settle_card(session, case, 1, CardState.SENDING, agent_id, NOW)

    works = [partial(press, agent_id) for agent_id in agents]
    settled = [card for card in race_apart(engine, works) if card is not None]
    assert len(settled) == 1
    with transaction(engine) as session:
        card = conversations.latest_suggestion(session, case)
        assert card is not None
        assert (card.state, card.decided_at) == (CardState.SENDING, NOW)
        assert card.decided_by == settled[0].decided_by


def test_a_press_on_an_older_version_changes_nothing(engine: Engine) -> None:
    case = _case_with_card(engine)
    (agent, *_) = _agents(engine)
    with transaction(engine) as session:
        assert conversations.withdraw_live(session, case, NOW)
        version = conversations.next_version(session, case)
        assert version == 2
        builders.suggestion(session, session.get_one(Conversation, case), version=version)
    with transaction(engine) as session:
        assert conversations.settle_card(session, case, 1, CardState.SENDING, agent, NOW) is None
        newest = conversations.latest_suggestion(session, case)
        assert newest is not None
        assert (newest.version, newest.state) == (2, CardState.NEW)


def test_a_card_in_another_state_than_expected_is_left_alone(engine: Engine) -> None:
    case = _case_with_card(engine, state=CardState.FAILED)
    (agent, *_) = _agents(engine)
    with transaction(engine) as session:
        assert conversations.settle_card(session, case, 1, CardState.SENDING, agent, NOW) is None
        again = conversations.settle_card(
            session, case, 1, CardState.SENDING, agent, NOW, expected=CardState.FAILED
        )
        assert again is not None


def test_a_card_being_sent_cannot_be_taken_back(engine: Engine) -> None:
    case = _case_with_card(engine, state=CardState.SENDING)
    with transaction(engine) as session:
        assert not conversations.withdraw_live(session, case, NOW)


def test_the_database_refuses_a_second_card_that_can_be_pressed(engine: Engine) -> None:
    case = _case_with_card(engine, state=CardState.NEW)
    with transaction(engine) as session, pytest.raises(IntegrityError), session.begin_nested():
        builders.suggestion(session, session.get_one(Conversation, case), version=2, state=CardState.NEW)


def test_a_new_card_may_stand_beside_one_whose_reply_is_on_its_way_and_the_older_settles_first(
    engine: Engine,
) -> None:
    case = _case_with_card(engine, state=CardState.SENDING)
    with transaction(engine) as session:
        builders.suggestion(session, session.get_one(Conversation, case), version=2, state=CardState.SENDING)
        conversations.sent_card(session, case, CardState.SENT)
    with transaction(engine) as session:
        latest = conversations.latest_suggestion(session, case)
        assert latest is not None
        assert (latest.version, latest.state) == (2, CardState.SENDING)


def test_cards_that_have_ended_may_be_many(engine: Engine) -> None:
    case = _case_with_card(engine)
    ended = [state for state in CardState if state not in conversations.LIVE]
    with transaction(engine) as session:
        here = session.get_one(Conversation, case)
        for version, state in enumerate(ended, start=2):
            builders.suggestion(session, here, version=version, state=state)
        assert conversations.next_version(session, case) == len(ended) + 2


def test_a_reply_that_went_out_settles_only_the_card_in_hand(engine: Engine) -> None:
    sending, new = _case_with_card(engine, state=CardState.SENDING), _case_with_card(engine)
    with transaction(engine) as session:
        for case in (sending, new):
            conversations.sent_card(session, case, CardState.SENT)
    with transaction(engine) as session:
        states = [conversations.latest_suggestion(session, case) for case in (sending, new)]
        assert [card.state for card in states if card] == [CardState.SENT, CardState.NEW]


def test_the_first_card_of_a_conversation_is_version_one(engine: Engine) -> None:
    case = _case(engine)
    with transaction(engine) as session:
        assert conversations.next_version(session, case) == 1
        assert conversations.latest_suggestion(session, case) is None


SLACK = {"message_id": None, "body_hash": None, "team": "T1", "slack_channel": "C1", "ts": "1.1"}


@pytest.mark.parametrize(
    ("stored", "asked", "known"),
    [
        ({}, {}, True),
        ({}, {"body_hash": "another"}, False),
        ({}, {"message_id": "another"}, False),
        (SLACK, {}, True),
        (SLACK, {"ts": "2.2"}, False),
        (SLACK, {"slack_channel": "C2"}, False),
        (SLACK, {"team": "T2"}, False),
        ({"message_id": None}, {}, False),
    ],
)
def test_a_message_is_known_by_what_makes_it_unique(
    engine: Engine, stored: dict[str, Any], asked: dict[str, Any], known: bool
) -> None:
    given = {"message_id": "m", "body_hash": "h"} | stored
    with transaction(engine) as session:
        case = builders.conversation(session)
        builders.message(session, case, **given)
        fields: dict[str, Any] = {"direction": Direction.IN, "text": "", "reply": "", "at": NOW}
        question = Message(conversation_id=builders.identity(case), **(fields | given | asked))
        assert conversations.is_known(session, question) is known


@pytest.mark.parametrize("twice", [{"message_id": "m", "body_hash": "h"}, SLACK])
def test_the_database_refuses_the_same_message_twice(engine: Engine, twice: dict[str, Any]) -> None:
    with transaction(engine) as session:
        builders.message(session, builders.conversation(session), **twice)
        other = builders.conversation(session)
        with pytest.raises(IntegrityError), session.begin_nested():
            builders.message(session, other, **twice)


def test_a_conversation_is_found_by_token_by_message_and_by_thread(engine: Engine) -> None:
    with transaction(engine) as session:
        mail = builders.conversation(session, reply_token="secret")
        chat = builders.conversation(session, channel="slack", team="T1", slack_channel="C1", thread_ts="1.1")
        builders.message(session, mail, message_id="m1")
        builders.message(session, chat, message_id="m2")
        assert conversations.by_token(session, "secret") is mail
        assert conversations.by_token(session, "") is None
        assert conversations.by_thread(session, "T1", "C1", "1.1") is chat
        assert conversations.by_thread(session, "T2", "C1", "1.1") is None
        assert conversations.by_message_ids(session, ("unknown", "m2", "m1")) is chat
        assert conversations.by_message_ids(session, ("m1", "m2")) is mail
        assert conversations.by_message_ids(session, ()) is None


def test_mail_conversations_need_no_thread_and_a_thread_is_one_conversation(engine: Engine) -> None:
    thread = {"channel": "slack", "team": "T1", "slack_channel": "C1", "thread_ts": "1.1"}
    with transaction(engine) as session:
        builders.conversation(session)
        builders.conversation(session)
        builders.conversation(session, **thread)
        with pytest.raises(IntegrityError), session.begin_nested():
            builders.conversation(session, **thread)


def test_messages_are_told_oldest_first(engine: Engine) -> None:
    with transaction(engine) as session:
        case = builders.conversation(session)
        for words, at in (("third", NOW + MINUTE), ("first", NOW - MINUTE), ("second", NOW)):
            builders.message(session, case, text=words, at=at)
        here = builders.identity(case)
        told = [each.text for each in conversations.messages(session, here)]
        assert told == ["first", "second", "third"]


def test_open_cases_are_the_customers_own_other_unresolved_ones(engine: Engine) -> None:
    with transaction(engine) as session:
        person = builders.identity(builders.customer(session))
        here = builders.conversation(session, customer_id=person)
        builders.conversation(session, customer_id=person, state=ConversationState.SNOOZED)
        builders.conversation(session, customer_id=person, state=ConversationState.RESOLVED)
        builders.conversation(session)
        assert conversations.open_cases(session, person) == 2
        assert conversations.open_cases(session, person, except_id=here.id) == 1


def _case(engine: Engine) -> int:
    with transaction(engine) as session:
        return builders.identity(builders.conversation(session))


def _case_with_card(engine: Engine, **fields: Any) -> int:
    with transaction(engine) as session:
        case = builders.conversation(session)
        builders.suggestion(session, case, **fields)
        return builders.identity(case)


def _agents(engine: Engine) -> list[int]:
    with transaction(engine) as session:
        return [builders.identity(builders.agent(session)) for _ in range(WORKERS)]


def test_a_conversation_that_is_held_is_as_it_is_now_also_where_it_was_read_before(engine: Engine) -> None:
    with transaction(engine) as session:
        case = builders.conversation(session)
        number = builders.identity(case)
        session.execute(
            update(Conversation)
            .where(col(Conversation.id) == number)
            .values(subject="newer")
            .execution_options(synchronize_session=False)
        )
        assert case.subject != "newer"
        held = conversations.hold(session, number)
        assert held is case
        assert case.subject == "newer"
        assert conversations.hold(session, number + 1) is None
