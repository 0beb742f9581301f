"""Follow-ups and what customers answer to them: one is set per conversation, sent once, answered once."""

from datetime import datetime, timedelta
from typing import Any

import builders
import pytest
from builders import MINUTE, NOW
from sqlalchemy import Engine, func, select
from sqlalchemy.exc import IntegrityError
from sqlmodel import Session
from storage_races import race

from storage import feedback, follow_ups
from storage.engine import transaction
from storage.tables import Agent, Conversation, FeedbackAnswer, FollowUp, FollowUpState


def test_setting_a_second_follow_up_replaces_the_first(engine: Engine) -> None:
    with transaction(engine) as session:
        first = _scheduled(session)
        case = session.get_one(Conversation, first.conversation_id)
        second = _scheduled(session, case, kind="heard")
        assert follow_ups.scheduled(session, second.conversation_id) is second
        session.refresh(first)
        assert (first.state, first.cancelled_because) == (FollowUpState.CANCELLED, "replaced by a newer one")


def test_the_database_refuses_a_second_scheduled_one(engine: Engine) -> None:
    with transaction(engine) as session:
        first = _scheduled(session)
        case = session.get_one(Conversation, first.conversation_id)
        signer = session.get_one(Agent, first.agent_id)
        with pytest.raises(IntegrityError), session.begin_nested():
            session.add(builders.follow_up(case, signer))
        session.add(builders.follow_up(case, signer, state=FollowUpState.PROPOSED))
        session.add(builders.follow_up(case, signer, state=FollowUpState.SENT))


def test_eight_who_set_one_at_once_leave_one_scheduled(engine: Engine) -> None:
    with transaction(engine) as session:
        case, signer = builders.conversation(session), builders.agent(session)

    def schedule(session: Session) -> bool:
        try:
            with session.begin_nested():
                follow_ups.schedule(session, builders.follow_up(case, signer), NOW)
        except IntegrityError:
            return False
        return True

    assert any(race(engine, schedule))
    with transaction(engine) as session:
        assert follow_ups.scheduled(session, builders.identity(case)) is not None


def test_a_follow_up_is_taken_once_by_eight_senders(engine: Engine) -> None:
    with transaction(engine) as session:
        follow_up = builders.identity(_scheduled(session))
    taken = [each for each in race(engine, lambda s: follow_ups.take(s, follow_up)) if each is not None]
    assert [each.state for each in taken] == [FollowUpState.SENDING]


def test_a_cancelled_follow_up_is_not_taken_and_a_taken_one_not_cancelled(engine: Engine) -> None:
    with transaction(engine) as session:
        first, second = _scheduled(session), _scheduled(session)
        assert follow_ups.cancel(session, first.conversation_id, "the customer wrote", NOW) == first.id
        assert follow_ups.take(session, builders.identity(first)) is None
        assert follow_ups.take(session, builders.identity(second)) is not None
        assert follow_ups.cancel(session, second.conversation_id, "too late", NOW) is None
        assert session.get_one(FollowUp, second.id).state is FollowUpState.SENDING


def test_cancelling_leaves_other_conversations_alone_and_says_when_there_was_none(engine: Engine) -> None:
    with transaction(engine) as session:
        here, other = _scheduled(session), _scheduled(session)
        assert follow_ups.cancel(session, here.conversation_id, "the customer wrote", NOW) == here.id
        assert follow_ups.cancel(session, here.conversation_id, "again", NOW) is None
        assert follow_ups.scheduled(session, other.conversation_id) is other
        session.refresh(here)
        assert here.cancelled_because == "the customer wrote"


def test_those_whose_time_has_come_are_due_the_longest_waiting_first(engine: Engine) -> None:
    with transaction(engine) as session:
        early = _scheduled(session, due_at=NOW - MINUTE)
        now = _scheduled(session, due_at=NOW)
        _scheduled(session, due_at=NOW + timedelta(microseconds=1))
        cancelled = _scheduled(session, due_at=NOW)
        follow_ups.cancel(session, cancelled.conversation_id, "", NOW)
        assert list(follow_ups.due(session, NOW)) == [early, now]
        assert list(follow_ups.due(session, NOW, limit=1)) == [early]


@pytest.mark.parametrize(
    ("sent", "state", "sent_at"), [(True, FollowUpState.SENT, NOW), (False, FollowUpState.FAILED, None)]
)
def test_a_sent_follow_up_is_settled_once(
    engine: Engine, sent: bool, state: FollowUpState, sent_at: datetime | None
) -> None:
    with transaction(engine) as session:
        follow_up = builders.identity(_scheduled(session))
        follow_ups.settle(session, follow_up, sent=sent, now=NOW)
        assert session.get_one(FollowUp, follow_up).state is FollowUpState.SCHEDULED
        follow_ups.take(session, follow_up)
        follow_ups.settle(session, follow_up, sent=sent, now=NOW)
        follow_ups.settle(session, follow_up, sent=not sent, now=NOW + MINUTE)
    with transaction(engine) as session:
        row = session.get_one(FollowUp, follow_up)
        assert (row.state, row.sent_at) == (state, sent_at)


def test_the_latest_that_went_out_is_found(engine: Engine) -> None:
    with transaction(engine) as session:
        first = _scheduled(session)
        case = session.get_one(Conversation, first.conversation_id)
        assert follow_ups.last_sent(session, first.conversation_id) is None
        follow_ups.take(session, builders.identity(first))
        assert follow_ups.last_sent(session, first.conversation_id) is None
        follow_ups.settle(session, builders.identity(first), sent=True, now=builders.NOW)
        second = _scheduled(session, case)
        assert follow_ups.last_sent(session, first.conversation_id) is first
        follow_ups.take(session, builders.identity(second))
        follow_ups.settle(session, builders.identity(second), sent=True, now=builders.NOW)
        assert follow_ups.last_sent(session, first.conversation_id) is second


def test_moving_counts_only_the_scheduled_one_of_that_kind_anew(engine: Engine) -> None:
    later = NOW + timedelta(days=9)
    with transaction(engine) as session:
        money, heard = _scheduled(session), _scheduled(session, kind="heard")
        for each in (money, heard):
            follow_ups.move(session, each.conversation_id, "money_arrived", later)
    with transaction(engine) as session:
        assert session.get_one(FollowUp, money.id).due_at == later
        assert session.get_one(FollowUp, heard.id).due_at == heard.due_at


def test_forgetting_deletes_one_conversations_follow_ups(engine: Engine) -> None:
    with transaction(engine) as session:
        here, other = _scheduled(session), _scheduled(session)
        follow_ups.forget(session, here.conversation_id)
        assert follow_ups.scheduled(session, here.conversation_id) is None
        assert follow_ups.scheduled(session, other.conversation_id) is not None


def test_the_first_of_eight_answers_to_a_follow_up_counts(engine: Engine) -> None:
    with transaction(engine) as session:
        follow_up = _scheduled(session)
        case = session.get_one(Conversation, follow_up.conversation_id)
        message = builders.identity(builders.message(session, case))
    here, asked = builders.identity(case), builders.identity(follow_up)
    added = race(engine, lambda session: feedback.add(session, here, asked, message, NOW))
    assert added.count(True) == 1
    with transaction(engine) as session:
        answer = session.execute(select(FeedbackAnswer)).scalar_one()
        assert (answer.follow_up_id, answer.message_row_id, answer.outcome, answer.at) == (
            asked,
            message,
            "unclear",
            NOW,
        )


def test_answers_to_two_follow_ups_are_two_and_surveys_need_no_follow_up(engine: Engine) -> None:
    with transaction(engine) as session:
        for _ in range(2):
            follow_up = _scheduled(session)
            case = session.get_one(Conversation, follow_up.conversation_id)
            message = builders.identity(builders.message(session, case))
            asked = builders.identity(follow_up)
            assert feedback.add(session, builders.identity(case), asked, message, NOW)
            session.add(FeedbackAnswer(conversation_id=builders.identity(case), score=9, at=NOW))
    with transaction(engine) as session:
        assert session.execute(select(func.count()).select_from(FeedbackAnswer)).scalar_one() == 4


def _scheduled(session: Session, case: Conversation | None = None, **fields: Any) -> FollowUp:
    here = case or builders.conversation(session)
    follow_up = builders.follow_up(here, builders.agent(session), **fields)
    return follow_ups.schedule(session, follow_up, NOW)
