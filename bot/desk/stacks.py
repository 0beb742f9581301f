"""Many drafts sent together: each by the desk's own Send, with its own checks, letter and record."""

from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import datetime

from sqlmodel import Session

from bot.card_rows import refresh_card, refresh_stack
from bot.desk.press import Desk, Press, acting, conversation_of, why_settled
from bot.desk.replies import send
from bot.desk.undoing import ON_ITS_WAY, undo
from bot.errors import Refused
from bot.gathering import first_name
from bot.promising import settle_done
from bot.speech import mark, say
from storage import alike, audit, conversations, stacks, taking_back
from storage.tables import Agent, CardState, Conversation, Customer, Stack

GONE = mark("This stack is not here any more.")


@dataclass
class StackUndone:
    """What came of pressing Undo on a whole sending."""

    taken_back: int = 0
    #: Cases whose drafts speak of what has not happened; they are marked as out of date.
    outdated: set[int] = field(default_factory=set)


@dataclass
class StackSent:
    """What came of pressing Send on a window of drafts."""

    sent: int = 0
    #: For so many seconds they can be taken back.
    seconds: int = 0
    #: Name and reason.
    refused: list[tuple[str, str]] = field(default_factory=list)


def view_stack(session: Session, slack_user_id: str, stack_id: int, now: datetime) -> str:
    """Somebody reads a stack's letters, which is recorded; how they sign. Raises Refused for strangers."""
    agent = acting(session, slack_user_id)
    _stack(session, stack_id)
    audit.record(session, "stack_opened", now, agent_id=agent.id, subject_id=stack_id)
    return first_name(agent.name)


def _stack(session: Session, stack_id: int) -> Stack:
    stack = session.get(Stack, stack_id)
    if stack is None:
        raise Refused(say(GONE))
    return stack


def send_stack(
    session: Session,
    desk: Desk,
    slack_user_id: str,
    stack_id: int,
    picked: Sequence[tuple[int, int]],
    now: datetime,
) -> StackSent:
    """Send these drafts (case, version), each once whoever presses too; what is refused holds up no other.

    Raises Refused where this person may send nothing.
    """
    agent = acting(session, slack_user_id)
    _stack(session, stack_id)
    if desk.places.shadow:
        raise Refused(say("Shadow mode: cards are made, nothing can be sent. Set TILLID_MODE=live to send."))
    done = StackSent(seconds=desk.house.policy.undo_seconds)
    # All held before the first is written, in the order of their ids: nobody waits for us in a ring.
    held = [each for each in sorted(set(picked)) if _hold(session, each[0])]
    for conversation_id, version in held:
        try:
            with session.begin_nested():
                _send_one(session, desk, Press(slack_user_id, conversation_id, version), stack_id, now)
            done.sent += 1
        except Refused as refusal:
            done.refused.append((_name(session, conversation_id), str(refusal)))
    audit.record(
        session, "stack_sent", now, agent_id=agent.id, subject_id=stack_id, sent=done.sent,
        refused=len(done.refused),
    )  # fmt: skip
    refresh_stack(session, stack_id, now)
    return done


def _hold(session: Session, conversation_id: int) -> bool:
    try:
        conversation_of(session, conversation_id)
    except Refused:
        return False
    return True


def _send_one(session: Session, desk: Desk, press: Press, stack_id: int, now: datetime) -> None:
    case = conversation_of(session, press.conversation_id)
    found = stacks.live(session, stack_id, 1, only=[press.conversation_id])
    if not found or found[0].suggestion.version != press.version:
        raise Refused(_why_not_here(session, case, press))
    if stacks.sent_to(session, stack_id, case.customer_id):
        raise Refused(say("This person has this letter already: two customers turned out to be one."))
    began = not stacks.has_spoken(session, press.conversation_id)
    # Where we began it, nothing is left to do until they answer.
    send(session, desk, press, now, then=_close if began else None)


def _why_not_here(session: Session, case: Conversation, press: Press) -> str:
    latest = conversations.latest_suggestion(session, press.conversation_id)
    if latest is None or latest.state is not CardState.NEW or latest.version != press.version:
        return why_settled(session, latest, press.version)
    agent = session.get(Agent, case.agent_id) if case.agent_id else None
    if agent is not None:
        return say("{name} has this case now: it is answered on its own card.", name=agent.name)
    return say("Somebody took it out: it has a card of its own.")


def _close(session: Session, case: Conversation, now: datetime) -> None:
    stacks.close(session, case, now)
    settle_done(session, case, now)


def undo_stack(
    session: Session, slack_user_id: str, stack_id: int, now: datetime, *, only_own: bool
) -> StackUndone:
    """Take back what was sent from a stack and waits for the seconds of Undo to pass, or what this person sent of it.

    Each is taken back by itself, as Undo on its card does it; what is on its way goes. Raises Refused where all is.
    """
    agent = acting(session, slack_user_id)
    _stack(session, stack_id)
    waiting = [
        each
        for each in taking_back.waiting_in_stack(session, stack_id)
        if not only_own or each.decided_by == agent.id
    ]
    presses = [Press(slack_user_id, each.conversation_id, each.version) for each in waiting]
    cases = {each.conversation_id for each in presses}.union(
        *(each.undo.get("cases", ()) for each in waiting)
    )
    for each in sorted(cases):
        _hold(session, each)
    done = StackUndone()
    for press in presses:
        with suppress(Refused), session.begin_nested():
            done.outdated |= set(undo(session, press, now).outdated)
            done.taken_back += 1
    if not done.taken_back:
        raise Refused(say(ON_ITS_WAY))
    audit.record(session, "stack_undone", now, agent_id=agent.id, subject_id=stack_id, drafts=done.taken_back)
    refresh_stack(session, stack_id, now)
    return done


def _name(session: Session, conversation_id: int) -> str:
    case = session.get(Conversation, conversation_id)
    customer = session.get(Customer, case.customer_id) if case else None
    return (
        (customer.preferred_name if customer else "") or (case.answer_to if case else "") or say("a customer")
    )


def take_out(session: Session, press: Press, now: datetime) -> None:
    """Give one draft of a stack a card of its own. Raises Refused when it is too late."""
    agent = acting(session, press.slack_user_id)
    conversation_of(session, press.conversation_id)
    latest = conversations.latest_suggestion(session, press.conversation_id)
    if latest is None or latest.version != press.version or latest.state is not CardState.NEW:
        raise Refused(why_settled(session, latest, press.version))
    out = (
        stacks.take_out(session, press.conversation_id, now),
        alike.take_out(session, press.conversation_id, now),
    )
    if not any(out):
        raise Refused(say("It has a card of its own already."))
    audit.record(session, "draft_taken_out", now, conversation_id=press.conversation_id, agent_id=agent.id)
    refresh_card(session, press.conversation_id, now)


def close_stack(session: Session, slack_user_id: str, stack_id: int, now: datetime) -> int:
    """Put what is left aside; how many drafts. Those of customers who have written stay on their own cards."""
    agent = acting(session, slack_user_id)
    _stack(session, stack_id)
    left = [each for each in stacks.live(session, stack_id, 100_000) if not each.row.wrote_first]
    for number in sorted(each.row.conversation_id for each in left):
        _hold(session, number)
    count = sum(_dismiss(session, agent, each, now) for each in left)
    alike.close(session, stack_id, now)
    for case_id in stacks.leave_to_cards(session, stack_id, now):
        refresh_card(session, case_id, now)
    audit.record(session, "stack_closed", now, agent_id=agent.id, subject_id=stack_id, drafts=count)
    refresh_stack(session, stack_id, now)
    return count


def _dismiss(session: Session, agent: Agent, each: stacks.Live, now: datetime) -> bool:
    assert agent.id is not None and each.conversation.id is not None
    settled = conversations.settle_card(
        session, each.conversation.id, each.suggestion.version, CardState.DISMISSED, agent.id, now
    )
    if settled is None:
        return False
    stacks.close(session, each.conversation, now)
    audit.record(session, "draft_dismissed", now, conversation_id=each.conversation.id, agent_id=agent.id)
    return True
