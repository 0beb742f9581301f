"""Instants: whatever zone they were written in, and whatever zone the server lives in, they come back in UTC."""

from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import builders
import pytest
from builders import NOW
from sqlalchemy import Column, DateTime, Engine, Table, TypeDecorator, select, text, update
from sqlalchemy.exc import StatementError
from sqlmodel import Session, SQLModel

from storage import agents, audit, feedback, inbox, mailboxes, outbox, refunds, stacks, watching, wordings
from storage.engine import connect, transaction
from storage.tables import (
    ChannelStanding,
    ConfirmedPerson,
    Consent,
    Conversation,
    Customer,
    CustomerNote,
    Erasure,
    ForgottenAddress,
    HouseKey,
    InternalChannel,
    Join,
    JoinState,
    KnownField,
    MailboxHealth,
    Message,
    MutedCategory,
    Nudge,
    OutboxItem,
    ShopEvent,
    SignedPost,
    StackedDraft,
    StoredFile,
    UnsubscribeLink,
)

COPENHAGEN = ZoneInfo("Europe/Copenhagen")
#: 02:30 in Copenhagen, for the second time that night.
AMBIGUOUS = datetime(2026, 10, 25, 1, 30, 0, 123456, tzinfo=UTC)


@pytest.fixture
def far_away(engine: Engine) -> Engine:
    """The database, its server's clock set to Copenhagen where it has one."""
    if engine.dialect.name == "postgresql":
        with transaction(engine) as session:
            session.execute(text(f"ALTER DATABASE {engine.url.database} SET timezone TO 'Europe/Copenhagen'"))
        engine.dispose()
    return connect(engine.url.render_as_string(hide_password=False))


def test_every_instant_of_every_table_comes_back_in_utc(far_away: Engine) -> None:
    with transaction(far_away) as session:
        _one_row_of_each_table(session)
        for table in SQLModel.metadata.sorted_tables:
            for column in _instants(table):
                session.execute(update(table).values({column: AMBIGUOUS.astimezone(COPENHAGEN)}))
    with transaction(far_away) as session:
        for table in SQLModel.metadata.sorted_tables:
            rows = session.execute(select(table)).mappings().all()
            assert rows, f"no {table.name} to look at"
            for column in _instants(table):
                came_back = rows[0][column]
                assert came_back == AMBIGUOUS, f"{table.name}.{column.name}"
                assert came_back.utcoffset() == timedelta(0), f"{table.name}.{column.name}"
    far_away.dispose()


def test_no_column_forgets_the_zone() -> None:
    columns = [column for table in SQLModel.metadata.sorted_tables for column in table.columns]
    bare = [f"{column.table.name}.{column.name}" for column in columns if isinstance(column.type, DateTime)]
    assert bare == []
    assert len([column for column in columns if _is_instant(column)]) > 30


def test_an_instant_without_a_zone_is_refused(engine: Engine) -> None:
    naive = datetime(2026, 3, 2, 9, 0)  # noqa: DTZ001  # the very mistake this is about
    with pytest.raises(StatementError), transaction(engine) as session:
        session.add(Customer(since_at=naive, created_at=NOW))


def test_instants_of_several_zones_are_compared_as_instants(far_away: Engine) -> None:
    with transaction(far_away) as session:
        outbox.put(session, "early", "mail", {}, AMBIGUOUS.astimezone(COPENHAGEN), lane="a")
        outbox.put(session, "late", "mail", {}, AMBIGUOUS + timedelta(seconds=1), lane="b")
    with transaction(far_away) as session:
        assert outbox.backlog(session, AMBIGUOUS - timedelta(hours=1)) == 0
        due = outbox.claim(session, AMBIGUOUS.astimezone(ZoneInfo("America/New_York")))
        assert [row.key for row in due] == ["early"]
    far_away.dispose()


def test_an_overwritten_row_is_due_at_the_instant_it_was_given(far_away: Engine) -> None:
    """The new due time is chosen inside the statement, where a database could read it in its own zone."""
    with transaction(far_away) as session:
        case = builders.identity(builders.conversation(session))
        for now in (NOW, AMBIGUOUS.astimezone(COPENHAGEN)):
            outbox.refresh(session, "card", "card", {}, now, conversation_id=case)
    with transaction(far_away) as session:
        assert _due_at(session) == AMBIGUOUS
    far_away.dispose()


def _due_at(session: Session) -> datetime:
    due_at: datetime = session.execute(select(OutboxItem)).scalar_one().due_at
    return due_at


def _instants(table: Table) -> list[Column[Any]]:
    return [column for column in table.columns if _is_instant(column)]


def _is_instant(column: Column[Any]) -> bool:
    kind = column.type
    return isinstance(kind, TypeDecorator) and isinstance(kind.impl_instance, DateTime)


def _one_row_of_each_table(session: Session) -> None:
    case = builders.conversation(session)
    message = builders.message(session, case)
    builders.suggestion(session, case, message)
    agent = builders.agent(session)
    agents.watch(session, "T1", "C1", NOW)
    wordings.publish(
        session, wordings.Version("reply/declined", "da", "x", builders.identity(agent)), seen=0, now=NOW
    )
    watching.decide(session, watching.Thread("T1", "C1", "1.1"), watched=True, now=NOW)
    order_id = builders.order(session)
    refunds.add(session, builders.ask(case, order_id), builders.identity(agent), approved=True, now=NOW)
    _strike_and_follow_up(session, case, message)
    mailboxes.move(session, "hej@x.dk", "INBOX", uid_validity=1, last_uid=1, now=NOW)
    item = inbox.add(session, builders.arrived(), NOW)
    inbox.quarantine(session, item or 0, "ValueError: x", "", NOW)
    outbox.put(session, "mail:1", "mail", {}, NOW, lane="a")
    audit.record(session, "message_received", NOW)
    _what_is_known_of_a_person(session, case, builders.identity(agent), builders.identity(message))
    session.flush()


def _what_is_known_of_a_person(session: Session, case: Conversation, agent: int, message: int) -> None:
    who, here = case.customer_id, builders.identity(case)
    other = Customer(since_at=NOW, created_at=NOW)
    session.add(other)
    session.flush()
    stack = stacks.ensure(session, "event:e1", "delay", NOW, NOW)
    session.add_all(
        [
            KnownField(customer_id=who, name="town", value="Aarhus", source="orders", known_at=NOW),
            Consent(customer_id=who, purpose="marketing", given=True, source="orders", given_at=NOW),
            CustomerNote(customer_id=who, text="Har en hund", created_at=NOW, expires_at=NOW),
            Join(
                kept_id=who,
                gone_id=builders.identity(other),
                state=JoinState.PROPOSED,
                because="the same phone",
                proposed_at=NOW,
            ),
            ConfirmedPerson(
                conversation_id=here,
                customer_id=who,
                address="a@example.dk",
                agent_id=agent,
                confirmed_at=NOW,
            ),
            ShopEvent(key="e1", kind="delay", customer_id=who, happened_at=NOW, told_at=NOW),
            StackedDraft(stack_id=stack, conversation_id=here, version=1, taken_out_at=NOW, stacked_at=NOW),
            SignedPost(key="p1", taken_at=NOW),
            Erasure(number="c1", erased_at=NOW),
            ForgottenAddress(fingerprint="f1", erased_at=NOW),
            HouseKey(name="fingerprints", value="00", made_at=NOW),
            StoredFile(
                conversation_id=here,
                message_row_id=message,
                name="a.txt",
                size_bytes=1,
                sha256="0",
                stored_at=NOW,
            ),
            UnsubscribeLink(token="t1", customer_id=who, created_at=NOW),
            MailboxHealth(mailbox="hej@x.dk", read_at=NOW),
            Nudge(
                agent_id=agent,
                conversation_id=here,
                message_row_id=message,
                category="demands_proof",
                answered_at=NOW,
                created_at=NOW,
            ),
            MutedCategory(agent_id=agent, category="demands_proof", muted_at=NOW, lifted_at=NOW),
            InternalChannel(channel="C9", standing=ChannelStanding.ARCHIVED, checked_at=NOW, changed_at=NOW),
        ]
    )


def _strike_and_follow_up(session: Session, case: Conversation, message: Message) -> None:
    from storage import customers, follow_ups, promises

    here = builders.identity(case)
    customers.add_strike(session, case.customer_id, here, "late_delivery", NOW.date())
    follow_up = follow_ups.schedule(session, builders.follow_up(case, builders.agent(session)), NOW)
    feedback.add(session, here, builders.identity(follow_up), builders.identity(message), NOW)
    new = promises.NewPromise("reply:1:1#1", "Jeg skriver senest fredag.", NOW, True, False, NOW)
    promises.note(session, here, None, new, NOW)
