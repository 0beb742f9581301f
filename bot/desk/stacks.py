"""Many drafts sent together: each by the desk's own Send, with its own checks, letter and record."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime

from sqlmodel import Session

from bot.card_rows import refresh_card, refresh_stack
from bot.desk.press import Desk, Press, acting, conversation_of, why_settled
from bot.desk.replies import send
from bot.errors import Refused
from bot.gathering import first_name
from bot.promising import settle_done
from storage import audit, conversations, stacks
from storage.tables import Agent, CardState, Conversation, Customer, Stack

GONE = "This stack is not here any more."


@dataclass
class StackSent:
    """What came of pressing Send on a window of drafts."""

    sent: int = 0
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
        raise Refused(GONE)
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
        raise Refused("Shadow mode: cards are made, nothing can be sent. Set TILLID_MODE=live to send.")
    done = StackSent()
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
        latest = conversations.latest_suggestion(session, press.conversation_id)
        if latest is not None and latest.state is CardState.NEW and latest.version == press.version:
            raise Refused("Somebody took it out: it has a card of its own.")
        raise Refused(why_settled(session, latest, press.version))
    if stacks.sent_to(session, stack_id, case.customer_id):
        raise Refused("This person has this letter already: two customers turned out to be one.")
    # Each was read in the window and ticked; there is no card here on which to press Undo.
    send(session, desk, press, now, at_once=True)
    if not stacks.has_spoken(session, press.conversation_id):
        # We began it, and nothing is left to do until they answer.
        stacks.close(session, case, now)
        settle_done(session, case, now)


def _name(session: Session, conversation_id: int) -> str:
    case = session.get(Conversation, conversation_id)
    customer = session.get(Customer, case.customer_id) if case else None
    return (customer.preferred_name if customer else "") or (case.answer_to if case else "") or "a customer"


def take_out(session: Session, press: Press, now: datetime) -> None:
    """Give one draft of a stack a card of its own. Raises Refused when it is too late."""
    agent = acting(session, press.slack_user_id)
    conversation_of(session, press.conversation_id)
    latest = conversations.latest_suggestion(session, press.conversation_id)
    if latest is None or latest.version != press.version or latest.state is not CardState.NEW:
        raise Refused(why_settled(session, latest, press.version))
    if not stacks.take_out(session, press.conversation_id, now):
        raise Refused("It has a card of its own already.")
    audit.record(session, "draft_taken_out", now, conversation_id=press.conversation_id, agent_id=agent.id)
    refresh_card(session, press.conversation_id, now)


def close_stack(session: Session, slack_user_id: str, stack_id: int, now: datetime) -> int:
    """Put what is left aside; how many drafts. Those of customers who have written stay on their own cards."""
    agent = acting(session, slack_user_id)
    _stack(session, stack_id)
    count = 0
    for each in stacks.live(session, stack_id, 100_000):
        if not each.row.wrote_first:
            count += _dismiss(session, agent, each, now)
    stacks.leave_to_cards(session, stack_id, now)
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
