"""Colleagues who are away: their cases are with the buddy, or nobody's, and what comes meanwhile goes there too."""

from dataclasses import dataclass
from datetime import datetime

from sqlmodel import Session

from bot.card_rows import note
from bot.desk.press import acting, conversation_of
from bot.errors import Refused
from bot.passing import outdate_drafts, pass_on
from bot.speech import say, say_to_all
from storage import agents, audit, conversations, handovers
from storage.tables import Agent, Conversation, ConversationState, WaitingOn


@dataclass(frozen=True, slots=True)
class Away:
    """What going away has led to."""

    until: datetime
    #: The buddy's name; empty: the pool.
    buddy: str
    #: So many cases have passed on.
    cases: int
    #: Cases whose drafts are marked as out of date: another name stands below them now.
    outdated: tuple[int, ...]


def go_away(
    session: Session, slack_user_id: str, until: datetime, day: str, buddy_slack_id: str, now: datetime
) -> Away:
    """Hand everything over until then, which everybody reads as `day`. Said again, it counts from now on.

    Raises Refused for strangers, and for a buddy who is none or is away too.
    """
    agent = acting(session, slack_user_id)
    buddy = _buddy(session, agent, buddy_slack_id)
    agent.away_until, agent.buddy_id = until, buddy.id if buddy else None
    session.add(agent)
    session.flush()
    assert agent.id is not None
    told = say_to_all("{name} is away until {day}.", name=agent.name, day=day)
    # All held before the first is written, in the order of their ids: nobody waits for us in a ring.
    cases = [conversation_of(session, each) for each in handovers.open_of(session, agent.id)]
    handed = [_hand_on(session, agent, buddy, each, now) for each in cases]
    passed = [each for each in handed if each is not None]
    for each in handovers.with_promises(session, agent.id):
        handovers.give_promises(session, each, buddy.id if buddy else None)
    _tell(session, passed, buddy, told, now)
    audit.record(session, "went_away", now, agent_id=agent.id, subject_id=agent.buddy_id, cases=len(passed))
    return Away(until, buddy.name if buddy else "", len(passed), outdate_drafts(session, passed, now))


def come_back(session: Session, slack_user_id: str, now: datetime) -> bool:
    """Be here again: what others have taken stays with them. False where one was not away."""
    agent = acting(session, slack_user_id)
    if not handovers.is_away(agent):
        return False
    handovers.return_of(session, agent)
    audit.record(session, "came_back", now, agent_id=agent.id)
    return True


def absence_of(session: Session, slack_user_id: str) -> tuple[datetime, str] | None:
    """Until when one is away, and who stands in; None where one is here. Raises Refused for strangers."""
    agent = acting(session, slack_user_id)
    if agent.away_until is None:
        return None
    buddy = session.get(Agent, agent.buddy_id) if agent.buddy_id else None
    return agent.away_until, buddy.name if buddy else ""


def _buddy(session: Session, agent: Agent, slack_user_id: str) -> Agent | None:
    if not slack_user_id:
        return None
    buddy = agents.by_slack_id(session, slack_user_id)
    if buddy is None:
        raise Refused(say("Name a colleague who is in the triage channel."))
    if buddy.id == agent.id:
        raise Refused(say("Name somebody else: you are the one who is away."))
    if handovers.is_away(buddy):
        raise Refused(say("{name} is away too. Name somebody who is here.", name=buddy.name))
    return buddy


def _hand_on(
    session: Session, agent: Agent, buddy: Agent | None, conversation: Conversation, now: datetime
) -> Conversation | None:
    if conversation.agent_id != agent.id or conversation.state is ConversationState.RESOLVED:
        return None  # somebody was quicker
    # What is set goes in the name that the customer knows; the answer to it goes to the buddy.
    pass_on(session, conversation, buddy, now, follow_up=False)
    audit.record(
        session,
        "case_passed_on",
        now,
        conversation_id=conversation.id,
        agent_id=agent.id,
        subject_id=buddy.id if buddy else None,
    )
    return conversation


def _tell(
    session: Session, passed: list[Conversation], buddy: Agent | None, told: str, now: datetime
) -> None:
    """Below every card; the buddy is called once, below the one that has waited longest."""
    waiting = [each for each in passed if each.waiting_on is WaitingOn.US] or passed
    first = min(waiting, key=lambda each: each.last_customer_message_at, default=None)
    for each in passed:
        if conversations.latest_suggestion(session, each.id or 0) is None:
            continue
        called = buddy if each is first else None
        text = " ".join((told, _with_whom(buddy), *_stands_in(called, len(passed))))
        key = f"away:{each.id}:{each.version}"
        note(session, key, each.id or 0, text, now, mention=called.slack_user_id if called else "")


def _with_whom(buddy: Agent | None) -> str:
    if buddy is None:
        return say_to_all("This case is nobody's now: take it.")
    return say_to_all("{name} has this case now.", name=buddy.name)


def _stands_in(called: Agent | None, cases: int) -> tuple[str, ...]:
    if called is None:
        return ()
    if cases == 1:
        return (say_to_all("You stand in."),)
    return (say_to_all("You stand in: {number} open cases are with you.", number=cases),)
