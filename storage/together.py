"""Open cases of one person that may share one card and one reply. Which of them do is for `bot.together` to say."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import select
from sqlmodel import Session, col

from storage import audit, conversations
from storage.tables import (
    CardState,
    Conversation,
    ConversationState,
    Customer,
    Suggestion,
    WaitingOn,
)

#: More open cases than this do not fit on one card.
MOST_CASES = 10
#: What a copied draft starts anew with.
_DECIDED = {
    "id",
    "version",
    "state",
    "created_at",
    "decided_at",
    "decided_by",
    "final_text",
    "dismiss_reason",
    "undo",
    "kept_files",
    "with_house_file",
}


def waiting(session: Session, customer_id: int) -> list[Conversation]:
    """The cases of a person that wait for us and were not taken apart; the one with the newest message first."""
    here = (
        col(Conversation.customer_id) == customer_id,
        col(Conversation.state) == ConversationState.OPEN,
        col(Conversation.waiting_on) == WaitingOn.US,
        col(Conversation.stands_alone).is_(False),
    )
    newest = (col(Conversation.last_customer_message_at).desc(), col(Conversation.id).desc())
    return list(
        session.execute(select(Conversation).where(*here).order_by(*newest).limit(MOST_CASES)).scalars()
    )


def answered_with(session: Session, lead: Conversation) -> list[Conversation]:
    """The cases that this one's reply answered too, in the order of their ids."""
    here = (
        col(Conversation.answered_with_id) == lead.id,
        col(Conversation.customer_id) == lead.customer_id,
        col(Conversation.id) != lead.id,
    )
    return list(session.execute(select(Conversation).where(*here).order_by(col(Conversation.id))).scalars())


def cards_beside(session: Session, conversation_id: int) -> list[int]:
    """Cases whose cards may look different when this one has changed."""
    case = session.get(Conversation, conversation_id)
    if case is None:
        return []
    mine = waiting(session, case.customer_id)
    found = {each.id or 0 for each in (*mine, *answered_with(session, case))} - {conversation_id}
    carded = select(col(Suggestion.conversation_id)).where(col(Suggestion.conversation_id).in_(found))
    return sorted(set(session.execute(carded).scalars())) if found else []


def hold_person(session: Session, customer_id: int) -> None:
    """Two messages of one person at one moment, in two cases: the second to be written down sees the first."""
    session.get(Customer, customer_id, with_for_update={"key_share": True})


def draft_again(session: Session, case: Conversation, now: datetime) -> Suggestion | None:
    """Put the case's newest draft back on its card as a new version; None where it has one that can be pressed."""
    assert case.id is not None
    latest = conversations.latest_suggestion(session, case.id)
    if latest is None or latest.state is CardState.NEW:
        return None
    kept = latest.model_dump(exclude=_DECIDED)
    version = conversations.next_version(session, case.id)
    again = Suggestion(**kept, version=version, state=CardState.NEW, created_at=now)
    again.speaks_for = []
    session.add(again)
    session.flush()
    return again


def wait_again(session: Session, case: Conversation, now: datetime) -> None:
    """It was answered in another case, and is not any more: it waits for us, with its draft."""
    case.answered_with_id = None
    case.state, case.waiting_on, case.resolved_at = ConversationState.OPEN, WaitingOn.US, None
    session.add(case)
    session.flush()
    draft_again(session, case, now)


def parted(session: Session, customers: Sequence[int], now: datetime) -> list[int]:
    """Two persons were taken for one: what was answered in the other's letter has reached nobody, and waits again."""
    here = (
        col(Conversation.customer_id).in_(customers),
        col(Conversation.answered_with_id).is_not(None),
    )
    apart = []
    for case in session.execute(select(Conversation).where(*here).order_by(col(Conversation.id))).scalars():
        lead = session.get(Conversation, case.answered_with_id)
        if lead is None or lead.customer_id == case.customer_id:
            continue
        wait_again(session, case, now)
        audit.record(session, "answered_apart", now, conversation_id=case.id, subject_id=lead.id)
        apart.append(case.id or 0)
    return apart
