"""The rows behind a card: its one outbox row, its versions, and the notes in its thread."""

from dataclasses import asdict
from datetime import datetime
from typing import Any

from sqlmodel import Session

from bot.drafting import Draft
from bot.masking import mask
from bot.speech import to_keep
from storage import conversations, outbox, stacks, together
from storage.tables import CardState, Suggestion


class Moved(Exception):
    """The conversation changed since it was read: read it again and decide anew."""


def card_key(conversation_id: int) -> str:
    """The one outbox row of a conversation's card."""
    return f"card:{conversation_id}"


def refresh_card(session: Session, conversation_id: int, now: datetime) -> None:
    """Have the card posted or updated; its blocks are built from the rows when it goes.

    So are the cards of the person's other open cases: which of them leads may be another now.
    """
    # In the order of their ids: two who refresh the same cards never wait for each other in a ring.
    changed = set()
    for each in sorted({conversation_id, *together.cards_beside(session, conversation_id)}):
        rows = stacks.rows_of(session, each)
        changed |= {row.stack_id for row in rows}
        if stacks.needs_card(session, rows, now):
            outbox.refresh(session, card_key(each), "card", {}, now, conversation_id=each)
    for stack_id in sorted(changed):
        refresh_stack(session, stack_id, now)


def stack_key(stack_id: int) -> str:
    """The one outbox row of a stack's card."""
    return f"stack:{stack_id}"


def refresh_stack(session: Session, stack_id: int, now: datetime) -> None:
    """Have a stack's card posted or updated."""
    payload = {"stack_id": stack_id}
    outbox.refresh(session, stack_key(stack_id), "stack", payload, now, conversation_id=None)


def note(
    session: Session, key: str, conversation_id: int, text: str, now: datetime, mention: str = ""
) -> bool:
    """A line in the card's internal thread; False where that key was said before.

    A case that only stands in a stack gets its card.
    """
    if stacks.take_out(session, conversation_id, now):
        refresh_card(session, conversation_id, now)
    payload = {"text": text, "mention": mention}
    lane = card_key(conversation_id)
    row = outbox.put(session, key, "note", payload, now, lane=lane, conversation_id=conversation_id)
    return row is not None


def add_suggestion(
    session: Session,
    conversation_id: int,
    message_row_id: int,
    draft: Draft,
    now: datetime,
    state: CardState = CardState.NEW,
) -> Suggestion:
    """A new version of the card; the old one is withdrawn and its buttons are refused."""
    conversations.withdraw_live(session, conversation_id, now)
    decision = draft.decision
    suggestion = Suggestion(
        conversation_id=conversation_id,
        message_row_id=message_row_id,
        version=conversations.next_version(session, conversation_id),
        state=state,
        rule=decision.rule,
        passed=list(decision.passed),
        reading=_as_json(asdict(draft.reading)),
        intent=decision.intent,
        situation=decision.situation.value,
        template=decision.template,
        language=decision.language,
        remedy=_as_json(asdict(decision.remedy)) if decision.remedy else None,
        follow_up=_as_json(asdict(decision.follow_up)) if decision.follow_up else None,
        context=_as_json(decision.context),
        owner_only=decision.owner_only,
        speaks_for=list(draft.speaks_for),
        second_chance=decision.second_chance,
        subject=draft.rendered.subject if draft.rendered else "",
        text=draft.rendered.text if draft.rendered else "",
        hints=list(map(to_keep, draft.hints)),
        findings_drafted=len(draft.findings),
        created_at=now,
    )
    session.add(suggestion)
    session.flush()
    return suggestion


def _as_json(values: dict[str, Any]) -> dict[str, Any]:
    """Dates as ISO text, tuples as lists: what a JSON column takes. Secret numbers are masked here too."""

    def one(value: object) -> object:
        if isinstance(value, datetime):
            return value.isoformat()
        if isinstance(value, dict):
            return {key: one(each) for key, each in value.items()}
        if isinstance(value, (list, tuple)):
            return [one(each) for each in value]
        return mask(value) if isinstance(value, str) else value

    return {key: one(value) for key, value in values.items()}
