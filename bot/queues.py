"""Rows -> who waits, what is due, and how the program itself is doing."""

from collections import Counter
from datetime import datetime, timedelta

from sqlalchemy import func, select
from sqlmodel import Session, col

from bot.cards.shapes import DueRow, QueueRow
from bot.house import House
from bot.speech import say
from bot.together import leads_of
from bot.views import slack_id
from bot.views.days import day
from bot.views.promises import country_of, until
from bot.views.remedies import headline
from bot.views.together import card_link
from storage import inbox, outbox, promises
from storage.tables import (
    Conversation,
    ConversationState,
    Customer,
    FollowUp,
    FollowUpState,
    InboxItem,
    WaitingOn,
)


def queue_rows(session: Session) -> list[QueueRow]:
    """Who waits for us: the urgent first, then the longest waiting. What somebody spends plays no part (R2-05)."""
    waiting = (
        col(Conversation.state) == ConversationState.OPEN,
        col(Conversation.waiting_on) == WaitingOn.US,
    )
    order = (col(Conversation.urgent).desc(), col(Conversation.last_customer_message_at))
    statement = (
        select(Conversation, Customer)
        .join(Customer, col(Customer.id) == col(Conversation.customer_id))
        .where(*waiting)
        .order_by(*order)
    )
    found = [(row[0], row[1]) for row in session.execute(statement)]
    persons = Counter(customer.id for _, customer in found)
    # Several open cases of one person are one card, and one line.
    led = leads_of(
        session,
        (case for case, customer in found if persons[customer.id] > 1 or case.answered_with_id is not None),
    )
    return [
        QueueRow(
            customer_name=customer.preferred_name or say("A customer"),
            headline=headline(conversation.intent),
            channel=conversation.channel,
            waiting_since=conversation.last_customer_message_at,
            urgent=conversation.urgent,
            assigned_to=slack_id(session, conversation.agent_id),
        )
        for conversation, customer in found
        if conversation.id not in led
    ]


def due_rows(session: Session, now: datetime, within: timedelta = timedelta(days=7)) -> list[DueRow]:
    """The follow-ups of the coming week, soonest first."""
    statement = (
        select(FollowUp, Conversation, Customer)
        .join(Conversation, col(Conversation.id) == col(FollowUp.conversation_id))
        .join(Customer, col(Customer.id) == col(Conversation.customer_id))
        .where(col(FollowUp.state) == FollowUpState.SCHEDULED, col(FollowUp.due_at) <= now + within)
        .order_by(col(FollowUp.due_at))
    )
    return [
        DueRow(
            customer_name=customer.preferred_name or say("A customer"),
            kind=follow_up.kind,
            due_at=follow_up.due_at,
            why=follow_up.why,
            assigned_to=slack_id(session, follow_up.agent_id),
        )
        for follow_up, _, customer in session.execute(statement)
    ]


def promise_rows(
    session: Session, house: House, now: datetime, within: timedelta = timedelta(days=7)
) -> list[DueRow]:
    """What we promised for the coming week, and what is broken, soonest first."""
    rows = []
    for promise, conversation in promises.due_by(session, now + within):
        customer = session.get(Customer, conversation.customer_id)
        rows.append(
            DueRow(
                customer_name=(customer.preferred_name if customer else "") or say("A customer"),
                kind="promise" if promise.due_at > now else "broken_promise",
                due_at=promise.due_at,
                why=promise.sentence,
                assigned_to=slack_id(session, conversation.agent_id or promise.agent_id),
                link=card_link(session, conversation.id or 0),
                day=until(promise, country_of(session, conversation, house)),
            )
        )
    return rows


def status_lines(session: Session, now: datetime) -> list[tuple[str, str]]:
    """How the program is doing: what came last, what waits, what lies in quarantine."""
    last = session.execute(select(func.max(col(InboxItem.received_at)))).scalar()
    waiting = len(inbox.quarantined(session))
    came = f"{day(last)}, {last:%H:%M} UTC" if last else say("none yet")
    aside = say("{number}, see `tillid replay`", number=waiting) if waiting else say("nothing")
    return [
        (say("Last message in"), came),
        (say("Due and not sent"), str(outbox.backlog(session, now))),
        (say("In quarantine"), aside),
    ]
