"""The outbox: one row per key, in order within a lane, retried, and never sent twice by our own doing."""

from datetime import timedelta
from threading import Lock
from time import sleep
from typing import Any

import builders
import pytest
from builders import MINUTE, NOW
from sqlalchemy import Engine, func, select, text
from sqlmodel import Session, col
from storage_races import WORKERS, race, together

from storage import outbox
from storage.engine import transaction
from storage.tables import OutboxItem, OutboxState


def test_a_key_is_written_once_and_the_first_payload_stays(engine: Engine) -> None:
    written = race(engine, lambda session: _put(session, "mail:1"))
    assert len([each for each in written if each is not None]) == 1
    with transaction(engine) as session:
        assert outbox.put(session, "mail:1", "mail", {"text": "another"}, NOW, lane="x") is None
    row = _row(engine, "mail:1")
    assert (row.payload, row.version, row.state) == ({"text": "mail:1"}, 1, OutboxState.PENDING)


def test_rows_of_a_lane_go_out_one_after_the_other(engine: Engine) -> None:
    _written(engine, "a1", "a2", lane="a")
    _written(engine, "b1", lane="b")
    first = _claim(engine)
    assert [row.key for row in first] == ["a1", "b1"]
    assert _claim(engine) == []
    _settle_sent(engine, first[0])
    assert [row.key for row in _claim(engine)] == ["a2"]


def test_a_row_that_is_to_be_tried_again_holds_up_its_lane(engine: Engine) -> None:
    _written(engine, "a1", "a2", lane="a")
    (row,) = _claim(engine)
    with transaction(engine) as session:
        assert outbox.settle_retry(session, row, NOW + MINUTE, "busy")
    assert _claim(engine) == []
    (again,) = _claim(engine, NOW + MINUTE)
    assert (again.key, again.attempts, again.uncertain) == ("a1", 2, 0)


@pytest.mark.parametrize("settle", [lambda s, r: outbox.settle_failed(s, r, "no"), outbox.settle_withdrawn])
def test_a_row_that_has_ended_does_not_block_its_lane(engine: Engine, settle: Any) -> None:
    _written(engine, "a1", "a2", lane="a")
    (row,) = _claim(engine)
    with transaction(engine) as session:
        assert settle(session, row)
    assert [each.key for each in _claim(engine)] == ["a2"]


def test_a_row_is_not_taken_before_it_is_due(engine: Engine) -> None:
    _written(engine, "later", now=NOW + MINUTE)
    assert _claim(engine) == []
    assert _backlog(engine, NOW) == 0
    assert _backlog(engine, NOW + MINUTE) == 1
    assert [row.key for row in _claim(engine, NOW + MINUTE)] == ["later"]


def test_a_claim_takes_no_more_than_its_limit_the_longest_due_first(engine: Engine) -> None:
    for number in range(30):
        _written(engine, f"m{number}", now=NOW - number * MINUTE)
    with transaction(engine) as session:
        session.execute(text("ANALYZE outbox"))
    with transaction(engine) as session:
        assert {row.key for row in outbox.claim(session, NOW, limit=3)} == {"m29", "m28", "m27"}


def test_eight_workers_send_each_row_once_and_in_order_within_its_lane(engine: Engine) -> None:
    with transaction(engine) as session:
        for number in range(5):
            for lane in range(20):
                _put(session, f"{lane}:{number}", lane=f"lane{lane}")
    sent: list[str] = []
    lock = Lock()

    def work() -> None:
        while _backlog(engine, NOW):
            rows = _claim(engine, limit=4)
            with lock:
                sent.extend(row.key for row in rows)
            sleep(0.001)
            for row in rows:
                _settle_sent(engine, row)

    together([work] * WORKERS)
    assert len(sent) == len(set(sent)) == 100
    for lane in range(20):
        mine = [key for key in sent if key.startswith(f"{lane}:")]
        assert mine == [f"{lane}:{number}" for number in range(5)]


def test_a_sent_row_keeps_what_the_other_side_answered(engine: Engine) -> None:
    _written(engine, "mail:1")
    (row,) = _claim(engine)
    with transaction(engine) as session:
        assert outbox.receipt(session, "mail:1") == {}
        assert outbox.settle_sent(session, row, {"ts": "1.2"}, NOW)
        assert outbox.receipt(session, "mail:1") == {"ts": "1.2"}
    stored = _row(engine, "mail:1")
    assert (stored.state, stored.sent_at, stored.uncertain) == (OutboxState.SENT, NOW, 0)


# ---- attempts of which nobody knows -----------------------------------------------------------------------


def test_a_row_whose_process_died_comes_back_as_uncertain(engine: Engine) -> None:
    _written(engine, "mail:1")
    _claim(engine)
    assert _claim(engine, NOW + outbox.LEASE - timedelta(microseconds=1)) == []
    (again,) = _claim(engine, NOW + outbox.LEASE)
    assert (again.attempts, again.uncertain) == (2, 1)


def test_an_unknown_outcome_is_counted_and_a_known_one_is_not(engine: Engine) -> None:
    _written(engine, "mail:1")
    (row,) = _claim(engine)
    with transaction(engine) as session:
        outbox.settle_retry(session, row, NOW, "refused")
    (row,) = _claim(engine)
    assert row.uncertain == 0
    with transaction(engine) as session:
        outbox.settle_unknown(session, row, NOW + MINUTE, "silence")
    (row,) = _claim(engine, NOW + MINUTE)
    assert row.uncertain == 1
    with transaction(engine) as session:
        outbox.settle_unknown(session, row, NOW + 2 * MINUTE, "silence")
    (row,) = _claim(engine, NOW + 2 * MINUTE)
    assert (row.attempts, row.uncertain) == (4, 2)


def test_a_slow_worker_does_not_undo_what_the_next_one_did(engine: Engine) -> None:
    """The first one's lease ran out; the second one sent the mail: it must never go a third time."""
    _written(engine, "mail:1")
    (slow,) = _claim(engine)
    (quick,) = _claim(engine, NOW + outbox.LEASE)
    _settle_sent(engine, quick)
    with transaction(engine) as session:
        assert not outbox.settle_retry(session, slow, NOW, "late")
        assert not outbox.settle_unknown(session, slow, NOW, "late")
        assert not outbox.settle_failed(session, slow, "late")
        assert not outbox.settle_withdrawn(session, slow)
        assert not outbox.settle_sent(session, slow, {"late": True}, NOW)
    row = _row(engine, "mail:1")
    assert (row.state, row.receipt) == (OutboxState.SENT, {"key": "mail:1"})


def test_a_slow_workers_failure_does_not_end_the_attempt_in_hand(engine: Engine) -> None:
    _written(engine, "mail:1")
    (slow,) = _claim(engine)
    (quick,) = _claim(engine, NOW + outbox.LEASE)
    with transaction(engine) as session:
        assert not outbox.settle_failed(session, slow, "late")
    assert _row(engine, "mail:1").state is OutboxState.SENDING
    assert _settle_sent(engine, quick)


def test_a_slow_workers_success_counts_so_that_nobody_sends_it_again(engine: Engine) -> None:
    _written(engine, "mail:1")
    (slow,) = _claim(engine)
    (quick,) = _claim(engine, NOW + outbox.LEASE)
    assert _settle_sent(engine, slow)
    with transaction(engine) as session:
        assert not outbox.settle_retry(session, quick, NOW, "refused the second one")
    assert _row(engine, "mail:1").state is OutboxState.SENT


# ---- a row that is overwritten by its newest version ------------------------------------------------------


def test_refreshing_a_sent_row_sends_its_new_version(engine: Engine) -> None:
    case = _refreshed(engine, "first")
    (row,) = _claim(engine)
    _settle_sent(engine, row)
    _refreshed(engine, "second", case)
    (again,) = _claim(engine)
    assert (again.id, again.version, again.payload) == (row.id, 2, {"text": "second"})
    assert (again.attempts, again.receipt) == (1, {"key": "card"})


def test_a_row_refreshed_while_it_is_being_sent_goes_once_more(engine: Engine) -> None:
    case = _refreshed(engine, "first")
    (old,) = _claim(engine)
    _refreshed(engine, "second", case)
    _refreshed(engine, "third", case)
    assert _claim(engine) == []
    assert _settle_sent(engine, old)
    row = _row(engine, "card")
    assert (row.state, row.attempts) == (OutboxState.PENDING, 0)
    (newest,) = _claim(engine)
    assert (newest.version, newest.payload) == (3, {"text": "third"})
    _settle_sent(engine, newest)
    assert _row(engine, "card").state is OutboxState.SENT
    assert _claim(engine, NOW + outbox.LEASE) == []


def test_an_old_versions_settling_never_marks_a_newer_one_sent(engine: Engine) -> None:
    case = _refreshed(engine, "first")
    (old,) = _claim(engine)
    _refreshed(engine, "second", case)
    (newest,) = _claim(engine, NOW + outbox.LEASE)
    assert newest.version == 2
    assert not _settle_sent(engine, old)
    assert _row(engine, "card").state is OutboxState.SENDING
    assert _settle_sent(engine, newest)


@pytest.mark.parametrize("settle", [lambda s, r: outbox.settle_failed(s, r, "no"), outbox.settle_withdrawn])
def test_an_old_versions_end_is_not_the_new_ones(engine: Engine, settle: Any) -> None:
    case = _refreshed(engine, "first")
    (old,) = _claim(engine)
    _refreshed(engine, "second", case)
    with transaction(engine) as session:
        assert settle(session, old)
    (newest,) = _claim(engine)
    assert (newest.version, newest.attempts) == (2, 1)


def test_a_failed_card_is_tried_again_when_it_has_news(engine: Engine) -> None:
    case = _refreshed(engine, "first")
    (row,) = _claim(engine)
    with transaction(engine) as session:
        outbox.settle_failed(session, row, "no")
    assert _claim(engine) == []
    _refreshed(engine, "second", case)
    assert [each.version for each in _claim(engine)] == [2]


def test_eight_refreshes_at_once_all_count(engine: Engine) -> None:
    case = _refreshed(engine, "first")

    def refresh(session: Session) -> None:
        outbox.refresh(session, "card", "card", {}, NOW, conversation_id=case)

    race(engine, refresh)
    assert _row(engine, "card").version == 1 + WORKERS


# ---- what a person does, and what is counted --------------------------------------------------------------


def test_a_person_can_have_a_failed_row_tried_again(engine: Engine) -> None:
    _written(engine, "mail:1")
    (row,) = _claim(engine)
    with transaction(engine) as session:
        assert not outbox.retry(session, "mail:1", NOW)
        outbox.settle_failed(session, row, "no such mailbox")
    assert race(engine, lambda session: outbox.retry(session, "mail:1", NOW)).count(True) == 1
    (again,) = _claim(engine)
    assert (again.key, again.attempts, again.uncertain) == ("mail:1", 1, 0)


def test_a_row_tried_again_by_hand_still_knows_that_it_may_have_gone_out(engine: Engine) -> None:
    _written(engine, "mail:1")
    (row,) = _claim(engine)
    for minutes in (1, 2):
        with transaction(engine) as session:
            outbox.settle_unknown(session, row, NOW + minutes * MINUTE, "silence")
        (row,) = _claim(engine, NOW + minutes * MINUTE)
    with transaction(engine) as session:
        outbox.settle_failed(session, row, "silence twice")
        outbox.retry(session, "mail:1", NOW)
    (again,) = _claim(engine)
    assert (again.attempts, again.uncertain) == (1, 1)


def test_only_customer_mail_of_the_conversation_counts_for_the_breaker(engine: Engine) -> None:
    with transaction(engine) as session:
        case, other = builders.conversation(session), builders.conversation(session)
        for key, kind, conversation, at in (
            ("old", "mail", case, NOW - 2 * MINUTE),
            ("mail", "mail", case, NOW),
            ("card", "card", case, NOW),
            ("elsewhere", "mail", other, NOW),
        ):
            outbox.put(session, key, kind, {}, at, lane=key, conversation_id=conversation.id)
        since = NOW - MINUTE
        assert outbox.sent_to_conversation(session, builders.identity(case), since) == [NOW]


def _put(session: Session, key: str, lane: str = "", now: Any = NOW) -> int | None:
    return outbox.put(session, key, "mail", {"text": key}, now, lane=lane or key)


def _written(engine: Engine, *keys: str, **options: Any) -> None:
    with transaction(engine) as session:
        for key in keys:
            assert _put(session, key, **options) is not None


def _refreshed(engine: Engine, words: str, conversation_id: int | None = None) -> int:
    with transaction(engine) as session:
        case = conversation_id or builders.identity(builders.conversation(session))
        outbox.refresh(session, "card", "card", {"text": words}, NOW, conversation_id=case)
        return case


def _claim(engine: Engine, now: Any = NOW, limit: int = 20) -> list[outbox.Claimed]:
    with transaction(engine) as session:
        return outbox.claim(session, now, limit)


def _settle_sent(engine: Engine, row: outbox.Claimed) -> bool:
    with transaction(engine) as session:
        return outbox.settle_sent(session, row, {"key": row.key}, NOW)


def _row(engine: Engine, key: str) -> OutboxItem:
    with transaction(engine) as session:
        row = outbox.by_key(session, key)
        assert row is not None
        return row


def _backlog(engine: Engine, now: Any) -> int:
    with transaction(engine) as session:
        assert session.execute(select(func.count(col(OutboxItem.id)))).scalar_one() > 0
        return outbox.backlog(session, now)
