"""One customer with a value of its own in every column that holds text, of every table."""

from collections.abc import Iterable
from typing import Any

import builders
from builders import NOW, identity
from sqlalchemy import JSON, Enum, LargeBinary, String, inspect, select
from sqlmodel import Session, SQLModel

from storage import audit, orders, outbox, stacks
from storage.tables import (
    AddressKind,
    AuditEvent,
    CardState,
    ConfirmedPerson,
    Consent,
    CustomerAddress,
    CustomerNote,
    Direction,
    FeedbackAnswer,
    FollowUpState,
    InboxItem,
    InboxState,
    Join,
    JoinState,
    KnownField,
    Nudge,
    OutboxItem,
    OutboxState,
    Promise,
    Quarantine,
    Refund,
    RefundState,
    ShopEvent,
    StackedDraft,
    StoredFile,
    Strike,
    UnsubscribeLink,
)

#: Tables that know of no customer, and those that name nobody by their nature.
OF_NOBODY = frozenset(
    {
        "agents",
        "watched_channels",
        "watched_threads",
        "mailbox_cursors",
        "mailbox_health",
        "signed_posts",
        "muted_categories",
        "internal_channels",
        "stacks",
        "stacked_drafts",
        "erasures",
        "forgotten_addresses",
        "house_keys",
        "published_wordings",
    }
)
#: What bookkeeping keeps, codes that are not the person's, keys without content, and who did what.
STAYS = frozenset(
    {
        "orders.number", "orders.currency", "orders.country", "payments.reference", "refunds.key", "refunds.kind",
        "refunds.tier", "refunds.currency", "inbox.external_id", "inbox.source", "inbox.kind", "outbox.kind",
        "conversations.channel", "audit_events.action", "order_lines.kind", "customers.country",
    }
)  # fmt: skip
#: What must look like something for the program to find it.
SHAPED = {"customer_addresses.value": "{}@example.dk", "confirmed_persons.address": "{}@example.dk"}
#: What hangs together by it.
SAME_AS = {"inbox.lane": "conversations.lane"}


def plant(session: Session, email: str = "") -> tuple[int, dict[str, str]]:
    """A customer with everything; the id, and each planted value by its table and column."""
    rows = _rows(session, email)
    planted: dict[str, str] = {}
    for row in rows:
        _mark(row, planted)
        session.add(row)
    session.flush()
    return int(rows[0].id), planted


def _mark(row: Any, planted: dict[str, str]) -> None:
    for column in inspect(type(row)).columns:
        name = f"{column.table.name}.{column.name}"
        if name in STAYS or name in planted or isinstance(column.type, Enum):
            continue
        value = planted.get(SAME_AS.get(name, ""), f"zq{len(planted):03}ÿx")
        if isinstance(column.type, LargeBinary):
            kept: Any = f"From: {value} <a@example.dk>\r\n\r\n{value}".encode()
        elif isinstance(column.type, JSON):
            old = getattr(row, column.name)
            kept = [value] if isinstance(old, list) else {**(old or {}), "said": value}
            if name == "messages.attachments":
                kept = [{"name": value, "type": value, "size_bytes": 1}]
        elif isinstance(column.type, String) or isinstance(getattr(column.type, "impl", None), String):
            kept = SHAPED.get(name, "{}").format(value)
        else:
            continue
        setattr(row, column.name, kept)
        planted[name] = value


def _rows(session: Session, email: str) -> list[Any]:
    """The customer first; then one row of every table, as far as it goes on the same case."""
    customer = builders.customer(session, email)
    joined = builders.customer(session)
    agent = builders.agent(session)
    order_id = builders.order(session, email=_email(session, customer.id))
    case = builders.conversation(session, customer_id=customer.id, order_id=order_id)
    message = builders.message(session, case)
    builders.message(session, case, direction=Direction.OUT, customer_id=None, kind="answer")
    card = builders.suggestion(session, case, message, state=CardState.SENT)
    follow_up = builders.follow_up(case, agent, state=FollowUpState.SENT)
    session.add(follow_up)
    session.flush()
    case_id, customer_id, agent_id = identity(case), identity(customer), identity(agent)
    money = Refund(
        key=f"refund:{case_id}:{order_id}:double_charge:1", conversation_id=case_id, order_id=order_id,
        kind="refund", tier="A", amount_minor=100, currency="DKK", state=RefundState.SETTLED,
        requested_by=agent_id, created_at=NOW, settled_at=NOW,
    )  # fmt: skip
    came = InboxItem(
        source="mail:hej@lampehuset.example", external_id=f"{case_id:064x}", kind="mail", lane=case.lane,
        message_id=message.message_id, raw=b"", state=InboxState.DONE, received_at=NOW, processed_at=NOW,
    )  # fmt: skip
    session.add_all([money, came])
    session.flush()
    stack = stacks.ensure(session, "event:e1", "delay", NOW, NOW)
    hanging = [
        Strike(
            customer_id=customer_id, conversation_id=case_id, kind="double_charge", happened_on=NOW.date()
        ),
        Promise(
            key=f"reply:{case_id}:1#1",
            conversation_id=case_id,
            agent_id=agent_id,
            sentence="",
            due_at=NOW,
            warn_at=NOW,
            created_at=NOW,
        ),
        KnownField(customer_id=customer_id, name="town", value="", source="orders", known_at=NOW),
        Consent(customer_id=customer_id, purpose="marketing", given=True, source="orders", given_at=NOW),
        CustomerNote(customer_id=customer_id, text="", created_at=NOW),
        Join(
            kept_id=customer_id, gone_id=identity(joined), state=JoinState.JOINED, because="", proposed_at=NOW
        ),
        ConfirmedPerson(
            conversation_id=case_id, customer_id=customer_id, address="", agent_id=agent_id, confirmed_at=NOW
        ),
        ShopEvent(key="e1", kind="delay", customer_id=customer_id, happened_at=NOW, told_at=NOW),
        StackedDraft(stack_id=stack, conversation_id=case_id, version=1, stacked_at=NOW),
        Nudge(
            agent_id=agent_id,
            conversation_id=case_id,
            message_row_id=identity(message),
            category="",
            created_at=NOW,
        ),
        UnsubscribeLink(token="t", customer_id=customer_id, created_at=NOW),
        FeedbackAnswer(conversation_id=case_id, follow_up_id=follow_up.id, at=NOW),
        StoredFile(
            conversation_id=case_id,
            message_row_id=message.id,
            name="a",
            size_bytes=1,
            sha256="",
            stored_at=NOW,
        ),
        Quarantine(inbox_id=identity(came), error="", happened_at=NOW),
    ]
    joined.joined_to_id = customer_id
    session.add_all(hanging)
    outbox.put(session, f"card:{case_id}", "card", {}, NOW, lane="card:1", conversation_id=case_id)
    audit.record(session, "reply_sent", NOW, conversation_id=case_id, subject_id=card.id, words="")
    session.flush()
    sent = session.execute(select(OutboxItem)).scalars().all()[-1]
    sent.state, sent.sent_at, sent.receipt = OutboxState.SENT, NOW, {"ts": "1.2", "channel": "CTRIAGE"}
    sent.payload = {"channel": "CTRIAGE"}
    book = orders.book(session, order_id)
    assert book is not None
    more: Iterable[Any] = (*book.lines, *book.payments, *book.shipments)
    event = session.execute(select(SQLModel.metadata.tables["audit_events"].c.id)).scalars().all()[-1]
    address = session.execute(
        select(CustomerAddress).where(CustomerAddress.customer_id == joined.id)  # type: ignore[arg-type]
    ).scalar_one()
    return [
        customer, address, case, message, card, follow_up, money, came, *hanging, sent, book.order, *more,
        session.get(AuditEvent, event), joined,
    ]  # fmt: skip


def _email(session: Session, customer_id: int | None) -> str:
    found = session.execute(
        select(CustomerAddress).where(
            CustomerAddress.customer_id == customer_id,  # type: ignore[arg-type]
            CustomerAddress.kind == AddressKind.EMAIL,  # type: ignore[arg-type]
        )
    ).scalar_one()
    return found.value


def everywhere(session: Session) -> str:
    """All rows of all tables as text."""
    found = []
    for table in SQLModel.metadata.sorted_tables:
        for row in session.execute(select(table)).mappings():
            found += [f"{table.name}.{name}={value!r}" for name, value in row.items()]
    return "\n".join(found)
