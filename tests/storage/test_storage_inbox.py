"""The inbox: stored once, one item of a lane at a time, in order, and nothing lost with a worker."""

from datetime import timedelta
from threading import Lock
from time import sleep
from typing import Any

import builders
from builders import MINUTE, NOW
from sqlalchemy import Engine, func, select, text
from sqlmodel import Session, col
from storage_races import WORKERS, race, together

from storage import inbox
from storage.engine import transaction
from storage.tables import InboxItem, InboxState, Quarantine


def test_a_second_delivery_changes_nothing(engine: Engine) -> None:
    first = builders.arrived(external_id="one", raw=b"first")
    again = builders.arrived(external_id="one", raw=b"second")
    with transaction(engine) as session:
        assert inbox.add(session, first, NOW) is not None
        before = session.execute(select(InboxItem)).scalar_one().model_dump()
    with transaction(engine) as session:
        assert inbox.add(session, again, NOW + MINUTE) is None
    with transaction(engine) as session:
        assert session.execute(select(InboxItem)).scalar_one().model_dump() == before


def test_the_same_delivery_to_eight_workers_is_stored_once(engine: Engine) -> None:
    arrived = builders.arrived()
    stored = race(engine, lambda session: inbox.add(session, arrived, NOW))
    assert len([each for each in stored if each is not None]) == 1
    assert _count(engine) == 1


def test_the_same_id_from_another_source_is_another_item(engine: Engine) -> None:
    with transaction(engine) as session:
        inbox.add(session, builders.arrived(external_id="one", source="mail:a@example.dk"), NOW)
        inbox.add(session, builders.arrived(external_id="one", source="mail:b@example.dk"), NOW)
    assert _count(engine) == 2


def test_two_workers_never_hold_two_items_of_one_lane(engine: Engine) -> None:
    first, second = _add(engine, lane="a"), _add(engine, lane="a")
    with transaction(engine) as session:
        assert [item.id for item in inbox.claim(session, NOW)] == [first]
    with transaction(engine) as session:
        assert inbox.claim(session, NOW) == []
        inbox.finish(session, first, NOW)
    with transaction(engine) as session:
        assert [item.id for item in inbox.claim(session, NOW)] == [second]


def test_an_item_that_becomes_visible_late_waits_for_the_one_in_hand(engine: Engine) -> None:
    """On PostgreSQL a slow transaction may commit an earlier id after a later one was claimed."""
    later = _add(engine, lane="a")
    with transaction(engine) as session:
        inbox.claim(session, NOW)
    with transaction(engine) as session:
        session.add(_row(id=-1, lane="a"))
    with transaction(engine) as session:
        assert inbox.claim(session, NOW) == []
        inbox.finish(session, later, NOW)
        assert [item.id for item in inbox.claim(session, NOW)] == [-1]


def test_a_crashed_workers_item_comes_back_after_the_lease(engine: Engine) -> None:
    item = _add(engine)
    with transaction(engine) as session:
        (held,) = inbox.claim(session, NOW)
    with transaction(engine) as session:
        assert inbox.claim(session, NOW + inbox.LEASE - timedelta(microseconds=1)) == []
    with transaction(engine) as session:
        (again,) = inbox.claim(session, NOW + inbox.LEASE)
    assert (held.id, held.attempts, again.id, again.attempts) == (item, 1, item, 2)


def test_an_item_is_finished_once_even_when_two_workers_had_it(engine: Engine) -> None:
    item = _add(engine)
    finished = race(engine, lambda session: inbox.finish(session, item, NOW))
    assert sorted(finished) == [False] * (WORKERS - 1) + [True]


def test_an_item_given_back_for_later_keeps_its_lane_waiting(engine: Engine) -> None:
    first, _ = _add(engine, lane="a"), _add(engine, lane="a")
    with transaction(engine) as session:
        inbox.claim(session, NOW)
        inbox.release(session, first, NOW + MINUTE)
    with transaction(engine) as session:
        assert inbox.claim(session, NOW) == []
        assert [item.id for item in inbox.claim(session, NOW + MINUTE)] == [first]


def test_a_claim_takes_no_more_than_its_limit_the_oldest_first(engine: Engine) -> None:
    ids = [_add(engine) for _ in range(30)]
    with transaction(engine) as session:
        session.execute(text("ANALYZE inbox"))
    with transaction(engine) as session:
        assert [item.id for item in inbox.claim(session, NOW, limit=3)] == ids[:3]


def test_eight_workers_take_each_item_once_and_in_order_within_its_lane(engine: Engine) -> None:
    lanes = [f"lane{number}" for number in range(40)]
    with transaction(engine) as session:
        session.add_all(_row(lane=lane) for _ in range(5) for lane in lanes)
    desk = _Desk({lane: [] for lane in lanes})
    together([lambda: desk.work(engine)] * WORKERS)
    taken = [item for items in desk.done.values() for item in items]
    assert len(taken) == len(set(taken)) == 200
    assert all(items == sorted(items) and len(items) == 5 for items in desk.done.values())


class _Desk:
    """Where eight workers note what they hold; holding a lane twice is an error."""

    def __init__(self, done: dict[str, list[int]]) -> None:
        self.done = done
        self._held: set[str] = set()
        self._lock = Lock()

    def work(self, engine: Engine) -> None:
        while _count(engine, InboxState.NEW):
            with transaction(engine) as session:
                items = inbox.claim(session, NOW, limit=5)
            self._take(items)
            sleep(0.001)
            # Let go before the row does: the next worker may have the lane from the commit on.
            with self._lock:
                self._held -= {item.lane for item in items}
            with transaction(engine) as session:
                for item in items:
                    assert inbox.finish(session, item.id, NOW)

    def _take(self, items: list[inbox.Claimed]) -> None:
        with self._lock:
            for item in items:
                assert item.lane not in self._held
                self._held.add(item.lane)
                self.done[item.lane].append(item.id)


def test_a_quarantined_item_is_reported_once_and_does_not_hold_up_its_lane(engine: Engine) -> None:
    first, second = _add(engine, lane="a"), _add(engine, lane="a")
    reported = race(engine, lambda session: inbox.quarantine(session, first, "ValueError: x", "", NOW))
    assert len([each for each in reported if each is not None]) == 1
    with transaction(engine) as session:
        assert [entry.inbox_id for entry in inbox.quarantined(session)] == [first]
        assert [item.id for item in inbox.claim(session, NOW)] == [second]


def test_an_item_that_is_done_is_not_put_aside_by_a_slow_worker(engine: Engine) -> None:
    item = _add(engine)
    with transaction(engine) as session:
        inbox.finish(session, item, NOW)
        assert not inbox.quarantine(session, item, "ValueError: x", "", NOW)
        assert session.execute(select(Quarantine)).all() == []


def test_a_replayed_item_is_new_again(engine: Engine) -> None:
    item = _add(engine)
    with transaction(engine) as session:
        inbox.claim(session, NOW)
        inbox.quarantine(session, item, "ValueError: x", "", NOW)
    with transaction(engine) as session:
        (entry,) = inbox.quarantined(session)
        assert inbox.replay(session, builders.identity(entry), NOW)
    with transaction(engine) as session:
        assert inbox.quarantined(session) == []
        (again,) = inbox.claim(session, NOW)
        assert (again.id, again.attempts) == (item, 1)
        assert not inbox.replay(session, builders.identity(entry), NOW)


def test_what_fails_again_after_a_replay_is_reported_again_and_not_forgotten(engine: Engine) -> None:
    item = _add(engine)
    with transaction(engine) as session:
        inbox.quarantine(session, item, "ValueError: first", "", NOW)
        (entry,) = inbox.quarantined(session)
        inbox.replay(session, builders.identity(entry), NOW)
    with transaction(engine) as session:
        assert inbox.quarantine(session, item, "KeyError: second", "", NOW + MINUTE)
        inbox.forget_quarantine(session, NOW + timedelta(days=365))
    with transaction(engine) as session:
        (entry,) = inbox.quarantined(session)
        assert (entry.error, entry.happened_at, entry.replayed_at) == (
            "KeyError: second",
            NOW + MINUTE,
            None,
        )


def test_there_is_no_quarantine_entry_of_an_unknown_number_to_replay(engine: Engine) -> None:
    with transaction(engine) as session:
        assert not inbox.replay(session, 4711, NOW)


def test_raw_input_is_forgotten_but_its_key_is_not(engine: Engine) -> None:
    arrived = builders.arrived(external_id="one")
    with transaction(engine) as session:
        item = inbox.add(session, arrived, NOW)
        waiting = inbox.add(session, builders.arrived(), NOW)
        inbox.finish(session, item or 0, NOW)
    with transaction(engine) as session:
        assert inbox.forget_raw(session, NOW) == 0
        assert inbox.forget_raw(session, NOW + MINUTE) == 1
        assert inbox.forget_raw(session, NOW + MINUTE) == 0
    with transaction(engine) as session:
        assert inbox.add(session, arrived, NOW) is None
        kept = session.execute(select(InboxItem).order_by(col(InboxItem.id))).scalars()
        assert [(row.id, row.raw) for row in kept] == [(item, b""), (waiting, builders.arrived().raw)]


def _row(**fields: Any) -> InboxItem:
    arrived = builders.arrived()
    given: dict[str, Any] = {
        "source": arrived.source,
        "external_id": arrived.external_id,
        "kind": "mail",
        "lane": arrived.message_id,
        "raw": arrived.raw,
        "received_at": NOW,
    }
    return InboxItem(**(given | fields))


def _add(engine: Engine, **fields: Any) -> int:
    with transaction(engine) as session:
        row = _row(**fields)
        session.add(row)
        session.flush()
        return builders.identity(row)


def _count(engine: Engine, state: InboxState | None = None) -> int:
    statement = select(func.count()).select_from(InboxItem)
    if state is not None:
        statement = statement.where(col(InboxItem.state) == state)
    with Session(engine) as session:
        return int(session.execute(statement).scalar_one())
