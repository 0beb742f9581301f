"""Rows -> what one person's App Home shows. Reads only."""

from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import func, or_, select
from sqlmodel import Session, col

from bot.cards import labels
from bot.cards.home import MOST_ASKED, MOST_PLANNED, MOST_SENT, MOST_WAITING
from bot.cards.home_own import MOST_PROMISED, MOST_REMARKS
from bot.cards.home_shapes import AskedRefund, ChannelRow, HomeView, PlannedRow, SentRow, WeekView
from bot.cards.shapes import QueueRow
from bot.desk import Desk
from bot.desk.queue import in_order
from bot.nudging import recent
from bot.parts import Parts
from bot.rules.business_days import zone
from bot.rules.composing import format_money
from bot.speech import say
from bot.stats.answers import NO_DATA, duration
from bot.stats.week import this_week
from bot.views import slack_id
from bot.views.promised import promised_rows
from bot.views.remedies import headline
from bot.views.together import card_link
from storage import agents
from storage.figures_by_channel import ChannelFigures
from storage.tables import (
    Agent,
    AuditEvent,
    Conversation,
    Customer,
    FollowUp,
    FollowUpState,
    OutboxItem,
    OutboxState,
    Refund,
    RefundState,
    Role,
    Suggestion,
)

COMING = timedelta(days=7)
SENT_SINCE = timedelta(days=30)


def home_view(session: Session, slack_user_id: str, parts: Parts) -> HomeView:
    """The Home of that person by their role; whoever is no colleague learns nothing."""
    now, agent = parts.clock(), agents.by_slack_id(session, slack_user_id)
    if agent is None:
        return HomeView("", now)
    shown: dict[str, Any] = {"language": agent.language}
    if agent.role is not Role.AGENT:
        shown |= _asked(session, agent)
    if agent.role is Role.MANAGER:
        shown["week"] = _week(session, now, zone(parts.house.country).key)
    else:
        shown |= _waiting(session, agent, parts, now) | _planned(session, agent, now)
        shown |= _promised(session, agent, parts, now)
        shown["remarks"] = tuple(recent(session, agent.id or 0, parts.house, now, MOST_REMARKS))
        shown["sent"] = _sent(session, agent, now)
    return HomeView(agent.role.value, now, parts.places.triage_channel, **shown)


def _case(session: Session, conversation_id: int) -> tuple[Conversation, str, str]:
    """A case, its customer's name, and the link to its card."""
    conversation = session.get(Conversation, conversation_id)
    assert conversation is not None
    customer = session.get(Customer, conversation.customer_id)
    name = (customer.preferred_name if customer else "") or say("A customer")
    return conversation, name, card_link(session, conversation_id)


def _waiting(session: Session, agent: Agent, parts: Parts, now: datetime) -> dict[str, Any]:
    """In the order in which `/tillid next` gives them out: theirs, and those that are nobody's."""
    free = in_order(session, Desk(parts.house, parts.places), agent, (), now)
    rows = []
    for each in free[:MOST_WAITING]:
        conversation, name, link = _case(session, each.conversation_id)
        owner = agent.slack_user_id if each.agent_id else ""
        about = (name, headline(conversation.intent), conversation.channel, each.since)
        rows.append(QueueRow(*about, urgent=each.urgent, assigned_to=owner, link=link))
    return {"waiting": tuple(rows), "waiting_in_all": len(free)}


def _planned(session: Session, agent: Agent, now: datetime) -> dict[str, Any]:
    """Their follow-ups of the coming week, and those that were only proposed, soonest first."""
    here = (
        col(FollowUp.agent_id) == agent.id,
        col(FollowUp.state).in_((FollowUpState.SCHEDULED, FollowUpState.PROPOSED)),
        col(FollowUp.due_at) <= now + COMING,
    )
    found = list(session.execute(select(FollowUp).where(*here).order_by(col(FollowUp.due_at))).scalars())
    rows = []
    for each in found[:MOST_PLANNED]:
        _, name, link = _case(session, each.conversation_id)
        is_set = each.state is FollowUpState.SCHEDULED
        rows.append(PlannedRow(name, each.kind, each.due_at, each.why, is_set, link))
    return {"planned": tuple(rows), "planned_in_all": len(found)}


def _promised(session: Session, agent: Agent, parts: Parts, now: datetime) -> dict[str, Any]:
    rows, in_all = promised_rows(session, agent, parts.house, now, MOST_PROMISED)
    return {"promised": rows, "promised_in_all": in_all}


def _sent(session: Session, agent: Agent, now: datetime) -> tuple[SentRow, ...]:
    undone = col(AuditEvent.action) == "reply_undone"
    taken_back = select(col(AuditEvent.subject_id)).where(undone, col(AuditEvent.at) >= now - SENT_SINCE)
    here = (
        col(AuditEvent.at) >= now - SENT_SINCE,
        col(AuditEvent.action).in_(("reply_sent", "follow_up_sent")),
        col(AuditEvent.agent_id) == agent.id,
        col(AuditEvent.conversation_id).in_(select(col(Conversation.id))),
        or_(col(AuditEvent.action) != "reply_sent", col(AuditEvent.subject_id).not_in(taken_back)),
    )
    newest = select(AuditEvent).where(*here).order_by(col(AuditEvent.id).desc()).limit(MOST_SENT)
    events = list(session.execute(newest).scalars())
    troubled = _troubled(session, events)
    rows = []
    for event in events:
        conversation, name, link = _case(session, event.conversation_id or 0)
        rows.append(
            SentRow(
                customer_name=name,
                headline=headline(conversation.intent),
                at=event.at,
                is_follow_up=event.action == "follow_up_sent",
                edited=bool(event.details.get("edited")),
                problem=event.id in troubled,
                link=link,
            )
        )
    return tuple(rows)


def _troubled(session: Session, events: list[AuditEvent]) -> set[int | None]:
    """Which of these did not arrive, as far as we know."""
    keys = {_letter(session, event): event.id for event in events}
    here = (
        col(OutboxItem.key).in_(keys),
        col(OutboxItem.error) != "",
        col(OutboxItem.state) != OutboxState.PENDING,
    )
    return {keys[key] for key in session.execute(select(col(OutboxItem.key)).where(*here)).scalars()}


def _letter(session: Session, event: AuditEvent) -> str:
    """The key of the letter that went."""
    if event.action == "follow_up_sent":
        return f"follow_up:{event.subject_id}"
    suggestion = session.get(Suggestion, event.subject_id or 0)
    return f"reply:{event.conversation_id}:{suggestion.version if suggestion else 0}"


def _asked(session: Session, agent: Agent) -> dict[str, Any]:
    """Longest waiting first."""
    waits = col(Refund.state) == RefundState.REQUESTED
    in_all = session.execute(select(func.count()).select_from(Refund).where(waits)).scalar_one()
    oldest = select(Refund).where(waits).order_by(col(Refund.created_at), col(Refund.id)).limit(MOST_ASKED)
    rows = []
    for each in session.execute(oldest).scalars():
        conversation, name, link = _case(session, each.conversation_id)
        rows.append(
            AskedRefund(
                amount=format_money(each.amount_minor, each.currency, conversation.language or "en"),
                kind=each.kind,
                customer_name=name,
                asked_by=slack_id(session, each.requested_by),
                since=each.created_at,
                is_own=each.requested_by == agent.id,
                link=link,
            )
        )
    return {"asked": tuple(rows), "asked_in_all": in_all}


def _week(session: Session, now: datetime, place: str) -> WeekView | None:
    found = this_week(session, now, place)
    if found is None:
        return None
    return WeekView(found.sentence, found.source, tuple(_channel(each) for each in found.channels))


def _channel(each: ChannelFigures) -> ChannelRow:
    slack = each.place if each.channel == "slack" else ""
    name = labels.named(labels.CHANNELS, each.channel)
    first = each.first_answer_median
    return ChannelRow(
        name=name if slack or not each.place else f"{name} {each.place}",
        slack_channel=slack,
        conversations=each.conversations,
        waiting=each.waiting,
        first_answer=f"{duration(first)} (n = {each.answered})" if first is not None else say(NO_DATA),
    )
