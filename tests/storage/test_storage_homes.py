"""Homes: one row each, at most every ten seconds, whichever process looks; and threads that were decided about."""

from datetime import datetime, timedelta

import pytest
from builders import NOW
from sqlalchemy import Engine, select, update
from sqlmodel import Session, col
from storage_races import race

from storage import agents, audit, homes, outbox, watching
from storage.engine import transaction
from storage.homes import APART, OPEN_FOR, key_of
from storage.tables import Agent, OutboxItem, OutboxState, Role
from storage.watching import Thread

FREJA = "UFREJA"
SECOND = timedelta(seconds=1)


def rows(session: Session) -> list[OutboxItem]:
    return list(session.execute(select(OutboxItem)).scalars())


def publish(session: Session, now: datetime = NOW) -> None:
    """It goes, and is taken."""
    (row,) = outbox.claim(session, now)
    seen = {"hash": "h", "seen": homes.latest_change(session), "role": "agent"}
    assert outbox.settle_sent(session, row, seen, now)


@pytest.fixture
def looked_at(engine: Engine) -> Engine:
    """Freja has opened her Home, and it was published."""
    with transaction(engine) as session:
        agents.keep(session, {FREJA: "Freja Holm"}, {}, NOW)
        homes.opened(session, FREJA, NOW)
        publish(session)
    return engine


def test_a_home_that_shows_what_is_so_is_left_alone(looked_at: Engine) -> None:
    with transaction(looked_at) as session:
        assert homes.outdated(session, NOW + timedelta(hours=1)) == []


def test_a_change_makes_it_anew_after_ten_seconds_and_not_before(looked_at: Engine) -> None:
    with transaction(looked_at) as session:
        audit.record(session, "message_received", NOW)
        session.flush()
        assert homes.outdated(session, NOW + APART - SECOND) == []
        assert homes.outdated(session, NOW + APART) == [key_of(FREJA)]
        assert homes.renew(session, [key_of(FREJA)], NOW + APART) == 1
        publish(session, NOW + APART)
        assert homes.outdated(session, NOW + APART + APART) == []


def test_many_processes_that_find_the_same_change_make_it_anew_once(looked_at: Engine) -> None:
    with transaction(looked_at) as session:
        audit.record(session, "message_received", NOW)
    made = race(looked_at, lambda session: homes.renew(session, [key_of(FREJA)], NOW + APART))
    assert sum(each or 0 for each in made) == 1


def test_opening_it_again_and_again_is_one_row_and_one_more_time(looked_at: Engine) -> None:
    with transaction(looked_at) as session:
        for seconds in range(9):
            homes.opened(session, FREJA, NOW + seconds * SECOND)
        (row,) = rows(session)
        assert row.state is OutboxState.SENT
        assert homes.outdated(session, NOW + APART) == [key_of(FREJA)]
        homes.opened(session, FREJA, NOW + APART)
        session.expire_all()
        assert rows(session)[0].state is OutboxState.PENDING


def test_who_has_not_looked_for_long_is_spared_unless_somebody_was_forgotten(looked_at: Engine) -> None:
    later = NOW + OPEN_FOR + SECOND
    with transaction(looked_at) as session:
        audit.record(session, "message_received", later)
        session.flush()
        assert homes.outdated(session, later) == []
        audit.record(session, "customer_erased", later)
        session.flush()
        assert homes.outdated(session, later) == [key_of(FREJA)]


@pytest.mark.parametrize("changed", [{"active": False}, {"role": Role.LEAD}])
def test_another_role_is_another_home(looked_at: Engine, changed: dict[str, object]) -> None:
    with transaction(looked_at) as session:
        session.execute(update(Agent).where(col(Agent.slack_user_id) == FREJA).values(**changed))
        assert homes.outdated(session, NOW + timedelta(days=3)) == [key_of(FREJA)]


def test_a_thread_is_listened_to_as_its_channel_is_until_somebody_decides(engine: Engine) -> None:
    watched, other = Thread("T1", "C1", "1.1"), Thread("T1", "C2", "1.1")
    with transaction(engine) as session:
        agents.watch(session, "T1", "C1", NOW)
        assert (watching.listens_to(session, watched), watching.listens_to(session, other)) == (True, False)
        for thread, wanted in ((watched, False), (other, True), (other, True)):
            watching.decide(session, thread, watched=wanted, now=NOW)
        assert (watching.listens_to(session, watched), watching.listens_to(session, other)) == (False, True)
        assert watching.listens_to(session, Thread("T1", "C1", "2.2"))
        assert not watching.listens_to(session, Thread("T2", "C2", "1.1"))
        watching.decide(session, watched, watched=True, now=NOW)
        assert watching.listens_to(session, watched)
