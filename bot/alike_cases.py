"""Cases about the same thing: from so many on, their drafts stand in one stack, beside the cards of their own.

It happens in the transaction that writes a draft down. Whatever takes a case out of the stack again (a colleague takes
it, the customer writes otherwise, or from elsewhere) follows from the rows: see `storage.stacks.live`.
"""

import hashlib
from collections.abc import Callable
from dataclasses import asdict
from datetime import datetime

from sqlmodel import Session

from bot import together
from bot.card_rows import refresh_card
from bot.drafting import Draft
from bot.rules.alike import WITHIN, Likeness, OpenDraft, likeness, make_a_stack, may_be_alike
from bot.views.remedies import remedy_of
from storage import alike, audit, stacks
from storage.alike import Waiting


def among_alike(
    session: Session, write: Callable[[Session], int | None], draft: Draft, stack_from: int, now: datetime
) -> int | None:
    """What `write` does, which writes the draft down and returns its case, and the draft's place among those like it.

    `stack_from` is the number from which on the house wants a stack; 0 is never.
    """
    _hold_those_alike(session, stack_from, draft)
    written = write(session)
    if written is not None:
        _put_with_alike(session, written, stack_from, now)
    return written


def _hold_those_alike(session: Session, stack_from: int, draft: Draft) -> None:
    """Before a draft is written down: many at one moment find each other."""
    decision = draft.decision
    if stack_from and decision.template is not None and may_be_alike(decision.intent):
        alike.hold(session, decision.template)


def _put_with_alike(session: Session, conversation_id: int, stack_from: int, now: datetime) -> None:
    """Put the draft of a case into the stack of those like it, or make one where they are enough.

    A draft that was there and is not like them any more stays where it is: on its own card.
    """
    found = alike.waiting(session, only=conversation_id) if stack_from else []
    shared = _likeness(session, found[0]) if found else None
    if shared is None:
        return
    since = now - WITHIN
    stack_id = alike.current(session, _prefix(shared), since)
    if stack_id is not None:
        # Who has had the letter, and asks again, is not answered with the same one.
        if not stacks.sent_to(session, stack_id, found[0].conversation.customer_id):
            _put(session, stack_id, found, now)
        return
    others = alike.waiting(session, like=found[0].suggestion, since=since)
    group = [each for each in others if _likeness(session, each) == shared]
    if not make_a_stack(len(group), stack_from):
        return
    first = group[0].conversation
    key = f"{_prefix(shared)}{first.id}"
    stack_id = alike.make(
        session, key, shared.intent, shared.tie, shared.cause, first.last_customer_message_at, now
    )
    audit.record(session, "stack_made", now, subject_id=stack_id, drafts=len(group))
    _put(session, stack_id, group, now)


def _prefix(shared: Likeness) -> str:
    told = "|".join(map(str, asdict(shared).values()))
    return f"alike:{hashlib.sha256(told.encode()).hexdigest()[:24]}:"


def _put(session: Session, stack_id: int, drafts: list[Waiting], now: datetime) -> None:
    for each in drafts:
        case_id = each.conversation.id or 0
        stacks.put(session, stack_id, case_id, each.suggestion.version, wrote_first=True, now=now)
    session.flush()
    for each in drafts:
        refresh_card(session, each.conversation.id or 0, now)


def _likeness(session: Session, waiting: Waiting) -> Likeness | None:
    found = likeness(_as_told(waiting))
    # Last: it asks the database.
    if found is None or not together.is_theirs(session, waiting.conversation, waiting.suggestion):
        return None
    return found


def _as_told(waiting: Waiting) -> OpenDraft:
    """Rows as the rule sees them: the letter that stands there, and everything that was said in the case."""
    suggestion, readings = waiting.suggestion, waiting.readings
    reading, remedy = suggestion.reading, remedy_of(suggestion)
    intents = reading.get("intents") or [{}]
    return OpenDraft(
        intent=suggestion.intent,
        situation=suggestion.situation,
        template=suggestion.template or "",
        words=f"{waiting.conversation.subject}\n{waiting.message.reply or waiting.message.text}",
        carriers=waiting.carriers,
        products=waiting.products,
        wish=str(reading.get("wish") or ""),
        confidence=float(intents[0].get("confidence") or 0),
        feeling=max(int(each.get("feeling") or 0) for each in readings),
        urgent=any(each.get("urgent") for each in readings),
        second_bad_experience=suggestion.second_chance
        or any(each.get("second_bad_experience") for each in readings),
        owner_only=suggestion.owner_only is not None or any(each.get("owner_only") for each in readings),
        findings=suggestion.findings_drafted,
        answers_more=bool(suggestion.speaks_for) or bool(suggestion.context.get("also")),
        needs_a_look=remedy is not None and (not remedy.within_authority or remedy.needs_second_check),
        answered_before=waiting.answered_before,
    )
