"""The counts behind every figure, each with its period. Reads only; no figure names a person."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from statistics import median

from sqlalchemy import ColumnElement, Select, func, select
from sqlmodel import Session, col

from storage.shop_events import LANE
from storage.tables import (
    AuditEvent,
    CardState,
    Conversation,
    ConversationState,
    Direction,
    FollowUp,
    FollowUpState,
    InboxItem,
    InboxState,
    Message,
    Refund,
    RefundState,
    Suggestion,
)


@dataclass(frozen=True, slots=True)
class Figures:
    """What happened from `start` up to, not including, `end`."""

    start: datetime
    end: datetime
    conversations: int
    #: Half of the first answers came faster; None without any.
    first_answer_median: timedelta | None
    first_answer_longest: timedelta | None
    answered: int
    waiting: int
    sent_unchanged: int
    sent_edited: int
    #: Those of them that a colleague found to ask for nothing are counted for themselves.
    dismissed: int
    no_requests: int
    findings_drafted: int
    findings_sent: int
    refunds: int
    #: By currency, what was approved or paid out, smallest unit.
    refunds_minor: dict[str, int]
    approvals: int
    follow_ups_sent: int
    follow_ups_cancelled: int
    follow_ups_answered: int


def figures(session: Session, start: datetime, end: datetime) -> Figures:
    """Count one period."""
    times = _first_answers(session, start, end)
    cards = _cards(session, start, end)
    money = _refunds(session, start, end)
    return Figures(
        start=start,
        end=end,
        conversations=_count(session, _opened(start, end)),
        first_answer_median=_median(times),
        first_answer_longest=max(times) if times else None,
        answered=len(times),
        waiting=_waiting(session, start, end),
        sent_unchanged=sum(1 for each in cards if each.final_text is None and each.state in SENT),
        sent_edited=sum(1 for each in cards if each.final_text is not None and each.state in SENT),
        dismissed=sum(1 for each in cards if each.state is CardState.DISMISSED and not each.not_a_request),
        no_requests=sum(1 for each in cards if each.not_a_request),
        findings_drafted=sum(each.findings_drafted + each.findings_caught for each in cards),
        findings_sent=sum(each.findings_sent or 0 for each in cards),
        refunds=len(money),
        refunds_minor=_by_currency(money),
        approvals=sum(1 for each in money if each.decided_by != each.requested_by),
        follow_ups_sent=_events(session, "follow_up_sent", start, end),
        follow_ups_cancelled=_events(session, "follow_up_cancelled", start, end),
        follow_ups_answered=_events(session, "follow_up_answered", start, end),
    )


SENT = (CardState.SENT, CardState.SENDING)


def _median(times: list[timedelta]) -> timedelta | None:
    return timedelta(seconds=median(each.total_seconds() for each in times)) if times else None


def _opened(start: datetime, end: datetime) -> Select[int]:
    period = (col(Conversation.opened_at) >= start, col(Conversation.opened_at) < end, _they_began())
    return select(func.count()).select_from(Conversation).where(*period)


def _they_began() -> ColumnElement[bool]:
    """A letter about an event of the shop answers nobody."""
    return ~col(Conversation.lane).startswith(LANE, autoescape=True)


def _waiting(session: Session, start: datetime, end: datetime) -> int:
    # An automatic mail or a bare thanks is born resolved: it waits for nothing.
    unanswered = (
        col(Conversation.first_answer_at).is_(None),
        col(Conversation.state) != ConversationState.RESOLVED,
    )
    return int(session.execute(_opened(start, end).where(*unanswered)).scalar_one())


def _count(session: Session, statement: Select[int]) -> int:
    return int(session.execute(statement).scalar_one())


def _first_answers(session: Session, start: datetime, end: datetime) -> list[timedelta]:
    period = (
        col(Conversation.opened_at) >= start,
        col(Conversation.opened_at) < end,
        col(Conversation.first_answer_at).is_not(None),
        _they_began(),
    )
    rows = session.execute(
        select(col(Conversation.opened_at), col(Conversation.first_answer_at)).where(*period)
    )
    return [answered - opened for opened, answered in rows if answered is not None]


def _cards(session: Session, start: datetime, end: datetime) -> list[Suggestion]:
    period = (col(Suggestion.created_at) >= start, col(Suggestion.created_at) < end)
    return list(session.execute(select(Suggestion).where(*period)).scalars())


def _refunds(session: Session, start: datetime, end: datetime) -> list[Refund]:
    given = (
        col(Refund.created_at) >= start,
        col(Refund.created_at) < end,
        col(Refund.state).in_((RefundState.APPROVED, RefundState.SETTLED)),
    )
    return list(session.execute(select(Refund).where(*given)).scalars())


def _by_currency(money: list[Refund]) -> dict[str, int]:
    sums: dict[str, int] = {}
    for each in money:
        sums[each.currency] = sums.get(each.currency, 0) + each.amount_minor
    return dict(sorted(sums.items()))


def _events(session: Session, action: str, start: datetime, end: datetime) -> int:
    period = (
        col(AuditEvent.action) == action,
        col(AuditEvent.at) >= start,
        col(AuditEvent.at) < end,
    )
    return _count(session, select(func.count()).select_from(AuditEvent).where(*period))


@dataclass(frozen=True, slots=True)
class Report:
    """The whole database in counts: `report.json` of the demo."""

    inbound: int
    replies: int
    edited: int
    dismissed: int
    follow_ups_sent: int
    follow_ups_cancelled: int
    refunds: int
    refunds_minor: dict[str, int]
    approvals: int
    languages: list[str]
    quarantined: int
    lint_findings_drafted: int
    lint_findings_sent: int


def report(session: Session) -> Report:
    """Count everything there is."""
    cards = list(session.execute(select(Suggestion)).scalars())
    sent = [each for each in cards if each.state in SENT]
    given = col(Refund.state).in_((RefundState.APPROVED, RefundState.SETTLED))
    money = list(session.execute(select(Refund).where(given)).scalars())
    return Report(
        inbound=_count(session, select(func.count()).select_from(InboxItem)),
        replies=len(sent),
        edited=sum(1 for each in sent if each.final_text is not None),
        dismissed=sum(1 for each in cards if each.state is CardState.DISMISSED),
        follow_ups_sent=_follow_ups(session, FollowUpState.SENT),
        follow_ups_cancelled=_follow_ups(session, FollowUpState.CANCELLED),
        refunds=len(money),
        refunds_minor=_by_currency(money),
        approvals=sum(1 for each in money if each.decided_by != each.requested_by),
        languages=_languages(session),
        quarantined=_count(
            session,
            select(func.count()).select_from(InboxItem).where(col(InboxItem.state) == InboxState.QUARANTINED),
        ),
        lint_findings_drafted=sum(each.findings_drafted + each.findings_caught for each in cards),
        lint_findings_sent=sum(each.findings_sent or 0 for each in sent),
    )


def _follow_ups(session: Session, state: FollowUpState) -> int:
    here = select(func.count()).select_from(FollowUp).where(col(FollowUp.state) == state)
    return _count(session, here)


def _languages(session: Session) -> list[str]:
    """The languages of the conversations in which a person wrote."""
    written = (
        select(col(Conversation.language))
        .join(Message, col(Message.conversation_id) == col(Conversation.id))
        .where(
            col(Message.direction) == Direction.IN,
            col(Message.automatic).is_(None),
            col(Conversation.language) != "",
        )
    )
    return sorted(set(session.execute(written).scalars()))
