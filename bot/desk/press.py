"""Who pressed what, and whether they may."""

from dataclasses import dataclass

from sqlmodel import Session

from bot.errors import Refused
from bot.house import House
from bot.parts import Places
from storage import agents, conversations
from storage.tables import Agent, CardState, Conversation, Suggestion

STAFF_ONLY = "This button is for support staff."


@dataclass(frozen=True, slots=True)
class Desk:
    """What the desk works with beside the database."""

    house: House
    places: Places


@dataclass(frozen=True, slots=True)
class Press:
    """A press of a button on a card: by whom, on which conversation, seeing which version of its card."""

    slack_user_id: str
    conversation_id: int
    version: int


def acting(session: Session, slack_user_id: str) -> Agent:
    """The colleague who pressed. Raises Refused for everybody else."""
    agent = agents.by_slack_id(session, slack_user_id)
    if agent is None:
        raise Refused(STAFF_ONLY)
    return agent


def conversation_of(session: Session, conversation_id: int) -> Conversation:
    """The conversation of a card, held until the transaction ends. Raises Refused when it is gone."""
    # KEY SHARE: others may still write rows that point at it.
    conversation = session.get(Conversation, conversation_id, with_for_update={"key_share": True})
    if conversation is None:
        raise Refused("This conversation is not here any more.")
    return conversation


def take_up(session: Session, conversation: Conversation, agent: Agent) -> None:
    """Whoever acts on a free conversation has it; the customer keeps the same person after that (R1-15)."""
    if conversation.agent_id is None:
        conversation.agent_id = agent.id
    conversation.version += 1
    session.add(conversation)


def check_newest(session: Session, press: Press) -> None:
    """Raises Refused when the customer wrote, or the draft changed, since this window or button was shown."""
    latest = conversations.latest_suggestion(session, press.conversation_id)
    if latest is not None and latest.version != press.version:
        raise Refused(why_settled(session, latest, press.version))


def why_settled(session: Session, suggestion: Suggestion | None, version: int) -> str:
    """The sentence for somebody whose press came too late."""
    if suggestion is None:
        return "This card has no draft any more."
    if suggestion.version > version:
        return "The customer wrote again, or the draft was made anew. Please read the new one."
    case = session.get(Conversation, suggestion.conversation_id)
    if case is not None and case.answered_with_id is not None:
        return f"This case was answered together with case {case.answered_with_id}."
    who = session.get(Agent, suggestion.decided_by) if suggestion.decided_by else None
    name = who.name if who else "Somebody"
    done = {
        CardState.SENDING: "is sending this reply",
        CardState.SENT: "sent this reply",
        CardState.FAILED: "tried to send this reply, and it did not go out",
        CardState.DISMISSED: "dismissed this draft",
    }
    return f"{name} {done[suggestion.state]}." if suggestion.state in done else "This draft was withdrawn."
