"""Published wordings: every version is kept, in order, and two who publish at once do not both win."""

from datetime import timedelta
from typing import Any

import builders
import pytest
from builders import NOW, identity
from sqlalchemy import Engine
from sqlalchemy.exc import DBAPIError
from sqlmodel import Session
from storage_races import WORKERS, overlap, race

from storage import wordings
from storage.engine import reading, transaction
from storage.tables import PublishedWording, Role

LETTER = "reply/declined"
HOSTILE = "<!channel> {{ name }} \u202e|> 👩‍👩‍👧 'x'; DROP TABLE agents; -- \n" * 50


def lead(engine: Engine) -> int:
    with transaction(engine) as session:
        return identity(builders.agent(session, Role.LEAD))


def publish(
    session: Session, who: int, text: str, seen: int, *, language: str = "da", back: int | None = None
) -> int | None:
    new = wordings.Version(LETTER, language, text, who, brings_back=back)
    return wordings.publish(session, new, seen=seen, now=NOW + timedelta(minutes=seen))


def test_versions_count_up_per_letter_and_language_and_all_are_kept(engine: Engine) -> None:
    who = lead(engine)
    with transaction(engine) as session:
        assert [publish(session, who, "en", 0), publish(session, who, "to", 1)] == [1, 2]
        assert publish(session, who, "ett", 0, language="sv") == 1
    with reading(engine) as session:
        assert [(row.version, row.text) for row in wordings.history(session, LETTER, "da")] == [
            (2, "to"),
            (1, "en"),
        ]
        assert [(row.language, row.text) for row in wordings.in_force(session)] == [
            ("da", "to"),
            ("sv", "ett"),
        ]
        newest = wordings.latest(session, LETTER, "da")
        assert newest is not None and newest.version == 2
        assert wordings.latest(session, LETTER, "nn") is None


def test_hostile_text_comes_back_as_it_was(engine: Engine) -> None:
    who = lead(engine)
    with transaction(engine) as session:
        publish(session, who, HOSTILE, 0)
    with reading(engine) as session:
        assert [row.text for row in wordings.in_force(session)] == [HOSTILE]


@pytest.mark.parametrize("seen", [0, 2, 7])
def test_who_has_not_seen_the_newest_changes_nothing(engine: Engine, seen: int) -> None:
    who = lead(engine)
    with transaction(engine) as session:
        publish(session, who, "first", 0)
        assert publish(session, who, "second", seen) is None
    with reading(engine) as session:
        assert [row.text for row in wordings.history(session, LETTER, "da")] == ["first"]


def test_of_many_at_the_same_moment_one_wins(engine: Engine) -> None:
    who = lead(engine)
    made = race(engine, lambda session: publish(session, who, "text", 0))
    assert sorted(each or 0 for each in made) == [0] * (WORKERS - 1) + [1]


def test_who_comes_while_another_publishes_is_told(engine: Engine) -> None:
    who = lead(engine)
    late = overlap(
        engine,
        lambda session: publish(session, who, "first", 0),
        lambda session: publish(session, who, "late", 0),
    )
    assert late is None


def test_the_state_differs_after_every_publication(engine: Engine) -> None:
    who = lead(engine)
    seen = []
    for number in range(3):
        with reading(engine) as session:
            seen.append(wordings.state(session))
        with transaction(engine) as session:
            publish(session, who, "text", number)
    assert len(set(seen)) == 3
    assert seen[0] == (0, 0)


def test_a_lower_number_that_is_committed_later_is_seen_too(engine: Engine) -> None:
    """Two letters at once: the one with the higher id may be there first."""
    row: dict[str, Any] = {
        "language": "da",
        "version": 1,
        "text": "",
        "agent_id": lead(engine),
        "published_at": NOW,
    }
    with transaction(engine) as session:
        session.add(PublishedWording(id=9, letter="a", **row))
    with reading(engine) as session:
        before = wordings.state(session)
    with transaction(engine) as session:
        session.add(PublishedWording(id=8, letter="b", **row))
    with reading(engine) as session:
        assert wordings.state(session) != before


def test_the_same_version_twice_is_refused_by_the_database(engine: Engine) -> None:
    who = lead(engine)
    row: dict[str, Any] = {
        "letter": "a",
        "language": "da",
        "version": 1,
        "text": "",
        "agent_id": who,
        "published_at": NOW,
    }
    with pytest.raises(DBAPIError), transaction(engine) as session:
        session.add_all([PublishedWording(**row), PublishedWording(**row)])


@pytest.mark.parametrize(
    ("back", "before"),
    [
        ([], 0),
        ([None], 0),
        ([None, None], 1),
        ([None, None, None], 2),
        # Version 4 is version 2 again: what was before that one comes next, not what was taken back.
        ([None, None, None, 2], 1),
        ([None, None, None, 2, 1], 0),
        ([None, None, 1, None], 1),
        ([None, 0, None], 0),
        ([None, None, 0], 0),
    ],
)
def test_an_undo_goes_one_step_back_each_time(engine: Engine, back: list[int | None], before: int) -> None:
    who = lead(engine)
    with transaction(engine) as session:
        for number, each in enumerate(back):
            publish(session, who, "" if each == 0 else "text", number, back=each)
    with reading(engine) as session:
        assert wordings.came_before(wordings.history(session, LETTER, "da")) == before
