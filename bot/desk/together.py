"""One reply for several open cases of a person, and the way back to a card for each."""

from collections.abc import Collection
from datetime import datetime

from sqlmodel import Session

from bot import together
from bot.card_rows import refresh_card
from bot.desk.press import Press, acting, check_newest, conversation_of, take_up
from bot.errors import Refused
from bot.speech import say, say_to_all
from storage import audit, conversations, follow_ups, outdated
from storage import together as cases
from storage.conversations import ANSWERED_WITH
from storage.tables import (
    Agent,
    CardState,
    Conversation,
    ConversationState,
    Direction,
    Message,
    Suggestion,
    WaitingOn,
)


class OutOfDate(Refused):
    """The draft is not true any more: whoever shows this has it made anew."""


def held(session: Session, conversation_id: int, others: Collection[int]) -> Conversation:
    """The case, held with those that are closed with it. Always in the order of their ids: nobody waits in a ring."""
    found = {each: conversation_of(session, each) for each in sorted({conversation_id, *others})}
    return found[conversation_id]


def check_leads(session: Session, conversation: Conversation) -> None:
    """Raises Refused where another case's card speaks for this one."""
    lead = together.lead_of(session, conversation)
    if lead is None:
        return
    if conversation.answered_with_id is not None:
        raise Refused(
            say(
                "This case was answered together with case {case}. Press Take It Apart to go on here.",
                case=lead.id,
            )
        )
    raise Refused(
        say(
            "This customer's newest message is in case {case}: one reply there answers both. "
            "Answer on that card, or press Take It Apart here.",
            case=lead.id,
        )
    )


def to_close(
    session: Session, conversation: Conversation, suggestion: Suggestion, chosen: Collection[int] | None
) -> list[Conversation]:
    """The cases that this reply closes too: those that were ticked, or without a window those the draft speaks for.

    Raises Refused where one of them does not wait any more, and OutOfDate where the draft still speaks for it.
    """
    waiting = {each.id or 0: each for each in together.others(session, conversation)}
    if chosen is None:
        gone = together.no_longer(session, conversation, suggestion)
        if gone:
            raise OutOfDate(
                say(
                    "The draft also speaks of case {case}, which is not answered with it any more. "
                    "It is made anew: please read it again.",
                    case=gone[0],
                )
            )
        chosen = [each for each in waiting if each in suggestion.speaks_for]
    missing = [each for each in sorted(set(chosen)) if each not in waiting]
    if missing:
        raise Refused(
            say(
                "Case {case} does not wait any more: somebody answered it, or the customer wrote there. "
                "Take it out, and send again.",
                case=missing[0],
            )
        )
    return [waiting[each] for each in sorted(set(chosen))]


def close_with(
    session: Session,
    lead: Conversation,
    suggestion: Suggestion,
    case: Conversation,
    agent: Agent,
    now: datetime,
) -> None:
    """One more case that this reply answers. Its draft is withdrawn, and its old buttons are refused."""
    assert case.id is not None and lead.id is not None and agent.id is not None
    latest = conversations.latest_suggestion(session, case.id)
    settled = latest is not None and conversations.settle_card(
        session, case.id, latest.version, CardState.WITHDRAWN, agent.id, now
    )
    if not settled:
        raise Refused(
            say("Case {case} was answered in this very moment. Take it out, and send again.", case=case.id)
        )
    session.add(_stands_for_the_letter(lead, case, agent, now))
    case.answered_with_id = lead.id
    case.waiting_on = WaitingOn.CUSTOMER
    case.first_answer_at = case.first_answer_at or now
    case.bala = lead.bala
    take_up(session, case, agent)
    _only_one_follow_up(session, case, lead, now)
    audit.record(
        session,
        "answered_together",
        now,
        conversation_id=case.id,
        agent_id=agent.id,
        subject_id=suggestion.id,
        answered_in=lead.id,
    )
    session.flush()
    refresh_card(session, case.id, now)


def _stands_for_the_letter(lead: Conversation, case: Conversation, agent: Agent, now: datetime) -> Message:
    # Not the letter's own words: two who turn out to be two persons must not keep each other's.
    told = say_to_all("Answered in case {case}.", case=lead.id)
    return Message(
        conversation_id=case.id or 0,
        direction=Direction.OUT,
        text=told,
        reply=told,
        sender_name=agent.name,
        agent_id=agent.id,
        kind=ANSWERED_WITH,
        at=now,
    )


def _only_one_follow_up(session: Session, case: Conversation, lead: Conversation, now: datetime) -> None:
    because = say_to_all("answered together with case {case}", case=lead.id)
    cancelled = follow_ups.cancel(session, case.id or 0, because, now)
    if cancelled is not None:
        audit.record(session, "follow_up_cancelled", now, conversation_id=case.id, subject_id=cancelled)


def resolve_with(session: Session, lead: Conversation, agent: Agent, now: datetime) -> None:
    """What the lead's reply answered is solved with it. One in which the customer has written again is not."""
    for case in cases.answered_with(session, lead):
        if case.state is ConversationState.RESOLVED or case.waiting_on is WaitingOn.US:
            continue
        case.state, case.resolved_at, case.stands_alone = ConversationState.RESOLVED, now, False
        take_up(session, case, agent)
        _only_one_follow_up(session, case, lead, now)
        audit.record(
            session,
            "case_resolved",
            now,
            conversation_id=case.id,
            agent_id=agent.id,
            follow_up=False,
            answered_in=lead.id,
        )
        refresh_card(session, case.id or 0, now)


def answered_with_ids(session: Session, conversation_id: int) -> list[int]:
    """What was answered by this case's reply: to be held with it."""
    conversation = session.get(Conversation, conversation_id)
    return [each.id or 0 for each in cases.answered_with(session, conversation)] if conversation else []


def take_apart(session: Session, press: Press, now: datetime) -> int:
    """Give the case a card of its own again, and have its draft made anew; the case it was answered with.

    The caller has that one's draft made anew. Raises Refused where it has a card of its own already.
    """
    agent = acting(session, press.slack_user_id)
    conversation = conversation_of(session, press.conversation_id)
    check_newest(session, press)
    lead = together.lead_of(session, conversation)
    if lead is None or lead.id is None:
        raise Refused(say("This case has a card of its own already."))
    answered = conversation.answered_with_id is not None
    conversation.stands_alone = True
    if answered:
        cases.wait_again(session, conversation, now)
    outdated.mark(session, conversation, now)
    take_up(session, conversation, agent)
    audit.record(
        session,
        "taken_apart",
        now,
        conversation_id=press.conversation_id,
        agent_id=agent.id,
        subject_id=lead.id,
        answered=answered,
    )
    session.flush()
    refresh_card(session, press.conversation_id, now)
    refresh_card(session, lead.id, now)
    return lead.id
