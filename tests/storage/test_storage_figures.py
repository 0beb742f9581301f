"""Figures and the report, on a small history in which every number is known."""

from dataclasses import asdict
from datetime import timedelta

import builders
import pytest
from builders import NOW
from sqlalchemy import Engine
from sqlmodel import Session

from storage import audit, figures, inbox
from storage.engine import reading, transaction
from storage.tables import (
    Agent,
    CardState,
    Conversation,
    ConversationState,
    Direction,
    FollowUpState,
    Refund,
    RefundState,
    Role,
)

START, END = NOW - timedelta(days=1), NOW + timedelta(days=1)
HOUR = timedelta(hours=1)


@pytest.fixture
def history(engine: Engine) -> Engine:
    """A day of support, and one case that lies outside of it."""
    with transaction(engine) as session:
        freja, lead = builders.agent(session), builders.agent(session, Role.LEAD)
        cases = _cases(session)
        _cards(session, cases)
        _refunds(session, cases[0], freja, lead)
        _follow_ups(session, cases, freja)
        _outside(session, freja)
        for number in range(6):
            item = inbox.add(session, builders.arrived(), NOW)
            if number == 0:
                inbox.quarantine(session, item or 0, "ValueError: x", "", NOW)
    return engine


def test_the_figures_of_a_day_count_that_day(history: Engine) -> None:
    with reading(history) as session:
        counted = figures.figures(session, START, END)
    assert asdict(counted) == {
        "start": START,
        "end": END,
        "conversations": 5,
        "first_answer_median": 2 * HOUR,
        "first_answer_longest": 9 * HOUR,
        "answered": 3,
        "waiting": 1,
        "sent_unchanged": 2,
        "sent_edited": 1,
        "dismissed": 1,
        "no_requests": 0,
        "findings_drafted": 4,
        "findings_sent": 1,
        "refunds": 3,
        "refunds_minor": {"DKK": 60_000, "SEK": 700},
        "approvals": 1,
        "follow_ups_sent": 1,
        "follow_ups_cancelled": 2,
        "follow_ups_answered": 1,
    }


def test_the_report_counts_the_whole_history(history: Engine) -> None:
    with reading(history) as session:
        counted = figures.report(session)
    assert asdict(counted) == {
        "inbound": 6,
        "replies": 3,
        "edited": 1,
        "dismissed": 1,
        "follow_ups_sent": 1,
        "follow_ups_cancelled": 2,
        "refunds": 4,
        "refunds_minor": {"DKK": 60_009, "SEK": 700},
        "approvals": 1,
        "languages": ["da", "sv"],
        "quarantined": 1,
        "lint_findings_drafted": 4,
        "lint_findings_sent": 1,
    }


def test_a_period_includes_its_start_and_not_its_end(engine: Engine) -> None:
    with transaction(engine) as session:
        builders.conversation(session)
    with reading(engine) as session:
        assert figures.figures(session, NOW, END).conversations == 1
        assert figures.figures(session, START, NOW).conversations == 0


def test_nothing_to_count_is_no_answer_time_and_no_error(engine: Engine) -> None:
    with reading(engine) as session:
        counted = figures.figures(session, START, END)
        assert (counted.first_answer_median, counted.first_answer_longest, counted.refunds_minor) == (
            None,
            None,
            {},
        )
        report = figures.report(session)
        assert (report.inbound, report.languages, report.refunds_minor) == (0, [], {})


def _cases(session: Session) -> list[Conversation]:
    """Three answered after 1, 2 and 9 hours, one that waits, and an automatic mail that waits for nothing."""
    cases = [
        builders.conversation(session, language=language, first_answer_at=NOW + hours * HOUR)
        for language, hours in (("da", 1), ("sv", 2), ("da", 9))
    ]
    cases.append(builders.conversation(session, language="sv"))
    cases.append(builders.conversation(session, language="nb", state=ConversationState.RESOLVED))
    for case in cases[:4]:
        builders.message(session, case)
    builders.message(session, cases[4], automatic="auto_reply")
    builders.message(session, cases[4], direction=Direction.OUT)
    return cases


def _cards(session: Session, cases: list[Conversation]) -> None:
    first, second, third, fourth, _ = cases
    builders.suggestion(session, first, state=CardState.WITHDRAWN, findings_drafted=1)
    builders.suggestion(session, first, version=2, state=CardState.SENT, findings_sent=0)
    builders.suggestion(session, second, state=CardState.SENDING, findings_drafted=1, findings_sent=0)
    builders.suggestion(
        session, third, state=CardState.SENT, final_text="Hej Mette", findings_caught=2, findings_sent=1
    )
    builders.suggestion(session, fourth, state=CardState.DISMISSED)


def _refunds(session: Session, case: Conversation, agent: Agent, lead: Agent) -> None:
    for state, decided_by, amount_minor, currency in (
        (RefundState.SETTLED, agent, 50_000, "DKK"),
        (RefundState.APPROVED, lead, 10_000, "DKK"),
        (RefundState.APPROVED, agent, 700, "SEK"),
        (RefundState.REQUESTED, None, 1, "DKK"),
        (RefundState.DECLINED, lead, 2, "DKK"),
        (RefundState.FAILED, agent, 4, "DKK"),
    ):
        session.add(_refund(case, agent, decided_by, state, amount_minor, currency))


def _refund(
    case: Conversation,
    agent: Agent,
    decided_by: Agent | None,
    state: RefundState,
    amount_minor: int,
    currency: str,
) -> Refund:
    ask = asdict(builders.ask(case, None, amount_minor=amount_minor, currency=currency))
    by = builders.identity(decided_by) if decided_by else None
    asker = builders.identity(agent)
    return Refund(**ask, state=state, requested_by=asker, decided_by=by, created_at=NOW)


def _follow_ups(session: Session, cases: list[Conversation], agent: Agent) -> None:
    for case, state in zip(cases, (FollowUpState.SENT, *[FollowUpState.CANCELLED] * 2), strict=False):
        session.add(builders.follow_up(case, agent, state=state))
    for action in ("follow_up_sent", "follow_up_cancelled", "follow_up_cancelled", "follow_up_answered"):
        audit.record(session, action, NOW)


def _outside(session: Session, agent: Agent) -> None:
    """Yesterday's case: in the report, not in the figures of the day."""
    before = START - HOUR
    case = builders.conversation(session, opened_at=before, language="")
    builders.suggestion(session, case, state=CardState.FAILED, created_at=before)
    old = _refund(case, agent, agent, RefundState.SETTLED, 9, "DKK")
    old.created_at = before
    session.add(old)
    audit.record(session, "follow_up_sent", before)
    audit.record(session, "follow_up_sent", END)
