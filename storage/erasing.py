"""Erasing one person from every table, in one transaction. What bookkeeping needs stays, and names nobody.

The order matters against workers at the same moment: what has arrived is stopped first, then what would leave,
then the conversations are held, and only then is anything deleted.
"""

import secrets
from collections.abc import Collection, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy import case, delete, func, null, or_, select, update
from sqlmodel import Session, SQLModel, col

from storage import erasing_traffic, forgotten, persons, stacks
from storage.engine import changed
from storage.erasing_traffic import Arrival
from storage.persons import WholePerson
from storage.tables import (
    AddressKind,
    CardState,
    ConfirmedPerson,
    Consent,
    Conversation,
    ConversationState,
    Customer,
    CustomerAddress,
    CustomerNote,
    Erasure,
    FeedbackAnswer,
    FollowUp,
    Join,
    KnownField,
    Message,
    Nudge,
    Order,
    OrderLine,
    Payment,
    Promise,
    Refund,
    RefundState,
    Shipment,
    ShopEvent,
    StackedDraft,
    StoredFile,
    Strike,
    Suggestion,
    UnsubscribeLink,
    WaitingOn,
)

BOOKKEEPING = "bookkeeping law: vouchers are kept five years from the end of their year, without a name"
NOT_BY_FILE = "a keyed fingerprint, so that the shop's next file does not bring the person back"
NOT_AGAIN = "a fingerprint without content, so that the same delivery cannot come in a second time"
#: What a money movement that is not over yet is.
UNFINISHED = (RefundState.REQUESTED, RefundState.APPROVED)
#: Rows that hang on a conversation and go with it.
OF_CONVERSATION: tuple[tuple[str, Any], ...] = (
    ("files", StoredFile),
    ("answers to follow-ups", FeedbackAnswer),
    ("follow-ups", FollowUp),
    ("promises", Promise),
    ("drafts", Suggestion),
    ("strikes", Strike),
    ("confirmations", ConfirmedPerson),
    ("shop events", ShopEvent),
    ("places in stacks", StackedDraft),
    ("remarks to colleagues", Nudge),
    ("messages", Message),
)
OF_CUSTOMER: tuple[tuple[str, Any], ...] = (
    ("strikes", Strike),
    ("confirmations", ConfirmedPerson),
    ("shop events", ShopEvent),
    ("fields", KnownField),
    ("consents", Consent),
    ("notes", CustomerNote),
    ("unsubscribe links", UnsubscribeLink),
    ("addresses", CustomerAddress),
)
#: A card's row without anything that was understood or written.
NO_DRAFT: dict[str, Any] = {
    "subject": "", "text": "", "reading": {}, "context": {}, "hints": [], "remedy": null(), "follow_up": null(),
    "speaks_for": [], "undo": {},
    "dismiss_reason": "",
}  # fmt: skip


class OpenMoney(Exception):
    """Refunds are promised and not settled: their numbers. Nothing has changed."""

    def __init__(self, refunds: Sequence[int]) -> None:
        super().__init__(f"refunds {', '.join(map(str, refunds))} are not settled")
        self.refunds = tuple(refunds)


@dataclass(slots=True)
class Erased:
    """The certificate, and what is still to be told elsewhere."""

    certificate: Erasure
    #: Conversations of other people in which this person wrote: their cards are to be shown anew.
    touched: list[int] = field(default_factory=list)
    #: Stacks in which a draft of theirs stood.
    stacks: list[int] = field(default_factory=list)


def erase(
    session: Session,
    customer_id: int,
    arrivals: Collection[Arrival],
    channel: str,
    now: datetime,
    *,
    fingerprints: bool = True,
) -> Erased:
    """Erase the person, for good. `arrivals` are theirs among what came in; `channel` is where cards stand. With
    `fingerprints` a file of the shop does not bring them back.

    Raises InHand while something to them is being sent, OpenMoney while a refund is not settled; then nothing
    may be committed.
    """
    gone: dict[str, int] = {}
    person = persons.whole(session, customer_id)
    before = persons.conversations_of(session, person)
    spoken = _message_ids(session, [each.id or 0 for each in before])
    gone["raw messages"] = erasing_traffic.empty_arrivals(
        session, arrivals, [each.lane for each in before], spoken, now
    )
    _hold(session, person)
    cases = persons.conversations_of(session, person)
    ids = [each.id or 0 for each in cases]
    _refuse_open_money(session, person, ids)
    number = secrets.token_hex(8)
    elsewhere = _written_elsewhere(session, person, ids)
    rows = erasing_traffic.outbox_rows(session, ids, person, now)
    quarantined = erasing_traffic.quarantined(session, [each.id for each in arrivals])
    files = _files_of(session, elsewhere)
    gone |= erasing_traffic.take_back(session, rows, quarantined, files, channel, number, now)
    _blank_elsewhere(session, person, elsewhere, gone)
    stacked = stacks.of_conversations(session, ids)
    for kind, table in OF_CONVERSATION:
        _delete(session, gone, kind, table, col(table.conversation_id).in_(ids))
    for kind, table in OF_CUSTOMER:
        _delete(session, gone, kind, table, col(table.customer_id).in_(person.ids))
    either = or_(col(Join.kept_id).in_(person.ids), col(Join.gone_id).in_(person.ids))
    _delete(session, gone, "joinings", Join, either)
    kept = _bookkeeping(session, person, cases, gone)
    erasing_traffic.clean_audit(session, ids, person, kept.pop("_shells"))
    _blank_customer(session, person, now)
    if fingerprints:
        count = forgotten.remember(session, person.values(AddressKind.EMAIL), now)
        kept["address fingerprints"] = {"rows": count, "why": NOT_BY_FILE}
    certificate = _certified(session, number, gone, kept, now)
    return Erased(certificate, sorted(set(elsewhere.values())), stacked)


def _certified(
    session: Session, number: str, gone: dict[str, int], kept: dict[str, Any], now: datetime
) -> Erasure:
    certificate = Erasure(
        number=number,
        gone={kind: count for kind, count in gone.items() if count},
        kept={kind: told for kind, told in kept.items() if told["rows"]},
        erased_at=now,
    )
    session.add(certificate)
    session.flush()
    return certificate


def _hold(session: Session, person: WholePerson) -> None:
    """Nobody begins a case for them, or writes in one, until this is over."""
    for table, column in ((Customer, Customer.id), (Conversation, Conversation.customer_id)):
        held = select(col(table.id)).where(col(column).in_(person.ids)).with_for_update()
        session.execute(held.order_by(col(table.id))).all()


def _message_ids(session: Session, ids: Sequence[int]) -> list[str]:
    here = (col(Message.conversation_id).in_(ids), col(Message.message_id).is_not(None))
    return [str(each) for each in session.execute(select(col(Message.message_id)).where(*here)).scalars()]


def _refuse_open_money(session: Session, person: WholePerson, ids: Sequence[int]) -> None:
    orders = select(col(Order.id)).where(col(Order.customer_id).in_(person.ids))
    theirs = or_(col(Refund.conversation_id).in_(ids), col(Refund.order_id).in_(orders))
    open_money = select(col(Refund.id)).where(theirs, col(Refund.state).in_(UNFINISHED))
    found = [each for each in session.execute(open_money.order_by(col(Refund.id))).scalars() if each]
    if found:
        raise OpenMoney(found)


def _delete(session: Session, gone: dict[str, int], kind: str, table: type[SQLModel], where: Any) -> None:
    statement = delete(table).where(where).execution_options(synchronize_session=False)
    gone[kind] = gone.get(kind, 0) + changed(session, statement)


def _written_elsewhere(session: Session, person: WholePerson, ids: Sequence[int]) -> dict[int, int]:
    """Messages they wrote in other people's conversations: message to conversation."""
    here = (col(Message.customer_id).in_(person.ids), col(Message.conversation_id).not_in(ids))
    rows = session.execute(select(col(Message.id), col(Message.conversation_id)).where(*here))
    return {row[0]: row[1] for row in rows}


def _files_of(session: Session, messages: Collection[int]) -> list[int]:
    here = select(col(StoredFile.id)).where(col(StoredFile.message_row_id).in_(messages))
    return [each for each in session.execute(here).scalars() if each is not None]


def _blank_elsewhere(
    session: Session, person: WholePerson, messages: Collection[int], gone: dict[str, int]
) -> None:
    """Empty those messages and what was made of them; answers no longer go to the person from anywhere."""
    erasing_traffic.answer_elsewhere(session, person)
    blank: dict[str, Any] = {
        "text": "", "reply": "", "sender_name": "", "attachments": [], "message_id": None, "body_hash": None,
        "team": None, "slack_channel": None, "ts": None, "customer_id": person.id,
    }  # fmt: skip
    emptied = update(Message).where(col(Message.id).in_(messages)).values(**blank)
    gone["messages"] = changed(session, emptied.execution_options(synchronize_session=False))
    _delete(session, gone, "files", StoredFile, col(StoredFile.message_row_id).in_(messages))
    answering = col(Suggestion.message_row_id).in_(messages)
    live = col(Suggestion.state) == CardState.NEW
    withdrawn = case((live, CardState.WITHDRAWN.value), else_=col(Suggestion.state))
    drafts = update(Suggestion).where(answering).values(state=withdrawn, final_text=None, **NO_DRAFT)
    gone["drafts"] = changed(session, drafts.execution_options(synchronize_session=False))


def _bookkeeping(
    session: Session, person: WholePerson, cases: Sequence[Conversation], gone: dict[str, int]
) -> dict[str, Any]:
    """Orders and money under a number that names nobody; the cases that money points at stay as empty shells."""
    ids = [each.id or 0 for each in cases]
    orders = [
        each
        for each in session.execute(
            select(col(Order.id)).where(col(Order.customer_id).in_(person.ids))
        ).scalars()
        if each is not None
    ]
    _delete(session, gone, "parcels", Shipment, col(Shipment.order_id).in_(orders))
    session.execute(update(OrderLine).where(col(OrderLine.order_id).in_(orders)).values(name=""))
    session.execute(update(Order).where(col(Order.id).in_(orders)).values(customer_id=person.id))
    pointed_at = select(col(Refund.conversation_id)).where(col(Refund.conversation_id).in_(ids))
    shells = set(session.execute(pointed_at).scalars())
    for each in cases:
        if each.id in shells:
            _empty(each, person.id)
            session.add(each)
    session.flush()
    empty = [each for each in ids if each not in shells]
    _delete(session, gone, "conversations", Conversation, col(Conversation.id).in_(empty))

    def counted(table: Any, column: Any, among: Collection[int]) -> dict[str, Any]:
        number = session.execute(
            select(func.count()).select_from(table).where(column.in_(among))
        ).scalar_one()
        return {"rows": int(number), "why": BOOKKEEPING}

    return {
        "orders": counted(Order, col(Order.id), orders),
        "order lines": counted(OrderLine, col(OrderLine.order_id), orders),
        "payments": counted(Payment, col(Payment.order_id), orders),
        "refunds": counted(Refund, col(Refund.conversation_id), ids),
        "emptied conversations": {"rows": len(shells), "why": BOOKKEEPING},
        "fingerprints": {"rows": gone["raw messages"], "why": NOT_AGAIN},
        "_shells": shells,
    }


def _empty(case: Conversation, customer_id: int) -> None:
    """A conversation that only holds the money together."""
    case.customer_id, case.agent_id, case.subject = customer_id, None, ""
    case.state, case.waiting_on = ConversationState.RESOLVED, WaitingOn.CUSTOMER
    case.version += 1
    case.lane, case.reply_token = f"erased:{case.id}", f"erased-{secrets.token_hex(12)}"
    case.bala, case.language, case.customer_type = "need", "", None
    case.intent, case.intent_corrected, case.feeling, case.urgent = "other", False, 0, False
    case.mailbox = case.answer_to = ""
    case.by_form, case.stands_alone, case.answered_with_id = False, False, None
    case.known_agent_id, case.snoozed_until = None, None
    case.team = case.slack_channel = case.thread_ts = None


def _blank_customer(session: Session, person: WholePerson, now: datetime) -> None:
    """One row that says that somebody was erased; those who were joined to it go."""
    others = [each for each in person.ids if each != person.id]
    session.execute(update(Customer).where(col(Customer.id).in_(person.ids)).values(joined_to_id=None))
    session.execute(
        delete(Customer).where(col(Customer.id).in_(others)).execution_options(synchronize_session=False)
    )
    customer = session.get_one(Customer, person.id, populate_existing=True)
    customer.preferred_name = customer.language = customer.past_languages = customer.country = ""
    customer.since_at = customer.created_at = customer.erased_at = now
    customer.no_follow_ups = True
    session.add(customer)
    session.flush()
