"""The numbers: what is asked, since when, and what is answered."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import builders
import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import Engine

from bot.stats import Answer, Question, UnknownQuestion, answer, parse
from bot.stats.questions import Period, Topic, bounds
from storage import refunds
from storage.engine import reading, transaction
from storage.tables import CardState, ConversationState

COPENHAGEN = "Europe/Copenhagen"
NOW = builders.NOW


# ---- questions ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("asked", "topic", "period"),
    [
        ("", Topic.EVERYTHING, Period.TODAY),
        ("week", Topic.EVERYTHING, Period.WEEK),
        ("stats this month", Topic.EVERYTHING, Period.MONTH),
        ("refunds this week", Topic.REFUNDS, Period.WEEK),
        ("How many refunds did we give this week?", Topic.REFUNDS, Period.WEEK),
        ("How much money was given back this month?", Topic.REFUNDS, Period.MONTH),
        ("first answer today", Topic.FIRST_ANSWER, Period.TODAY),
        ("how long until the first answer this week", Topic.FIRST_ANSWER, Period.WEEK),
        ("Follow-ups week", Topic.FOLLOW_UPS, Period.WEEK),
        ("follow ups this month", Topic.FOLLOW_UPS, Period.MONTH),
        ("SUGGESTIONS TODAY!", Topic.SUGGESTIONS, Period.TODAY),
        ("how many cases today", Topic.CONVERSATIONS, Period.TODAY),
        ("hvor mange sager i dag?", Topic.CONVERSATIONS, Period.TODAY),
        ("hvor mange refusioner har vi givet denne uge", Topic.REFUNDS, Period.WEEK),
        ("tilbagebetalinger denne måned", Topic.REFUNDS, Period.MONTH),
        ("svartid i dag", Topic.FIRST_ANSWER, Period.TODAY),
        ("hvor mange oppfølginger denne uken", Topic.FOLLOW_UPS, Period.WEEK),
        ("kor mange saker denne veka", Topic.CONVERSATIONS, Period.WEEK),
        ("hur många ärenden den här veckan", Topic.CONVERSATIONS, Period.WEEK),
        ("hur många återbetalningar denna månad", Topic.REFUNDS, Period.MONTH),
        ("uppföljningar den här månaden", Topic.FOLLOW_UPS, Period.MONTH),
        ("förslag idag", Topic.SUGGESTIONS, Period.TODAY),
    ],
)
def test_a_question_is_understood(asked: str, topic: Topic, period: Period) -> None:
    assert parse(asked) == Question(topic, period)


@pytest.mark.parametrize(
    ("asked", "nearest"),
    [
        ("refnds", "refunds this week"),
        ("conversatons today", "conversations this week"),
        ("folow-up week", "follow-ups this week"),
        ("sugestions", "suggestions this week"),
    ],
)
def test_a_question_that_is_not_understood_gets_the_nearest(asked: str, nearest: str) -> None:
    with pytest.raises(UnknownQuestion) as caught:
        parse(asked)
    assert nearest in caught.value.nearest
    assert nearest in str(caught.value)
    assert asked in str(caught.value)


@pytest.mark.parametrize(
    "asked", ["the weather", "refunds last week", "refunds yesterday", "who is the best agent"]
)
def test_what_we_cannot_answer_is_never_answered_with_something_else(asked: str) -> None:
    with pytest.raises(UnknownQuestion) as caught:
        parse(asked)
    for example in caught.value.nearest:
        parse(example)


@given(st.text(max_size=100))
def test_any_words_are_a_question_or_unknown(asked: str) -> None:
    try:
        question = parse(asked)
    except UnknownQuestion as unknown:
        question = parse(unknown.nearest[0])
    assert isinstance(question, Question)


# ---- periods ------------------------------------------------------------------------------------------------


def local(*moment: int, zone: str = COPENHAGEN) -> datetime:
    return datetime(*moment, tzinfo=ZoneInfo(zone)).astimezone(UTC)  # type: ignore[arg-type, misc]


@pytest.mark.parametrize(
    ("period", "now", "start"),
    [
        (Period.TODAY, local(2026, 3, 2, 10), local(2026, 3, 2)),
        (Period.TODAY, local(2026, 3, 2, 0, 0, 1), local(2026, 3, 2)),
        (Period.TODAY, local(2026, 3, 1, 23, 59), local(2026, 3, 1)),
        (Period.WEEK, local(2026, 3, 2, 0, 5), local(2026, 3, 2)),  # a Monday
        (Period.WEEK, local(2026, 3, 8, 23, 59), local(2026, 3, 2)),  # a Sunday
        (Period.MONTH, local(2026, 3, 31, 12), local(2026, 3, 1)),
        (Period.MONTH, local(2026, 3, 1, 0, 1), local(2026, 3, 1)),
        # Clocks go forward on 29 March and back on 25 October 2026, both Sundays.
        (Period.TODAY, local(2026, 3, 29, 12), local(2026, 3, 29)),
        (Period.WEEK, local(2026, 3, 29, 12), local(2026, 3, 23)),
        (Period.TODAY, local(2026, 10, 25, 12), local(2026, 10, 25)),
        (Period.WEEK, local(2026, 10, 25, 23), local(2026, 10, 19)),
        (Period.MONTH, local(2026, 10, 31, 12), local(2026, 10, 1)),
        (Period.MONTH, local(2026, 4, 2, 12), local(2026, 4, 1)),
    ],
)
def test_a_period_begins_at_the_houses_own_midnight(period: Period, now: datetime, start: datetime) -> None:
    began, end = bounds(period, now, COPENHAGEN)
    assert began == start
    assert end > now


def test_the_day_of_another_country_is_its_own() -> None:
    now = datetime(2026, 3, 2, 22, 30, tzinfo=UTC)
    helsinki, _ = bounds(Period.TODAY, now, "Europe/Helsinki")
    copenhagen, _ = bounds(Period.TODAY, now, COPENHAGEN)
    assert helsinki == local(2026, 3, 3, zone="Europe/Helsinki")
    assert copenhagen == local(2026, 3, 2)


def test_summer_time_makes_a_day_of_23_hours() -> None:
    before, _ = bounds(Period.TODAY, local(2026, 3, 29, 12), COPENHAGEN)
    after, _ = bounds(Period.TODAY, local(2026, 3, 30, 12), COPENHAGEN)
    assert after - before == timedelta(hours=23)


# ---- answers ------------------------------------------------------------------------------------------------


def ask(engine: Engine, words: str, now: datetime = NOW) -> Answer:
    with reading(engine) as session:
        return answer(session, parse(words), now, COPENHAGEN)


def test_nothing_to_count_says_so_and_never_zero_percent(engine: Engine) -> None:
    found = ask(engine, "stats today")
    assert [text for _, text in found.lines] == ["no data yet"] * 6


def test_a_question_about_one_thing_is_answered_with_that(engine: Engine) -> None:
    assert [label for label, _ in ask(engine, "refunds today").lines] == ["Refunds"]
    assert [label for label, _ in ask(engine, "suggestions today").lines] == ["Suggestions", "Trust check"]
    assert len(ask(engine, "").lines) == 6


def test_the_answer_says_from_which_day_of_the_house_it_counts(engine: Engine) -> None:
    found = ask(engine, "stats today")
    assert (found.title, found.source) == (
        "Support today",
        "Counted from 2 March 2026 to now, 0 conversations",
    )
    assert "1 March" in ask(engine, "stats month").source


def test_everything_is_counted_once_and_in_its_period(engine: Engine) -> None:
    minute = timedelta(minutes=1)
    with transaction(engine) as session:
        freja, signe = builders.agent(session), builders.agent(session)
        today = builders.conversation(session, first_answer_at=NOW + 10 * minute)
        quick = builders.conversation(session, first_answer_at=NOW + 2 * minute)
        waiting = builders.conversation(session)
        builders.conversation(session, state=ConversationState.RESOLVED)
        long_ago = NOW - timedelta(days=40)
        old = builders.conversation(session, opened_at=long_ago, first_answer_at=long_ago + minute)
        builders.suggestion(session, today, state=CardState.SENT, findings_sent=0)
        builders.suggestion(
            session, quick, state=CardState.SENT, final_text="Hej", findings_drafted=1, findings_sent=1
        )
        builders.suggestion(session, waiting, state=CardState.DISMISSED)
        builders.suggestion(session, old, state=CardState.SENT, created_at=long_ago)
        for approved, case in ((True, today), (False, quick)):
            order = builders.order(session, 200_000)
            given = refunds.add(session, builders.ask(case, order), freja.id or 0, approved=approved, now=NOW)
            assert given is not None
            if not approved:
                refunds.decide(session, given.id or 0, signe.id or 0, approve=True, now=NOW)
    lines = dict(ask(engine, "today", NOW + timedelta(hours=1)).lines)
    assert lines["Conversations"] == "4, of which 1 not answered yet"
    assert lines["Until the first answer"] == "median 6 min, longest 10 min (n = 2)"
    assert lines["Suggestions"] == "1 sent as they were, 1 edited, 1 dismissed"
    assert lines["Trust check"] == "1 drafted, 1 sent"
    assert lines["Refunds"].startswith("2 (")
    assert "998" in lines["Refunds"] and lines["Refunds"].endswith("1 approved by a lead")
    assert lines["Follow-ups"] == "no data yet"


@pytest.mark.parametrize(
    ("length", "said"),
    [
        (timedelta(seconds=30), "0 min"),
        (timedelta(minutes=59), "59 min"),
        (timedelta(minutes=61), "1 h 1 min"),
        (timedelta(hours=47, minutes=59), "47 h 59 min"),
        (timedelta(days=3, hours=5), "3 days"),
    ],
)
def test_a_wait_is_said_in_what_people_count_it_in(engine: Engine, length: timedelta, said: str) -> None:
    with transaction(engine) as session:
        builders.conversation(session, first_answer_at=NOW + length)
    assert said in dict(ask(engine, "answers today").lines)["Until the first answer"]
