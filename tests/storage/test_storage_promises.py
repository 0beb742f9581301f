"""Promises in the database: noted once, spoken of once, kept once, whoever else looks at the same moment."""

from datetime import timedelta

import builders
from builders import NOW
from sqlalchemy import Engine, select
from storage_races import race

from storage import promises
from storage.engine import transaction
from storage.promises import NewPromise
from storage.tables import KeptBy, Promise, PromiseState

DAY = timedelta(days=1)


def _made(engine: Engine, key: str = "reply:1:1#1") -> tuple[int, int]:
    with transaction(engine) as session:
        case = builders.identity(builders.conversation(session))
        return case, promises.note(session, case, None, _new(key), NOW) or 0


def _new(key: str = "reply:1:1#1") -> NewPromise:
    return NewPromise(key, "Jeg skriver senest onsdag.", NOW + 2 * DAY, True, False, NOW + DAY)


def test_one_of_eight_who_note_the_same_promise_writes_it(engine: Engine) -> None:
    case, _ = _made(engine, "reply:0:1#1")
    noted = race(engine, lambda session: promises.note(session, case, None, _new("reply:9:1#1"), NOW))
    assert len([each for each in noted if each is not None]) == 1


def test_one_of_eight_who_take_a_promise_speaks_of_it(engine: Engine) -> None:
    _, number = _made(engine)
    near = race(engine, lambda session: promises.take_warning(session, number, NOW) is not None)
    over = race(engine, lambda session: promises.take_breaking(session, number, NOW) is not None)
    assert (near.count(True), over.count(True)) == (1, 1)


def test_a_promise_is_kept_once_and_not_spoken_of_after_that(engine: Engine) -> None:
    _, number = _made(engine)
    kept = race(engine, lambda session: promises.keep(session, number, NOW, KeptBy.PRESS) is not None)
    assert kept.count(True) == 1
    with transaction(engine) as session:
        assert promises.take_warning(session, number, NOW + DAY) is None
        assert promises.take_breaking(session, number, NOW + 3 * DAY) is None
        assert promises.to_tell_of(session, NOW + 3 * DAY) == []


def test_while_nobody_is_there_only_what_is_due_before_the_morning_is_to_be_spoken_of(engine: Engine) -> None:
    _, number = _made(engine)
    with transaction(engine) as session:
        assert promises.to_tell_of(session, NOW + DAY, NOW + 2 * DAY - timedelta(hours=1)) == []
        assert promises.to_tell_of(session, NOW + DAY, NOW + 2 * DAY) == [number]
        assert promises.to_tell_of(session, NOW + 3 * DAY, NOW + 3 * DAY + timedelta(hours=1)) == []
        assert promises.to_tell_of(session, NOW + 3 * DAY, NOW + 3 * DAY) == [number]


def test_it_is_to_be_spoken_of_from_its_moment_on_and_again_when_it_is_broken(engine: Engine) -> None:
    _, number = _made(engine)
    with transaction(engine) as session:
        assert promises.to_tell_of(session, NOW + DAY - timedelta(seconds=1)) == []
        assert promises.to_tell_of(session, NOW + DAY) == [number]
        promises.take_warning(session, number, NOW + DAY)
        assert promises.to_tell_of(session, NOW + DAY) == []
        assert promises.to_tell_of(session, NOW + 2 * DAY) == [number]
        promises.take_breaking(session, number, NOW + 2 * DAY)
        assert promises.to_tell_of(session, NOW + 3 * DAY) == []


def test_an_answer_settles_only_what_is_open_in_its_own_conversation(engine: Engine) -> None:
    case, mine = _made(engine)
    _, others = _made(engine, "reply:2:1#1")
    with transaction(engine) as session:
        settled = promises.settle_earlier(session, case, NOW, moved=True)
        assert settled == promises.Settled(1, NOW + 2 * DAY)
        assert promises.settle_earlier(session, case, NOW) == promises.Settled(0)
        states = {each.id: each.state for each in session.execute(select(Promise)).scalars()}
    assert states == {mine: PromiseState.REPLACED, others: PromiseState.OPEN}
