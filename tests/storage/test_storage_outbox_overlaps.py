"""The outbox when things overlap: lost answers, slow workers, and rows overwritten while they are being sent."""

from datetime import timedelta
from typing import Any

import outbox_rows
import pytest
from builders import MINUTE, NOW
from sqlalchemy import Engine
from sqlmodel import Session
from storage_races import WORKERS, race

from storage import outbox
from storage.engine import transaction
from storage.tables import OutboxState

# ---- attempts of which nobody knows -----------------------------------------------------------------------


def test_a_row_whose_process_died_comes_back_as_uncertain(engine: Engine) -> None:
    outbox_rows.written(engine, "mail:1")
    outbox_rows.claim(engine)
    assert outbox_rows.claim(engine, NOW + outbox.LEASE - timedelta(microseconds=1)) == []
    (again,) = outbox_rows.claim(engine, NOW + outbox.LEASE)
    assert (again.attempts, again.uncertain) == (2, 1)


def test_an_unknown_outcome_is_counted_and_a_known_one_is_not(engine: Engine) -> None:
    outbox_rows.written(engine, "mail:1")
    (row,) = outbox_rows.claim(engine)
    with transaction(engine) as session:
        outbox.settle_retry(session, row, NOW, "refused")
    (row,) = outbox_rows.claim(engine)
    assert row.uncertain == 0
    with transaction(engine) as session:
        outbox.settle_unknown(session, row, NOW + MINUTE, "silence")
    (row,) = outbox_rows.claim(engine, NOW + MINUTE)
    assert row.uncertain == 1
    with transaction(engine) as session:
        outbox.settle_unknown(session, row, NOW + 2 * MINUTE, "silence")
    (row,) = outbox_rows.claim(engine, NOW + 2 * MINUTE)
    assert (row.attempts, row.uncertain) == (4, 2)


def test_a_slow_worker_does_not_undo_what_the_next_one_did(engine: Engine) -> None:
    """The first one's lease ran out; the second one sent the mail: it must never go a third time."""
    outbox_rows.written(engine, "mail:1")
    (slow,) = outbox_rows.claim(engine)
    (quick,) = outbox_rows.claim(engine, NOW + outbox.LEASE)
    outbox_rows.settle_sent(engine, quick)
    with transaction(engine) as session:
        assert not outbox.settle_retry(session, slow, NOW, "late")
        assert not outbox.settle_unknown(session, slow, NOW, "late")
        assert not outbox.settle_failed(session, slow, "late")
        assert not outbox.settle_withdrawn(session, slow)
        assert not outbox.settle_sent(session, slow, {"late": True}, NOW)
    row = outbox_rows.row(engine, "mail:1")
    assert (row.state, row.receipt) == (OutboxState.SENT, {"key": "mail:1"})


def test_a_slow_workers_failure_does_not_end_the_attempt_in_hand(engine: Engine) -> None:
    outbox_rows.written(engine, "mail:1")
    (slow,) = outbox_rows.claim(engine)
    (quick,) = outbox_rows.claim(engine, NOW + outbox.LEASE)
    with transaction(engine) as session:
        assert not outbox.settle_failed(session, slow, "late")
    assert outbox_rows.row(engine, "mail:1").state is OutboxState.SENDING
    assert outbox_rows.settle_sent(engine, quick)


def test_a_slow_workers_success_counts_so_that_nobody_sends_it_again(engine: Engine) -> None:
    outbox_rows.written(engine, "mail:1")
    (slow,) = outbox_rows.claim(engine)
    (quick,) = outbox_rows.claim(engine, NOW + outbox.LEASE)
    assert outbox_rows.settle_sent(engine, slow)
    with transaction(engine) as session:
        assert not outbox.settle_retry(session, quick, NOW, "refused the second one")
    assert outbox_rows.row(engine, "mail:1").state is OutboxState.SENT


# ---- a row that is overwritten by its newest version ------------------------------------------------------


def test_refreshing_a_sent_row_sends_its_new_version(engine: Engine) -> None:
    case = outbox_rows.refreshed(engine, "first")
    (row,) = outbox_rows.claim(engine)
    outbox_rows.settle_sent(engine, row)
    outbox_rows.refreshed(engine, "second", case)
    (again,) = outbox_rows.claim(engine)
    assert (again.id, again.version, again.payload) == (row.id, 2, {"text": "second"})
    assert (again.attempts, again.receipt) == (1, {"key": "card"})


def test_a_row_refreshed_while_it_is_being_sent_goes_once_more(engine: Engine) -> None:
    case = outbox_rows.refreshed(engine, "first")
    (old,) = outbox_rows.claim(engine)
    outbox_rows.refreshed(engine, "second", case)
    outbox_rows.refreshed(engine, "third", case)
    assert outbox_rows.claim(engine) == []
    assert outbox_rows.settle_sent(engine, old)
    row = outbox_rows.row(engine, "card")
    assert (row.state, row.attempts) == (OutboxState.PENDING, 0)
    (newest,) = outbox_rows.claim(engine)
    assert (newest.version, newest.payload) == (3, {"text": "third"})
    outbox_rows.settle_sent(engine, newest)
    assert outbox_rows.row(engine, "card").state is OutboxState.SENT
    assert outbox_rows.claim(engine, NOW + outbox.LEASE) == []


def test_an_old_versions_settling_never_marks_a_newer_one_sent(engine: Engine) -> None:
    case = outbox_rows.refreshed(engine, "first")
    (old,) = outbox_rows.claim(engine)
    outbox_rows.refreshed(engine, "second", case)
    (newest,) = outbox_rows.claim(engine, NOW + outbox.LEASE)
    assert newest.version == 2
    assert not outbox_rows.settle_sent(engine, old)
    assert outbox_rows.row(engine, "card").state is OutboxState.SENDING
    assert outbox_rows.settle_sent(engine, newest)


@pytest.mark.parametrize("settle", [lambda s, r: outbox.settle_failed(s, r, "no"), outbox.settle_withdrawn])
def test_an_old_versions_end_is_not_the_new_ones(engine: Engine, settle: Any) -> None:
    case = outbox_rows.refreshed(engine, "first")
    (old,) = outbox_rows.claim(engine)
    outbox_rows.refreshed(engine, "second", case)
    with transaction(engine) as session:
        assert settle(session, old)
    (newest,) = outbox_rows.claim(engine)
    assert (newest.version, newest.attempts) == (2, 1)


def test_a_failed_card_is_tried_again_when_it_has_news(engine: Engine) -> None:
    case = outbox_rows.refreshed(engine, "first")
    (row,) = outbox_rows.claim(engine)
    with transaction(engine) as session:
        outbox.settle_failed(session, row, "no")
    assert outbox_rows.claim(engine) == []
    outbox_rows.refreshed(engine, "second", case)
    assert [each.version for each in outbox_rows.claim(engine)] == [2]


def test_eight_refreshes_at_once_all_count(engine: Engine) -> None:
    case = outbox_rows.refreshed(engine, "first")

    def refresh(session: Session) -> None:
        outbox.refresh(session, "card", "card", {}, NOW, conversation_id=case)

    race(engine, refresh)
    assert outbox_rows.row(engine, "card").version == 1 + WORKERS
