"""The outbox: one row per key, in order within a lane, retried, and never sent twice by our own doing."""

from threading import Lock
from time import sleep
from typing import Any

import builders
import outbox_rows
import pytest
from builders import MINUTE, NOW
from sqlalchemy import Engine, text
from storage_races import WORKERS, race, together

from storage import outbox
from storage.engine import transaction
from storage.tables import OutboxState


def test_a_key_is_written_once_and_the_first_payload_stays(engine: Engine) -> None:
    written = race(engine, lambda session: outbox_rows.put(session, "mail:1"))
    assert len([each for each in written if each is not None]) == 1
    with transaction(engine) as session:
        assert outbox.put(session, "mail:1", "mail", {"text": "another"}, NOW, lane="x") is None
    row = outbox_rows.row(engine, "mail:1")
    assert (row.payload, row.version, row.state) == ({"text": "mail:1"}, 1, OutboxState.PENDING)


def test_rows_of_a_lane_go_out_one_after_the_other(engine: Engine) -> None:
    outbox_rows.written(engine, "a1", "a2", lane="a")
    outbox_rows.written(engine, "b1", lane="b")
    first = outbox_rows.claim(engine)
    assert [row.key for row in first] == ["a1", "b1"]
    assert outbox_rows.claim(engine) == []
    outbox_rows.settle_sent(engine, first[0])
    assert [row.key for row in outbox_rows.claim(engine)] == ["a2"]


def test_a_row_that_is_to_be_tried_again_holds_up_its_lane(engine: Engine) -> None:
    outbox_rows.written(engine, "a1", "a2", lane="a")
    (row,) = outbox_rows.claim(engine)
    with transaction(engine) as session:
        assert outbox.settle_retry(session, row, NOW + MINUTE, "busy")
    assert outbox_rows.claim(engine) == []
    (again,) = outbox_rows.claim(engine, NOW + MINUTE)
    assert (again.key, again.attempts, again.uncertain) == ("a1", 2, 0)


@pytest.mark.parametrize("settle", [lambda s, r: outbox.settle_failed(s, r, "no"), outbox.settle_withdrawn])
def test_a_row_that_has_ended_does_not_block_its_lane(engine: Engine, settle: Any) -> None:
    outbox_rows.written(engine, "a1", "a2", lane="a")
    (row,) = outbox_rows.claim(engine)
    with transaction(engine) as session:
        assert settle(session, row)
    assert [each.key for each in outbox_rows.claim(engine)] == ["a2"]


def test_a_row_is_not_taken_before_it_is_due(engine: Engine) -> None:
    outbox_rows.written(engine, "later", now=NOW + MINUTE)
    assert outbox_rows.claim(engine) == []
    assert outbox_rows.backlog(engine, NOW) == 0
    assert outbox_rows.backlog(engine, NOW + MINUTE) == 1
    assert [row.key for row in outbox_rows.claim(engine, NOW + MINUTE)] == ["later"]


def test_a_claim_takes_no_more_than_its_limit_the_longest_due_first(engine: Engine) -> None:
    for number in range(30):
        outbox_rows.written(engine, f"m{number}", now=NOW - number * MINUTE)
    with transaction(engine) as session:
        session.execute(text("ANALYZE outbox"))
    with transaction(engine) as session:
        assert {row.key for row in outbox.claim(session, NOW, limit=3)} == {"m29", "m28", "m27"}


def test_eight_workers_send_each_row_once_and_in_order_within_its_lane(engine: Engine) -> None:
    with transaction(engine) as session:
        for number in range(5):
            for lane in range(20):
                outbox_rows.put(session, f"{lane}:{number}", lane=f"lane{lane}")
    sent: list[str] = []
    lock = Lock()

    def work() -> None:
        while outbox_rows.backlog(engine, NOW):
            rows = outbox_rows.claim(engine, limit=4)
            with lock:
                sent.extend(row.key for row in rows)
            sleep(0.001)
            for row in rows:
                outbox_rows.settle_sent(engine, row)

    together([work] * WORKERS)
    assert len(sent) == len(set(sent)) == 100
    for lane in range(20):
        mine = [key for key in sent if key.startswith(f"{lane}:")]
        assert mine == [f"{lane}:{number}" for number in range(5)]


def test_a_sent_row_keeps_what_the_other_side_answered(engine: Engine) -> None:
    outbox_rows.written(engine, "mail:1")
    (row,) = outbox_rows.claim(engine)
    with transaction(engine) as session:
        assert outbox.receipt(session, "mail:1") == {}
        assert outbox.settle_sent(session, row, {"ts": "1.2"}, NOW)
        assert outbox.receipt(session, "mail:1") == {"ts": "1.2"}
    stored = outbox_rows.row(engine, "mail:1")
    assert (stored.state, stored.sent_at, stored.uncertain) == (OutboxState.SENT, NOW, 0)


def test_a_person_can_have_a_failed_row_tried_again(engine: Engine) -> None:
    outbox_rows.written(engine, "mail:1")
    (row,) = outbox_rows.claim(engine)
    with transaction(engine) as session:
        assert not outbox.retry(session, "mail:1", NOW)
        outbox.settle_failed(session, row, "no such mailbox")
    assert race(engine, lambda session: outbox.retry(session, "mail:1", NOW)).count(True) == 1
    (again,) = outbox_rows.claim(engine)
    assert (again.key, again.attempts, again.uncertain) == ("mail:1", 1, 0)


def test_a_row_tried_again_by_hand_still_knows_that_it_may_have_gone_out(engine: Engine) -> None:
    outbox_rows.written(engine, "mail:1")
    (row,) = outbox_rows.claim(engine)
    for minutes in (1, 2):
        with transaction(engine) as session:
            outbox.settle_unknown(session, row, NOW + minutes * MINUTE, "silence")
        (row,) = outbox_rows.claim(engine, NOW + minutes * MINUTE)
    with transaction(engine) as session:
        outbox.settle_failed(session, row, "silence twice")
        outbox.retry(session, "mail:1", NOW)
    (again,) = outbox_rows.claim(engine)
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
