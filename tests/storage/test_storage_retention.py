"""What is older than the house keeps it is forgotten, kind by kind, and nothing else."""

from datetime import UTC, date, datetime, timedelta
from importlib.resources import files
from typing import Any

import builders
import pytest
import yaml
from builders import NOW, identity
from scenes import Scene, house
from sqlalchemy import Engine, func, select
from sqlmodel import Session, SQLModel

from bot.errors import ConfigError
from bot.records.keeping import forget_old
from bot.rules.policy import parse_policy
from storage import audit, outbox, refunds, retention
from storage.engine import reading, transaction
from storage.retention import (
    forget_audit,
    forget_drafts,
    forget_files,
    forget_messages,
    forget_notes,
    forget_orders,
)
from storage.tables import (
    AuditEvent,
    CardState,
    Conversation,
    ConversationState,
    CustomerNote,
    FollowUpState,
    Message,
    Order,
    OutboxItem,
    OutboxState,
    RefundState,
    StoredFile,
    Suggestion,
)

OLD = NOW - timedelta(days=2000)
CUT = NOW - timedelta(days=1000)


def count(session: Session, table: type[SQLModel]) -> int:
    return int(session.execute(select(func.count()).select_from(table)).scalar_one())


def old_case(session: Session, **fields: Any) -> Conversation:
    """Resolved long ago, with a message, a sent draft and its mail."""
    given = {
        "state": ConversationState.RESOLVED,
        "opened_at": OLD,
        "resolved_at": OLD,
        "last_customer_message_at": OLD,
    }
    case = builders.conversation(session, **(given | fields))
    message = builders.message(session, case, at=OLD)
    builders.suggestion(
        session,
        case,
        message,
        state=CardState.SENT,
        created_at=OLD,
        final_text="Hej igen",
        context={"name": "Mette"},
    )
    outbox.put(session, f"reply:{case.id}:1", "mail", {"text": "Hej"}, OLD, lane="c", conversation_id=case.id)
    row = outbox.by_key(session, f"reply:{case.id}:1")
    assert row is not None
    row.state = OutboxState.SENT
    session.flush()
    return case


def test_what_was_said_in_a_case_resolved_long_ago_goes_with_all_that_hangs_on_it(engine: Engine) -> None:
    with transaction(engine) as session:
        case = identity(old_case(session))
        outbox.put(session, f"card:{case}", "card", {}, OLD, lane="x", conversation_id=case)
        card = outbox.by_key(session, f"card:{case}")
        assert card is not None
        card.state, card.receipt = OutboxState.SENT, {"channel": "CTRIAGE", "ts": "1.2"}
    with transaction(engine) as session:
        assert forget_messages(session, CUT, NOW) == 1
        assert forget_messages(session, CUT, NOW) == 0
    with reading(engine) as session:
        assert (count(session, Message), count(session, Suggestion)) == (0, 0)
        (left,) = session.execute(select(OutboxItem)).scalars().all()
        assert (left.kind, left.payload["ts"], left.conversation_id) == ("erase_post", "1.2", None)
        assert session.get_one(Conversation, case).subject == ""


@pytest.mark.parametrize(
    "fields",
    [
        {"state": ConversationState.OPEN},
        {"resolved_at": NOW},
        {"state": ConversationState.SNOOZED},
    ],
)
def test_a_case_that_is_open_or_fresh_keeps_its_words(engine: Engine, fields: dict[str, Any]) -> None:
    with transaction(engine) as session:
        old_case(session, **fields)
        assert forget_messages(session, CUT, NOW) == 0


def test_a_case_waits_for_its_money_its_follow_up_and_its_mail(engine: Engine) -> None:
    with transaction(engine) as session:
        agent = builders.agent(session)
        first, second, third = (old_case(session) for _ in range(3))
        refunds.add(session, builders.ask(first, None), identity(agent), approved=True, now=OLD)
        session.add(builders.follow_up(second, agent, state=FollowUpState.SCHEDULED))
        outbox.put(session, "reply:waits", "mail", {}, NOW, lane="c", conversation_id=third.id)
        session.flush()
        assert forget_messages(session, CUT, NOW) == 0


def test_a_case_in_which_somebody_wrote_lately_keeps_its_words(engine: Engine) -> None:
    with transaction(engine) as session:
        case = old_case(session)
        builders.message(session, case, automatic="auto_reply", at=NOW)
        assert forget_messages(session, CUT, NOW) == 0


def test_old_drafts_lose_their_words_and_keep_what_the_figures_count(engine: Engine) -> None:
    with transaction(engine) as session:
        case = old_case(session, resolved_at=NOW)
        builders.suggestion(session, case, version=2, created_at=OLD)
        open_case = builders.conversation(session)
        builders.suggestion(session, open_case, state=CardState.SENT, created_at=OLD)
        assert forget_drafts(session, CUT, NOW) == 1
        assert forget_drafts(session, CUT, NOW) == 0
    with reading(engine) as session:
        gone, live, kept = session.execute(select(Suggestion).order_by("id")).scalars().all()
    assert (gone.text, gone.final_text, gone.context, gone.state) == ("", "", {}, CardState.SENT)
    assert (live.state, bool(live.text), bool(kept.text)) == (CardState.NEW, True, True)


def test_old_files_go_and_their_copies_in_slack_are_taken_down(engine: Engine) -> None:
    with transaction(engine) as session:
        case = builders.conversation(session)
        for stored_at in (OLD, NOW):
            session.add(
                StoredFile(
                    conversation_id=identity(case), name="a", size_bytes=1, sha256="", stored_at=stored_at
                )
            )
        session.flush()
        outbox.put(session, "file:1", "file", {"file_id": 1}, OLD, lane="f", conversation_id=case.id)
        row = outbox.by_key(session, "file:1")
        assert row is not None
        row.state, row.receipt = OutboxState.SENT, {"channel": "CTRIAGE", "file": "F1"}
    with transaction(engine) as session:
        assert forget_files(session, CUT, NOW) == 1
    with reading(engine) as session:
        assert count(session, StoredFile) == 1
        (left,) = session.execute(select(OutboxItem)).scalars().all()
        assert (left.kind, left.payload["file"]) == ("erase_post", "F1")


def test_notes_go_at_their_own_end(engine: Engine) -> None:
    with transaction(engine) as session:
        person = identity(builders.customer(session))
        for ends in (NOW, NOW + timedelta(days=1), None):
            session.add(CustomerNote(customer_id=person, text="kat", created_at=OLD, expires_at=ends))
        session.flush()
        assert forget_notes(session, NOW, NOW) == 1


def test_the_record_goes_when_its_time_is_over(engine: Engine) -> None:
    with transaction(engine) as session:
        audit.record(session, "reply_sent", OLD)
        audit.record(session, "reply_sent", NOW)
        session.flush()
        assert forget_audit(session, CUT, NOW) == 1
        assert count(session, AuditEvent) == 1


def test_old_orders_go_with_their_money_unless_something_newer_hangs_on_them(engine: Engine) -> None:
    with transaction(engine) as session:
        agent, case = identity(builders.agent(session)), builders.conversation(session)
        old = builders.order(session, placed_at=OLD)
        newer = builders.order(session, placed_at=OLD)
        builders.order(session, placed_at=NOW)
        case.order_id = old
        settled = refunds.add(session, builders.ask(case, old), agent, approved=True, now=OLD)
        assert settled is not None
        settled.state = RefundState.SETTLED
        refunds.add(session, builders.ask(case, newer), agent, approved=True, now=NOW)
        session.flush()
        assert forget_orders(session, CUT, NOW) == 2
        assert forget_orders(session, CUT, NOW) == 0
        assert count(session, Order) == 2


@pytest.mark.parametrize(
    ("kind", "now", "before"),
    [
        ("orders", date(2026, 6, 1), date(2021, 1, 1)),
        ("orders", date(2025, 12, 30), date(2020, 1, 1)),
        ("orders", date(2026, 1, 2), date(2021, 1, 1)),
        ("raw", date(2026, 3, 31), date(2026, 3, 1)),
    ],
)
def test_orders_are_counted_from_the_end_of_their_year(kind: str, now: date, before: date) -> None:
    found = house().policy.keep.before(kind, datetime(now.year, now.month, now.day, 9, tzinfo=UTC))
    assert found.date() == before


def test_how_long_is_the_houses_own_word() -> None:
    shipped = yaml.safe_load((files("bot") / "rules" / "policy.yaml").read_text(encoding="utf-8"))
    assert parse_policy(shipped, {"keep": {"messages": 400}}).keep.messages == 400
    with pytest.raises(ConfigError, match=r"keep\.messages"):
        parse_policy(shipped, {"keep": {"messages": 0}})


async def test_it_runs_by_itself_in_small_batches_and_the_record_says_how_much(
    scene: Scene, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(retention, "BATCH", 2)
    monkeypatch.setattr(retention, "FEW", 2)
    with transaction(scene.parts.engine) as session:
        for _ in range(5):
            old_case(session)
    assert await forget_old(scene.parts) == {"drafts": 5, "messages": 5}
    assert await forget_old(scene.parts) == {}
    (event,) = scene.rows(AuditEvent)
    assert (event.action, event.details) == ("data_forgotten", {"drafts": 5, "messages": 5})
