"""Follow-ups whose time has come: is each still wanted, and if so, it goes as one more row in the outbox."""

from datetime import UTC, datetime, timedelta

from sqlalchemy.exc import DBAPIError
from sqlmodel import Session

from bot import logs
from bot.card_rows import note, refresh_card
from bot.letters import Letter, send_letter
from bot.parts import Parts
from bot.promising import Wrote, note_promises
from bot.rules.follow_ups import Wanted, opening, still_wanted
from bot.speech import say_to_all
from storage import audit, customers, follow_ups, refunds
from storage.engine import commit, read
from storage.tables import (
    Agent,
    Conversation,
    ConversationState,
    Customer,
    FollowUp,
    RefundState,
    WaitingOn,
)

log = logs.get(__name__)
DAY = timedelta(days=1)


async def send_due(parts: Parts) -> int:
    """Write each due follow-up into the outbox, or cancel it with its reason; how many were written.

    One the database refuses waits for the next time, and holds up no other.
    """
    if parts.places.shadow:
        return 0  # shadow mode sends nothing: what is due waits
    now = parts.clock()
    due = await read(parts.engine, follow_ups.due, now)
    written = 0
    for each in due:
        assert each.id is not None
        try:
            written += await commit(parts.engine, _go, each.id, parts, now)
        except DBAPIError as error:
            log.error("follow_up_put_back", follow_up=each.id, error=type(error).__name__)
    return written


def _go(session: Session, follow_up_id: int, parts: Parts, now: datetime) -> bool:
    follow_up = session.get(FollowUp, follow_up_id)
    assert follow_up is not None
    conversation = session.get(Conversation, follow_up.conversation_id)
    customer = session.get(Customer, conversation.customer_id) if conversation else None
    assert conversation is not None
    assert customer is not None
    unwanted = still_wanted(_wanted(session, follow_up, conversation, customer, parts, now))
    if unwanted is not None:
        _leave_out(session, follow_up, unwanted, now)
        return False
    opens_at = opening(_room(session, conversation, parts, now), customer.country, parts.house.policy)
    if opens_at > now:
        # Nobody gets a personal mail at four in the morning because a server was down at nine, nor five in a row.
        follow_ups.move(session, follow_up.conversation_id, follow_up.kind, opens_at)
        return False
    # Taken once, whoever else looks at the same moment.
    if follow_ups.take(session, follow_up_id) is None:
        return False
    letter = Letter(
        key=f"follow_up:{follow_up_id}",
        subject=follow_up.subject,
        text=follow_up.text,
        agent_id=follow_up.agent_id,
        house_name=parts.house.name,
        follow_up_id=follow_up_id,
        language=follow_up.language,
    )
    send_letter(session, conversation, parts.places, letter, now)
    wrote = Wrote(letter.key, letter.text, letter.language, letter.agent_id)
    note_promises(session, parts.house, conversation, wrote, now)
    audit.record(
        session,
        "follow_up_sent",
        now,
        conversation_id=conversation.id,
        agent_id=follow_up.agent_id,
        subject_id=follow_up_id,
    )
    return True


def _room(session: Session, conversation: Conversation, parts: Parts, now: datetime) -> datetime:
    """When one more automatic mail may go to this address: now, or a day after the one that fills the measure."""
    if conversation.channel != "email":
        return now
    most = parts.house.policy.most_automatic_per_day
    sent = follow_ups.mailed_to(session, conversation.answer_to, now - DAY)
    return now if len(sent) < most else max(now, sent[-most].astimezone(UTC) + DAY)


def _leave_out(session: Session, follow_up: FollowUp, because: str, now: datetime) -> None:
    conversation_id = follow_up.conversation_id
    if follow_ups.cancel(session, conversation_id, because, now) is None:
        return
    audit.record(
        session, "follow_up_cancelled", now, conversation_id=conversation_id, subject_id=follow_up.id
    )
    agent = session.get(Agent, follow_up.agent_id)
    note(
        session,
        f"left_out:{follow_up.id}",
        conversation_id,
        say_to_all("Your follow-up did not go: {because}.", because=say_to_all(because)),
        now,
        mention=agent.slack_user_id if agent else "",
    )
    refresh_card(session, conversation_id, now)


def _wanted(
    session: Session,
    follow_up: FollowUp,
    conversation: Conversation,
    customer: Customer,
    parts: Parts,
    now: datetime,
) -> Wanted:
    answered = conversation.waiting_on is WaitingOn.CUSTOMER
    settled = conversation.state is ConversationState.RESOLVED or answered
    money = [each.state for each in refunds.of_conversation(session, follow_up.conversation_id)]
    failed = bool(money) and all(state in (RefundState.FAILED, RefundState.DECLINED) for state in money)
    return Wanted(
        now=now,
        due_at=follow_up.due_at,
        policy=parts.house.policy,
        conversation_state="resolved" if settled else conversation.state.value,
        customer_wrote_since=follow_ups.customer_wrote_since(session, follow_up, conversation),
        bounced=customers.has_bounced(session, conversation.answer_to),
        opted_out=customer.no_follow_ups,
        erased=customer.erased_at is not None,
        remedy_failed=follow_up.kind == "money_arrived" and failed,
    )
